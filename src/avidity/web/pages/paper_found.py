"""What the figures of a typed paper hold: findings, each with its field; what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avidity.papers.checks.finding import SEVERITIES, Finding, Severity
from avidity.papers.facts import facts
from avidity.papers.paper_numbers import OVERALL
from avidity.report.audit_lines import policy_words
from avidity.web.paper_check import CheckedPaper
from avidity.web.paper_form import entries, fits_the_form, word


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
    if len(way) < 4 or not fits_the_form(content):
        return ".".join(way)
    if way[0] == "cross" and len(way) == 5:
        cross = entries(content, "cross")[int(way[1])]
        levels_ = (_levels(content, word(cross, key)) for key in ("rows", "columns"))
        at = [_at(one, level) for one, level in zip(way[3:], levels_, strict=True)]
        return ".".join((*way[:3], *at))
    if way[0] != "row":
        return ".".join(way)
    groups = [word(one, "name") for one in entries(content, "group")]
    variable = word(entries(content, "row")[int(way[1])], "variable")
    levels = _levels(content, variable)
    rest = list(way[3:])
    if rest[-1] in groups:
        rest[-1] = f"@{groups.index(rest[-1])}"
    elif rest[-1] == OVERALL:
        rest[-1] = "@all"
    if len(rest) == 2:
        rest[0] = _at(rest[0], levels)
    return ".".join((*way[:3], *rest))


def _levels(content: Mapping[str, Any], variable: str) -> list[str]:
    about = next((x for x in entries(content, "variable") if word(x, "name") == variable), {})
    named = about.get("levels")
    return [str(one) for one in named] if isinstance(named, list) else []


def _at(answer: str, levels: list[str]) -> str:
    return f"#{levels.index(answer)}" if answer in levels else answer


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
