"""The report as a Word document: a manuscript whose tables, captions and references are real."""

from __future__ import annotations

import datetime
import zipfile
from io import BytesIO
from typing import Any, cast

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from avidity.report.document import (
    Block,
    Bullets,
    Checklist,
    Document,
    Figure,
    Heading,
    Notice,
    Paragraph,
    Table,
    Text,
    said,
)
from avidity.report.grid import grid
from avidity.report.numbering import number
from avidity.report.word_styles import NOTICE_COLORS, TEXT_WIDTH, dress
from avidity.report.word_tables import word_table
from avidity.report.word_xml import (
    bookmark,
    bookmarked,
    border,
    element,
    field,
    mark,
    paragraph,
    run,
    runs,
)

_NO_CLOCK = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_STYLES = {"body": "Normal", "lead": "Lead", "small": "Small"}
_LONGEST_WORDS = 2000  # signs of an alternative text


def to_docx(document: Document) -> bytes:
    """The whole report as a Word file; the same document gives the same bytes."""
    numbered = number(document)
    word = docx.Document()
    _properties(word, numbered)
    dress(word, numbered.language)
    writer = _Writer(word)
    writer.add(paragraph("Title", [run(numbered.title)]))
    if numbered.subtitle:
        writer.add(paragraph("Subtitle", [run(numbered.subtitle)]))
    for block in numbered.blocks:
        writer.block(block)
    out = BytesIO()
    word.save(out)
    return _without_clock(out.getvalue())


def _properties(word: WordDocument, document: Document) -> None:
    about, core = document.properties, word.core_properties
    core.title, core.subject = document.title[:255], about.subject[:255]
    core.author, core.last_modified_by = about.author[:255], about.author[:255]
    core.keywords = ", ".join(about.keywords)[:255]
    core.comments = about.description[:255]
    core.language = document.language
    core.created = core.modified = _NO_CLOCK
    core.revision = 1
    package = word.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # the template's own empty page
            del package.rels[name]


def _without_clock(data: bytes) -> bytes:
    """The same archive with no time of day in it."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)  # 1 January 1980
            dense = name.endswith(".png")  # pictures are compressed already
            entry.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()


class _Writer:
    """Adds one block after the other; counts what Word wants counted."""

    def __init__(self, word: WordDocument) -> None:
        self.word = word
        self.body = word.element.body
        self.places = 0

    def add(self, *elements: BaseOxmlElement) -> None:
        """Put these before the description of the page, which stays last."""
        for each in elements:
            self.body.insert(len(self.body) - 1, each)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.heading(block)
            case Paragraph(text, style):
                self.add(paragraph(_STYLES[style].replace(" ", ""), runs(text)))
            case Bullets(items, ordered):
                self.bullets(items, ordered=ordered)
            case Notice():
                self.notice(block)
            case Table() | Checklist():
                self.table(block)
            case Figure():
                self.figure(block)

    def place(self, anchor: str, *inside: BaseOxmlElement) -> list[BaseOxmlElement]:
        """These elements as a place references lead to."""
        self.places += 1
        return bookmarked(bookmark(anchor), self.places, *inside)

    def heading(self, block: Heading) -> None:
        properties = [element("w:pageBreakBefore")] if block.new_page else []
        words = self.place(block.anchor, run(block.text))
        self.add(paragraph(f"Heading{min(block.level, 6)}", words, *properties))

    def bullets(self, items: tuple[Text, ...], *, ordered: bool) -> None:
        properties = []
        if ordered:  # each list counts from 1
            start = element("w:numId", val=self._new_count())
            properties.append(element("w:numPr", element("w:ilvl", val=0), start))
        style = "ListNumber" if ordered else "ListBullet"
        for item in items:
            copies = [_copy(each) for each in properties]
            self.add(paragraph(style, runs(item), *copies))

    def _new_count(self) -> int:
        """A new numbering like that of the style, starting at 1."""
        numbering: Any = self.word.part.numbering_part.element
        style: Any = self.word.styles["List Number"].element
        used = style.find(f".//{qn('w:numId')}").get(qn("w:val"))
        pattern = next(each for each in numbering.num_lst if str(each.numId) == used)
        new = numbering.add_num(pattern.abstractNumId.val)
        new.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(new.numId)

    def notice(self, block: Notice) -> None:
        line, fill = NOTICE_COLORS[block.kind]
        kind = run(block.kind.capitalize(), element("w:b"), element("w:color", val=line))
        lines = [[kind], [run(block.title, element("w:b"))]]
        dot = [] if len(block.items) == 1 else [run("•\u00a0\u00a0")]
        lines += [[*(_copy(each) for each in dot), *runs(item)] for item in block.items]
        for at, words in enumerate(lines):
            self.add(
                paragraph(
                    "Notice",
                    words,
                    *([element("w:keepNext")] if at < 2 else []),
                    element("w:keepLines"),
                    element(
                        "w:pBdr",
                        border("top", 2, fill, space=4),
                        border("left", 24, line, space=8),
                        border("bottom", 2, fill, space=4),
                    ),
                    element("w:shd", val="clear", color="auto", fill=fill),
                    element("w:ind", left=200),
                )
            )
        self.add(paragraph("Notice", []))

    def table(self, block: Table | Checklist) -> None:
        placed = grid(block)
        keep = element("w:keepNext")
        self.add(
            paragraph("Caption", self._caption(placed.anchor, placed.label, placed.caption), keep)
        )
        self.add(word_table(placed, TEXT_WIDTH))
        kept = len(placed.notes) if placed.together else 0
        for at, note in enumerate(placed.notes, 1):
            words = [*mark(note.mark), *([run(" ")] if note.mark else []), *runs(note.text)]
            follow = at < kept
            self.add(paragraph("TableNote", words, *([element("w:keepNext")] if follow else [])))
        self.add(paragraph("TableNote", []))  # else two tables in a row would become one

    def figure(self, block: Figure) -> None:
        picture = block.picture
        holder = self.word.add_paragraph(style="Picture")
        holder.paragraph_format.keep_with_next = True
        width = min(picture.width_mm, TEXT_WIDTH)
        inline: Any = holder.add_run().add_picture(BytesIO(picture.png), width=Mm(width))
        frame = inline._inline  # python-docx has no way to its words
        for side in ("distT", "distB", "distL", "distR"):
            frame.set(side, "0")
        about = frame.docPr
        about.set("descr", block.description[:_LONGEST_WORDS])
        about.set("title", block.label)
        about.set("name", block.anchor)
        self.add(paragraph("Caption", self._caption(block.anchor, block.label, block.caption)))
        if block.notes:
            self.add(paragraph("TableNote", runs(block.notes)))

    def _caption(self, anchor: str, label: str, caption: str) -> list[BaseOxmlElement]:
        """The words "Table 2. …"; the number is a field, and references repeat the label."""
        if not label:
            return self.place(anchor, run(caption, element("w:b")))
        kind, count = label.split(" ")
        bold = element("w:b")
        label_runs = [
            run(f"{kind} ", bold),
            *field(f"SEQ {kind} \\* ARABIC", count, element("w:b")),
        ]
        return [*self.place(anchor, *label_runs), run(". ", element("w:b")), *runs(said(caption))]


def _copy(thing: BaseOxmlElement) -> BaseOxmlElement:
    return cast(BaseOxmlElement, thing.__copy__())
