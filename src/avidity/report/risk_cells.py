"""How Excel writes a model's columns, and how the cells of its workbook are dressed."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from avidity.report.workbook_cells import say
from avidity.riskmodel.exports.expression import Dialect
from avidity.riskmodel.inputs import Given

EXCEL = Dialect(
    cut="IF({x}{sign}{v},1,0)",
    cubed="MAX({x}-({v}),0)^3",
    answer='IF({x}="yes",1,0)',
    indicator="IF({x}={v},1,0)",
    equal="{x}={v}",
    known="ISNUMBER({x})",
    within="AND(ISNUMBER({x}),{x}>={low},{x}<={high})",
    yes='"yes"',
    no='"no"',
    both=lambda parts: f"AND({','.join(parts)})",
    either=lambda parts: f"OR({','.join(parts)})",
    quote=lambda text: '"' + text.replace('"', '""') + '"',
)

HEAD: dict[str, Any] = {"bold": True, "bottom": 1}
INPUT: dict[str, Any] = {"bg_color": "#fff6d6", "border": 1, "locked": False, "align": "right"}
OUT: dict[str, Any] = {"num_format": "0.000", "align": "right"}
QUIET: dict[str, Any] = {"font_color": "#56606b", "text_wrap": True}


def put(sheet: Worksheet, at: tuple[int, int], value: Given | None, dress: Format) -> None:
    """An input as a cell: a number as a number, yes and no as words."""
    if value is None:
        sheet.write_blank(*at, None, dress)
    elif isinstance(value, bool):
        say(sheet, at, "yes" if value else "no", dress)
    elif isinstance(value, str):
        say(sheet, at, value, dress)
    else:
        sheet.write_number(*at, value, dress)
