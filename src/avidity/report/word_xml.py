"""The pieces of a Word file that python-docx has no words for: fields, marks, cells, borders."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from avidity.report.document import Ref, Span, Text

_SPACE = qn("xml:space")


def element(tag: str, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """One element with its children; an attribute is in Word's own namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    for child in children:
        made.append(child)
    return made


def run(text: str, *looks: BaseOxmlElement) -> BaseOxmlElement:
    """A run of text; a line end in it breaks the line."""
    made = element("w:r")
    if looks:
        made.append(element("w:rPr", *looks))
    for at, line in enumerate(text.split("\n")):
        if at:
            made.append(element("w:br"))
        words = OxmlElement("w:t")
        words.text = line
        words.set(_SPACE, "preserve")
        made.append(words)
    return made


def field(instruction: str, shown: str, *looks: BaseOxmlElement) -> list[BaseOxmlElement]:
    """A field Word can bring up to date, with what it shows until then.

    Written run by run: programs that know no fields then still read the words.
    """
    code = OxmlElement("w:instrText")
    code.text = f" {instruction} "
    code.set(_SPACE, "preserve")
    parts = [
        element("w:fldChar", fldCharType="begin"),
        code,
        element("w:fldChar", fldCharType="separate"),
        None,
        element("w:fldChar", fldCharType="end"),
    ]
    return [_field_run(part, shown, looks) for part in parts]


def _field_run(
    part: BaseOxmlElement | None, shown: str, looks: tuple[BaseOxmlElement, ...]
) -> BaseOxmlElement:
    """One run of a field; all look alike, since programs differ in which one they follow."""
    dress = [each.__copy__() for each in looks]
    if part is None:
        return run(shown, *dress)
    about = [element("w:rPr", *dress)] if dress else []
    return element("w:r", *about, part)


def bookmarked(name: str, number: int, *inside: BaseOxmlElement) -> list[BaseOxmlElement]:
    """These elements as a place other places can name."""
    start = element("w:bookmarkStart", id=number, name=name)
    return [start, *inside, element("w:bookmarkEnd", id=number)]


def bookmark(anchor: str) -> str:
    """The name of a place in Word: letters, digits and underscores."""
    return "_" + anchor.replace("-", "_")


def runs(text: Text, *, bold: bool = False) -> list[BaseOxmlElement]:
    """Running text; a reference becomes a link to its place, with the words Word can renew."""
    made = []
    for part in text:
        if isinstance(part, Ref):
            made += field(f"REF {bookmark(part.anchor)} \\h", part.text)
        else:
            made.append(_span(part, bold))
    return made


def _span(part: Span, bold: bool) -> BaseOxmlElement:
    looks = []
    if part.code:
        looks.append(element("w:rStyle", val="Code"))
    if part.bold or bold:
        looks.append(element("w:b"))
    if part.italic:
        looks.append(element("w:i"))
    if part.superscript:
        looks.append(element("w:vertAlign", val="superscript"))
    return run(part.text, *looks)


def mark(letters: str) -> list[BaseOxmlElement]:
    """The letters of footnotes, raised."""
    if not letters:
        return []
    return [run(letters, element("w:i"), element("w:vertAlign", val="superscript"))]


def paragraph(
    style: str, inside: list[BaseOxmlElement], *properties: BaseOxmlElement
) -> BaseOxmlElement:
    """A paragraph in a style, by the style's id; properties in the order Word demands."""
    about = element("w:pPr", element("w:pStyle", val=style), *properties)
    return element("w:p", about, *inside)


def border(side: str, eighths: int, color: str = "000000", space: int = 0) -> BaseOxmlElement:
    """One line of a border, its width in eighths of a point; 0 takes a line away."""
    if not eighths:
        return element(f"w:{side}", val="nil")
    return element(f"w:{side}", val="single", sz=eighths, space=space, color=color)
