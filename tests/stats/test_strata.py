"""The Cochran–Mantel–Haenszel test and the common odds ratio."""

import math

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.strata import mantel_haenszel

# R's UCBAdmissions: department × (admitted, rejected) × (male, female)
BERKELEY = np.array(
    [
        [[512, 89], [313, 19]],
        [[353, 17], [207, 8]],
        [[120, 202], [205, 391]],
        [[138, 131], [279, 244]],
        [[53, 94], [138, 299]],
        [[22, 24], [351, 317]],
    ]
)


def test_berkeley_agrees_with_r():
    # R 4.2.2: mantelhaen.test(UCBAdmissions); twelve digits
    got = mantel_haenszel(BERKELEY)
    interval = got.odds_ratio.interval

    assert got.test.statistic == pytest.approx(1.42694622859, rel=1e-11)
    assert got.test.p_value == pytest.approx(0.232263462817, rel=1e-11)
    assert got.odds_ratio.estimate == pytest.approx(0.904696828259, rel=1e-11)
    assert interval.low == pytest.approx(0.771907361759, rel=1e-11)
    assert interval.high == pytest.approx(1.06032976444, rel=1e-11)
    assert got.test.n == 4526


def test_without_correction_the_statistic_is_larger_and_says_so():
    plain, corrected = mantel_haenszel(BERKELEY, continuity=False), mantel_haenszel(BERKELEY)

    assert plain.test.statistic > corrected.test.statistic
    assert "no continuity correction" in plain.test.method
    assert "with continuity correction" in corrected.test.method


def test_exchanging_the_groups_turns_the_odds_ratio_upside_down():
    one, other = mantel_haenszel(BERKELEY), mantel_haenszel(BERKELEY[:, ::-1])

    assert one.odds_ratio.estimate * other.odds_ratio.estimate == pytest.approx(1)
    assert one.test.p_value == pytest.approx(other.test.p_value)


def test_a_single_stratum_is_the_sample_odds_ratio():
    assert mantel_haenszel([[[19, 13], [16, 42]]]).odds_ratio.estimate == pytest.approx(
        19 * 42 / (13 * 16)
    )


def test_an_infinite_odds_ratio_has_no_interval():
    got = mantel_haenszel([[[3, 29], [0, 58]]]).odds_ratio

    assert got.estimate == math.inf
    assert got.interval is None


def test_strata_with_one_group_only_give_p_1():
    assert mantel_haenszel([[[3, 4], [0, 0]], [[0, 0], [2, 5]]]).test.p_value == 1.0


def test_what_is_not_a_pile_of_2_by_2_tables_is_refused():
    with pytest.raises(AnalysisError, match="k × 2 × 2"):
        mantel_haenszel([[1, 2], [3, 4]])
    with pytest.raises(AnalysisError, match="no stratum"):
        mantel_haenszel([[[1, 0], [0, 0]]])
