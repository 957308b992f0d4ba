"""Sums of squares of whole numbers: the conditions, held against all data of a small world."""

from itertools import combinations_with_replacement
from math import isqrt

import pytest

from avidity.stats.forensic.square_sums import least, most, reachable, reachable_within


def every_pair(n, low, high):
    """All (sum, sum of squares) of n whole numbers from low to high, from the definition."""
    pairs = {(0, 0)}
    for _ in range(n):
        pairs = {(s + x, q + x * x) for s, q in pairs for x in range(low, high + 1)}
    return pairs


@pytest.mark.parametrize("n", range(1, 9))
def test_unbounded_sums_of_squares_are_those_of_all_data(n):
    top = 60  # largest sum of squares looked at: no value beyond its root can take part
    reach = isqrt(top)
    true = {pair for pair in every_pair(n, -reach, reach) if pair[1] <= top}

    told = {
        (s, q)
        for s in range(-n * reach, n * reach + 1)
        for q in range(top + 1)
        if reachable(n, s, q)
    }

    assert true == told


def test_from_five_values_on_parity_and_the_minimum_are_all_there_is():
    for n in (5, 6, 11, 90):
        for s in (0, 1, n // 2, n + 3, -7):
            floor = least(n, s)
            assert all(reachable(n, s, floor + 2 * k) for k in range(200))
            assert not any(reachable(n, s, floor + 2 * k + 1) for k in range(-3, 200))
            assert not reachable(n, s, floor - 2)


def test_three_and_four_values_leave_gaps():
    # n = 3: twice the norms of the hexagonal lattice; n = 4: no 4^a (8 b + 7)
    assert [0, 2, 6, 8, 14, 18] == [q for q in range(20) if reachable(3, 0, q)]
    assert not reachable(4, 0, 28)


@pytest.mark.parametrize(
    ("n", "low", "high"), [(1, 2, 5), (3, 1, 5), (4, 0, 7), (6, 1, 7), (9, 0, 1)]
)
def test_sums_of_squares_in_a_range_are_those_of_all_data(n, low, high):
    true = every_pair(n, low, high)
    squares = range(max(q for _, q in true) + 3)
    sums = range(n * low - 1, n * high + 2)

    told = {(s, q) for s in sums for q in squares if reachable_within(n, s, q, low, high)}

    assert true == told


def test_the_limits_are_reached_and_not_passed():
    for n, low, high in ((5, 1, 7), (7, -2, 3)):
        values = {}
        for data in combinations_with_replacement(range(low, high + 1), n):
            values.setdefault(sum(data), []).append(sum(x * x for x in data))
        for s, squares in values.items():
            assert (min(squares), max(squares)) == (least(n, s), most(n, s, low, high))


def test_many_patients_in_a_wide_range_are_quick_and_a_search_given_up_says_so():
    n, low, high = 2000, 18, 90
    s = 54 * n
    widest = most(n, s, low, high)

    assert reachable_within(n, s, least(n, s) + 14 * 14 * n, low, high)
    assert reachable_within(n, s, widest, low, high)
    assert not reachable_within(n, s, widest + 2, low, high)
    assert reachable_within(n, s, widest - 4, low, high, most_steps=3) is None
