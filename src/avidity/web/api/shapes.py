"""What goes in and out about studies, where no result of the package says it already."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from avidity.steps.finding import Severity
from avidity.web.api.shape import Shape, example


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

    model_config = example(
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


class ShareAsked(Shape):
    """Whether every account may see the results."""

    shared: bool


class Shared(Shape):
    """Whether every account may see the results."""

    shared: bool


class PlanChoice(Shape):
    """What is to be chosen otherwise; what is left out stays as it is.

    Everything is text, as a person types it ("0.05"); a role's list of variables is whole. The
    rows of variables and of rules are those of the file in its order, "gone" to take one out;
    another is `new_variable` or `new_rule`.
    """

    model_config = example(
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


class Exhibits(Shape):
    """What can be taken from a run's report piece by piece, by name."""

    tables: list[str]
    pictures: list[str]


class Finished(Shape):
    """The latest run that is done, and its files."""

    run: Run
    files: list[ResultFile]
