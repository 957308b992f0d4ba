"""Ratios of odds and of shares, first over second."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.ratio import odds_ratio_score, odds_ratio_woolf, risk_ratio_score

ALL = (odds_ratio_score, odds_ratio_woolf, risk_ratio_score)


def test_score_intervals_agree_with_r_and_statsmodels():
    # R PropCIs: orscoreci(7, 34, 1, 34, 0.95), iterative and good to 5e-4;
    # riskscoreci(7, 34, 1, 34, 0.95), eight digits
    odds, risk = odds_ratio_score(7, 34, 1, 34), risk_ratio_score(7, 34, 1, 34)

    assert (odds.interval.low, odds.interval.high) == pytest.approx((1.246309, 56.486130), rel=5e-4)
    assert (risk.interval.low, risk.interval.high) == pytest.approx((1.220853, 42.575718), rel=5e-7)
    # statsmodels 0.14, confint_proportions_2indep(7, 34, 1, 34, method="score",
    # compare="odds-ratio", correction=True)
    assert odds.interval.low == pytest.approx(1.2466223602451691, rel=1e-10)
    assert odds.interval.high == pytest.approx(56.46157554538696, rel=1e-10)


def test_woolf_is_the_wald_interval_of_logistic_regression():
    # the seed paper's age ≥ 54: R glm(rair ~ old, binomial), exp(confint.default())
    got = odds_ratio_woolf(19, 32, 16, 58)
    half = 1.959963984540054 * math.sqrt(1 / 19 + 1 / 13 + 1 / 16 + 1 / 42)

    assert got.estimate == pytest.approx(19 * 42 / (13 * 16))
    assert math.log(got.interval.high / got.estimate) == pytest.approx(half, rel=1e-12)


COUNTS = st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))


@pytest.mark.parametrize("method", ALL)
@given(first=COUNTS, second=COUNTS)
@settings(max_examples=40, deadline=None)
def test_exchanging_the_groups_turns_the_ratio_upside_down(method, first, second):
    one, other = method(*first, *second), method(*second, *first)

    assert one.estimate * other.estimate == pytest.approx(1)
    assert one.interval.low < one.estimate < one.interval.high
    assert one.interval.low * other.interval.high == pytest.approx(1, rel=1e-9)


def test_an_empty_cell_leaves_one_side_open_instead_of_failing():
    got = odds_ratio_score(3, 32, 0, 58)

    assert got.estimate == math.inf
    assert got.interval.high == math.inf
    assert 0 < got.interval.low < math.inf
    assert odds_ratio_score(0, 32, 3, 58).interval.low == 0
    assert risk_ratio_score(0, 32, 3, 58).interval.low == 0
    assert odds_ratio_woolf(3, 32, 0, 58).interval is None


def test_nobody_at_all_says_nothing_about_the_ratio():
    got = odds_ratio_score(0, 10, 0, 20)

    assert math.isnan(got.estimate)
    assert (got.interval.low, got.interval.high) == (0, math.inf)


@pytest.mark.parametrize("method", ALL)
def test_an_empty_group_is_refused(method):
    with pytest.raises(AnalysisError):
        method(0, 0, 3, 5)


def test_everybody_in_both_groups_still_leaves_the_ratio_open_both_ways():
    got, turned = risk_ratio_score(3, 3, 4, 4), risk_ratio_score(4, 4, 3, 3)

    assert got.interval.low < 1 < got.interval.high
    assert got.interval.low == pytest.approx(1 / turned.interval.high, rel=1e-9)
    assert got.interval.high == pytest.approx(1 / turned.interval.low, rel=1e-9)
