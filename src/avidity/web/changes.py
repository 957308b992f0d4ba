"""A change of a study's files by a person: a new snapshot, and a line in the log of actions."""

from __future__ import annotations

from collections.abc import Mapping

from avidity.web.bench import Bench
from avidity.web.folders import files_in, keep_snapshot, snapshot_folder
from avidity.web.store.actions import note_action
from avidity.web.store.notes import Note, add_note
from avidity.web.store.studies import KeptStudy, add_snapshot


def study_text_of(bench: Bench, study: KeptStudy) -> str:
    """The study's study.toml as it is now."""
    raw = (snapshot_folder(bench.data, study.id, study.snapshot) / "study.toml").read_bytes()
    return raw.decode("utf-8")


def change(
    bench: Bench,
    study: KeptStudy,
    actor: str,
    files: Mapping[str, bytes],
    action: str,
    notes: tuple[Note, ...] = (),
) -> str:
    """Put these files in place of those of the same names; the new snapshot's hash.

    action  what the log says was done: names and counts, never a patient's value
    notes   what the person decided, with the reason
    """
    whole = files_in(snapshot_folder(bench.data, study.id, study.snapshot)) | dict(files)
    sha256 = keep_snapshot(bench.data, study.id, whole)
    with bench.store.writing(actor) as connection:
        add_snapshot(connection, study.id, sha256, len(whole), sum(map(len, whole.values())))
        for note in notes:
            add_note(connection, study.id, actor, note)
        note_action(connection, actor, action, study.id, sha256)
    return sha256
