"""Groups and levels by their place, so that a field keeps its name while they are renamed.

In the form's shape the mean of the second group is ``mean.@1``, that of everybody ``mean.@all``,
and the count of the first level of a category ``count.#0.@1``; a cross table's count of the first
level down and the second along is ``count.#0.#1``. Back in the file they have the names that stand
in the form then.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from avidity.papers.paper_numbers import OVERALL
from avidity.web.paper_form import entries, word

BY_GROUP = ("mean", "sd", "se", "median", "q1", "q3", "iqr", "minimum", "maximum", "n", "missing")
BY_ANSWER = ("count", "percent")
Turn = Callable[[str], str]


def to_shape(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with places for names."""
    groups = [word(one, "name") for one in entries(content, "group")]
    return _turned(content, lambda key: _place(key, groups, "@"), _levels_to)


def from_shape(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The content with names again."""
    groups = [word(one, "name") for one in entries(shape, "group")]
    return _turned(shape, lambda key: _name(key, groups, "@"), _levels_from)


def _turned(
    content: Mapping[str, Any], group: Turn, levels: Callable[[list[str]], Turn]
) -> dict[str, Any]:
    whole = copy.deepcopy(dict(content))
    known = {word(one, "name"): one.get("levels") for one in entries(whole, "variable")}
    for row in entries(whole, "row"):
        level = levels(_named(known.get(word(row, "variable"))))
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
    for cross in entries(whole, "cross"):
        down, along = (levels(_named(known.get(word(cross, key)))) for key in ("rows", "columns"))
        if isinstance(cross.get("count"), dict):
            cross["count"] = {
                down(answer): {along(other): value for other, value in of.items()}
                for answer, of in cross["count"].items()
                if isinstance(of, dict)
            }
    return whole


def _named(levels: object) -> list[str]:
    return [str(one) for one in levels] if isinstance(levels, list) else []


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
