"""From a drawing to its three formats."""

from __future__ import annotations

import io
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from PIL import Image

from avidity.report.figures import ink
from avidity.report.figures.flow import flow
from avidity.report.figures.inputs import Flow, FlowStep

PLAN = Flow(FlowStep("Screened & <kept> at $5", 10), ())


@pytest.fixture(scope="module")
def picture():
    return flow(PLAN)


def test_the_same_counts_give_the_same_bytes(picture):
    again = flow(PLAN)

    assert (again.svg, again.png, again.pdf) == (picture.svg, picture.png, picture.pdf)


def test_the_reader_s_own_settings_change_nothing(picture):
    with mpl.rc_context({"font.size": 20, "lines.linewidth": 9, "svg.fonttype": "path"}):
        assert flow(PLAN).svg == picture.svg


def test_drawing_leaves_the_reader_s_settings_alone():
    before = dict(mpl.rcParams)

    flow(PLAN)

    assert dict(mpl.rcParams) == before


def test_the_svg_holds_real_text_no_date_and_no_address(picture):
    root = ET.fromstring(picture.svg)
    words = "".join(root.itertext())

    assert "Screened & <kept> at $5" in words
    assert b"<metadata" not in picture.svg
    assert b"<!DOCTYPE" not in picture.svg
    names = {b"http://www.w3.org/1999/xlink", b"http://www.w3.org/2000/svg"}
    found = {part.split(b'"')[0] for part in picture.svg.split(b'"') if part.startswith(b"http")}
    assert found <= names
    assert b"Arial" in picture.svg  # for readers without our font


def test_the_png_has_the_dots_of_its_size(picture):
    image = Image.open(io.BytesIO(picture.png))

    assert image.width == round(174 / 25.4 * 300)
    assert image.height == round(picture.height_mm / 25.4 * 300)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_the_pdf_is_vectors_with_its_font(picture):
    assert picture.pdf.startswith(b"%PDF-")
    assert b"/FontFile" in picture.pdf
    assert b"CreationDate" not in picture.pdf


def test_a_sign_the_font_lacks_does_not_stop_the_figure():
    assert flow(Flow(FlowStep("甲状腺 😀", 1), ())).svg


def test_words_are_measured_and_wrapped_to_their_width():
    lines = ink.wrapped("one two three four five six seven", 20.0)

    assert len(lines) > 1
    assert " ".join(lines) == "one two three four five six seven"
    assert all(ink.text_width(line) <= 20.0 for line in lines)


def test_a_word_wider_than_its_place_is_cut_and_nothing_is_lost():
    lines = ink.wrapped("Schilddrüsenkarzinomnachsorge", 15.0)

    assert "".join(lines) == "Schilddrüsenkarzinomnachsorge"
    assert all(ink.text_width(line) <= 15.0 for line in lines)
    assert ink.wrapped("", 15.0) == [""]


def test_the_colours_differ_in_grey():
    def lightness(colour):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    first, second = (lightness(colour) for colour in ink.SERIES[:2])
    assert abs(first - second) > 60


def test_no_window_system_is_asked_for():
    code = (
        "import sys; import avidity.report.figures.roc;"
        "print([m for m in sys.modules if 'pyplot' in m or 'backend_tk' in m])"
    )

    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout.strip() == "[]"
