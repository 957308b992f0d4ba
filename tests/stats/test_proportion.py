"""Shares and their intervals.

R 4.2.2: prop.test(k, n, correct = FALSE / TRUE)$conf.int and binom.test(k, n)$conf.int;
twelve digits were kept, so the tolerance is 1e-11 relative.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.proportion import clopper_pearson, wilson, wilson_continuity

ALL = (wilson, wilson_continuity, clopper_pearson)


@pytest.mark.parametrize(
    ("method", "k", "n", "low", "high"),
    [
        (wilson, 81, 263, 0.255288519878, 0.366209576983),
        (wilson, 15, 148, 0.0623863995307, 0.160487241723),
        (wilson, 0, 20, 0, 0.161125158053),
        (wilson, 1, 29, 0.00611321429276, 0.171755218793),
        (wilson_continuity, 81, 263, 0.253508682295, 0.368176201043),
        (wilson_continuity, 15, 148, 0.0597782084285, 0.164449779365),
        (wilson_continuity, 0, 20, 0, 0.200453345013),
        (wilson_continuity, 1, 29, 0.00180264021328, 0.19628175101),
        (clopper_pearson, 81, 263, 0.252736745585, 0.367621922601),
        (clopper_pearson, 15, 148, 0.0578440100834, 0.161650490349),
        (clopper_pearson, 0, 20, 0, 0.168433470983),
        (clopper_pearson, 1, 29, 0.00087264688358, 0.177644295489),
        # statsmodels' own test of proportion_confint, method "wilson"
        (wilson, 19, 38, 0.348499283643951, 0.651500716356049),
    ],
)
def test_shares_agree_with_r(method, k, n, low, high):
    got = method(k, n)

    assert got.estimate == k / n
    assert got.n == n
    assert (got.interval.low, got.interval.high) == pytest.approx((low, high), rel=1e-11)


@pytest.mark.parametrize("method", ALL)
def test_none_and_all_end_exactly_at_the_edge(method):
    assert method(0, 77).interval.low == 0.0
    assert method(38, 38).interval.high == 1.0
    assert method(1, 1).interval.high == 1.0


@pytest.mark.parametrize("method", ALL)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_exchanging_yes_and_no_mirrors_the_interval(method, data):
    n = data.draw(st.integers(1, 400))
    k = data.draw(st.integers(0, n))
    one, other = method(k, n).interval, method(n - k, n).interval

    assert 0 <= one.low <= k / n <= one.high <= 1
    assert np.isclose(one.low, 1 - other.high, rtol=0, atol=1e-12)
    assert np.isclose(one.high, 1 - other.low, rtol=0, atol=1e-12)


def test_a_higher_level_is_wider():
    narrow, wide = wilson(7, 34, 0.9).interval, wilson(7, 34, 0.99).interval

    assert wide.low < narrow.low < narrow.high < wide.high
    assert (narrow.level, wide.level) == (0.9, 0.99)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize(("k", "n"), [(0, 0), (5, 4), (-1, 3)])
def test_impossible_counts_are_refused(method, k, n):
    with pytest.raises(AnalysisError):
        method(k, n)
