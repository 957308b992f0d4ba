"""Many logistic fits at once by Firth's penalised likelihood."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from avidity.stats import firth, newton
from avidity.stats.batched.design import Batch, Places
from avidity.stats.batched.newton import Bools, Climbed, State, single
from avidity.stats.batched.solve import LOST, factor
from avidity.stats.newton import Floats

ARRIVED = 1e-7  # a step this small leaves its square as the distance
LIMIT = 50
PATIENCE = 2000
HALVINGS = 30


def firth_batch(batch: Batch) -> Climbed:
    """Fit every column of the batch by penalised likelihood; separation does no harm.

    source  Firth, Biometrika 1993;80:27-38; Heinze & Schemper, Stat Med 2002;21:2409-2419
    """
    ended = Climbed(
        coef=np.zeros((batch.X.shape[1], batch.size)),
        state=np.full(batch.size, State.UNSOLVED, dtype=np.int8),
    )
    cases, everyone = batch.events.sum(axis=0), batch.trials.sum(axis=0)
    one_outcome = (cases <= 0) | (cases >= everyone)
    ended.state[one_outcome] = State.ONE_OUTCOME
    todo = np.flatnonzero(~one_outcome)
    if len(todo):
        for fit in _climb(batch.pick(todo), todo, ended):
            _alone(batch, int(fit), ended)
    return ended


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Where the fits stand.

    value     shape (B,), of the penalised likelihood; gradient shape (p, B)
    inverse   shape (p, p, B), of the information
    risk, leverage  shape (g, B)
    lost      shape (B,), the information cannot be inverted
    """

    value: Floats
    gradient: Floats
    inverse: Floats
    risk: Floats
    leverage: Floats
    lost: Bools

    def pick(self, some: Bools) -> _Points:
        return _Points(*(getattr(self, each.name)[..., some] for each in fields(self)))

    def where(self, first: Bools, other: _Points) -> _Points:
        """These points where first is true, the others elsewhere."""
        return _Points(
            *(
                np.where(first, getattr(self, each.name), getattr(other, each.name))
                for each in fields(self)
            )
        )


def _points(batch: Batch, coef: Floats) -> _Points:
    line = batch.line(coef)
    softened = np.log1p(np.exp(-np.abs(line)))
    certain, uncertain = np.minimum(line, 0) - softened, np.minimum(-line, 0) - softened
    risk, rest = np.exp(certain), np.exp(uncertain)
    factored = factor(batch.information(batch.trials * risk * rest))
    inverse, lost = factored.inverse(), factored.least <= LOST
    # the leverage of a row is its weight times x'(X'WX)^-1 x
    leverage = batch.trials * risk * rest * batch.quadratic(inverse)
    likelihood = batch.events * certain + (batch.trials - batch.events) * uncertain
    value = likelihood.sum(axis=0) + factored.half_log_determinant()
    residual = batch.events - batch.trials * risk + leverage * (0.5 - risk)
    value = np.where(lost, -np.inf, value)
    return _Points(value, batch.slopes(residual), inverse, risk, leverage, lost)


def _uphill(batch: Batch, at: _Points) -> Floats:
    """Newton's step of every fit, shape (p, B).

    By the true curvature of the penalised likelihood; where that is not concave, by the one of
    `stats.firth`, which always is.
    """
    factored = factor(_curvature(batch, at))
    step = factored.solve(at.gradient)
    hollow = factored.least <= LOST
    if hollow.any():
        spread = (batch.trials + at.leverage) * at.risk * (1 - at.risk)
        step = np.where(hollow, factor(batch.information(spread)).solve(at.gradient), step)
    return step


def _curvature(batch: Batch, at: _Points) -> Floats:
    """Minus the second derivatives, shape (p, p, B).

    The leverages change with the coefficients too: by the skewness of their own row, and by the
    information, whose derivatives are third moments of the design.
    """
    skew = 1 - 2 * at.risk
    spread = at.risk * (1 - at.risk)
    own = (batch.trials + at.leverage) * spread - at.leverage * skew**2 / 2
    third = batch.trials * spread * skew
    moments = np.stack([batch.moments(third * batch.column(k)) for k in range(len(at.inverse))])
    turned = np.ascontiguousarray(moments.transpose(3, 0, 1, 2))
    inverse = at.inverse.transpose(2, 0, 1)[:, np.newaxis]
    if batch.active is not None:
        turned *= batch.active.T[:, :, np.newaxis, np.newaxis]
    size, p = turned.shape[:2]
    between = (inverse @ turned @ inverse).reshape(size, p, p * p)
    both = between @ np.swapaxes(turned.reshape(size, p, p * p), 1, 2)
    made: Floats = batch.information(own) + both.transpose(1, 2, 0) / 2
    return made


def _climb(batch: Batch, fits: Places, into: Climbed) -> Places:
    """Climb until all have arrived or the limit is reached; those on the way are returned."""
    coef = np.zeros((batch.X.shape[1], batch.size))
    at = _points(batch, coef)
    into.state[fits[at.lost]] = State.DEPENDENT
    go_on = ~at.lost
    for _ in range(LIMIT):
        if not go_on.all():
            keep = np.flatnonzero(go_on)
            batch, fits, coef, at = batch.pick(keep), fits[keep], coef[:, keep], at.pick(go_on)
        if not len(fits):
            break
        step = _uphill(batch, at)
        movement = np.abs(batch.line(step)).max(axis=0)
        coef, at = _step(batch, coef, step, at)
        arrived = movement <= ARRIVED
        into.state[fits[arrived]] = State.FITTED
        into.coef[:, fits[arrived]] = coef[:, arrived]
        go_on = ~arrived
    return fits[go_on] if len(fits) else fits


def _step(batch: Batch, coef: Floats, step: Floats, at: _Points) -> tuple[Floats, _Points]:
    """A step of every fit, halved where it would lead down."""
    slack = 1e-12 * (np.abs(at.value) + 1)
    there = _points(batch, coef + step)
    for _ in range(HALVINGS):
        down = there.value < at.value - slack
        if not down.any():
            break
        step = np.where(down, step / 2, step)
        there = there.where(~down, _points(batch, coef + step))
    return coef + step, there


def _alone(batch: Batch, fit: int, into: Climbed) -> None:
    rows, inside = single(batch, fit)
    start = np.zeros(len(inside))
    ended = newton.climb(firth.penalised_log_likelihood, rows, start, limit=PATIENCE)
    if ended.converged:
        into.state[fit] = State.FITTED
        into.coef[inside, fit] = ended.top.coef
