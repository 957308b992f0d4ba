"""Many logistic fits at once by maximum likelihood, each stopping when it has arrived.

The same climb as `stats.newton`, with every fit a column. Fits whose likelihood has no top are
recognised by a proof (a direction in which no patient of theirs is pushed the wrong way), not by
large numbers; the few that are neither proved nor finished are handed to the single-fit routines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from avidity.stats import newton, separation
from avidity.stats.batched.design import Batch, Places
from avidity.stats.batched.solve import LOST, Factored, factor
from avidity.stats.newton import Design, Floats

Bools = npt.NDArray[np.bool_]

ARRIVED = 1e-7  # a step this small leaves its square as the distance: Newton's steps square it
LIMIT = 26
LOOKS = (10, 14, 18, 22, 26)  # iterations after which fits on the way are held to be separated
OVERSHOT = 0.5  # slope at the end of a step, as a share of that at its start, turned round
UNDECIDED = 1e-3  # pushed less than this share of the hardest pushed: perhaps not at all
AGAINST = 1e-9  # as in stats.separation
PATIENCE = 500


class State(IntEnum):
    """How one fit ended."""

    FITTED = 0
    SEPARATED = 1
    ONE_OUTCOME = 2
    DEPENDENT = 3
    UNSOLVED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Climbed:
    """Where each fit ended.

    coef   shape (p, B), for the columns as the batch scaled them; of a separated fit, where the
           climb was when that was proved
    state  shape (B,), values of `State`
    """

    coef: Floats
    state: npt.NDArray[np.int8]


def fit_batch(batch: Batch, start: Floats | None = None) -> Climbed:
    """Fit every column of the batch by maximum likelihood.

    start  shape (p,), in the batch's scale: somewhere near, to save steps; None: zero
    """
    climbed = Climbed(
        coef=np.zeros((batch.X.shape[1], batch.size)),
        state=np.full(batch.size, State.UNSOLVED, dtype=np.int8),
    )
    cases, everyone = batch.events.sum(axis=0), batch.trials.sum(axis=0)
    one_outcome = (cases <= 0) | (cases >= everyone)
    climbed.state[one_outcome] = State.ONE_OUTCOME
    todo = np.flatnonzero(~one_outcome)
    if len(todo):
        within = batch if len(todo) == batch.size else batch.pick(todo)
        left = _climb(within, todo, climbed, start)
        for fit in left:
            _alone(batch, int(fit), climbed)
    return climbed


@dataclass(slots=True, eq=False)
class _Way:
    """The fits still climbing: which they are, where they stand, and the last step."""

    batch: Batch
    fits: Places
    coef: Floats
    line: Floats
    step: Floats
    moved: Floats
    rise: Floats

    def keep(self, some: Bools) -> None:
        if some.all():
            return
        at = np.flatnonzero(some)
        self.batch, self.fits = self.batch.pick(at), self.fits[at]
        self.coef, self.line = self.coef[:, at], self.line[:, at]
        self.step, self.moved, self.rise = self.step[:, at], self.moved[:, at], self.rise[at]


def _climb(batch: Batch, fits: Places, into: Climbed, start: Floats | None) -> Places:
    """Climb until all have ended or the limit is reached; those still on the way are returned."""
    way = _set_out(batch, fits, start)
    left: list[Places] = []
    for iteration in range(1, LIMIT + 1):
        gradient, information = _derivatives(way)
        factored = factor(information)
        if iteration == 1 and (factored.least <= LOST).any():
            sound = factored.least > LOST
            left.append(_doubtful(way, np.flatnonzero(~sound), into, start))
            way.keep(sound)
            gradient, factored = gradient[:, sound], factored.pick(sound)
        overshot = _advance(way, gradient, factored, first=iteration == 1)
        lost = factored.least <= LOST  # the information has run out: such a step is no arrival
        way.keep(~_ended(way, overshot | lost, into, look=iteration in LOOKS))
        if not len(way.fits):
            break
    return np.concatenate([way.fits, *left])


def _doubtful(way: _Way, some: Places, into: Climbed, start: Floats | None) -> Places:
    """Fits without information where they start: a column depends, or the start was too far out.

    Returns those of the latter that do not end from nearer by either.
    """
    batch, fits = way.batch.pick(some), way.fits[some]
    dependent = factor(batch.information(batch.trials)).least <= LOST
    into.state[fits[dependent]] = State.DEPENDENT
    again = np.flatnonzero(~dependent)
    if start is None or not len(again):
        return fits[again]
    return _climb(batch.pick(again), fits[again], into, None)


def _ended(way: _Way, unsure: Bools, into: Climbed, *, look: bool) -> Bools:
    """Write down the fits that are done, and say which: arrived, or proved to be separated."""
    furthest: Floats = np.abs(way.moved).max(axis=0)
    arrived: Bools = np.logical_and(furthest <= ARRIVED, ~unsure)
    into.state[way.fits[arrived]] = State.FITTED
    certain = np.zeros_like(arrived)
    if look and not arrived.all():
        certain |= ~arrived & _proved(way)
        into.state[way.fits[certain]] = State.SEPARATED
    ended: Bools = np.logical_or(arrived, certain)
    into.coef[:, way.fits[ended]] = way.coef[:, ended]
    return ended


def _set_out(batch: Batch, fits: Places, start: Floats | None) -> _Way:
    p, size = batch.X.shape[1], batch.size
    coef = np.zeros((p, size)) if start is None else np.repeat(start[:, np.newaxis], size, axis=1)
    if start is None:
        share = batch.events.sum(axis=0) / batch.trials.sum(axis=0)
        coef[0] = np.log(share / (1 - share))
    elif batch.active is not None:
        coef *= batch.active
    line = batch.line(coef)
    return _Way(batch, fits, coef, line, np.zeros((p, size)), np.zeros_like(line), np.zeros(size))


def _derivatives(way: _Way) -> tuple[Floats, Floats]:
    """Gradient, shape (p, B), and Fisher's information, shape (p, p, B), where they stand."""
    with np.errstate(over="ignore"):  # so far out that the risk is 0: it is
        risk = 1 / (1 + np.exp(-way.line))
    hoped = way.batch.trials * risk
    gradient = way.batch.slopes(way.batch.events - hoped)
    hoped *= 1 - risk
    return gradient, way.batch.information(hoped)


