from dataclasses import replace

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.firth import FirthFit
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit
from avidity.stats.points.optimism import score_optimism
from avidity.stats.points.path import score_path
from avidity.stats.points.risk import risk_table
from avidity.stats.points.rounding import Rounding
from avidity.stats.resampling import bootstrap
from avidity.stats.roc import roc


@pytest.fixture(scope="module")
def ran(rows_by_seed):
    rows = rows_by_seed(12, how=Rounding(4))
    path = score_path(rows)
    table = risk_table(path.score, path.total, rows.y)
    weights = bootstrap(80, 25, seed=1).weights
    return rows, path, table, weights, score_optimism(rows, weights, table.rows)


def test_optimism_equals_one_resample_after_the_other(ran):
    rows, path, _, weights, got = ran
    gains, slopes = [], []
    for own in weights:
        found = score_path(rows, own)
        inside = np.repeat(np.arange(80), own)
        gains.append(
            [
                roc(found.risk[inside], rows.y[inside]).auc - roc(found.risk, rows.y).auc,
                brier(found.risk[inside], rows.y[inside]) - brier(found.risk, rows.y),
                roc(found.equation_risk[inside], rows.y[inside]).auc
                - roc(found.equation_risk, rows.y).auc,
            ]
        )
        line = np.log(found.risk / (1 - found.risk))
        X = np.column_stack([np.ones(80), line])
        slopes.append(fit(X, rows.y, ("intercept", "line")).coef)

    auc, squared, equation = np.mean(gains, axis=0)
    intercept, slope = np.mean(slopes, axis=0)
    assert got.auc.optimism == pytest.approx(auc, abs=1e-12)
    assert got.auc.apparent == pytest.approx(roc(path.risk, rows.y).auc, abs=1e-12)
    assert got.brier.optimism == pytest.approx(squared, abs=1e-12)
    assert got.equation_auc.optimism == pytest.approx(equation, abs=1e-12)
    assert got.slope.apparent == pytest.approx(1, abs=1e-9)
    assert got.slope.corrected == pytest.approx(slope, abs=1e-8)
    assert got.intercept.corrected == pytest.approx(intercept, abs=1e-8)
    assert () == got.failed
    assert got.method.endswith("25 of 25 resamples used")


def test_separated_resamples_take_the_path_alone(rows_by_seed):
    # 26 patients with six coefficients: some resamples are separated, some lack a finding
    rows = rows_by_seed(3, n=26, how=Rounding(4))
    path = score_path(rows)
    table = risk_table(path.score, path.total, rows.y)
    weights = bootstrap(26, 20, seed=5).weights
    found = []
    for own in weights:
        try:
            found.append((own, score_path(rows, own)))
        except AnalysisError:
            continue
    gains = [
        roc(each.risk[np.repeat(np.arange(26), own)], np.repeat(rows.y, own)).auc
        - roc(each.risk, rows.y).auc
        for own, each in found
    ]

    got = score_optimism(rows, weights, table.rows)

    assert 3 <= sum(isinstance(each.model, FirthFit) for _, each in found) < len(found) <= 20
    assert got.method.endswith(f"{len(found)} of 20 resamples used")
    assert got.auc.optimism == pytest.approx(np.mean(gains), abs=1e-9)


def test_the_same_weights_as_everybody_leave_no_optimism(ran):
    rows, _, table, _, _ = ran

    got = score_optimism(rows, np.ones((3, 80)), table.rows)

    assert got.same == 1.0
    for measure in (got.auc, got.brier, got.equation_auc, got.equation_brier):
        assert measure.optimism == 0
    assert got.slope.corrected == pytest.approx(1, abs=1e-9)
    for row in got.rows:
        assert row.risk == pytest.approx(row.apparent.risk, abs=1e-9)
        if row.interval:
            assert row.interval.low == row.interval.high


def test_corrected_risks_are_flatter_and_levels_count_every_resample(ran):
    _, path, table, _, got = ran
    spread = [got.rows[-1].risk - got.rows[0].risk, table.rows[-1].risk - table.rows[0].risk]

    assert got.slope.corrected < 1
    assert spread[0] < spread[1]
    assert [row.apparent for row in got.rows] == list(table.rows)
    assert all((row.interval is None) == (row.apparent.n == 0) for row in got.rows)
    assert len(got.wobble) == sum(len(item.labels) for item in path.score.items)
    for level in got.wobble:
        assert sum(count for _, count in level.seen) == 25
    assert 0 <= got.same <= 1


def test_resamples_without_a_score_are_counted_by_reason(ran):
    rows, _, table, weights, _ = ran
    given = weights.copy()
    given[0] = rows.y == 1
    given[1] = rows.X[:, 5] == 0

    got = score_optimism(rows, given, table.rows)

    assert 25 == got.resamples
    assert got.method.endswith("23 of 25 resamples used")
    assert {"one outcome absent": 1} == {k: v for k, v in got.failed if "outcome" in k}
    assert sum(count for _, count in got.failed) == 2
    with pytest.raises(AnalysisError, match="too few patients"):
        score_optimism(rows, given[:2], table.rows)


def test_a_score_of_noise_has_no_corrected_use(rows_by_seed):
    # 40 samples of 80 patients whose outcome hangs on nothing: corrected areas average one half.
    # Their mean has a Monte-Carlo error of about 0.012; four of them are allowed.
    found = []
    for seed in range(40):
        rows = rows_by_seed(seed, how=Rounding(3), steepness=0.0)
        path = score_path(rows)
        table = risk_table(path.score, path.total, rows.y)
        got = score_optimism(rows, bootstrap(80, 12, seed=seed).weights, table.rows)
        found.append((got.auc.apparent, got.auc.corrected))
    apparent, corrected = np.mean(found, axis=0)

    assert apparent > 0.58
    assert corrected == pytest.approx(0.5, abs=0.05)


def test_items_are_checked_before_anything_is_fitted(ran):
    rows = ran[0]
    with pytest.raises(AnalysisError, match="one item"):
        replace(rows, items=rows.items[1:])
