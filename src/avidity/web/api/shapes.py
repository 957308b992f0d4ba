"""What goes in and out as JSON where no result of the package says it already."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from avidity.steps.finding import Severity

Text = Annotated[str, Field(max_length=300)]


class Shape(BaseModel):
    """Frozen; what is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


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
    findings: list[Finding]
    trouble: str
    """Why the files cannot be read; "" when they can."""


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
    """A risk model of the library."""

    name: str
    title: str
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
