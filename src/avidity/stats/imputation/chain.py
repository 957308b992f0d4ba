"""The chains themselves: every incomplete variable in turn, in all chains at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.imputation.interval_draw import draw_between
from avidity.stats.imputation.layout import OUTCOME, layout
from avidity.stats.imputation.linear_draw import LinearDraw, draw_linear
from avidity.stats.imputation.logistic_draw import draw_logistic
from avidity.stats.imputation.matching import donors_of
from avidity.stats.imputation.polytomous_draw import draw_categories, pick
from avidity.stats.imputation.variables import Derived, Plan, Variable
from avidity.stats.newton import Floats

Places = npt.NDArray[np.intp]

FARTHEST = 10.0  # deviations beyond the one known end; nothing is drawn further out


@dataclass(slots=True)
class Troubles:
    """How often the fits of one variable needed help, over chains and iterations."""

    fits: int = 0
    separated: int = 0
    left_out: int = 0
    no_donor: int = 0

    def add(self, other: Troubles) -> None:
        """Count what another batch of chains met."""
        self.fits += other.fits
        self.separated += other.separated
        self.left_out += other.left_out
        self.no_donor += other.no_donor


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Rows of one variable: those that carry its fit, and those whose value is drawn.

    known    the measured rows, then the bounded ones at their present draw
    bounded  rows of which only ends are known
    missing  rows of which nothing is known
    low, high  the ends of the bounded rows, in the units of the column; where one is open, ten
               deviations beyond the other: nothing is drawn further out
    """

    known: Places
    bounded: Places
    missing: Places
    low: Floats
    high: Floats

    @property
    def drawn(self) -> Places:
        """Rows whose value is drawn."""
        return np.concatenate([self.bounded, self.missing])


