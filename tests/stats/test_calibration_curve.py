import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.calibration_curve import errors_of, loess_curve, lowess_curve, spline_curve


@pytest.fixture(scope="module")
def apparent(birthwt):
    X, y, _, fitted = birthwt
    return fitted.risk(X), y


@pytest.fixture(scope="module")
def distorted(birthwt):
    X, y, _, fitted = birthwt
    return expit(0.8 * fitted.linear_predictor(X) + 0.3), y


def test_loess_errors_match_r(apparent):
    # K76. R 4.2.2: p <- fitted(glm(..., epsilon = 1e-14)); e <- abs(predict(loess(low ~ p)) - p);
    # mean(e), quantile(e, c(.5, .9)), max(e). With glm's default epsilon they are
    # 0.0140730235642, 0.0119377980255, 0.0266163769101
    got = loess_curve(*apparent).errors

    assert got.ici == pytest.approx(0.01407302623366, rel=1e-10)
    assert got.e50 == pytest.approx(0.01193779961663, rel=1e-10)
    assert got.e90 == pytest.approx(0.0266163867724, rel=1e-10)
    assert got.e_max == pytest.approx(0.0802699254934, rel=1e-10)
    assert got.ici == pytest.approx(0.0140730235642, rel=1e-6)


def test_lowess_errors_match_val_prob(distorted):
    # K75. R 4.2.2, rms 6.5-0: val.prob(q, low, pl = FALSE)[c("Eavg", "E90", "Emax")]
    got = lowess_curve(*distorted).errors

    assert got.ici == pytest.approx(0.08554681211960, rel=1e-9)
    assert got.e90 == pytest.approx(0.09876284676498, rel=1e-9)
    assert got.e_max == pytest.approx(0.11238648430054, rel=1e-9)


def test_spline_curve_and_band_match_r(distorted):
    # R 4.2.2: k <- rcspline.eval(qlogis(q), nk = 4, inclx = TRUE); m <- glm(low ~ k, binomial);
    # predict(m, se = TRUE), ends with qnorm(.975), at the smallest, middle and largest risk
    risk, y = distorted
    got = spline_curve(risk, y, 4)

    assert got.errors.ici == pytest.approx(0.08730323672712, rel=1e-8)
    assert got.errors.e50 == pytest.approx(0.0901717247156, rel=1e-8)
    assert got.errors.e90 == pytest.approx(0.1084779131588, rel=1e-8)
    assert got.errors.e_max == pytest.approx(0.1121774719174, rel=1e-8)
    ends = [
        (0.07165176178986, 0.005478945337595, 9.960085318014e-05, 0.2335350019927),
        (0.83507367266571, 0.839361657512841, 4.743245452767e-01, 0.9680083115458),
    ]
    for place, (at, observed, low, high) in zip((0, -1), ends, strict=True):
        assert got.risk[place] == pytest.approx(at, rel=1e-9)
        assert got.observed[place] == pytest.approx(observed, rel=1e-6)
        assert got.low[place] == pytest.approx(low, rel=1e-6)
        assert got.high[place] == pytest.approx(high, rel=1e-6)


def test_the_curve_of_a_spline_with_a_straight_answer_is_the_diagonal(apparent):
    # the fitted model is calibrated; bending adds little, and nothing in the mean
    risk, y = apparent
    got = spline_curve(risk, y)

    assert got.errors.ici < 0.02
    assert got.n == 189
    assert "3 knots" in got.method
    assert (got.low < got.observed).all()
    assert (got.observed < got.high).all()


def test_knots_can_be_given_as_places(distorted):
    risk, y = distorted
    by_count = spline_curve(risk, y, 3)
    line = logit(risk)
    places = np.quantile(line, [0.1, 0.5, 0.9])

    assert spline_curve(risk, y, places.tolist()).observed == pytest.approx(
        by_count.observed, rel=1e-9
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_errors_are_ordered_and_never_negative(seed):
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-0.5, 1.2, 90))
    y = rng.random(90) < p
    for curve in (loess_curve(p, y), lowess_curve(p, y)):
        errors = curve.errors
        assert 0 <= errors.e50 <= errors.e90 <= errors.e_max
        assert 0 <= errors.ici <= errors.e_max
        assert (np.diff(curve.risk) > 0).all()
        assert ((curve.observed >= 0) & (curve.observed <= 1)).all()


def test_in_a_large_calibrated_cohort_the_errors_vanish():
    # n = 40,000, truly calibrated: the errors of all three curves are noise of about 0.005
    rng = np.random.default_rng(4)
    p = expit(rng.normal(-0.5, 1.2, 40_000))
    y = rng.random(40_000) < p
    for curve in (loess_curve(p, y), lowess_curve(p, y), spline_curve(p, y, 5)):
        assert curve.errors.ici < 0.012


def test_the_pointwise_band_of_the_spline_covers():
    # 300 calibrated cohorts of 200; at the middle of the range the truth is the diagonal;
    # Monte-Carlo error of 95% is 1.3%
    rng = np.random.default_rng(6)
    inside = []
    for _ in range(300):
        p = expit(rng.normal(-0.5, 1.0, 200))
        got = spline_curve(p, rng.random(200) < p, points=11)
        inside.append(bool(got.low[5] <= got.risk[5] <= got.high[5]))

    assert np.mean(inside) == pytest.approx(0.95, abs=0.035)


def test_distances_by_hand():
    got = errors_of(np.array([0.1, 0.2, 0.3, 0.4, 0.5]), np.array([0.1, 0.3, 0.1, 0.4, 0.8]))

    assert got.ici == pytest.approx(0.12)
    assert got.e50 == pytest.approx(0.1)
    assert got.e90 == pytest.approx(0.26)
    assert got.e_max == pytest.approx(0.3)


def test_too_few_different_risks_have_no_curve():
    risk, y = [0.2, 0.3] * 20, [0, 1, 1, 0] * 10
    with pytest.raises(AnalysisError, match="fewer than three"):
        loess_curve(risk, y)
    with pytest.raises(AnalysisError, match="too few for a spline"):
        spline_curve(risk, y)
