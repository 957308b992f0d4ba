"""How the Word file looks: its styles, its page, its language."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from avidity.report.word_xml import element, field, paragraph, run

TEXT_WIDTH = 174.0  # mm: A4 less its margins, and the width of the widest figures
_BODY, _PLAIN, _CODE = "Times New Roman", "Arial", "Courier New"
_INK, _QUIET = RGBColor(0x1C, 0x21, 0x27), RGBColor(0x56, 0x60, 0x6B)
NOTICE_COLORS = {
    "warning": ("A34700", "FDF3EA"),
    "note": ("1B5A86", "EEF4F9"),
    "made data": ("5B3F8C", "F5F1FB"),
}


def dress(word: WordDocument, language: str) -> None:
    """Give an empty document our page, styles, language and page numbers."""
    _page(word)
    _known_styles(word)
    _own_styles(word)
    _language(word, language)
    _page_numbers(word)
    _today(word)


def _today(word: WordDocument) -> None:
    """Tell Word the file is not from 2007, or it opens in its compatibility mode."""
    settings = word.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    mode = element(
        "w:compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    after = [
        settings.find(qn(name)) for name in ("w:rsids", "w:themeFontLang", "w:clrSchemeMapping")
    ]
    place = next((each for each in after if each is not None), None)
    compat = element("w:compat", mode)
    if place is None:
        settings.append(compat)
    else:
        place.addprevious(compat)


def _page(word: WordDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)


def _known_styles(word: WordDocument) -> None:
    """The styles Word itself knows, so that its navigation and its lists work."""
    _set(word, "Normal", _BODY, 11, after=6, line=1.15)
    _set(word, "Title", _BODY, 20, bold=True, after=4, line=1.1)
    _set(word, "Subtitle", _PLAIN, 11, color=_QUIET, after=12)
    for level, size in ((1, 15), (2, 12.5), (3, 11), (4, 10.5), (5, 10.5), (6, 10.5)):
        before = {1: 18, 2: 14}.get(level, 10)
        _set(word, f"Heading {level}", _PLAIN, size, bold=True, before=before, after=5)
    _set(word, "Caption", _PLAIN, 9.5, before=12, after=5)
    _set(word, "List Bullet", _BODY, 11, after=3, line=1.15)
    _set(word, "List Number", _BODY, 11, after=3, line=1.15)
    _set(word, "Footer", _PLAIN, 8.5, color=_QUIET)
    for name, unwanted in (("Title", "w:pBdr"), ("Title", "w:spacing"), ("Subtitle", "w:spacing")):
        style = word.styles[name].element  # the template draws a line and spreads the letters
        about = style.get_or_add_pPr() if unwanted == "w:pBdr" else style.get_or_add_rPr()
        for old in about.findall(qn(unwanted)):
            about.remove(old)


def _own_styles(word: WordDocument) -> None:
    for name in ("Table Text", "Table Note", "Picture", "Lead", "Small", "Notice"):
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        word.styles[name].base_style = word.styles["Normal"]
    _set(word, "Table Text", _PLAIN, 8.5, before=1.5, after=1.5)
    _set(word, "Table Note", _PLAIN, 8, color=_QUIET, before=2, after=1)
    _set(word, "Picture", _BODY, 11, before=10, after=2)
    _set(word, "Lead", _BODY, 12.5, after=8, line=1.15)
    _set(word, "Small", _PLAIN, 8.5, color=_QUIET, after=4)
    _set(word, "Notice", _PLAIN, 9.5, after=2, line=1.15)
    code = word.styles.add_style("Code", WD_STYLE_TYPE.CHARACTER)
    if isinstance(code, CharacterStyle):
        code.font.name, code.font.size = _CODE, Pt(9.5)


def _set(  # noqa: PLR0913  # a style is what it is set to
    word: WordDocument,
    name: str,
    font: str,
    size: float,
    *,
    bold: bool = False,
    color: RGBColor = _INK,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
) -> None:
    style = word.styles[name]
    if not isinstance(style, ParagraphStyle):  # pragma: no cover  # all named above are
        return
    style.font.name, style.font.size = font, Pt(size)
    style.font.bold, style.font.italic = bold, False
    style.font.color.rgb = color
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):  # the template's theme would win over the name
            del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    spacing.line_spacing = line


def _language(word: WordDocument, language: str) -> None:
    """The language of every word, for spelling and for reading aloud."""
    defaults = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))


def _page_numbers(word: WordDocument) -> None:
    footer = word.sections[0].footer
    for old in list(footer._element):  # an empty paragraph of the template
        footer._element.remove(old)
    inside = [*field("PAGE", "1"), run(" of "), *field("NUMPAGES", "1")]
    footer._element.append(paragraph("Footer", inside, element("w:jc", val="right")))
