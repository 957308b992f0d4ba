"""Mantel–Haenszel, Peto, Tarone: pools of tables that need no weights of their own."""

import math

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.meta.mantel_haenszel import common_risk_difference, common_risk_ratio
from avidity.stats.meta.peto import peto_odds_ratio
from avidity.stats.meta.tarone import tarone_test
from avidity.stats.strata import mantel_haenszel


def test_the_common_ratios_agree_with_metafor(tables):
    # metafor's own tests of rma.mh() on dat.bcg, which check them against Stata's metan
    odds = mantel_haenszel(tables, continuity=False).odds_ratio
    risk, gap = common_risk_ratio(tables), common_risk_difference(tables)
    half = (math.log(odds.interval.high) - math.log(odds.interval.low)) / 2

    assert (0.6229, 0.5748, 0.6750) == pytest.approx(
        (odds.estimate, odds.interval.low, odds.interval.high), abs=5e-5
    )
    assert math.log(odds.estimate) / (half / 1.959963984540054) == pytest.approx(-11.5444, abs=5e-5)
    assert (0.6353, 0.5881, 0.6862) == pytest.approx(
        (risk.estimate, risk.interval.low, risk.interval.high), abs=5e-5
    )
    assert (-0.0033, -0.0039, -0.0027) == pytest.approx(
        (gap.estimate, gap.interval.low, gap.interval.high), abs=5e-5
    )


def test_the_tests_and_peto_agree_with_metafor(tables):
    # R 4.2.2, metafor 3.8-1: rma.mh, which corrects for continuity; rma.peto
    assert mantel_haenszel(tables).test.statistic == pytest.approx(135.688943724, rel=1e-9)
    assert tarone_test(tables).statistic == pytest.approx(171.756672994, rel=1e-9)
    assert tarone_test(tables).df == 12
    assert peto_odds_ratio(tables).estimate == pytest.approx(0.622229482761, rel=1e-11)


def test_statsmodels_finds_the_same_risk_ratio_and_tarone(tables):
    from statsmodels.stats.contingency_tables import StratifiedTable

    theirs = StratifiedTable(np.moveaxis(tables, 0, -1).astype(float))

    assert common_risk_ratio(tables).estimate == pytest.approx(theirs.riskratio_pooled, rel=1e-12)
    told = theirs.test_equal_odds(adjust=True)
    assert tarone_test(tables).statistic == pytest.approx(told.statistic, rel=1e-9)
    assert tarone_test(tables).p_value == pytest.approx(told.pvalue, rel=1e-6)


def test_one_large_table_gives_the_plain_difference_and_nearly_its_wald_interval():
    got = common_risk_difference([[[300, 700], [200, 800]]])
    error = math.sqrt(0.3 * 0.7 / 1000 + 0.2 * 0.8 / 1000)

    assert got.estimate == pytest.approx(0.1)
    assert got.interval.high - got.estimate == pytest.approx(1.96 * error, rel=1e-3)


def test_the_variance_of_the_difference_is_right_in_many_small_strata():
    # 2,000 draws of 40 strata of 5 + 5; Monte-Carlo error of a share of 0.95: 0.0049
    dice, true = np.random.default_rng(3), 0.15
    base = np.linspace(0.1, 0.6, 40)
    covered = 0
    for _ in range(2000):
        a, c = dice.binomial(5, base + true), dice.binomial(5, base)
        tables = np.stack([np.column_stack([a, 5 - a]), np.column_stack([c, 5 - c])], axis=1)
        covered += true in common_risk_difference(tables).interval

    assert covered / 2000 == pytest.approx(0.95, abs=0.015)


def test_a_group_without_cases_leaves_the_ratio_at_an_edge_without_interval():
    got = common_risk_ratio([[[0, 10], [3, 9]]])

    assert got.estimate == 0
    assert got.interval is None
    assert common_risk_ratio([[[3, 10], [0, 9]]]).estimate == math.inf


def test_equal_tables_share_their_ratio_wholly():
    got = tarone_test([[[10, 20], [5, 25]]] * 3)

    assert got.statistic == pytest.approx(0, abs=1e-9)
    assert got.p_value == pytest.approx(1)


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(AnalysisError, match="k × 2 × 2"):
        common_risk_ratio([[1, 2], [3, 4]])
    with pytest.raises(AnalysisError, match="both groups"):
        common_risk_difference([[[1, 2], [0, 0]]])
    with pytest.raises(AnalysisError, match="varies in no stratum"):
        peto_odds_ratio([[[0, 2], [0, 3]]])
    with pytest.raises(AnalysisError, match="no common odds ratio"):
        tarone_test([[[1, 2], [3, 4]]])
