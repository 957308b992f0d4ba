"""Separation: whether predictors split the outcome so that no finite odds ratio exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.said import joined, say, term
from avidity.stats.newton import Design, Floats, climb, design, log_likelihood

MOVES = 1e-6  # in a box of half-width one, a direction shorter than this is none
AGAINST = 1e-9  # a patient pushed the wrong way by less than this is not pushed


@dataclass(frozen=True, slots=True)
class Separation:
    """Which maximum-likelihood estimates are not finite, and why.

    kind       "none", "quasi-complete" (some patients stay undecided) or "complete"
    rising     columns whose coefficient goes to plus infinity
    falling    columns whose coefficient goes to minus infinity
    either     columns drawn along, in a direction the data do not fix
    intercept  whether the intercept is drawn along too; it is in none of the above
    reasons    one clause for each column in rising and falling
    """

    kind: str
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    intercept: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the outcome is separated at all."""
        return self.kind != "none"

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that separate; where no single direction is fixed, all that take part."""
        return self.rising + self.falling or self.either

    @property
    def sentence(self) -> str:
        """What separates, in one sentence; empty if nothing does."""
        if not self.found:
            return ""
        if not self.reasons:
            return f"{' and '.join(self.either)} together separate the outcome."
        return f"The outcome is separated ({self.kind}): {'; '.join(self.reasons)}."


class SeparatedError(AnalysisError):
    """No maximum-likelihood estimate exists; `separation` says which columns are to blame."""

    def __init__(self, separation: Separation) -> None:
        super().__init__(
            say(
                "{separation} No finite odds ratio exists by maximum likelihood;"
                " use Firth's penalised likelihood, or leave out {columns}.",
                separation=separation.sentence,
                columns=joined(map(term, separation.columns)),
            )
        )
        self.separation = separation


def separation(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    weights: npt.ArrayLike | None = None,
) -> Separation:
    """Whether the maximum-likelihood estimate exists, and what keeps it from existing.

    Where Newton's steps come to rest the estimate exists, and nothing more is asked. Where
    they do not, linear programs decide.

    X, y, names, weights  as `logistic.fit`; raises as it does, but never SeparatedError
    """
    rows = design(X, y, names, weights)
    if climb(log_likelihood, rows, np.zeros(len(names))).converged:
        return Separation("none")
    return separated(rows)


def separated(rows: Design) -> Separation:
    """What keeps the estimate from existing; kind "none" if nothing does."""
    if rows.X.shape[1] == 2:
        return _by_order(rows)
    return _by_programming(rows)


def _by_order(rows: Design) -> Separation:
    """One predictor separates if no case lies below (or none above) any control."""
    name = rows.names[1]
    for sign in (1, -1):
        lowest_case, highest_control = _meeting(rows, name, sign)
        if lowest_case >= highest_control:
            complete = lowest_case > highest_control
            return Separation(
                kind="complete" if complete else "quasi-complete",
                rising=(name,) if sign > 0 else (),
                falling=(name,) if sign < 0 else (),
                # the intercept stays finite only where both groups meet at a value of 0
                intercept=complete or lowest_case != 0,
                reasons=(_reason(rows, name),),
            )
    return Separation("none")


def _meeting(rows: Design, name: str, sign: int) -> tuple[float, float]:
    """The lowest case and the highest control; with sign -1 the column is turned round."""
    x, case = sign * rows.X[:, rows.names.index(name)], rows.y == 1
    return float(x[case].min()), float(x[~case].max())


def _by_programming(rows: Design) -> Separation:
    """The directions in which the likelihood never falls, column by column.

    A direction d keeps every patient on the right side if (2y - 1) x'd >= 0 for all. Within
    the box |d| <= 1 each coefficient is pushed up and down as far as that allows.

    source  Albert & Anderson, Biometrika 1984;71:1-10; Konis, DPhil thesis, Oxford 2007
    """
    toward, wishes = _centred(rows)
    up = [name for name, wish in wishes.items() if _reaches(toward, wish)]
    down = [name for name, wish in wishes.items() if _reaches(toward, -wish)]
    if not up and not down:
        return Separation("none")
    others = rows.names[1:]
    rising = tuple(name for name in others if name in up and name not in down)
    falling = tuple(name for name in others if name in down and name not in up)
    return Separation(
        kind="complete" if _complete(toward) else "quasi-complete",
        rising=rising,
        falling=falling,
        either=tuple(name for name in others if name in up and name in down),
        intercept=rows.names[0] in up + down,
        reasons=tuple(_reason(rows, name) for name in others if name in rising + falling),
    )


def _centred(rows: Design) -> tuple[Floats, dict[str, Floats]]:
    """Each different patient's pull, and for each column the wish to move its coefficient.

    The columns are centred and scaled, so that a column far from zero with little spread (a
    year) is as plain to the solver as any other. The intercept becomes a sum of coefficients.
    """
    centre, spread = rows.X.mean(axis=0), np.ptp(rows.X, axis=0)
    centre[0], spread[0] = 0.0, 1.0
    toward = (2 * rows.y - 1)[:, np.newaxis] * (rows.X - centre) / spread
    back = np.diag(1 / spread)
    back[0] -= centre / spread
    wishes = back / np.abs(back).max(axis=1, keepdims=True)
    return np.unique(toward, axis=0), dict(zip(rows.names, wishes, strict=True))


def _solved(toward: Floats, wish: Floats) -> Floats:
    """The direction in the box that goes furthest the wished way and pushes nobody wrong."""
    from scipy.optimize import linprog  # slow to import, and seldom needed

    found = linprog(-wish, A_ub=-toward, b_ub=np.zeros(len(toward)), bounds=(-1, 1))
    direction = np.asarray(found.x if found.x is not None else np.zeros_like(wish))
    return direction if (toward @ direction).min() >= -AGAINST else np.zeros_like(wish)


def _reaches(toward: Floats, wish: Floats) -> bool:
    return bool(_solved(toward, wish) @ wish > MOVES)


def _complete(toward: Floats) -> bool:
    """Whether one direction puts every patient strictly on the right side.

    The directions of a cone add up: the sum of what is best for each patient is best for all.
    The margin, the least push any patient gets, joins the unknowns.
    """
    with_margin = np.column_stack([toward, -np.ones(len(toward))])
    wish = np.zeros(with_margin.shape[1])
    wish[-1] = 1.0
    return bool(_solved(with_margin, wish)[-1] > MOVES)


def _reason(rows: Design, name: str) -> str:
    """Why this column separates: its empty cell, or the order of its values."""
    x, case = rows.X[:, rows.names.index(name)], rows.y == 1
    values = np.unique(x)
    if len(values) == 2:
        for value in values[::-1]:
            cases = round(float(rows.weights[case & (x == value)].sum()))
            controls = round(float(rows.weights[~case & (x == value)].sum()))
            if cases == 0 or controls == 0:
                return f"{name} = {value:g} holds {cases} with the outcome and {controls} without"
    for sign, more, less in ((1, "higher", "lower"), (-1, "lower", "higher")):
        lowest_case, highest_control = _meeting(rows, name, sign)
        if lowest_case > highest_control:
            return f"every patient with the outcome has a {more} {name} than every one without"
        if lowest_case == highest_control:
            return f"no patient with the outcome has a {less} {name} than any without"
    return f"{name} together with other variables"
