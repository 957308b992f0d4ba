"""Numbers in a sheet: which it can hold, and the format under which one looks as printed."""

from __future__ import annotations

import re
from numbers import Real
from typing import Any

from avidity.report.document import Number

_PRINTED = re.compile(r"(?P<sign>[-−]?)(?P<digits>[\d,]+)(?:\.(?P<decimals>\d+))?(?P<percent>%?)")
_BELOW = re.compile(r"<\s?(?P<limit>0\.(?P<decimals>\d+))")


def storable(value: Number | str | None) -> bool:
    """Whether a sheet can hold this number as one."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return bool(abs(value) < 1e300)  # not true of what is infinite or does not exist


def shown_as(text: str, value: Any, mark: str = "") -> str | None:  # noqa: ANN401  # see storable
    """The number format under which this value looks like this text, or None.

    mark  letters of footnotes to show behind the number
    """
    tail = f'" {mark}"' if mark else ""
    if below := _BELOW.fullmatch(text.strip()):
        limit, zeros = below["limit"], "0" * len(below["decimals"])
        words = f"<{limit} {mark}".strip()
        return f'[<{limit}]"{words}";0.{zeros}{tail}' if value < float(limit) else None
    if not (printed := _PRINTED.fullmatch(text.strip())):
        return None
    decimals = len(printed["decimals"] or "")
    whole = "#,##0" if "," in printed["digits"] else "0"
    shown = f"{whole}.{'0' * decimals}" if decimals else whole
    read = float(printed["digits"].replace(",", "") + "." + (printed["decimals"] or "0"))
    read = -read if printed["sign"] else read
    half = 0.5000001 * 10.0**-decimals
    if printed["percent"]:
        return f"{shown}%{tail}" if abs(read - 100 * value) <= half else None
    return f"{shown}{tail}" if abs(read - value) <= half else None
