"""Lopsided funnels, missing studies, and how much hangs on each."""

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.meta.leave_one_out import leave_one_out
from avidity.stats.meta.pool import pool_random
from avidity.stats.meta.small_studies import egger, egger_mixed
from avidity.stats.meta.trim_fill import trim_fill


def test_egger_with_true_differences_agrees_with_metafor(risks):
    # R 4.2.2, metafor 3.8-1: regtest(rma(..., measure = "RR"))
    got = egger_mixed(*risks)

    assert got.statistic == pytest.approx(-0.803329112, rel=1e-5)
    assert got.p_value == pytest.approx(0.421784536, rel=1e-5)


def test_eggers_own_test_is_the_intercept_of_the_effect_over_its_error_on_precision(risks):
    # the slow twin, by statsmodels: his regression as he wrote it
    import statsmodels.api as sm

    y, se = risks
    theirs = sm.OLS(y / se, sm.add_constant(1 / se)).fit()
    got = egger(y, se)

    assert got.statistic == pytest.approx(theirs.tvalues[0], rel=1e-10)
    assert got.p_value == pytest.approx(theirs.pvalues[0], rel=1e-9)
    assert got.df == 11


def test_trim_and_fill_agrees_with_metafor(risks):
    # R 4.2.2, metafor 3.8-1, on the same fit: trimfill, its L0 and side by default
    got = trim_fill(*risks, test="normal")

    assert 1 == got.missing
    assert got.side == "above"
    assert got.filled.estimate == pytest.approx(-0.657082801, rel=1e-5)
    assert got.filled.k == 14


def test_an_even_funnel_misses_nobody():
    y, se = np.array([-1.0, 0, 1, -0.4, 0.4, 0]), np.array([0.9, 0.2, 0.9, 0.5, 0.5, 0.1])

    assert 0 == trim_fill(y, se).missing


def test_the_pool_without_a_study_is_the_pool_of_the_others(odds):
    y, se = odds
    got = leave_one_out(y, se)

    assert len(got) == 13
    for at in (0, 7, 12):
        others = [each for each in range(13) if each != at]
        assert got[at] == pool_random(y[others], se[others])


def test_two_studies_are_too_few_for_any_of_it():
    for way in (egger, egger_mixed, trim_fill, leave_one_out):
        with pytest.raises(AnalysisError, match="three studies"):
            way([0.1, 0.2], [0.2, 0.1])
    with pytest.raises(AnalysisError, match="different sizes"):
        egger([0.1, 0.2, 0.3], [0.2, 0.2, 0.2])
