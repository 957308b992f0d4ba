"""Whether a printed mean and SD of whole numbers are possible together, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, sqrt

from avidity.errors import AnalysisError
from avidity.stats.forensic.grim import sums_of, whole
from avidity.stats.forensic.square_sums import reachable, reachable_within
from avidity.stats.rounded import Rounded


@dataclass(frozen=True, slots=True)
class Sums:
    """Sum and sum of squares of the values, in units of 1/items and 1/items²."""

    total: int
    squares: int


@dataclass(frozen=True, slots=True)
class Grimmer:
    """A printed mean and SD held against all whole numbers.

    possible  yes, no, or None where a search inside a range had to be given up
    mean_possible  whether the mean alone is (GRIM)
    sums      pairs of sum and sum of squares that print so, at most `most`
    complete  whether these are all of them; a single pair says that sum and squares are known
    nearest   where the mean is possible and the SD is not: the possible SDs around the print
    """

    possible: bool | None
    mean_possible: bool
    sums: tuple[Sums, ...]
    complete: bool
    nearest: tuple[float, ...]
    n: int
    method: str

    @property
    def unique(self) -> Sums | None:
        """The one pair that prints so; None if there are more, or none."""
        return self.sums[0] if self.complete and len(self.sums) == 1 else None


@dataclass(frozen=True, slots=True)
class Scale:
    """What is known about the values behind a printed mean and SD.

    items      they are multiples of 1/items (10 for one decimal)
    low, high  their range in the unit of the mean; None where unknown
    sample     SD with n - 1 (SPSS, R); False for n
    """

    items: int = 1
    low: Fraction | int | None = None
    high: Fraction | int | None = None
    sample: bool = True

    def ends(self) -> tuple[int, int] | None:
        """The range in whole steps; None where either end is unknown."""
        if self.low is None or self.high is None:
            return None
        low, high = ceil(Fraction(self.low) * self.items), floor(Fraction(self.high) * self.items)
        if low > high:
            raise AnalysisError(f"the range {self.low} to {self.high} holds no possible value")
        return low, high

    def words(self) -> str:
        """For the method's line."""
        steps = "whole numbers" if self.items == 1 else f"values in steps of 1/{self.items}"
        range_known = self.ends() is not None
        span = f"from {self.low} to {self.high}" if range_known else "of any size"
        return f"{steps} {span}, SD with {'n - 1' if self.sample else 'n'}"


WHOLE = Scale()


def grimmer(mean: Rounded, sd: Rounded, n: int, scale: Scale = WHOLE, most: int = 1000) -> Grimmer:
    """GRIMMER by enumeration of the sums: neither a false alarm nor a miss.

    mean, sd  as printed; every number that rounds to them, half up or half to even, is allowed
    most      how many pairs of sums are listed before the list is cut
    source    the question: Anaya, PeerJ Preprints 2016;4:e2400v1; the conditions: square_sums
    raises    AnalysisError if n < 2, the SD is negative or a print is a limit only

    >>> from avidity.stats.rounded import rounded
    >>> grimmer(rounded("5.00"), rounded("1.41"), 3).possible
    False
    >>> grimmer(rounded("53.06"), rounded("14.128"), 32).unique
    Sums(total=1698, squares=96288)
    """
    whole(mean, n, scale.items)
    if n < 2 or sd.bound or sd.value < 0:
        raise AnalysisError(f"an SD needs n of 2 or more and a print of 0 or more, got {sd.text!r}")
    method = f"exact GRIMMER, {scale.words()}"
    totals = sums_of(mean, n, scale.items)
    if totals is None:
        return Grimmer(False, False, (), True, (), n, method)
    found: list[Sums] = []
    unsure = False
    for one in _pairs(totals, sd, n, scale):
        answer = _reached(one, n, scale)
        unsure = unsure or answer is None
        if answer:
            found.append(one)
        if len(found) > most:
            return Grimmer(True, True, tuple(found[:most]), False, (), n, method)
    possible = True if found else (None if unsure else False)
    nearest = _around(totals, sd, n, scale) if possible is False else ()
    return Grimmer(possible, True, tuple(found), not unsure, nearest, n, method)


def _pairs(totals: tuple[int, int], sd: Rounded, n: int, scale: Scale) -> Iterator[Sums]:
    """Every pair whose mean and SD print so, reachable or not."""
    divisor = n - 1 if scale.sample else n
    low = max(Fraction(0), sd.low) * scale.items
    high = (sd.value if sd.high is None else sd.high) * scale.items
    for total in range(totals[0], totals[1] + 1):
        floor_of = Fraction(total * total, n)
        first, last = ceil(low**2 * divisor + floor_of), floor(high**2 * divisor + floor_of)
        first += (first - total) % 2
        for squares in range(first, last + 1, 2):
            yield Sums(total, squares)


def _reached(one: Sums, n: int, scale: Scale) -> bool | None:
    ends = scale.ends()
    if ends is None:
        return reachable(n, one.total, one.squares)
    return reachable_within(n, one.total, one.squares, *ends)


def _around(totals: tuple[int, int], sd: Rounded, n: int, scale: Scale) -> tuple[float, ...]:
    """The possible SDs next below and next above the print."""
    below, above = [], []
    divisor = n - 1 if scale.sample else n
    for total in range(totals[0], totals[1] + 1):
        floor_of = Fraction(total * total, n)
        start = ceil((sd.value * scale.items) ** 2 * divisor + floor_of)
        start += (start - total) % 2
        below += _first(range(start - 2, start - 2 * n * n, -2), total, n, scale)
        above += _first(range(start, start + 2 * n * n, 2), total, n, scale)
    return (*([max(below)] if below else []), *([min(above)] if above else []))


def _first(squares: range, total: int, n: int, scale: Scale) -> list[float]:
    divisor = n - 1 if scale.sample else n
    for one in squares:
        spread = Fraction(one) - Fraction(total * total, n)
        if spread < 0:
            return []
        if _reached(Sums(total, one), n, scale):
            return [sqrt(spread / divisor) / scale.items]
    return []
