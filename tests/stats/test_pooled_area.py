"""The pooled area under the curve."""

import numpy as np
import pytest
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.pooled_area import pool_auc
from avidity.stats.roc import logit_interval, roc
from avidity.stats.rubin import pool_scalar

OUTCOME = np.repeat([0, 1], [30, 25])


def areas(seed, m=4):
    rng = np.random.default_rng(seed)
    base = rng.standard_normal(55) + OUTCOME
    return [roc(base + 0.3 * rng.standard_normal(55), OUTCOME) for _ in range(m)]


def test_areas_are_pooled_on_the_logit_scale():
    given = areas(1)
    by_hand = pool_scalar(
        [logit(a.auc) for a in given],
        [a.variance / (a.auc * (1 - a.auc)) ** 2 for a in given],
        55,
    )
    got = pool_auc(given)

    assert got.estimate.estimate == pytest.approx(expit(by_hand.estimate), rel=1e-14)
    assert got.estimate.interval.low == pytest.approx(expit(by_hand.interval.low), rel=1e-12)
    assert got.on_logit.fmi == by_hand.fmi
    assert "large samples" in got.estimate.method
    assert got.estimate.n == 55


def test_sets_that_agree_give_the_single_areas_logit_interval():
    (area,) = areas(2, m=1)
    got = pool_auc([area, area, area], rule="normal")

    assert got.estimate.estimate == pytest.approx(area.auc, rel=1e-14)
    assert got.estimate.interval.low == pytest.approx(logit_interval(area).low, rel=1e-12)


def test_a_complete_data_df_widens_the_interval():
    given = areas(3)
    wide, narrow = pool_auc(given, complete_df=20), pool_auc(given)

    assert wide.estimate.interval.low < narrow.estimate.interval.low
    assert "Barnard and Rubin" in wide.estimate.method


def test_a_perfect_area_has_no_place_on_the_scale():
    perfect = roc([1, 2, 3, 4], [0, 0, 1, 1])

    with pytest.raises(AnalysisError, match="cannot be pooled"):
        pool_auc([perfect, perfect])
