"""How far the outcome hangs on the definition: the same patients under each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import polars as pl

from avidity.errors import LabelError
from avidity.refractory.answers import RecordRef
from avidity.refractory.catalogue import DEFINITIONS, find
from avidity.refractory.definition import Definition, Verdict
from avidity.said import say
from avidity.stats.agreement import agreement, cross_counts
from avidity.steps.check import Cohort, check
from avidity.steps.finding import stop_on_errors
from avidity.steps.histories import RECORDS, can_be_asked, charts, tables_read
from avidity.steps.label import STATUS, Labelled, asked_definition, judge_all
from avidity.steps.log import log_checked
from avidity.steps.overrides import Override, read_overrides
from avidity.steps.read import read
from avidity.study import Study, read_study

Answers = Sequence[bool | None]


Judgements = tuple[dict[str, dict[str, Verdict]], dict[str, str]]  # and who lacks which table


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """One definition's answers.

    moved  patients it answers otherwise than the reference does; cannot say is an answer too
    kappa  Cohen's, with the reference, over the patients both decide; None where undefined
    """

    yes: int
    no: int
    cannot_say: int
    moved: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Every definition these records allow, over the same patients.

    alike    [i][j] patients both decide and answer alike
    decided  [i][j] patients both decide
    kappa    [i][j] Cohen's kappa over those; None where it is not defined
    crossed  [i][j] 3 × 3 counts: yes, no, cannot say of i by those of j
    skipped  definitions whose tables are not there, and which
    movers   patients for whom at least one definition answers otherwise than the reference
    """

    reference: str
    patients: int
    answers: Mapping[str, AnswerCount]
    alike: tuple[tuple[int, ...], ...]
    decided: tuple[tuple[int, ...], ...]
    kappa: tuple[tuple[float | None, ...], ...]
    crossed: Mapping[str, Mapping[str, tuple[tuple[int, ...], ...]]]
    skipped: Mapping[str, str]
    movers: int


def compare_definitions(cohort: Cohort, labelled: Labelled, judged: Judgements) -> Agreement | None:
    """The eligible patients under every definition; None when there are no records to judge.

    judged  everybody under every definition, as `judge_under_all` gives it
    """
    if not set(RECORDS) & set(cohort.tables):
        return None
    eligible = labelled.everyone.filter(pl.col(STATUS) < 0)["patient_id"].to_list()
    verdicts, skipped = judged
    reference = labelled.study.outcome.definition
    if reference:
        verdicts = {reference: dict(labelled.verdicts), **verdicts}
        verdicts[reference] = dict(labelled.verdicts)  # with the study's own switches
    if not verdicts:
        return None
    answers = {
        name: [found[patient].answer for patient in eligible] for name, found in verdicts.items()
    }
    return matrix(answers, reference or next(iter(answers)), skipped)


def judge_under_all(cohort: Cohort, study: Study) -> Judgements:
    """Verdicts by definition and patient, and the definitions that lack a table."""
    everybody = charts(cohort, study.records.complete)
    found, skipped = {}, {}
    for name, definition in DEFINITIONS.items():
        if can_be_asked(definition, cohort):
            found[name] = judge_all(everybody, definition)
        else:
            skipped[name] = ", ".join(sorted(tables_read(definition)))
    return found, skipped


def matrix(answers: Mapping[str, Answers], reference: str, skipped: Mapping[str, str]) -> Agreement:
    """Counts, kappa and movers from each definition's answers over the same patients."""
    names = list(answers)
    pairs = [[_pair(answers[one], answers[two]) for two in names] for one in names]
    own = names.index(reference)
    moved = [
        [mine != theirs for mine, theirs in zip(answers[reference], answers[name], strict=True)]
        for name in names
    ]
    counts = {
        name: AnswerCount(
            list(answers[name]).count(True),
            list(answers[name]).count(False),
            list(answers[name]).count(None),
            sum(moved[at]),
            pairs[own][at][2],
        )
        for at, name in enumerate(names)
    }
    return Agreement(
        reference=reference,
        patients=len(answers[reference]),
        answers=counts,
        alike=tuple(tuple(pair[0] for pair in row) for row in pairs),
        decided=tuple(tuple(pair[1] for pair in row) for row in pairs),
        kappa=tuple(tuple(pair[2] for pair in row) for row in pairs),
        crossed={
            one: {two: pairs[i][j][3] for j, two in enumerate(names)} for i, one in enumerate(names)
        },
        skipped=dict(skipped),
        movers=sum(any(row) for row in zip(*moved, strict=True)),
    )


