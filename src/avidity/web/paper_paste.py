"""A pasted table split into rows and cells, and what each seems to be; digits stay as printed.

From Excel the cells come with tabs; from a PDF with spaces, where the figures at a line's end are
its cells and what stands before them is its label. Everything told here is a proposal: the person
corrects it before it is taken over.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avidity.papers.paper_numbers import OVERALL
from avidity.web.paper_form import entries, word

MEANINGS = ("mean", "median", "range", "count", "heading", "level", "skip")
MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 12, 200
_NUMBER = r"[<>≤≥]?\s*[-−]?(?:\d+(?:[.,]\d+)?|[.,]\d+)\s*%?"
_BRACKET = rf"[(\[]\s*{_NUMBER}(?:\s*(?:[-–—−;,/]|to|à)\s*{_NUMBER})?\s*[)\]]"
_CELL = re.compile(
    rf"(?<![\w.,])(?:p\s*=\s*)?{_NUMBER}(?:\s*/\s*\d+)?(?:\s*(?:±|\+/-)\s*{_NUMBER})?"
    rf"(?:\s*{_BRACKET})?(?![\w])|(?<!\w)(?:NS|ns|n\.s\.|[-–—])(?!\w)"
)
_ONE = re.compile(_NUMBER)
_FIRST = re.compile(  # the head of the labels, run into that of the first column
    r"^(?:characteristics?|caractéristiques?|variables?|parameters?|paramètres?|factors?)\s+",
    re.IGNORECASE,
)
_AFTER_COMMA = re.compile(
    r"(.*\S)\s*,\s*(years?|ans|months?|mois|mm|cm|kg|GBq|MBq|mCi|[nμµ]g/m?[lL])"
)
_SIZE = re.compile(r"\(?\s*[nN]\s*=\s*(\d+)\s*\)?")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One line: what it seems to be, and its cells.

    meaning  one of `MEANINGS`
    name     of the variable, or of the level
    """

    label: str
    meaning: str
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pasted:
    """A table: what stands at the head of each column, what it seems to hold, and the rows.

    columns  "@0", "@1" for a group, "@all", "p", or ""
    sizes    printed in the head, "" where none is
    """

    heads: tuple[str, ...]
    columns: tuple[str, ...]
    sizes: tuple[str, ...]
    rows: tuple[PastedRow, ...]


def split(text: str, content: Mapping[str, Any]) -> Pasted:
    """A pasted text as a table.

    content  of the paper as it is typed so far: its groups and variables are known again
    """
    lines = [one for one in text.replace("\r\n", "\n").split("\n") if one.strip()][:MOST_ROWS]
    cut = [_cells(line) for line in lines]
    wide = [len(cells) for _, cells in cut if any(_ONE.search(one) for one in cells)]
    width = min(max(wide, default=0), MOST_COLUMNS)
    if not any("\t" in line for line in lines) and wide:
        width = min(Counter(wide).most_common(1)[0][0] + ("p" in _words(lines[0])), width)
    heads: tuple[str, ...] = ("",) * width
    sizes = heads
    if cut and _is_head(lines[0], cut[0][1]):
        heads, sizes = _heads(lines[0], width)
        cut = cut[1:]
    table = [(label, _filled(cells, width)) for label, cells in cut]
    columns = _columns(heads, [cells for _, cells in table], content)
    return Pasted(heads, columns, sizes, tuple(_rows(table, columns, content)))


def _words(line: str) -> list[str]:
    return [one.lower().strip("().:") for one in line.split()]


def _cells(line: str) -> tuple[str, list[str]]:
    """The label of a line and its cells."""
    if "\t" in line:
        label, *cells = [one.strip()[:LONGEST] for one in line.split("\t")]
        return label, [_plain(one) for one in cells]
    parts = [one.strip()[:LONGEST] for one in re.split(r" {2,}|\u2003| ?\| ?", line.strip())]
    parts = [one for one in parts if one]
    if len(parts) > 2 or (len(parts) == 2 and _CELL.fullmatch(parts[1])):
        return parts[0], [_plain(one) for one in parts[1:]]
    found: list[str] = []
    rest = line.strip()[: 5 * LONGEST]
    while match := _last(rest):
        found.insert(0, rest[match.start() :].strip())
        rest = rest[: match.start()].rstrip()
    return (rest[:LONGEST], [_plain(one) for one in found]) if rest else (line.strip(), [])


def _last(text: str) -> re.Match[str] | None:
    """The figure a text ends with."""
    last = None
    for match in _CELL.finditer(text):
        last = match
    return last if last is not None and last.end() == len(text) else None


def _plain(cell: str) -> str:
    """A cell without what is no figure: "p = 0.03" is 0.03; "NS" is >0.05; a dash is nothing."""
    if cell.lower().strip(".") in ("ns", "n.s"):
        return ">0.05"
    if cell in ("-", "–", "—"):
        return ""
    return re.sub(r"^[pP]\s*(?==|<|>)=?\s*", "", cell).replace("−", "-").strip()


def _is_head(line: str, cells: Sequence[str]) -> bool:
    """Whether the first line names the columns."""
    plain = _SIZE.sub("", line)
    return bool(_SIZE.search(line)) or not any(_ONE.search(one) for one in [*cells, plain])


