"""A logistic model over completed sets."""

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.firth import fit_firth
from avidity.stats.logistic import fit
from avidity.stats.pooled_logistic import pool_logistic
from avidity.stats.rubin import pool

NAMES = ("intercept", "a", "b")


def made(seed, m=4, n=80):
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, n))
    y = (rng.random(n) < 1 / (1 + np.exp(-a))).astype(float)
    sets = np.stack(
        [
            np.column_stack([np.ones(n), a, np.where(b > 1, rng.standard_normal(n), b)])
            for _ in range(m)
        ]
    )
    return sets, y


def test_each_set_is_fitted_and_pooled():
    X, y = made(1)
    got = pool_logistic(X, y, NAMES)
    fits = [fit(one, y, NAMES) for one in X]
    by_hand = pool([f.coef for f in fits], [f.covariance for f in fits], NAMES, 80)

    assert got.pooled.coef.tolist() == by_hand.coef.tolist()
    assert [row.term for row in got.rows] == ["a", "b"]
    assert got.rows[0].odds_ratio == pytest.approx(np.exp(by_hand.rows[1].estimate))
    assert got.rows[0].p_value == by_hand.rows[1].test.p_value
    assert got.estimator == "maximum likelihood"
    assert got.rows[1].note == ""
    assert "4 imputed sets" in got.sentence


def test_separation_in_one_set_turns_all_sets_to_firth():
    X, y = made(2)
    X[..., 2] = 0
    X[..., 2][:, np.flatnonzero(y == 1)[:3]] = 1
    X[0, np.flatnonzero(y == 0)[0], 2] = 1  # in the first set a control has it too
    got = pool_logistic(X, y, NAMES)

    assert got.separated == 3
    assert got.estimator == "Firth penalised likelihood"
    assert got.fits[0].coef == pytest.approx(fit_firth(X[0], y, NAMES).coef)
    assert got.rows[1].note == "separates the outcome in 3 of 4 imputed sets"
    assert got.rows[0].note == ""
    assert "separated in 3 of them" in got.sentence


def test_wrong_shapes_and_a_single_set_are_refused():
    X, y = made(3)

    with pytest.raises(ValueError, match="shape"):
        pool_logistic(X[0], y, NAMES)
    with pytest.raises(AnalysisError, match="two completed sets"):
        pool_logistic(X[:1], y, NAMES)


def test_an_odds_ratio_beyond_a_float_is_infinite():
    X, y = made(4)
    X[..., 2] *= 1e-5
    got = pool_logistic(X, y, NAMES)

    assert got.rows[1].interval.high == np.inf
