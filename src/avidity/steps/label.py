"""Who is eligible, who is a case, and for whom nobody can say.

The last step that holds patients' rows. Everything after it works on `Labelled` and hands on
aggregates only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from avidity.errors import AnalysisError, LabelError, StudyFileError
from avidity.refractory.catalogue import find
from avidity.refractory.chart import Chart
from avidity.refractory.definition import Definition, Verdict
from avidity.said import say
from avidity.steps.check import Cohort
from avidity.steps.finding import Finding
from avidity.steps.flow import NO, YES, Flow, Screened, screen
from avidity.steps.histories import can_be_asked, charts, tables_read
from avidity.steps.overrides import OverrideSummary, read_overrides, summarise
from avidity.steps.variables import (
    Characteristic,
    add_variables,
    characteristics,
    complete_patients,
)
from avidity.study import Outcome, Scalar, Study

OUTCOME = "outcome:answer"
STATUS = "outcome:status"  # index of the rule that took the patient; -1 eligible


Judged = Mapping[str, Mapping[str, Verdict]]  # by definition and patient
NOBODY: Judged = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CriterionCount:
    """How one criterion answered among the eligible patients.

    decided_alone   refractory by this criterion and no other
    """

    criterion: str
    wording: str
    certainty: str
    yes: int
    no: int
    cannot_say: int
    decided_alone: int


@dataclass(frozen=True, slots=True)
class OutcomeSummary:
    """How the outcome was decided, in counts.

    reads       the fields the definition reads or is entangled with, as ``table.field``
    missing     for *cannot say*: how often each kind of item was missing
    tables_absent  tables the definition reads and the study does not have
    overrides   answers given by a physician instead; counted in ``yes``, ``no`` and
                ``cannot_say``, and not in ``criteria`` and ``missing``
    """

    by: str
    title: str
    source: str
    version: str
    digest: str
    yes: int
    no: int
    cannot_say: int
    rule_for_cannot_say: str
    criteria: tuple[CriterionCount, ...] = ()
    reads: tuple[str, ...] = ()
    missing: Mapping[str, int] | None = None
    switches: Mapping[str, object] | None = None
    not_shipped: tuple[str, ...] = ()
    tables_absent: tuple[str, ...] = ()
    overrides: OverrideSummary | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """The cohort with its outcome: the last object that holds patients' rows.

    everyone         all screened patients, with their status and answer
    patients         those in the analysis, ``OUTCOME`` true or false
    verdicts         per patient id, when the outcome was computed: as the definition answers
    """

    study: Study
    everyone: pl.DataFrame
    patients: pl.DataFrame
    characteristics: Mapping[str, Characteristic]
    flow: Flow
    outcome: OutcomeSummary
    verdicts: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    cohort_sha256: str


def label(cohort: Cohort, study: Study, judged: Judged = NOBODY) -> Labelled:
    """Screen everybody, decide the outcome of the eligible, keep those decided.

    judged  verdicts that are known already, by definition (without switches) and patient
    raises  StudyFileError, LabelError when the outcome cannot be asked of these tables, or the
            overrides are not what they must be;
            AnalysisError when nobody is left or one group is empty
    """
    patients, how = complete_patients(cohort)
    patients = add_variables(patients, study)
    known = characteristics(cohort, patients, study, how)
    screened = screen(patients, study.eligibility)
    computed, verdicts, definition = computed_answers(cohort, patients, study, judged)
    overrides = read_overrides(study, cohort)
    ids = patients["patient_id"].to_list()
    answers = overrides.applied(ids, computed)
    everyone = patients.with_columns(
        pl.Series(STATUS, screened.reason, dtype=pl.Int64),
        pl.Series(OUTCOME, answers, dtype=pl.Boolean),
    )
    eligible = everyone.filter(pl.col(STATUS) < 0)
    kept = _resolved(eligible, study.outcome)
    flow = _flow(everyone, eligible, kept, screened)
    summary = _summary(eligible, study.outcome, verdicts, definition, _ids(cohort))
    before = dict(zip(ids, computed, strict=True))
    asked = {patient: before[patient] for patient in eligible["patient_id"].to_list()}
    summary = replace(summary, overrides=summarise(overrides, asked))
    if definition:
        absent = sorted(tables_read(definition) - set(cohort.tables))
        summary = replace(summary, tables_absent=tuple(absent))
    if not flow.yes or not flow.no:
        raise AnalysisError(
            say(
                "both groups need patients; {screened} were screened, {eligible} eligible, {yes}"
                " yes, {no} no and {cannot_say} cannot be said. See 'avidity label' for what is"
                " missing",
                screened=flow.screened,
                eligible=flow.eligible,
                yes=flow.yes,
                no=flow.no,
                cannot_say=summary.cannot_say,
            )
        )
    return Labelled(
        study, everyone, kept, known, flow, summary, verdicts, cohort.findings, cohort.sha256
    )


def computed_answers(
    cohort: Cohort, patients: pl.DataFrame, study: Study, judged: Judged = NOBODY
) -> tuple[list[bool | None], Mapping[str, Verdict], Definition | None]:
    """What the records or the column answer, before anybody is heard: answers in the order of
    ``patients``, the verdicts by patient id, and the definition; no verdicts for a column.
    """
    if study.outcome.column:
        column = cohort.column_named(study.outcome.column) or study.outcome.column
        return _decided_already(patients, column, study.outcome), {}, None
    definition = asked_definition(study)
    if not can_be_asked(definition, cohort):
        raise LabelError(
            say(
                "the definition '{definition}' reads the tables {names}, and this study has none"
                " of them. Add them, or name a column that holds the outcome",
                definition=definition.name,
                names=", ".join(sorted(tables_read(definition))),
            )
        )
    known = judged.get(definition.name) if not study.outcome.switches else None
    verdicts = known or judge_all(charts(cohort, study.records.complete), definition)
    ids = patients["patient_id"].to_list()
    return [verdicts[patient].answer for patient in ids], verdicts, definition


def asked_definition(study: Study) -> Definition:
    """The definition study.toml names, under its switches."""
    definition = find(study.outcome.definition)
    switches = dict(study.outcome.switches)
    return definition.with_switches(**switches) if switches else definition


def judge_all(everybody: Mapping[str, Chart], definition: Definition) -> dict[str, Verdict]:
    """Every patient's verdict under one definition, by patient id."""
    return {patient: definition.judge_chart(chart) for patient, chart in everybody.items()}


