"""A pasted table, as a person left it, taken into a paper: variables, rows, sizes of groups."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from avidity.web.paper_form import entries, word
from avidity.web.paper_paste import Pasted, PastedRow, numbers, slug, unit_of

KEYS = {"mean": ("mean", "sd"), "median": ("median", "q1", "q3")}
KEYS["range"] = ("median", "minimum", "maximum")
Cells = Sequence[tuple[str, str]]


def taken(content: Mapping[str, Any], table: Pasted, where: str) -> dict[str, Any]:
    """The content with the table in it; figures of a row that is there already are replaced.

    where  the paper prints it; empty: Table 1
    """
    whole = copy.deepcopy(dict(content))
    _groups(whole, table)
    names = [word(one, "name") for one in entries(whole, "group")]
    heading: PastedRow | None = None
    for row in table.rows:
        if not row.name:
            continue
        cells = _by_column(row, table, names)
        if row.meaning == "heading":
            heading = row
            _row(whole, row.name, row, {"kind": "category"}, cells, where)
        elif row.meaning == "level" and heading is not None:
            _level(whole, heading.name, row, cells)
        elif row.meaning in KEYS:
            unit = unit_of(row.label)[1]
            about = {"kind": "number", **({"unit": unit} if unit else {})}
            entry = _row(whole, row.name, row, about, cells, where)
            for column, cell in cells:
                for key, figure in zip(KEYS[row.meaning], numbers(cell), strict=False):
                    _of_group(entry, (key,), column, figure)
        elif row.meaning in ("count", "level"):
            entry = _row(whole, row.name, row, {}, cells, where)
            _counted(entry, "yes", cells)
    _yes_no(whole)
    return whole


def _groups(whole: dict[str, Any], table: Pasted) -> None:
    """Labels and sizes of the head, where the groups have none yet."""
    groups = entries(whole, "group")
    for column, head, size in zip(table.columns, table.heads, table.sizes, strict=True):
        at = column[1:]
        if column.startswith("@") and at.isdecimal() and int(at) < len(groups):
            for key, said in (("label", head), ("n", size)):
                if said and not word(groups[int(at)], key):
                    groups[int(at)][key] = said


def _by_column(row: PastedRow, table: Pasted, names: Sequence[str]) -> Cells:
    """What is told for each group, everybody and p."""
    found = []
    for column, cell in zip(table.columns, row.cells, strict=True):
        at = column[1:]
        to = names[int(at)] if at.isdecimal() and int(at) < len(names) else at
        if cell.strip() and column:
            found.append(("p" if column == "p" else f"@{to}", cell.strip()))
    return found


def _row(
    whole: dict[str, Any],
    name: str,
    row: PastedRow,
    about: Mapping[str, str],
    cells: Cells,
    where: str,
) -> dict[str, Any]:
    """The variable and the row of it, made where there are none; with its p."""
    variables = whole.setdefault("variable", [])
    if all(word(one, "name") != name for one in entries(whole, "variable")):
        label = unit_of(row.label)[0]
        variables.append({"name": name, "label": label, **about})
    found = [one for one in entries(whole, "row") if word(one, "variable") == name]
    if not found:
        found = [{"variable": name, **({"where": where} if where else {})}]
        whole.setdefault("row", []).extend(found)
    for column, cell in cells:
        if column == "p":
            found[0]["p"] = cell
    return found[0]


def _of_group(entry: dict[str, Any], way: tuple[str, ...], column: str, figure: str) -> None:
    if column == "p":
        return
    here = entry
    for step in way:
        here = here.setdefault(step, {})
    here[column[1:]] = figure


def _counted(entry: dict[str, Any], answer: str, cells: Cells) -> None:
    for column, cell in cells:
        figures = numbers(cell)
        for key, figure in zip(("count", "percent"), figures, strict=False):
            _of_group(entry, (key, answer), column, figure)


def _level(whole: dict[str, Any], name: str, row: PastedRow, cells: Cells) -> None:
    """One level of a category: its name among the levels, its counts in the row."""
    variable = next(one for one in entries(whole, "variable") if word(one, "name") == name)
    entry = next(one for one in entries(whole, "row") if word(one, "variable") == name)
    level = row.name or slug(row.label)
    levels = variable.setdefault("levels", [])
    if isinstance(levels, list) and level not in levels:
        levels.append(level)
    _counted(entry, level, cells)
    for column, cell in cells:
        if column == "p":
            entry.setdefault("p", cell)


def _yes_no(whole: dict[str, Any]) -> None:
    """A category whose levels are yes and no is a yes/no; one without levels too."""
    for one in entries(whole, "variable"):
        if word(one, "kind") == "category" and set(one.get("levels", [])) <= {"yes", "no"}:
            one.pop("levels", None)
            del one["kind"]
