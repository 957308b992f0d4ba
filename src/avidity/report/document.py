"""The report as a document: frozen blocks that know no study, no statistic and no file format.

Whoever has results builds a `Document`; whoever has a file format reads one. Between them
stands only this vocabulary, so that the page, the Word file, the workbook and the PDF cannot
say different things. Text is always text: no block holds markup of any kind.

An *anchor* is the name of a place (`table-baseline`): lower-case letters, digits and hyphens,
used once in a document. A *source* is a JSON Pointer (RFC 6901) into results.json, such as
`/model/terms/0/odds_ratio`, and makes a printed number traceable to its full precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Number: TypeAlias = float | int
Align: TypeAlias = Literal["left", "center", "right"]
RowKind: TypeAlias = Literal["body", "group", "level", "total"]
ParagraphStyle: TypeAlias = Literal["body", "lead", "small"]
NoticeKind: TypeAlias = Literal["warning", "note", "made data"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one dress, with the place in results.json it was printed from."""

    text: str
    source: str | None = None
    bold: bool = False
    italic: bool = False
    superscript: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """A mention of another place; `number` fills in the words ("Table 2")."""

    anchor: str
    text: str = ""


Inline: TypeAlias = Span | Ref
Text: TypeAlias = tuple[Inline, ...]


def said(*parts: str | Inline) -> Text:
    """Running text from plain strings, spans and references, in that order.

    >>> said("as ", Ref("table-2"), " shows")[0].text
    'as '
    """
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def plain(text: Text) -> str:
    """The words alone, for alternative texts, sheet cells and tests."""
    return "".join(part.text for part in text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a section of the document, below its title."""

    level: int
    text: str
    anchor: str
    new_page: bool = False  # on paper


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Text
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts; numbered when their order matters."""

    items: tuple[Text, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A box nobody may overlook: a warning, a note, or that the data are made up."""

    kind: NoticeKind
    title: str
    items: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One of several numbers printed in one cell: the mean of "53.1 ± 14.1", and its SD."""

    name: str
    value: Number | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: the words as printed, and the number behind them.

    text      as printed, already rounded and worded
    value     the one number behind it at full precision, or None
    parts     the numbers behind it when there are several
    source    where `value` stands in results.json
    align     against the rule of the column, or None
    emphasis  printed bold
    notes     keys of the table's footnotes, marked here
    """

    text: str = ""
    value: Number | str | None = None
    parts: tuple[Part, ...] = ()
    source: str | None = None
    align: Align | None = None
    emphasis: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `group` heads the rows below it, `level` is indented under it, `total` closes.

    A group row may have a single cell, which then spans the table.
    """

    cells: tuple[Cell, ...]
    kind: RowKind = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; neighbours with the same `group` share a spanning header above their own.

    width  its share of the table's width against the other columns; None lets it find its own
    """

    header: str
    align: Align = "left"
    group: str = ""
    width: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note under a table; with a key it is marked by a letter where cells name the key."""

    text: Text
    key: str = ""
    mark: str = ""  # given by `number`, in reading order


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; the first column names the rows.

    description  what a reader who cannot see the table needs to know about its shape
    """

    anchor: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[Footnote, ...] = ()
    description: str = ""
    label: str = ""  # "Table 2", given by `number`

    def __post_init__(self) -> None:
        for at, row in enumerate(self.rows, 1):
            spans = row.kind == "group" and len(row.cells) == 1
            if len(row.cells) != len(self.columns) and not spans:
                raise ValueError(
                    f"row {at} of table {self.anchor!r} has {len(row.cells)} cells"
                    f" for {len(self.columns)} columns"
                )

    def marks(self, keys: tuple[str, ...]) -> str:
        """The letters of these footnotes as printed: "a,b"."""
        given = {note.key: note.mark for note in self.footnotes if note.key}
        return ",".join(given[key] for key in keys)


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure in three formats, at its size on paper."""

    svg: bytes
    png: bytes
    pdf: bytes
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Sketch(Picture):
    """A figure that is planned and not drawn yet; `draw.drawn` turns it into its picture.

    kind  which figure draws it: "roc", "forest" …
    plan  what that figure takes
    """

    kind: str = ""
    plan: object = None


def sketch(kind: str, plan: object) -> Sketch:
    """A figure to be drawn later, with all the others.

    >>> sketch("roc", ()).kind
    'roc'
    """
    return Sketch(b"", b"", b"", 0.0, 0.0, kind, plan)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its caption, its words for readers who cannot see it, and notes below."""

    anchor: str
    caption: str
    description: str
    picture: Picture
    notes: Text = ()
    label: str = ""  # "Figure 1", given by `number`


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist: what is asked, what the run can answer, and where it stands.

    answer  None leaves a visible blank for the authors
    places  where in this document it is answered
    """

    number: str
    topic: str
    text: str
    answer: Text | None = None
    places: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """A reporting checklist, answered as far as the run knows."""

    anchor: str
    caption: str
    items: tuple[Item, ...]
    notes: Text = ()


Block: TypeAlias = Heading | Paragraph | Bullets | Notice | Table | Figure | Checklist


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says about itself when nobody opens it."""

    author: str = ""
    subject: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    made_with: str = "avidity"
    answers: str = "results.json"  # the file the sources point into


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report, in reading order."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    language: str = "en"
    properties: Properties = Properties()
    numbered: bool = False  # set by `number`

    def tables(self) -> Iterator[Table]:
        """Every table, in reading order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def figures(self) -> Iterator[Figure]:
        """Every figure, in reading order."""
        return (block for block in self.blocks if isinstance(block, Figure))

    def headings(self) -> Iterator[Heading]:
        """Every heading, in reading order."""
        return (block for block in self.blocks if isinstance(block, Heading))

    def checklists(self) -> Iterator[Checklist]:
        """Every checklist, in reading order."""
        return (block for block in self.blocks if isinstance(block, Checklist))
