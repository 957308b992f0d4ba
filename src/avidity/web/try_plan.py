"""A plan tried on the study's patients, and kept: what the page shows and a program is told."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.errors import AvidityError, CheckError, StudyFileError, WorkbenchError
from avidity.said import say, sentence
from avidity.steps.check import Cohort, check
from avidity.steps.finding import stop_on_errors
from avidity.steps.read import Raw, read
from avidity.steps.rehearse import Rehearsal, predictors, rehearse
from avidity.study import Study, study_of
from avidity.web.bench import Bench
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import look
from avidity.web.folders import snapshot_folder
from avidity.web.pages.plan import PlanPage, no_plan, plan_page, typed_by_hand
from avidity.web.plans import Plan, plan_of, planned
from avidity.web.rehearsals import rehearsed
from avidity.web.store.studies import KeptStudy
from avidity.web.study_text import faults_of

STALE = say(
    "the study was changed since this page was opened; what you chose is still below. Look through"
    " it and keep it again"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What comes of a plan, and why it cannot be kept; None where it can."""

    page: PlanPage
    refused: AvidityError | None


def try_plan(bench: Bench, study: KeptStudy, wanted: Plan | None, seen: str | None = None) -> Tried:
    """Label, describe, cut and fit once under the plan; nothing is kept.

    wanted  None for the plan as study.toml has it
    seen    the snapshot the person looked at; None where it does not matter
    """
    looked, kept = look(bench, study), _kept_text(bench, study)
    if looked.study is None or looked.cohort is None or looked.raw is None:
        why = looked.error or WorkbenchError("the files of this study cannot be read")
        return Tried(no_plan(wanted or Plan(), looked.trouble, 0, kept, study.snapshot), why)
    try:
        stop_on_errors(looked.cohort.findings)
    except AvidityError as error:
        n = looked.cohort.n_errors
        page = no_plan(wanted or Plan(), looked.trouble, n, kept, study.snapshot)
        return Tried(page, error)
    return _tried(looked.raw, looked.cohort, looked.study, study, kept, wanted, seen)


def _kept_text(bench: Bench, study: KeptStudy) -> str:
    try:
        return study_text_of(bench, study)
    except UnicodeDecodeError:
        return ""


def _tried(  # what was read, and what is asked
    raw: Raw,
    cohort: Cohort,
    known_as: Study,
    study: KeptStudy,
    kept: str,
    wanted: Plan | None,
    seen: str | None,
) -> Tried:
    before = plan_of(known_as)
    chosen, text, known = wanted or before, kept, predictors(cohort, known_as)
    found: Rehearsal | None = None
    refused = WorkbenchError(STALE) if seen is not None and seen != study.snapshot else None
    why: AvidityError | None = refused
    try:
        text = planned(kept, before, chosen)
        asked = study_of(text.encode(), known_as.folder)
        cohort = _checked(raw, cohort, known_as, asked)
        known = predictors(cohort, asked)
        found = None if refused else rehearsed(study.snapshot, text, cohort, asked)
    except AvidityError as error:
        why = error
    shown = found or str(why)
    named = {header: name for name, header in cohort.headers["patients"].items()}
    columns = {header: named.get(header, "") for header in raw.tables["patients"].headers}
    return Tried(plan_page(chosen, known, columns, text, kept, study.snapshot, shown), why)


def _checked(raw: Raw, cohort: Cohort, before: Study, asked: Study) -> Cohort:
    """The cohort as the plan reads it: another column of the outcome is read in another way.

    raises  CheckError with the first thing that then is wrong
    """
    same = before.outcome.column == asked.outcome.column and before.columns == asked.columns
    words = (before.outcome.yes, before.outcome.no) == (asked.outcome.yes, asked.outcome.no)
    if same and words:
        return cohort
    found = check(raw, asked)
    for one in found.findings:
        if one.severity == "error":
            parts = {"problem": one.problem, "must": one.must, "do": one.do}
            told = {name: sentence(part) for name, part in parts.items()}
            place = f"{one.table}, '{one.column}'"
            raise CheckError(say("{place}: {problem}; {must}. {do}", place=place, **told))
    return found


def try_text(bench: Bench, study: KeptStudy, typed: str, seen: str) -> Tried:
    """study.toml as somebody typed it: read, and tried on the patients; nothing is kept.

    A text under which the study cannot be asked is refused, unless it could not be before either.
    """
    now = try_plan(bench, study, None)
    text = _as_kept(typed, now.page.kept)
    faults = faults_of(text, snapshot_folder(bench.data, study.id, study.snapshot))
    why: AvidityError | None = StudyFileError(faults[0].sentence) if faults else None
    if seen != study.snapshot:
        why = why or WorkbenchError(STALE)
    try:
        if why is None:
            _asked(bench, study, text)
    except AvidityError as error:
        why = error if now.refused is None else None
    page = typed_by_hand(now.page, text, faults, str(why or ""))
    return Tried(page, why)


def _as_kept(typed: str, kept: str) -> str:
    """A text area ends its lines as no file does; here as the file did."""
    plain = typed.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in kept else plain


def _asked(bench: Bench, study: KeptStudy, text: str) -> None:
    """Read, check, label, fit once, as the text asks. Raises what stands against it."""
    folder = snapshot_folder(bench.data, study.id, study.snapshot)
    asked = study_of(text.encode(), folder)
    cohort = check(read(asked), asked)
    stop_on_errors(cohort.findings)
    rehearse(cohort, asked)


def keep_text(bench: Bench, study: KeptStudy, actor: str, tried: Tried) -> None:
    """Put a text that can be kept in the place of study.toml. Raises why it cannot."""
    if tried.refused is not None:
        raise tried.refused
    if tried.page.by_hand != tried.page.kept:
        files = {"study.toml": tried.page.by_hand.encode()}
        change(bench, study, actor, files, "study.toml changed by hand")


def keep_plan(bench: Bench, study: KeptStudy, actor: str, tried: Tried) -> None:
    """Write a plan that can be kept into study.toml. Raises why it cannot."""
    if tried.refused is not None:
        raise tried.refused
    if tried.page.changed:
        change(bench, study, actor, {"study.toml": tried.page.text.encode()}, "plan changed")
