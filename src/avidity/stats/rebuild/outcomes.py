"""Who of each pattern had the outcome: what the tables leave open, counted and bounded.

The likelihood sees the outcome by X'y alone, so a rebuilt model does not say how the cases fall
into the patterns. What depends on it (the area under the curve, the Brier score) is bounded over
every way that fits. Both are linear in y once the totals and the risks are known: the area is a
rank sum whose ranks the totals fix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from avidity.stats.newton import Floats
from avidity.stats.rebuild.figures import SLACK
from avidity.stats.rebuild.patterns import Equations, Patterns, Whole
from avidity.stats.rebuild.tables import TooManyError, tables
from avidity.stats.rounded import Rounded

LISTED = 200_000  # ways up to which they are listed one by one
SAME_RISK = 1e-9  # risks closer than this are tied


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What is left open of who had the outcome.

    ways   how many tables of cases by pattern fit; None: more than could be listed
    auc, brier  least and greatest over all ways, of the model in its own patients
    auc_expected  the area to be expected if the model were true, between the two as a rule
    """

    ways: int | None
    auc: tuple[float, float]
    brier: tuple[float, float]
    auc_expected: float


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """One table of totals and its model: the y with 0 <= y <= N, X'y = sums are open.

    events  what cross tables say of y
    auc     the printed area, where there is one
    """

    made: Patterns
    totals: Whole
    coef: Floats
    events: Equations
    auc: Rounded | None = None

    @property
    def risk(self) -> Floats:
        """Predicted risk of each pattern."""
        risk: Floats = expit(self.made.X @ self.coef)
        return risk

    def rank_weights(self) -> tuple[Floats, float]:
        """The area is weights @ y + constant."""
        cases = float(self.made.n_events)
        controls = self.made.n - cases
        weights = _mid_ranks(self.risk, self.totals.astype(np.float64)) / (cases * controls)
        return weights, -cases / (2 * controls)

    def brier_weights(self) -> tuple[Floats, float]:
        """The Brier score is weights @ y + constant."""
        constant = float(self.totals @ self.risk**2) / self.made.n
        return (1 - 2 * self.risk) / self.made.n, constant


def _mid_ranks(risk: Floats, totals: Floats) -> Floats:
    """Patients of lower risk, and half of those of the same."""
    higher = risk[:, np.newaxis] - risk > SAME_RISK
    tied = np.abs(risk[:, np.newaxis] - risk) <= SAME_RISK
    ranks: Floats = (higher + tied / 2) @ totals
    return ranks


def outcomes(given: Open) -> Outcomes:
    """How many ways there are, and the bounds; `fitting` must have found one."""
    (auc, at_auc), (brier, at_brier) = given.rank_weights(), given.brier_weights()
    try:
        ways = _listed(given)
    except TooManyError:
        return Outcomes(
            None, _reached(given, auc, at_auc), _reached(given, brier, at_brier), _expected(given)
        )
    areas, scores = auc @ ways + at_auc, brier @ ways + at_brier
    return Outcomes(
        ways.shape[1],
        (float(areas.min()), float(areas.max())),
        (float(scores.min()), float(scores.max())),
        _expected(given),
    )


def _expected(given: Open) -> float:
    """Concordance in expectation: of a random case and a random control drawn from the risks."""
    cases = given.totals * given.risk
    controls = given.totals - cases
    below = _mid_ranks(given.risk, controls)
    return float(cases @ below / (cases.sum() * controls.sum()))


def _listed(given: Open) -> Whole:
    ways = tables(given.made, given.made.sums, LISTED, given.totals, given.events)
    if given.auc is not None:
        weights, constant = given.rank_weights()
        area = weights @ ways + constant
        low, high = _ends(given.auc)
        ways = ways[:, (area >= low) & (area <= high)]
    return ways


def _ends(printed: Rounded) -> tuple[float, float]:
    high = 1.0 if printed.high is None else float(printed.high)
    return float(printed.low) - SLACK, high + SLACK


def fitting(given: Open) -> Whole | None:
    """One way the cases can fall into the patterns, shape (C,), or None: there is none."""
    found = _program(given, np.zeros(len(given.totals)))
    return None if found is None else np.round(found.x).astype(np.int64)


def _reached(given: Open, weights: Floats, constant: float) -> tuple[float, float]:
    """The least and the greatest of weights @ y, by integer programming, proven to its gap."""
    size = float(np.abs(weights).max()) or 1.0
    low, high = _program(given, weights / size), _program(given, -weights / size)
    if low is None or high is None:
        raise ValueError("bounds were asked of a table no outcome fits; ask `fitting` first")
    return float(low.mip_dual_bound) * size + constant, constant - float(high.mip_dual_bound) * size


def _program(given: Open, wish: Floats) -> Any:  # noqa: ANN401  # scipy's result has no type
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, seldom needed

    left = np.vstack([given.made.X.T, given.events.left])
    right = np.concatenate([given.made.sums, given.events.right])
    rows = [LinearConstraint(left, right, right)]
    if given.auc is not None:
        weights, constant = given.rank_weights()
        low, high = _ends(given.auc)
        rows.append(LinearConstraint(weights[np.newaxis], low - constant, high - constant))
    found = milp(
        wish,
        integrality=np.ones(len(wish)),
        bounds=Bounds(0, given.totals),
        constraints=rows,
        options={"mip_rel_gap": 0.0},
    )
    return found if found.x is not None else None
