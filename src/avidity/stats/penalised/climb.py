"""The way down under a penalty: all problems of a batch at once, each until it has arrived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.penalised.penalty import Penalty
from avidity.stats.penalised.problems import Batch, Flags, Place, Slope, slope

ARRIVED = 1e-12  # the slope of the function, per patient, in units of one standard deviation
NEARLY = 1e-8
ROUNDS = 200
SHORTEST = 1e-9  # a step halved further than this leads nowhere


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """Where the problems ended, and whether each had arrived; df as in `Penalty`."""

    place: Place
    log_likelihood: Floats
    df: Floats
    arrived: Flags


def climb_all(problems: Batch, penalty: Penalty, strength: Floats, begin: Place) -> Ended:
    """Each problem's lowest place for its strength, shape (B,).

    A step that leads up is halved and tried again in the next round, beside the next steps of
    the other problems: each round looks once at every problem that is still on its way.
    """
    many = len(strength)
    price = (problems.total * strength)[:, np.newaxis] * problems.penalised
    base = Place(begin.intercept.copy(), begin.coef.copy())
    step = Place(np.zeros(many), np.zeros_like(base.coef))
    share, limit, rest = np.ones(many), np.full(many, np.inf), np.full(many, np.inf)
    value, df, arrived = np.full(many, np.nan), np.full(many, np.nan), np.zeros(many, np.bool_)
    waiting = np.arange(many)
    for _ in range(ROUNDS):
        here = base.part(waiting).moved(step.part(waiting), share[waiting])
        at = slope(problems.part(waiting), here)
        cost = (price[waiting] * penalty.cost(here.coef)).sum(axis=1) - at.log_likelihood
        lower = cost <= limit[waiting]
        share[waiting] = np.where(lower, 1.0, share[waiting] / 2)
        on, here, at, cost = waiting[lower], here.part(lower), at.part(lower), cost[lower]
        base.put(on, here)
        limit[on] = cost + 1e-12 * (np.abs(cost) + 1)  # sums over patients: less is rounding
        left = _rest(penalty, at, here, price[on]) / problems.total[on]
        # Below the second limit a rest that no longer shrinks is rounding noise: arrived too.
        done = (left <= ARRIVED) | ((left <= NEARLY) & (left >= rest[on]))
        rest[on], arrived[on], value[on] = left, done, at.log_likelihood
        df[on[done]] = penalty.df(at.part(done), here.coef[done], price[on[done]])
        on, here, at = on[~done], here.part(~done), at.part(~done)
        step.put(on, _step(penalty, price[on], here, at))
        waiting = waiting[~arrived[waiting] & (share[waiting] > SHORTEST)]
        if not len(waiting):
            break
    return Ended(base, value, df, arrived)


def _rest(penalty: Penalty, at: Slope, here: Place, price: Floats) -> Floats:
    pull = np.abs(penalty.pull(at.gradient, here.coef, price)).max(axis=1, initial=0.0)
    own: Floats = np.maximum(pull, np.abs(at.gradient_intercept))
    return own


def _step(penalty: Penalty, price: Floats, here: Place, at: Slope) -> Place:
    way = penalty.step(at, here.coef, price) - here.coef
    back = at.gradient_intercept / at.curvature_intercept - (at.along * way).sum(axis=1)
    return Place(back, way)
