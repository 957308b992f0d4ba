"""Made patients for the tests of batched routines, and the one-at-a-time way to a resample."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from avidity.stats.batched.design import batch
from avidity.stats.batched.replicate import grouped


@st.composite
def patients(draw, least=10, most=40, columns=3):
    """A design with its intercept (numbers far from zero, grades, yes/no), and an outcome."""
    n = draw(st.integers(least, most))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    made = [np.ones(n)]
    for _ in range(draw(st.integers(1, columns))):
        kind = draw(st.sampled_from(("year", "grade", "yes/no")))
        made.append(
            {
                "year": chance.normal(2015, 5, n).round(1),
                "grade": chance.integers(0, 4, n).astype(float),
                "yes/no": chance.integers(0, 2, n).astype(float),
            }[kind]
        )
    X = np.column_stack(made)
    spread = X[:, 1:].std(axis=0)
    line = (X[:, 1:] - X[:, 1:].mean(axis=0)) @ (chance.normal(size=X.shape[1] - 1) / (spread + 1))
    y = (chance.random(n) < 1 / (1 + np.exp(-1.5 * line))).astype(float)
    y[:2] = 0, 1
    return X, y


def names(X):
    return tuple(f"x{column}" for column in range(X.shape[1]))


def batch_of(X, y, weights, varying=None, active=None):
    """The batch of all resamples, patients with equal covariates together."""
    if varying is not None:
        own = np.ascontiguousarray(weights.T, dtype=float)
        return batch(X, own, own * y[:, np.newaxis], varying, active)
    data = grouped(X, y)
    own = data.patients(weights)
    return batch(data.X, own.everyone, own.cases, None, active)
