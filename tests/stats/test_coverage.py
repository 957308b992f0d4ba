"""How often an interval holds the truth: made studies, each with its truth known.

Where the counts can be gone through one by one there is no chance in the answer. Elsewhere the
studies are few enough to be quick; the Monte-Carlo error stands with each, and three are allowed.
The shares found by thousands of studies are told where they are not the nominal ones.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom, norm

from avidity.stats.batched.cutoff_validation import validate_cutpoint
from avidity.stats.batched.optimism import optimism
from avidity.stats.decision_curve import decision_curve
from avidity.stats.difference import miettinen_nurminen, newcombe, wald
from avidity.stats.firth import fit_firth, profile_firth
from avidity.stats.logistic import fit, profile
from avidity.stats.proportion import clopper_pearson, wilson
from avidity.stats.resampling import bootstrap
from avidity.stats.roc import delong_interval, logit_interval, newcombe_interval, roc

SHARES = np.linspace(0.02, 0.98, 97)


def held(values, intervals):
    return [value in interval for value, interval in zip(values, intervals, strict=True)]


def test_odds_ratios_are_held_by_wald_profile_and_firths_intervals():
    # 150 studies of 60 patients, some 19 cases; none is separated. Monte-Carlo error of a share
    # of 0.95 in 150: 0.018. In 400 studies: Wald 0.945 and 0.955, profile 0.932 and 0.942, Firth
    # with its penalised profile 0.940 and 0.952
    rng, beta = np.random.default_rng(21), np.array([-1.0, 1.0, 0.8])
    found = {"Wald": [], "profile": [], "Firth": []}
    for _ in range(150):
        X = np.column_stack([np.ones(60), rng.normal(size=60), rng.random(60) < 0.3])
        y = (rng.random(60) < expit(X @ beta)).astype(float)
        model, penalised = fit(X, y, "abc"), fit_firth(X, y, "abc")
        for name, rows in (
            ("Wald", model.wald()),
            ("profile", profile(X, y, model)),
            ("Firth", profile_firth(X, y, penalised)),
        ):
            found[name].append(held(beta[1:], [row.interval for row in rows[1:]]))

    for name, shares in found.items():
        assert [0.95] * 2 == pytest.approx(np.mean(shares, axis=0), abs=3 * 0.018), name


def test_firths_interval_covers_where_maximum_likelihood_does_not_exist():
    # 150 studies of 40 patients, a finding in one of ten that triples the odds: one in seven
    # is separated. Monte-Carlo error 0.018; an interval of so few patients is wide, not wrong
    rng, beta, separated, inside = np.random.default_rng(24), np.log([0.4, 3.0]), 0, []
    finding = np.repeat([1.0, 0.0], [4, 36])
    X = np.column_stack([np.ones(40), finding])
    while len(inside) < 150:
        y = (rng.random(40) < expit(X @ beta)).astype(float)
        if not 0 < y.sum() < 40:
            continue
        separated += y[:4].sum() in (0, 4)
        inside.append(beta[1] in profile_firth(X, y, fit_firth(X, y, "ab"))[1].interval)

    assert 21 == separated
    assert 0.95 - 3 * 0.018 < np.mean(inside)


@pytest.mark.parametrize(
    ("auc", "cases", "controls", "delong", "on_logits", "by_newcombe"),
    [
        # of 20,000 studies each, Monte-Carlo error 0.002
        (0.8, 20, 30, 0.925, 0.957, 0.958),
        (0.8, 60, 90, 0.941, 0.953, 0.955),
        (0.95, 20, 30, 0.861, 0.947, 0.969),
    ],
)
def test_an_area_is_held_more_often_on_the_logit_scale(
    auc, cases, controls, delong, on_logits, by_newcombe
):
    # two normal groups, 600 studies; Monte-Carlo error of a share of 0.95 in 600: 0.009, of one
    # of 0.85: 0.015. DeLong's interval, the one of pROC, is too narrow in small groups
    rng, shift = np.random.default_rng(22), norm.ppf(auc) * np.sqrt(2)
    y, inside = np.repeat([1.0, 0.0], [cases, controls]), []
    for _ in range(600):
        area = roc(rng.normal(size=len(y)) + shift * y, y)
        ways = (delong_interval, logit_interval if area.auc < 1 else newcombe_interval)
        inside.append([auc in way(area) for way in (*ways, newcombe_interval)])

    assert [delong, on_logits, by_newcombe] == pytest.approx(np.mean(inside, axis=0), abs=0.04)


def test_the_interval_that_is_printed_never_falls_far_below_its_level_near_1():
    # the default: DeLong up to 0.95, then on the logit scale, never a point. 800 studies,
    # Monte-Carlo error 0.008
    for cases, controls in ((12, 20), (8, 25)):
        rng, shift = np.random.default_rng(23), norm.ppf(0.95) * np.sqrt(2)
        y = np.repeat([1.0, 0.0], [cases, controls])
        inside = [
            0.95 in roc(rng.normal(size=len(y)) + shift * y, y).interval() for _ in range(800)
        ]

        assert np.mean(inside) > 0.95 - 3 * 0.008


@pytest.mark.parametrize("n", [10, 29, 58, 90])
def test_wilson_covers_its_level_on_average_and_clopper_pearson_always(n):
    # every count gone through: no chance in it; shares from 0.02 to 0.98
    chance = binom.pmf(np.arange(n + 1)[:, np.newaxis], n, SHARES)
    covered = {}
    for name, way in (("Wilson", wilson), ("exact", clopper_pearson)):
        ends = [way(k, n).interval for k in range(n + 1)]
        inside = np.array([(end.low <= SHARES) & (end.high >= SHARES) for end in ends])
        covered[name] = (chance * inside).sum(axis=0)

    assert 0.95 == pytest.approx(covered["Wilson"].mean(), abs=0.007)
    assert covered["Wilson"].min() > 0.85
    assert covered["exact"].min() > 0.95 - 1e-9
    assert covered["exact"].mean() > covered["Wilson"].mean()


def covers(way, n1, n2):
    """The exact share of intervals that hold the difference, over a grid of both shares."""
    ends = [[way(i, n1, j, n2).interval for j in range(n2 + 1)] for i in range(n1 + 1)]
    low, high = (
        np.array([[getattr(e, end) for e in row] for row in ends]) for end in ("low", "high")
    )
    found = []
    for p in np.linspace(0.05, 0.95, 13):
        for q in np.linspace(0.05, 0.95, 13):
            chance = np.outer(binom.pmf(range(n1 + 1), n1, p), binom.pmf(range(n2 + 1), n2, q))
            found.append((chance * ((low <= p - q) & (high >= p - q))).sum())
    return np.array(found)


def test_differences_of_shares_are_covered_by_newcombe_and_not_by_the_textbook():
    # all pairs of counts of 15 and 20 patients: no chance in it
    hybrid, score, plain = (covers(way, 15, 20) for way in (newcombe, miettinen_nurminen, wald))

    assert 0.95 == pytest.approx(hybrid.mean(), abs=0.01)
    assert 0.95 == pytest.approx(score.mean(), abs=0.01)
    assert hybrid.min() > 0.90
    assert plain.mean() < 0.93
    assert plain.min() < 0.85


def test_a_searched_cut_off_and_what_it_is_worth():
    # 150 studies of 90 patients, normal groups 1.2 apart: the best cut-off is 0.6, and what the
    # one found does in new patients is known. Monte-Carlo error of a share of 0.85: 0.03. In 600
    # studies the cut-off is held by 0.947, sensitivity and specificity by 0.925 and 0.957, and
    # their sum, which was searched for, by 0.848; it looks too good by 0.09, corrected by 0.03
    inside, gap = [], []
    for study in range(150):
        rng = np.random.default_rng(study)
        y = (rng.random(90) < 0.4).astype(float)
        found = validate_cutpoint(rng.normal(size=90) + 1.2 * y, y, bootstrap(90, 150, seed=study))
        truth = (norm.sf(found.value - 1.2), norm.cdf(found.value))
        shares = (found.sensitivity, found.specificity, found.youden)
        intervals = [found.interval, *(share.interval for share in shares)]
        inside.append(held((0.6, *truth, sum(truth) - 1), intervals))
        gap.append(
            [getattr(found.youden, way) - sum(truth) + 1 for way in ("apparent", "corrected")]
        )

    assert [0.947, 0.925, 0.957, 0.848] == pytest.approx(np.mean(inside, axis=0), abs=3 * 0.03)
    looks, corrected = np.mean(gap, axis=0)
    assert looks > 0.07
    assert corrected < looks / 2


BETA = np.array([-0.6, 0.8, 0.4, 0.0, 0.0])
WIDE = np.column_stack([np.ones(20_000), np.random.default_rng(10**6).normal(size=(20_000, 4))])
RISK = expit(WIDE @ BETA)  # known, so that no outcome has to be drawn for the truth


def true_area(line):
    """The area under the curve in the population: every pair by the chance that it is one."""
    case = RISK[np.argsort(line)]
    control = 1 - case
    below = np.cumsum(control) - control / 2
    return (case * below).sum() / (case.sum() * control.sum())


def true_line(line):
    """Intercept and slope of the true risks on a model's log odds, by Newton's method."""
    X, coef = np.column_stack([np.ones(len(line)), line]), np.zeros(2)
    for _ in range(12):
        risk = expit(X @ coef)
        coef = coef + np.linalg.solve((X.T * (risk * (1 - risk))) @ X, X.T @ (RISK - risk))
    return coef


def test_what_the_intervals_of_corrected_performance_hold():
    # 120 studies of 120 patients; the truth is the study's own model in the population, from its
    # true risks. Monte-Carlo error of a share of 0.87 in 120: 0.03. In 600 studies (300 of 300
    # patients): AUC 0.877 (0.897), Brier 0.853 (0.880), slope 0.865 (0.883), intercept 0.923
    # (0.923): approximate, somewhat narrow. Net benefit of the model as it is, at 0.2 and 0.4:
    # 0.937 (0.903) and 0.897 (0.917), being itself too good by 0.017 (0.006) and 0.031 (0.014)
    at, inside, gaps = np.array([0.2, 0.4]), [], []
    for study in range(120):
        rng = np.random.default_rng(study)
        X = np.column_stack([np.ones(120), rng.normal(size=(120, 4))])
        y = (rng.random(120) < expit(X @ BETA)).astype(float)
        drawn, model = bootstrap(120, 100, seed=study), fit(X, y, "abcde")
        found = optimism(X, y, "abcde", drawn).measures
        line = WIDE @ model.coef
        risk, (intercept, slope) = expit(line), true_line(line)
        area = true_area(line)
        truth = (area, np.mean(RISK * (1 - risk) ** 2 + (1 - RISK) * risk**2), slope, intercept)
        curve = decision_curve(model.risk(X), y, at, weights=drawn.weights)
        worth = [((RISK - (1 - RISK) * t / (1 - t)) * (risk >= t)).mean() for t in at]
        names = ("auc", "brier", "slope", "intercept")
        inside.append(
            held(truth, [found[name].interval for name in names])
            + ((curve.low <= worth) & (worth <= curve.high)).tolist()
        )
        gaps.append(
            [
                found["auc"].apparent - area,
                found["auc"].corrected - area,
                found["slope"].corrected - slope,
            ]
        )

    expected = [0.877, 0.853, 0.865, 0.923, 0.937, 0.897]
    assert expected == pytest.approx(np.mean(inside, axis=0), abs=3 * 0.03)
    naive, area_gap, slope_gap = np.mean(gaps, axis=0)  # Monte-Carlo errors 0.005, 0.005, 0.025
    assert naive > 0.02
    assert 0.0 == pytest.approx(area_gap, abs=3 * 0.005)
    assert 0.0 == pytest.approx(slope_gap, abs=3 * 0.025)
