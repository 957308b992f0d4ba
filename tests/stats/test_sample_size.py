import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.sample_size import (
    cox_snell_of_auc,
    development_size,
    expected_shrinkage,
    max_cox_snell,
    mean_absolute_error,
    supports,
)


@pytest.mark.parametrize(
    ("parameters", "prevalence", "cox_snell", "sizes"),
    [
        (24, 0.174, 0.288, (623, 662, 221)),
        (24, 0.174, 0.55, (255, 532, 221)),
        (36, 0.174, 0.288, (934, 992, 221)),
        (24, 0.25, 0.288, (623, 590, 289)),
        (24, 0.174, 0.2902, (617, 661, 221)),
        (10, 0.5, 0.5, (124, 186, 385)),
        (3, 32 / 90, 0.288, (78, 69, 353)),
    ],
)
def test_development_size_matches_pmsampsize(parameters, prevalence, cox_snell, sizes):
    # K127 to K132
    # pmsampsize 1.1 (R): pmsampsize(type = "b", csrsquared = , parameters = , prevalence = )
    got = development_size(parameters, prevalence, cox_snell=cox_snell)

    assert sizes == tuple(each.n for each in got.requirements)
    assert max(sizes) == got.n


def test_events_per_parameter_and_the_bound_match_pmsampsize():
    # K127: EPP 4.80, Max_Rsq 0.6032086678
    got = development_size(24, 0.174, cox_snell=0.288)

    assert got.max_cox_snell == pytest.approx(0.6032086678, rel=1e-10)
    assert got.events_per_parameter == pytest.approx(4.80, abs=0.005)
    assert got.n_events == pytest.approx(662 * 0.174)


def test_an_expected_auc_is_integrated_where_pmsampsize_draws_patients():
    # K130
    # pmsampsize(cstatistic = 0.89, prevalence = 0.174): R squared 0.2902 from a million random
    # patients (0.2910 here), hence 617, 661, 221; 0.0007 is their Monte-Carlo error
    got = development_size(24, 0.174, auc=0.89)

    assert got.cox_snell == pytest.approx(0.2902, abs=0.001)
    assert (617, 661, 221) == pytest.approx([each.n for each in got.requirements], abs=3)


def test_the_r_squared_of_an_auc_equals_that_of_a_fit_to_many_patients():
    # two normal groups, n = 400,000; standard error of R squared about 0.001
    rng = np.random.default_rng(11)
    y = (rng.random(400_000) < 0.35).astype(float)
    line = rng.normal(size=400_000) + y * np.sqrt(2) * 0.8416212335729143  # AUC 0.8
    fitted = fit(np.column_stack([np.ones(len(y)), line]), y, ("intercept", "line"))

    assert cox_snell_of_auc(0.8, 0.35) == pytest.approx(fitted.cox_snell, abs=0.004)


def test_the_seed_papers_cohort_carries_three_parameters_and_not_its_mean_risk():
    # K132: 32 cases in 90 patients; pmsampsize asks for 78, 69 and 353 patients for 3 parameters
    got = supports(90, 32, cox_snell=0.288)

    assert got.parameters == 3
    assert not got.enough_for_risk
    assert got.n_for_risk == 353
    assert got.risk_margin == pytest.approx(1.96 * np.sqrt(32 * 58 / 90**3))
    assert got.events_per_parameter(8) == 4
    assert got.shrinkage(3) > 0.9 > got.shrinkage(4)


def test_without_any_knowledge_a_weak_model_is_expected():
    got = supports(90, 32)

    assert got.cox_snell == pytest.approx(0.15 * max_cox_snell(32 / 90))
    assert "nothing is known" in got.assumption
    assert got.parameters == 1
    assert got.caution == ""
    assert got.cox_snell == supports(90, 32, nagelkerke=0.15).cox_snell


def test_a_strong_model_carries_the_caution_about_the_formula():
    assert "too few patients" in supports(300, 100, auc=0.85).caution
    assert supports(300, 100, auc=0.75).caution == ""
    assert "AUC of 0.85" in supports(300, 100, auc=0.85).assumption


