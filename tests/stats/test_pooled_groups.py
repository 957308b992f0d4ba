"""Table 1 over completed sets."""

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.contingency import pearson
from avidity.stats.means import welch_t
from avidity.stats.pooled_groups import compare_counts, compare_means, pool_counts, pool_summary
from avidity.stats.pooled_tests import pool_chi_squares
from avidity.stats.rubin import pool_scalar
from avidity.stats.summary import summarise

OUTCOME = np.repeat([1, 0], [20, 30])


def numbers(seed=1, m=3):
    rng = np.random.default_rng(seed)
    base = rng.normal(50, 10, 50)
    return np.stack([np.where(base > 60, rng.normal(60, 5, 50), base) for _ in range(m)])


def test_summaries_are_means_over_the_sets():
    sets = numbers()
    got, each = pool_summary(sets), [summarise(row) for row in sets]

    assert got.mean == pytest.approx(np.mean([one.mean for one in each]))
    assert got.sd == pytest.approx(np.sqrt(np.mean([one.sd**2 for one in each])))
    assert got.median == pytest.approx(np.mean([one.median for one in each]))
    assert got.upper_quartile == pytest.approx(np.mean([one.upper_quartile for one in each]))
    assert (got.n, got.m) == (50, 3)
    assert np.isnan(pool_summary(sets[:, :1]).sd)


def test_sets_that_agree_give_the_plain_summary_and_test():
    row = numbers(m=1)[0]
    same = np.stack([row, row])
    welsh = welch_t(row[OUTCOME == 1], row[OUTCOME == 0])

    assert pool_summary(same, quantile_type=6).lower_quartile == pytest.approx(
        summarise(row, quantile_type=6).lower_quartile
    )
    assert compare_means(same, OUTCOME).estimate == pytest.approx(welsh.difference.estimate)
    assert compare_means(same, OUTCOME).test.statistic == pytest.approx(welsh.statistic)


def test_the_difference_of_means_is_pooled_by_rubin():
    sets = numbers(2)
    gaps, variances = [], []
    for row in sets:
        case, control = row[OUTCOME == 1], row[OUTCOME == 0]
        gaps.append(case.mean() - control.mean())
        variances.append(case.var(ddof=1) / 20 + control.var(ddof=1) / 30)
    by_hand = pool_scalar(gaps, variances, 50, complete_df=48)

    assert compare_means(sets, OUTCOME).interval.low == pytest.approx(by_hand.interval.low)


def test_counts_are_means_and_their_test_is_d2():
    rng = np.random.default_rng(3)
    codes = np.tile(rng.integers(0, 3, 50), (4, 1))
    codes[:, :6] = rng.integers(0, 3, (4, 6))
    counts = pool_counts(codes, 4)
    tables = [
        [[int(((row == level) & (OUTCOME == y)).sum()) for y in (1, 0)] for level in range(3)]
        for row in codes
    ]

    assert sum(counts.counts) == pytest.approx(50)
    assert counts.counts[3] == 0
    assert counts.shares[0] == pytest.approx((codes == 0).mean())
    assert compare_counts(codes, OUTCOME, 4) == pool_chi_squares(
        [pearson(table).statistic for table in tables], 2, 50
    )


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(AnalysisError, match="two patients"):
        compare_means(numbers()[:, 19:], OUTCOME[19:])
    with pytest.raises(AnalysisError, match="nothing to compare"):
        compare_counts(np.zeros((2, 50)), OUTCOME, 2)
    with pytest.raises(AnalysisError, match="levels 0 to 1"):
        pool_counts(np.full((2, 50), 2), 2)
    with pytest.raises(AnalysisError, match="shape"):
        pool_summary([1.0, 2.0])
    with pytest.raises(AnalysisError, match="missing"):
        pool_summary([[1.0, np.nan]])
