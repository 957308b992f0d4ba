"""Names that were changed in a form, carried to everything in the file that uses them.

A form knows each name as it was when its page was made; the file may have gone on since. A field
that refers to a group, a variable, a level, a table, a curve or a model by its former name refers
to it by its present one afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avidity.web.paper_form import entries, word

KINDS = ("group", "variable", "cross", "roc", "model")
REFERS = (
    ("row", "variable"),
    ("roc", "variable"),
    ("variable", "from"),
    ("variable", "among"),
    ("cross", "rows"),
    ("cross", "columns"),
)
LISTED = ("candidates", "outcome_uses")
WAS = "was."
Content = Mapping[str, Any]
Renamed = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Changes:
    """Former name -> present one.

    levels  by the variable's former name
    cross   the former names of the two variables of a cross table, by its former name
    """

    names: Mapping[str, Renamed]
    levels: Mapping[str, Renamed]
    cross: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, kind: str, name: str) -> str:
        return self.names[kind].get(name, name)

    def level(self, variable: str, level: str) -> str:
        return self.levels.get(variable, {}).get(level, level)


def names_of(content: Content) -> Iterator[tuple[str, str]]:
    """What a form must remember of the names it was made with: field and value."""
    for kind in KINDS:
        for at, one in enumerate(entries(content, kind)):
            yield f"{WAS}{kind}.{at}", _name(kind, one)
    for at, one in enumerate(entries(content, "variable")):
        if word(one, "levels"):
            yield f"{WAS}levels.{at}", word(one, "levels")


def carried(before: Content, after: dict[str, Any], was: Mapping[str, str]) -> dict[str, Any]:
    """The content after a change, with every name that was changed carried on.

    before  the content the fields were put into; entries have the same places in both
    was     field -> name, as `names_of` gave them to the form
    """
    changes = _changes(before, after, was)
    if not any(changes.names.values()) and not any(changes.levels.values()):
        return after
    _levels(after, changes)
    for section, key in REFERS:
        for one in entries(after, section):
            _set(one, key, changes.name("variable", word(one, key)))
    for cross in entries(after, "cross"):
        _set(cross, "group", changes.name("group", word(cross, "group")))
    methods = after.get("methods")
    for key in LISTED:
        if isinstance(methods, dict) and isinstance(methods.get(key), list):
            methods[key] = [changes.name("variable", str(one)) for one in methods[key]]
    for statement in entries(after, "statement"):
        _set(statement, "fact", _path(word(statement, "fact"), changes))
    return after


def _set(table: dict[str, Any], key: str, value: str) -> None:
    if value and word(table, key) != value:
        table[key] = value


def _name(kind: str, one: Content) -> str:
    return word(one, "name") or (word(one, "variable") if kind == "roc" else "")


def _changes(before: Content, after: Content, was: Mapping[str, str]) -> _Changes:
    names: dict[str, Renamed] = {}
    for kind in KINDS:
        now = [_name(kind, one) for one in entries(after, kind)]
        if kind == "roc":  # a curve without a name is called by its variable
            now = [names["variable"].get(one, one) for one in now]
        old = [_name(kind, one) for one in entries(before, kind)]
        told = [was.get(f"{WAS}{kind}.{at}", "") for at in range(len(now))]
        names[kind] = _renamed(old, now) | _renamed(told, now)
    of_before = entries(before, "variable")
    levels: dict[str, Renamed] = {}
    for at, one in enumerate(entries(after, "variable")):
        now = _listed(word(one, "levels"))
        told = _listed(was.get(f"{WAS}levels.{at}", ""))
        old = _listed(word(of_before[at], "levels")) if at < len(of_before) else []
        renamed = (_renamed(old, now) if len(old) == len(now) else {}) | (
            _renamed(told, now) if len(told) == len(now) else {}
        )
        former = {word(x, "name") for x in of_before[at : at + 1]}
        for name in {*former, was.get(f"{WAS}variable.{at}", ""), word(one, "name")} - {""}:
            levels[name] = renamed
    both = [*entries(before, "cross"), *entries(after, "cross")]
    cross = {word(one, "name"): (word(one, "rows"), word(one, "columns")) for one in both}
    return _Changes(names, levels, cross)


def _renamed(old: list[str], now: list[str]) -> Renamed:
    pairs = zip(old, now, strict=False)
    return {one: other for one, other in pairs if one and other and one != other}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _levels(after: dict[str, Any], changes: _Changes) -> None:
    """Lines of models, and variables made of a category's levels."""
    for model in entries(after, "model"):
        for term in entries(model, "term"):
            name = word(term, "variable")
            for key in ("level", "reference"):
                _set(term, key, changes.level(name, word(term, key)))
            _set(term, "variable", changes.name("variable", name))
    for one in entries(after, "variable"):
        if isinstance(one.get("one_of"), list):
            source = word(one, "from")
            one["one_of"] = [changes.level(source, str(level)) for level in one["one_of"]]


def _path(path: str, changes: _Changes) -> str:
    """A figure's path in present names."""
    way = path.split(".")
    match way:
        case ["group", name, *rest]:
            way = ["group", changes.name("group", name), *rest]
        case ["row", name, what, *answer, group]:
            answer = [changes.level(name, one) for one in answer]
            group = changes.name("group", group)
            way = ["row", changes.name("variable", name), what, *answer, group]
        case ["row", name, *rest]:
            way = ["row", changes.name("variable", name), *rest]
        case ["cross", name, "count", down, along]:
            rows, columns = changes.cross.get(name, ("", ""))
            counted = [changes.level(rows, down), changes.level(columns, along)]
            way = ["cross", changes.name("cross", name), "count", *counted]
        case ["model", name, term, what]:
            variable, sign, level = term.partition("=")
            key = changes.name("variable", variable) + sign + changes.level(variable, level)
            way = ["model", changes.name("model", name), key, what]
        case [("cross" | "roc" | "model") as kind, name, *rest]:
            way = [kind, changes.name(kind, name), *rest]
    return ".".join(way)
