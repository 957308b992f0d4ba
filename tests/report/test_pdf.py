"""The PDF: tagged, whole, the same every time."""

from __future__ import annotations

import io
import re
import zlib

import pytest
import typst
from PIL import Image

from avidity.report import pdf
from avidity.report.document import Document, Notice, Paragraph, said
from avidity.report.numbering import number
from avidity.report.pdf import picture_pdf, picture_png, to_pdf

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10">'
    b'<rect width="10" height="10" fill="#17406d"/></svg>'
)


@pytest.fixture(scope="module")
def made(sample):
    return to_pdf(sample)


def objects(data):
    """The PDF's dictionaries, those in compressed streams too."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    plain = [data]
    for stream in streams:
        try:
            plain.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(plain)


def test_it_is_a_tagged_pdf_with_title_and_language(made):
    inside = objects(made)

    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in inside
    assert b"/StructTreeRoot" in inside
    assert b"/Lang (en-GB)" in inside or b"/Lang(en-GB)" in inside
    assert b"Predictive factors" in inside


def test_tables_have_heads_and_figures_have_words(made):
    inside = objects(made)

    for role in (b"/Table", b"/TH", b"/TD", b"/Figure", b"/Caption", b"/H1", b"/L"):
        assert role in inside, role
    assert b"/Alt" in inside


def test_every_font_comes_along(made):
    inside = objects(made)

    names = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", inside))
    assert {b"DejaVuSans"} <= names
    fonts = {name.removesuffix(b"-Identity-H") for name in names}
    assert inside.count(b"/FontFile") == len(fonts)


def test_no_date_is_in_it_and_the_same_report_gives_the_same_bytes(sample, made):
    assert to_pdf(sample) == made
    assert b"/CreationDate" not in objects(made)


def test_the_report_meets_the_accessibility_standard(sample):
    document = number(sample)
    inputs = {"document": pdf.json.dumps(pdf._data(document))}
    inputs |= {f"svg-{f.anchor}": f.picture.svg.decode() for f in document.figures()}
    template = pdf.files("avidity.report").joinpath("templates", "report.typ").read_bytes()

    made = typst.compile(
        template, font_paths=pdf._fonts(), sys_inputs=inputs, pdf_standards=["ua-1"]
    )

    assert b"pdfuaid" in objects(made)


def test_hostile_text_is_set_as_it_stands(hostile):
    assert to_pdf(hostile).startswith(b"%PDF-")


def test_a_report_without_headings_or_figures_is_set_too():
    document = Document(
        "Short", (Notice("note", "Nothing", ()), Paragraph(said("One line.", ""))), language="fr"
    )

    assert b"/Lang (fr)" in objects(to_pdf(document)) or b"/Lang(fr)" in objects(to_pdf(document))


def test_a_drawing_becomes_a_page_and_a_picture_of_its_own_size():
    page, dots = picture_pdf(SVG, 84.0, 42.0), picture_png(SVG, 84.0, 42.0, 300)

    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", objects(page)).group(1).split()
    assert [round(float(side) / 72 * 25.4, 1) for side in box] == [0.0, 0.0, 84.0, 42.0]
    width = int.from_bytes(dots[16:20], "big")
    assert abs(width - 84 / 25.4 * 300) <= 1
    assert dots[33 + 4 : 33 + 8] == b"pHYs"
    assert int.from_bytes(dots[41:45], "big") == 11811  # dots per metre: 300 per inch


@pytest.mark.parametrize(
    ("width", "height"), [(84.0, 91.3), (174.0, 134.21), (60.01, 20.37), (33.33, 77.77)]
)
def test_no_line_of_dots_is_lost_in_a_picture(width, height):
    across, down = round(width / 25.4 * 300), round(height / 25.4 * 300)
    lines = "".join(f'<rect y="{y}" width="{across}" height="1"/>' for y in range(0, down, 2))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}"'
        f' viewBox="0 0 {across} {down}">{lines}</svg>'
    )

    picture = Image.open(io.BytesIO(picture_png(svg.encode(), width, height, 300)))

    assert picture.size == (across, down)
    column = [picture.getpixel((across // 2, y))[:3] for y in range(down)]
    assert column[::2] == [(0, 0, 0)] * len(column[::2])
    assert set(column[1::2]) == {(255, 255, 255)}
