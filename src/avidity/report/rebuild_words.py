"""The answer of a rebuilding in words: for the command line and the report's first page."""

from __future__ import annotations

from math import ceil, floor, isinf
from pathlib import Path

from avidity.papers.rebuild import RebuiltPaper
from avidity.stats.rebuild.outcomes import Outcomes
from avidity.stats.rebuild.result import Culprit, Miss, Pattern, Range, Rebuilt
from avidity.wording import counted, fixed, percent, significant

KNOWN = 1e-9  # two ends nearer than this are one value
LABEL = "Research use; not validated; not for decisions about a patient."


def headline(rebuilt: Rebuilt) -> str:
    """The answer in a sentence."""
    if rebuilt.answer == "one":
        return (
            "Exactly one table of patients gives every printed figure: the model is known whole,"
            " its intercept and covariance included."
        )
    if rebuilt.answer == "several":
        return (
            f"{rebuilt.found:,} tables of patients give every printed figure, and no other: the"
            " model is one of as many."
        )
    if rebuilt.answer == "bounds":
        return (
            "Not every table could be looked at: the model is not known, but its intercept and"
            " every predicted risk lie between proven bounds."
        )
    return "No table of patients gives every printed figure: the figures contradict each other."


def how(rebuilt: Rebuilt) -> str:
    """How the answer was found."""
    work = rebuilt.work
    unit = "table" if work.method.startswith("every table") else "linear program"
    told = f"How: {work.method} ({counted(work.looked_at, unit)})."
    if work.stopped:
        told += f" The search stopped: {work.stopped}."
        if not rebuilt.found:
            told += " Whether any table gives every figure was not decided."
        else:
            told += f" On the way {counted(rebuilt.found, 'table')} that fit were found."
    return told


def ends(one: Range, decimals: int = 4) -> str:
    """A known value, or its two ends, rounded outwards so that what is printed still bounds it.

    >>> ends(Range(1.0, 1.0)), ends(Range(-1.04, 2.51), 1)
    ('1.0000', '−1.1 to 2.6')
    """
    if isinf(one.low) or isinf(one.high):
        return "not bounded"
    if one.width < KNOWN:
        return fixed(one.low, decimals)
    unit = 10**decimals
    low, high = floor(one.low * unit) / unit, ceil(one.high * unit) / unit
    return f"{fixed(low, decimals)} to {fixed(high, decimals)}"


def shares(one: Range) -> str:
    """Risks in percent: one, or two ends, rounded outwards.

    >>> shares(Range(0.2, 0.2)), shares(Range(0.2004, 0.3001))
    ('20.0%', '20.0% to 30.1%')
    """
    if one.width < KNOWN:
        return percent(one.low)
    return f"{percent(floor(one.low * 1000) / 1000)} to {percent(ceil(one.high * 1000) / 1000)}"


def people(pattern: Pattern) -> str:
    """How many patients have a pattern."""
    low, high = pattern.n
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def risk_words(pattern: Pattern) -> str:
    """A pattern's risk with the interval, where it is known."""
    if pattern.interval is None:
        return shares(pattern.risk)
    low, high = pattern.interval.low, pattern.interval.high
    return f"{shares(pattern.risk)} ({fixed(100 * low, 1)} to {fixed(100 * high, 1)})"


def open_words(left: Outcomes) -> str:
    """What stays open of who had the outcome."""
    ways = "more than could be listed" if left.ways is None else f"{left.ways:,}"
    return (
        f"How the patients with the outcome fall into the patterns stays open ({ways}"
        f" {'way' if left.ways == 1 else 'ways'}): the model's area under the curve lies between"
        f" {fixed(left.auc[0], 4)} and {fixed(left.auc[1], 4)}, its Brier score between"
        f" {fixed(left.brier[0], 4)} and {fixed(left.brier[1], 4)}."
    )


def culprit_words(one: Culprit) -> str:
    """A figure without which the rest is possible."""
    if one.would_be is None or one.tables is None:
        return f"{one.figure}, printed {one.printed}: without it the rest is not ruled out"
    low, high = significant(one.would_be.low, 6), significant(one.would_be.high, 6)
    value = low if low == high else f"{low} to {high}"
    return (
        f"{one.figure}, printed {one.printed}: it would be {value} for the rest to be possible"
        f" ({counted(one.tables, 'table')})"
    )


def miss_words(one: Miss) -> str:
    """A figure the nearest table misses."""
    return (
        f"{one.figure}, printed {one.printed}: {significant(one.ours, 6)}, off by"
        f" {significant(one.digits)} units of the last digit"
    )


def rebuild_lines(found: RebuiltPaper, written: tuple[Path, ...] = ()) -> list[str]:
    """What the command line says."""
    rebuilt = found.rebuilt
    lines = [found.title]
    if found.made_up:
        lines.append(found.made_up)
    where = f" ({found.where})" if found.where else ""
    lines += [
        f"{found.model}{where}: {rebuilt.n:,} patients, {rebuilt.n_events:,} {found.outcome}",
        "",
        headline(rebuilt),
        how(rebuilt),
    ]
    lines += _contradiction_lines(rebuilt) if rebuilt.answer == "none" else _model_lines(found)
    lines += ["", "To settle it, ask the authors for:"]
    lines += [f"  - {question}" for question in found.questions]
    lines += ["", LABEL]
    if written:
        names = ", ".join(path.name for path in written)
        lines += ["", f"report: {written[0]}", f"in {written[0].parent}: {names}"]
    return lines


def _model_lines(found: RebuiltPaper) -> list[str]:
    rebuilt = found.rebuilt
    rows: list[tuple[str, ...]] = [("", "coefficient", "standard error")]
    rows += [
        (term, ends(coef), ends(error))
        for term, coef, error in zip(rebuilt.terms, rebuilt.coef, rebuilt.error, strict=True)
    ]
    lines = ["", *_aligned(rows)]
    risk = f"risk ({rebuilt.level:.0%} interval)" if rebuilt.patterns[0].interval else "risk"
    rows = [(*rebuilt.predictors, "n", risk)]
    rows += [(*one.levels, people(one), risk_words(one)) for one in rebuilt.patterns]
    lines += ["", *_aligned(rows)]
    if rebuilt.outcomes is not None:
        lines += ["", open_words(rebuilt.outcomes)]
    return lines


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _contradiction_lines(rebuilt: Rebuilt) -> list[str]:
    why = rebuilt.contradiction
    if why is None:
        return []
    lines = ["", f"Why: {why.reason}."]
    for head, items in (
        ("The nearest table misses:", [miss_words(one) for one in why.nearest]),
        (
            "One misprint would explain it, in any of:",
            [culprit_words(one) for one in why.culprits],
        ),
        ("So would another reading:", list(why.other_ways)),
    ):
        if items:
            lines += ["", head, *(f"  - {item}" for item in items)]
    return lines