class Chains:
    """C chains under way: the one thing here that changes, and never leaves the package.

    values   by variable and derived variable, shape (C, n), complete from the start
    """

    def __init__(
        self, plan: Plan, size: int, weights: Floats | None, rng: np.random.Generator
    ) -> None:
        """Start every gap from a value drawn among the measured.

        size     C, how many chains
        weights  shape (C, n), how many patients a row stands for; None: one each
        """
        self.plan, self.size, self.weights, self.rng = plan, size, weights, rng
        self.values: dict[str, Floats] = {}
        self.troubles = {name: Troubles() for name in plan.order}
        self._layout = layout(plan)
        self._before: dict[str, Floats] = {}  # estimates of the visit before: a start nearby
        self._gaps = {name: self._gaps_of(plan.variable(name)) for name in plan.order}
        self._design = np.ones((size, plan.n, self._layout.width))
        self._design[..., OUTCOME] = (plan.outcome - plan.outcome.mean()) / plan.outcome.std()
        for variable in plan.variables:
            self._start(variable)
        for derived in plan.derived:
            self._derive(derived)

    def visit_all(self) -> None:
        """One iteration: every incomplete variable once, in the plan's order."""
        for name in self.plan.order:
            visit = {
                "number": self._visit_number,
                "yes/no": self._visit_yes_no,
                "category": self._visit_category,
            }[self.plan.variable(name).kind]
            visit(name)
            self.troubles[name].fits += self.size
            for derived in self.plan.derived:
                if name in derived.sources:
                    self._derive(derived)

    def drawn(self, name: str) -> Floats:
        """The values drawn of one variable, shape (C, gaps)."""
        return self.values[name][:, self._gaps[name].drawn]

    def _gaps_of(self, variable: Variable) -> Gaps:
        bounded = np.flatnonzero(variable.bounded)
        low, high = variable.low[bounded], variable.high[bounded]
        if len(bounded):
            block = self._layout.blocks[variable.name]
            low, high = block.in_deviations(low), block.in_deviations(high)
            low, high = (
                np.where(np.isfinite(low), low, high - FARTHEST),
                np.where(np.isfinite(high), high, low + FARTHEST),
            )
        return Gaps(
            known=np.concatenate([np.flatnonzero(variable.measured), bounded]),
            bounded=bounded,
            missing=np.flatnonzero(variable.missing),
            low=low,
            high=high,
        )

    def _start(self, variable: Variable) -> None:
        name = variable.name
        values = np.tile(variable.values, (self.size, 1))
        self.values[name] = values
        if name in self._gaps:
            gaps = self._gaps[name]
            measured = variable.values[variable.measured]
            values[:, gaps.missing] = self.rng.choice(measured, (self.size, len(gaps.missing)))
            if len(gaps.bounded):
                middle, unit = np.zeros((self.size, len(gaps.bounded))), np.ones(self.size)
                level = draw_between(middle, unit, gaps.low, gaps.high, self.rng)
                values[:, gaps.bounded] = self._layout.blocks[name].back(level)
        self._encode(name, slice(None))

    def _encode(self, name: str, rows: Places | slice) -> None:
        block = self._layout.blocks[name]
        self._design[:, rows, block.columns] = block.encode(self.values[name][:, rows])

    def _derive(self, derived: Derived) -> None:
        sources = {name: self.values[name] for name in derived.sources}
        computed = np.asarray(derived.compute(sources), dtype=np.float64)
        if computed.shape != (self.size, self.plan.n) or not np.isfinite(computed).all():
            raise ValueError(
                f"{derived.name} must be computed as finite values of shape"
                f" {(self.size, self.plan.n)}, got shape {computed.shape}"
            )
        self.values[derived.name] = computed
        if derived.name in self._layout.blocks:
            self._encode(derived.name, slice(None))

    def _rows(self, name: str, rows: Places) -> Floats:
        """The predictors of one variable in these rows, shape (C, rows, p)."""
        columns = self._layout.columns_of(self.plan.predictors[name])
        chosen: Floats = self._design[:, rows][:, :, columns]
        return chosen

    def _weights_of(self, name: str, rows: Places) -> Floats | None:
        """Weights of the rows that carry a fit; all alike where a resample holds none of them."""
        if self.weights is None:
            return None
        weights = self.weights[:, rows]
        empty = weights.sum(axis=1) == 0
        self.troubles[name].no_donor += int(empty.sum())
        return np.where(empty[:, np.newaxis], 1.0, weights) if empty.any() else weights

    def _visit_number(self, name: str) -> None:
        gaps, block = self._gaps[name], self._layout.blocks[name]
        X = self._rows(name, gaps.known)
        level = self._design[:, gaps.known, block.columns.start]
        weights = self._weights_of(name, gaps.known)
        drawn = draw_linear(X, level, weights, self.rng)
        self.troubles[name].left_out += int(drawn.left_out.sum())
        if len(gaps.bounded):
            self._draw_bounded(name, drawn)
        if len(gaps.missing):
            told = (X @ drawn.estimate[..., np.newaxis])[..., 0]
            wanted = (self._rows(name, gaps.missing) @ drawn.drawn[..., np.newaxis])[..., 0]
            donor = donors_of(told, wanted, weights, self.rng, self.plan.donors)
            known = self.values[name][:, gaps.known]
            self._set(name, gaps.missing, np.take_along_axis(known, donor, axis=1))

    def _draw_bounded(self, name: str, drawn: LinearDraw) -> None:
        gaps = self._gaps[name]
        mean = (self._rows(name, gaps.bounded) @ drawn.drawn[..., np.newaxis])[..., 0]
        level = draw_between(mean, drawn.deviation, gaps.low, gaps.high, self.rng)
        self._set(name, gaps.bounded, self._layout.blocks[name].back(level))

    def _visit_yes_no(self, name: str) -> None:
        gaps, y = self._gaps[name], self.plan.variable(name).values
        X, weights = self._rows(name, gaps.known), self._all_weights(name, gaps.known)
        drawn = draw_logistic(X, y[gaps.known], weights, self.rng, self._before.get(name))
        self._before[name] = drawn.estimate
        troubles = self.troubles[name]
        troubles.separated += int(drawn.separated.sum())
        troubles.left_out += int(drawn.left_out.sum())
        odds = drawn.log_odds(self._rows(name, gaps.missing))
        yes = self.rng.logistic(size=odds.shape) < odds
        self._set(name, gaps.missing, yes.astype(np.float64))

    def _visit_category(self, name: str) -> None:
        gaps, variable = self._gaps[name], self.plan.variable(name)
        drawn = draw_categories(
            (self._rows(name, gaps.known), self._rows(name, gaps.missing)),
            variable.values[gaps.known].astype(np.intp),
            self._all_weights(name, gaps.known),
            len(variable.levels),
            self.rng,
            self._before.get(name),
        )
        self._before[name] = drawn.estimate
        troubles = self.troubles[name]
        troubles.separated += int((drawn.separated > 0).sum())
        troubles.left_out += int(drawn.left_out.sum())
        self._set(name, gaps.missing, pick(drawn.chance, self.rng))

    def _all_weights(self, name: str, rows: Places) -> Floats:
        weights = self._weights_of(name, rows)
        return np.ones((self.size, len(rows))) if weights is None else weights

    def _set(self, name: str, rows: Places, values: Floats) -> None:
        self.values[name][:, rows] = values
        self._encode(name, rows)
