"""What goes in and out as JSON where no result of the package says it already."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool

from avidity.steps.finding import Severity

Text = Annotated[str, Field(max_length=300)]


class Shape(BaseModel):
    """Frozen; what is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _example(**content: JsonValue) -> ConfigDict:
    """The settings of a shape with an example in its description."""
    return ConfigDict(json_schema_extra={"examples": [content]})


class Signed(Shape):
    """A session that has begun."""

    bearer: str
    """Send it as ``Authorization: Bearer ...``. It is shown once and ends after twelve hours."""
    account: str
    role: str


class Somebody(Shape):
    """Who asks."""

    account: str
    role: str


class KeyAsked(Shape):
    """A key to be made."""

    label: str = Field(min_length=1, max_length=100)
    """What it is for, in your words."""
    days: int = Field(default=90, ge=1, le=366)
    """Until it ends."""


class NewKey(Shape):
    """A key that was made."""

    id: str
    bearer: str
    """Send it as ``Authorization: Bearer ...``. It is shown once."""


class KnownKey(Shape):
    """A key of one's own."""

    id: str
    label: str
    made: str
    ends: str
    withdrawn: str | None
    """When it was withdrawn: by you, or by another password."""


class Study(Shape):
    """A study of one's own, or one whose results are shared."""

    id: str
    title: str
    own: bool
    """False for a study whose results somebody shared."""
    shared: bool
    made: str
    """UTC, as every time here."""
    changed: str
    snapshot: str
    """A hash of every file of the study as it is now."""
    patients: int | None
    """None until the files were read; also where they cannot be read."""
    errors: int | None
    warnings: int | None


class Table(Shape):
    """One table as it was read."""

    name: str
    file: str
    sheet: str
    rows: int
    columns: dict[str, str]
    """Each header of the file, and the field it was taken for ("" for none)."""


class StudyRead(Study):
    """A study and its tables."""

    tables: list[Table]
    ignored: list[str]
    """What stands in the folder and is no table."""
    trouble: str
    """Why the files cannot be read; "" when they can."""


class Match(Shape):
    """What a column is to be taken for."""

    table: str = Field(max_length=80)
    header: str = Field(max_length=1000)
    """As it stands in the file."""
    field: str = Field(default="", max_length=80)
    """A field of the dictionary; "" for a variable of the study's own."""
    ignore: bool = False
    """Leave the column out."""
    unit: str | None = Field(default=None, max_length=40)
    """Of the numbers in it; left out: as it is read now or suggested."""


class MatchesAsked(Shape):
    """Columns matched by hand, all or none."""

    matches: list[Match] = Field(min_length=1, max_length=4000)
    snapshot: str = Field(default="", max_length=64)
    """The one you looked at: refused where the study is another by now."""

    model_config = _example(
        matches=[{"table": "patients", "header": "Taille (cm)", "field": "diameter", "unit": "cm"}]
    )


class ColumnRead(Shape):
    """One column as it stands in the file, and what it is or may be taken for."""

    header: str
    state: str
    """known, told by study.toml, ignored, outcome, suggested, or open."""
    field: str
    """What it is read as now; "" where it is not read."""
    unit: str
    type: str
    reasons: list[str]
    """Why, in sentences."""
    offered: Match | None
    """What it may stand for; send it back as it is to say yes."""


class TableColumns(Shape):
    """The columns of one table; the fields they can be matched to, with their labels."""

    table: str
    columns: list[ColumnRead]
    fields: dict[str, str]


class ColumnsRead(Shape):
    """Every column of a study."""

    snapshot: str
    tables: list[TableColumns]
    trouble: str
    """Why the files cannot be read; "" when they can."""


class Finding(Shape):
    """One place in the data and what is to be done there."""

    rule: str
    severity: Severity
    table: str
    problem: str
    must: str
    do: str
    file: str
    sheet: str
    row: int | None
    """As a person counts, header included."""
    column: str
    address: str
    """The cell as Excel names it."""
    found: str
    """The cell's content, at most 60 signs of it."""


class Findings(Shape):
    """The findings that fit what was asked, one page of them."""

    total: int
    fitting: int
    page: int
    pages: int
    numbers: list[int]
    """Of each finding its number among all, by which its cells are asked for."""
    findings: list[Finding]
    trouble: str
    """Why the files cannot be read; "" when they can."""


class CellAround(Shape):
    """A cell as it was typed, at most 60 signs of it; marked where the finding is."""

    text: str
    marked: bool


class RowAround(Shape):
    """A row near the finding, numbered as a person counts."""

    row: int
    cells: list[CellAround]


class CellsAround(Shape):
    """A finding and the cells around it; no rows where it is about no table that was read."""

    finding: Finding
    headers: list[str]
    rows: list[RowAround]


