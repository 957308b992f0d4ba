"""Whether a paper file agrees with itself: names used once, names known, groups and levels there.

This looks at how the file is typed, never at whether the paper is right: figures that contradict
each other are what the file is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from avidity.papers.facts import is_path
from avidity.papers.paper import Paper, Row, Variable
from avidity.papers.paper_lines import Place
from avidity.papers.paper_numbers import OVERALL, PaperPart

BY_GROUP = ("n", "missing", "mean", "sd", "se", "median", "q1", "q3", "iqr", "minimum", "maximum")
OF_NUMBERS = BY_GROUP[2:]


@dataclass(frozen=True, slots=True)
class Fault:
    """What must hold at one place of the file, and what was there ("" when nothing)."""

    place: Place
    must: str
    found: str = ""


def sense(paper: Paper) -> Iterator[Fault]:
    """Every place where the file does not agree with itself."""
    known = {variable.name: variable for variable in paper.variables}
    yield from _once(paper)
    yield from _groups(paper)
    yield from _variables(paper, known)
    for index, row in enumerate(paper.rows):
        if row.variable in known:
            yield from _row(paper, row, known[row.variable], index)
    yield from _crosses(paper, known)
    yield from _models(paper, known)
    yield from _names(paper, known)
    for index, one in enumerate(paper.statements):
        if not is_path(paper, one.fact):
            must = "must be the path of a figure, such as row.age.mean.rair or flow.included"
            yield Fault(("statement", index, "fact"), must, one.fact)


def _once(paper: Paper) -> Iterator[Fault]:
    several: tuple[tuple[str, str, list[str]], ...] = (
        ("group", "name", [one.name for one in paper.groups]),
        ("variable", "name", [one.name for one in paper.variables]),
        ("row", "variable", [one.variable for one in paper.rows]),
        ("cross", "name", [one.name for one in paper.crosses]),
        ("roc", "name", [one.key for one in paper.rocs]),
        ("model", "name", [one.name for one in paper.models]),
    )
    for part, key, names in several:
        for index, name in enumerate(names):
            if name in names[:index]:
                yield Fault((part, index, key), "must be used once", name)
    for index, model in enumerate(paper.models):
        keys = [term.key for term in model.term]
        for line, key in enumerate(keys):
            if key in keys[:line]:
                place = ("model", index, "term", line, "variable")
                yield Fault(place, "must stand once in a model", key)


def _groups(paper: Paper) -> Iterator[Fault]:
    events = 0
    if not paper.groups:
        yield Fault(("group",), "must be there, one for each column of the tables")
    for index, group in enumerate(paper.groups):
        if group.name == OVERALL:
            yield Fault(("group", index, "name"), 'must not be "all", which means everybody', "all")
        events += group.event
        if group.event and events > 1:
            yield Fault(("group", index, "event"), "must be true for one group at most", "true")


def _variables(paper: Paper, known: Mapping[str, Variable]) -> Iterator[Fault]:
    for index, one in enumerate(paper.variables):
        place = ("variable", index)
        source = known.get(one.from_)
        if one.from_ and source is None:
            yield _unknown((*place, "from"), one.from_, known)
        if source and one.cut and source.kind != "number":
            yield Fault((*place, "from"), "must be a number to be cut", one.from_)
        for level in one.one_of if source else ():
            if source and level not in source.levels:
                yield _unknown((*place, "one_of"), level, source.levels, "a level of its category")
        if one.among and (one.among not in known or known[one.among].kind != "yes/no"):
            yes_no = [name for name, other in known.items() if other.kind == "yes/no"]
            yield _unknown((*place, "among"), one.among, yes_no, "a yes/no variable of this file")
        if _leads_back(one, known):
            yield Fault((*place, "from"), "must not lead back to the variable itself", one.from_)
        if one.step is not None and one.step.value <= 0:
            yield Fault((*place, "step"), "must be more than 0", one.step.text)


def _leads_back(one: Variable, known: Mapping[str, Variable]) -> bool:
    seen, here = set(), one
    while here.from_ in known and here.name not in seen:
        seen.add(here.name)
        here = known[here.from_]
    return here.name in seen


def _row(paper: Paper, row: Row, variable: Variable, index: int) -> Iterator[Fault]:
    place: Place = ("row", index)
    groups = {group.name for group in paper.groups} | {OVERALL}
    for name in BY_GROUP:
        for group in getattr(row, name):
            if group not in groups:
                yield _unknown((*place, name, group), group, groups, "a group's name or all")
    for name in ("count", "percent"):
        for answer, by_group in getattr(row, name).items():
            at = (*place, name, answer)
            if answer not in variable.answers:
                yield _unknown(at, answer, variable.answers, f"an answer of {variable.name}")
            for group in by_group:
                if group not in groups:
                    yield _unknown((*at, group), group, groups, "a group's name or all")
    for name in OF_NUMBERS if variable.kind != "number" else ():
        if getattr(row, name):
            must = f"must be of a number, and {variable.name} is of kind"
            yield Fault((*place, name), must, variable.kind)


def _crosses(paper: Paper, known: Mapping[str, Variable]) -> Iterator[Fault]:
    groups = {group.name for group in paper.groups} | {OVERALL}
    for index, one in enumerate(paper.crosses):
        place: Place = ("cross", index)
        if one.group not in groups:
            yield _unknown((*place, "group"), one.group, groups, "a group's name or all")
        if one.rows not in known or one.columns not in known:
            continue
        down, along = known[one.rows].answers, known[one.columns].answers
        for row, columns in one.count.items():
            if row not in down:
                yield _unknown((*place, "count", row), row, down, f"an answer of {one.rows}")
            for column in columns:
                if column not in along:
                    at = (*place, "count", row, column)
                    yield _unknown(at, column, along, f"an answer of {one.columns}")


def _models(paper: Paper, known: Mapping[str, Variable]) -> Iterator[Fault]:
    for index, model in enumerate(paper.models):
        if not model.term:
            yield Fault(("model", index, "term"), "must be there, one for each line of the table")
        for line, term in enumerate(model.term):
            variable = known.get(term.variable)
            for key in ("level", "reference"):
                level = getattr(term, key)
                if variable and level and level not in variable.answers:
                    place = ("model", index, "term", line, key)
                    what = f"an answer of {variable.name}"
                    yield _unknown(place, level, variable.answers, what)
            if variable and variable.kind == "category" and not term.level:
                must = "must have a level, because the variable is a category; found none in"
                yield Fault(("model", index, "term", line), must, term.variable)


def _names(paper: Paper, known: Mapping[str, Variable]) -> Iterator[Fault]:
    """Every place that names a variable."""
    yield from _known("row", "variable", paper.rows, known)
    yield from _known("cross", "rows", paper.crosses, known)
    yield from _known("cross", "columns", paper.crosses, known)
    yield from _known("roc", "variable", paper.rocs, known)
    for index, model in enumerate(paper.models):
        for line, term in enumerate(model.term):
            if term.variable not in known:
                yield _unknown(("model", index, "term", line, "variable"), term.variable, known)
    for key in ("candidates", "outcome_uses"):
        for index, name in enumerate(getattr(paper.methods, key)):
            if name not in known:
                yield _unknown(("methods", key, index), name, known)


def _known(
    part: str, key: str, ones: Iterable[PaperPart], known: Mapping[str, Variable]
) -> Iterator[Fault]:
    for index, one in enumerate(ones):
        if getattr(one, key) not in known:
            yield _unknown((part, index, key), getattr(one, key), known)


def _unknown(
    place: Place, name: str, known: Iterable[str], what: str = "a variable of this file"
) -> Fault:
    names = ", ".join(sorted(known)) or "none"
    return Fault(place, f"must be {what} ({names})", name)
