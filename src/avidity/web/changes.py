"""A change of a study's files by a person: a new snapshot, and a line in the log of actions."""

from __future__ import annotations

from collections.abc import Mapping

from avidity.errors import WorkbenchError
from avidity.study import study_of
from avidity.web.bench import Bench
from avidity.web.folders import files_in, keep_snapshot, snapshot_folder
from avidity.web.store.actions import note_action
from avidity.web.store.notes import Note, add_note
from avidity.web.store.studies import KeptStudy, add_snapshot, set_shared


def study_text_of(bench: Bench, study: KeptStudy) -> str:
    """The study's study.toml as it is now."""
    raw = (snapshot_folder(bench.data, study.id, study.snapshot) / "study.toml").read_bytes()
    return raw.decode("utf-8")


def keep_study_text(bench: Bench, study: KeptStudy, actor: str, text: bytes, seen: str) -> None:
    """Another study.toml in place of the study's own, checked as the command line checks it.

    seen    the snapshot the person looked at; "" where it does not matter
    raises  StudyFileError with every fault of the file; WorkbenchError where the study is another
            meanwhile
    """
    if seen and seen != study.snapshot:
        raise WorkbenchError(
            "the study was changed since you looked at it; look at it again, then send yours"
        )
    study_of(text, snapshot_folder(bench.data, study.id, study.snapshot))
    if text != study_text_of(bench, study).encode():
        change(bench, study, actor, {"study.toml": text}, "study.toml changed")


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


def share(bench: Bench, study: KeptStudy, actor: str, *, shared: bool) -> None:
    """Let every account see the study's results, or nobody else."""
    with bench.store.writing(actor) as connection:
        set_shared(connection, study.id, shared=shared)
        note_action(connection, actor, "shared" if shared else "no longer shared", study.id)
