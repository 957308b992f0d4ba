"""Read: what is in the files, and which files were they?

The one door to the outside. Cells come in exactly as typed, with their true addresses;
nothing is interpreted here. CSV (any common separator and encoding), XLSX, XLSM, XLSB, XLS
and ODS are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from avidity.dictionary.fields import Dictionary, dictionary
from avidity.errors import ReadError, StudyFileError
from avidity.said import say
from avidity.steps.finding import Finding
from avidity.steps.read_shape import Cell, Grid, shape
from avidity.steps.read_text import read_text
from avidity.steps.read_workbook import ENDINGS, Workbook, is_workbook
from avidity.study import Study

__all__ = ["FINDINGS", "Cell", "Raw", "RawTable", "read"]

READ_ME, LISTS = "read me", "lists"  # sheets of our own template, never tables
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
FINDINGS = "findings"  # first sheet of a workbook made by mark, which is never read as records
_NOTHING = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"
LARGEST = 500_000_000  # bytes of one file


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table exactly as typed.

    headers      as they stand, outer spaces taken off
    positions    the column of each header, from 1
    rows         cells, one per header
    row_numbers  the row of each, as a person counts (the header row is included)
    header_row   the row the header stands in (the lower one of two)
    sha256       of the whole file the table came from
    how          encoding and separator of a text file, else ""
    findings     what was odd about the sheet's shape
    """

    table: str
    file: str
    sheet: str
    path: Path
    headers: tuple[str, ...]
    positions: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_numbers: tuple[int, ...]
    header_row: int
    sha256: str
    how: str = ""
    epoch_1904: bool = False
    findings: tuple[Finding, ...] = ()

    def column(self, header: str) -> tuple[Cell, ...]:
        """The cells under a header."""
        place = self.headers.index(header)
        return tuple(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Raw:
    """Every table of a study as typed; ``sha256`` names the files' contents together."""

    tables: Mapping[str, RawTable]
    sha256: str
    ignored: tuple[str, ...] = ()  # files and sheets in the folder that are no table of ours
    remarks: tuple[str, ...] = field(default=())  # how a table was recognised, where not by name


def read(study: Study) -> Raw:
    """The tables of a study, from the files its study.toml names or its folder holds.

    raises  ReadError when a file is absent, damaged, locked, empty or ambiguous
    """
    ignored: list[str] = []
    remarks: list[str] = []
    if study.tables:
        places = _told(study)
    else:
        places, ignored, remarks = _found(study)
    if "patients" not in places:
        raise ReadError(
            say(
                "{what} must hold a table of patients: a workbook with a sheet 'patients', or"
                " patients.csv; none was found. Name it under [tables] in study.toml, or add it",
                what=study.folder.name or say("the folder"),
            )
        )
    tables = {name: _table(name, place) for name, place in places.items()}
    lines = sorted(f"{t.table}\0{t.sheet}\0{t.sha256}" for t in tables.values())
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Raw(MappingProxyType(tables), digest, tuple(ignored), tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Place:
    """A table's grid, and the path and the hash of the file it is in."""

    grid: Grid
    path: Path
    sha256: str


class _Files:
    """Files opened once each."""

    def __init__(self) -> None:
        self._raw: dict[Path, bytes] = {}
        self._books: dict[Path, Workbook] = {}

    def raw(self, path: Path) -> bytes:
        if path not in self._raw:
            self._raw[path] = _bytes(path)
        return self._raw[path]

    def sha256(self, path: Path) -> str:
        return hashlib.sha256(self.raw(path)).hexdigest()

    def book(self, path: Path) -> Workbook:
        if path not in self._books:
            self._books[path] = Workbook(self.raw(path), path.name)
        return self._books[path]

    def text(self, path: Path) -> _Place:
        raw = self.raw(path)
        if is_workbook(raw):
            raise ReadError(
                say(
                    "{path} must be a table as text; it is a workbook inside. Rename it to .xlsx"
                    " (or .xls, .ods), or save it as CSV",
                    path=path.name,
                )
            )
        rows, how = read_text(raw, path.name)
        return _Place(Grid(path.name, "", rows, how=how), path, self.sha256(path))

    def sheet(self, path: Path, sheet: str) -> _Place:
        return _Place(self.book(path).grid(sheet), path, self.sha256(path))


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise ReadError(
            say("there must be a file {path}; none was found. Check the name", path=path.name)
        )
    try:
        if path.stat().st_size > LARGEST:
            raise ReadError(
                say(
                    "{path} must be smaller than {largest:,} bytes", path=path.name, largest=LARGEST
                )
            )
        raw = path.read_bytes()
    except OSError as error:
        raise ReadError(
            say("{path} cannot be read: {why}", path=path.name, why=error.strerror or error)
        ) from None
    if not raw[:10_000].strip(_NOTHING) and not raw.strip(_NOTHING):
        raise ReadError(say("{path} must hold a table; it is empty", path=path.name))
    return raw


def _told(study: Study) -> dict[str, _Place]:
    """Tables where [tables] says they are: 'file.csv', 'file.xlsx' or 'file.xlsx#Sheet'."""
    files, places = _Files(), {}
    for table, told in study.tables.items():
        if table not in dictionary().tables:
            known = ", ".join(dictionary().tables)
            raise StudyFileError(
                say("[tables] must name tables of the dictionary ({known})", known=known)
            )
        file, _, sheet = told.partition("#")
        path = study.folder / file
        if path.suffix.lower() in ENDINGS:
            places[table] = files.sheet(path, _sheet(files.book(path), sheet, table))
        else:
            places[table] = files.text(path)
    return places


def _sheet(book: Workbook, told: str, table: str) -> str:
    """The sheet that was told, or the one that bears the table's name, or the only one."""
    if told:
        if told in book.sheets:
            return told
        raise ReadError(
            say(
                "{book} must have a sheet '{told}'; it has {names}. Correct [tables] in study.toml",
                book=book.name,
                told=told,
                names=_listed(book.sheets),
            )
        )
    named = [sheet for sheet in book.sheets if dictionary().table_of(sheet) == table]
    if len(named) == 1 or len(book.sheets) == 1:
        return (named or list(book.sheets))[0]
    raise ReadError(
        say(
            "{book} must have one sheet for {table}; it has {names}. Write {table} = "
            '"{book}#SHEET" under [tables] in study.toml',
            book=book.name,
            table=table,
            names=_listed(book.sheets),
        )
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or say("none")


def _found(study: Study) -> tuple[dict[str, _Place], list[str], list[str]]:
    """Tables found by their names: sheets of the workbook, and CSV files of the folder."""
    files, known = _Files(), dictionary()
    here = _files_of(study.folder)
    books = [path for path in here if path.suffix.lower() in ENDINGS]
    texts = [path for path in here if path.suffix.lower() in TEXT_ENDINGS]
    told = (study.sound.replayed, study.outcome.overrides)
    texts = [path for path in texts if path.name not in told]
    if study.workbook:
        books = [study.folder / study.workbook]
    else:
        books = [path for path in books if not _is_marked_copy(files.book(path))]
    if len(books) > 1:
        raise ReadError(
            say(
                "there must be one workbook; the folder holds {names}. Write workbook = NAME at"
                " the top of study.toml",
                names=_listed(p.name for p in books),
            )
        )
    candidates: dict[str, list[tuple[Path, str]]] = {}
    ignored: list[str] = []
    remarks: list[str] = []
    for path in books:
        for sheet in files.book(path).sheets:
            table = known.table_of(sheet)
            if table:
                candidates.setdefault(table, []).append((path, sheet))
            elif sheet not in (READ_ME, LISTS):
                ignored.append(f"{path.name}#{sheet}")
    for path in texts:
        table = known.table_of(path.stem)
        if table:
            candidates.setdefault(table, []).append((path, ""))
        else:
            ignored.append(path.name)
    if not candidates and len(ignored) == 1:
        only = ignored.pop()
        path = (books or texts)[0]
        remarks.append(
            say("{place} is the only table of the folder and was read as patients", place=only)
        )
        candidates["patients"] = [(path, files.book(path).sheets[0] if books else "")]
    return _opened(files, candidates, known), ignored, remarks


def _is_marked_copy(book: Workbook) -> bool:
    return book.sheets[:1] == (FINDINGS,)


def _files_of(folder: Path) -> list[Path]:
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise ReadError(
            say("the folder cannot be read: {why}", why=error.strerror or error)
        ) from None
    return [path for path in inside if path.name[0] not in ".~"]


def _opened(
    files: _Files, candidates: Mapping[str, list[tuple[Path, str]]], known: Dictionary
) -> dict[str, _Place]:
    places = {}
    for table in known.tables:
        where = candidates.get(table, [])
        if len(where) > 1:
            names = _listed(f"{path.name}{'#' if sheet else ''}{sheet}" for path, sheet in where)
            raise ReadError(
                say(
                    "there must be one place for the table {table}; {names} all could be it. Name"
                    " it under [tables] in study.toml",
                    table=table,
                    names=names,
                )
            )
        for path, sheet in where:
            places[table] = files.sheet(path, sheet) if sheet else files.text(path)
    return places


def _table(name: str, place: _Place) -> RawTable:
    grid = place.grid
    shaped = shape(grid, dictionary().tables[name])
    return RawTable(
        table=name,
        file=grid.file,
        sheet=grid.sheet,
        path=place.path,
        headers=shaped.headers,
        positions=shaped.positions,
        rows=shaped.rows,
        row_numbers=shaped.row_numbers,
        header_row=shaped.header_row,
        sha256=place.sha256,
        how=grid.how,
        epoch_1904=grid.epoch_1904,
        findings=shaped.findings,
    )
