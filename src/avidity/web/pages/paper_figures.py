"""The figures a paper may print, in the words of its form: to choose one that is printed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avidity.papers.paper_numbers import OVERALL
from avidity.web.paper_form import entries, word

OF_NUMBERS = ("mean", "sd", "median", "q1", "q3", "iqr", "minimum", "maximum", "n", "missing")
OF_CURVES = ("auc", "low", "high", "p", "cutoff", "sensitivity", "specificity", "ppv", "npv")
OF_MODELS = ("n", "events", "intercept", "auc", "nagelkerke", "hosmer_lemeshow_p", "accuracy")
OF_LINES = ("odds_ratio", "low", "high", "p", "beta", "se")
EVERYBODY = "@all"
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by its path, and its words.

    part    of the paper it stands in: "group", "flow", "row", "cross", "roc", "model"
    thing   the group, variable, table, curve or model
    what    a key of the catalogue
    answer  "yes", "no", a level, or two of them; "" for none
    group   its label; "@all" for everybody, "" for none
    """

    path: str
    part: str
    thing: str
    what: str
    answer: str = ""
    group: str = ""


def figures(content: Content) -> tuple[Figure, ...]:
    """Every figure that could be printed, printed or not, in the order of the form."""
    groups = [(word(x, "name"), word(x, "label") or word(x, "name")) for x in _of(content, "group")]
    groups = [one for one in groups if one[0]]
    labels = {word(x, "name"): _label(x) for x in _of(content, "variable")}
    return (
        *(Figure(f"group.{name}.n", "group", label, "paper.key.group_n") for name, label in groups),
        *_flow(content),
        *_rows(content, [*groups, (OVERALL, EVERYBODY)]),
        *_crosses(content),
        *_curves(content, labels),
        *_models(content, labels),
    )


def answers(variable: Content) -> list[str]:
    """What counts may be given for."""
    kind = word(variable, "kind") or "yes/no"
    if kind == "category":
        levels = variable.get("levels")
        return [str(one) for one in levels] if isinstance(levels, list) else []
    return ["yes", "no"] if kind == "yes/no" else []


def _of(content: Content, kind: str) -> Sequence[dict[str, Any]]:
    return entries(content, kind)


def _label(one: Content) -> str:
    return word(one, "label") or word(one, "name")


def _flow(content: Content) -> Iterator[Figure]:
    for key in ("screened", "included"):
        yield Figure(f"flow.{key}", "flow", "", f"paper.key.{key}")
    for at, one in enumerate(entries(content, "flow", "left")):
        yield Figure(f"flow.left.{at + 1}", "flow", word(one, "reason"), "paper.key.left_n")


def _rows(content: Content, groups: Sequence[tuple[str, str]]) -> Iterator[Figure]:
    for one in _of(content, "variable"):
        name, label = word(one, "name"), _label(one)
        if not name:
            continue
        for key in OF_NUMBERS if word(one, "kind") == "number" else ():
            for group, said in groups:
                path = f"row.{name}.{key}.{group}"
                yield Figure(path, "row", label, f"paper.line.{key}", "", said)
        for answer in answers(one):
            for key in ("count", "percent"):
                for group, said in groups:
                    path = f"row.{name}.{key}.{answer}.{group}"
                    yield Figure(path, "row", label, f"paper.line.{key}", answer, said)
        yield Figure(f"row.{name}.p", "row", label, "paper.key.p")


def _crosses(content: Content) -> Iterator[Figure]:
    known = {word(one, "name"): answers(one) for one in _of(content, "variable")}
    for one in _of(content, "cross"):
        name = word(one, "name")
        for down in known.get(word(one, "rows"), ()):
            for along in known.get(word(one, "columns"), ()):
                path = f"cross.{name}.count.{down}.{along}"
                yield Figure(path, "cross", name, "paper.line.count", f"{down} × {along}")
        yield Figure(f"cross.{name}.p", "cross", name, "paper.key.p")


def _curves(content: Content, labels: Mapping[str, str]) -> Iterator[Figure]:
    for one in _of(content, "roc"):
        key = word(one, "name") or word(one, "variable")
        for what in OF_CURVES:
            yield Figure(f"roc.{key}.{what}", "roc", labels.get(key, key), f"paper.key.{what}")


def _models(content: Content, labels: Mapping[str, str]) -> Iterator[Figure]:
    for one in _of(content, "model"):
        name = word(one, "name")
        for what in OF_MODELS:
            yield Figure(f"model.{name}.{what}", "model", name, f"paper.key.{what}")
        for term in entries(one, "term"):
            variable, level = word(term, "variable"), word(term, "level")
            key = f"{variable}={level}" if level else variable
            thing = f"{name}, {labels.get(variable, variable)}"
            for what in OF_LINES:
                path = f"model.{name}.{key}.{what}"
                yield Figure(path, "model", thing, f"paper.key.{what}", level)
