"""A new study from what was dropped, or the example; other files in place of a study's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from avidity.study import toml_of
from avidity.web.bench import Bench
from avidity.web.folders import files_in, keep_snapshot, snapshot_folder
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import Session
from avidity.web.store.studies import KeptStudy, add_snapshot, add_study, new_id
from avidity.web.uploads import Dropped, study_files, with_new_files

EXAMPLE = "bellakhdar-2024"
OF_THE_EXAMPLE = (".toml", ".csv", ".md")


def make_study(bench: Bench, who: Session, dropped: Sequence[Dropped], title: str) -> str:
    """A study from files; its id. Raises WorkbenchError when they are none of a study."""
    files = study_files(dropped, title)
    return _add(bench, who, title or titled(files), files, "study made")


def make_example(bench: Bench, who: Session, folder: Path) -> str:
    """The example in a folder as a study of one's own; its id."""
    found = files_in(folder).items()
    files = {name: content for name, content in found if name.endswith(OF_THE_EXAMPLE)}
    return _add(bench, who, titled(files), files, "example opened")


def replace_files(bench: Bench, study: KeptStudy, actor: str, dropped: Sequence[Dropped]) -> None:
    """Corrected files in place of the old; what was set elsewhere stays. Raises WorkbenchError."""
    old = files_in(snapshot_folder(bench.data, study.id, study.snapshot))
    files = with_new_files(old, dropped)
    sha256 = keep_snapshot(bench.data, study.id, files)
    with bench.store.writing(actor) as connection:
        add_snapshot(connection, study.id, sha256, len(files), sum(map(len, files.values())))
        note_action(connection, actor, "files replaced", study.id, sha256)


def _add(bench: Bench, who: Session, title: str, files: dict[str, bytes], action: str) -> str:
    study, size = new_id(), sum(map(len, files.values()))
    sha256 = keep_snapshot(bench.data, study, files)  # before the store is held: others wait for it
    with bench.store.writing(who.account) as connection:
        add_study(connection, who.account, title, study)
        add_snapshot(connection, study, sha256, len(files), size)
        note_action(connection, who.account, action, study, sha256)
    return study


def titled(files: dict[str, bytes]) -> str:
    """The title in the study file, as far as it can be read."""
    try:
        content = toml_of(files["study.toml"].decode("utf-8-sig"))
        return str(content["study"]["title"])[:300]
    except (KeyError, TypeError, ValueError):
        return "—"


def example_folder() -> Path | None:
    """Where the example is: in the package, or beside the source."""
    here = Path(__file__).resolve().parent
    for folder in (here / "example", here.parents[2] / "examples" / EXAMPLE):
        if (folder / "study.toml").is_file():
            return folder
    return None
