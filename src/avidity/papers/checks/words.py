"""Numbers and lists inside the sentences of the audit, so that each language writes them its way.

The same texts as `avidity.wording` gives; a number that is set here stays one for a French page.
"""

from __future__ import annotations

from collections.abc import Iterable

from avidity import wording
from avidity.said import Said, joined, say, term


def fixed(value: float | None, decimals: int = 2) -> Said:
    """A number with a fixed count of decimals."""
    return term(wording.fixed(value, decimals))


def percent(share: float | None, decimals: int = 1) -> Said:
    """A share as a percentage."""
    return term(wording.percent(share, decimals))


def ratio_digits(value: float) -> Said:
    """An odds ratio in three significant digits."""
    return term(wording.ratio_digits(value))


def p_phrase(p: float | None) -> Said:
    """A p value inside a sentence."""
    return term(wording.p_phrase(p))


def p_words(low: float, high: float) -> Said:
    """A p, or the range the printed input allows, to four decimals.

    >>> p_words(0.003804, 0.003804), p_words(0.00451, 0.00463), p_words(2e-7, 3e-7)
    ('0.0038', '0.0045 to 0.0046', '<0.0001')
    """
    ends = [term("<0.0001") if one < 0.0001 else fixed(one, 4) for one in (low, high)]
    return ends[0] if ends[0] == ends[1] else span(*ends)


def span(low: str, high: str) -> Said:
    """From one to another."""
    return say("{low} to {high}", low=low, high=high)


def listed(words: Iterable[str]) -> Said:
    """``a, b and c``."""
    *front, last = list(words) or [""]
    return say("{words} and {last}", words=joined(front), last=last) if front else term(last)


def patients(n: int) -> Said:
    """So many patients."""
    return say("{n:,} patient", n=n) if n == 1 else say("{n:,} patients", n=n)


def values(n: int) -> Said:
    """So many values."""
    return say("{n:,} value", n=n) if n == 1 else say("{n:,} values", n=n)


def places(n: int) -> Said:
    """So many places."""
    return say("{n:,} place", n=n) if n == 1 else say("{n:,} places", n=n)


def candidates(n: int) -> Said:
    """So many candidate variables."""
    return say("{n:,} candidate", n=n) if n == 1 else say("{n:,} candidates", n=n)


def parameters(n: int) -> Said:
    """So many parameters."""
    return say("{n:,} parameter", n=n) if n == 1 else say("{n:,} parameters", n=n)


def terms(n: int) -> Said:
    """So many terms of a model."""
    return say("{n:,} term", n=n) if n == 1 else say("{n:,} terms", n=n)


def figures(n: int) -> Said:
    """So many printed figures."""
    return say("{n:,} figure", n=n) if n == 1 else say("{n:,} figures", n=n)


def other_rows(n: int) -> Said:
    """So many other rows of a table."""
    return say("{n:,} other row", n=n) if n == 1 else say("{n:,} other rows", n=n)
