"""Bounds by linear programming: what every table that gives the printed figures must satisfy.

With all coefficients between two ends, so is the risk of every pattern, and the score equations
become linear inequalities in the totals. A standard error that may not exceed its print gives one
linear inequality for every vector u, because v'I⁻¹v = max over u of 2u'v − u'Iu and the information
I is linear in the totals: of these the ones that cut are found as they are needed. The totals are
taken as real numbers here, so what is ruled out is ruled out for whole numbers too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np
from scipy.special import expit

from avidity.stats.newton import Floats
from avidity.stats.rebuild.complete import Asked
from avidity.stats.rebuild.figures import Box

ROUNDS = 8  # of cuts in one question
CUTS = 32  # kept from one question to the next
SLACK = 1e-6  # patients by which an equation may miss: far above rounding, far below one
BEND = 0.0482  # half the greatest second derivative of the logistic curve, 1/(12 sqrt 3)
INFEASIBLE = 2  # scipy's status


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Linear inequalities left @ N <= right on the totals."""

    left: Floats
    right: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The answer of one linear program: totals, shape (C,), and the value of the wish there."""

    totals: Floats
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """How the score equations are combined, each of shape (p, p).

    combine  about the inverse of the information: row j combines the equations
    reach    at most how much combination j moves for each unit of coefficient k
    """

    combine: Floats
    reach: Floats


class Relaxation:
    """The linear programs of one problem.

    asked     how many were solved
    """

    def __init__(self, given: Asked, limits: Sequence[Box]) -> None:
        self.made = given.made
        self.low = np.array([one.beta[0] for one in limits])
        self.high = np.array([one.beta[1] for one in limits])
        self.variance = np.array([one.error[1] for one in limits]) ** 2
        self.deviance = _deviance(given)
        self.cuts: list[tuple[Floats, int]] = []
        self.joint: Joint | None = None
        self.asked = 0
        self._equal = _equations(given)

    def rows(self, low: float, high: float) -> Rows:
        """What holds of the totals while the intercept lies between these two."""
        X, sums = self.made.X, self.made.sums.astype(np.float64)
        least, most = self._lines(low, high)
        below, above = expit(least), expit(most)
        room = SLACK * np.ones(len(sums))
        left = [X.T * below, -(X.T * above)]
        right = [sums + room, room - sums]
        for row, end in self._of_deviance(low, high, least, most):
            left.append(row[np.newaxis])
            right.append(np.array([end]))
        if self.joint is not None:
            together = self.joint_rows(self.joint, low, high)
            left.append(together.left)
            right.append(together.right)
        return Rows(np.vstack(left), np.concatenate(right))

    def equations(self, low: float, high: float) -> Rows:
        """The score equations as pairs of inequalities: first all from above, then from below."""
        if self.joint is not None:
            return self.joint_rows(self.joint, low, high)
        rows, p = self.rows(low, high), len(self.low)
        typical = np.full(len(self.made.X), self.made.n / len(self.made.X))
        middle = (rows.left[:p] - rows.left[p : 2 * p]) / 2
        room = (-rows.left[p : 2 * p] - rows.left[:p]) @ typical / 2
        target = self.made.sums
        return Rows(np.vstack([middle, -middle]), np.concatenate([target + room, room - target]))

    def joint_rows(self, joint: Joint, low: float, high: float) -> Rows:
        """The score equations, combined so that each follows one coefficient alone.

        Around the middle of the box, score = I(N) times the coefficients' change, but for a
        remainder of second order. Combined by I0⁻¹, equation j moves by at most
        sum of reach_jk |change_k|.
        """
        middle = np.concatenate([[(low + high) / 2], (self.low[1:] + self.high[1:]) / 2])
        half = np.concatenate([[(high - low) / 2], (self.high[1:] - self.low[1:]) / 2])
        weights = joint.combine @ self.made.X.T
        equation = weights * expit(self.made.X @ middle)
        remainder = self.made.n * (np.abs(weights) * BEND * (self.made.X @ half) ** 2).max(axis=1)
        room = joint.reach @ half + remainder + SLACK * np.abs(joint.combine).sum(axis=1)
        target = joint.combine @ self.made.sums
        return Rows(
            np.vstack([equation, -equation]), np.concatenate([target, -target]) + np.tile(room, 2)
        )

    def sharpen(self, low: float, high: float) -> None:
        """From now on use the score equations together too, for intercepts between these."""
        self.joint = None
        centre = self.reach(low, high)
        if centre is None or not np.isfinite(self.low[1:] + self.high[1:]).all():
            return
        X = self.made.X
        information = (X.T * (self._typical(low, high) * self.most_spread(low, high))) @ X
        combine: Floats = np.linalg.pinv(information, hermitian=True).astype(np.float64)
        least, most = self._lines(low, high)
        ends = np.array([expit(least) * expit(-least), expit(most) * expit(-most)])
        smallest, greatest = ends.min(axis=0), self.most_spread(low, high)
        reach = np.zeros_like(combine)
        for j, k in np.ndindex(*combine.shape):
            row = (X @ combine[j]) * X[:, k]
            wishes = [np.maximum(sign * row * smallest, sign * row * greatest) for sign in (1, -1)]
            found = [self.reach(low, high, -wish) for wish in wishes]
            reach[j, k] = max(0.0, *(-one.value for one in found if one is not None))
        self.joint = Joint(combine, reach)

    def _typical(self, low: float, high: float) -> Floats:
        """Totals well inside: the mean of those that reach as far as can be in each pattern."""
        C = len(self.made.X)
        ends = []
        for pattern in range(C):
            for sign in (1.0, -1.0):
                wish = np.zeros(C)
                wish[pattern] = sign
                found = self.reach(low, high, wish)
                if found is not None:
                    ends.append(found.totals)
        typical: Floats = np.mean(ends, axis=0) if ends else np.full(C, self.made.n / C)
        return typical

    def _lines(self, low: float, high: float) -> tuple[Floats, Floats]:
        """The least and the greatest linear predictor of each pattern."""
        slopes = self.made.X[:, 1:]
        return slopes @ self.low[1:] + low, slopes @ self.high[1:] + high

    def _of_deviance(
        self, low: float, high: float, least: Floats, most: Floats
    ) -> list[tuple[Floats, float]]:
        """The deviance is 2 (sum N log(1 + exp(line)) - b'X'y), between what is printed."""
        sums = self.made.sums
        smallest = float(sums[0] * low + sums[1:] @ self.low[1:])
        greatest = float(sums[0] * high + sums[1:] @ self.high[1:])
        rows = []
        if self.deviance[1] < inf:
            rows.append((np.logaddexp(0, least), self.deviance[1] / 2 + greatest + SLACK))
        if self.deviance[0] > -inf:
            rows.append((-np.logaddexp(0, most), SLACK - self.deviance[0] / 2 - smallest))
        return rows

    def most_spread(self, low: float, high: float) -> Floats:
        """The greatest p(1 - p) of each pattern."""
        least, most = self._lines(low, high)
        ends = np.maximum(expit(least) * expit(-least), expit(most) * expit(-most))
        spread: Floats = np.where((least < 0) & (most > 0), 0.25, ends)
        return spread

    def cut_rows(self, spread: Floats) -> Rows:
        """The inequalities of the standard errors found so far: 2u_j - u'Iu <= variance_j."""
        left = [-spread * (self.made.X @ u) ** 2 for u, _ in self.cuts]
        right = [float(self.variance[j] - 2 * u[j]) for u, j in self.cuts]
        return Rows(np.array(left).reshape(-1, len(spread)), np.array(right) + SLACK)

    def reach(self, low: float, high: float, wish: Floats | None = None) -> Reached | None:
        """Totals with the least wish @ N while the intercept lies between these, or None.

        Whatever is not proven to be impossible is taken as possible.
        """
        rows, spread = self.rows(low, high), self.most_spread(low, high)
        reached: Reached | None = None
        for _ in range(ROUNDS):
            reached = self._solved(rows, self.cut_rows(spread), wish)
            if reached is None or not self._cut(reached.totals, spread):
                break
        return reached

    def ends(self, wish: Floats, low: float, high: float) -> tuple[float, float] | None:
        """The least and greatest wish @ N while the intercept lies between these."""
        least, most = self.reach(low, high, wish), self.reach(low, high, -wish)
        return None if least is None or most is None else (least.value, -most.value)

    def _solved(self, rows: Rows, cuts: Rows, wish: Floats | None) -> Reached | None:
        from scipy.optimize import linprog  # slow to import, and not needed where tables are few

        C = len(self.made.X)
        wide = self._equal[0].shape[1]  # the cases join the totals only where a print is of them
        left = np.zeros((len(rows.right) + len(cuts.right), wide))
        left[:, :C] = np.vstack([rows.left, cuts.left])
        right = np.concatenate([rows.right, cuts.right])
        if wide > C:  # cases of a pattern: no more than its patients
            left = np.vstack([left, np.hstack([-np.eye(C), np.eye(C)])])
            right = np.concatenate([right, np.zeros(C)])
        found = linprog(
            np.concatenate([np.zeros(C) if wish is None else wish, np.zeros(wide - C)]),
            A_ub=left,
            b_ub=right,
            A_eq=self._equal[0],
            b_eq=self._equal[1],
            bounds=(0, None),
        )
        self.asked += 1
        if found.status == INFEASIBLE:
            return None
        if found.x is None:
            return Reached(np.full(C, self.made.n / C), -inf)
        return Reached(np.asarray(found.x[:C]), float(found.fun))

    def _cut(self, totals: Floats, spread: Floats) -> bool:
        """Add the cuts these totals violate most; False where none is."""
        information = (self.made.X.T * (totals * spread)) @ self.made.X
        inverse: Floats = np.linalg.pinv(information, hermitian=True).astype(np.float64)
        before = len(self.cuts)
        for j in range(1, len(information)):
            if inverse[j, j] > self.variance[j] * (1 + 1e-7):
                self.cuts.append((inverse[:, j].copy(), j))
            elif (
                np.isfinite(self.variance[j]) and (information @ inverse)[j, j] < 0.5
            ):  # no information of this term at all
                direction = -(information @ inverse)[j]
                direction[j] += 1
                self.cuts.append((direction * (1 + self.variance[j]) / direction[j], j))
        added = len(self.cuts) > before
        self.cuts = self.cuts[-CUTS:]
        return added

    def possible(self, low: float, high: float) -> bool:
        """Whether an intercept between these is not ruled out."""
        return self.reach(low, high) is not None


