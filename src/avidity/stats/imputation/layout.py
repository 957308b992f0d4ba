"""How the variables become the columns of a design, the same for every chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from avidity.stats.imputation.polytomous_draw import commonest
from avidity.stats.imputation.variables import Plan, Variable
from avidity.stats.newton import Floats

OUTCOME = 1  # its column; the first is the intercept


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One variable's columns: where they stand, and their centre and deviation.

    levels  the levels that have a column, for a category; None for anything else
    """

    columns: slice
    centre: Floats
    deviation: Floats
    levels: tuple[int, ...] | None
    log: bool

    def encode(self, values: Floats) -> Floats:
        """Values of shape (C, k) as columns of shape (C, k, columns)."""
        if self.levels is not None:
            raw = (values[..., np.newaxis] == np.array(self.levels)).astype(np.float64)
        else:
            raw = self.line(values)[..., np.newaxis]
        columns: Floats = (raw - self.centre) / self.deviation
        return columns

    def line(self, values: Floats) -> Floats:
        """The scale the number is modelled on."""
        with np.errstate(divide="ignore"):  # a low end of 0 has no logarithm, and is no end
            line: Floats = np.log(values) if self.log else values
        return line

    def in_deviations(self, values: Floats) -> Floats:
        """Values, or ends, of a number in the units of its column."""
        scaled: Floats = (self.line(values) - self.centre[0]) / self.deviation[0]
        return scaled

    def back(self, scaled: Floats) -> Floats:
        """From the units of the column to the unit of the number."""
        line: Floats = scaled * self.deviation[0] + self.centre[0]
        return np.exp(line) if self.log else line


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where everything stands.

    blocks  by variable, and by derived variable that predicts something
    width   columns in all, the intercept and the outcome first
    """

    blocks: Mapping[str, Block]
    width: int

    def columns_of(self, names: Sequence[str]) -> list[int]:
        """The intercept, the outcome and the columns of these names."""
        found = [0, OUTCOME]
        for name in names:
            span = self.blocks[name].columns
            found += range(span.start, span.stop)
        return found


def layout(plan: Plan) -> Layout:
    """Columns for the plan: numbers and yes/no one each, a category one less than its levels."""
    blocks: dict[str, Block] = {}
    at = OUTCOME + 1
    for each in plan.variables:
        block = _block(each, at)
        blocks[each.name] = block
        at = block.columns.stop
    used = {name for names in plan.predictors.values() for name in names}
    for name in (each.name for each in plan.derived if each.name in used):
        blocks[name] = Block(slice(at, at + 1), np.zeros(1), np.ones(1), None, log=False)
        at += 1
    return Layout(blocks, at)


def _block(variable: Variable, at: int) -> Block:
    seen = variable.values[variable.measured]
    if variable.kind == "category":
        codes = seen.astype(np.intp)
        first = commonest(codes, len(variable.levels))
        levels: tuple[int, ...] | None = tuple(
            level for level in np.unique(codes).tolist() if level != first
        )
        raw = (codes[:, np.newaxis] == np.array(levels, dtype=np.intp)).astype(np.float64)
    else:
        levels = None
        raw = (np.log(seen) if variable.log else seen)[:, np.newaxis]
    deviation = raw.std(axis=0)
    deviation[deviation == 0] = 1.0
    return Block(slice(at, at + raw.shape[1]), raw.mean(axis=0), deviation, levels, variable.log)
