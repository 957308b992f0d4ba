"""What the figures of a score draw: scales, points and risks, already worded.

Plain frozen things, importable without the drawing library and without the statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ScaleTick:
    """One mark of a scale.

    at    its place, in the points of the scale
    rank  0: its label comes first; 1: labelled if there is room; 2: a mark alone
    """

    at: float
    label: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class ScaleBranch:
    """A stretch of a number's scale over which the points only rise or only fall.

    start, end  points at its lowest and its highest value
    turn        the value at its end, where the next stretch begins and goes back
    """

    start: float
    end: float
    ticks: tuple[ScaleTick, ...]
    turn: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """One variable: a number's branches below each other, or the levels of a category on one.

    example  the points of the worked example, or None
    branch   the branch the example lies on
    """

    label: str
    kind: Literal["number", "levels"]
    branches: tuple[ScaleBranch, ...]
    example: float | None = None
    branch: int = 0

    def __post_init__(self) -> None:
        if not self.branches or (self.kind == "levels" and len(self.branches) != 1):
            raise ValueError(f"{self.label!r} needs a branch, and a category has only one")
        if not 0 <= self.branch < len(self.branches):
            raise ValueError(f"{self.label!r} has no branch {self.branch}")


@dataclass(frozen=True, slots=True)
class NomogramPlan:
    """A nomogram: points on top, a scale for each variable, total points and risk below.

    widest    points of the scale on top
    highest   the highest total
    points    ticks of the scale on top
    total     ticks of the total
    risk      ticks of the risk, each at its total
    risk_label  with its unit: "Risk (%) of refractory disease"
    example   the worked example in pieces that are not torn apart, or empty
    example_total  its total
    """

    scales: tuple[Scale, ...]
    points: tuple[ScaleTick, ...]
    total: tuple[ScaleTick, ...]
    risk: tuple[ScaleTick, ...]
    highest: float
    risk_label: str
    widest: float = 100.0
    example: tuple[str, ...] = ()
    example_total: float | None = None


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the card, with its points as printed ("3", "−1"); without points a heading."""

    label: str
    points: str = ""
    indent: bool = False


@dataclass(frozen=True, slots=True)
class RiskBar:
    """The risk of one total, with its interval; n patients had it, cases of them the outcome.

    corrected  the risk corrected for optimism, or None
    """

    total: int
    risk: float
    low: float
    high: float
    n: int
    cases: int
    corrected: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.risk <= self.high <= 1 or not 0 <= self.cases <= self.n:
            raise ValueError(f"the risk of {self.total} points, or its counts, cannot be")


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """A points card and the risk of each total.

    range      of the totals in words: "0 to 17"
    risk_name  of the vertical axis: "Risk of refractory disease"
    interval   what the bars are: "95% interval"
    """

    card: tuple[CardLine, ...]
    risks: tuple[RiskBar, ...]
    range: str
    risk_name: str
    interval: str = "95% interval"

    def __post_init__(self) -> None:
        totals = [risk.total for risk in self.risks]
        if len(totals) < 2 or totals != sorted(set(totals)):
            raise ValueError("a score needs two totals or more, rising")
