"""Many logistic regressions at once: each is the one the slow kernels fit alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.firth import fit_firth, flic
from avidity.stats.imputation.logistic_draw import draw_logistic
from avidity.stats.logistic import fit

NAMES = ("intercept", "a", "b")


def chains(seed, size=5, n=60):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((size, n, 3))
    X[..., 0] = 1
    y = (rng.random(n) < 0.4).astype(float)
    X[..., 1] += 0.5 * y
    return X, y, rng


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_each_chain_is_maximum_likelihood(seed):
    X, y, rng = chains(seed)
    weights = rng.integers(0, 3, X.shape[:2]).astype(float)
    got = draw_logistic(X, y, weights, rng)

    for at in np.flatnonzero(~got.separated):
        assert got.estimate[at] == pytest.approx(fit(X[at], y, NAMES, weights[at]).coef, abs=1e-7)


def test_a_separated_chain_is_firths_with_its_intercept_corrected():
    X, y, rng = chains(1, n=40)
    X[2:, :, 2] = np.where(y == 1, rng.random((3, 40)) < 0.3, 0)
    weights = rng.integers(1, 3, X.shape[:2]).astype(float)
    got = draw_logistic(X, y, weights, rng)

    assert got.separated.tolist() == [False, False, True, True, True]
    for at in (2, 3, 4):
        firth = fit_firth(X[at], y, NAMES, weights[at])
        alone = flic(X[at], y, firth, weights[at])
        # the climb ends where the log-odds move by less than 0.01
        assert got.estimate[at] == pytest.approx(alone.coef, abs=0.02)
        risk = 1 / (1 + np.exp(-X[at] @ got.estimate[at]))
        assert weights[at] @ risk == pytest.approx(weights[at] @ y, rel=1e-6)


def test_draws_have_the_covariance_of_the_estimate():
    X, y, rng = chains(2, size=1)
    size = 20_000
    got = draw_logistic(np.tile(X, (size, 1, 1)), y, np.ones((size, 60)), rng)
    alone = fit(X[0], y, NAMES)

    # Monte Carlo error of a variance from 20,000 draws: 1%
    assert np.cov(got.drawn.T) == pytest.approx(alone.covariance, rel=0.05, abs=0.003)
    assert got.drawn.mean(axis=0) == pytest.approx(alone.coef, abs=0.01)


def test_where_one_value_alone_is_seen_it_is_certain():
    X, y, rng = chains(3, size=3)
    weights = np.stack([y, 1 - y, np.ones(60)])
    got = draw_logistic(X, y, weights, rng)
    odds = got.log_odds(X[:, :4])

    assert got.always.tolist() == [1, -1, 0]
    assert np.isposinf(odds[0]).all()
    assert np.isneginf(odds[1]).all()
    assert np.isfinite(odds[2]).all()


def test_a_column_that_others_determine_is_left_out():
    X, y, rng = chains(4)
    X[1, :, 2] = X[1, :, 1]
    got = draw_logistic(X, y, np.ones(X.shape[:2]), rng)

    assert got.left_out.tolist() == [False, True, False, False, False]
    assert got.drawn[1, 2] == 0
