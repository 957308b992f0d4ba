import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.calibration import (
    calibration,
    calibration_groups,
    observed_to_expected,
    recalibration,
    spiegelhalter,
)
from avidity.stats.goodness_of_fit import by_ranks
from avidity.stats.logistic import fit
from avidity.stats.separation import SeparatedError


@pytest.fixture(scope="module")
def distorted(birthwt):
    """The birthwt model's risks with log odds times 0.8 plus 0.3, and the outcome."""
    X, y, _, fitted = birthwt
    return expit(0.8 * fitted.linear_predictor(X) + 0.3), y


def test_single_numbers_match_val_prob(distorted):
    # K75. R 4.2.2, rms 6.5-0: val.prob(plogis(.8 * lp + .3), low, pl = FALSE), with lp of
    # glm(epsilon = 1e-14). Slope 1.25 and intercept -0.375 are exact by algebra
    got = calibration(*distorted)

    again = got.recalibration
    assert again.slope.estimate == pytest.approx(1.25, rel=1e-12)
    assert again.intercept_at_slope.estimate == pytest.approx(-0.375, rel=1e-12)
    assert got.brier == pytest.approx(0.18708702106829, rel=1e-12)
    assert got.discrimination == pytest.approx(0.12740336918809, rel=1e-9)
    assert got.unreliability == pytest.approx(0.03262332387755, rel=1e-9)
    assert got.quality == pytest.approx(0.09478004531054, rel=1e-9)
    assert again.unreliability.statistic == pytest.approx(8.16580821285706, rel=1e-9)
    assert again.unreliability.p_value == pytest.approx(0.01685843580143, rel=1e-9)
    assert got.spiegelhalter.statistic == pytest.approx(-1.85457237188487, rel=1e-9)
    assert got.spiegelhalter.p_value == pytest.approx(0.06365731648616, rel=1e-9)
    assert (got.n, got.n_events) == (189, 59)


def test_both_intercepts_and_their_errors_match_glm(distorted):
    # R 4.2.2: glm(low ~ offset(qlogis(q))) and glm(low ~ qlogis(q)), epsilon = 1e-14
    got = recalibration(*distorted)

    assert got.in_the_large.estimate == pytest.approx(-0.436523357932, rel=1e-10)
    assert got.in_the_large.std_error == pytest.approx(0.1673295300478, rel=1e-9)
    assert got.in_the_large.test.p_value == pytest.approx(0.009086972319254, rel=1e-8)
    assert got.intercept_at_slope.std_error == pytest.approx(0.1815698172676, rel=1e-8)
    assert got.slope.std_error == pytest.approx(0.2467447244458, rel=1e-8)
    assert got.slope.test.statistic == pytest.approx(0.25 / 0.2467447244458, rel=1e-8)
    assert got.slope.test.method == "Wald test of slope 1"


def test_a_model_in_its_own_patients_is_calibrated_by_construction(birthwt):
    X, y, _, fitted = birthwt
    got = calibration(fitted.risk(X), y)

    assert got.recalibration.slope.estimate == pytest.approx(1, abs=1e-9)
    assert got.recalibration.in_the_large.estimate == pytest.approx(0, abs=1e-9)
    assert got.recalibration.intercept_at_slope.estimate == pytest.approx(0, abs=1e-9)
    assert got.observed_to_expected.estimate == pytest.approx(1, abs=1e-9)
    assert got.unreliability == pytest.approx(-2 / 189, abs=1e-9)
    assert got.recalibration.unreliability.p_value == pytest.approx(1, abs=1e-6)
    assert got.brier == pytest.approx(0.179434725353, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1, 1), st.floats(0.4, 2.0))
