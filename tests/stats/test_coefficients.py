import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.coefficients import Peak, profile_coefficients, ratio_test, wald_coefficients
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
