"""Many linear regressions at once: each is the one a textbook would fit."""

import numpy as np
import pytest

from avidity.stats.imputation.linear_draw import draw_linear


def chains(seed, size, n=40, p=3):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((size, n, p))
    X[..., 0] = 1
    y = X @ np.arange(1.0, p + 1) + rng.standard_normal((size, n))
    return X, y, rng


def test_each_chain_is_least_squares():
    X, y, rng = chains(1, 6)
    got = draw_linear(X, y, None, rng)

    for at in range(6):
        alone = np.linalg.lstsq(X[at], y[at])[0]
        assert got.estimate[at] == pytest.approx(alone, abs=2e-4)  # the ridge of 1e-5
    assert not got.left_out.any()


def test_a_row_of_weight_two_is_two_rows():
    X, y, rng = chains(2, 1)
    weights = rng.integers(0, 4, (1, 40)).astype(float)
    often = np.repeat(np.arange(40), weights[0].astype(int))

    weighted = draw_linear(X, y, weights, np.random.default_rng(5))
    repeated = draw_linear(X[:, often], y[:, often], None, np.random.default_rng(5))

    assert weighted.estimate == pytest.approx(repeated.estimate, rel=1e-10)
    assert weighted.drawn == pytest.approx(repeated.drawn, rel=1e-10)
    assert weighted.deviation == pytest.approx(repeated.deviation, rel=1e-10)


def test_draws_have_the_spread_of_the_posterior():
    X, y, rng = chains(3, 1)
    size = 20_000
    got = draw_linear(np.tile(X, (size, 1, 1)), np.tile(y, (size, 1)), None, rng)
    residual = y[0] - X[0] @ got.estimate[0]
    df = 40 - 3
    # the posterior is a t: its variance is that of the estimate times df / (df - 2)
    expected = residual @ residual / (df - 2) * np.linalg.inv(X[0].T @ X[0])

    # Monte Carlo error of a variance from 20,000 draws: 1%
    assert np.cov(got.drawn.T) == pytest.approx(expected, rel=0.05, abs=0.002)
    assert got.drawn.mean(axis=0) == pytest.approx(got.estimate[0], abs=0.006)
    assert (got.deviation**2).mean() == pytest.approx(residual @ residual / (df - 2), rel=0.02)


def test_a_column_that_others_determine_is_left_out_in_its_chain_alone():
    X, y, rng = chains(4, 3, p=4)
    X[1, :, 3] = 2 * X[1, :, 2] - 1
    X[2, :, 2] = 0
    got = draw_linear(X, y, None, rng)

    assert got.left_out.tolist() == [False, True, True]
    assert got.drawn[1, 3] == got.estimate[1, 3] == 0
    assert got.drawn[2, 2] == got.estimate[2, 2] == 0
    assert got.estimate[1, :3] == pytest.approx(np.linalg.lstsq(X[1, :, :3], y[1])[0], abs=1e-3)


def test_more_columns_than_patients_still_give_an_answer():
    X, y, rng = chains(5, 2, n=4, p=7)
    got = draw_linear(X, y, None, rng)

    assert np.isfinite(got.drawn).all()
