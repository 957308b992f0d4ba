"""How much the true effects of studies differ: tau², by the usual estimators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.meta.study_effect import Floats
from avidity.stats.meta.weighted import cochran_q, weighted_fit
from avidity.stats.root import crossing

Estimator = Literal["REML", "ML", "DL", "PM", "SJ"]
NAMES: dict[Estimator, str] = {
    "REML": "restricted maximum likelihood",
    "ML": "maximum likelihood",
    "DL": "DerSimonian–Laird",
    "PM": "Paule–Mandel",
    "SJ": "Sidik–Jonkman",
}
POINTS = 61  # of the first look at the likelihood


def tau_squared(y: Floats, v: Floats, X: Floats, estimator: Estimator = "REML") -> float:
    """The variance between studies, 0 where nothing speaks for any.

    y, v       k effects and their variances
    X          k × p design; `weighted.intercept(k)` for a plain pool
    estimator  REML and ML are looked for on a grid from 0 up, then found by halving of the
               score, so that a second top is not taken for the first; Paule–Mandel is the
               tau² at which Q is its expectation, where DL and SJ end when they are iterated
    raises     AnalysisError if fewer than p + 1 studies, or an unknown estimator
    source     DerSimonian & Laird 1986; Paule & Mandel 1982; Sidik & Jonkman 2005; Viechtbauer,
               J Educ Behav Stat 2005;30:261-293
    """
    k, p = X.shape
    if k <= p:
        raise AnalysisError(f"{k} studies cannot tell how much studies differ")
    ways: dict[Estimator, Callable[[Floats, Floats, Floats], float]] = {
        "DL": _dersimonian_laird,
        "PM": _paule_mandel,
        "SJ": _sidik_jonkman,
        "REML": lambda y, v, X: _most_likely(y, v, X, restricted=True),
        "ML": lambda y, v, X: _most_likely(y, v, X, restricted=False),
    }
    if estimator not in ways:
        raise AnalysisError(f"tau² is estimated by {', '.join(ways)}, got {estimator!r}")
    return ways[estimator](y, v, X)


def typical_variance(v: Floats, X: Floats) -> float:
    """The variance within a study of typical size, against which I² and H² hold tau².

    source  Higgins & Thompson, Stat Med 2002;21:1539-1558
    """
    k, p = X.shape
    return float((k - p) / weighted_fit(np.zeros(k), v, X, 0.0).trace)


def _dersimonian_laird(y: Floats, v: Floats, X: Floats) -> float:
    k, p = X.shape
    at_none = weighted_fit(y, v, X, 0.0)
    return max(0.0, float(at_none.q - (k - p)) / at_none.trace)


def _paule_mandel(y: Floats, v: Floats, X: Floats) -> float:
    k, p = X.shape
    return q_at(y, v, X, k - p)


def _sidik_jonkman(y: Floats, v: Floats, X: Floats) -> float:
    k, p = X.shape
    first = float(np.mean((y - y.mean()) ** 2))
    if first == 0:
        return 0.0
    return float(first * cochran_q(y, v, X, first) / (k - p))


def q_at(y: Floats, v: Floats, X: Floats, target: float) -> float:
    """The tau² at which the falling Q(tau²) comes down to a target; 0 when it starts below."""
    if cochran_q(y, v, X) <= target:
        return 0.0
    high = widest(y, v)
    while cochran_q(y, v, X, high) > target:
        high *= 2
    return crossing(lambda tau2: cochran_q(y, v, X, tau2) - target, 0.0, high)


def widest(y: Floats, v: Floats) -> float:
    """A tau² beyond what the studies could suggest."""
    return float(np.ptp(y) ** 2 + v.max())


def log_likelihood(y: Floats, v: Floats, X: Floats, tau2: float, *, restricted: bool) -> float:
    """The (restricted) log-likelihood at tau², without its constant."""
    fit = weighted_fit(y, v, X, tau2)
    whole = float(np.log(fit.weights).sum()) - fit.q
    if restricted:
        whole += float(np.linalg.slogdet(fit.covariance)[1])
    return whole / 2


def _most_likely(y: Floats, v: Floats, X: Floats, *, restricted: bool) -> float:
    def height(tau2: float) -> float:
        return log_likelihood(y, v, X, tau2, restricted=restricted)

    def score(tau2: float) -> float:
        fit = weighted_fit(y, v, X, tau2)
        expected = fit.trace if restricted else float(fit.weights.sum())
        return float((fit.weights * fit.residuals) @ (fit.weights * fit.residuals)) - expected

    end = widest(y, v)
    grid = np.concatenate([[0.0], np.geomspace(end * 1e-6, end, POINTS - 1)])
    top = int(np.argmax([height(float(at)) for at in grid]))
    low, high = float(grid[max(top - 1, 0)]), float(grid[min(top + 1, POINTS - 1)])
    if score(low) <= 0:  # falls from the start: no difference is the most likely
        return low
    return crossing(score, low, high)
