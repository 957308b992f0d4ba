"""Whole numbers that carry printed figures: found within their bands, or the nearest said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from avidity.stats.cutpoint import youden
from avidity.stats.roc import delong_interval, roc
from avidity.stats.rounded import rounded
from avidity.stats.twins import aims
from avidity.stats.twins.aims import Column, Sides
from avidity.stats.twins.values import Band, Effort, GroupTarget, _changed, find_values

ONE, TWO = Column((0,)), Column((1,))
groups = st.lists(st.integers(0, 40), min_size=3, max_size=20).map(np.array)


@given(groups, groups)
def test_the_fast_p_values_are_those_of_scipy(x, y):
    if x.std() and y.std():
        assert stats.ttest_ind(x, y).pvalue == pytest.approx(aims.pooled_p(x, y))
        assert stats.ttest_ind(x, y, equal_var=False).pvalue == pytest.approx(aims.welch_p(x, y))
    if len(set(x.tolist() + y.tolist())) > 1:
        ranked = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=False)
        assert ranked.pvalue == pytest.approx(aims.rank_p(x, y))
        assert ranked.statistic == aims.wins(x, y)


@given(groups, st.sampled_from([0.25, 0.5, 0.75]))
def test_quantiles_are_those_of_numpy(x, share):
    ranked = np.sort(x)

    assert np.quantile(x, share) == pytest.approx(aims.quantile(ranked, share, 7))
    assert np.quantile(x, share, method="weibull") == pytest.approx(aims.quantile(ranked, share, 6))


@given(groups, groups)
def test_an_aim_is_0_exactly_where_the_figure_prints_so(x, y):
    values = (x, y)
    mean, sd = rounded(f"{x.mean():.1f}"), rounded(f"{x.std(ddof=1):.2f}")
    area = rounded(f"{roc(np.r_[x, y], [1] * len(x) + [0] * len(y)).auc:.3f}")
    off_by_2 = rounded(f"{x.mean() + 2:.1f}")

    assert 0 == aims.mean_aim(ONE, mean)(values)
    assert 0 == aims.sd_aim(ONE, sd)(values)
    assert 0 == aims.auc_aim(Sides(ONE, TWO), area)(values)
    assert aims.mean_aim(ONE, off_by_2)(values) >= len(x)


def test_steps_are_put_into_the_units_of_the_paper():
    tenths = Column((0,), 0.1)

    assert 0 == aims.mean_aim(tenths, rounded("1.25"))([np.array([12, 13])])
    assert 0 == aims.end_aim(tenths, rounded("1.3"), top=True)([np.array([12, 13])])
    assert 0 == aims.sd_aim(tenths, rounded("0.07"))([np.array([12, 13])])


@given(groups, groups, st.integers(0, 41))
def test_a_cut_is_best_where_no_other_has_a_larger_youden_index(x, y, first):
    def worth(cut):
        return (x >= cut).mean() + (y < cut).mean() - 1

    rival = max(worth(cut) for cut in range(42))
    aim = aims.best_cut_aim(Sides(ONE, TWO), first, youden)

    assert (worth(first) >= rival - 1e-12) == (aim((x, y)) < 1e-6)


def test_lower_values_may_speak_for_the_outcome():
    low, high = np.array([1, 2, 3, 4]), np.array([3, 5, 6, 7])
    sides = Sides(ONE, TWO, lower_means_case=True)
    found = delong_interval(roc(np.r_[low, high], [1] * 4 + [0] * 4, lower_means_case=True))
    printed = rounded(f"{found.low:.3f}"), rounded(f"{found.high:.3f}")

    assert 0 == aims.auc_aim(sides, rounded("0.906"))((low, high))
    assert 0 == aims.area_interval_aim(sides, *printed, 0.95)((low, high))
    assert 0 == aims.best_cut_aim(sides, -4, youden)((low, high))  # 4 and below


@given(groups, st.integers(0, 2**32 - 1))
def test_a_change_stays_inside_the_limits_and_keeps_what_it_promises(x, seed):
    limits = np.full(len(x), 0), np.full(len(x), 40)
    generator = np.random.default_rng(seed)
    four = np.random.default_rng(seed).random(4)[3] < 0.4

    changed = _changed(x, limits, generator)

    if changed is not None:
        assert changed.min() >= 0
        assert changed.max() <= 40
        if four:
            assert x.sum() == changed.sum()
            assert (x * x).sum() == (changed * changed).sum()


SEED_AGES = (  # ages of the seed paper: counts on both sides of the cut-off, ends 17 and 77
    GroupTarget((Band(13, 17, 53), Band(19, 54, 77)), (77,), ((0, 20), (1, 77)), (1698, 1698)),
    GroupTarget((Band(42, 17, 53), Band(16, 54, 77)), (17,), ((0, 17), (1, 75)), (2577, 2577)),
)


def test_the_printed_ages_of_the_seed_paper_are_found_with_their_only_sums():
    wanted = [
        aims.mean_aim(ONE, rounded("53.06")),
        aims.sd_aim(ONE, rounded("14.128")),
        aims.mean_aim(TWO, rounded("44.43")),
        aims.sd_aim(TWO, rounded("13.088")),
        aims.auc_aim(Sides(ONE, TWO), rounded("0.681")),
    ]

    found = find_values(SEED_AGES, wanted, np.random.default_rng(1))

    cases, controls = found.values
    assert 0 == found.distance
    assert (1698, 96288) == (cases.sum(), (cases**2).sum())  # K143
    assert (2577, 124263) == (controls.sum(), (controls**2).sum())
    assert (19, 16) == ((cases >= 54).sum(), (controls >= 54).sum())
    assert (17, 77) == (controls.min(), cases.max())


def test_where_nothing_fits_the_nearest_is_told_as_such():
    target = GroupTarget((Band(10, 0, 9),), (), ((0, 0), (1, 9)))

    found = find_values(
        [target],
        [aims.mean_aim(ONE, rounded("4.25"))],  # no ten whole numbers have this mean
        np.random.default_rng(1),
        Effort(2, 200),
    )

    assert found.distance > 0
    assert 400 == found.steps
    assert found.values[0].sum() in (42, 43)


def test_the_same_chance_finds_the_same_and_other_chance_something_else():
    def found(seed):
        aim = [aims.mean_aim(ONE, rounded("40.0")), aims.sd_aim(ONE, rounded("9.0"))]
        target = GroupTarget((Band(30, 10, 80),), (), ((0, 20), (1, 60)))
        return find_values([target], aim, np.random.default_rng(seed)).values[0].tolist()

    assert found(3) == found(3) != found(4)
