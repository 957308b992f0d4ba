"""What a new study folder holds: a commented study.toml and a workbook to fill.

The workbook is the data dictionary made visible: one sheet per table, the unit in the header,
drop-downs with the allowed values, and a note on each header that says what is meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from avidity.dictionary.fields import Field, Table, dictionary
from avidity.errors import WriteError
from avidity.steps.check_numbers import in_words
from avidity.steps.read import LISTS, READ_ME

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WORKBOOK = "records.xlsx"
ROWS = 5000  # rows prepared with drop-downs and formats
NOT_ASKED = ("tg_censored",)  # typed as a sign in front of the number
_KEY, _HEAD, _OPTIONAL = "#1F4E5F", "#2F7F8F", "#7FB3BD"


def init(folder: Path) -> tuple[Path, ...]:
    """Make a study folder; the files written.

    raises  WriteError when the folder holds anything already, or cannot be written
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise WriteError(
                f"a new study needs a new or an empty folder; '{folder.name}' holds something."
                " Choose another name"
            )
        folder.mkdir(parents=True, exist_ok=True)
        study = folder / "study.toml"
        study.write_text(study_text(), encoding="utf-8")
        book = folder / WORKBOOK
        _write_workbook(book)
    except OSError as error:
        raise WriteError(f"{folder.name} cannot be written: {error.strerror or error}") from None
    return study, book


def study_text() -> str:
    """The commented study file."""
    return resources.files("avidity.steps").joinpath("study_template.toml").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class _Looks:
    """The formats of the workbook."""

    key: Format
    head: Format
    day: Format
    text: Format
    title: Format
    strong: Format
    wrap: Format
    link: Format


def _write_workbook(path: Path) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})  # same bytes each time
    looks = _looks(book)
    tables = dictionary().tables
    _read_me(book.add_worksheet(READ_ME), tables, looks)
    sheets = {name: book.add_worksheet(name) for name in tables}
    places = _lists(book.add_worksheet(LISTS), tables, looks)
    for name, table in tables.items():
        _table(sheets[name], table, places, looks)
    try:
        book.close()
    except FileCreateError as error:
        raise WriteError(f"{path.name} cannot be written: {error}") from None


