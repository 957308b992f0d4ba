"""Parts of a report as HTML for a page that is not its own: no style in it, figures by address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from avidity.report.document import Block, Checklist, Document, Figure, Table
from avidity.report.html import environment

Beside = Callable[[Table | Figure | Checklist], Markup]
PIXELS = 96 / 25.4  # for each mm


def part(
    document: Document, blocks: Sequence[Block], source: Callable[[Figure], str], beside: Beside
) -> Markup:
    """These blocks of a numbered document, in words and markup of the report itself.

    source  the address of a figure's picture
    beside  what the page says below a table or figure, such as where to download it
    """
    text = (
        environment()
        .get_template("parts.html.j2")
        .render(document=document, blocks=blocks, source=source, beside=beside, pixels=PIXELS)
    )
    return Markup(text)  # noqa: S704  # made by our own templates, which escape every word
