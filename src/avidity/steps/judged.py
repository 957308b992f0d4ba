"""Every patient under every definition, with the evidence: what the physician looks through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avidity.errors import LabelError
from avidity.refractory.catalogue import DEFINITIONS
from avidity.refractory.chart import Chart
from avidity.refractory.definition import Definition, Verdict
from avidity.said import say
from avidity.steps.agreement import Agreement, judge_under_all, matrix
from avidity.steps.check import Cohort
from avidity.steps.finding import stop_on_errors
from avidity.steps.histories import can_be_asked, charts, tables_read
from avidity.steps.label import asked_definition, computed_answers, judge_all
from avidity.steps.overrides import Override, read_overrides
from avidity.steps.variables import complete_patients
from avidity.study import Study


@dataclass(frozen=True, slots=True)
class JudgedPatient:
    """One patient.

    number    the row in the table patients, as a person counts it; it names nobody
    computed  the study's own answer: of its definition, or of its column
    override  the physician's, or None
    """

    number: int
    patient_id: str
    computed: bool | None
    override: Override | None
    chart: Chart
    verdicts: Mapping[str, Verdict]

    @property
    def answer(self) -> bool | None:
        """What counts in the study."""
        return self.computed if self.override is None else self.override.answer

    @property
    def disagreed(self) -> bool:
        """Whether two definitions answer otherwise; cannot say is an answer too."""
        return len({verdict.answer for verdict in self.verdicts.values()}) > 1


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Everybody, eligible or not.

    own         the study's own definition among ``definitions``; "" for a column
    by          what the study's own answer comes from, in words
    agreement   of the definitions' own answers; None where there is none to ask
    skipped     definitions whose tables are not there, and which these are
    """

    own: str
    by: str
    definitions: Mapping[str, Definition]
    patients: tuple[JudgedPatient, ...]
    agreement: Agreement | None
    skipped: Mapping[str, str]

    def numbered(self, number: int) -> JudgedPatient | None:
        """The patient of a row."""
        return next((one for one in self.patients if one.number == number), None)


def judge_everybody(cohort: Cohort, study: Study) -> Judged:
    """Every patient under the study's own definition, under its switches, and all others.

    raises  CheckError for errors in the data; StudyFileError, LabelError when the outcome cannot
            be asked of these tables, or the overrides are not what they must be
    """
    stop_on_errors(cohort.findings)
    patients, _ = complete_patients(cohort)
    ids = patients["patient_id"].to_list()
    numbers = patients["_row"].to_list()
    verdicts, skipped = judge_under_all(cohort, study)
    definitions = {name: DEFINITIONS[name] for name in verdicts}
    own, everybody = study.outcome.definition, charts(cohort, study.records.complete)
    if own:
        asked = asked_definition(study)
        if not can_be_asked(asked, cohort):
            raise LabelError(
                say(
                    "the definition '{own}' reads the tables {names}, and this study has none of"
                    " them. Add them, or name a column with the outcome",
                    own=own,
                    names=", ".join(sorted(tables_read(asked))),
                )
            )
        verdicts = {own: judge_all(everybody, asked)} | {
            name: found for name, found in verdicts.items() if name != own
        }
        definitions = {name: definitions[name] for name in verdicts} | {own: asked}
        computed = [verdicts[own][patient].answer for patient in ids]
    else:
        computed = computed_answers(cohort, patients, study)[0]
    overrides = read_overrides(study, cohort)
    listed = tuple(
        JudgedPatient(
            number,
            patient,
            answer,
            overrides.of(patient),
            everybody[patient],
            {name: found[patient] for name, found in verdicts.items()},
        )
        for number, patient, answer in zip(numbers, ids, computed, strict=True)
    )
    answers = {name: [one[patient].answer for patient in ids] for name, one in verdicts.items()}
    agreement = matrix(answers, own or next(iter(answers)), skipped) if answers else None
    column = study.outcome.column or ""
    by = asked_definition(study).title if own else say("column '{column}'", column=column)
    return Judged(own, by, definitions, listed, agreement, skipped)
