"""Tests on ranks: Mann–Whitney with ties, the shift, Kruskal–Wallis."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.rank_distribution import doubled_counts
from avidity.stats.ranks import hodges_lehmann, kruskal_wallis, mann_whitney

TIED_X, TIED_Y = [1, 2, 2, 3, 4, 4, 5], [2, 3, 3, 5, 6, 6, 7, 7]


def wins(x, y):
    """Twice the pairs x wins, a tie being half: whole numbers."""
    return sum(2 * (a > b) + (a == b) for a in x for b in y)


def by_every_deal(x, y):
    """Two-sided, mid-p and greater, from every way to deal the values to the two groups."""
    values = [*x, *y]
    dealt = []
    for chosen in itertools.combinations(range(len(values)), len(x)):
        rest = set(range(len(values))) - set(chosen)
        dealt.append(wins([values[i] for i in chosen], [values[i] for i in rest]))
    middle, seen = len(x) * len(y), wins(x, y)
    away = [abs(w - middle) for w in dealt]
    farther = sum(gap > abs(seen - middle) for gap in away)
    as_far = sum(gap == abs(seen - middle) for gap in away)
    greater = sum(w >= seen for w in dealt)
    n = len(dealt)
    return (farther + as_far) / n, (farther + as_far / 2) / n, greater / n


SMALL = st.lists(st.integers(0, 5), min_size=1, max_size=5)


@given(x=SMALL, y=SMALL)
@settings(max_examples=60, deadline=None)
def test_the_exact_p_counts_every_deal(x, y):
    two, mid, greater = by_every_deal(x, y)
    exact = mann_whitney(x, y)
    mid = mid if len({*x, *y}) > 1 else 1.0

    assert exact.p_value == pytest.approx(two, rel=1e-12)
    assert exact.p_greater == pytest.approx(greater, rel=1e-12)
    assert mann_whitney(x, y, "exact mid-p").p_value == pytest.approx(mid, rel=1e-12)


def test_without_ties_the_exact_p_agrees_with_r():
    # R 4.2.2: wilcox.test(x, y), two-sided and alternative = "greater"
    x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.90, 0.74, 1.21]
    got = mann_whitney(x, y)

    assert got.statistic == 35
    assert got.p_greater == pytest.approx(0.127206127206, rel=1e-11)
    assert got.p_value == pytest.approx(0.254412254412, rel=1e-11)


def test_with_ties_every_variant_agrees_with_r():
    # R 4.2.2: wilcox.test(correct = TRUE / FALSE); coin 1.4-2 wilcox_test exact, midpvalue
    exact = mann_whitney(TIED_X, TIED_Y)

    assert exact.statistic == 12.5
    assert exact.z == pytest.approx(-1.81330997507, rel=1e-11)
    assert exact.p_value == pytest.approx(0.0763014763015, rel=1e-11)
    mid = mann_whitney(TIED_X, TIED_Y, "exact mid-p")
    assert mid.p_value == pytest.approx(0.0716394716395, rel=1e-11)
    corrected = mann_whitney(TIED_X, TIED_Y, "asymptotic")
    assert corrected.p_value == pytest.approx(0.0792907679488, rel=1e-11)
    plain = mann_whitney(TIED_X, TIED_Y, "asymptotic", continuity=False)
    assert plain.p_value == pytest.approx(0.0697840256512, rel=1e-11)
    assert len({one.method for one in (exact, mid, corrected, plain)}) == 4


@pytest.mark.parametrize(
    ("column", "w", "z", "corrected", "plain"),
    [
        ("age", 4238, 1.1587455626, 0.247146581731, 0.246559912871),
        ("lwt", 4702.5, None, 0.0127822422209, 0.012730698045),
    ],
)
def test_birthwt_agrees_with_r(columns, column, w, z, corrected, plain):
    # R 4.2.2: wilcox.test(age ~ low), (lwt ~ low), correct = TRUE / FALSE; Z from coin
    data = columns("birthwt.csv")
    x, y = (data[column][data["low"] == group] for group in (0, 1))
    got = mann_whitney(x, y, "asymptotic")

    assert got.statistic == w
    assert got.p_value == pytest.approx(corrected, rel=1e-10)
    assert mann_whitney(x, y, "asymptotic", continuity=False).p_value == pytest.approx(
        plain, rel=1e-10
    )
    if z is not None:
        assert got.z == pytest.approx(z, rel=1e-10)
    assert mann_whitney(x, y).p_value == pytest.approx(plain, rel=0.03)  # 59 and 130, with ties


GROUP = st.lists(st.integers(-9, 9), min_size=1, max_size=12)


@pytest.mark.parametrize("method", ["exact", "exact mid-p", "asymptotic"])
@given(x=GROUP, y=GROUP)
@settings(max_examples=40, deadline=None)
def test_swapping_turns_the_sign_and_any_rising_change_changes_nothing(method, x, y):
    one, other = mann_whitney(x, y, method), mann_whitney(y, x, method)
    bent = mann_whitney(np.exp(x), np.exp(y), method)

    assert other.z == pytest.approx(-one.z)
    assert other.statistic == len(x) * len(y) - one.statistic
    assert other.p_value == pytest.approx(one.p_value, rel=1e-12)
    assert other.p_less == pytest.approx(one.p_greater, rel=1e-12)
    assert other.superiority == pytest.approx(1 - one.superiority)
    assert bent.p_value == pytest.approx(one.p_value, rel=1e-12)
    assert 0 < one.p_value <= 1


@pytest.mark.parametrize("method", ["exact", "exact mid-p", "asymptotic"])
def test_all_values_equal_give_p_1_and_say_so(method):
    got = mann_whitney([3, 3, 3], [3, 3], method)

    assert (got.p_value, got.z) == (1.0, 0.0)
    assert "all values are equal" in got.method


def test_hundreds_of_patients_have_an_exact_p_close_to_the_normal_one():
    generator = np.random.default_rng(6)
    x, y = generator.integers(0, 30, 100), generator.integers(2, 33, 200)
    exact = mann_whitney(x, y).p_value
    rough = mann_whitney(x, y, "asymptotic", continuity=False).p_value

    assert exact == pytest.approx(rough, rel=0.05)


def test_thousands_are_refused_by_the_exact_way_and_pointed_to_the_other():
    x, y = np.arange(3000), np.arange(3000) + 0.5

    with pytest.raises(AnalysisError, match="ask for the asymptotic"):
        mann_whitney(x, y)
    assert mann_whitney(x, y, "asymptotic").p_value > 0.9


def test_the_distribution_adds_up_and_has_the_known_mean_and_variance():
    ties = np.array([2, 3, 1, 4, 2])
    chance = doubled_counts(ties, 5)
    w = np.arange(chance.size) / 2
    mean = chance @ w
    tied = 1 - (ties**3 - ties).sum() / (12**3 - 12)

    assert chance.sum() == pytest.approx(1, rel=1e-14)
    assert mean == pytest.approx(5 * 7 / 2, rel=1e-13)
    assert chance @ (w - mean) ** 2 == pytest.approx(5 * 7 * 13 / 12 * tied, rel=1e-12)


def test_the_shift_and_its_interval_agree_with_r():
    # R 4.2.2: wilcox.test(x, y, conf.int = TRUE): difference in location 0.305,
    # interval -0.15 to 0.76 (Hollander & Wolfe 1973, table 4.1)
    x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.90, 0.74, 1.21]
    got = hodges_lehmann(x, y)

    assert got.estimate == pytest.approx(0.305)
    assert (got.interval.low, got.interval.high) == pytest.approx((-0.15, 0.76))


DISTINCT = st.lists(st.integers(-999, 999), min_size=8, max_size=24, unique=True)


@given(values=DISTINCT, cut=st.integers(3, 5))
@settings(max_examples=40, deadline=None)
def test_without_ties_p_below_5_percent_exactly_when_0_is_outside(values, cut):
    x, y = np.array(values[:cut]), np.array(values[cut:])
    shift, test = hodges_lehmann(x, y), mann_whitney(x, y)

    assert (test.p_value <= 0.05) == (0 not in shift.interval)
    assert hodges_lehmann(y, x).estimate == -shift.estimate


def test_a_shift_of_a_few_patients_has_no_bounds_and_of_many_a_normal_interval():
    few = hodges_lehmann([1, 2], [3, 4]).interval
    many = hodges_lehmann(np.arange(150), np.arange(150) + 40.5)

    assert (few.low, few.high) == (-math.inf, math.inf)
    assert many.estimate == -40.5
    assert many.interval.method == "normal"
    assert many.interval.low < -40.5 < many.interval.high < 0


# R's airquality: Ozone of May to September, missing days left out
OZONE = [
    [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45,
     115, 37],
    [29, 71, 39, 23, 21, 37, 20, 12, 13],
    [135, 49, 32, 64, 40, 77, 97, 97, 85, 10, 27, 7, 48, 35, 61, 79, 63, 16, 80, 108, 20, 52, 82,
     50, 64, 59],
    [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76,
     118, 84, 85],
    [96, 78, 73, 91, 47, 32, 20, 23, 21, 24, 44, 21, 28, 9, 13, 46, 18, 13, 24, 16, 13, 23, 36, 7,
     14, 30, 14, 18, 20],
]  # fmt: skip


def test_kruskal_wallis_agrees_with_r():
    # R 4.2.2: kruskal.test(Ozone ~ Month, airquality)
    got = kruskal_wallis(OZONE)

    assert got.statistic == pytest.approx(29.2665763061, rel=1e-11)
    assert got.p_value == pytest.approx(6.90071411855e-06, rel=1e-10)
    assert (got.df, got.n) == (4, 116)


@given(x=GROUP, y=GROUP)
@settings(max_examples=40, deadline=None)
def test_of_two_groups_kruskal_wallis_is_mann_whitney_without_correction(x, y):
    two = mann_whitney(x, y, "asymptotic", continuity=False)

    assert kruskal_wallis([x, y]).statistic == pytest.approx(two.z**2, rel=1e-9, abs=1e-12)
    assert kruskal_wallis([x, y]).p_value == pytest.approx(two.p_value, rel=1e-9)


def test_kruskal_wallis_of_equal_values_is_p_1():
    assert kruskal_wallis([[1, 1], [1], [1, 1]]).p_value == 1.0


def test_groups_that_cannot_be_compared_are_refused():
    with pytest.raises(AnalysisError, match="first group is empty"):
        mann_whitney([], [1])
    with pytest.raises(AnalysisError, match="method is exact"):
        mann_whitney([1], [2], "normal")
    with pytest.raises(AnalysisError, match="at least two groups"):
        kruskal_wallis([[1, 2]])
    with pytest.raises(AnalysisError, match="group 2 is empty"):
        kruskal_wallis([[1, 2], []])
