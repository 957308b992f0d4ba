"""Headers: the field a header stands for, and the unit it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avidity.dictionary.fields import Field, Table, dictionary

LONGEST = 100  # characters of a header that may name a measured field
_BRACKET = re.compile(r"(.+?)[\s_]*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_AFTER = re.compile(r"(.+?)(?:\s*[,;:]\s*|\s+(?:in|en)\s+)([^\s,;:]+(?:\s?/\s?\S+)?)\s*")


def match(table: Table, header: str) -> tuple[str, str, Field | None]:
    """A header's stem, the unit it names ("" when none), and the field it stands for.

    "Activity (mCi)", "activity_mci", "Activity, mCi" and "activity in mCi" all name both.
    """
    if whole := table.field_of(header):
        return header, "", whole
    readings = list(_readings(header))
    for stem, unit in readings:
        if field := table.field_of(stem):
            return stem, unit, field
    known = ((s, u) for s, u in readings if dictionary().quantity_of(u) and len(u) > 1)
    stem, unit = next(known, (header, ""))
    return stem, unit, None


def _readings(header: str) -> Iterator[tuple[str, str]]:
    """Ways to take a unit off a header, the surest first."""
    if len(header) > LONGEST:
        return
    if found := _BRACKET.fullmatch(header):
        yield found[1], _unit_or_nothing(found[2])
    if (found := _AFTER.fullmatch(header)) and dictionary().quantity_of(found[2]):
        yield found[1], found[2]
    words = re.sub(r"[\W_]+", " ", header.replace("µ", "u").replace("μ", "u")).split()
    for n in (2, 1, 3):
        if len(words) > n:
            unit = "_".join(words[-n:])
            if dictionary().quantity_of(unit):
                yield " ".join(words[:-n]), "/".join(words[-n:])


def _unit_or_nothing(text: str) -> str:
    """A bracket's content when it looks like a unit; '(F/M)' or '(at diagnosis)' is a remark."""
    if dictionary().quantity_of(text):
        return text.strip()
    return text.strip() if len(text) <= 8 and not re.search(r"\d", text) else ""