class PatientSeen(Shape):
    """One patient: what counts, and what each definition says: yes, no or cannot-say."""

    row: int
    """In the table patients, as a person counts; addresses name it and no patient's number."""
    patient_id: str
    answer: str
    overridden: bool
    said: dict[str, str]


class Everybody(Shape):
    """The patients that fit, one page of them; counts are of everybody."""

    snapshot: str
    own: str
    """The study's own definition; "" where a column says who is refractory."""
    by: str
    """Where the study's own answer comes from, in words."""
    total: int
    yes: int
    no: int
    cannot_say: int
    disagreed: int
    overridden: int
    skipped: dict[str, str]
    """Definitions that cannot be asked, and the tables they want."""
    fitting: int
    page: int
    pages: int
    patients: list[PatientSeen]


class AnswerAsked(Shape):
    """A physician's own answer for a patient."""

    answer: Literal["yes", "no"]
    reason: str = Field(min_length=1, max_length=500)
    """It is printed in the report and must not hold a patient's number."""
    who: str = Field(default="", max_length=100)
    """The physician; where people have accounts, the account is."""
    snapshot: str = Field(max_length=64)
    """The one in which you looked at the patient: a row may be another's by now."""

    model_config = _example(
        answer="yes",
        reason="Uptake in the neck only after surgery; the board decided on 2024-05-31.",
        who="Dr A. Benali",
        snapshot="0" * 64,
    )


class AnswerGiven(Shape):
    """An answer that stands, and what the records say."""

    row: int
    patient_id: str
    computed: str
    answer: str
    reason: str
    who: str
    when: str
    """A day."""


class ShareAsked(Shape):
    """Whether every account may see the results."""

    shared: bool


class Shared(Shape):
    """Whether every account may see the results."""

    shared: bool


class PlanChoice(Shape):
    """What is to be chosen otherwise; what is left out stays as it is.

    Everything is text, as a person types it ("0.05"); a role's list of variables is whole.
    """

    model_config = _example(
        policy="modern", roles={"terms": ["age_at_diagnosis"]}, fixed={"diameter": "40"}
    )


class RunAsked(Shape):
    """How to run."""

    quick: bool = False
    """Leave out what resamples."""


class Run(Shape):
    """A run and how far it has come."""

    id: str
    state: Literal["running", "done", "failed", "cancelling", "cancelled", "interrupted"]
    quick: bool
    asked: str
    ended: str | None
    said: str
    """Why it stopped, in one sentence."""
    step: int
    steps: int
    words: str
    """The step, in words."""
    resamples: int
    outdated: bool
    """The study's files have changed since."""


class ResultFile(Shape):
    """A file of the report."""

    name: str
    bytes: int
    sha256: str


class Finished(Shape):
    """The latest run that is done, and its files."""

    run: Run
    files: list[ResultFile]


class KnownModel(Shape):
    """A risk model you may ask."""

    id: str
    """What stands in its address."""
    home: Literal["library", "study", "own"]
    name: str
    title: str
    study: str
    """The title of the study it was fitted in; "" elsewhere."""
    status: str
    n: int | None
    events: int | None


class KnownDefinition(Shape):
    """A definition of refractory disease."""

    name: str
    title: str
    source: str
    version: str


class RiskAsked(Shape):
    """One patient, as the model's inputs name it."""

    inputs: dict[str, StrictBool | float | Text] = Field(max_length=200)
    """Each input by its name: a number in the model's unit, true or false, or as a person types
    it ("3.5 cm", "yes")."""
    prevalence: float | None = None
    """How common the outcome is where the model is used: 0.1."""
    beyond: bool = False
    """Answer outside the range the model has seen, with a warning."""

    model_config = _example(inputs={"age": 61, "diameter": "3.5 cm", "metastasis": True})


class RisksAsked(Shape):
    """One patient, and the models that are asked."""

    models: list[Annotated[str, Field(max_length=200)]] = Field(min_length=1, max_length=6)
    """Their ids."""
    inputs: dict[str, StrictBool | float | Text] = Field(max_length=200)
    """As for one model; a thing that several ask is told once, under the name of any of them."""
    prevalence: float | None = None
    """How common the outcome is where the models are used: 0.1."""
    beyond: bool = False
    """Answer outside the range a model has seen, with a warning."""

    model_config = _example(
        models=["bellakhdar-2024"],
        inputs={"age": 61, "diameter": "3.5 cm", "metastasis": True},
        prevalence=0.1,
    )


class Job(Shape):
    """A long piece of work that is no run of a study."""

    id: str
    kind: Literal["rebuild"]
    state: Literal["running", "done", "failed", "cancelled", "interrupted"]
    words: str
    share: float
    """Of the work that is done, 0 to 1."""
    asked: str
    ended: str | None
    trouble: str
    """Why it stopped, in one sentence."""
