"""All data that have a printed mean and SD: complete enumeration, not a sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from avidity.errors import AnalysisError
from avidity.stats.forensic.grimmer import Scale, Sums, grimmer
from avidity.stats.forensic.square_sums import least, most
from avidity.stats.rounded import Rounded


@dataclass(frozen=True, slots=True)
class PossibleData:
    """Every table of frequencies that prints so.

    values    the values of the range, rising, in units of 1/items
    tables    how often each value occurs, one tuple per possible set of data
    complete  whether these are all; False when the list was cut at `most_tables`
    """

    values: tuple[int, ...]
    tables: tuple[tuple[int, ...], ...]
    complete: bool
    n: int
    method: str


def possible_data(
    mean: Rounded, sd: Rounded, n: int, scale: Scale, most_tables: int = 1000
) -> PossibleData:
    """All frequency tables of n values in a known range with this printed mean and SD.

    scale   must know both ends of the range
    source  the question: Heathers et al., SPRITE, PeerJ Preprints 2018;6:e26968v1; Wilner, Wood &
            Simons, CORVIDS 2018
    raises  AnalysisError without a range, or as `grimmer`

    >>> from avidity.stats.rounded import rounded
    >>> len(possible_data(rounded("2.20"), rounded("1.32"), 20, Scale(low=1, high=5)).tables)
    9
    """
    ends = scale.ends()
    if ends is None:
        raise AnalysisError("all possible data can be listed only where both ends are known")
    sums = grimmer(mean, sd, n, scale)
    low, high = ends
    every = (table for one in sums.sums for table in _tables(n, one, low, high))
    found = tuple(islice(every, most_tables + 1))
    complete = len(found) <= most_tables and sums.complete
    method = f"complete enumeration, {scale.words()}"
    return PossibleData(tuple(range(low, high + 1)), found[:most_tables], complete, n, method)


def _tables(n: int, sums: Sums, low: int, high: int) -> Iterator[tuple[int, ...]]:
    """How often low, low + 1, … high may occur; branches that cannot be filled are not entered."""
    if low == high:
        if sums.total == n * low and sums.squares == n * low * low:
            yield (n,)
        return
    for times in range(n + 1):
        rest = Sums(sums.total - times * low, sums.squares - times * low * low)
        left = n - times
        if left == 0:
            if rest.total == 0 and rest.squares == 0:
                yield (times, *([0] * (high - low)))
        elif _fits(left, rest, low + 1, high):
            for table in _tables(left, rest, low + 1, high):
                yield (times, *table)


def _fits(n: int, sums: Sums, low: int, high: int) -> bool:
    if not n * low <= sums.total <= n * high:
        return False
    return least(n, sums.total) <= sums.squares <= most(n, sums.total, low, high)
