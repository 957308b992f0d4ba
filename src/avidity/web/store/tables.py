"""The tables of the store, the same on SQLite and PostgreSQL.

Times are text in ISO 8601, UTC. No table holds a patient's value: records stay in the study's
folder, and the store knows them by their hash.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

METADATA = MetaData()

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),  # an argon2 hash
    Column("made", Text, nullable=False),
    Column("closed", Text),
    sqlite_strict=True,
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", Text, primary_key=True),  # of the cookie; the cookie itself is nowhere
    Column("account", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("secret", Text, nullable=False),  # what this session's form tokens are made from
    Column("made", Text, nullable=False),
    Column("ends", Text, nullable=False),
    sqlite_strict=True,
)

KEYS = Table(  # what an account's programs come in with
    "keys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("digest", Text, nullable=False),  # the key itself is nowhere
    Column("made", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("withdrawn", Text),
    sqlite_strict=True,
)

STUDIES = Table(
    "studies",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("snapshot", Text),  # the one that is worked on
    Column("shared", Integer, nullable=False, server_default="0"),  # results for all accounts
    Column("removed", Text),
    sqlite_strict=True,
)

SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("study", Text, ForeignKey("studies.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),  # of every file's name and bytes
    Column("made", Text, nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("cohort", Text),  # the cohort's own hash, once it was read
    Column("patients", Integer),
    Column("errors", Integer),
    Column("warnings", Integer),
    sqlite_strict=True,
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("study", Text, ForeignKey("studies.id"), nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("quick", Integer, nullable=False),
    Column("asked", Text, nullable=False),
    Column("ended", Text),
    Column("said", Text),  # why it stopped, in one sentence without a patient's value
    Column("sentence", Text),  # the same as said.to_json keeps it, for other languages
    sqlite_strict=True,
)

PROGRESS = Table(  # written many times a run, and not part of the trail
    "progress",
    METADATA,
    Column("run", Text, ForeignKey("runs.id"), primary_key=True),
    Column("step", Integer, nullable=False),
    Column("steps", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("resamples", Integer, nullable=False),
    Column("beat", Text, nullable=False),  # when the working process was last alive
    sqlite_strict=True,
)

FILES = Table(
    "files",
    METADATA,
    Column("run", Text, ForeignKey("runs.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_strict=True,
)

NOTES = Table(  # what a person said and the program could not know, each with its reason
    "notes",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("study", Text, ForeignKey("studies.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("withdrawn", Text),
    sqlite_strict=True,
)

DRAFTS = Table(  # what is being typed; changes with every word, and is not part of the trail
    "drafts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("window", Text, nullable=False, server_default=""),  # of a browser, that wrote last
    sqlite_strict=True,
)

ACTIONS = Table(  # who did what, append-only
    "actions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("study", Text),
    Column("detail", Text, nullable=False),
    sqlite_strict=True,
)

TRAIL = Table(  # every change of the tables below, written by triggers, append-only
    "trail",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("about", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("actor", Text),  # this and the following are set when the row is sealed
    Column("at", Text),
    Column("hash", Text),  # of this row and the hash before it
    sqlite_strict=True,
)

AUDITED = (ACCOUNTS, KEYS, STUDIES, SNAPSHOTS, RUNS, FILES, NOTES, ACTIONS)
HIDDEN = ("password", "digest")  # never copied into the trail

Index("runs_of_a_study", RUNS.c.study)
Index("notes_of_a_study", NOTES.c.study)
Index("drafts_of_an_owner", DRAFTS.c.owner, DRAFTS.c.kind)
