"""Whether a printed mean of whole numbers is possible for so many patients."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from avidity.errors import AnalysisError
from avidity.stats.rounded import Rounded


@dataclass(frozen=True, slots=True)
class Grim:
    """A printed mean held against the means that can exist.

    possible   whether some sum of the values prints so
    sums       the first and the last sum that do, in units of 1/items; None if there is none
    nearest    the possible means that print so or, if none does, those that print closest to it
    impossible_share  of all printed means with these decimals, how many no data can have
    """

    possible: bool
    sums: tuple[int, int] | None
    nearest: tuple[Fraction, ...]
    impossible_share: float
    n: int
    items: int
    method: str


def grim(mean: Rounded, n: int, items: int = 1) -> Grim:
    """Granularity-related inconsistency of means (GRIM).

    mean    as printed; every number that rounds to it, half up or half to even, is allowed
    n       patients with a value
    items   the values are multiples of 1/items: 1 for whole years, 10 for one decimal, k for
            the average of k whole-number items
    source  Brown & Heathers, Soc Psychol Personal Sci 2017;8:363-369
    raises  AnalysisError if n or items is not at least 1, or the print is a limit only

    >>> from avidity.stats.rounded import rounded
    >>> result = grim(rounded("5.19"), 28)
    >>> result.possible, [round(float(one), 2) for one in result.nearest]
    (False, [5.18])
    """
    whole(mean, n, items)
    parts = n * items
    sums = sums_of(mean, n, items)
    share = max(Fraction(0), 1 - Fraction(parts, 10**mean.decimals))
    method = f"GRIM, values in steps of 1/{items}" if items > 1 else "GRIM, whole numbers"
    if sums:
        nearest = tuple(Fraction(total, parts) for total in range(sums[0], sums[1] + 1))
        return Grim(True, sums, nearest, float(share), n, items, method)
    below, above = (
        Fraction(floor(mean.value * parts), parts),
        Fraction(ceil(mean.value * parts), parts),
    )
    gaps = {one: _gap(one, mean) for one in (below, above)}
    nearest = tuple(one for one in (below, above) if gaps[one] == min(gaps.values()))
    return Grim(False, None, nearest, float(share), n, items, method)


def sums_of(mean: Rounded, n: int, items: int = 1) -> tuple[int, int] | None:
    """The first and the last sum of n values (in units of 1/items) whose mean prints so."""
    high = mean.low if mean.high is None else mean.high
    first, last = ceil(mean.low * n * items), floor(high * n * items)
    return (first, last) if first <= last else None


def whole(mean: Rounded, n: int, items: int) -> None:
    """Refuse what no mean can be checked with."""
    if n < 1 or items < 1:
        raise AnalysisError(f"n and items must be at least 1, got n {n} and items {items}")
    if mean.bound:
        raise AnalysisError(f"a mean must be printed as a number, not as a limit: {mean.text!r}")


def _gap(exact: Fraction, mean: Rounded) -> Fraction:
    """How far from the print this mean would print, rounded half up."""
    unit = 10**mean.decimals
    return abs(Fraction(floor(exact * unit + Fraction(1, 2)), unit) - mean.value)
