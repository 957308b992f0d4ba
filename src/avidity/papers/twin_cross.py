"""Cross tables the joint table of a model does not carry: met by swapping values within a group.

A swap between two patients of a group changes who has what together, and no count of the group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.papers.paper import Cross, Paper
from avidity.papers.paper_numbers import OVERALL
from avidity.papers.twin_cohort import Value, answer_of, derived

Codes = npt.NDArray[np.int64]
SWAPS = 20_000


@dataclass(frozen=True, slots=True)
class Laid:
    """Patients whose values may still change hands.

    groups  the group of each patient
    free    columns that may change hands
    held    columns that stay as they are
    kept    free column → for each patient what a swap of it must leave alike
    """

    groups: Sequence[str]
    free: dict[str, list[Value]]
    held: Mapping[str, Sequence[Value]]
    kept: Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A cross table as printed (nan where it is not), and which patients it counts."""

    rows: str
    columns: str
    counts: npt.NDArray[np.bool_]
    printed: npt.NDArray[np.float64]

    def off(self, codes: Mapping[str, Codes]) -> float:
        """How many patients stand in a wrong cell."""
        down, along = self.printed.shape
        row, column = codes[self.rows], codes[self.columns]
        there = (row >= 0) & (column >= 0) & self.counts
        cells = np.bincount(row[there] * along + column[there], minlength=down * along)
        return float(np.nansum(np.abs(cells.reshape(down, along) - self.printed)))


def settle_crosses(paper: Paper, laid: Laid, generator: np.random.Generator) -> tuple[str, ...]:
    """Swap free values until the cross tables are as printed; sentences where they are not."""
    made = derived(paper, {**laid.free, **laid.held})
    wanted = [one for one in paper.crosses if {one.rows, one.columns} <= set(made)]
    codes = {
        name: _codes(paper, name, made[name]) for one in wanted for name in (one.rows, one.columns)
    }
    tables = [_crossed(paper, one, laid.groups) for one in wanted]
    if sum(table.off(codes) for table in tables) and _swapped(
        paper, laid, codes, tables, generator
    ):
        names = ", ".join(cross.name for cross in wanted)
        return (f"cross tables ({names}): not every cell could be met by exchanging patients",)
    return ()


def _swapped(
    paper: Paper,
    laid: Laid,
    codes: dict[str, Codes],
    tables: Sequence[Crossed],
    generator: np.random.Generator,
) -> float:
    """What is left wrong after swaps that never make it worse."""
    moved = {base: [name for name in codes if _base(paper, name) == base] for base in laid.free}
    bases = sorted(base for base in _movable(paper, set(laid.free)) if moved[base])
    distance = sum(table.off(codes) for table in tables)
    for _ in range(SWAPS if bases else 0):
        base = bases[int(generator.integers(len(bases)))]
        one, two = generator.integers(len(laid.groups), size=2).tolist()
        kept = laid.kept[base]
        if laid.groups[one] != laid.groups[two] or kept[one] != kept[two]:
            continue
        _swap(codes, moved[base], one, two)
        now = sum(table.off(codes) for table in tables)
        if now > distance:
            _swap(codes, moved[base], one, two)
            continue
        distance, column = now, laid.free[base]
        column[one], column[two] = column[two], column[one]
        if not distance:
            break
    return distance


def _base(paper: Paper, name: str) -> str:
    variable = paper.variable(name)
    return _base(paper, variable.from_) if variable.from_ else name


def _movable(paper: Paper, columns: set[str]) -> set[str]:
    """Variables whose values may change hands: known of all, and nobody's subgroup."""
    subgroups = {_base(paper, one.among) for one in paper.variables if one.among}
    asked_of_some = {one.name for one in paper.variables if one.among}
    return columns - subgroups - asked_of_some


def _codes(paper: Paper, name: str, values: Sequence[Value]) -> Codes:
    answers = paper.variable(name).answers
    return np.array([-1 if one is None else answers.index(answer_of(one)) for one in values])


def _crossed(paper: Paper, cross: Cross, groups: Sequence[str]) -> Crossed:
    down, along = (paper.variable(name).answers for name in (cross.rows, cross.columns))
    printed = np.full((len(down), len(along)), np.nan)
    for row, by_column in cross.count.items():
        for column, number in by_column.items():
            printed[down.index(row), along.index(column)] = float(number.value)
    counts = np.array([cross.group in (own, OVERALL) for own in groups])
    return Crossed(cross.rows, cross.columns, counts, printed)


def _swap(codes: dict[str, Codes], names: Sequence[str], one: int, two: int) -> None:
    for name in names:
        codes[name][[one, two]] = codes[name][[two, one]]
