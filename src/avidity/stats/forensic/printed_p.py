"""A p value as papers print it: a number, a limit, or a word."""

from __future__ import annotations

from fractions import Fraction

from avidity.stats.rounded import Rounded, rounded

NOT_SIGNIFICANT = ("ns", "n.s.", "n.s", "not significant")


def printed_p(text: str) -> Rounded:
    """A p value from its print: 0.004, <0.001, 0.000, 1.000; NS for every p of 0.05 and more.

    A leading "p", "=" and stars are passed over.
    raises  ValueError when it is no p value

    >>> p_range(printed_p("0.000")), p_range(printed_p("NS")), p_range(printed_p("p<0.001*"))
    ((0.0, 0.0005), (0.05, 1.0), (0.0, 0.001))
    """
    bare = text.strip().strip("*").strip()
    if bare.lower() in NOT_SIGNIFICANT:
        return Rounded(text, Fraction(1, 20), 2, ">", Fraction(1, 20), None)
    given = rounded(bare.lstrip("pP").strip().lstrip("=").strip())
    if not 0 <= given.value <= 1:
        raise ValueError(f"must be a p value between 0 and 1, found {text!r}")
    return given


def p_range(printed: Rounded) -> tuple[float, float]:
    """Every p that prints so, never beyond 0 and 1."""
    high = 1.0 if printed.high is None else min(1.0, float(printed.high))
    return max(0.0, float(printed.low)), high


def prints(low: float, high: float, printed: Rounded, slack: float = 1e-9) -> bool:
    """Whether a p somewhere from low to high prints so.

    >>> prints(0.0046, 0.0046, printed_p("0.005")), prints(0.0060, 0.0061, printed_p("0.005"))
    (True, False)
    """
    lowest, highest = p_range(printed)
    if printed.bound == "<":  # "<0.001" is never 0.001 itself
        return low < highest
    if printed.bound == ">":
        return high >= lowest
    return low <= highest + slack and high >= lowest - slack
