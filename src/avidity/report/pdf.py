"""The report on paper: a tagged PDF, set from the document as data by a fixed template.

No words of the document are ever read as markup, no font of the machine is used and nothing is
fetched, so the same document gives the same bytes everywhere.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import typst

from avidity.report.document import (
    Block,
    Bullets,
    Checklist,
    Document,
    Figure,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Ref,
    Table,
    Text,
)
from avidity.report.grid import Grid, GridRow, grid
from avidity.report.numbering import number

_CONTENTS_FROM = 4  # headings; a shorter report needs no list of contents
_OWN_SIZE = re.compile(rb'\s(?:width|height|preserveAspectRatio)="[^"]*"')
_AFTER_HEADER = 33  # bytes of a PNG: its signature and its first chunk
_PICTURE = """
#set page(width: float(sys.inputs.width) * 1mm, height: float(sys.inputs.height) * 1mm, margin: 0mm)
#set document(date: none)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "stretch")
"""


def to_pdf(document: Document) -> bytes:
    """The whole report as a tagged PDF, figures as drawings and not as dots."""
    numbered = number(document)
    inputs = {"document": json.dumps(_data(numbered), ensure_ascii=False)}
    for figure in numbered.figures():
        inputs[f"svg-{figure.anchor}"] = figure.picture.svg.decode("utf-8")
    template = files("avidity.report").joinpath("templates", "report.typ").read_bytes()
    return _set(template, inputs)


def picture_pdf(svg: bytes, width_mm: float, height_mm: float) -> bytes:
    """One drawing as a PDF page of its own size, with its fonts inside."""
    return _set(_PICTURE.encode("utf-8"), _picture_inputs(svg, width_mm, height_mm))


def picture_png(svg: bytes, width_mm: float, height_mm: float, dots_per_inch: int) -> bytes:
    """One drawing as a PNG that knows how many dots make an inch.

    The typesetter first turns a drawing into dots and then places it, rounding up both times;
    unless page and drawing are whole dots, less a hair, lines of dots are lost between the two.
    """
    dot = 25.4 / dots_per_inch
    across, down = round(width_mm / dot), round(height_mm / dot)
    size = f'width="{across}" height="{down - 0.01}" preserveAspectRatio="none"'.encode()
    end = svg.index(b">", svg.index(b"<svg"))
    opening = _OWN_SIZE.sub(b"", svg[:end]).replace(b"<svg", b"<svg " + size, 1)
    inputs = _picture_inputs(opening + svg[end:], (across - 0.02) * dot, (down - 0.02) * dot)
    png = _set(_PICTURE.encode("utf-8"), inputs, "png", dots_per_inch)
    per_metre = round(1000 / dot)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_AFTER_HEADER] + chunk + png[_AFTER_HEADER:]


def _picture_inputs(svg: bytes, width_mm: float, height_mm: float) -> dict[str, str]:
    size = {"width": f"{width_mm:.6f}", "height": f"{height_mm:.6f}"}
    return {"svg": svg.decode("utf-8"), **size}


def _set(
    template: bytes,
    inputs: dict[str, str],
    kind: Literal["pdf", "png"] = "pdf",
    dots_per_inch: float = 72.0,
) -> bytes:
    made: bytes = typst.compile(
        template,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format=kind,
        ppi=dots_per_inch,
    )
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The typesetter's own fonts and that of the figures, which lies with the drawing library."""
    spec = find_spec("matplotlib")  # looked for, not loaded
    folders = []
    if spec is not None and spec.origin is not None:
        folders = [str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def _data(document: Document) -> dict[str, Any]:
    """The document as plain lists and texts, as the template reads them."""
    language, _, region = document.language.partition("-")
    properties = document.properties
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": language,
        "region": region or None,
        "author": [properties.author] if properties.author else [],
        "keywords": list(properties.keywords),
        "description": properties.description or None,
        "contents": len(list(document.headings())) >= _CONTENTS_FROM,
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, text, anchor, new_page):
            heading = {"level": level, "text": text, "anchor": anchor, "new-page": new_page}
            return {"kind": "heading", **heading}
        case Paragraph(text, style):
            return {"kind": "paragraph", "style": style, "text": _words(text)}
        case Bullets(items, ordered):
            return {"kind": "bullets", "ordered": ordered, "items": [_words(i) for i in items]}
        case Notice(kind, title, items):
            words = [_words(item) for item in items]
            return {"kind": "notice", "notice": kind, "title": title, "items": words}
        case Table() | Checklist():
            return {"kind": "table", **_grid(grid(block))}
        case Figure():
            return {"kind": "figure", **_figure(block)}


def _words(text: Text) -> list[dict[str, Any]]:
    return [
        {"kind": "ref", "anchor": part.anchor, "text": part.text}
        if isinstance(part, Ref)
        else {
            "kind": "span",
            "text": part.text,
            "bold": part.bold,
            "italic": part.italic,
            "superscript": part.superscript,
            "code": part.code,
        }
        for part in text
    ]


def _grid(table: Grid) -> dict[str, Any]:
    head = [
        {
            "text": cell.text,
            "align": cell.align,
            "x": cell.column,
            "y": cell.row,
            "columns": cell.columns,
            "rows": cell.rows,
            "mark": cell.mark,
        }
        for cell in table.head
    ]
    return {
        "anchor": table.anchor,
        "label": table.label,
        "caption": table.caption,
        "head": [list(row) for _, row in groupby(head, key=lambda cell: cell["y"])],
        "rows": [_row(row) for row in table.rows],
        "notes": [_note(note) for note in table.notes],
        "shares": list(table.shares),
        "width": table.width,
        "together": table.together,
    }


def _row(row: GridRow) -> dict[str, Any]:
    cells = [
        {
            "words": _words(cell.words),
            "align": cell.align,
            "columns": cell.columns,
            "bold": cell.bold,
            "mark": cell.mark,
            "blank": cell.blank,
        }
        for cell in row.cells
    ]
    return {"kind": row.kind, "cells": cells}


def _note(note: Footnote) -> dict[str, Any]:
    return {"mark": note.mark, "text": _words(note.text)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "anchor": figure.anchor,
        "label": figure.label,
        "caption": figure.caption,
        "description": figure.description,
        "notes": _words(figure.notes),
        "width": figure.picture.width_mm,
    }
