import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.newton import climb, covariance, design, locked, log_likelihood


def small():
    X = np.column_stack([np.ones(6), [1.0, 2, 3, 4, 5, 6]])
    return X, np.array([0, 1, 0, 1, 0, 1])


def test_the_derivatives_are_those_of_the_log_likelihood():
    X, y = small()
    rows = design(X, y, ("one", "x"), [1, 2, 1, 3, 1, 1])
    coef, small_step = np.array([0.3, -0.2]), 1e-6
    point = log_likelihood(rows, coef)

    for column in range(2):
        ahead, behind = coef.copy(), coef.copy()
        ahead[column] += small_step
        behind[column] -= small_step
        slope = log_likelihood(rows, ahead).value - log_likelihood(rows, behind).value
        assert slope / (2 * small_step) == pytest.approx(X[:, column] @ point.residual, rel=1e-7)


def test_the_covariance_is_the_inverse_information():
    X, y = small()
    rows = design(X, y, ("one", "x"))
    point = log_likelihood(rows, np.array([0.3, -0.2]))
    information = (X.T * point.spread) @ X

    assert np.allclose(np.linalg.inv(information), covariance(rows, point), rtol=1e-12)


def test_coefficients_that_are_not_free_stay_where_they_are():
    rows = design(*small(), ("one", "x"))
    ended = climb(log_likelihood, rows, np.array([0.0, 0.25]), [0])

    assert ended.converged
    assert ended.top.coef[1] == 0.25
    assert abs(ended.top.residual.sum()) < 1e-12


def test_nothing_free_is_already_the_top():
    rows = design(*small(), ("one", "x"))
    ended = climb(log_likelihood, rows, np.array([0.1, 0.2]), [])

    assert ended.converged
    assert ended.iterations == 0


def test_a_far_start_is_brought_back_by_halving_steps():
    rows = design(*small(), ("one", "x"))
    near = climb(log_likelihood, rows, np.zeros(2))
    far = climb(log_likelihood, rows, np.array([-12.0, 3.0]), limit=200)

    assert far.converged
    assert np.allclose(near.top.coef, far.top.coef, atol=1e-9)


def test_separated_data_never_arrive():
    X, _ = small()
    rows = design(X, [0, 0, 0, 1, 1, 1], ("one", "x"))

    assert not climb(log_likelihood, rows, np.zeros(2)).converged
    assert not climb(log_likelihood, rows, np.zeros(2), limit=2000).converged


def test_a_column_far_from_zero_with_little_spread_is_fitted_as_well_as_any():
    rng = np.random.default_rng(3)
    x = rng.normal(size=120)
    y = rng.random(120) < 1 / (1 + np.exp(-x))
    plain = design(np.column_stack([np.ones(120), x]), y, ("one", "x"))
    year = design(np.column_stack([np.ones(120), 1e5 + x]), y, ("one", "year"))
    first = climb(log_likelihood, plain, np.zeros(2)).top
    second = climb(log_likelihood, year, np.zeros(2)).top

    assert first.coef[1] == pytest.approx(second.coef[1], rel=1e-10)
    assert covariance(plain, first)[1, 1] == pytest.approx(covariance(year, second)[1, 1], rel=1e-9)


def test_rows_of_weight_0_are_left_out():
    X, y = small()
    rows = design(X, y, ("one", "x"), [2, 1, 0, 0, 1, 1])

    assert (4, 2) == rows.X.shape
    assert (5, 2) == (rows.n, rows.n_events)


def test_wrong_input_is_refused_with_a_reason():
    X, y = small()
    with pytest.raises(ValueError, match="shapes"):
        design(X, y[:4], ("one", "x"))
    with pytest.raises(ValueError, match="different names"):
        design(X, y, ("x", "x"))
    with pytest.raises(ValueError, match="finite"):
        design(np.where(X == 3, np.nan, X), y, ("one", "x"))
    with pytest.raises(ValueError, match="0 and 1"):
        design(X, y + 1, ("one", "x"))
    with pytest.raises(ValueError, match="whole numbers"):
        design(X, y, ("one", "x"), [0.5] * 6)
    with pytest.raises(ValueError, match="whole numbers"):
        design(X, y, ("one", "x"), [-1, 1, 1, 1, 1, 1])
    with pytest.raises(ValueError, match="intercept"):
        design(X[:, ::-1], y, ("x", "one"))


def test_one_outcome_alone_is_refused():
    X, y = small()
    with pytest.raises(AnalysisError, match="0 of 6 have it"):
        design(X, np.zeros(6), ("one", "x"))
    with pytest.raises(AnalysisError, match="3 of 3 have it"):
        design(X, y, ("one", "x"), y)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        (np.full(6, 7.0), "constant"),
        (np.zeros(6), "empty"),
        (10 - 3.7 * np.arange(1.0, 7), "the same turned round"),
    ],
)
def test_a_column_that_follows_from_others_is_named(column, name):
    X, y = small()
    with pytest.raises(AnalysisError, match=f"^{name}:"):
        design(np.column_stack([X, column]), y, ("one", "x", name))


def test_more_columns_than_patients_are_refused():
    X = np.column_stack([np.ones(3), np.eye(3)])
    with pytest.raises(AnalysisError, match="leave out"):
        design(X, [0, 1, 0], ("one", "a", "b", "c"))


def test_results_are_closed_for_writing():
    with pytest.raises(ValueError, match="read-only"):
        locked([1.0, 2.0])[0] = 3