def _heads(line: str, width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parts = line.split("\t")[1:] if "\t" in line else re.split(r" {2,}| ?\| ?", line.strip())
    if "\t" not in line and len(parts) < width:  # one space between: cut after each size
        parts = re.split(r"(?<=\))\s+|(?<=\d)\s+(?=[^\d)])", line.strip())
    parts = [_FIRST.sub("", one.strip()) for one in parts][-width:] if width else []
    parts = [*[""] * (width - len(parts)), *parts]
    sizes = [match[1] if (match := _SIZE.search(one)) else "" for one in parts]
    return tuple(_SIZE.sub("", one).strip(" ,;")[:LONGEST] for one in parts), tuple(sizes)


def _filled(cells: Sequence[str], width: int) -> tuple[str, ...]:
    cut = list(cells[:width])
    return (*cut, *[""] * (width - len(cut)))


def _columns(
    heads: Sequence[str], rows: Sequence[Sequence[str]], content: Mapping[str, Any]
) -> tuple[str, ...]:
    """What each column seems to hold: by its head, else in the order of the groups."""
    groups = entries(content, "group")
    free = [f"@{at}" for at in range(len(groups))]
    found: list[str] = []
    for at, head in enumerate(heads):
        cells = [row[at] for row in rows if row[at]]
        known = _group_of(head, groups)
        if _is_p(head, cells):
            found.append("p")
        elif head.lower().split(" ")[0] in ("total", "all", "overall", "ensemble", "tous", "whole"):
            found.append(f"@{OVERALL}")
        elif known in free:
            free.remove(known)
            found.append(known)
        else:
            found.append("?")
    return tuple((free.pop(0) if free else "") if one == "?" else one for one in found)


def _group_of(head: str, groups: Sequence[Mapping[str, Any]]) -> str:
    said = head.lower()
    for at, one in enumerate(groups):
        names = {word(one, "label").lower(), word(one, "name").lower()} - {""}
        if said and said in names:
            return f"@{at}"
    return ""


def _is_p(head: str, cells: Sequence[str]) -> bool:
    if re.match(r"p\b|valeur.?p|p.?val", head.strip().lower()):
        return True
    plain = [one.lstrip("<>≤≥ ").replace(",", ".") for one in cells]
    return not head and bool(plain) and all(re.fullmatch(r"(0?\.\d+|1(\.0+)?)", x) for x in plain)


def _rows(
    table: Sequence[tuple[str, tuple[str, ...]]],
    columns: Sequence[str],
    content: Mapping[str, Any],
) -> list[PastedRow]:
    known = {word(x, "label").lower(): word(x, "name") for x in entries(content, "variable")}
    found: list[PastedRow] = []
    used: set[str] = set()
    below = False  # a heading of a category
    for label, cells in table:
        figures = [cell for cell, to in zip(cells, columns, strict=True) if to.startswith("@")]
        meaning = _meaning([one for one in figures if one])
        if meaning == "heading":
            below = True
        elif meaning == "count" and below:
            meaning = "level"
        else:
            below = False
        plain, _ = unit_of(label)
        name = known.get(label.lower()) or known.get(plain.lower()) or slug(plain)
        while meaning != "level" and name in used:
            name = f"{name}_2" if not name.endswith("_2") else f"{name[:-2]}_3"
        used |= set() if meaning == "level" else {name}
        found.append(PastedRow(label, meaning, name, cells))
    return found


def _meaning(figures: Sequence[str]) -> str:
    if not figures:
        return "heading"
    first = figures[0]
    if "±" in first or "+/-" in first:
        return "mean"
    inner = re.search(r"[(\[](.*)[)\]]", first)
    if inner and len(_ONE.findall(re.sub(r"(?<=\d)\s*[-–—−]", " ;", inner[1]))) == 2:
        return "median"
    whole = re.match(r"\d+(?!\d*[.,]\d)", first.strip())
    return "count" if whole else "mean"


def numbers(cell: str) -> list[str]:
    """The figures of a cell as printed: "45 (32–60)" -> 45, 32, 60; a divisor is left out."""
    plain = re.sub(r"/\s*\d+", "", cell)
    plain = re.sub(r"(?<=[\d%])\s*[-–—−](?=\s*[\d.,])", " ; ", plain)
    return ["".join(one.split()) for one in _ONE.findall(plain)]


def unit_of(label: str) -> tuple[str, str]:
    """A label without its unit or "n (%)", and the unit."""
    plain = re.sub(
        r"[,:]?\s*(?:n\s*)?\(%\)|[,:]\s*n\b|[,:]?\s*(?:mean|moyenne|median)\b.*$", "", label
    )
    match = re.fullmatch(r"(.*?)[,\s]*[(\[]([^()\[\]]{1,20})[)\]]", plain.strip())
    if match and not re.search(r"\d", match[2]):
        return match[1].strip(), match[2].strip()
    if match := _AFTER_COMMA.fullmatch(plain.strip()):
        return match[1], match[2]
    return plain.strip(" ,:") or label, ""


def slug(label: str) -> str:
    """A short name from a label: small letters, digits and _."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    return name if re.match(r"[a-z]", name) else f"v_{name}".strip("_")
