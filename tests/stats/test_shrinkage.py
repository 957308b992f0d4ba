import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.calibration import recalibration
from avidity.stats.firth import fit_firth
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit
from avidity.stats.shrinkage import (
    ShrinkageFactor,
    bootstrap_factor,
    heuristic_factor,
    shrunken,
)


def test_heuristic_factor_and_its_intercept_match_r(birthwt):
    # K60. R 4.2.2: (33.2450449894 - 8) / 33.2450449894;
    # coef(glm(low ~ offset(factor * X %*% beta[-1])))
    X, y, names, fitted = birthwt
    factor = heuristic_factor(fitted)
    got = shrunken(X, y, names, fitted.coef, factor)

    assert factor.value == pytest.approx(0.759362635769, rel=1e-10)
    assert factor.value == pytest.approx(fitted.shrinkage, rel=1e-14)
    assert got.coef[1:] == pytest.approx(factor.value * fitted.coef[1:], rel=1e-14)
    assert got.coef[0] == pytest.approx(0.1874419225593, rel=1e-8)
    assert (got.apparent == fitted.coef).all()
    assert got.mean_risk == pytest.approx(59 / 189, rel=1e-12)
    assert got.risk(X).mean() == pytest.approx(59 / 189, rel=1e-12)


def test_candidates_that_were_looked_at_count(birthwt):
    _, _, _, fitted = birthwt
    chi2 = fitted.null_deviance - fitted.deviance

    assert heuristic_factor(fitted, 20).value == pytest.approx((chi2 - 20) / chi2)
    with pytest.raises(AnalysisError, match="at least one and 8 candidates"):
        heuristic_factor(fitted, 3)


def test_a_bootstrap_factor_carries_its_monte_carlo_error():
    got = bootstrap_factor([0.7, 0.8, 0.9])

    assert got.value == pytest.approx(0.8)
    assert got.monte_carlo_error == pytest.approx(0.1 / np.sqrt(3))
    assert "3 bootstrap models" in got.method
    for bad in ([0.8], [0.8, np.nan], [[0.7, 0.8]]):
        with pytest.raises(AnalysisError, match="two finite"):
            bootstrap_factor(bad)


def test_no_factor_turns_an_effect_round_or_inflates_it():
    assert ShrinkageFactor(-0.4, "").applied == 0
    assert ShrinkageFactor(1.1, "").applied == 1
    assert ShrinkageFactor(0.7, "").applied == 0.7


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_the_mean_risk_is_the_share_of_cases_and_the_slope_is_put_right(seed, value):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    y = rng.random(60) < expit(X[:, 1] - 0.5)
    y[:2] = (True, False)
    fitted = fit_firth(X, y, ("intercept", "a", "b"))
    got = shrunken(X, y, fitted.names, fitted.coef, ShrinkageFactor(value, "given"))

    assert got.risk(X).mean() == pytest.approx(y.mean(), abs=1e-9)
    assert (np.abs(got.coef[1:]) <= np.abs(fitted.coef[1:])).all()


def test_weights_stand_for_copies():
    rng = np.random.default_rng(1)
    X = np.column_stack([np.ones(40), rng.normal(size=40)])
    y, weights = np.arange(40) % 2, rng.integers(0, 3, 40)
    copied = np.repeat(np.arange(40), weights)
    factor = ShrinkageFactor(0.6, "given")
    one = shrunken(X, y, ("intercept", "a"), [0.1, 2.0], factor, weights)
    two = shrunken(X[copied], y[copied], ("intercept", "a"), [0.1, 2.0], factor)

    assert one.coef == pytest.approx(two.coef, abs=1e-12)
    assert one.n == two.n
    assert one.n_events == two.n_events
    assert one.mean_risk == pytest.approx(one.n_events / one.n, abs=1e-12)


def test_shrinking_brings_new_patients_nearer_to_calibration():
    # 6 predictors, 100 patients, 150 cohorts: slope and Brier's score in 3,000 new patients
    # before and after the heuristic factor; Monte-Carlo error of the medians about 0.03
    rng = np.random.default_rng(21)
    beta = np.array([-0.5, 1.0, 0.7, 0.4, 0.0, 0.0, 0.0])
    names = ("intercept", *(f"x{place}" for place in range(1, 7)))
    new = np.column_stack([np.ones(3_000), rng.normal(size=(3_000, 6))])
    truth = rng.random(3_000) < expit(new @ beta)
    slopes, scores = [], []
    for _ in range(150):
        X = np.column_stack([np.ones(100), rng.normal(size=(100, 6))])
        y = rng.random(100) < expit(X @ beta)
        fitted = fit(X, y, names)
        better = shrunken(X, y, names, fitted.coef, heuristic_factor(fitted))
        risks = (fitted.risk(new), better.risk(new))
        slopes.append([recalibration(risk, truth).slope.estimate for risk in risks])
        scores.append([brier(risk, truth) for risk in risks])
    before, after = np.median(slopes, axis=0)

    assert before < 0.85
    assert before < after < 1.2
    assert abs(after - 1) < abs(before - 1)
    assert np.mean(scores, axis=0)[1] < np.mean(scores, axis=0)[0]


def test_wrong_shapes_are_refused(birthwt):
    X, y, names, fitted = birthwt
    with pytest.raises(ValueError, match="9 finite numbers"):
        shrunken(X, y, names, fitted.coef[1:], ShrinkageFactor(0.8, "given"))
