"""D1, D2 and D3: hand calculation, limits, and what they have in common."""

from math import inf

import numpy as np
import pytest
from scipy.stats import chi2, f, kstest

from avidity.errors import AnalysisError
from avidity.stats.pooled_tests import moment_test, pool_chi_squares, pool_likelihood_ratios


def sets(seed, m=5, k=3):
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((k, k)) + 2 * np.eye(k)
    return rng.standard_normal((m, k)) + 1, root @ root.T


def moments(q):
    return q.mean(axis=0), np.cov(q.T)


def test_d1_by_hand():
    # Two terms, four sets: Ubar the unit matrix, so that traces and products are sums.
    q = np.array([[1.0, 2.0], [1.5, 2.5], [0.5, 2.0], [1.0, 1.5]])
    mean, between = moments(q)
    increase = 1.25 * (between[0, 0] + between[1, 1]) / 2
    statistic = (1.0 + 4.0) / (2 * (1 + increase))
    df = 4 + (6 - 4) * (1 + (1 - 2 / 6) / increase) ** 2

    got = moment_test(mean, np.eye(2), between, m=4, n=90)

    assert got.statistic == pytest.approx(statistic, rel=1e-14)
    assert got.df == pytest.approx((2, df), rel=1e-14)
    assert got.p_value == pytest.approx(f.sf(statistic, 2, df), rel=1e-12)
    assert "D1" in got.method


def test_d1_does_not_mind_other_units():
    q, within = sets(1)
    turn = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 0.5], [1.0, 0.0, 0.1]])
    other = q @ turn.T
    plain = moment_test(*_three(q, within), m=5, n=90, complete_df=80)
    turned = moment_test(*_three(other, turn @ within @ turn.T), m=5, n=90, complete_df=80)

    assert turned.statistic == pytest.approx(plain.statistic, rel=1e-10)
    assert turned.df == pytest.approx(plain.df, rel=1e-10)


def _three(q, within):
    mean, between = moments(q)
    return mean, within, between


def test_reiters_degrees_of_freedom_lie_between_their_limits():
    q, within = sets(2, m=20)
    large = moment_test(*_three(q, within), m=20, n=90)
    near = moment_test(*_three(q, within), m=20, n=90, complete_df=1e12)
    small = moment_test(*_three(q, within), m=20, n=90, complete_df=80)

    assert near.df == pytest.approx(large.df, rel=1e-6)
    assert small.df[1] < min(large.df[1], 80)
    assert "Reiter" in small.method
    # nothing missing: the complete degrees of freedom, as Barnard and Rubin have them
    whole = moment_test(q.mean(axis=0), within, np.zeros((3, 3)), m=20, n=90, complete_df=80)
    assert whole.df[1] == pytest.approx(81 / 83 * 80, rel=1e-12)


def test_few_sets_or_too_much_missing_fall_back_on_the_large_sample():
    q, within = sets(3, m=2)
    few = moment_test(*_three(q, within), m=2, n=90, complete_df=80)
    much = moment_test(*_three(*sets(4, m=20)), m=20, n=9, complete_df=5)

    assert "Reiter" not in few.method
    assert "Reiter" not in much.method


def test_sets_that_agree_give_the_chi_square():
    got = moment_test(np.array([1.0, 2.0]), np.eye(2), np.zeros((2, 2)), m=5, n=90)

    assert got.df == (2, inf)
    assert got.p_value == pytest.approx(chi2.sf(5.0, 2), rel=1e-12)


def test_terms_that_determine_each_other_are_refused():
    with pytest.raises(AnalysisError, match="determine each other"):
        moment_test(np.ones(2), np.ones((2, 2)), np.eye(2), m=5, n=90)


def test_d1_keeps_its_level_when_nothing_is_there():
    # 2,000 draws: estimates that vary between the sets by 0.4 of their variance inside
    rng = np.random.default_rng(20240501)
    p_values = []
    for _ in range(2000):
        truth = rng.standard_normal(3) * np.sqrt(1.4)
        q = truth + rng.standard_normal((10, 3)) * np.sqrt(0.4)
        p_values.append(moment_test(*_three(q, np.eye(3)), m=10, n=500).p_value)

    # Monte Carlo error of a share of 0.05 in 2,000: 0.0049
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=3 * 0.0049)
    assert kstest(p_values, "uniform").pvalue > 0.001


def test_d2_by_hand():
    d = np.array([4.0, 9.0, 6.25])
    increase = 4 / 3 * np.var([2.0, 3.0, 2.5], ddof=1)
    statistic = (d.mean() / 2 - 4 / 2 * increase) / (1 + increase)
    df = 2 ** (-3 / 3) * 2 * (1 + 1 / increase) ** 2

    got = pool_chi_squares(d, 2, 90)

    assert got.statistic == pytest.approx(statistic, rel=1e-14)
    assert got.df == pytest.approx((2, df), rel=1e-14)
    assert got.p_value == pytest.approx(f.sf(statistic, 2, df), rel=1e-12)


def test_d2_of_equal_statistics_is_that_chi_square():
    assert pool_chi_squares([7.0] * 4, 3, 90).p_value == pytest.approx(chi2.sf(7, 3), rel=1e-12)


def test_d3_is_d1_where_the_likelihood_is_quadratic():
    q, within = sets(5)
    weight = np.linalg.inv(within)
    own = np.einsum("si,ij,sj->s", q, weight, q)
    apart = q - q.mean(axis=0)
    at_mean = own - np.einsum("si,ij,sj->s", apart, weight, apart)

    d3 = pool_likelihood_ratios(own, at_mean, 3, 90)
    d1 = moment_test(*_three(q, within), m=5, n=90)

    assert d3.statistic == pytest.approx(d1.statistic, rel=1e-10)
    assert d3.df == pytest.approx(d1.df, rel=1e-10)


def test_too_little_to_pool_is_refused():
    with pytest.raises(AnalysisError, match="two sets"):
        pool_chi_squares([3.0], 1, 90)
    with pytest.raises(AnalysisError, match="two sets"):
        pool_chi_squares([3.0, -1.0], 1, 90)
    with pytest.raises(AnalysisError, match="two sets"):
        pool_likelihood_ratios([3.0], [2.0], 1, 90)
