"""Check a paper: the papers a person types, one of them as a form, and what its figures hold."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from avidity.papers.paper_numbers import OVERALL, TestName
from avidity.web.pages.paper_figures import Figure, answers, figures
from avidity.web.pages.paper_found import Checked, checked_page
from avidity.web.paper_check import CheckedPaper
from avidity.web.paper_form import entries, fits_the_form, word
from avidity.web.paper_names import names_of
from avidity.web.paper_places import to_shape
from avidity.web.paper_typing import Late, version_of
from avidity.web.rebuilding import Rebuilding
from avidity.web.store.drafts import Draft

NUMBERS = ("mean", "sd", "se", "median", "q1", "q3", "iqr", "minimum", "maximum", "n", "missing")
FEW = ("mean", "sd", "median", "q1", "q3")
TESTS: tuple[str, ...] = get_args(TestName)
NOBODY: Mapping[str, Any] = {"kind": "number"}  # a variable that is not there has no answers


@dataclass(frozen=True, slots=True)
class PapersPage:
    """The papers begun, and the examples to begin with."""

    drafts: tuple[Draft, ...]
    examples: tuple[str, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table: its place in the form's shape, and what stands there."""

    place: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a row's table: a statistic, or an answer's counts or percentages.

    answer  of a count; "" for a statistic
    """

    kind: str
    answer: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RowForm:
    """One row of Table 1 as a table of fields."""

    at: int
    variable: str
    label: str
    lines: tuple[Line, ...]
    more: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CrossForm:
    """One cross table as a table of fields; no columns until both its variables are chosen."""

    at: int
    label: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TypedPage:
    """One paper: its form, its text, what was found, its rebuilding.

    was      names as they are now, for the form to remember
    window   a name for the window this page is shown in, and the version of the text it shows
    late     when another window wrote meanwhile
    """

    draft: Draft
    shape: Mapping[str, Any] | None
    groups: tuple[tuple[str, str], ...]
    group_names: tuple[str, ...]
    variables: tuple[str, ...]
    rows: tuple[RowForm, ...]
    crosses: tuple[CrossForm, ...]
    figures: tuple[Figure, ...]
    named: Mapping[str, Figure]
    checked: Checked
    rebuilding: Rebuilding
    rebuilt: Mapping[str, Any] | None
    was: tuple[tuple[str, str], ...]
    window: str
    version: str
    late: Late | None = None
    tests: tuple[str, ...] = TESTS


def typed_page(
    draft: Draft,
    checked: CheckedPaper,
    rebuilding: Rebuilding,
    rebuilt: Mapping[str, Any] | None,
    late: Late | None = None,
) -> TypedPage:
    """The page of a draft."""
    content = checked.content
    shape = to_shape(content) if content is not None and fits_the_form(content) else None
    groups = _groups(shape)
    variables = tuple(word(one, "name") for one in entries(shape, "variable"))
    rows = tuple(_row(shape or {}, at, groups) for at in range(len(entries(shape, "row"))))
    known = figures(content) if shape is not None and content is not None else ()
    return TypedPage(
        draft,
        shape,
        groups,
        tuple(word(one, "name") for one in entries(shape, "group") if word(one, "name")),
        variables,
        rows,
        tuple(_cross(shape or {}, at) for at in range(len(entries(shape, "cross")))),
        known,
        {one.path: one for one in known},
        checked_page(checked),
        rebuilding,
        rebuilt,
        tuple(names_of(shape or {})),
        secrets.token_hex(8),
        version_of(draft.content),
        late,
    )


def _groups(shape: object) -> tuple[tuple[str, str], ...]:
    named = entries(shape, "group")
    found = [
        (f"@{at}", word(one, "label") or word(one, "name") or str(at + 1))
        for at, one in enumerate(named)
    ]
    return (*found, ("@all", OVERALL)) if found else ()


def _row(shape: Mapping[str, Any], at: int, groups: Sequence[tuple[str, str]]) -> RowForm:
    row = entries(shape, "row")[at]
    variable = word(row, "variable")
    about = next((x for x in entries(shape, "variable") if word(x, "name") == variable), {})
    kind = word(about, "kind") or "yes/no"

    def line(key: str, answer: str = "", place: str = "") -> Line:
        way = (key, place) if place else (key,)
        cells = [
            Cell(".".join(("row", str(at), *way, group)), word(row, *way, group))
            for group, _ in groups
        ]
        return Line(key, answer, tuple(cells))

    if kind == "number":
        lines = [line(key) for key in FEW]
        more = [line(key) for key in NUMBERS if key not in FEW]
    else:
        places = _answers(about)
        lines = [line("count", answer, place) for answer, place in places]
        more = [line("percent", answer, place) for answer, place in places]
        more += [line("n"), line("missing")]
    label = word(about, "label") or variable or str(at + 1)
    return RowForm(at, variable, label, tuple(lines), tuple(more))


def _answers(variable: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What counts are given for, and its place in the form's shape."""
    named = answers(variable)
    if word(variable, "kind") == "category":
        return [(one, f"#{place}") for place, one in enumerate(named)]
    return [(one, one) for one in named]


def _cross(shape: Mapping[str, Any], at: int) -> CrossForm:
    cross = entries(shape, "cross")[at]
    known = {word(one, "name"): one for one in entries(shape, "variable")}
    down, along = (_answers(known.get(word(cross, key), NOBODY)) for key in ("rows", "columns"))

    def cell(*way: str) -> Cell:
        return Cell(".".join(("cross", str(at), "count", *way)), word(cross, "count", *way))

    lines = [
        Line("count", answer, tuple(cell(place, to) for _, to in along)) for answer, place in down
    ]
    label = word(cross, "name") or str(at + 1)
    columns = tuple((place, answer) for answer, place in along)
    return CrossForm(at, label, columns, tuple(lines) if columns else ())
