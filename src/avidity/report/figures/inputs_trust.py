"""What the figures about trust draw: curves, bands and counts, never a patient's row.

Plain frozen things, importable without the drawing library. Shares are between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from avidity.report.figures.inputs import GroupCounts


@dataclass(frozen=True, slots=True)
class Line:
    """One curve.

    low, high  a band around it, or empty
    summary    printed beside the name: "ICI 0.014"
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    summary: str = ""

    def __post_init__(self) -> None:
        if len(self.x) < 2 or len(self.x) != len(self.y):
            raise ValueError(f"{self.name!r} needs as many x as y, at least two")
        if any(len(band) not in (0, len(self.x)) for band in (self.low, self.high)):
            raise ValueError(f"the band of {self.name!r} differs in length from its curve")
        if bool(self.low) != bool(self.high):
            raise ValueError(f"the band of {self.name!r} needs both ends")
        if any(left > right for left, right in pairwise(self.x)):
            raise ValueError(f"the x of {self.name!r} must not fall")


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many patients of each outcome lie between shared edges; at most two groups.

    The first group is drawn above the line, the second below it.
    """

    edges: tuple[float, ...]
    groups: tuple[GroupCounts, ...]

    def __post_init__(self) -> None:
        if any(low >= high for low, high in pairwise(self.edges)) or len(self.edges) < 2:
            raise ValueError("the edges of a histogram must rise")
        if not 1 <= len(self.groups) <= 2:
            raise ValueError(f"a histogram shows one or two groups, got {len(self.groups)}")
        for group in self.groups:
            if len(group.counts) != len(self.edges) - 1:
                raise ValueError(
                    f"{group.name!r} has {len(group.counts)} counts for {len(self.edges) - 1} bins"
                )


@dataclass(frozen=True, slots=True)
class GroupPoint:
    """Patients of similar predicted risk, and the share of cases among them."""

    predicted: float
    observed: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class CalibrationPlot:
    """Predicted against observed risk.

    lines   the curves, the apparent one first, the bias-corrected after it
    points  groups of patients, or none; points_name says how they were made
    risks   predicted risks by outcome, from 0 to 1
    notes   short lines of words inside the square: "slope 0.81 (0.60 to 1.02)"
    limit   the end of both axes
    """

    lines: tuple[Line, ...]
    risks: Histogram
    points: tuple[GroupPoint, ...] = ()
    points_name: str = "Groups of patients, 95% CI"
    notes: tuple[str, ...] = ()
    limit: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.limit <= 1:
            raise ValueError(f"the axes end above 0 and at most at 1, got {self.limit}")
        _few(self.lines, 4)


@dataclass(frozen=True, slots=True)
class DecisionPlot:
    """Net benefit over thresholds, beside treating all and none.

    lines       the model, and the same corrected for optimism
    everybody   treating all
    avoided     interventions avoided per 100 patients, drawn below; or none
    prevalence  share of cases, the most a net benefit can be
    """

    lines: tuple[Line, ...]
    everybody: Line
    prevalence: float
    avoided: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        _few(self.lines, 4)
        _few(self.avoided, 4)


@dataclass(frozen=True, slots=True)
class Step:
    """A cut-off over a curve: one level on either side, on the curve's own scale."""

    cut: float
    below: float
    above: float
    label: str


@dataclass(frozen=True, slots=True)
class EffectPlot:
    """What a number does, over its range.

    scale      "Odds ratio" (on a logarithmic axis) or "Risk" (in percent)
    lines      the spline with its band first; a straight line beside it, perhaps
    values     how the number is spread among the patients
    reference  where the odds ratio is 1; None for a risk
    step       the cut-off's version of the same, or None
    """

    name: str
    unit: str
    scale: str
    lines: tuple[Line, ...]
    values: Histogram
    reference: float | None = None
    step: Step | None = None

    def __post_init__(self) -> None:
        if self.scale not in ("Odds ratio", "Risk"):
            raise ValueError(f"the scale is Odds ratio or Risk, got {self.scale!r}")
        _few(self.lines, 3)


@dataclass(frozen=True, slots=True)
class Spread:
    """Between which two predictions so many of the resamples' predictions lie."""

    name: str
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class InstabilityPlot:
    """What models from resamples would have told patients of each original risk.

    original  the study's own predictions, rising
    middle    the median of the resamples' predictions there
    spreads   the widest first: "95% of resamples", "50% of resamples"
    risks     the study's own predictions as counts
    notes     short lines of words inside the square
    """

    original: tuple[float, ...]
    middle: tuple[float, ...]
    spreads: tuple[Spread, ...]
    risks: Histogram
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(self.middle)}
        for spread in self.spreads:
            lengths |= {len(spread.low), len(spread.high)}
        if lengths != {len(self.original)} or len(self.original) < 2:
            raise ValueError("predictions and their spreads differ in length")
        if any(left > right for left, right in pairwise(self.original)):
            raise ValueError("the original predictions must not fall")
        _few(self.spreads, 3)


def _few(drawn: tuple[object, ...], most: int) -> None:
    """More could not be told apart."""
    if len(drawn) > most:
        raise ValueError(f"at most {most} can be told apart in one figure, got {len(drawn)}")
