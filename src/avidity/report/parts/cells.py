"""Numbers to cells: as printed, with the full-precision value and its place in results.json."""

from __future__ import annotations

from math import isinf

from avidity import wording
from avidity.report.document import Cell, Part, Row, Span
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval
from avidity.stats.summary import Summary
from avidity.steps.describe import Levels, Shares


def words(text: str, *notes: str, bold: bool = False) -> Cell:
    """A cell of words."""
    return Cell(text, emphasis=bold, notes=notes)


def number(value: float | None, decimals: int, source: str) -> Cell:
    """A number with fixed decimals."""
    return Cell(wording.fixed(value, decimals), value, source=source)


def whole(value: int, source: str) -> Cell:
    """A count."""
    return Cell(f"{value:,}", value, source=source)


def p_cell(p: float | None, source: str, *notes: str) -> Cell:
    """A p value; bold is left to the reader."""
    return Cell(wording.p_value(p), p, source=source if p is not None else None, notes=notes)


def with_interval(
    value: float | None, ends: Interval | None, source: str, ends_source: str, decimals: int | None
) -> Cell:
    """``6.50 (1.83 to 23.1)``; decimals None prints three significant digits."""
    if value is None:
        return Cell(wording.NOTHING)
    said = wording.ratio_digits(value) if decimals is None else wording.fixed(value, decimals)
    if isinf(value) or (decimals is None and value == 0):
        said = "not finite" if isinf(value) else "zero"  # an empty cell: only the interval informs
    parts = [Part("estimate", value, source)]
    if ends:
        said += f" ({wording.interval(ends, decimals)})"
        parts += [
            Part("low", ends.low, f"{ends_source}/low"),
            Part("high", ends.high, f"{ends_source}/high"),
        ]
    return Cell(said, parts=tuple(parts))


def estimate_cell(estimate: Estimate | None, source: str, decimals: int | None = None) -> Cell:
    """An estimate with its interval."""
    if estimate is None:
        return Cell(wording.NOTHING)
    return with_interval(
        estimate.estimate,
        estimate.interval,
        f"{source}/estimate",
        f"{source}/interval",
        decimals,
    )


def share_cell(estimate: Estimate | None, source: str) -> Cell:
    """A share as a percentage with its interval."""
    if estimate is None:
        return Cell(wording.NOTHING)
    ends = estimate.interval
    parts = [Part("share", estimate.estimate, f"{source}/estimate")]
    said = wording.percent(estimate.estimate)
    if ends:
        said = f"{said} ({wording.fixed(100 * ends.low, 1)} to {wording.fixed(100 * ends.high, 1)})"
        parts += [
            Part("low", ends.low, f"{source}/interval/low"),
            Part("high", ends.high, f"{source}/interval/high"),
        ]
    return Cell(said, parts=tuple(parts))


def mean_sd(group: Summary, source: str, decimals: int) -> Cell:
    """``53.06 ± 14.13``."""
    parts = (Part("mean", group.mean, f"{source}/mean"), Part("sd", group.sd, f"{source}/sd"))
    said = f"{wording.fixed(group.mean, decimals)} ± {wording.fixed(group.sd, decimals)}"
    return Cell(said, parts=parts)


def median_quartiles(group: Summary, source: str, decimals: int) -> Cell:
    """``54.0 [43.0, 63.5]``."""
    said = wording.fixed(group.median, decimals)
    low, high = group.lower_quartile, group.upper_quartile
    said += f" [{wording.fixed(low, decimals)}, {wording.fixed(high, decimals)}]"
    parts = (
        Part("median", group.median, f"{source}/median"),
        Part("lower quartile", low, f"{source}/lower_quartile"),
        Part("upper quartile", high, f"{source}/upper_quartile"),
    )
    return Cell(said, parts=parts)


def shares(group: Shares, source: str, size: int) -> Cell:
    """``19 (59.4%)``; ``2 of 25 (8.0%)`` where not the whole group has a value."""
    parts = (
        Part("count", group.count, f"{source}/count"),
        Part("n", group.n, f"{source}/n"),
    )
    return Cell(_counted(group.count, group.n, size), parts=parts)


def _counted(count: int, n: int, size: int) -> str:
    said = wording.count_of(count, n)
    return said if n == size else said.replace(" (", f" of {n:,} (")


def level(group: Levels, name: str, source: str, size: int) -> Cell:
    """One level of a category."""
    count = group.counts[name]
    pointer = name.replace("~", "~0").replace("/", "~1")
    parts = (
        Part("count", count, f"{source}/counts/{pointer}"),
        Part("n", group.n, f"{source}/n"),
    )
    return Cell(_counted(count, group.n, size), parts=parts)


def heading_row(text: str) -> Row:
    """A row that heads those below it."""
    return Row((Cell(text),), "group")


def traced(text: str, source: str) -> Span:
    """A number in running text, traceable."""
    return Span(text, source)
