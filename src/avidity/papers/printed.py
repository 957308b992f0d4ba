"""What a paper printed, held against what was computed here: same, or differs and why.

published.toml holds every figure as printed (text, so that digits are kept) with the place of
ours in the results. Nothing is assumed to agree: ours is looked up, rounded to the printed
decimals and compared as a reader would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from avidity.errors import StudyFileError
from avidity.study import faults, load_toml
from avidity.wording import fixed

Verdict = Literal["same", "differs", "not computed"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Paper(_Frozen):
    """[paper]: where the figures were read."""

    citation: str
    doi: str = ""
    licence: str = ""


class Printed(_Frozen):
    """[[figure]]: one printed figure and the place of ours in the results.

    ours   dotted path, as in results.json; empty when nothing here answers it
    scale  what ours is multiplied by before it is compared (100 for a percentage)
    note   what the paper itself says against the figure, printed with the comparison
    """

    where: str
    item: str
    printed: str
    ours: str = ""
    scale: float = 1
    note: str = ""


class Remark(_Frozen):
    """[[remark]]: something the paper's own pages contradict or leave out."""

    title: str
    text: str


class PublishedFile(_Frozen):
    """published.toml, whole."""

    paper: Paper
    figure: tuple[Printed, ...] = Field(min_length=1)
    remark: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One figure compared.

    ours     rounded to the printed decimals, as text; a dash when nothing here answers it
    value    ours, unrounded
    because  empty when same
    """

    where: str
    item: str
    printed: str
    ours: str
    value: float | str | None
    verdict: Verdict
    because: str
    path: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every printed figure beside ours, and the paper's contradictions."""

    citation: str
    doi: str
    lines: tuple[Line, ...]
    remarks: tuple[tuple[str, str], ...]

    @property
    def same(self) -> int:
        """How many agree to the last printed digit."""
        return sum(line.verdict == "same" for line in self.lines)


def read_published(path: Path) -> PublishedFile:
    """published.toml, checked.

    raises  StudyFileError with every fault of the file
    """
    _, content = load_toml(path)
    try:
        return PublishedFile.model_validate(content)
    except ValidationError as error:
        raise StudyFileError(f"{path.name}: {'; '.join(faults(error))}") from None


def compare(published: PublishedFile, results: object) -> Comparison:
    """Look up each figure's counterpart and say whether it is the same."""
    lines = tuple(_line(figure, results) for figure in published.figure)
    remarks = tuple((remark.title, remark.text) for remark in published.remark)
    return Comparison(published.paper.citation, published.paper.doi, lines, remarks)


def _line(figure: Printed, results: object) -> Line:
    if not figure.ours:
        because = figure.note or "nothing in this study answers it"
        return _worded(figure, None, "–", "not computed", because)
    found = look_up(results, figure.ours)
    if isinstance(found, str):
        alike = found.strip().lower() == figure.printed.strip().lower()
        because = "" if alike else _joined(f"ours is {found}", figure.note)
        return _worded(figure, found, found, "same" if alike else "differs", because)
    if not isinstance(found, int | float):
        because = _joined("this run has no such figure", figure.note)
        return _worded(figure, None, "–", "differs", because)
    return _compare_number(figure, float(found) * figure.scale)


def _compare_number(figure: Printed, ours: float) -> Line:
    printed = _number(figure)
    decimals = max(0, -int(printed.as_tuple().exponent))
    limit = figure.printed.strip().startswith("<")
    text = fixed(ours, decimals)
    if limit:
        same = ours < float(printed)
        text = figure.printed.strip() if same else text
    else:
        same = printed in _roundings(ours, decimals)
    if same:
        return _worded(figure, ours, text, "same", "")
    gap = ours - float(printed)
    sign = "+" if gap > 0 else "−"
    # Two more digits than printed, so that a gap below the last digit is still seen.
    because = f"ours is {fixed(ours, decimals + 2)} ({sign}{fixed(abs(gap), decimals + 2)})"
    return _worded(figure, ours, text, "differs", _joined(because, figure.note))


def _roundings(value: float, decimals: int) -> set[Decimal]:
    """Half-up and half-even: a printed figure may come from either."""
    exact, unit = Decimal(repr(value)), Decimal(1).scaleb(-decimals)
    return {exact.quantize(unit, rule) for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)}


def _number(figure: Printed) -> Decimal:
    plain = figure.printed.strip().lstrip("<").rstrip("%").replace(",", "").replace("−", "-")
    try:
        return Decimal(plain.strip())
    except InvalidOperation:
        raise StudyFileError(
            f"published.toml, {figure.where}, {figure.item}: printed must be a number as printed,"
            f" found {figure.printed!r}"
        ) from None


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _worded(
    figure: Printed, value: float | str | None, ours: str, verdict: Verdict, because: str
) -> Line:
    return Line(
        figure.where, figure.item, figure.printed, ours, value, verdict, because, figure.ours
    )


def look_up(results: object, path: str) -> object:
    """Follow a dotted path through results; None where it leads nowhere.

    Steps are attributes, keys, or places in a sequence (``flow.left.0.n``). A key that holds a
    dot is out of reach.
    """
    here = results
    for step in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, tuple | list):
            here = here[int(step)] if step.isdigit() and int(step) < len(here) else None
        else:
            here = getattr(here, step, None)
        if here is None:
            return None
    return here
