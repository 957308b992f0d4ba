"""t tests, from patients and from printed moments."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.means import (
    Moments,
    pooled_t,
    pooled_t_from_moments,
    welch_t,
    welch_t_from_moments,
)

# Bel Lakhdar et al. 2024, Table 1: refractory (32), not refractory (58)
AGE = Moments(32, 53.06, 14.128), Moments(58, 44.43, 13.088)
DIAMETER = Moments(32, 40.688, 22.4979), Moments(58, 19.914, 13.1913)


def test_birthwt_weight_agrees_with_r(columns):
    # R 4.2.2: t.test(lwt ~ low), and with var.equal = TRUE; twelve digits
    data = columns("birthwt.csv")
    x, y = (data["lwt"][data["low"] == group] for group in (0, 1))
    welch, pooled = welch_t(x, y), pooled_t(x, y)

    assert welch.statistic == pytest.approx(2.51553416666, rel=1e-11)
    assert welch.df == pytest.approx(132.459958166, rel=1e-11)
    assert welch.p_value == pytest.approx(0.0130803341792, rel=1e-11)
    assert pooled.statistic == pytest.approx(2.35372284539, rel=1e-11)
    assert pooled.p_value == pytest.approx(0.0196245182153, rel=1e-11)
    assert pooled.test.n == 189


def test_the_papers_age_is_the_pooled_test_not_welch():
    # R 4.2.2 from the printed moments; printed p is 0.005
    pooled, welch = pooled_t_from_moments(*AGE), welch_t_from_moments(*AGE)

    assert pooled.statistic == pytest.approx(2.91084792505, rel=1e-11)
    assert (pooled.df, pooled.p_value) == (88, pytest.approx(0.00456527905, rel=1e-9))
    assert welch.statistic == pytest.approx(2.84663696686, rel=1e-11)
    assert welch.df == pytest.approx(59.9914011975, rel=1e-11)
    assert welch.p_value == pytest.approx(0.00603968925, rel=1e-9)
    assert f"{pooled.p_value:.3f}" == "0.005"
    assert f"{welch.p_value:.3f}" != "0.005"


def test_the_papers_diameter():
    pooled, welch = pooled_t_from_moments(*DIAMETER), welch_t_from_moments(*DIAMETER)

    assert pooled.statistic == pytest.approx(5.53005411237, rel=1e-11)
    assert pooled.p_value == pytest.approx(3.238e-07, rel=3e-4)
    assert welch.statistic == pytest.approx(4.78893252292, rel=1e-11)
    assert welch.df == pytest.approx(43.03, abs=5e-3)
    assert welch.p_value == pytest.approx(2.012e-05, rel=3e-4)


@pytest.mark.parametrize(
    ("n", "total", "squares", "mean", "sd"),
    [
        (32, 1698, 96_288, 53.06, 14.128),
        (58, 2577, 124_263, 44.43, 13.088),
        (32, 1302, 68_666, 40.688, 22.4979),
        (58, 1155, 32_919, 19.914, 13.1913),
    ],
)
def test_the_papers_sums_give_its_printed_moments(n, total, squares, mean, sd):
    got = Moments.from_sums(n, total, squares)
    places = [len(str(value).split(".")[1]) for value in (mean, sd)]

    assert round(got.mean, places[0]) == mean
    assert round(got.sd, places[1]) == sd


GROUP = st.lists(st.integers(-50, 50), min_size=2, max_size=30).map(
    lambda values: np.array(values, dtype=float)
)


@pytest.mark.parametrize("test", [pooled_t, welch_t])
@given(x=GROUP, y=GROUP)
@settings(max_examples=50, deadline=None)
def test_p_below_5_percent_exactly_when_0_is_outside_and_swapping_turns_the_sign(test, x, y):
    one, other = test(x, y), test(y, x)

    assert other.statistic == -one.statistic
    assert other.difference.estimate == -one.difference.estimate
    assert other.p_value == pytest.approx(one.p_value, rel=1e-12)
    if abs(one.p_value - 0.05) > 1e-9:
        assert (one.p_value < 0.05) == (0 not in one.difference.interval)


@given(x=GROUP, y=GROUP, shift=st.integers(-1000, 1000))
@settings(max_examples=40, deadline=None)
def test_patients_and_their_moments_give_the_same_and_shifting_all_changes_nothing(x, y, shift):
    direct = pooled_t(x, y)
    moments = pooled_t_from_moments(
        *(Moments.from_sums(g.size, int(g.sum()), int((g * g).sum())) for g in (x, y))
    )

    assert moments.p_value == pytest.approx(direct.p_value, rel=1e-9, abs=1e-300)
    assert pooled_t(x + shift, y + shift).p_value == pytest.approx(direct.p_value, rel=1e-9)


def test_two_groups_of_equal_constants_do_not_differ():
    # 0.1 + 0.1 + 0.1 is not 0.3: rounding must not become a tiny variance
    got = pooled_t([0.1] * 3, [0.1] * 7)

    assert (got.p_value, got.statistic) == (1.0, 0.0)
    assert "neither group varies" in got.method


def test_two_different_constants_differ_as_much_as_can_be():
    got = welch_t([1, 1], [3, 3, 3])

    assert (got.p_value, got.statistic) == (0.0, -math.inf)
    assert (got.difference.interval.low, got.difference.interval.high) == (-2.0, -2.0)


def test_one_patient_can_be_compared_by_the_pooled_test_only():
    assert pooled_t([5], [1, 2, 3]).df == 2
    with pytest.raises(AnalysisError, match="two patients in each"):
        welch_t([5], [1, 2, 3])


@pytest.mark.parametrize("test", [pooled_t, welch_t])
@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([], [1, 2], "the first group is empty"),
        ([1, 2], [], "the second group is empty"),
        ([1, np.nan], [1, 2], "missing"),
        ([1], [2], "at least"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(test, x, y, words):
    with pytest.raises(AnalysisError, match=words):
        test(x, y)


def test_impossible_moments_are_refused():
    with pytest.raises(AnalysisError, match="cannot be negative"):
        Moments(10, 5.0, -1.0)
    with pytest.raises(AnalysisError, match="without patients"):
        Moments(0, 5.0, 1.0)
    with pytest.raises(AnalysisError, match="without patients"):
        Moments.from_sums(0, 0, 0)
    with pytest.raises(AnalysisError, match="impossible"):
        Moments.from_sums(10, 100, 900)
