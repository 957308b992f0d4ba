"""Which risk models a person may ask: the library's, those of their runs, their own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from avidity.errors import AvidityError, RiskModelError
from avidity.papers import library
from avidity.riskmodel.file import from_json, read_model, to_json
from avidity.riskmodel.model import RiskModel
from avidity.said import say, term
from avidity.web.bench import Bench
from avidity.web.folders import run_folder
from avidity.web.store.actions import note_action
from avidity.web.store.drafts import add_draft, drafts_of, find_draft, remove_draft
from avidity.web.store.runs import files_of, find_run, runs_of
from avidity.web.store.sessions import Session
from avidity.web.store.studies import find_study, studies_of

Home = Literal["library", "study", "own"]
RUN_FILES = {"declared": "risk-model.json", "usual": "risk-model-usual.json"}
FIRST = "library.bellakhdar-2024"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that may be chosen.

    id     "library.NAME", "run.ID.TRACK" or "own.ID"; names no patient
    about  the study it was fitted in, or ""
    asked  of a run that is not the study's latest: when it was asked for
    """

    id: str
    home: Home
    title: str
    computes: bool
    about: str = ""
    asked: str = ""


def choices(bench: Bench, who: Session, also: Sequence[str] = ()) -> tuple[ModelChoice, ...]:
    """Every model this person may ask: of the library those that compute first.

    also  ids that were asked for; those of earlier runs are listed too
    """
    known = [library.find(name) for name in library.names()]
    known.sort(key=lambda one: not one.computes)
    shipped = [
        ModelChoice(f"library.{one.name}", "library", _titled(one), one.computes) for one in known
    ]
    latest = _of_studies(bench, who)
    known_ids = {one.id for one in latest}
    earlier = [_of_earlier(bench, who, key) for key in also if key not in known_ids]
    return (*shipped, *latest, *(one for one in earlier if one), *_own(bench, who))


def _titled(model: RiskModel) -> str:
    return say("{title} ({name})", title=term(model.title), name=model.name)


def _of_studies(bench: Bench, who: Session) -> list[ModelChoice]:
    """The models of each study's latest finished run."""
    found = []
    with bench.store.reading() as connection:
        for study in studies_of(connection, who.account):
            done = next((run for run in runs_of(connection, study.id) if run.state == "done"), None)
            names = {file.name for file in files_of(connection, done.id)} if done else set()
            for track, file in RUN_FILES.items():
                if done and file in names:
                    key = f"run.{done.id}.{track}"
                    found.append(ModelChoice(key, "study", track, True, study.title))
    return found


def _of_earlier(bench: Bench, who: Session, key: str) -> ModelChoice | None:
    """The model of a run that is not its study's latest."""
    home, _, name = key.partition(".")
    if home != "run" or seek_model(bench, who, key) is None:
        return None
    run_id, _, track = name.partition(".")
    with bench.store.reading() as connection:
        run = find_run(connection, run_id)
        study = find_study(connection, run.study) if run else None
    if run is None or study is None:
        return None
    return ModelChoice(key, "study", track, True, study.title, run.asked)


def _own(bench: Bench, who: Session) -> list[ModelChoice]:
    with bench.store.reading() as connection:
        drafts = drafts_of(connection, who.account, "model")
    found = []
    for draft in drafts:
        model = from_json(draft.content.encode(), "the model")
        found.append(ModelChoice(f"own.{draft.id}", "own", term(draft.title), model.computes))
    return found


def find_model(bench: Bench, who: Session, key: str) -> RiskModel:
    """The model of an id, as far as this person may see it.

    raises  RiskModelError when there is none of that id for them, or it cannot be read
    """
    found = seek_model(bench, who, key)
    if found is None:
        raise RiskModelError("there must be a model of that name; it is not there any more")
    return found


def seek_model(bench: Bench, who: Session, key: str) -> RiskModel | None:
    """The model of an id, or None where there is none for this person.

    raises  RiskModelError when it cannot be read
    """
    home, _, name = key.partition(".")
    if home == "library" and name in library.names():
        return library.find(name)
    if home == "run":
        return _of_run(bench, who, *name.partition(".")[::2])
    if home == "own":
        with bench.store.reading() as connection:
            draft = find_draft(connection, who.account, "model", name)
        return from_json(draft.content.encode(), draft.title) if draft else None
    return None


def keep_model(bench: Bench, who: Session, model: RiskModel, title: str) -> str:
    """Keep a model's file for this person; its id among theirs."""
    with bench.store.writing(who.account) as connection:
        kept = add_draft(connection, who.account, "model", title, to_json(model).decode())
        note_action(connection, who.account, "model brought", None, model.name)
    return kept


def drop_model(bench: Bench, who: Session, draft: str) -> None:
    """Throw a person's model away. Raises RiskModelError where they have none of this id."""
    find_model(bench, who, f"own.{draft}")
    with bench.store.writing(who.account) as connection:
        remove_draft(connection, draft)
        note_action(connection, who.account, "model removed")


def _of_run(bench: Bench, who: Session, run_id: str, track: str) -> RiskModel | None:
    file = RUN_FILES.get(track)
    with bench.store.reading() as connection:
        run = find_run(connection, run_id)
        study = find_study(connection, run.study) if run else None
        known = {one.name for one in files_of(connection, run_id)} if run else set()
    if run is None or study is None or file not in known:
        return None
    if study.owner != who.account and not study.shared:
        return None
    return read_model(run_folder(bench.data, study.id, run.id) / file)


def find_models(bench: Bench, who: Session, keys: list[str]) -> tuple[dict[str, RiskModel], str]:
    """Models by id, each once; and a sentence about one that cannot be read."""
    found: dict[str, RiskModel] = {}
    trouble = ""
    for key in keys:
        try:
            found[key] = find_model(bench, who, key)
        except AvidityError as error:
            trouble = str(error)
    return found or {FIRST: library.find(FIRST.partition(".")[2])}, trouble
