"""The candidates of a plan, screened in a chunk of resamples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import chdtrc

from avidity.stats.batched import screen
from avidity.stats.batched.cutpoint import Number
from avidity.stats.batched.design import batch
from avidity.stats.batched.newton import fit_batch
from avidity.stats.batched.performance import Patients
from avidity.stats.batched.plan import OF_YES_NO, Candidate
from avidity.stats.newton import Floats
from avidity.stats.resampling import Weights


def p_value(
    candidate: Candidate,
    values: Floats,
    ranked: Number | None,
    entered: Floats,
    y: Floats,
    weights: Weights,
) -> Floats:
    """The candidate's two-group test in each resample, shape (b,).

    values   shape (n,), the number itself; ranked the same, sorted, for rank tests
    entered  the 0/1 column that would enter, shape (n,), or (n, b) where it is cut anew
    weights  shape (b, n)
    """
    case, test = y == 1, candidate.test
    if test in OF_YES_NO:
        across = np.ascontiguousarray(weights.T, dtype=np.float64)
        tables = screen.fourfold(entered, case, across)
        return screen.fisher(*tables) if test == "Fisher" else screen.pearson(*tables)
    if ranked is not None and test not in ("pooled t", "Welch t"):
        continuity = test == "Mann–Whitney with continuity correction"
        return screen.mann_whitney(ranked, weights, continuity=continuity)[0]
    t_test = screen.pooled_t if test == "pooled t" else screen.welch_t
    return t_test(values, case, weights)


def likelihood_ratio(
    X: Floats, columns: Sequence[int], varying: Mapping[int, Floats], own: Patients
) -> Floats:
    """The candidate's columns alone against nothing, shape (b,).

    Where they separate the outcome, the likelihood is the one the climb came to before that was
    proved: within a hundredth of the most it could be. A candidate that never varies gets 1.
    """
    changing = {place: varying[c] for place, c in enumerate(columns, 1) if c in varying}
    alone = batch(X[:, [0, *columns]], own.everyone, own.cases, changing)
    line = alone.line(fit_batch(alone).coef)
    softened = np.maximum(line, 0) + np.log1p(np.exp(-np.abs(line)))
    reached = (own.cases * line - own.everyone * softened).sum(axis=0)
    with np.errstate(invalid="ignore"):
        chi2 = np.maximum(0.0, 2 * (reached - own.null_log_likelihood))
    p_values: Floats = chdtrc(len(columns), np.nan_to_num(chi2))
    return p_values
