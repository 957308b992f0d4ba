import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.dichotomising import Form, NoForm, dichotomising_loss


@pytest.fixture(scope="module")
def weight(columns):
    data = columns("birthwt.csv")
    return dichotomising_loss(data["lwt"], data["low"], 110, lower_means_case=True)


def test_each_form_matches_r(weight):
    # R 4.2.2, glm(epsilon = 1e-14), rms 6.5-0 for the basis: low ~ lwt, low ~ rcs(lwt, 4),
    # low ~ I(lwt <= 110): null deviance - deviance, Nagelkerke, AIC, Brier
    expected = {
        "straight line": (1, 5.981327103362, 0.04380818913082, 232.6906690899, 0.2079460620836),
        "restricted cubic spline": (
            *(3, 8.395083450245, 0.06109801681289, 234.276912743, 0.2052158458157),
        ),
        "<= 110": (1, 8.413137833599, 0.06122651084906, 230.2588583596, 0.2048018368773),
    }
    for form in (weight.linear, weight.spline, weight.cut):
        parameters, chi2, nagelkerke, aic, brier = expected[form.name]
        assert form.parameters == parameters == form.gain.df
        assert form.gain.statistic == pytest.approx(chi2, rel=1e-9)
        assert form.nagelkerke == pytest.approx(nagelkerke, rel=1e-9)
        assert form.aic == pytest.approx(aic, rel=1e-11)
        assert form.brier == pytest.approx(brier, rel=1e-9)


def test_the_loss_in_area_matches_proc(weight):
    # R 4.2.2, pROC 1.18.0: roc.test(roc(low, fitted(linear)), roc(low, fitted(cut)))
    assert weight.linear.auc.estimate == pytest.approx(0.6131029986962, rel=1e-12)
    assert weight.cut.auc.estimate == pytest.approx(0.6041720990874, rel=1e-12)
    assert weight.loss.auc.estimate == pytest.approx(0.6131029986962 - 0.6041720990874, rel=1e-9)
    assert weight.loss.auc.interval.low == pytest.approx(-0.04174886366403, rel=1e-9)
    assert weight.loss.auc.interval.high == pytest.approx(0.05961066288176, rel=1e-9)


def test_a_searched_cut_off_can_look_better_than_the_line_it_was_cut_from(weight):
    # 110 was searched in these patients: its gain is flattered
    assert weight.loss.chi2_kept == pytest.approx(8.413137833599 / 5.981327103362, rel=1e-9)
    assert weight.loss.nagelkerke < 0
    assert weight.curved.statistic == pytest.approx(8.395083450245 - 5.981327103362, rel=1e-8)
    assert weight.curved.df == 2
    assert weight.n == 189
    assert weight.n_events == 59


def test_a_cut_at_the_median_keeps_about_two_thirds_of_a_normal_predictor():
    # cutting a normal predictor at its median keeps 2/pi = 0.64 of its information near no effect
    # (Lagakos, Stat Med 1988;7:257-274); n = 20,000, Monte-Carlo error about 0.03
    rng = np.random.default_rng(8)
    x = rng.normal(size=20_000)
    y = rng.random(20_000) < 1 / (1 + np.exp(-0.4 * x))
    loss = dichotomising_loss(x, y, float(np.median(x))).loss

    assert loss.chi2_kept == pytest.approx(2 / np.pi, abs=0.09)
    assert loss.auc.estimate > 0
    assert loss.nagelkerke > 0
    assert loss.brier > 0


def test_other_columns_stay_in_every_form(columns):
    data = columns("birthwt.csv")
    got = dichotomising_loss(
        data["lwt"], data["low"], 110, others=data["smoke"], knots=(100, 120, 160)
    )

    assert got.spline.parameters == 2
    assert got.linear.auc.estimate > 0.62


def test_a_form_that_does_not_exist_says_why():
    y = np.array([0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1] * 4)
    x = np.array([1, 2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 9] * 4)
    got = dichotomising_loss(x, y, 6)

    assert isinstance(got.linear, Form)
    assert isinstance(got.cut, NoForm)
    assert "separates" in got.cut.why
    assert got.loss is None
    few = dichotomising_loss(np.array([1, 2, 3, 4] * 12), y, 3)
    assert "too few" in few.spline.why
    assert few.curved is None
    assert isinstance(dichotomising_loss(x, y, 100).cut, NoForm)


def test_one_outcome_alone_is_refused():
    with pytest.raises(AnalysisError, match="with and without"):
        dichotomising_loss([1, 2, 3], [1, 1, 1], 2)
