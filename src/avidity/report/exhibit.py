"""One table or checklist of a report as a file of its own: CSV, a workbook, a Word document."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from avidity.report.document import (
    Block,
    Checklist,
    Document,
    Notice,
    Ref,
    Span,
    Table,
    Text,
    plain,
)
from avidity.report.grid import Grid, GridCell, grid
from avidity.report.numbering import number
from avidity.steps.inert import inert

KINDS = ("csv", "xlsx", "docx")


def exhibit(document: Document, anchor: str) -> Table | Checklist | None:
    """The table or checklist of this name, numbered as in the whole report."""
    blocks = (one for one in number(document).blocks if isinstance(one, Table | Checklist))
    return next((one for one in blocks if one.anchor == anchor), None)


def as_file(document: Document, block: Table | Checklist, kind: str) -> bytes:
    """The table in one of the ``KINDS``; the notice that data are made goes with it."""
    if kind == "csv":
        return to_csv(block)
    alone = _alone(document, block)
    if kind == "xlsx":
        from avidity.report.workbook import to_xlsx

        return to_xlsx(alone)
    from avidity.report.word import to_docx

    return to_docx(alone)


def to_csv(block: Table | Checklist) -> bytes:
    """Heads and rows as printed, in UTF-8 with the mark that makes spreadsheets read it so.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    placed = grid(block)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(inert, _heads(placed)))
    for row in placed.rows:
        words = [_words(cell) for cell in row.cells]
        blank = [""] * (len(placed.shares) - len(words))  # a row that heads those below it
        writer.writerow(map(inert, [*words, *blank]))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _heads(placed: Grid) -> list[str]:
    """One head for each column: that of its group before its own."""
    heads = [""] * len(placed.shares)
    for head in placed.head:
        text = head.text.replace("\u00a0", " ")
        for at in range(head.column, head.column + head.columns):
            heads[at] = f"{heads[at]}: {text}".removeprefix(": ")
    return heads


def _words(cell: GridCell) -> str:
    return plain(cell.words)


def _alone(document: Document, block: Table | Checklist) -> Document:
    """A document of this one table, which refers to no place outside itself."""
    made = [one for one in document.blocks if isinstance(one, Notice) and one.kind == "made data"]
    blocks: list[Block] = [*(_kept(one) for one in made), _settled(block)]
    return replace(document, blocks=tuple(blocks), subtitle="", numbered=True)


def _kept(notice: Notice) -> Notice:
    return replace(notice, items=tuple(_told(item) for item in notice.items))


def _settled(block: Table | Checklist) -> Table | Checklist:
    if isinstance(block, Checklist):
        items = tuple(
            replace(
                item,
                answer=_places(item.answer, item.places),
                places=(),
            )
            for item in block.items
        )
        return replace(block, items=items, notes=_told(block.notes))
    notes = tuple(replace(note, text=_told(note.text)) for note in block.footnotes)
    return replace(block, footnotes=notes)


def _places(answer: Text | None, places: tuple[Ref, ...]) -> Text | None:
    """The answer, with the places it is found at in words."""
    where = ", ".join(place.text for place in places)
    if answer is None and not where:
        return None
    told = _told(answer or ())
    return (*told, Span(f" ({where})" if told else where)) if where else told


def _told(text: Text) -> Text:
    """References as their words."""
    return tuple(Span(part.text) if isinstance(part, Ref) else part for part in text)
