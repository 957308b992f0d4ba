"""The report as one page: a single file that works offline, prints well and runs no script."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from avidity.report.document import (
    Cell,
    Document,
    Figure,
    Row,
    Table,
    plain,
)
from avidity.report.grid import BLANK, grid, unanswered
from avidity.report.heads import Head, heads
from avidity.report.numbering import number

_PROLOGUE = re.compile(rb"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_IDS = re.compile(r'(\bid="|href="#|url\(#)')
_OPENING = re.compile(r"<svg\b")


def to_html(document: Document) -> bytes:
    """The whole report as one HTML file in UTF-8, figures and style inside."""
    text = environment().get_template("report.html.j2").render(document=number(document))
    return text.encode("utf-8")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of a document's blocks, and what they ask for."""
    made = Environment(
        loader=PackageLoader("avidity.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        headers=_headers,
        bodies=_bodies,
        together=lambda block: grid(block).together,
        tooltip=_tooltip,
        sources=_sources,
        inline_svg=_inline_svg,
        style=_style(made),
        plain=plain,
        kind_of=lambda block: type(block).__name__,
        blank=unanswered,
        blank_words=BLANK,
    )
    return made


def _style(environment: Environment) -> Markup:
    """Our own style sheet; it is part of the package and needs no escaping."""
    loader = environment.loader
    if loader is None:  # pragma: no cover  # set three lines above
        return Markup()
    return Markup(loader.get_source(environment, "style.css")[0])  # noqa: S704


def _headers(table: Table) -> list[list[Head]]:
    """The head of a table, row by row."""
    return [list(row) for _, row in groupby(heads(table), key=lambda head: head.row)]


def _bodies(table: Table) -> list[list[Row]]:
    """The rows, parted where a group row opens a new body."""
    bodies: list[list[Row]] = []
    for row in table.rows:
        if row.kind == "group" or not bodies:
            bodies.append([])
        bodies[-1].append(row)
    return bodies


def _sources(cell: Cell) -> str:
    """Where the numbers of a cell stand in results.json, one after the other."""
    found = [cell.source, *(part.source for part in cell.parts)]
    return " ".join(source for source in found if source)


def _tooltip(cell: Cell, answers: str) -> str:
    """The numbers of a cell at full precision, for whoever rests the pointer on it.

    answers  the file they stand in
    """
    lines = []
    if isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
        lines.append(f"{cell.value!r}")
    lines += [f"{part.name}: {part.value!r}" for part in cell.parts if part.value is not None]
    if sources := _sources(cell):
        lines.append(f"{answers} {sources}")
    return "\n".join(lines)


def _inline_svg(figure: Figure) -> Markup:
    """A picture of ours, fit to stand in the page: no prologue, and names no other figure uses."""
    text = _PROLOGUE.sub(b"", figure.picture.svg, count=1).decode("utf-8")
    text = _METADATA.sub("", text)
    text = _IDS.sub(rf"\g<1>{figure.anchor}-", text)
    words = Markup.escape(figure.description)
    text = _OPENING.sub(lambda _: f'<svg role="img" aria-label="{words}"', text, count=1)
    return Markup(text)  # noqa: S704  # drawn by report/figures, which escapes its labels
