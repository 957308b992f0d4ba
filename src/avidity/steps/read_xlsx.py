"""What the cell reader does not tell about a workbook: formulas without a result, cells with
an error, the calendar of 1904, and whether it unpacks to a size a table of records can have.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from avidity.errors import ReadError
from avidity.said import say

MOST_BYTES = 1_000_000_000  # unpacked
MOST_CELLS = 20_000_000
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
# A cell as programs write it; a cell of any kind with its attributes; its place among them.
_USUAL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: [a-z]+="[^"<>]*")*+ ?(/?)>')
_ANY = re.compile(rb"<(?:\w+:)?c(?=[\s/>])((?>[^>\"']+|\"[^\"]*\"|'[^']*')*+)>")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])((?>[^>\"']+|\"[^\"]*\"|'[^']*')*+)>")
_AT = re.compile(rb"(?:^|\s)r\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PLACE = re.compile(rb"([A-Z]{0,3})(\d{1,7})")
_EMPTY_FORMULA = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*'
    rb"(?:<v\s*/>\s*|<v>\s*</v>\s*)?</c>"
)
_ERROR = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:(?!</c>).)*?<v>(#[^<]*)</v>',
    re.DOTALL,
)
_NOT_AVAILABLE = b"#N/A"  # says 'missing', and is read so


@dataclass(frozen=True, slots=True)
class Seen:
    """What one sheet holds beside values.

    unreadable  (row, column, what), from 0: formulas never calculated, and errors
    formulas    how many formulas there are
    """

    unreadable: tuple[tuple[int, int, str], ...] = ()
    formulas: int = 0


class Package:
    """The parts of a zipped workbook.

    is_xlsx     XLSX or XLSM; the other zipped formats (XLSB, ODS) have no parts read here
    epoch_1904  its days are counted from 1904
    """

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise self._damaged() from None
        if sum(part.file_size for part in self._zip.infolist()) > MOST_BYTES:
            raise ReadError(
                say(
                    "{name} must unpack to less than {most_bytes:,} bytes; it is larger. Copy the"
                    " filled cells into a new workbook",
                    name=name,
                    most_bytes=MOST_BYTES,
                )
            )
        book = self._part("xl/workbook.xml")
        self.is_xlsx = bool(book)
        self.epoch_1904 = bool(re.search(rb'date1904="(1|true)"', book))
        self._paths = _paths(book, self._part("xl/_rels/workbook.xml.rels"))

    def sheet(self, sheet: str) -> Seen:
        """What a sheet holds beside values.

        raises  ReadError when a stray cell makes the sheet larger than any table of records
        """
        xml = self._part(self._paths.get(sheet, ""))
        if not xml:
            return Seen()
        self._fits(sheet, xml)
        empty = [
            (*_place(found), say("a formula without a result")) for found in _empty_formulas(xml)
        ]
        errors = [
            (*_place(found), say("the error {code}", code=found[3].decode("utf-8", "replace")[:10]))
            for found in (_ERROR.finditer(xml) if b't="e"' in xml else ())
            if found[3] != _NOT_AVAILABLE
        ]
        formulas = xml.count(b"<f>") + xml.count(b"<f ")
        return Seen(tuple(sorted(empty + errors)), formulas)

    def _fits(self, sheet: str, xml: bytes) -> None:
        """A cell reader makes room for every cell up to the last one; so first see where it is."""
        reach = _reach(xml)
        if reach is None:
            raise self._damaged()
        widest, last = reach
        if widest * last > MOST_CELLS:
            raise ReadError(
                say(
                    "{name}, sheet '{sheet}': the filled cells must lie together; they reach to"
                    " column {widest:,} and row {last:,}. Delete the stray cell far out, or copy"
                    " the table into a new workbook",
                    name=self.name,
                    sheet=sheet,
                    widest=widest,
                    last=last,
                )
            )

    def _part(self, path: str) -> bytes:
        """One part, unpacked and held against its checksum; nothing when there is none."""
        if path not in self._zip.namelist():
            return b""
        try:
            return self._zip.read(path)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ):
            raise self._damaged() from None

    def _damaged(self) -> ReadError:
        return ReadError(
            say(
                "{name} must be a sound workbook; it is damaged or cut short. Open it in the"
                " spreadsheet program and save it again",
                name=self.name,
            )
        )


def _paths(book: bytes, relations: bytes) -> dict[str, str]:
    """Sheet name -> path of its part."""
    targets = {}
    for tag in _RELATION.findall(relations):
        target = _attribute(tag, rb"Target").lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        targets[_attribute(tag, rb"Id")] = path
    return {
        _attribute(tag, rb"name"): targets.get(_attribute(tag, rb"\w+:id"), "")
        for tag in _SHEET.findall(book)
    }


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""


def _empty_formulas(xml: bytes) -> list[re.Match[bytes]]:
    return list(_EMPTY_FORMULA.finditer(xml)) if b"<f" in xml else []


def _reach(xml: bytes) -> tuple[int, int] | None:
    """The last column and row among filled cells; None where a cell's place is no place.

    Cells may be written in any order and in unusual ways: then each is looked at.
    """
    usual = _USUAL.findall(xml)
    if len(usual) != len(_CELL.findall(xml)):
        return _unusual_reach(xml)
    letters = {column for column, _, empty in usual if not empty}
    rows = {row for _, row, empty in usual if not empty}
    return max(map(_column, letters), default=0), max(map(int, rows), default=0)


def _unusual_reach(xml: bytes) -> tuple[int, int] | None:
    placed = [found for found in map(_placed, _ANY.findall(xml)) if found != (0, 0)]
    rows = [_placed(found) for found in _ROW.findall(xml)]
    if None in placed or None in rows:
        return None
    parts = _ROW.split(xml)[2::2]  # a cell without a place follows the one before it
    widest = max((len(_CELL.findall(part)) for part in parts), default=0)
    known = [found for found in placed if found]
    last = max((row for found in (*known, *rows) if found for row in found[1:]), default=0)
    return max([column for column, _ in known] + [widest], default=0), last


def _placed(attributes: bytes) -> tuple[int, int] | None:
    """Column and row of a tag, 0 where it says none or is empty; None for what is no place."""
    if attributes.endswith(b"/"):
        return 0, 0
    found = _AT.search(attributes)
    if found is None:
        return 0, 0
    place = _PLACE.fullmatch(found[1] if found[1] is not None else found[2])
    return (_column(place[1]), int(place[2])) if place else None


def _place(found: re.Match[bytes]) -> tuple[int, int]:
    return int(found[2]) - 1, _column(found[1]) - 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