def _looks(book: Workbook) -> _Looks:
    head = {"bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
    return _Looks(
        key=book.add_format({**head, "bg_color": _KEY, "border": 1}),
        head=book.add_format({**head, "bg_color": _HEAD, "border": 1}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        text=book.add_format({"num_format": "@"}),
        title=book.add_format({"bold": True, "font_size": 16, "font_color": _KEY}),
        strong=book.add_format({"bold": True, "valign": "top"}),
        wrap=book.add_format({"text_wrap": True, "valign": "top"}),
        link=book.add_format({"font_color": "#1F4E9F", "underline": 1, "valign": "top"}),
    )


_INSTRUCTIONS = (
    (
        "One sheet, one table",
        (
            "Fill 'patients' first, one row per patient. It is the only sheet"
            " every study needs; fill the others as far as your records go, leave the rest empty."
        ),
    ),
    (
        "Patient number",
        ("The study's own number, the same in every sheet. No names, no hospital numbers."),
    ),
    ("Missing", "Leave the cell empty. An empty cell means 'not known'; it never means 'no'."),
    (
        "Headers",
        (
            "Rest the pointer on a header to read what is meant. Keep the header row; columns"
            " you do not need may be deleted, and columns of your own added to 'patients'."
        ),
    ),
    (
        "Units",
        (
            "The unit stands in the header. To use another one, change it there:"
            " activity (mCi) or (GBq), diameter (cm), tg (ug/L). Never mix units in a column."
        ),
    ),
    (
        "Drop-downs",
        (
            "Cells with a list offer the allowed words. Older and French words are"
            " understood as well (Hürthle cell, oui, femme)."
        ),
    ),
    ("Dates", "As a date cell, or as 2015-03-28, or 28/03/2015 (day first)."),
    ("Thyroglobulin", "Below the assay's limit, type the sign and the limit: <0.1. It is kept so."),
    (
        "None at all",
        (
            "In 'patients', number_of_courses and number_of_lesions say how many rows"
            " there must be: 0 lesions means there never was structural disease."
        ),
    ),
    (
        "Then",
        (
            "Save, and run: avidity check FOLDER. It lists every problem, with the cell and what"
            " to do; avidity check FOLDER --mark problems.xlsx colours the cells."
        ),
    ),
)


def _read_me(sheet: Worksheet, tables: Mapping[str, Table], looks: _Looks) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 0, "Records for a study of radioiodine-refractory disease", looks.title)
    row = 2
    for what, how in _INSTRUCTIONS:
        sheet.set_row(row, 16 * (1 + len(how) // 95) + 3)
        sheet.write_string(row, 0, what, looks.strong)
        sheet.write_string(row, 1, how, looks.wrap)
        row += 1
    row += 1
    sheet.write_string(row, 0, "Sheet", looks.key)
    sheet.write_string(row, 1, "What a row is", looks.key)
    for name, table in tables.items():
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A2", looks.link, name)
        sheet.write_string(row, 1, table.about, looks.wrap)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _choices(field: Field) -> tuple[str, ...]:
    """What a drop-down offers."""
    if field.type == "yes/no":
        return ("yes", "no")
    return tuple(field.values) if field.type == "category" else ()


def _lists(sheet: Worksheet, tables: Mapping[str, Table], looks: _Looks) -> dict[str, str]:
    """The hidden sheet behind the drop-downs; for each "table.field" its range."""
    places: dict[str, str] = {}
    written: dict[tuple[str, ...], str] = {}
    for table in tables.values():
        for field in table.fields.values():
            choices = _choices(field)
            if not choices:
                continue
            if choices not in written:
                column = len(written)
                sheet.write_string(0, column, f"{table.name}.{field.name}", looks.strong)
                sheet.write_column(1, column, choices)
                written[choices] = _range(column, len(choices))
            places[f"{table.name}.{field.name}"] = written[choices]
    sheet.hide()
    return places


def _range(column: int, n: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    return f"='{LISTS}'!{xl_range_abs(1, column, n, column)}"


def header(field: Field) -> str:
    """The header of a field: its name, and its unit in brackets."""
    return f"{field.name} ({field.unit})" if field.unit else field.name


def note(field: Field) -> str:
    """The note on a header: what is meant, what is allowed, what is usual."""
    lines = [field.label, field.definition]
    if field.type == "yes/no":
        lines.append("yes or no; empty when not known.")
    elif field.type == "category":
        lines.append("One of: " + ", ".join(field.values) + ".")
    elif field.type == "date":
        lines.append("A date, as 2015-03-28.")
    elif field.type in ("number", "integer"):
        kind = "Whole number" if field.type == "integer" else "Number"
        limits = in_words(field.hard, field.unit)
        lines.append(f"{kind}, {limits}." if limits else f"{kind}.")
        if usual := in_words(field.soft, field.unit):
            lines.append(f"Usually {usual}; others are asked about.")
    if field.quantity and len(field.quantity.units) > 1:
        lines.append("Other units, when the header says so: " + ", ".join(field.quantity.units))
    return "\n".join(line for line in lines if line)


def _table(sheet: Worksheet, table: Table, places: Mapping[str, str], looks: _Looks) -> None:
    fields = [field for field in table.fields.values() if field.name not in NOT_ASKED]
    sheet.set_row(0, 32)
    for column, field in enumerate(fields):
        name = header(field)
        is_key = field.name in table.key
        sheet.write_string(0, column, name, looks.key if is_key else looks.head)
        sheet.write_comment(0, column, note(field), {"x_scale": 2.4, "y_scale": 1.8})
        look = {"date": looks.day, "text": looks.text}.get(field.type)
        sheet.set_column(column, column, _width(field, name), look)
        _allow(sheet, column, field, places.get(f"{table.name}.{field.name}", ""))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _width(field: Field, name: str) -> float:
    longest = max((len(choice) for choice in _choices(field)), default=0)
    return max(11, 1.2 * max(map(len, name.split())) + 3, longest + 3)


def _allow(sheet: Worksheet, column: int, field: Field, source: str) -> None:
    """A drop-down, or limits; it warns and lets pass, since synonyms are read as well."""
    told = {
        "error_type": "warning",
        "error_title": field.label[:32],
        "ignore_blank": True,
    }
    if source:
        told |= {
            "validate": "list",
            "source": source,
            "error_message": "This word is not on the list; avidity may still understand it.",
        }
    elif field.type == "date":
        told |= {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(1900, 1, 2),
            "maximum": dt.date(2100, 12, 31),
            "error_message": "This should be a date, as 2015-03-28.",
        }
    else:
        return
    sheet.data_validation(1, column, ROWS, column, told)