@settings(max_examples=40, deadline=None)
@given(st.integers(30, 2000), st.floats(0.05, 0.95), st.floats(0.52, 0.95))
def test_what_a_cohort_carries_is_what_its_size_was_asked_for(n, share, auc):
    events = min(max(1, round(n * share)), n - 1)
    got = supports(n, events, auc=auc)
    prevalence = events / n

    if got.parameters:
        asked = development_size(got.parameters, prevalence, auc=auc)
        assert max(each.n for each in asked.requirements[:2]) <= n
    more = development_size(got.parameters + 1, prevalence, auc=auc)
    assert max(each.n for each in more.requirements[:2]) > n


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(20, 3000), st.floats(0.02, 0.7))
def test_expected_shrinkage_is_the_inverse_of_the_size(parameters, n, cox_snell):
    factor = expected_shrinkage(parameters, n, cox_snell)

    assert cox_snell < factor < 1
    if factor - cox_snell > 1e-6:
        back = parameters / ((factor - 1) * np.log(1 - cox_snell / factor))
        assert back == pytest.approx(n, rel=1e-6)


def test_the_shrinkage_that_is_expected_is_the_one_that_comes():
    # 8 predictors, 200 patients, true AUC about 0.75: mean calibration slope of 400 fitted models
    # in the population, against the formula at the population's R squared. Both means have a
    # Monte-Carlo error of about 0.01; the formula itself is an approximation
    rng = np.random.default_rng(3)
    beta = np.array([0.5, 0.5, 0.4, -0.4, 0.2, 0.0, 0.0, 0.0])
    slopes = []
    for _ in range(400):
        X = rng.normal(size=(200, 8))
        y = (rng.random(200) < expit(X @ beta - 0.5)).astype(float)
        coef = fit(
            np.column_stack([np.ones(200), X]), y, ("intercept", *(f"x{i}" for i in range(8)))
        ).coef[1:]
        # for independent normal predictors the slope of the true on the fitted line
        slopes.append(coef @ beta / (coef @ coef))
    big = rng.normal(size=(200_000, 8))
    y = (rng.random(200_000) < expit(big @ beta - 0.5)).astype(float)
    line = np.column_stack([np.ones(len(y)), big @ beta])
    strength = fit(line, y, ("intercept", "line")).cox_snell

    assert np.mean(slopes) == pytest.approx(expected_shrinkage(8, 200, strength), abs=0.04)


@pytest.mark.parametrize(("parameters", "prevalence", "n"), [(10, 0.3, 461), (30, 0.05, 544)])
def test_mean_absolute_error_reaches_its_aim_at_the_published_size(parameters, prevalence, n):
    # n = exp((-0.508 + 0.259 ln φ + 0.504 ln P - ln 0.05) / 0.544), rounded up
    assert mean_absolute_error(parameters, n, prevalence) <= 0.05
    assert mean_absolute_error(parameters, n - 1, prevalence) > 0.05
    assert mean_absolute_error(parameters, n, 1 - prevalence) <= 0.05


def test_impossible_questions_are_refused():
    with pytest.raises(AnalysisError, match="with and without"):
        supports(90, 0)
    with pytest.raises(AnalysisError, match=r"between 0 and 0\.728"):
        supports(90, 32, cox_snell=0.8)
    with pytest.raises(AnalysisError, match="one of"):
        supports(90, 32, cox_snell=0.2, auc=0.8)
    with pytest.raises(AnalysisError, match=r"above 0\.5"):
        supports(90, 32, auc=0.5)
    with pytest.raises(AnalysisError, match="at least one candidate"):
        development_size(0, 0.3)
    with pytest.raises(AnalysisError, match="prevalence"):
        development_size(3, 1.0)
    with pytest.raises(AnalysisError, match="at least one parameter"):
        supports(90, 32).shrinkage(0)
    with pytest.raises(AnalysisError, match="at least one parameter"):
        supports(90, 32).events_per_parameter(0)
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        expected_shrinkage(3, 90, 1.0)
    with pytest.raises(AnalysisError, match="1 to 30"):
        mean_absolute_error(31, 500, 0.3)
