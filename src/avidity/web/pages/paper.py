"""Check a paper: the papers a person types, one of them as a form, and what its figures hold."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from avidity.papers.checks.finding import SEVERITIES, Finding, Severity
from avidity.papers.facts import facts
from avidity.papers.paper_numbers import OVERALL, TestName
from avidity.report.audit_lines import policy_words
from avidity.web.paper_check import CheckedPaper
from avidity.web.paper_form import entries, fits_the_form, word
from avidity.web.paper_names import names_of
from avidity.web.paper_places import to_shape
from avidity.web.paper_typing import Late, version_of
from avidity.web.rebuilding import Rebuilding
from avidity.web.store.drafts import Draft

NUMBERS = ("mean", "sd", "se", "median", "q1", "q3", "minimum", "maximum", "n", "missing")
FEW = ("mean", "sd", "median", "q1", "q3")
COMPARISONS = ("", "at_least", "above", "at_most", "below")
TESTS: tuple[str, ...] = get_args(TestName)
LINES = ("variable", "level", "reference", "per", "odds_ratio", "low", "high", "p", "beta", "se")


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
class FindingLine:
    """A finding, and the field it leads to ("" where the form has none)."""

    finding: Finding
    place: str


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What is wrong with a field, or missing."""

    must: str
    found: str
    place: str
    where: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the page says of the paper as far as it is typed."""

    whole: bool
    trouble: str
    faults: tuple[FaultLine, ...]
    audited: bool
    left_out: int
    counts: Mapping[Severity, int]
    findings: Mapping[Severity, tuple[FindingLine, ...]]
    policies: tuple[str, ...]
    unanswered: tuple[str, ...]
    figures: int


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
    variables: tuple[str, ...]
    rows: tuple[RowForm, ...]
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
    return TypedPage(
        draft,
        shape,
        groups,
        variables,
        rows,
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
        named = about.get("levels")
        levels = [str(one) for one in named] if isinstance(named, list) else []
        answers = (
            [(one, f"#{place}") for place, one in enumerate(levels)]
            if kind == "category"
            else [("yes", "yes"), ("no", "no")]
        )
        lines = [line("count", answer, place) for answer, place in answers]
        more = [line("percent", answer, place) for answer, place in answers]
        more += [line("n"), line("missing")]
    label = word(about, "label") or variable or str(at + 1)
    return RowForm(at, variable, label, tuple(lines), tuple(more))


def checked_page(checked: CheckedPaper) -> Checked:
    """The findings by severity, each with the field it is about; and what is still missing."""
    found = checked.found
    findings = {
        severity: tuple(
            FindingLine(one, _place_of(checked, one.path))
            for one in (found.findings if found else ())
            if one.severity == severity
        )
        for severity in SEVERITIES
    }
    return Checked(
        whole=checked.whole,
        trouble=checked.trouble,
        faults=tuple(
            FaultLine(
                one.must,
                one.found,
                _field(checked, tuple(str(step) for step in one.place)),
                ".".join(str(step) for step in one.place if isinstance(step, str)),
            )
            for one in checked.faults
        ),
        audited=found is not None,
        left_out=checked.left_out,
        counts=found.counts if found else {},
        findings=findings,
        policies=tuple(policy_words(one) for one in found.policies) if found else (),
        unanswered=tuple(said for one in found.checked for said in one.unanswered) if found else (),
        figures=len(facts(checked.paper)) if checked.paper else 0,
    )


def _field(checked: CheckedPaper, way: tuple[str, ...]) -> str:
    """A place in the file as the form's: groups and levels by their place."""
    content = checked.content or {}
    if way[:1] != ("row",) or len(way) < 4 or not fits_the_form(content):
        return ".".join(way)
    groups = [word(one, "name") for one in entries(content, "group")]
    variable = word(entries(content, "row")[int(way[1])], "variable")
    about = next((x for x in entries(content, "variable") if word(x, "name") == variable), {})
    named = about.get("levels")
    levels = [str(one) for one in named] if isinstance(named, list) else []
    rest = list(way[3:])
    if rest[-1] in groups:
        rest[-1] = f"@{groups.index(rest[-1])}"
    elif rest[-1] == OVERALL:
        rest[-1] = "@all"
    if len(rest) == 2 and rest[0] in levels:
        rest[0] = f"#{levels.index(rest[0])}"
    return ".".join((*way[:3], *rest))


def _place_of(checked: CheckedPaper, path: str) -> str:
    """The field of a figure, named as `facts` names it; "" where the form has none."""
    kind, *way = path.split(".")
    content = checked.content or {}
    if not way or not fits_the_form(content):
        return ""
    if kind == "flow":
        return f"flow.left.{int(way[1]) - 1}.n" if way[0] == "left" else path
    keys = {"group": "name", "row": "variable", "model": "name"}
    for at, one in enumerate(entries(content, kind)):
        named = word(one, keys.get(kind, "name")) or word(one, "variable")
        if named == way[0] and len(way) == 1:
            return f"{kind}.{at}.{keys.get(kind, 'name')}" if kind in keys else ""
        if named == way[0]:
            if kind == "model" and len(way) == 3:
                return _term_place(one, at, way)
            return _field(checked, (kind, str(at), *way[1:]))
    return ""


def _term_place(model: object, at: int, way: list[str]) -> str:
    for line, term in enumerate(entries(model, "term")):
        level = word(term, "level")
        key = f"{word(term, 'variable')}={level}" if level else word(term, "variable")
        if key == way[1]:
            return f"model.{at}.term.{line}.{way[2]}"
    return ""
