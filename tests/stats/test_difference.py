"""Differences of two shares, first less second."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats import difference
from avidity.stats.difference import agresti_caffo, miettinen_nurminen, newcombe, wald

ALL = (newcombe, miettinen_nurminen, agresti_caffo, wald)


@pytest.mark.parametrize(
    ("counts", "low", "high", "rel"),
    [
        # R 4.2.2, DescTools::BinomDiffCI(method = "score"): examples of Newcombe 1998
        ((56, 70, 48, 80), 0.0524314724024, 0.333872654037, 1e-11),
        ((9, 10, 3, 10), 0.170522723935, 0.809017973535, 1e-11),
        ((6, 7, 2, 7), 0.0582279274823, 0.806249637524, 1e-11),
        ((5, 56, 0, 29), -0.0381371479, 0.1925600139, 1e-9),
        ((0, 10, 0, 20), -0.161125158, 0.277532800, 1e-9),
        ((10, 10, 0, 10), 0.607509350, 1.0, 1e-9),
        # statsmodels' tests print two digits
        ((7, 34, 1, 34), 0.019, 0.34, 5e-3),
    ],
)
def test_newcombe_agrees_with_r(counts, low, high, rel):
    got = newcombe(*counts).interval

    assert (got.low, got.high) == pytest.approx((low, high), rel=rel)


@pytest.mark.parametrize(
    ("counts", "low", "high", "rel"),
    [
        # R's search for the limits stops at about 4e-7, so no more can be asked
        ((56, 70, 48, 80), 0.0528296947, 0.3381730080, 1e-6),
        # R PropCIs::diffscoreci(7, 34, 1, 34, 0.95), seven digits
        ((7, 34, 1, 34), 0.0270416, 0.3452912, 2e-6),
    ],
)
def test_miettinen_nurminen_agrees_with_r(counts, low, high, rel):
    got = miettinen_nurminen(*counts).interval

    assert (got.low, got.high) == pytest.approx((low, high), rel=rel)


def test_wald_and_agresti_caffo_agree_with_r():
    # R PropCIs::wald2ci(7, 34, 1, 34, 0.95, adjust = "AC" and "Wald"), eight digits
    adjusted, plain = agresti_caffo(7, 34, 1, 34).interval, wald(7, 34, 1, 34).interval

    assert (adjusted.low, adjusted.high) == pytest.approx((0.01161167, 0.32172166), abs=1e-8)
    assert (plain.low, plain.high) == pytest.approx((0.02916942, 0.32377176), abs=1e-8)


COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("method", ALL)
@given(first=COUNTS, second=COUNTS)
@settings(max_examples=40, deadline=None)
def test_exchanging_the_groups_turns_the_sign(method, first, second):
    one, other = method(*first, *second), method(*second, *first)

    assert one.estimate == -other.estimate
    assert -1 <= one.interval.low <= one.interval.high <= 1
    assert np.isclose(one.interval.low, -other.interval.high, rtol=0, atol=1e-9)
    assert one.n == first[1] + second[1]


@given(first=COUNTS, second=COUNTS, gap=st.floats(-0.99, 0.99))
@settings(max_examples=60, deadline=None)
def test_the_share_under_a_difference_is_the_most_likely_one(first, second, gap):
    (k1, n1), (k2, n2) = first, second
    p2 = np.linspace(max(0.0, -gap), min(1.0, 1 - gap), 4001)

    def log_likelihood(p2):
        with np.errstate(divide="ignore", invalid="ignore"):
            p1 = np.clip(p2 + gap, 0, 1)
            parts = ((k1, p1), (n1 - k1, 1 - p1), (k2, p2), (n2 - k2, 1 - p2))
            return sum(k * np.log(p) if k else 0 * p for k, p in parts)

    found = difference._second_share_under(gap, k1, n1, k2, n2)

    # The closed form loses half the digits near 0 and 1: 1e-8 of a share, times up to 120 patients.
    assert log_likelihood(found) >= log_likelihood(p2).max() - 1e-5


def test_nobody_in_either_group_still_has_an_interval_around_zero():
    interval = miettinen_nurminen(0, 10, 0, 20).interval

    assert interval.low < 0 < interval.high


@pytest.mark.parametrize("method", ALL)
def test_an_empty_group_is_refused(method):
    with pytest.raises(AnalysisError, match="at least one patient"):
        method(3, 10, 0, 0)
