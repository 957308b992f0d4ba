"""Every figure a paper prints, by its path in the file.

A path names a figure the way a reader would look for it:

==========================================  =================================================
``group.rair.n``                            size of a group
``flow.screened``, ``flow.left.1``          the flow; reasons are counted from 1
``row.age.mean.rair``, ``row.age.p``        a row, by variable; then what, then the group
``row.metastasis.count.yes.all``            a count (or percent): then the answer, the group
``cross.NAME.count.yes.no``                 a cross table
``roc.age.specificity``                     a ROC curve
``model.final.intercept``                   a model
``model.final.age_54.odds_ratio``           a line of it, ``stage=iii`` for a level
==========================================  =================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avidity.papers.paper import Model, Paper, Roc, Row, Term
from avidity.papers.paper_numbers import OVERALL, PaperPart
from avidity.stats.rounded import Rounded

NO_FACTS = ("confidence", "per")  # they say how to read others
BY_ANSWER = ("count", "percent")


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed figure.

    path    as in the table above
    number  as printed, and all it can stand for
    where   where the paper prints it
    line    of the paper file
    """

    path: str
    number: Rounded
    where: str
    line: int


def facts(paper: Paper) -> dict[str, Fact]:
    """Every figure of the paper by path; statements only repeat some and are not among them."""
    found: dict[str, Fact] = {}
    for path, place, number, where in _all(paper):
        found[path] = Fact(path, number, where, paper.line(place))
    return found


Place = tuple[str | int, ...]


def _all(paper: Paper) -> Iterator[tuple[str, Place, Rounded, str]]:
    for index, group in enumerate(paper.groups):
        yield f"group.{group.name}.n", ("group", index, "n"), group.n, group.where
    yield from _flow(paper)
    for kind, parts in _named(paper).items():
        for index, (name, part) in enumerate(parts):
            for way, number in _numbers(part):
                path = ".".join((kind, name, *way))
                yield path, (kind, index, *way), number, getattr(part, "where", "")
    for index, model in enumerate(paper.models):
        for line, term in enumerate(model.term):
            for way, number in _numbers(term):
                path = ".".join(("model", model.name, term.key, *way))
                yield path, ("model", index, "term", line, *way), number, model.where


def _flow(paper: Paper) -> Iterator[tuple[str, Place, Rounded, str]]:
    flow = paper.flow
    for name in ("screened", "included"):
        if (number := getattr(flow, name)) is not None:
            yield f"flow.{name}", ("flow", name), number, flow.where
    for index, left in enumerate(flow.left):
        yield f"flow.left.{index + 1}", ("flow", "left", index, "n"), left.n, flow.where


def _named(paper: Paper) -> Mapping[str, list[tuple[str, PaperPart]]]:
    return {
        "row": [(row.variable, row) for row in paper.rows],
        "cross": [(cross.name, cross) for cross in paper.crosses],
        "roc": [(roc.key, roc) for roc in paper.rocs],
        "model": [(model.name, model) for model in paper.models],
    }


def _numbers(part: PaperPart) -> Iterator[tuple[tuple[str, ...], Rounded]]:
    for name in type(part).model_fields:
        if name not in NO_FACTS:
            yield from _within(getattr(part, name), (name,))


def _within(value: object, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Rounded]]:
    if isinstance(value, Rounded):
        yield way, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(inner, (*way, key))


def is_path(paper: Paper, path: str) -> bool:
    """Whether a figure could stand there: its names are known, printed or not."""
    match path.split("."):
        case ["group", name, "n"]:
            fine = name in _groups(paper)
        case ["flow", *way]:
            fine = _in_flow(paper, way)
        case ["row", name, *way]:
            fine = any(name == one.name for one in paper.variables) and _in_row(paper, name, way)
        case ["cross", name, *way]:
            fine = any(name == one.name for one in paper.crosses) and _in_cross(paper, name, way)
        case ["roc", name, what]:
            fine = any(name == one.key for one in paper.rocs) and what in _single(Roc)
        case ["model", name, *way]:
            fine = any(name == one.name and _in_model(one, way) for one in paper.models)
        case _:
            fine = False
    return fine


def _groups(paper: Paper) -> set[str]:
    return {group.name for group in paper.groups}


def _in_flow(paper: Paper, way: list[str]) -> bool:
    match way:
        case ["screened" | "included"]:
            return True
        case ["left", number]:
            return number.isdigit() and 1 <= int(number) <= len(paper.flow.left)
    return False


def _in_row(paper: Paper, name: str, way: list[str]) -> bool:
    groups = _groups(paper) | {OVERALL}
    match way:
        case [what]:
            return what in _single(Row)
        case [what, group]:
            return what not in BY_ANSWER and what in _mapped() and group in groups
        case [what, answer, group]:
            answers = paper.variable(name).answers
            return what in BY_ANSWER and answer in answers and group in groups
    return False


def _in_cross(paper: Paper, name: str, way: list[str]) -> bool:
    cross = next(one for one in paper.crosses if one.name == name)
    match way:
        case ["p"]:
            return True
        case ["count", row, column]:
            known = {one.name: one.answers for one in paper.variables}
            return row in known[cross.rows] and column in known[cross.columns]
    return False


def _in_model(model: Model, way: list[str]) -> bool:
    match way:
        case [what]:
            return what in _single(Model)
        case [term, what]:
            return any(term == one.key for one in model.term) and what in _single(Term)
    return False


def _single(kind: type[PaperPart]) -> set[str]:
    """The keys of a part that hold one number."""
    told = {name: str(field.annotation) for name, field in kind.model_fields.items()}
    single = {name for name, said in told.items() if "Rounded" in said and "Mapping" not in said}
    return single - set(NO_FACTS)


def _mapped() -> set[str]:
    """The keys of a row that hold numbers by group."""
    fields = Row.model_fields.items()
    return {name for name, field in fields if "Mapping" in str(field.annotation)}