def _pair(one: Answers, two: Answers) -> tuple[int, int, float | None, tuple[tuple[int, ...], ...]]:
    crossed = cross_counts(one, two)
    both = crossed[:2, :2]
    alike, decided = int(both.trace()), int(both.sum())
    kappa = agreement(both).kappa.estimate if decided else float("nan")
    cells = tuple(tuple(row) for row in crossed.tolist())
    return alike, decided, None if isnan(kappa) else kappa, cells


@dataclass(frozen=True, slots=True)
class PatientLabel:
    """One patient under one definition, with the evidence.

    answer         what counts: the physician's where there is one, else the definition's
    by_definition  the definition's own; the criteria, records and missing items are its evidence
    override       the physician's answer, or None
    """

    patient_id: str
    definition: str
    answer: bool | None
    by_definition: bool | None
    criteria_met: tuple[str, ...]
    date: str
    records: tuple[str, ...]
    missing: tuple[str, ...]
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """Every patient under the definitions asked for, and how far these agree.

    agreement  of the definitions' own answers, overrides left aside
    """

    cohort_sha256: str
    labels: tuple[PatientLabel, ...]
    agreement: Agreement


def label_all(folder: Path, wish: str, progress: Callable[[str], None] = lambda _: None) -> Labels:
    """What ``avidity label`` answers: a definition's name, 'all', or nothing for study.toml's own.

    Every patient in the records is judged, eligible or not.

    progress  called with the words of each step as it begins

    raises  StudyFileError, ReadError, CheckError, LabelError as the steps do
    """
    study = read_study(folder)
    progress("reading the tables")
    raw = read(study)
    progress("checking every cell")
    cohort = check(raw, study)
    log_checked(cohort)
    progress("judging every patient")
    return label_cohort(cohort, study, wish)


def label_cohort(cohort: Cohort, study: Study, wish: str) -> Labels:
    """The same for records that are read and checked already."""
    stop_on_errors(cohort.findings)
    name = wish or study.outcome.definition
    if not name:
        raise LabelError(
            "this study takes its outcome from a column; name a definition with --definition"
        )
    if name == "all":
        verdicts, skipped = judge_under_all(cohort, study)
        if not verdicts:
            raise LabelError(f"no definition can be asked: {_lacking(skipped)}")
    else:
        definition = _asked(name, study)
        if not can_be_asked(definition, cohort):
            raise LabelError(
                f"the definition '{name}' reads the tables"
                f" {', '.join(sorted(tables_read(definition)))}, and this study has none of them"
            )
        everybody = charts(cohort, study.records.complete)
        verdicts, skipped = {name: judge_all(everybody, definition)}, {}
    overrides = read_overrides(study, cohort)
    own = study.outcome.definition
    reference = own if own in verdicts else next(iter(verdicts))
    answers = {name: [one.answer for one in found.values()] for name, found in verdicts.items()}
    labels = tuple(
        _patient(patient, name, verdicts[name][patient], overrides.of(patient))
        for patient in verdicts[reference]
        for name in verdicts
    )
    return Labels(cohort.sha256, labels, matrix(answers, reference, skipped))


def _asked(name: str, study: Study) -> Definition:
    return asked_definition(study) if name == study.outcome.definition else find(name)


def _lacking(skipped: Mapping[str, str]) -> str:
    return "; ".join(f"{name} lacks {tables}" for name, tables in skipped.items())


def _patient(patient: str, name: str, verdict: Verdict, given: Override | None) -> PatientLabel:
    return PatientLabel(
        patient,
        name,
        verdict.answer if given is None else given.answer,
        verdict.answer,
        verdict.criteria_met,
        verdict.date.isoformat() if verdict.date else "",
        tuple(told(ref) for ref in verdict.records),
        verdict.missing,
        given,
    )


def told(ref: RecordRef) -> str:
    """``lesions row 32: lesion L2``; a declaration has no row of its own."""
    if ref.row is None:
        return say("{table}: {what}", table=ref.table, what=ref.what)
    return say("{table} row {row}: {what}", table=ref.table, row=ref.row, what=ref.what)
