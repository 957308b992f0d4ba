import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.effect_curve import (
    Term,
    log_odds_ratio_curve,
    odds_ratio_curve,
    risk_curve,
    step_at,
    straight,
)
from avidity.stats.logistic import fit
from avidity.stats.splines import Spline, default_knots

AGE = ("age", "age'", "age''")


@pytest.fixture(scope="module")
def model(columns):
    """low ~ rcs(age, 4) + rcs(lwt, 3) + smoke, and its two splines"""
    data = columns("birthwt.csv")
    age, lwt = Spline(default_knots(data["age"], 4)), Spline(default_knots(data["lwt"], 3))
    columns_ = [np.ones(189), age.basis(data["age"]), lwt.basis(data["lwt"]), data["smoke"]]
    X = np.column_stack(columns_)
    return fit(X, data["low"], ("intercept", *AGE, "lwt", "lwt'", "smoke")), age, lwt


def test_curve_against_a_reference_matches_rms(model):
    # R 4.2.2, rms 6.5-0: Predict(f, age = c(15, 20, 25, 30, 40), ref.zero = TRUE), 25 being the
    # adjust-to value of age
    fitted, age, _ = model
    x = [15, 20, 25, 30, 40]
    got = log_odds_ratio_curve(fitted, Term(AGE, age.basis), x, reference=25)

    expected = [0.01524007211309, -0.57381276124970, 0, -0.80281789726100, -3.99500035656393]
    low = [-1.130975585471, -1.407679477112, 0, -1.630142016072, -7.784909295825]
    high = [1.16145572969759, 0.26005395461233, 0, 0.02450622154961, -0.20509141730259]
    assert got.estimate == pytest.approx(expected, rel=1e-8, abs=1e-12)
    assert got.low == pytest.approx(low, rel=1e-8, abs=1e-12)
    assert got.high == pytest.approx(high, rel=1e-8, abs=1e-12)
    assert got.reference == 25
    assert got.scale == "log odds ratio"
    ratio = odds_ratio_curve(fitted, Term(AGE, age.basis), x, reference=25)
    assert ratio.estimate == pytest.approx(np.exp(expected), rel=1e-8)
    assert ratio.high == pytest.approx(np.exp(high), rel=1e-8)


def test_risk_curve_matches_rms(model):
    # as above: Predict(f, age = c(15, 20, 40), lwt = 120, smoke = 1, fun = plogis)
    fitted, age, lwt = model
    weight, bent = lwt.basis([120.0])[0].tolist()
    others = {"intercept": 1, "lwt": weight, "lwt'": bent, "smoke": 1}
    got = risk_curve(fitted, Term(AGE, age.basis), [15, 20, 40], others)

    assert got.estimate == pytest.approx(
        [0.51346612653938, 0.36931064293787, 0.01877339178408], rel=1e-8
    )
    assert got.low == pytest.approx(
        [0.24960965938724, 0.22786558909991, 0.00061941309934], rel=1e-8
    )
    assert got.high == pytest.approx([0.7700246256724, 0.5374428004350, 0.3713085402268], rel=1e-8)
    assert got.reference is None
    assert "risk" in got.scale


def test_a_straight_line_doubles_its_log_odds_with_the_distance(model):
    fitted, _, _ = model
    got = log_odds_ratio_curve(fitted, Term(("smoke",), straight), [1, 2, 3], 0, level=0.9)

    assert got.estimate == pytest.approx(fitted.coef[-1] * np.array([1, 2, 3]), rel=1e-12)
    wide = fitted.wald(0.9)[-1].interval
    assert wide.low == pytest.approx(got.low[0], rel=1e-9)
    assert wide.high == pytest.approx(got.high[0], rel=1e-9)


def test_a_cut_off_is_a_step():
    assert [[0.0], [1.0], [1.0]] == step_at(54)([53.9, 54.0, 80.0]).tolist()
    assert [[1.0], [1.0], [0.0]] == step_at(54, lower_means_case=True)([10, 54, 54.1]).tolist()


def test_what_the_model_lacks_is_named(model):
    fitted, age, _ = model
    with pytest.raises(AnalysisError, match="no column weight"):
        log_odds_ratio_curve(fitted, Term(("weight",), straight), [1.0], 0)
    with pytest.raises(AnalysisError, match="a value for each of intercept"):
        risk_curve(fitted, Term(AGE, age.basis), [20.0], {"smoke": 1})
    with pytest.raises(ValueError, match="finite"):
        odds_ratio_curve(fitted, Term(AGE, age.basis), [20.0, np.nan], 25)
    with pytest.raises(ValueError, match="one dimension"):
        odds_ratio_curve(fitted, Term(AGE, age.basis), [[20.0]], 25)