def _decided_already(patients: pl.DataFrame, name: str, outcome: Outcome) -> list[bool | None]:
    """A column's words turned into three answers; a word that is neither yes nor no is an error."""
    if name not in patients.columns:
        raise StudyFileError(
            say(
                "study.toml, outcome: there is no column '{name}' in patients; there are: {names}",
                name=name,
                names=", ".join(c for c in patients.columns if not c.startswith("_")),
            )
        )
    yes, no = _words(outcome.yes), _words(outcome.no)
    if both := yes & no:
        raise StudyFileError(
            say("study.toml, outcome: {names} is both yes and no", names=", ".join(sorted(both)))
        )
    values = patients[name]
    if values.dtype == pl.Boolean:
        return _from_boolean(values, yes, no)
    said = [None if value is None else _word(value) for value in values.to_list()]
    if strange := sum(word is not None and word not in yes | no for word in said):
        raise LabelError(
            say(
                "the outcome column '{name}' must hold only the values named as yes or no in"
                " study.toml; {strange} of {n} cells hold something else",
                name=name,
                strange=strange,
                n=len(said),
            )
        )
    return [None if word is None else word in yes for word in said]


def _from_boolean(values: pl.Series, yes: set[str], no: set[str]) -> list[bool | None]:
    """A column that was read as yes/no: which of the two is the case is the study's to say."""
    if yes <= YES and no <= NO:
        return values.to_list()
    if yes <= NO and no <= YES:
        return (~values).to_list()
    raise StudyFileError(
        say(
            "study.toml, outcome: the column '{values}' holds yes/no; say yes = 'yes' and no ="
            " 'no', or the other way round",
            values=values.name,
        )
    )


