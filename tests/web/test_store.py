"""The store keeps, tells every change and lets none be altered: on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from avidity.errors import WorkbenchError
from avidity.web.store.actions import actions_of, note_action
from avidity.web.store.migrate import HERE, latest
from avidity.web.store.open import address_of, open_store
from avidity.web.store.runs import (
    add_run,
    alive_runs,
    files_of,
    find_run,
    note_progress,
    runs_of,
    set_files,
    set_state,
)
from avidity.web.store.sessions import begin_session, end_session, find_session
from avidity.web.store.studies import (
    add_snapshot,
    add_study,
    count_snapshot,
    find_snapshot,
    find_study,
    remove_study,
    set_shared,
    studies_of,
)
from avidity.web.store.tables import METADATA
from avidity.web.store.trail import OUTSIDE, verify


@pytest.fixture
def store(address):
    opened = open_store(address)
    yield opened
    opened.close()


def a_study(store, owner="ann"):
    with store.writing(owner) as connection:
        study = add_study(connection, owner, "Title")
        add_snapshot(connection, study, "a" * 64, 3, 100)
    return study


def trail_of(store):
    with store.reading() as connection:
        return connection.execute(text("SELECT * FROM trail ORDER BY id")).mappings().all()


def test_the_migrations_make_the_tables_of_this_version(store):
    with store.engine.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), METADATA)


def test_what_was_saved_is_there_after_opening_again(store, address):
    study = a_study(store)
    store.close()
    again = open_store(address)
    with again.reading() as connection:
        found = find_study(connection, study)
        kept = find_snapshot(connection, study, "a" * 64)
    again.close()

    assert ("ann", "Title", "a" * 64) == (found.owner, found.title, found.snapshot)
    assert (3, 100, None) == (kept.files, kept.bytes, kept.cohort)


def test_a_person_sees_their_own_and_the_shared_studies(store):
    mine, other = a_study(store, "ann"), a_study(store, "bob")

    def seen():
        with store.reading() as connection:
            return {one.id for one in studies_of(connection, "ann")}

    assert {mine} == seen()
    with store.writing("bob") as connection:
        set_shared(connection, other, shared=True)
    assert {mine, other} == seen()
    with store.writing("bob") as connection:
        remove_study(connection, other)
    assert {mine} == seen()


def test_every_change_is_in_the_trail_with_its_author(store):
    study = a_study(store)
    with store.writing("ann") as connection:
        counts = {"cohort": "c", "patients": 5, "errors": 1, "warnings": 0}
        count_snapshot(connection, study, "a" * 64, counts)
    rows = trail_of(store)

    assert [("studies", "insert"), ("snapshots", "insert"), ("studies", "update")] == [
        (row["about"], row["change"]) for row in rows[:3]
    ]
    assert {"ann"} == {row["actor"] for row in rows}
    assert 5 == json.loads(rows[-1]["new"])["patients"]
    assert json.loads(rows[-1]["old"])["patients"] is None


def test_a_change_by_raw_sql_is_recorded_as_from_outside(store):
    study = a_study(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE studies SET title = 'Forged'"))
    with store.writing("ann") as connection:
        note_action(connection, "ann", "looked", study)
    forged = [row for row in trail_of(store) if row["actor"] == OUTSIDE]

    assert ["Forged"] == [json.loads(row["new"])["title"] for row in forged]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET actor = 'nobody'",
        "DELETE FROM trail",
        "UPDATE actions SET action = 'nothing'",
        "DELETE FROM actions",
    ],
)
def test_trail_and_actions_cannot_be_altered(store, statement):
    study = a_study(store)
    with store.writing("ann") as connection:
        note_action(connection, "ann", "looked", study)

    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))
    with store.reading() as connection:
        assert ["looked"] == [one.action for one in actions_of(connection, study)]


def test_a_chain_that_was_tampered_with_is_found(store):
    a_study(store)
    with store.reading() as connection:
        assert verify(connection).broken is None
    with store.engine.begin() as connection:  # somebody who may do everything
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER keep_trail_update"))
        else:
            connection.execute(text("DROP TRIGGER keep_sealed ON trail"))
        connection.execute(text("UPDATE trail SET new = '{}' WHERE id = 2"))
    with store.reading() as connection:
        assert 2 == verify(connection).broken


def test_a_change_that_fails_leaves_nothing(store):
    before = len(trail_of(store))

    def half():
        with store.writing("ann") as connection:
            add_study(connection, "ann", "Half")
            add_run(connection, "no study of ours", "a" * 64, quick=True)

    with pytest.raises(IntegrityError):
        half()
    with store.reading() as connection:
        assert () == studies_of(connection, "ann")
    assert before == len(trail_of(store))


def test_a_run_ends_once(store):
    study = a_study(store)
    with store.writing("ann") as connection:
        run = add_run(connection, study, "a" * 64, quick=True)
        assert set_state(connection, run, "done")
        assert not set_state(connection, run, "interrupted")
        set_files(connection, run, {"report.html": (12, "b" * 64)})
    with store.reading() as connection:
        assert "done" == find_run(connection, run).state
        assert () == alive_runs(connection)
        assert ["report.html"] == [file.name for file in files_of(connection, run)]


def test_progress_leaves_no_trail_and_silence_is_noticed(store):
    study = a_study(store)
    with store.writing("ann") as connection:
        run = add_run(connection, study, "a" * 64, quick=False)
    before = len(trail_of(store))
    with store.noting() as connection:
        note_progress(connection, run, step=3, steps=12, words="describing the groups")
    with store.reading() as connection:
        found = runs_of(connection, study)[0]

    assert before == len(trail_of(store))
    assert (3, 12, False) == (found.step, found.steps, found.silent)
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)).isoformat()
    with store.noting() as connection:
        connection.execute(text("UPDATE progress SET beat = :beat"), {"beat": long_ago})
    with store.reading() as connection:
        assert find_run(connection, run).silent


def test_the_cookie_itself_is_nowhere_in_the_store(store):
    with store.noting() as connection:
        cookie = begin_session(connection, "ann", "analyst")
    with store.reading() as connection:
        assert "ann" == find_session(connection, cookie).account
        kept = connection.execute(text("SELECT * FROM sessions")).one()
        assert find_session(connection, cookie + "x") is None
    with store.noting() as connection:
        end_session(connection, cookie)
    with store.reading() as connection:
        assert find_session(connection, cookie) is None
    assert cookie not in str(kept)


def test_no_password_reaches_the_trail(store):
    with store.writing("ann") as connection:
        connection.execute(
            text(
                "INSERT INTO accounts (name, role, password, made)"
                " VALUES ('eve', 'reader', '$argon2id$secret', 'now')"
            )
        )

    assert not any("argon2" in str(dict(row)) for row in trail_of(store))


def test_a_store_of_a_later_version_is_refused(store, address):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(WorkbenchError, match="later version"):
        open_store(address)


def test_the_last_migration_is_known_by_its_file_and_marks_a_store_of_today(store):
    heads = ScriptDirectory(str(HERE)).get_heads()
    with store.reading() as connection:
        seen = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()

    assert [latest()] == heads == list(seen)


def test_sqlite_is_strict_and_writes_ahead(tmp_path):
    store = open_store(address_of(tmp_path))
    with store.reading() as connection:
        assert "wal" == connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        assert 1 == connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
        strict = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE strict = 1"
        ).scalars()
        assert set(METADATA.tables) <= set(strict)
    store.close()


@pytest.mark.parametrize(
    "address", ["nonsense", "oracle://x/y", "postgresql://u:secret@127.0.0.1:1/x"]
)
def test_a_store_that_cannot_be_opened_is_one_sentence_without_a_password(address):
    with pytest.raises(WorkbenchError) as told:
        open_store(address)

    assert "secret" not in str(told.value)


def test_no_table_has_a_place_for_a_patients_value(store):
    names = {
        column["name"]
        for table in METADATA.tables
        for column in inspect(store.engine).get_columns(table)
    }

    assert set() == names & {"patient_id", "value", "found", "cell"}
