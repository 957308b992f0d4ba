import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats import coefficients
from avidity.stats.coefficients import Peak, profile_coefficients, ratio_test, wald_coefficients
from avidity.stats.firth import fit_firth, profile_firth
from avidity.stats.newton import climb, covariance, design, log_likelihood


def peak_of(x, y):
    rows = design(np.column_stack([np.ones(len(x)), x]), y, ("one", "x"))
    top = climb(log_likelihood, rows, np.zeros(2)).top
    return Peak(log_likelihood, rows, top, "likelihood"), covariance(rows, top)


def test_wald_rows_are_estimate_and_error_and_nothing_else():
    (row,) = wald_coefficients(["x"], np.array([1.5]), np.array([[0.25]]), 40, 0.9)

    assert row.std_error == 0.5
    assert row.test.statistic == 3.0
    # R 4.2.2: 2 * pnorm(-3); qnorm(0.95)
    assert row.test.p_value == pytest.approx(0.002699796063260, rel=1e-12)
    assert row.interval.high == pytest.approx(1.5 + 0.5 * 1.644853626951472, rel=1e-14)
    assert row.interval.level == 0.9


def test_the_profile_holds_at_its_limits():
    x, y = np.array([1.0, 2, 3, 4, 5, 6, 7, 8]), np.array([0, 0, 1, 0, 1, 0, 1, 1])
    peak, spread = peak_of(x, y)
    row = profile_coefficients(peak, spread, 0.95)[1]

    for limit in (row.interval.low, row.interval.high):
        start = np.array([0.0, limit])
        held = climb(log_likelihood, peak.rows, start, [0], limit=200).top
        assert 2 * (peak.top.value - held.value) == pytest.approx(3.841458820694124, rel=1e-9)


def test_a_wider_level_gives_a_wider_profile():
    x, y = np.array([1.0, 2, 3, 4, 5, 6]), np.array([0, 1, 0, 1, 0, 1])
    peak, spread = peak_of(x, y)
    narrow, wide = (profile_coefficients(peak, spread, level)[1].interval for level in (0.5, 0.99))

    assert wide.low < narrow.low < narrow.high < wide.high


def test_testing_all_coefficients_at_once_leaves_nothing_free():
    x, y = np.array([1.0, 2, 3, 4, 5, 6]), np.array([0, 1, 0, 1, 0, 1])
    peak, _ = peak_of(x, y)
    test = ratio_test(peak, ["one", "x"])

    assert test.df == 2
    assert test.statistic == pytest.approx(2 * (peak.top.value + 6 * np.log(2)), rel=1e-10)


def test_a_likelihood_without_a_top_cannot_be_profiled():
    x, y = np.array([1.0, 2, 3, 4]), np.array([0, 0, 1, 1])
    rows = design(np.column_stack([np.ones(4), x]), y, ("one", "x"))
    nearly = climb(log_likelihood, rows, np.zeros(2), limit=5).top

    with pytest.raises(AnalysisError):
        profile_coefficients(Peak(log_likelihood, rows, nearly, "likelihood"), np.eye(2))


def small_study(seed):
    chance = np.random.default_rng(seed)
    n, p = int(chance.integers(12, 50)), int(chance.integers(1, 4))
    X = np.column_stack([np.ones(n), chance.integers(0, 4, (n, p)), chance.normal(2015, 5, n)])
    y = (chance.random(n) < 1 / (1 + np.exp(2 - X[:, 1]))).astype(float)
    y[:2] = 0, 1
    return X, y, tuple(f"x{column}" for column in range(p + 2))


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_the_swift_way_to_a_limit_ends_where_the_search_does(seed):
    X, y, names = small_study(seed)
    try:
        fitted = fit_firth(X, y, names)
    except AnalysisError:
        return  # a column that follows from others: nothing to profile
    swift = profile_firth(X, y, fitted)
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(coefficients, "_swift_limit", lambda *_: None)
        searched = profile_firth(X, y, fitted)

    for one, other in zip(swift, searched, strict=True):
        width = other.interval.high - other.interval.low
        assert one.interval.low == pytest.approx(other.interval.low, abs=1e-8 * width)
        assert one.interval.high == pytest.approx(other.interval.high, abs=1e-8 * width)


def test_a_level_place_that_is_no_top_is_not_taken_for_a_limit():
    # 12 patients, made (seed 108): beside the true limit at -5.95 all other derivatives are 0 at
    # -3.63 too, where the likelihood has a pass, not a ridge
    chance = np.random.default_rng(108)
    n, p = int(chance.integers(12, 80)), int(chance.integers(1, 5))
    made = [np.ones(n)]
    for kind in chance.integers(0, 3, p):
        draws = (
            lambda: chance.normal(2015, 5, n).round(1),
            lambda: chance.integers(0, 2, n) * 1.0,
            lambda: chance.integers(0, 4, n) * 1.0,
        )
        made.append(draws[kind]())
    X = np.column_stack(made)
    spread = X[:, 1:].std(axis=0) + 1
    line = (X[:, 1:] - X[:, 1:].mean(axis=0)) @ (chance.normal(size=p) / spread) * 1.5
    y = (chance.random(n) < 1 / (1 + np.exp(-line))) * 1.0
    names = tuple(str(column) for column in range(p + 1))
    lows = [row.interval.low for row in profile_firth(X, y, fit_firth(X, y, names))]

    assert min(abs(low + 5.953116895922856) for low in lows) < 1e-6
    assert min(abs(low + 3.6276545847740747) for low in lows) > 1e-3
