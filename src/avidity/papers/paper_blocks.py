"""The text of a paper file cut at its headers, and where something new belongs in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from avidity.papers.paper import About, Flow, Group, Left, Statement
from avidity.papers.paper_lines import Place, statements_of
from avidity.papers.paper_models import Methods, Model, Term
from avidity.papers.paper_numbers import PaperPart
from avidity.papers.paper_rows import Cross, Roc, Row, Variable
from avidity.papers.paper_text import ORDER, paper_text

PARTS: Mapping[tuple[str, ...], type[PaperPart]] = {
    ("paper",): About,
    ("group",): Group,
    ("flow",): Flow,
    ("flow", "left"): Left,
    ("variable",): Variable,
    ("row",): Row,
    ("cross",): Cross,
    ("roc",): Roc,
    ("model",): Model,
    ("model", "term"): Term,
    ("statement",): Statement,
    ("methods",): Methods,
}


@dataclass(slots=True)
class Line:
    """A key with its value: the text from the line end before it to its own."""

    place: Place
    text: str
    start: int  # of the value within the text
    end: int


@dataclass(slots=True)
class Block:
    """A header with its lines. ``above`` is what stands before it: empty lines and remarks."""

    place: Place
    above: str
    head: str
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As it stands in the file."""
        return self.above + self.head + "".join(line.text for line in self.lines)


def blocks_of(text: str) -> tuple[list[Block], str]:
    """The text cut at its headers, and what stands below the last statement."""
    found = [Block((), "", "")]
    at = 0
    for one in statements_of(text):
        end = text.find("\n", one.end)
        end = len(text) if end < 0 else end + 1
        if one.value < 0:
            found.append(Block(one.place, text[at : one.start], text[one.start : end]))
        else:
            piece = text[at:end]
            found[-1].lines.append(Line(one.place, piece, one.value - at, one.end - at))
        at = end
    last = found[-1]
    if not text[:at].endswith("\n") and last.text:
        if last.lines:
            last.lines[-1].text += "\n"
        else:
            last.head += "\n"
    return found, text[at:]


def slot(home: Block, place: Place) -> int:
    """Where a key belongs among the lines of its block, in the order of the manual."""
    part = PARTS.get(tuple(step for step in home.place if isinstance(step, str)))
    known = [(one.alias or name) for name, one in part.model_fields.items()] if part else []
    rank = {name: at for at, name in enumerate(known)}

    def of(line_place: Place) -> int:
        step = line_place[len(home.place)] if len(line_place) > len(home.place) else ""
        return rank.get(str(step), len(known))

    mine = of(place)
    like = [at for at, x in enumerate(home.lines) if x.place[: len(place) - 1] == place[:-1]]
    if like and len(place) > len(home.place) + 1:
        return like[-1] + 1  # beside the other answers
    return next((at for at, x in enumerate(home.lines) if of(x.place) > mine), len(home.lines))


def home_of(blocks: Sequence[Block], place: Place) -> int:
    """Where new blocks go: behind their like, or behind what the manual has before them."""
    like = [at for at, one in enumerate(blocks) if one.place[: len(place)] == place]
    if not like and len(place) > 1:
        like = [at for at, one in enumerate(blocks) if one.place[: len(place) - 1] == place[:-1]]
    if like:
        return like[-1] + 1
    rank = {name: at for at, name in enumerate(ORDER)}
    mine = rank.get(str(place[0]), len(ORDER))
    before = [
        at
        for at, one in enumerate(blocks)
        if not one.place or rank.get(str(one.place[0]), len(ORDER)) <= mine
    ]
    return before[-1] + 1 if before else 0


def is_several(value: object) -> bool:
    """Whether it is a list of tables, each with a header of its own."""
    return isinstance(value, list) and bool(value) and all(isinstance(x, dict) for x in value)


def written(place: Place, value: object) -> Iterator[str]:
    """New blocks: a table or a list of tables at a place."""
    names = tuple(str(step) for step in place if isinstance(step, str))
    inner: object = value
    for name in reversed(names):
        inner = {name: inner}
    text = paper_text(json.loads(json.dumps(inner)))
    blocks = text.rstrip("\n").split("\n\n")
    if len(names) > 1:  # paper_text opens the table around it first
        blocks = [one for one in blocks if one.splitlines()[0].count(names[-1])]
    yield from blocks
