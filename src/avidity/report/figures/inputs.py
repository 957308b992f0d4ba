"""What the figures draw: counts, curves and estimates, already worded, never a patient's row.

Plain frozen things, importable without the drawing library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class FlowStep:
    """So many patients, at this point."""

    label: str
    n: int


@dataclass(frozen=True, slots=True)
class FlowLeft:
    """So many patients left for this reason; 0 is said too."""

    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class FlowStage:
    """Who left between one box of the main column and the next, and who went on."""

    left: tuple[FlowLeft, ...]
    then: FlowStep


@dataclass(frozen=True, slots=True)
class Flow:
    """The way of the patients into the study; the counts must add up at every step.

    groups  the outcome's answers among those in the last box, or empty
    """

    start: FlowStep
    stages: tuple[FlowStage, ...]
    groups: tuple[FlowStep, ...] = ()

    def __post_init__(self) -> None:
        here = self.start
        for stage in self.stages:
            gone = sum(left.n for left in stage.left)
            if here.n != gone + stage.then.n:
                raise ValueError(
                    f"{here.n} came in, {gone} left and {stage.then.n} went on at"
                    f" {stage.then.label!r}: that does not add up"
                )
            here = stage.then
        total = sum(group.n for group in self.groups)
        if self.groups and total != here.n:
            raise ValueError(f"the groups hold {total} patients, the last step {here.n}")


@dataclass(frozen=True, slots=True)
class CutPoint:
    """A cut-off on a curve, with its words ("≥ 29 mm")."""

    false_positive_rate: float
    true_positive_rate: float
    label: str


@dataclass(frozen=True, slots=True)
class RocCurve:
    """One ROC curve as its corner points, from (0, 0) to (1, 1).

    summary  printed beside the name: "AUC 0.790 (0.693 to 0.888)"
    """

    name: str
    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    summary: str = ""
    cuts: tuple[CutPoint, ...] = ()

    def __post_init__(self) -> None:
        if len(self.false_positive_rate) != len(self.true_positive_rate):
            raise ValueError(f"the two rates of {self.name!r} differ in length")


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One line of a forest plot.

    A row without an estimate is a heading (no words either) or a reference level (its words
    say so). Ends may be 0, infinite or beyond the axis: they become arrows.

    text  the estimate in words, "6.50 (1.83 to 23.1)"
    firth penalised likelihood: drawn hollow and explained below
    """

    label: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    p_text: str = ""
    firth: bool = False
    indent: bool = False


@dataclass(frozen=True, slots=True)
class Forest:
    """Ratios with their intervals on a logarithmic axis.

    limits  the ends of the axis, or None to fit the estimates
    """

    rows: tuple[ForestRow, ...]
    effect: str = "Odds ratio"
    text_header: str = "OR (95% CI)"
    p_header: str = "p"
    lower_means: str = ""
    higher_means: str = ""
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many patients of one group fall into each bin."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """One continuous variable by group, as counts between shared edges.

    cut  the cut-off to mark, in the variable's unit, with its words
    """

    name: str
    unit: str
    edges: tuple[float, ...]
    groups: tuple[GroupCounts, ...]
    cut: float | None = None
    cut_label: str = ""

    def __post_init__(self) -> None:
        if any(low >= high for low, high in pairwise(self.edges)):
            raise ValueError(f"the edges of {self.name!r} must rise")
        for group in self.groups:
            if len(group.counts) != len(self.edges) - 1:
                raise ValueError(
                    f"{group.name!r} has {len(group.counts)} counts for {len(self.edges) - 1} bins"
                )


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far definitions agree, each with each.

    names    one per definition
    yes      how many patients each calls yes (the diagonal)
    alike    patients called alike, [i][j]
    decided  patients both could decide, [i][j]
    kappa    Cohen's kappa, [i][j], None where it does not exist
    """

    names: tuple[str, ...]
    yes: tuple[int, ...]
    alike: tuple[tuple[int, ...], ...]
    decided: tuple[tuple[int, ...], ...]
    kappa: tuple[tuple[float | None, ...], ...]
    yes_word: str = field(default="refractory")

    def __post_init__(self) -> None:
        size = len(self.names)
        for table in (self.alike, self.decided, self.kappa):
            if len(table) != size or any(len(row) != size for row in table):
                raise ValueError(f"{size} definitions need {size} × {size} entries")
        if len(self.yes) != size:
            raise ValueError(f"{size} definitions need {size} counts")
