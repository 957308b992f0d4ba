from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit
from avidity.stats.points.path import score_path
from avidity.stats.points.risk import risk_line, risk_table, score_loss, shrunken
from avidity.stats.points.rounding import ItemPoints, PointsScore
from avidity.stats.roc import roc


def test_risks_and_intervals_of_a_total_match_r(columns):
    # R 4.2.2
    # > d$total <- with(d, 2*smoke + 4*ht + 2*ui + 3*(race == 2) + 2*(race == 3))
    # > f <- glm(low ~ total, binomial, d, epsilon = 1e-14)
    # > p <- predict(f, data.frame(total = 0:11), se.fit = TRUE); z <- qnorm(0.975)
    # > cbind(plogis(p$fit), plogis(p$fit - z*p$se.fit), plogis(p$fit + z*p$se.fit))
    # (twelve digits printed, glm's covariance is one step behind: 1e-8); table(d$total, d$low)
    data = columns("birthwt.csv")
    race = (data["race"] == 2) * 3 + (data["race"] == 3) * 2
    total = (2 * data["smoke"] + 4 * data["ht"] + 2 * data["ui"] + race).astype(int)
    yes = (("smoke", 2), ("ht", 4), ("ui", 2))
    items = [ItemPoints(name, ("no", "yes"), (0, points)) for name, points in yes]
    card = PointsScore((*items, ItemPoints("race", ("1", "2", "3"), (0, 3, 2))), 0.4, -2.0, "")

    got = risk_table(card, total, data["low"])

    assert got.line.coef == pytest.approx([-1.908823197607, 0.419946272927], abs=1e-11)
    assert (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) == tuple(row.total for row in got.rows)
    by_total = {row.total: row for row in got.rows}
    expected = {
        0: (0.129113117500, 0.073614194112, 0.216667476585, 39, 3),
        2: (0.255606497826, 0.193033615083, 0.330163949125, 86, 27),
        5: (0.547582613422, 0.416824814410, 0.672086663647, 12, 7),
        8: (0.810113369206, 0.603165816038, 0.922928652510, 0, 0),
        11: (0.937648405807, 0.756094919507, 0.986477476905, 0, 0),
    }
    for where, (risk, low, high, n, events) in expected.items():
        row = by_total[where]
        assert row.risk == pytest.approx(risk, abs=1e-11)
        assert (row.interval.low, row.interval.high) == pytest.approx((low, high), rel=1e-8)
        assert (n, events) == (row.n, row.n_events)
    assert sum(row.n for row in got.rows) == got.n == 189
    assert sum(row.n_events for row in got.rows) == 59


def test_the_mean_risk_is_the_share_of_cases_and_rises_with_the_total(rows_by_seed):
    rows = rows_by_seed(4)
    path = score_path(rows)
    got = risk_table(path.score, path.total, rows.y)

    assert path.risk.mean() == pytest.approx(rows.y.mean(), rel=1e-10)
    assert (np.diff([row.risk for row in got.rows]) > 0).all()
    assert all(row.risk in row.interval for row in got.rows)
    assert got.method.endswith("maximum likelihood")


def test_a_total_that_separates_has_finite_risks():
    total, y = np.arange(10), (np.arange(10) > 5).astype(float)

    got = risk_line(total, y, None)

    assert "FLIC" in got.method
    assert np.isfinite(got.coef).all()
    assert got.risk(total).mean() == pytest.approx(0.4, rel=1e-9)


def test_the_loss_says_what_rounding_cost(rows_by_seed):
    rows = rows_by_seed(6)
    path = score_path(rows)

    got = score_loss(path.score, path.total, path.equation_risk, rows.y)

    assert got.auc_equation == pytest.approx(roc(path.equation_risk, rows.y).auc, rel=1e-14)
    assert got.auc_score == pytest.approx(roc(path.total, rows.y).auc, rel=1e-14)
    assert got.auc_difference.estimate == pytest.approx(got.auc_score - got.auc_equation, abs=1e-12)
    assert got.brier_score == pytest.approx(brier(path.risk, rows.y), rel=1e-12)
    gap = np.abs(path.risk - path.equation_risk)
    assert (got.mean_gap, got.largest_gap) == pytest.approx((gap.mean(), gap.max()))
    assert got.within == ((gap <= 0.05).mean(), (gap <= 0.1).mean())
    # calibration of the rounded equation, fitted the long way
    own = path.score.constant + path.score.unit * path.total
    X = np.column_stack([np.ones(80), own])
    slow = fit(X, rows.y, ("intercept", "line")).coef
    assert (got.calibration_intercept, got.calibration_slope) == pytest.approx(slow, abs=1e-8)


def test_a_score_equal_to_its_equation_loses_nothing():
    chance = np.random.default_rng(0)
    total = chance.integers(0, 5, 60)
    y = (chance.random(60) < expit(total - 2.0)).astype(float)
    line = risk_line(total, y, None)
    item = ItemPoints("x", ("0", "1", "2", "3", "4"), (0, 1, 2, 3, 4))
    card = PointsScore((item,), float(line.coef[1]), float(line.coef[0]), "")

    got = score_loss(card, total, line.risk(total), y)

    assert got.auc_difference.estimate == 0
    assert got.auc_difference.interval is not None
    assert 0 in got.auc_difference.interval
    assert got.largest_gap < 1e-12
    assert (got.calibration_slope, got.calibration_intercept) == pytest.approx((1, 0), abs=1e-12)
    assert got.within == (1.0, 1.0)


def test_a_flatter_line_keeps_the_mean_risk(rows_by_seed):
    rows = rows_by_seed(7)
    path = score_path(rows)

    flat = shrunken(path.line, 0.6, path.total, rows.y)
    same = shrunken(path.line, 1.0, path.total, rows.y)

    assert flat.risk(path.total).mean() == pytest.approx(rows.y.mean(), rel=1e-10)
    assert flat.coef[1] == pytest.approx(0.6 * path.line.coef[1], rel=1e-12)
    assert same.coef == pytest.approx(path.line.coef, abs=1e-9)
    assert same.covariance == pytest.approx(path.line.covariance, rel=1e-12)
    middle = float(path.total.mean())
    spread = [
        np.diff([logit(end) for end in (i.low, i.high)])[0]
        for i in (path.line.interval(middle), flat.interval(middle))
    ]
    assert spread[0] == pytest.approx(spread[1], rel=1e-6)
    assert "shrunken by 0.6" in flat.method


def test_the_table_has_every_total_that_can_occur(rows_by_seed):
    rows = rows_by_seed(8)
    path = score_path(rows)
    gappy = replace(
        path.score,
        items=(ItemPoints("a", ("0", "1", "2"), (0, 4, 9)), ItemPoints("b", ("0", "1"), (-1, 0))),
    )

    assert (-1, 0, 3, 4, 8, 9) == gappy.possible()
    assert (-1, 9) == (gappy.lowest, gappy.highest)
