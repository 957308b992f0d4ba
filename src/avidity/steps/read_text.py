"""Text tables: which letters, which separator, and the cells exactly as typed."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from avidity.errors import ReadError
from avidity.said import say

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 30  # records that decide which separator it is
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(raw: bytes, name: str) -> tuple[list[list[str]], str]:
    """The records of a text table and how it was read ("cp1252, separated by ';'").

    raises  ReadError when the bytes are no text table
    """
    text, encoding = decode(raw, name)
    text, separator = _told_separator(text)
    separator = separator or best_separator(text)
    rows = _records(text, separator, name)
    word = {"\t": "tab"}.get(separator, f"'{separator}'")
    return rows, f"{encoding}, separated by {word}"


def decode(raw: bytes, name: str) -> tuple[str, str]:
    """Bytes as text: by their mark, else UTF-8, else Windows-1252, else Latin-1."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decode_as(raw, encoding, name), encoding.removesuffix("-sig")
    if encoding := _unmarked_utf16(raw):
        return _decode_as(raw, encoding, name), encoding
    if raw.count(0) > len(raw) // 100 + 8:
        raise ReadError(
            say(
                "{name} must be a table as text; it holds binary data. Save it as CSV or XLSX",
                name=name,
            )
        )
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def _decode_as(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise ReadError(
            say(
                "{name} says it is {what} text and is damaged; save it again as UTF-8",
                name=name,
                what=encoding.upper(),
            )
        ) from None


def _unmarked_utf16(raw: bytes) -> str:
    """'utf-16-le' or '-be' when every other byte of the beginning is nil, else ''."""
    start = raw[: 2 * (min(len(raw), 400) // 2)]
    if len(start) < 8:
        return ""
    half = len(start) // 2
    if start[1::2].count(0) > 0.7 * half and start[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if start[::2].count(0) > 0.7 * half and start[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _told_separator(text: str) -> tuple[str, str]:
    """The text without Excel's first line 'sep=;', and the separator it tells."""
    first, _, rest = text.partition("\n")
    line = first.strip().strip('"')
    if line[:4].lower() == "sep=" and len(line) == 5:
        return rest, line[4]
    if line.lower() == "sep=" and first.rstrip("\r\n").endswith("\t"):
        return rest, "\t"
    return text, ""


def best_separator(text: str) -> str:
    r"""The separator that cuts the first records into the most columns most regularly.

    >>> best_separator('a;b\n1,5;2\n'), best_separator('a,b\n"x;y",2\n')
    (';', ',')
    """
    start = text[:200_000]
    scores = [(_regularity(start, separator), separator) for separator in SEPARATORS]
    best = max(score for score, _ in scores)
    return next(separator for score, separator in scores if score == best)


def _regularity(text: str, separator: str) -> float:
    """Columns of the commonest width, times the share of records that have it.

    The first record of that width should be the header: when it holds a number, decimal commas
    were taken for separators, and the score is small.
    """
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(cell.strip() for cell in record):
                records.append(record)
            if len(records) == LOOKED_AT:
                break
    except csv.Error:
        return 0.0
    if not records:
        return 0.0
    widths = Counter(map(len, records))
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
    header = next(record for record in records if len(record) == width)
    score = (width - 1) * times / len(records)
    return score / 10 if any(cell.strip().isdigit() for cell in header) else score


def _records(text: str, separator: str, name: str) -> list[list[str]]:
    # io.StringIO cuts lines at line ends only; str.splitlines would also cut at form feeds
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise ReadError(_trouble(name, len(rows) + 1, str(error))) from None
    return rows


def _trouble(name: str, row: int, said: str) -> str:
    if "field larger" in said:
        return say(
            "{name}, row {row}: a cell must be shorter than {what:,} characters; most likely a"
            " quotation mark is never closed there",
            name=name,
            row=row,
            what=csv.field_size_limit(),
        )
    return say(
        "{name}, row {row}: quotation marks must come in pairs around a whole cell; one is never"
        " closed or stands inside. Correct that row, or save the table as XLSX",
        name=name,
        row=row,
    )
