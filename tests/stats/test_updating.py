"""A model brought to new patients: each update against its definition, and the closed test."""

import numpy as np
import pytest
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.calibration import recalibration
from avidity.stats.firth import fit_firth
from avidity.stats.logistic import fit
from avidity.stats.updating import update

NAMES = ("intercept", "age", "size", "spread")
OLD = np.array([-1.0, 0.8, 0.5, 1.2])
KNOWN = np.diag([0.04, 0.02, 0.03, 0.05]) + 0.005


def moved(shift):
    """What a shift of the intercept adds to coefficients."""
    return np.array([shift, 0, 0, 0])


def cohort(true, n=600, seed=1):
    dice = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), dice.normal(size=(n, 2)), dice.random(n) < 0.4])
    return X, (dice.random(n) < expit(X @ true)).astype(float)


def test_the_recalibrated_models_are_the_lines_of_the_calibration():
    X, y = cohort(0.6 * OLD + moved(0.5))
    told, found = recalibration(expit(X @ OLD), y), update(X, y, NAMES, OLD).updates
    large, logistic = found["in the large"], found["logistic"]

    assert large.shift == pytest.approx(told.in_the_large.estimate, abs=1e-8)
    assert large.coef == pytest.approx(OLD + moved(large.shift))
    assert logistic.shift == pytest.approx(told.intercept_at_slope.estimate, abs=1e-8)
    assert logistic.factor == pytest.approx(told.slope.estimate, abs=1e-8)
    assert logistic.coef == pytest.approx(logistic.factor * OLD + moved(logistic.shift))
    assert found["refit"].coef == pytest.approx(fit(X, y, NAMES).coef)
    assert (0, 1, 2, 4) == tuple(each.parameters for each in found.values())


def test_statsmodels_finds_the_same_shift_with_an_offset():
    import statsmodels.api as sm

    X, y = cohort(OLD + moved(0.7))
    theirs = sm.GLM(y, np.ones(len(y)), sm.families.Binomial(), offset=X @ OLD).fit(tol=1e-12)
    got = update(X, y, NAMES, OLD).updates["in the large"]

    assert got.shift == pytest.approx(theirs.params[0], rel=1e-8)
    assert got.log_likelihood == pytest.approx(theirs.llf, rel=1e-10)


@pytest.mark.parametrize(
    ("true", "chosen"),
    [
        (OLD, "as it is"),
        (OLD + moved(1.0), "in the large"),
        (0.4 * OLD, "logistic"),
        (np.array([-1.0, -0.8, 1.5, 0.0]), "refit"),
    ],
)
def test_the_closed_test_keeps_the_simplest_model_that_will_do(true, chosen):
    X, y = cohort(true, 1500, seed=3)
    got = update(X, y, NAMES, OLD)

    assert chosen == got.chosen
    assert [4.0, 3.0, 2.0][: len(got.steps)] == [step.test.df for step in got.steps]
    assert [False] * (len(got.steps) - 1) == [step.kept for step in got.steps][:-1]


def test_the_first_step_is_a_test_of_size_alpha():
    # 600 cohorts in which the model is true: the share not kept as it is; Monte-Carlo error
    # of 0.05: 0.0089
    changed = [update(*cohort(OLD, 400, seed), NAMES, OLD).chosen != "as it is"
               for seed in range(600)]  # fmt: skip

    assert np.mean(changed) == pytest.approx(0.05, abs=0.027)


def test_each_step_is_a_likelihood_ratio():
    X, y = cohort(0.4 * OLD + moved(1), 1500)
    got = update(X, y, NAMES, OLD)
    best = fit(X, y, NAMES).log_likelihood

    for step in got.steps:
        simple = got.updates[step.against].log_likelihood
        assert step.test.statistic == pytest.approx(2 * (best - simple))


def test_the_covariance_of_a_recalibrated_model_holds_both_uncertainties():
    # 1,000 old models drawn around the true one, each with a new cohort of its own; Monte-Carlo
    # error of a standard deviation: 2.2 %
    dice = np.random.default_rng(8)
    known = np.diag([0.01, 0.008, 0.008, 0.01])
    X, _ = cohort(OLD, 400)
    drawn = {"in the large": [], "logistic": []}
    told = {"in the large": [], "logistic": []}
    for at in range(1000):
        old = dice.multivariate_normal(OLD, known)
        y = (dice.random(400) < expit(X @ OLD)).astype(float)
        found = update(X, y, NAMES, old, known if at % 20 == 0 else None).updates
        for method, coefs in drawn.items():
            coefs.append(found[method].coef)
            if at % 20 == 0:
                told[method].append(found[method].covariance.diagonal())

    for method, coefs in drawn.items():
        expected = np.sqrt(np.mean(told[method], axis=0))
        assert expected == pytest.approx(np.std(coefs, axis=0), rel=0.1), method


def test_without_the_old_covariance_a_recalibrated_model_has_none():
    X, y = cohort(OLD)
    found = update(X, y, NAMES, OLD).updates

    assert found["logistic"].covariance is None
    assert found["refit"].covariance is not None
    assert update(X, y, NAMES, OLD, KNOWN).updates["as it is"].covariance == pytest.approx(KNOWN)


def test_a_separated_refit_is_firths_and_the_choice_falls_on_recalibration():
    X, y = cohort(OLD, 60)
    y[X[:, 3] == 1] = 1
    got = update(X, y, NAMES, OLD)

    assert "separated" in got.no_test
    assert () == got.steps
    assert "logistic" == got.chosen
    assert got.updates["refit"].coef[1:] == pytest.approx(fit_firth(X, y, NAMES).coef[1:])
    assert "FLIC" in got.updates["refit"].estimator


def test_what_cannot_be_updated_is_refused():
    X, y = cohort(OLD)
    with pytest.raises(AnalysisError, match="one predicted risk"):
        update(X, y, NAMES, [0.3, 0, 0, 0])
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        update(X, y, NAMES, OLD, alpha=0)
    with pytest.raises(AnalysisError, match="with and without the outcome"):
        update(X, np.ones(len(y)), NAMES, OLD)


def test_a_column_that_says_nothing_here_leaves_recalibration():
    X, y = cohort(OLD)
    X[:, 3] = 0
    got = update(X, y, NAMES, OLD)

    assert "spread: constant" in got.no_test
    assert {"as it is", "in the large", "logistic"} == set(got.updates)
    assert "logistic" == got.chosen


def test_risks_that_part_the_outcomes_leave_the_intercept_to_be_found():
    X, _ = cohort(OLD, 40)
    y = (X @ OLD > 0.3).astype(float)
    got = update(X, y, NAMES, OLD)

    assert "no slope" in got.no_test
    assert "logistic" not in got.updates
    assert "in the large" == got.chosen
    assert "Firth" in got.updates["refit"].estimator
