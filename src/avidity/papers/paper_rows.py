"""What a paper's tables of groups print: variables, rows, cross tables, ROC curves.

The sentence under each key is its explanation in the reference and in the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from avidity.papers.paper_numbers import (
    OVERALL,
    ByGroup,
    Count,
    CountsByGroup,
    Name,
    Number,
    PaperPart,
    TestName,
)

CUTS = ("at_least", "above", "at_most", "below")


class Variable(PaperPart):
    """[[variable]]: one thing known of each patient, measured or derived from another."""

    name: Name
    """What the rest of the file calls it."""
    label: str = ""
    """As the paper writes it."""
    kind: Literal["number", "yes/no", "category"] = "yes/no"
    """A number, a yes or no, or one of several levels."""
    unit: str = ""
    """Of a number: years, mm, ng/mL."""
    step: Number | None = None
    """Of a number: what single patients' values are recorded in; "1" for whole numbers."""
    levels: tuple[Name, ...] = ()
    """Of a category: its levels, every one of them."""
    ordered: bool = False
    """Of a category: whether the levels are steps of one scale."""
    from_: str = Field(default="", alias="from")
    """Of a derived yes/no: the variable it is made of, with one of the five keys that follow."""
    at_least: Number | None = None
    """Yes from this value on (≥)."""
    above: Number | None = None
    """Yes above this value (>)."""
    at_most: Number | None = None
    """Yes up to this value (≤)."""
    below: Number | None = None
    """Yes below this value (<)."""
    one_of: tuple[str, ...] = ()
    """Yes for these levels of a category."""
    among: str = ""
    """A yes/no variable; this one is known only of those who have a yes in it."""

    @model_validator(mode="after")
    def _made_in_one_way(self) -> Variable:
        cuts = [name for name in CUTS if getattr(self, name) is not None]
        ways = len(cuts) + bool(self.one_of)
        if ways != bool(self.from_):
            raise ValueError(
                "a derived variable needs from = VARIABLE and exactly one of"
                " at_least, above, at_most, below or one_of; one that is not derived needs neither"
            )
        if self.from_ and self.kind != "yes/no":
            raise ValueError('a derived variable must be of kind "yes/no"')
        if (self.kind == "category") != bool(self.levels):
            raise ValueError("levels must be given for a category, and for nothing else")
        return self

    @property
    def cut(self) -> tuple[str, Number] | None:
        """The comparison a cut-off makes and its value; None when this is no cut number."""
        for name in CUTS:
            if (value := getattr(self, name)) is not None:
                return name, value
        return None

    @property
    def answers(self) -> tuple[str, ...]:
        """What counts may be given for: yes and no, the levels, or nothing for a number."""
        return {"yes/no": ("yes", "no"), "category": self.levels}.get(self.kind, ())


class Row(PaperPart):
    """[[row]]: one variable by group, with its test."""

    variable: str
    """Which variable; one row for each."""
    where: str = "Table 1"
    """Where it is printed."""
    n: CountsByGroup = Field(default_factory=dict)
    """How many patients the row is about, by group, where it says so or where it is a subgroup."""
    missing: CountsByGroup = Field(default_factory=dict)
    """How many have no value, by group."""
    count: Mapping[str, CountsByGroup] = Field(default_factory=dict)
    """By yes and no or by level, then by group: patients."""
    percent: Mapping[str, ByGroup] = Field(default_factory=dict)
    """By yes and no or by level, then by group: percentages, 56.3 for 56.3 %."""
    percent_of: Literal["group", "level", "everybody"] = "group"
    """What 100 % is: the group (columns), the level (rows), or all patients."""
    mean: ByGroup = Field(default_factory=dict)
    """Mean by group."""
    sd: ByGroup = Field(default_factory=dict)
    """Standard deviation by group."""
    se: ByGroup = Field(default_factory=dict)
    """Standard error of the mean by group."""
    median: ByGroup = Field(default_factory=dict)
    """Median by group."""
    q1: ByGroup = Field(default_factory=dict)
    """Lower quartile by group."""
    q3: ByGroup = Field(default_factory=dict)
    """Upper quartile by group."""
    iqr: ByGroup = Field(default_factory=dict)
    """Interquartile range by group, where it is printed as one number."""
    minimum: ByGroup = Field(default_factory=dict)
    """Smallest value by group."""
    maximum: ByGroup = Field(default_factory=dict)
    """Largest value by group."""
    p: Number | None = None
    """The p value of the comparison of the groups."""
    test: TestName = ""
    """The test named at this row; empty: none."""
    statistic: Number | None = None
    """The test's statistic."""
    df: Number | None = None
    """Its degrees of freedom."""
    note: str = ""
    """Anything worth remembering when the row is read again."""


class Cross(PaperPart):
    """[[cross]]: two variables against each other."""

    name: Name
    """What the rest of the file calls it."""
    rows: str
    """The variable down the side."""
    columns: str
    """The variable along the top."""
    group: str = OVERALL
    """In which group; "all" for everybody."""
    where: str = ""
    """Where it is printed."""
    count: Mapping[str, Mapping[str, Count]]
    """By answer of the first variable, then of the second: patients."""
    p: Number | None = None
    """The p value of the table."""
    test: TestName = ""
    """The test named; empty: none."""


class Roc(PaperPart):
    """[[roc]]: a ROC curve, or a cut-off with what it gives."""

    name: str = ""
    """What the rest of the file calls it; the variable's name if empty."""
    variable: str
    """The number the curve is of."""
    where: str = ""
    """Where it is printed."""
    positive: Literal["high", "low"] = "high"
    """Which side counts as positive."""
    auc: Number | None = None
    """The area under the curve."""
    low: Number | None = None
    """Lower end of the area's interval."""
    high: Number | None = None
    """Upper end of the area's interval."""
    confidence: Number | None = None
    """Level of that interval in percent, 95."""
    se: Number | None = None
    """Standard error of the area."""
    p: Number | None = None
    """The p value of the area against one half."""
    cutoff: Number | None = None
    """The cut-off."""
    comparison: Literal["", "at_least", "above", "at_most", "below"] = ""
    """Whether the cut-off itself is positive; empty: not said."""
    scale: Literal["percent", "proportion"] = "percent"
    """How the five that follow are printed: 59.4 or 0.594."""
    sensitivity: Number | None = None
    """At the cut-off."""
    specificity: Number | None = None
    """At the cut-off."""
    ppv: Number | None = None
    """Positive predictive value at the cut-off."""
    npv: Number | None = None
    """Negative predictive value at the cut-off."""
    accuracy: Number | None = None
    """At the cut-off."""
    youden: Number | None = None
    """Youden's index, as a proportion."""
    note: str = ""
    """Anything worth remembering."""

    @property
    def key(self) -> str:
        """What facts and statements call it."""
        return self.name or self.variable