def _equations(given: Asked) -> tuple[Floats, Floats]:
    """The printed counts of the totals N and, where needed, of the cases y, side by side."""
    X = given.made.X
    of_totals = np.vstack([X.T, given.totals.left])
    counted = np.concatenate([given.made.margins, given.totals.right]).astype(np.float64)
    if not len(given.events.left):  # y = Np is then a way for the cases, if not in whole numbers
        return of_totals, counted
    of_cases = np.vstack([X.T, given.events.left])
    left = np.vstack(
        [
            np.hstack([of_totals, np.zeros_like(of_totals)]),
            np.hstack([np.zeros_like(of_cases), of_cases]),
        ]
    )
    cases = np.concatenate([given.made.sums, given.events.right]).astype(np.float64)
    return left, np.concatenate([counted, cases])


def _deviance(given: Asked) -> tuple[float, float]:
    """The least and greatest deviance the printed figures of the whole model allow."""
    low, high = -inf, inf
    yes, n = given.problem.yes, given.problem.n
    null = -2 * (yes * log(yes / n) + (n - yes) * log((n - yes) / n))
    for one in given.printed:
        ends = (one.low, one.high)
        if one.kind == "nagelkerke":
            top = 1 - np.exp(-null / n)
            ends = (ends[0] * top, ends[1] * top)
        if one.kind in ("cox_snell", "nagelkerke"):
            less, more = (null + n * log(1 - end) if end < 1 else -inf for end in ends)
            ends = (more, less)
        elif one.kind != "deviance":
            continue
        low, high = max(low, ends[0]), min(high, ends[1])
    return low, high