def _word(value: object) -> str:
    number = isinstance(value, float) and value.is_integer()
    return (str(int(value)) if number else str(value)).strip().lower()  # type: ignore[call-overload]


def _words(values: tuple[Scalar, ...] | Scalar | None) -> set[str]:
    listed = values if isinstance(values, tuple) else (values,)
    return {_word(value) for value in listed if value is not None}


def _resolved(eligible: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    """What becomes of *cannot say* is the study's own written rule."""
    if outcome.cannot_say == "exclude":
        return eligible.filter(pl.col(OUTCOME).is_not_null())
    return eligible.with_columns(pl.col(OUTCOME).fill_null(outcome.cannot_say == "yes"))


def _flow(
    everyone: pl.DataFrame, eligible: pl.DataFrame, kept: pl.DataFrame, screened: Screened
) -> Flow:
    yes = int(kept[OUTCOME].sum())
    return Flow(
        screened=everyone.height,
        left=screened.left,
        eligible=eligible.height,
        undecided=eligible.height - kept.height,
        included=kept.height,
        yes=yes,
        no=kept.height - yes,
        several=screened.several,
    )


def _summary(
    eligible: pl.DataFrame,
    outcome: Outcome,
    verdicts: Mapping[str, Verdict],
    definition: Definition | None,
    ids: frozenset[str],
) -> OutcomeSummary:
    answers = eligible[OUTCOME].to_list()
    counts = (answers.count(True), answers.count(False), answers.count(None))
    if definition is None:
        return OutcomeSummary(
            f"column '{outcome.column}'",
            outcome.label,
            "decided before this study; taken as given",
            "",
            "",
            *counts,
            outcome.cannot_say,
            reads=(f"patients.{outcome.column}",),
        )
    asked = [verdicts[patient] for patient in eligible["patient_id"].to_list()]
    missing = Counter(
        item for verdict in asked if verdict.answer is None for item in set(_kinds(verdict, ids))
    )
    return OutcomeSummary(
        definition.name,
        definition.title,
        definition.source,
        definition.version,
        definition.digest,
        *counts,
        outcome.cannot_say,
        criteria=_criteria(definition, asked),
        reads=tuple(sorted(definition.reads | set(definition.entangled or ()))),
        missing=dict(sorted(missing.items(), key=lambda item: (-item[1], item[0]))),
        switches=definition.switches.as_mapping(),
        not_shipped=definition.not_shipped,
    )


def _kinds(verdict: Verdict, ids: frozenset[str]) -> list[str]:
    """What is missing without naming this patient's lesions or scans: counted over patients."""
    return [
        "".join("n" if sign.isdigit() else sign for sign in _unnamed(item, ids))
        for item in verdict.missing
    ]


def _unnamed(item: str, ids: frozenset[str]) -> str:
    """The same words with "n" for each id that follows "lesion" or "scan"."""
    words, kept = item.split(" "), list[str]()
    while words:
        longest = len(words) if kept and kept[-1] in ("lesion", "scan") else 0
        for size in range(longest, 0, -1):
            if (found := " ".join(words[:size])).rstrip(",;:.") in ids:
                kept.append("n" + found[len(found.rstrip(",;:.")) :])
                words = words[size:]
                break
        else:
            kept.append(words.pop(0))
    return " ".join(kept)


def _ids(cohort: Cohort) -> frozenset[str]:
    """Every id of a lesion or scan."""
    return frozenset(
        str(one)
        for table in cohort.tables.values()
        for column in ("lesion_id", "scan_id")
        if column in table.columns
        for one in table[column].drop_nulls().unique().to_list()
    )


def _criteria(definition: Definition, asked: list[Verdict]) -> tuple[CriterionCount, ...]:
    rows = []
    for criterion in definition.criteria:
        said = [verdict.per_criterion[criterion.code].answer for verdict in asked]
        alone = sum(verdict.criteria_met == (criterion.code,) for verdict in asked)
        rows.append(
            CriterionCount(
                criterion.code,
                criterion.wording,
                criterion.certainty,
                said.count(True),
                said.count(False),
                said.count(None),
                alone,
            )
        )
    return tuple(rows)
