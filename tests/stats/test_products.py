import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats import products
from avidity.stats.logistic import fit
from avidity.stats.products import (
    BLOCK,
    TALL,
    line,
    multiplied,
    slopes,
    triangle,
    weighted_products,
)


@pytest.mark.parametrize("n", [1, BLOCK, BLOCK + 1, 3 * BLOCK - 1])
def test_products_by_blocks_are_the_products(n):
    chance = np.random.default_rng(n)
    X, weights, matrix = chance.normal(size=(n, 3)), chance.random(n), chance.normal(size=(3, 2))

    assert np.allclose((X.T * weights) @ X, weighted_products(X, weights), rtol=1e-12, atol=1e-9)
    assert np.allclose(X @ matrix, multiplied(X, matrix))
    assert np.allclose(X @ matrix[:, 0], line(X, matrix[:, 0]))
    assert np.allclose(X.T @ weights, slopes(X, weights))


def tall(year=False):
    chance = np.random.default_rng(1)
    second = chance.normal(2015, 5, TALL).round() if year else chance.normal(size=TALL)
    return np.column_stack([np.ones(TALL), second, chance.normal(size=TALL)])


def test_the_triangle_is_that_of_qr():
    X = tall(year=True)
    expected = np.linalg.qr(X, mode="r")

    assert np.allclose(np.abs(expected), np.abs(triangle(X)), rtol=1e-8)


@pytest.mark.parametrize("spoil", ["short", "zero", "same", "nearly"])
def test_without_plainly_full_rank_the_long_way_is_taken(spoil):
    X = tall()
    if spoil == "short":
        X = X[:-1]
    else:
        X[:, 2] = {"zero": 0 * X[:, 1], "same": X[:, 1], "nearly": X[:, 1] + 1e-5 * X[:, 2]}[spoil]

    assert triangle(X) is None


def test_a_tall_design_is_fitted_as_a_short_one(monkeypatch):
    X = tall(year=True)
    chance = np.random.default_rng(2)
    y = (chance.random(TALL) < 1 / (1 + np.exp(-0.1 * (X[:, 1] - 2015) - X[:, 2]))).astype(float)
    fast = fit(X, y, ("one", "year", "x"))
    monkeypatch.setattr(products, "TALL", 10**9)
    slow = fit(X, y, ("one", "year", "x"))

    assert np.allclose(slow.coef, fast.coef, rtol=1e-9)
    assert np.allclose(slow.covariance, fast.covariance, rtol=1e-9)
    assert slow.log_likelihood == pytest.approx(fast.log_likelihood, rel=1e-13)
    assert slow.iterations == fast.iterations


def test_a_dependent_column_of_a_tall_design_is_named():
    X = tall()
    X[:, 2] = 3 - 2 * X[:, 1]
    y = np.arange(TALL) % 2

    with pytest.raises(AnalysisError, match="twice: constant, or determined"):
        fit(X, y, ("one", "x", "twice"))
