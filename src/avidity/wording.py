"""Numbers to words: the only place where anything is rounded for looks.

Rounding is half-up on the decimal digits of the shortest exact form of the number, which is
what a reader with a pencil does.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from avidity.stats.interval import Interval

NOTHING = "–"
INFINITE = "∞"


def fixed(value: float | None, decimals: int = 2) -> str:
    """A number with a fixed count of decimals.

    >>> fixed(2.675), fixed(-0.001), fixed(None)
    ('2.68', '0.00', '–')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return INFINITE if value > 0 else "−" + INFINITE
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return _signed(rounded)


def significant(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, thousands set apart.

    >>> significant(13.8814), significant(1890.4), significant(0.02345), significant(6.502)
    ('13.9', '1,890', '0.0235', '6.50')
    """
    if value is None or math.isnan(value) or math.isinf(value):
        return fixed(value)
    exact = Decimal(repr(float(value)))
    if exact == 0:
        return "0"
    place = exact.adjusted() - digits + 1
    rounded = exact.quantize(Decimal(1).scaleb(place), ROUND_HALF_UP)
    if rounded.adjusted() > exact.adjusted():  # 9.996 became 10.00: one decimal fewer
        rounded = rounded.quantize(Decimal(1).scaleb(place + 1), ROUND_HALF_UP)
    return _signed(rounded)


def _signed(number: Decimal) -> str:
    text = f"{number:,f}"
    if not number:
        return text.removeprefix("-")
    return text.replace("-", "−")


def ratio_digits(value: float) -> str:
    """An odds ratio or a likelihood ratio: three significant digits, in words when extreme.

    >>> ratio_digits(13.8814), ratio_digits(2e7), ratio_digits(float("inf"))
    ('13.9', '>1,000,000', '∞')
    """
    if 1e6 < value < math.inf:
        return ">1,000,000"
    return "<0.001" if 0 < value < 0.001 else significant(value)


def p_value(p: float | None) -> str:
    """A p value to three decimals; below 0.001 as ``<0.001``, never 0.000.

    >>> p_value(0.0004), p_value(0.03996), p_value(1.0), p_value(None)
    ('<0.001', '0.040', '1.000', '–')
    """
    if p is None or math.isnan(p):
        return NOTHING
    return "<0.001" if p < 0.001 else fixed(p, 3)


def p_phrase(p: float | None) -> str:
    """A p value inside a sentence: ``p = 0.004``, ``p < 0.001``."""
    said = p_value(p)
    return f"p < {said[1:]}" if said.startswith("<") else f"p = {said}"


def percent(share: float | None, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> percent(19 / 32), percent(None)
    ('59.4%', '–')
    """
    return NOTHING if share is None or math.isnan(share) else fixed(100 * share, decimals) + "%"


def count_of(count: int, total: int) -> str:
    """``19 (59.4%)``; without a total there is no percentage."""
    return f"{count:,} ({percent(count / total)})" if total else f"{count:,}"


def interval(ends: Interval | None, decimals: int | None = None) -> str:
    """``1.83 to 23.1`` in three significant digits, or in fixed decimals when given."""
    if ends is None:
        return NOTHING
    if decimals is None:
        return f"{ratio_digits(ends.low)} to {ratio_digits(ends.high)}"
    return f"{fixed(ends.low, decimals)} to {fixed(ends.high, decimals)}"


def level(ends: Interval | float) -> str:
    """The confidence in words: ``95%``."""
    share = ends if isinstance(ends, float) else ends.level
    return f"{100 * share:g}%"


def answer(said: bool | None) -> str:
    """Yes, no, or cannot say.

    >>> answer(True), answer(None)
    ('yes', 'cannot say')
    """
    return "cannot say" if said is None else ("yes" if said else "no")


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> counted(1, "patient"), counted(2, "patient"), counted(0, "study", "studies")
    ('1 patient', '2 patients', '0 studies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(words: str) -> str:
    """The same words as a sentence begins: names keep their capitals.

    >>> sentence("interval by Wald")
    'Interval by Wald'
    """
    return words[:1].upper() + words[1:]


def listed(words: tuple[str, ...] | list[str]) -> str:
    """``a, b and c``.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *front, last = list(words) or [""]
    return f"{', '.join(front)} and {last}" if front else last