def _advance(way: _Way, gradient: Floats, factored: Factored, *, first: bool) -> Bools:
    """One step of every fit; one that had gone too far goes half its last step back instead.

    The log-likelihood is concave: while the slope along the step has not turned round by much,
    the step led up. So no likelihood is ever computed. Returns which went back.
    """
    step = factored.solve(gradient)
    rise = (gradient * step).sum(axis=0)
    overshot = np.zeros(len(way.fits), dtype=bool)
    if not first:
        along = (gradient * way.step).sum(axis=0)
        overshot = along < -OVERSHOT * way.rise
        # near the top the slopes are rounding: there is no way back from there
        overshot &= np.abs(way.moved).max(axis=0) > ARRIVED
    if overshot.any():
        back = way.step / 2
        moved = np.where(overshot, -way.moved / 2, way.batch.line(step))
        way.coef = way.coef + np.where(overshot, -back, step)
        way.line = way.line + moved
        way.step = np.where(overshot, back, step)
        way.moved = np.where(overshot, way.moved / 2, moved)
        way.rise = np.where(overshot, way.rise / 2, rise)
        return overshot
    way.coef += step
    way.moved = way.batch.line(step)
    way.line += way.moved
    way.step, way.rise = step, rise
    return overshot


def _proved(way: _Way) -> Bools:
    """Which fits are certainly separated: shape (B,)."""
    return _pushes_all_right(way, way.step, way.moved) | _pushes_all_right(way, way.coef, way.moved)


def _pushes_all_right(way: _Way, direction: Floats, moved: Floats) -> Bools:
    """Whether a direction near this one pushes nobody the wrong way, and somebody the right way.

    Patients that the last step hardly moved are perhaps not to be moved at all: the direction is
    first made to leave them exactly where they are. What is then found is a proof.

    source  Albert & Anderson, Biometrika 1984;71:1-10
    """
    batch = way.batch
    there = batch.trials > 0
    size = np.abs(moved).max(axis=0, where=there, initial=0.0)
    resting = (there & (np.abs(moved) <= UNDECIDED * size)).astype(np.float64)
    free = _freed(batch.information(resting), direction)
    free /= np.maximum(np.abs(free).max(axis=0), 1e-300)
    push = batch.line(free)
    case, control = batch.events > 0, batch.trials > batch.events
    wrong = (case & (push < -AGAINST)) | (control & (push > AGAINST))
    right = (case & (push > 1e3 * AGAINST)) | (control & (push < -1e3 * AGAINST))
    proved: Bools = np.logical_and(~wrong.any(axis=0), right.any(axis=0))
    return proved


def _freed(information: Floats, direction: Floats) -> Floats:
    """The directions without the part that moves the rows the information is of."""
    value, vector = np.linalg.eigh(information.transpose(2, 0, 1))
    still = value > 1e-9 * np.maximum(value[:, -1:], 1e-300)
    held = np.einsum("bij,ib->bj", vector, direction) * ~still
    freed: Floats = np.einsum("bij,bj->ib", vector, held)
    return freed


def single(batch: Batch, fit: int) -> tuple[Design, Places]:
    """One fit as the single-fit routines want it, and the columns that are in it."""
    X = batch.X.copy()
    for column, values in batch.varying.items():
        X[:, column] = values[:, fit]
    inside = np.arange(X.shape[1])
    if batch.active is not None:
        inside = np.flatnonzero(batch.active[:, fit])
    events, others = batch.events[:, fit], batch.trials[:, fit] - batch.events[:, fit]
    weights = np.concatenate([events, others])
    y = np.repeat([1.0, 0.0], len(events))
    seen = weights > 0
    rows = np.vstack([X, X])[:, inside]
    names = tuple(str(column) for column in inside)
    return Design(rows[seen], y[seen], weights[seen], names), inside


def _alone(batch: Batch, fit: int, into: Climbed) -> None:
    """What the batch could not decide: linear programs, then a longer climb."""
    rows, inside = single(batch, fit)
    if separation.separated(rows).found:
        into.state[fit] = State.SEPARATED
        return
    ended = newton.climb(newton.log_likelihood, rows, np.zeros(len(inside)), limit=PATIENCE)
    if ended.converged:
        into.state[fit] = State.FITTED
        into.coef[inside, fit] = ended.top.coef
