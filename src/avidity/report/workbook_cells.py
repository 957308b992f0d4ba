"""The cells of a workbook: their dress, their text, the height of their rows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

_LONGEST_TEXT = 32_767  # signs, what a cell can hold


@dataclass(slots=True)
class Book:
    """The workbook in the making: formats are made once each, names are used once each."""

    book: Workbook
    names: set[str] = field(default_factory=set)
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def dress(self, **properties: Any) -> Format:  # noqa: ANN401  # texts, numbers and flags
        """The format with these properties over those all cells share."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            self.formats[key] = self.book.add_format(base | properties)
        return self.formats[key]

    def name(self, wish: str) -> str:
        """A sheet name Excel accepts and no other sheet has."""
        clean = re.sub(r"[\[\]:*?/\\']", " ", wish).strip()[:28] or "Sheet"
        name, again = clean, 2
        while name.lower() in self.names:
            name, again = f"{clean} {again}", again + 1
        self.names.add(name.lower())
        return name


def say(sheet: Worksheet, at: tuple[int, int], text: str, dress: Format) -> None:
    """Text as text, whatever it looks like."""
    if not text:
        sheet.write_blank(*at, None, dress)
        return
    short = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    sheet.write_string(*at, short, dress)


def tall(sheet: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """A row as tall as its wrapped texts need, each in a width in signs; a guess on the safe side.

    Not every program finds the height itself.
    """
    lines = max((math.ceil(0.95 * len(text) / width) for text, width in texts), default=1)
    if lines > 1:
        sheet.set_row(row, 13.5 * lines + 1.5)
