"""The paper file a person starts from: every key with its explanation beside it.

The words are those of the schema (``paper.py`` and its neighbours); the examples stand in
``paper_template_pieces``. A key that begins with ``# `` there is an alternative to one above it.
"""

from __future__ import annotations

from avidity.papers.paper_numbers import PaperPart
from avidity.papers.paper_template_pieces import SECTIONS, Section

COLUMN = 44  # where the explanation begins
WIDTH = 100

TOP = """# What one paper prints, as it prints it. Type what you see; correct nothing.
#
# Every number is text in quotation marks, so that no printed digit is lost: "0.30" is not "0.3".
# A percent sign may stay ("59.4%"). Where the paper says "not significant" write ">0.05".
# What the paper does not print is left out. Lines that start with # are examples: take the # away
# to use one. A fault is told with its line. Every key is in the manual, "paper.toml".
"""


def template() -> str:
    """The commented paper file, valid as it stands; the zeros and the title wait to be filled."""
    return "\n".join([TOP, *(_section(one) for one in SECTIONS)]).rstrip() + "\n"


def _section(section: Section) -> str:
    rule = "-" * (WIDTH - len(section.title) - 8)
    lines = [f"# ---- {section.title} {rule}"]
    lines += ["", f"# {section.words}"] if section.words else []
    explained: set[tuple[type[PaperPart], str]] = set()
    for piece in section.pieces:
        mark = "" if piece.asked else "# "
        lines += ["", mark + piece.head]
        for key, example in piece.keys.items():
            name = (piece.part, _plain(key))
            told = "" if name in explained else explanation(piece.part, _plain(key))
            explained.add(name)
            lines += _line(mark, f"{key} = {example}", told)
    return "\n".join(lines) + "\n"


def _line(mark: str, typed: str, told: str) -> list[str]:
    """One key with its explanation beside it, or above it where there is no room."""
    if not told:
        return [mark + typed]
    beside = f"{mark + typed:<{COLUMN}}# {told}"
    fits = len(mark + typed) < COLUMN and len(beside) <= WIDTH
    return [beside] if fits else [f"{mark}# {told}", mark + typed]


def _plain(key: str) -> str:
    """The schema's key: without a comment sign, and without what follows a point."""
    return key.removeprefix("# ").split(".")[0]


def explanation(part: type[PaperPart], key: str) -> str:
    """What the schema says of a key."""
    fields = {(field.alias or name): field for name, field in part.model_fields.items()}
    return " ".join((fields[key].description or "").split())
