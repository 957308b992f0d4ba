"""Numbers of tables and figures, letters of footnotes, and the words of cross references.

Given once, in the document, so that every file format prints the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from string import ascii_lowercase

from avidity.report.document import (
    Block,
    Bullets,
    Checklist,
    Document,
    Figure,
    Footnote,
    Heading,
    Inline,
    Notice,
    Paragraph,
    Ref,
    Span,
    Table,
    Text,
)
from avidity.report.legible import legible

_ANCHOR = re.compile(r"[a-z][a-z0-9-]{0,38}")  # 39 characters fit a Word bookmark too
_Labels = dict[str, str]


def number(document: Document) -> Document:
    """The same document with its tables, figures, footnotes and references numbered.

    Its texts are made fit for every file format on the way (`legible`).

    Numbering a numbered document changes nothing. Raises ValueError for an anchor that is
    malformed or used twice, a reference that leads nowhere, and a footnote nobody defined.
    """
    if document.numbered:
        return document
    document = legible(document)
    labels = _labels(document.blocks)
    blocks = tuple(_filled(block, labels) for block in document.blocks)
    return replace(document, blocks=blocks, numbered=True)


def _labels(blocks: tuple[Block, ...]) -> _Labels:
    """What each anchor is called when it is mentioned."""
    labels: _Labels = {}
    counts = {"Table": 0, "Figure": 0}
    for block in blocks:
        if not isinstance(block, Heading | Table | Figure | Checklist):
            continue
        if not _ANCHOR.fullmatch(block.anchor):
            raise ValueError(
                f"an anchor is lower-case letters, digits and hyphens, at most 39: {block.anchor!r}"
            )
        if block.anchor in labels:
            raise ValueError(f"the anchor {block.anchor!r} is used twice")
        if isinstance(block, Table | Figure):
            kind = "Table" if isinstance(block, Table) else "Figure"
            counts[kind] += 1
            labels[block.anchor] = f"{kind} {counts[kind]}"
        else:
            labels[block.anchor] = block.text if isinstance(block, Heading) else block.caption
    return labels


def _filled(block: Block, labels: _Labels) -> Block:
    """The block with its own label and with every reference inside it in words."""
    match block:
        case Heading():
            return block
        case Paragraph():
            return replace(block, text=_referred(block.text, labels))
        case Bullets() | Notice():
            return replace(block, items=tuple(_referred(item, labels) for item in block.items))
        case Table():
            return _table(block, labels)
        case Figure():
            notes = _referred(block.notes, labels)
            return replace(block, notes=notes, label=labels[block.anchor])
        case Checklist():
            return _checklist(block, labels)


def _referred(text: Text, labels: _Labels) -> Text:
    return tuple(_words(part, labels) for part in text)


def _words(part: Inline, labels: _Labels) -> Inline:
    if isinstance(part, Span):
        return part
    if part.anchor not in labels:
        raise ValueError(f"a reference leads nowhere: {part.anchor!r}")
    return replace(part, text=labels[part.anchor])


def _checklist(block: Checklist, labels: _Labels) -> Checklist:
    items = []
    for item in block.items:
        answer = None if item.answer is None else _referred(item.answer, labels)
        places = tuple(Ref(place.anchor, _words(place, labels).text) for place in item.places)
        items.append(replace(item, answer=answer, places=places))
    return replace(block, items=tuple(items), notes=_referred(block.notes, labels))


def _table(block: Table, labels: _Labels) -> Table:
    used = [key for column in block.columns for key in column.notes]
    used += [key for row in block.rows for cell in row.cells for key in cell.notes]
    order = list(dict.fromkeys(used))
    known = {note.key for note in block.footnotes if note.key}
    if unknown := [key for key in order if key not in known]:
        raise ValueError(f"table {block.anchor!r} marks footnotes it lacks: {', '.join(unknown)}")
    marks = {key: letters(at) for at, key in enumerate(order)}
    notes = [
        replace(note, text=_referred(note.text, labels), mark=marks.get(note.key, ""))
        for note in block.footnotes
        if not note.key or note.key in marks
    ]
    notes.sort(key=lambda note: _place(note, order))
    return replace(block, footnotes=tuple(notes), label=labels[block.anchor])


def _place(note: Footnote, order: list[str]) -> int:
    """General notes first, then the marked ones as they are met."""
    return order.index(note.key) if note.key else -1


def letters(at: int) -> str:
    """The mark of the footnote at this place: a to z, then aa, ab and so on.

    >>> letters(0), letters(25), letters(26)
    ('a', 'z', 'aa')
    """
    head, last = divmod(at, len(ascii_lowercase))
    return (letters(head - 1) if head else "") + ascii_lowercase[last]
