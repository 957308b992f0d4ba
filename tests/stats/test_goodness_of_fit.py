from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.goodness_of_fit import (
    brier,
    by_quantiles,
    by_ranks,
    hosmer_lemeshow,
    mean_difference,
    somers_dxy,
)
from avidity.stats.roc import roc


@pytest.mark.parametrize(
    ("groups", "statistic", "p"),
    [
        (10, 10.3983355923, 0.238173104),
        (8, 1.01511002697, 0.985033),
        (5, 3.20339717435, 0.361315837),
    ],
)
def test_groups_by_quantiles_match_r(birthwt, groups, statistic, p):
    # K58
    # R 4.2.2, ResourceSelection 0.3-6: hoslem.test(low, fitted(fit), g); glm's risks are good to
    # about 1e-9, which the sum carries to 1e-8
    X, y, _, fitted = birthwt
    got = hosmer_lemeshow(fitted.risk(X), y, groups)

    assert got.test.statistic == pytest.approx(statistic, rel=1e-8)
    assert got.test.p_value == pytest.approx(p, rel=1e-6)
    assert got.test.df == groups - 2
    assert got.test.method == f"Hosmer-Lemeshow test, {groups} groups by quantiles"


def test_groups_by_ranks_match_r_and_differ(birthwt):
    # K59. R 4.2.2: group <- ceiling(rank(fitted(fit), ties.method = "first") * 10 / 189)
    X, y, _, fitted = birthwt
    got = hosmer_lemeshow(fitted.risk(X), y, 10, by_ranks)

    assert got.test.statistic == pytest.approx(10.263214274679, rel=1e-8)
    assert got.test.p_value == pytest.approx(0.247035625, rel=1e-6)
    assert [18] + [19] * 9 == [group.n for group in got.groups]


def test_the_groups_add_up(birthwt):
    X, y, _, fitted = birthwt
    groups = hosmer_lemeshow(fitted.risk(X), y).groups

    assert sum(group.n for group in groups) == 189
    assert sum(group.observed for group in groups) == 59
    assert sum(group.expected for group in groups) == pytest.approx(59, rel=1e-10)
    assert all(a.highest <= b.lowest for a, b in pairwise(groups))


def test_too_few_different_risks_cannot_be_grouped():
    risk = np.repeat([0.2, 0.4], 10)
    with pytest.raises(AnalysisError, match="at least three"):
        hosmer_lemeshow(risk, [0, 1] * 10)


def test_a_group_certain_of_the_wrong_outcome_is_infinitely_far_off():
    risk = [0.0, 0.0, 0.3, 0.4, 0.6, 0.7]
    right, wrong = [0, 0, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]

    assert hosmer_lemeshow(risk, wrong, 3, by_ranks).test.p_value == 0
    assert hosmer_lemeshow(risk, right, 3, by_ranks).test.p_value > 0


def test_brier_rank_and_spread_match_rms(birthwt):
    # K56 and K57
    # R 4.2.2, rms 6.5-0: lrm(...)$stats[c("Brier", "C", "Dxy", "g", "gp")]; pROC for the interval
    X, y, _, fitted = birthwt
    risk = fitted.risk(X)
    area = roc(risk, y)

    assert brier(risk, y) == pytest.approx(0.179434725353, rel=1e-8)
    assert area.auc == pytest.approx(0.746088657106, rel=1e-11)
    assert area.interval().low == pytest.approx(0.672479015759, rel=1e-11)
    assert area.interval().high == pytest.approx(0.819698298452, rel=1e-11)
    assert somers_dxy(risk, y) == pytest.approx(0.492177314211, rel=1e-11)
    assert mean_difference(fitted.linear_predictor(X)) == pytest.approx(1.17217543093, rel=1e-7)
    assert mean_difference(risk) == pytest.approx(0.213664708858, rel=1e-7)


def test_risks_outside_0_and_1_are_refused():
    for bad in ([0.5, 1.5], [0.5, np.nan], [[0.5, 0.5]]):
        with pytest.raises(ValueError, match="between 0 and 1"):
            brier(bad, [0, 1])
    with pytest.raises(AnalysisError, match="two values"):
        mean_difference([1.0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=30))
def test_the_mean_difference_equals_asking_every_pair(values):
    pairs = [abs(a - b) for i, a in enumerate(values) for b in values[:i]]

    assert mean_difference(values) == pytest.approx(np.mean(pairs), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=6, max_size=40), st.integers(3, 8))
def test_equal_risks_stay_together_under_quantiles_and_sizes_are_even_under_ranks(tenths, groups):
    risk = np.array(tenths) / 10
    together, even = by_quantiles(risk, groups), by_ranks(risk, groups)

    for value in np.unique(risk):
        assert len(np.unique(together[risk == value])) == 1
    sizes = np.bincount(even, minlength=groups)
    assert sizes.max() - sizes.min() <= 1
    assert (np.diff(together[np.argsort(risk)]) >= 0).all()
