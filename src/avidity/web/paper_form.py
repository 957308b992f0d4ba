"""A form's fields and a paper file's content: each field is called by its place in the file.

``row.2.mean.rair`` is the field of the mean of the group rair in the third row. What the form does
not show (cross tables, notes) stays as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

LISTS = ("levels", "one_of", "candidates", "outcome_uses")  # typed with commas between
FLAGS = ("event", "ordered")
FIELD = "f."
NEW: Mapping[str, dict[str, Any]] = {
    "group": {"name": ""},
    "flow.left": {"reason": ""},
    "variable": {"name": "", "kind": "yes/no"},
    "row": {"variable": ""},
    "cross": {"name": "", "rows": "", "columns": ""},
    "roc": {"variable": ""},
    "model": {"name": "", "term": [{"variable": ""}]},
    "statement": {"fact": "", "where": ""},
}
EMPTY: dict[str, Any] = {
    "paper": {"title": ""},
    "group": [{"name": "cases", "event": True}, {"name": "others"}],
}
MOST = 400  # entries of one list


def filled(content: Mapping[str, Any], fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The content with what was typed; an emptied field leaves its key.

    fields  name (its place in the file) and what was typed
    """
    whole = copy.deepcopy(dict(content))
    for name, typed in fields:
        _set(whole, name.split("."), typed.strip())
    return whole


def _set(table: dict[str, Any], way: list[str], typed: str) -> None:
    """Put a word where the way leads; ways that lead nowhere in the file are left out."""
    here: Any = table
    for step, following in pairwise(way):
        if isinstance(here, list):
            if not step.isdecimal() or int(step) >= len(here):
                return
            here = here[int(step)]
        elif isinstance(here, dict):
            if step not in here:
                if not typed or following.isdecimal():
                    return
                here[step] = {}
            here = here[step]
        else:
            return
    if isinstance(here, dict) and not _holds_tables(here.get(way[-1])):
        _put(here, way[-1], typed)
        _tidy(table, way[:-1])


def _holds_tables(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )


def _put(table: dict[str, Any], key: str, typed: str) -> None:
    if key in LISTS:
        value: Any = [part.strip() for part in typed.split(",") if part.strip()]
    elif key in FLAGS:
        value = typed == "true"
    else:
        value = typed
    if key == "kind" and value == "yes/no" and key not in table:
        return  # the usual kind, shown without being typed
    if value or (key in table and table[key] == value):
        table[key] = value
    elif key in table and key in ("name", "variable", "title", "reason", "fact", "rows", "columns"):
        table[key] = ""  # what must be there stays, so that it is asked for
    else:
        table.pop(key, None)


def _tidy(table: dict[str, Any], way: list[str]) -> None:
    """Take away tables that were emptied, from the inside."""
    while way:
        above: Any = table
        for step in way[:-1]:
            above = above[int(step)] if isinstance(above, list) else above[step]
        last = way[-1]
        if isinstance(above, list) or above.get(last) != {}:
            return
        del above[last]
        way = way[:-1]


def with_new(content: Mapping[str, Any], kind: str, about: str = "") -> dict[str, Any]:
    """The content with one more entry: ``row``, ``flow.left``, or ``model.0.term``.

    about  the figure a new statement repeats, or the variable of a new row
    """
    whole = copy.deepcopy(dict(content))
    way = kind.split(".")
    if kind in NEW:
        entry = copy.deepcopy(NEW[kind])
        key = {"statement": "fact", "row": "variable"}.get(kind)
        if key and about:
            entry[key] = about
    elif len(way) == 3 and way[0] == "model" and way[2] == "term":
        entry = {"variable": ""}
    else:
        return whole
    here: Any = whole
    for step in way[:-1]:
        here = _inside(here, step)
    if isinstance(here, dict):
        entries = here.setdefault(way[-1], [])
        if isinstance(entries, list) and len(entries) < MOST:
            entries.append(entry)
    return whole


def with_rows(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a row for every variable that has none."""
    whole = copy.deepcopy(dict(content))
    known = {word(one, "variable") for one in entries(whole, "row")}
    for one in entries(whole, "variable"):
        name = word(one, "name")
        if name and name not in known:
            whole.setdefault("row", []).append({"variable": name})
    return whole


def _inside(here: object, step: str) -> object:
    if isinstance(here, list):
        return here[int(step)] if step.isdecimal() and int(step) < len(here) else None
    return here.setdefault(step, {}) if isinstance(here, dict) else None


def without(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The content without one entry: ``row.2``."""
    whole = copy.deepcopy(dict(content))
    *way, last = name.split(".")
    here: Any = whole
    for step in way:
        here = _inside(here, step)
    if isinstance(here, list) and last.isdecimal() and int(last) < len(here):
        del here[int(last)]
    above: Any = whole
    for step in way[:-1]:
        above = _inside(above, step)
    if here == [] and isinstance(above, dict):
        del above[way[-1]]
    return whole


def entries(content: object, *way: str) -> list[dict[str, Any]]:
    """The tables of a list in the file; none where something else stands there."""
    here: object = content
    for step in way:
        here = here.get(step) if isinstance(here, Mapping) else None
    return [one for one in here if isinstance(one, dict)] if isinstance(here, list) else []


def word(table: object, *way: str) -> str:
    """What stands at a place, as typed; "" where nothing stands or a table."""
    here = table
    for step in way:
        here = here.get(step) if isinstance(here, Mapping) else None
    if isinstance(here, list):
        return ", ".join(str(one) for one in here)
    if isinstance(here, bool):
        return str(here).lower()
    return "" if here is None or isinstance(here, Mapping) else str(here)


def fits_the_form(content: Mapping[str, Any]) -> bool:
    """Whether the form can show it: lists of tables where lists are, tables where tables are."""
    lists = ("group", "variable", "row", "cross", "roc", "model", "statement")
    sound = all(_tables(content.get(name, [])) for name in lists)
    flow = content.get("flow", {})
    return (
        sound
        and all(isinstance(content.get(name, {}), dict) for name in ("paper", "flow", "methods"))
        and _tables(flow.get("left", []))
        and all(_tables(one.get("term", [])) for one in content.get("model", []))
    )


def _tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)
