"""Known answers on data that R brings along: read from there, never copied."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.stats.batched.optimism import optimism
from avidity.stats.calibration import calibration, recalibration
from avidity.stats.cutpoint import best_cutpoints, performance
from avidity.stats.decision_curve import decision_curve, treat_all
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit, profile
from avidity.stats.resampling import bootstrap
from avidity.stats.roc import roc

PIMA = ("intercept", "npreg", "glu", "bp", "skin", "bmi", "ped", "age")


def pima(from_r, part):
    data = from_r(f"MASS::Pima.{part}")
    X = np.column_stack([np.ones(len(data["glu"])), *(data[name] for name in PIMA[1:])])
    return X, (data["type"] == "Yes").astype(float)


@pytest.fixture(scope="module")
def learnt(from_r):
    """type ~ . in the 200 women of Pima.tr, and its risks in the 332 of Pima.te."""
    fitted = fit(*pima(from_r, "tr"), PIMA)
    X, y = pima(from_r, "te")
    return fitted, fitted.risk(X), y


def test_a_model_of_diabetes_matches_r(learnt):
    # K67. R 4.2.2: glm(type ~ ., binomial, MASS::Pima.tr, epsilon = 1e-14)
    fitted, _, _ = learnt
    expected = {
        "glu": (0.0321168228931, 0.006787301718),
        "bmi": (0.0836239120546, 0.042826899078),
        "ped": (1.8204103674512, 0.665514005465),
        "npreg": (0.1031834273191, 0.064694166469),
    }

    assert 200 == fitted.n
    for term, (coef, error) in expected.items():
        at = PIMA.index(term)
        assert coef == pytest.approx(fitted.coef[at], rel=1e-11)
        assert error == pytest.approx(fitted.std_error[at], rel=1e-9)


def test_its_area_in_other_women_matches_r(learnt):
    # K22. R 4.2.2, pROC 1.18.0: ci(roc(Pima.te$type, p)); coords(, "best"), a mid-point there
    _, risk, y = learnt
    area = roc(risk, y)
    (best,) = best_cutpoints(risk, y)
    done = performance(best.table)

    assert 0.865882256140 == pytest.approx(area.auc, rel=1e-11)
    assert (0.826355421490, 0.905409090790) == pytest.approx(
        (area.interval().low, area.interval().high), rel=1e-11
    )
    assert 0.225686909162 == pytest.approx(best.midpoint, rel=1e-9)
    assert 0.889908256881 == pytest.approx(done.sensitivity.estimate, rel=1e-11)
    assert 0.695067264574 == pytest.approx(done.specificity.estimate, rel=1e-11)


def test_its_calibration_in_other_women_matches_r(learnt):
    # K22. R 4.2.2: glm(y ~ qlogis(p)), glm(y ~ offset(qlogis(p))), epsilon = 1e-14;
    # sum(y) / sum(p); rms 6.5-0 val.prob for Spiegelhalter's z
    _, risk, y = learnt
    again, whole = recalibration(risk, y), calibration(risk, y)

    assert 0.9533818773467 == pytest.approx(again.slope.estimate, rel=1e-11)
    assert 0.110088701141 == pytest.approx(again.slope.std_error, rel=1e-9)
    assert -0.0881742545334 == pytest.approx(again.intercept_at_slope.estimate, rel=1e-10)
    assert -0.064607973217 == pytest.approx(again.in_the_large.estimate, rel=1e-9)
    assert 0.147926812157 == pytest.approx(again.in_the_large.std_error, rel=1e-9)
    assert 0.973453283422 == pytest.approx(whole.observed_to_expected.estimate, rel=1e-11)
    assert 0.139310593981 == pytest.approx(brier(risk, y), rel=1e-11)
    assert -0.01784170549 == pytest.approx(whole.spiegelhalter.statistic, rel=1e-6)


def test_its_net_benefit_in_other_women_is_the_definitions(learnt):
    # K22. R 4.2.2: mean(p >= t & y) - mean(p >= t & !y) * t / (1 - t)
    _, risk, y = learnt
    at = [0.1, 0.2, 0.33, 0.5]
    expected = [0.279785809906, 0.241716867470, 0.186342384463, 0.129518072289]

    assert expected == pytest.approx(decision_curve(risk, y, at).net_benefit, rel=1e-11)
    assert 0.160391566265 == pytest.approx(treat_all(y, [0.2]).net_benefit[0], rel=1e-11)


def test_a_bootstrap_of_pminternal_comes_out_within_its_chance(from_r):
    # K79. pminternal's README: validate(glm(y ~ .), method = "boot_optimism", B = 100) on rows
    # drawn by R: C 0.8567 -> 0.8474, Brier 0.1423 -> 0.1477, slope 0.9471, intercept -0.0175
    data = from_r(
        "set.seed(2345); X <- matrix(rnorm(8000), 800, 10);"
        " y <- rbinom(800, 1, plogis(-1 + apply(X[, 1:5], 1, sum))); data.frame(y, X)"
    )
    X = np.column_stack([np.ones(800), *(data[f"X{at}"] for at in range(1, 11))])
    names = ("intercept", *(f"X{at}" for at in range(1, 11)))
    found = optimism(X, data["y"], names, bootstrap(800, 400, seed=1))

    for measure, apparent, corrected in (
        ("auc", 0.8567, 0.8474),
        ("brier", 0.1423, 0.1477),
        ("slope", 1.0, 0.9471),
        ("intercept", 0.0, -0.0175),
    ):
        got = found.measures[measure]
        gap = getattr(found.replicates.trained, measure) - getattr(found.replicates.tested, measure)
        # both means are of random resamples, theirs of 100; four standard errors
        error = float(np.std(gap)) * np.sqrt(1 / 100 + 1 / 400)
        assert apparent == pytest.approx(got.apparent, abs=5e-5)
        assert corrected == pytest.approx(got.corrected, abs=4 * error + 5e-5)


def test_abortions_and_infertility_match_r():
    # K64. Trichopoulos et al. 1976 (R's infert), as counts: spontaneous and induced abortions,
    # women with secondary infertility, women without. R 4.2.2: glm(case ~ spontaneous + induced,
    # binomial, infert, epsilon = 1e-14); MASS 7.3-58.2 confint, read off a spline
    cells = [
        *((0, 0, 7, 60), (0, 1, 12, 33), (0, 2, 9, 20), (1, 0, 22, 25)),
        *((1, 1, 5, 11), (1, 2, 4, 4), (2, 0, 18, 11), (2, 1, 6, 1)),
    ]
    rows = [(1, s, i) for s, i, *_ in cells]
    X = np.array(rows + rows, dtype=float)
    y = np.repeat([1.0, 0.0], len(cells))
    weights = [cell[2] for cell in cells] + [cell[3] for cell in cells]
    fitted = fit(X, y, ("intercept", "spontaneous", "induced"), weights)
    limits = [row.interval for row in profile(X, y, fitted, weights=weights)[1:]]

    assert 248 == fitted.n
    assert [1.1972050352931, 0.4181293950478] == pytest.approx(fitted.coef[1:], rel=1e-12)
    assert (0.7939449444, 1.6265830281) == pytest.approx((limits[0].low, limits[0].high), rel=1e-4)
    assert (0.0158628150, 0.8252475906) == pytest.approx((limits[1].low, limits[1].high), rel=1e-3)
