"""The picture of a risk: which of 100 patients, and where on a scale. Numbers for a template.

The same rules stand in ``templates/risk_page/pictures.js``, which draws with the same template.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from avidity.stats.interval import Interval

PEOPLE = 100
LEFT, WIDTH = 12.0, 316.0  # of the scale, in the picture's own units


@dataclass(frozen=True, slots=True)
class Picture:
    """A risk ready to be drawn.

    has, low, high  of 100 patients; the ends are None without an interval
    at, begins, ends, mark  places on the scale; mark is how common the outcome is
    """

    has: int
    low: int | None
    high: int | None
    at: float
    begins: float | None
    ends: float | None
    mark: float

    def kind(self, person: int) -> str:
        """The classes of one of the 100, counted from 1."""
        inside = self.low is not None and self.high is not None
        unsure = inside and (self.low or 0) < person <= (self.high or 0)
        return f"one{' has' if person <= self.has else ''}{' unsure' if unsure else ''}"


def of_100(share: float) -> int:
    """So many of 100, half rounded up.

    >>> of_100(0.125), of_100(0.005), of_100(0.996)
    (13, 1, 100)
    """
    return floor(PEOPLE * share + 0.5)


def place(share: float) -> float:
    """Where a share stands on the scale."""
    return round(LEFT + WIDTH * share, 2)


def picture(risk: float, interval: Interval | None, common: float) -> Picture:
    """The picture of a risk.

    common  how common the outcome is among those the risk is for
    """
    if interval is None:
        return Picture(of_100(risk), None, None, place(risk), None, None, place(common))
    low, high = interval.low, interval.high
    ends = (of_100(low), of_100(high), place(risk), place(low), place(high))
    return Picture(of_100(risk), *ends, place(common))


NOTHING = Picture(0, None, None, LEFT, LEFT, LEFT, LEFT)  # to be filled by a script
