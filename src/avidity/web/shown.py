"""The report of a run as sections of a page: the words and numbers of the report itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from avidity.report.document import Block, Checklist, Document, Figure, Heading, Notice, Table
from avidity.report.exhibit import KINDS
from avidity.report.html_parts import part
from avidity.web.told import PICTURES, Told, picture_name, told_by
from avidity.web.words import words

# The order of the page: what was found first, the text around it after that.
FOUND = (
    *("patients", "outcome", "groups", "cut-offs", "factors", "capacity", "sound", "trust"),
    *("score", "missing", "definitions"),
)
TEXT = ("in-short", "methods", "paper", "checklists", "appendix")
LEFT_OUT = ("results", "discussion")  # the heading above all the others; a blank for the authors
# Exhibits a reader looks for by name, under their section: the beginning of the anchor, a word.
NAMED = {
    "patients": (("figure-flow", "flow"),),
    "groups": (("table-baseline", "characteristics"),),
    "cut-offs": (("figure-roc", "roc"), ("table-cutoffs", "cutoffs")),
    "factors": (("table-factors", "ratios"), ("figure-forest", "forest")),
    "trust": (
        ("table-validation", "validation"),
        ("figure-calibration", "calibration"),
        ("figure-benefit", "benefit"),
    ),
    "score": (("figure-points", "points"), ("figure-nomogram", "nomogram")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """An exhibit in the list of contents: where, what it is called here and in the report."""

    anchor: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section; ``key`` is that of its name in the catalogue, "" where it has none."""

    anchor: str
    title: str
    key: str
    text: bool
    html: Markup
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands above the sections, and the sections in the order of the page."""

    made: Markup
    warnings: Markup
    sections: tuple[Section, ...]


@lru_cache(maxsize=8)  # a finished run does not change
def shown(data: Path, study: str, run: str, address: str, language: str) -> Shown | None:
    """The report of a run; None where nothing of it was kept.

    address  of the run's own pages, to which tables/NAME and pictures/NAME are added
    """
    told = told_by(data, study, run)
    if told is None:
        return None
    maker = _Maker(told, address, language)
    parts = {heading.anchor: (heading, blocks) for heading, blocks in _parts(told.document)}
    front = _front(told.document)
    order = [one for one in (*FOUND, *parts, *TEXT) if one in parts and one not in LEFT_OUT]
    others = [one for one in dict.fromkeys(order) if one not in TEXT]
    texts = [one for one in TEXT if one in parts]
    return Shown(
        maker.html([one for one in front if one.kind == "made data"]),
        maker.html([one for one in front if one.kind != "made data"]),
        tuple(maker.section(*parts[one]) for one in (*others, *texts)),
    )


def _front(document: Document) -> list[Notice]:
    """The notices nobody may overlook: those before the first heading."""
    found = []
    for block in document.blocks:
        if isinstance(block, Heading):
            break
        if isinstance(block, Notice):
            found.append(block)
    return found


def _parts(document: Document) -> Iterator[tuple[Heading, list[Block]]]:
    """Heading by heading: those of the first level, and below "Results" those of the second."""
    now: tuple[Heading, list[Block]] | None = None
    within = ""
    for block in document.blocks:
        opens = isinstance(block, Heading) and (block.level == 1 or within == "results")
        if isinstance(block, Heading) and opens and block.level <= 2:
            if now:
                yield now
            now = (block, [])
            within = block.anchor if block.level == 1 else within
        elif now:
            now[1].append(block)
    if now:
        yield now


@dataclass(frozen=True, slots=True)
class _Maker:
    told: Told
    address: str
    language: str

    def html(self, blocks: list[Block] | list[Notice]) -> Markup:
        return part(self.told.document, blocks, self.source, self.beside)

    def section(self, heading: Heading, blocks: list[Block]) -> Section:
        key = heading.anchor.replace("-", "_")
        known = heading.anchor in (*FOUND, *TEXT)
        return Section(
            heading.anchor,
            heading.text,
            f"results.part.{key}" if known else "",
            heading.anchor in TEXT,
            self.html(_side_by_side(blocks)),
            tuple(_places(heading.anchor, blocks)),
        )

    def source(self, figure: Figure) -> str:
        return f"{self.address}/pictures/{picture_name(figure, 'svg')}"

    def beside(self, block: Table | Figure | Checklist) -> Markup:
        """Where the table or figure can be downloaded."""
        if isinstance(block, Figure):
            names = [(kind, f"pictures/{picture_name(block, kind)}?keep=yes") for kind in PICTURES]
        else:
            names = [(kind, f"tables/{block.anchor}.{kind}") for kind in KINDS]
        what = block.caption if isinstance(block, Checklist) else block.label
        links = Markup(" ").join(
            Markup('<a href="{}/{}" aria-label="{}">{}</a>').format(
                self.address,
                name,
                words(self.language, "results.take_one", what=what, kind=_kind(kind)),
                _kind(kind),
            )
            for kind, name in names
        )
        lead = words(self.language, "results.take")
        return Markup('<p class="take" lang="{}"><span>{}</span> {}</p>').format(
            self.language, lead, links
        )


def _side_by_side(blocks: list[Block]) -> list[Block]:
    """The same blocks, with figures that both tracks have as pairs: "-usual" beside "-sound"."""
    order: dict[str, int] = {}
    for at, block in enumerate(blocks):
        if isinstance(block, Figure):
            order.setdefault(_pair(block), at)
    keys = [order[_pair(one)] if isinstance(one, Figure) else at for at, one in enumerate(blocks)]
    return [blocks[at] for at in sorted(range(len(blocks)), key=lambda at: (keys[at], at))]


def _pair(figure: Figure) -> str:
    return figure.anchor.removesuffix("-usual").removesuffix("-sound")


def _kind(kind: str) -> str:
    return {"docx": "Word", "xlsx": "XLSX"}.get(kind, kind.upper())


def _places(section: str, blocks: list[Block]) -> Iterator[Place]:
    """The exhibits of a section that readers look for, each named once."""
    exhibits = [one for one in blocks if isinstance(one, Table | Figure)]
    for begins, key in NAMED.get(section, ()):
        found = next((one for one in exhibits if one.anchor.startswith(begins)), None)
        if found:
            yield Place(found.anchor, f"results.place.{key}", found.label)
