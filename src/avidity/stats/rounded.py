"""A number as somebody printed it: not a point, but every number that prints so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Bound = Literal["", "<", ">"]
FORM = re.compile(r"([<>≤≥]?)\s*([+-]?)(\d+(?:[.,·]\d+)?|[.·]\d+)")


@dataclass(frozen=True, slots=True)
class Rounded:
    """A printed number and what it stands for.

    text      as printed
    value     the digits, exactly
    decimals  how many stand after the point
    bound     "<" or ">" when the print gives a limit only ("<0.001")
    low, high every number that rounds to the print, both ends included: rounding half up and
              half to even are both allowed, so that a printed 0.30 may be 0.295 and may be 0.305.
              A print with "<" reaches from 0 to its digits, one with ">" has no upper end
    """

    text: str
    value: Fraction
    decimals: int
    bound: Bound
    low: Fraction
    high: Fraction | None

    def holds(self, value: float | Fraction, slack: float = 1e-9) -> bool:
        """Whether the number prints so; slack is the relative error of its computation.

        >>> rounded("0.30").holds(0.295), rounded("0.30").holds(0.2949), rounded("<0.001").holds(0)
        (True, False, True)
        """
        exact = Fraction(value)
        room = Fraction(slack) * max(Fraction(1), abs(exact))
        return self.low - room <= exact and (self.high is None or exact <= self.high + room)


def rounded(text: str) -> Rounded:
    """Read a number as printed: ``6.502``, ``.30``, ``−1.2``, ``<0.001``, ``14,128`` as 14.128.

    One comma or raised point is a decimal point, as French and British journals print it.
    Percent signs, spaces around it and units are not numbers: take them off first.

    raises  ValueError when it is no number as printed

    >>> one = rounded("6.502")
    >>> float(one.low), float(one.high), one.decimals
    (6.5015, 6.5025, 3)
    """
    plain = text.strip().replace("−", "-").replace("–", "-")
    match = FORM.fullmatch(plain)
    if not match:
        raise ValueError(f"must be a number as printed, such as 6.502 or <0.001, found {text!r}")
    limit, sign, digits = match.groups()
    exact = Decimal(sign + digits.replace(",", ".").replace("·", "."))
    decimals = max(0, -int(exact.as_tuple().exponent))
    value, half = Fraction(exact), Fraction(1, 2 * 10**decimals)
    if limit in ("<", "≤"):
        return Rounded(text, value, decimals, "<", Fraction(0), value)
    if limit in (">", "≥"):
        return Rounded(text, value, decimals, ">", value, None)
    return Rounded(text, value, decimals, "", value - half, value + half)
