"""Standardised differences, first less second."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.effect import smd_binary, smd_from_moments, smd_levels, smd_numbers
from avidity.stats.means import Moments


def test_a_worked_example_agrees_with_tableone():
    # tableone-py's test: 103 (5.5) n 50 against 100 (4.5) n 50; there second less first,
    # −0.5970 with standard error 0.2044, Hedges −0.5924 (0.2028); four decimals
    first, second = Moments(50, 103, 5.5), Moments(50, 100, 4.5)
    plain = smd_from_moments(first, second)
    corrected = smd_from_moments(first, second, hedges=True)

    for got, estimate, error in ((plain, 0.5970, 0.2044), (corrected, 0.5924, 0.2028)):
        assert got.estimate == pytest.approx(estimate, abs=5e-5)
        width = got.interval.high - got.interval.low
        assert width / (2 * 1.959963984540054) == pytest.approx(error, abs=5e-5)
    assert "Hedges" in corrected.method


def test_birthwt_agrees_with_r(columns):
    # R package tableone / stddiff, by low; twelve digits. There low = 1 less low = 0 for lwt
    data = columns("birthwt.csv")
    low = data["low"] == 1
    lwt = smd_numbers(data["lwt"][low], data["lwt"][~low])
    smoke = smd_binary(int(data["smoke"][low].sum()), 59, int(data["smoke"][~low].sum()), 130)
    race = smd_levels(
        *(
            [int((data["race"][group] == level).sum()) for level in (1, 2, 3)]
            for group in (low, ~low)
        )
    )

    assert lwt.estimate == pytest.approx(-0.381612937395, rel=1e-11)
    assert smoke.estimate == pytest.approx(0.349288543356, rel=1e-11)
    assert race.estimate == pytest.approx(0.355588508569, rel=1e-11)


COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=5).filter(any)


@given(first=COUNTS, data=st.data())
@settings(max_examples=50, deadline=None)
def test_levels_have_no_sign_no_order_and_two_of_them_are_a_binary(first, data):
    size = len(first)
    second = data.draw(st.lists(st.integers(0, 30), min_size=size, max_size=size).filter(any))
    order = data.draw(st.permutations(range(size)))
    got = smd_levels(first, second).estimate

    assert got >= 0
    assert smd_levels(second, first).estimate == pytest.approx(got, rel=1e-9)
    shuffled = smd_levels([first[i] for i in order], [second[i] for i in order]).estimate
    assert shuffled == pytest.approx(got, rel=1e-7, abs=1e-9)
    if size == 2:
        binary = smd_binary(first[0], sum(first), second[0], sum(second)).estimate
        assert abs(binary) == pytest.approx(got, rel=1e-9)


GROUP = st.lists(st.integers(-20, 20), min_size=2, max_size=20)


@given(x=GROUP, y=GROUP)
@settings(max_examples=40, deadline=None)
def test_exchanging_the_groups_turns_the_sign(x, y):
    one, other = smd_numbers(x, y), smd_numbers(y, x)

    assert one.estimate == -other.estimate
    if one.interval:
        assert one.interval.low == pytest.approx(-other.interval.high)
        assert one.interval.low <= one.estimate <= one.interval.high


def test_groups_that_never_vary_are_equal_or_infinitely_apart():
    assert smd_numbers([3, 3], [3, 3, 3]).estimate == 0
    apart = smd_numbers([4, 4], [3, 3, 3])
    assert (apart.estimate, apart.interval) == (math.inf, None)
    assert smd_binary(0, 5, 9, 9).estimate == -math.inf
    assert smd_levels([5, 0, 0], [0, 3, 0]).estimate == math.inf
    assert smd_levels([5, 0], [3, 0]).estimate == 0


def test_the_interval_over_levels_does_not_go_below_zero():
    assert smd_levels([5, 5, 5], [5, 5, 6]).interval.low == 0


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(AnalysisError, match="two patients"):
        smd_numbers([1], [1, 2])
    with pytest.raises(AnalysisError, match="between 0"):
        smd_binary(5, 4, 1, 2)
    with pytest.raises(AnalysisError, match="same levels"):
        smd_levels([1, 2], [1, 2, 3])
    with pytest.raises(AnalysisError, match="a group is empty"):
        smd_levels([0, 0], [1, 2])
    with pytest.raises(AnalysisError, match="whole numbers"):
        smd_levels([np.nan, 0], [1, 2])