def test_distorting_the_log_odds_moves_slope_and_intercept_as_algebra_says(seed, shift, factor):
    rng = np.random.default_rng(seed)
    line = rng.normal(size=80)
    y = rng.random(80) < expit(line)
    y[:2] = (True, False)
    straight = recalibration(expit(line), y)
    bent = recalibration(expit(shift + factor * line), y)

    slope, intercept = straight.slope.estimate, straight.intercept_at_slope.estimate
    assert bent.slope.estimate == pytest.approx(slope / factor, rel=1e-6)
    assert bent.intercept_at_slope.estimate == pytest.approx(
        intercept - slope * shift / factor, rel=1e-6, abs=1e-8
    )
    moved = recalibration(expit(shift + line), y)
    assert moved.in_the_large.estimate == pytest.approx(
        straight.in_the_large.estimate - shift, abs=1e-8
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_shift_in_the_large_makes_the_mean_risk_right(seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.02, 0.98, 40)
    y = rng.random(40) < p**2
    y[:2] = (True, False)
    shift = recalibration(p, y).in_the_large.estimate

    assert expit(logit(p) + shift).mean() == pytest.approx(y.mean(), abs=1e-9)


def test_intervals_cover_under_a_perfect_model():
    # 500 cohorts of 150; true slope 1, shift 0, O:E 1; Monte-Carlo error of 95% is 1%
    rng = np.random.default_rng(17)
    covered = []
    z = []
    for _ in range(500):
        p = expit(rng.normal(-0.5, 1.0, 150))
        got = calibration(p, rng.random(150) < p)
        covered.append(
            (
                1 in got.recalibration.slope.interval,
                0 in got.recalibration.in_the_large.interval,
                1 in got.observed_to_expected.interval,
                got.spiegelhalter.p_value > 0.05,
                got.recalibration.unreliability.p_value > 0.05,
            )
        )
        z.append(got.spiegelhalter.statistic)
    slope, large, ratio, spread, unreliable = np.mean(covered, axis=0)

    assert np.array([slope, large, spread, unreliable]) == pytest.approx(0.95, abs=0.03)
    # the risks of a cohort explain part of the spread of the cases, so this one is a little wide
    assert 0.94 <= ratio <= 0.995
    assert np.mean(z) == pytest.approx(0, abs=0.15)


def test_observed_to_expected_is_their_ratio_with_the_published_error():
    # 30 of 100, 25 expected: log-scale error sqrt(0.7 / 30)
    got = observed_to_expected([0.25] * 100, [1] * 30 + [0] * 70)

    assert got.estimate == pytest.approx(1.2)
    assert np.log(got.interval.high / 1.2) == pytest.approx(1.959964 * np.sqrt(0.7 / 30), rel=1e-6)
    assert np.log(1.2 / got.interval.low) == pytest.approx(1.959964 * np.sqrt(0.7 / 30), rel=1e-6)
    with pytest.raises(AnalysisError, match="no case is expected"):
        observed_to_expected([0.0, 0.0], [1, 0])


def test_scaled_brier_knows_nothing_at_zero_and_all_at_one():
    y = np.array([1, 0, 0, 0, 1] * 10)
    near = np.where(y == 1, 0.6, 0.4) + np.linspace(-0.05, 0.05, 50)
    # the fitted slope needs some overlap
    near[:2] = (0.3, 0.7)

    assert calibration(np.linspace(0.3999, 0.4001, 50), y).scaled_brier == pytest.approx(
        0, abs=1e-3
    )
    assert 0 < calibration(near, y).scaled_brier < 1


def test_spiegelhalter_by_hand():
    p, y = np.array([0.2, 0.3, 0.9]), np.array([0, 1, 1])
    top = (0 - 0.2) * 0.6 + (1 - 0.3) * 0.4 + (1 - 0.9) * -0.8
    bottom = np.sqrt(0.36 * 0.16 + 0.16 * 0.21 + 0.64 * 0.09)

    assert spiegelhalter(p, y).statistic == pytest.approx(top / bottom, rel=1e-12)
    with pytest.raises(AnalysisError, match="says nothing"):
        spiegelhalter([0.5, 0.5], [0, 1])


def test_risks_that_cannot_be_recalibrated_are_refused():
    with pytest.raises(AnalysisError, match="2 predicted risks are exactly 0 or 1"):
        calibration([0.0, 0.2, 1.0, 0.5], [0, 1, 1, 0])
    with pytest.raises(SeparatedError):
        calibration([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    with pytest.raises(AnalysisError, match="constant"):
        calibration([0.3] * 4, [0, 1, 1, 0])
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration([0.3, 1.2], [0, 1])
    with pytest.raises(AnalysisError, match="no controls"):
        calibration([0.3, 0.2], [1, 1])


def test_groups_hold_everybody_and_their_cases(birthwt):
    X, y, _, fitted = birthwt
    risk = fitted.risk(X)
    for by in (None, by_ranks):
        groups = calibration_groups(risk, y, 5, **({"by": by} if by else {}))
        assert sum(group.observed.n for group in groups) == 189
        assert sum(group.observed.n * group.observed.estimate for group in groups) == (
            pytest.approx(59)
        )
        weighted = sum(group.observed.n * group.predicted for group in groups)
        assert weighted == pytest.approx(risk.sum())
        assert all(group.lowest <= group.predicted <= group.highest for group in groups)


def test_slope_and_intercept_equal_an_ordinary_fit(distorted):
    risk, y = distorted
    X = np.column_stack([np.ones(len(y)), logit(risk)])
    plain = fit(X, y, ("intercept", "line"))

    got = recalibration(risk, y, 0.9)
    assert plain.coef == pytest.approx(
        [got.intercept_at_slope.estimate, got.slope.estimate], rel=1e-12
    )
    assert got.slope.interval.level == 0.9
