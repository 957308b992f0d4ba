"""Round numbers along a scale, and which of them matter most."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

FINE = 10  # marks to a step
MIDDLE = {1: 5, 2: 5, 5: 2}  # of a step of 1, 2 or 5: every how many marks one stands out


@dataclass(frozen=True, slots=True)
class Tick:
    """A round number on a scale; rank 0 should be labelled, 1 may be, 2 is a mark alone."""

    value: float
    rank: int


def ticks(low: float, high: float, about: int = 5) -> tuple[Tick, ...]:
    """Round numbers from low to high, both included where they are round.

    about   how many steps of rank 0 there should be at most, 2 or more
    raises  ValueError unless low < high

    >>> [tick.value for tick in ticks(14, 45) if tick.rank == 0]
    [20.0, 30.0, 40.0]
    """
    if not low < high or about < 2:
        raise ValueError(f"a scale must rise, and have two steps; got {low} to {high}, {about}")
    lead, power = _step((high - low) / about)
    # Decimals, so that the third mark of 0.1 is 0.3 and not 0.30000000000000004.
    mark = Decimal(lead).scaleb(power) / FINE
    slack = 1e-9 * (high - low)
    first, last = (low - slack) / float(mark), (high + slack) / float(mark)
    return tuple(
        Tick(float(count * mark), _rank(count, MIDDLE[lead]))
        for count in range(ceil(first), floor(last) + 1)
    )


def _step(least: float) -> tuple[int, int]:
    """The smallest 1, 2 or 5 times a power of ten that is not below least."""
    power = floor(log10(least))
    for lead in MIDDLE:
        if lead * 10.0**power >= least * (1 - 1e-9):
            return lead, power
    return 1, power + 1


def _rank(count: int, middle: int) -> int:
    if count % FINE == 0:
        return 0
    return 1 if count % middle == 0 else 2
