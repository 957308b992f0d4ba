"""From a drawing to its three formats, and the style all drawings share.

Sizes are millimetres on paper and points of type, so that a figure placed at its own width is
legible: nothing is set below 7 pt. The colours keep apart for colour-blind readers and in
grey (their lightness differs), and never carry a meaning alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from avidity.report.document import Picture
from avidity.report.pdf import picture_pdf, picture_png

NARROW = 84.0  # mm, one column of a journal
WIDE = 174.0  # mm, both columns
DOTS_PER_INCH = 300

TEXT_SIZE = 7.5  # pt
SMALL_SIZE = 7.0  # pt
LINE_HEIGHT = 3.6  # mm, for TEXT_SIZE

INK = "#1c2127"
QUIET = "#56606b"
HAIR = "#c3cad1"
TINT = "#f2f4f6"
SERIES = ("#17406d", "#d9822b", "#4fa3a0", "#8c3b6e", "#7a8793")
SERIES_TEXT = ("#17406d", "#9c5309", "#2b6f6c", "#7a2f5e", "#525d67")  # dark enough for words
DASHES: tuple[Any, ...] = (
    "solid",
    (0, (5, 1.6)),
    (0, (1.4, 1.2)),
    (0, (6, 1.5, 1.5, 1.5)),
    (0, (3, 1, 1, 1, 1, 1)),
)

_STYLE = {
    "font.family": ["DejaVu Sans"],  # comes with the drawing library: the same on every machine
    "font.size": TEXT_SIZE,
    "text.parse_math": False,  # a label is a label, also with a dollar sign in it
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT_SIZE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.3,
    "svg.fonttype": "none",  # real text: searchable, selectable, editable
    "svg.hashsalt": "avidity",  # and the same names in the file each time
    "path.simplify": False,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
# Readers without DejaVu see their own sans-serif; it is narrower, so nothing overflows.
_SVG_FONTS = b"'DejaVu Sans', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
_SVG_FONT = re.compile(rb"'DejaVu Sans'(?:, [^;\"]*?)?(?=[;\"])")
_SVG_METADATA = re.compile(rb"\s*<metadata>.*?</metadata>", re.DOTALL)
_SVG_DOCTYPE = re.compile(rb"<!DOCTYPE[^>]*>\s*")


@contextmanager
def style() -> Iterator[None]:
    """Everything drawn inside looks like ours, whatever the reader's own settings say."""
    with mpl.rc_context(), warnings.catch_warnings():
        # A sign the font lacks is drawn as a box; that is seen, and no reason to stop.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        dict.update(cast(dict[str, Any], mpl.rcParams), _settings())  # checking takes 20 ms
        yield


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    """The drawing library's own defaults with our style over them, checked by it."""
    with mpl.rc_context():
        settings = cast(dict[str, Any], mpl.rcParams)
        wanted = {**cast(dict[str, Any], mpl.rcParamsDefault), **_STYLE}
        del wanted["backend"]
        settings.update(wanted)
        return {key: settings[key] for key in wanted}


def sheet(width_mm: float, height_mm: float) -> Figure:
    """An empty figure of this size on paper."""
    return Figure(figsize=(width_mm / 25.4, height_mm / 25.4), facecolor="white")


def canvas(width_mm: float, height_mm: float) -> tuple[Figure, Axes]:
    """A figure whose one invisible axis counts millimetres from the upper left corner."""
    figure = sheet(width_mm, height_mm)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width_mm)
    axes.set_ylim(height_mm, 0)
    axes.set_axis_off()
    return figure, axes


def ink(figure: Figure) -> Picture:
    """The drawing as SVG with real text, as PNG for print and as PDF; no date in any of them.

    PNG and PDF are made from the SVG, so that the three cannot differ; the drawing library
    itself would take twice and ten times as long.
    """
    out = BytesIO()
    figure.savefig(out, format="svg", metadata=_NO_METADATA)
    svg = _SVG_DOCTYPE.sub(b"", _SVG_METADATA.sub(b"", out.getvalue()))
    width, height = (25.4 * float(inches) for inches in figure.get_size_inches())
    return Picture(
        svg=_SVG_FONT.sub(_SVG_FONTS, svg),
        png=picture_png(svg, width, height, DOTS_PER_INCH),
        pdf=picture_pdf(svg, width, height),
        width_mm=width,
        height_mm=height,
    )


@lru_cache(maxsize=2)
def _face(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    face = FT2Font(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name))
    face.set_size(72.0, 72.0)
    return face


@lru_cache(maxsize=2048)
def text_width(text: str, size: float = TEXT_SIZE, *, bold: bool = False) -> float:
    """How wide these words are on paper, in mm."""
    face = _face(bold)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        face.set_text(text)
    return float(face.get_width_height()[0] / 64 / 72 * size / 72 * 25.4)


def wrapped(text: str, width: float, size: float = TEXT_SIZE, *, bold: bool = False) -> list[str]:
    """The words in lines no wider than this many mm; a word that is wider is cut."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined, size, bold=bold) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        lines[-1] = word
        while text_width(lines[-1], size, bold=bold) > width and len(lines[-1]) > 1:
            head = _fitting(lines[-1], width, size, bold=bold)
            lines[-1:] = [lines[-1][:head], lines[-1][head:]]
    return lines


def _fitting(word: str, width: float, size: float, *, bold: bool) -> int:
    """How many letters of this word fit."""
    fit = 1
    while fit < len(word) and text_width(word[: fit + 1], size, bold=bold) <= width:
        fit += 1
    return fit
