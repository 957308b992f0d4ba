"""What the figures of pooled evidence draw: estimates already worded.

Plain frozen things, importable without the drawing library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Axis = Literal["log", "as it is"]
RowKind = Literal["heading", "study", "pool", "prediction", "published", "own"]


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One line of a forest of studies.

    share   of the weight, the size of a study's square
    weight  the share in words
    text    the estimate in words, "2.28 (1.43 to 3.64)"
    data    what was printed: "12/40 against 3/50"; empty where it is the estimate itself
    """

    kind: RowKind
    label: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    share: float = 0.0
    weight: str = ""
    text: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class PoolForest:
    """Studies, their pool, and what stands beside it.

    axis     "log" for ratios
    nothing  where there is no effect: a line; None for none
    """

    rows: tuple[PoolRow, ...]
    effect: str
    text_header: str
    axis: Axis = "log"
    nothing: float | None = 1.0
    data_header: str = ""
    lower_means: str = ""
    higher_means: str = ""


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One study: its effect on the scale of analysis, and its standard error."""

    label: str
    value: float
    std_error: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """Effects against their standard errors, the large studies on top.

    centre    of the funnel, on the scale of analysis
    z         how many standard errors its sides are away
    ticks     places on the scale of analysis with their words on the measure's own
    nothing   where there is no effect, on the scale of analysis; None for none
    """

    points: tuple[FunnelPoint, ...]
    centre: float
    centre_name: str
    z: float
    sides_name: str
    effect: str
    ticks: tuple[tuple[float, str], ...]
    nothing: float | None = None
