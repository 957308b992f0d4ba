"""Groups and levels by their place, so that a field keeps its name while they are renamed.

In the form's shape the mean of the second group is ``mean.@1``, that of everybody ``mean.@all``,
and the count of the first level of a category ``count.#0.@1``. Back in the file they have the
names that stand in the form then.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from avidity.papers.paper_numbers import OVERALL
from avidity.web.paper_form import entries, word

BY_GROUP = ("mean", "sd", "se", "median", "q1", "q3", "iqr", "minimum", "maximum", "n", "missing")
BY_ANSWER = ("count", "percent")
REFERS = (("row", "variable"), ("roc", "variable"), ("variable", "from"), ("variable", "among"))
Turn = Callable[[str], str]


def to_shape(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with places for names."""
    groups = [word(one, "name") for one in entries(content, "group")]
    return _turned(content, lambda key: _place(key, groups, "@"), _levels_to)


def from_shape(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The content with names again."""
    groups = [word(one, "name") for one in entries(shape, "group")]
    return _turned(shape, lambda key: _name(key, groups, "@"), _levels_from)


def refer_anew(content: dict[str, Any], was: Mapping[int, str]) -> dict[str, Any]:
    """What refers to a variable by the name it had in the form refers to it by its name now."""
    variables = entries(content, "variable")
    now = {
        old: word(variables[at], "name")
        for at, old in was.items()
        if at < len(variables) and old and word(variables[at], "name")
    }
    for section, key in REFERS:
        for one in entries(content, section):
            if word(one, key) in now:
                one[key] = now[word(one, key)]
    for model in entries(content, "model"):
        for term in entries(model, "term"):
            if word(term, "variable") in now:
                term["variable"] = now[word(term, "variable")]
    return content


def _turned(
    content: Mapping[str, Any], group: Turn, levels: Callable[[list[str]], Turn]
) -> dict[str, Any]:
    whole = copy.deepcopy(dict(content))
    known = {word(one, "name"): one.get("levels") for one in entries(whole, "variable")}
    for row in entries(whole, "row"):
        named = known.get(word(row, "variable"))
        level = levels([str(one) for one in named] if isinstance(named, list) else [])
        for key in BY_GROUP:
            if isinstance(row.get(key), dict):
                row[key] = {group(name): value for name, value in row[key].items()}
        for key in BY_ANSWER:
            if isinstance(row.get(key), dict):
                row[key] = {
                    level(answer): {group(name): value for name, value in of.items()}
                    for answer, of in row[key].items()
                    if isinstance(of, dict)
                }
    return whole


def _levels_to(levels: list[str]) -> Turn:
    return lambda key: _place(key, levels, "#")


def _levels_from(levels: list[str]) -> Turn:
    return lambda key: _name(key, levels, "#")


def _place(key: str, names: list[str], sign: str) -> str:
    if sign == "@" and key == OVERALL:
        return "@all"
    return f"{sign}{names.index(key)}" if key in names else key


def _name(key: str, names: list[str], sign: str) -> str:
    if not key.startswith(sign):
        return key
    place = key[1:]
    if place == OVERALL:
        return OVERALL
    known = place.isdecimal() and int(place) < len(names) and names[int(place)]
    return str(known) if known else key
