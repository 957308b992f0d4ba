"""R's answers on the reference data, read from their file: ROC, cut-off, logistic, Firth."""

import json

import numpy as np
import pytest

from avidity.stats.cutpoint import best_cutpoints, closest_top_left, performance, youden
from avidity.stats.firth import fit_firth
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit, profile
from avidity.stats.roc import roc
from avidity.stats.roc_comparison import compare_paired


@pytest.fixture(scope="module")
def answers(shared):
    """Made with R 4.2.2, pROC 1.18.0, rms 6.5.0, brglm2 0.9, cutpointr 1.1.2; ten digits."""
    return json.loads((shared / "reference" / "r_known_answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("marker", ["s100b", "ndka", "wfns"])
def test_areas_and_cut_offs(answers, columns, marker):
    told, data = answers["roc"]["values"][marker], columns("asah.csv")
    area = roc(data[marker], data["poor"])

    assert area.auc == pytest.approx(told["auc"], rel=1e-10)
    assert area.variance == pytest.approx(told["auc_variance"], rel=1e-10)
    assert [area.interval().low, area.interval().high] == pytest.approx(
        told["delong_ci"], rel=1e-10
    )
    for by, name in ((youden, "youden"), (closest_top_left, "closest_topleft")):
        (cut,) = best_cutpoints(data[marker], data["poor"], by)
        at = performance(cut.table)
        for measure, value in told[name].items():
            got = cut.midpoint if measure == "threshold" else getattr(at, measure).estimate
            assert got == pytest.approx(value, rel=1e-10), measure


def test_the_paired_comparison(answers, columns):
    told, data = answers["roc"]["values"]["delong_paired"], columns("asah.csv")
    test = compare_paired(data[told["x1"]], data[told["x2"]], data["poor"]).test()

    assert test.statistic == pytest.approx(told["z"], rel=1e-9)
    assert test.p_value == pytest.approx(told["p"], rel=1e-9)


def test_the_cut_off_of_the_suicide_index(answers, columns):
    told, data = answers["cutpoint"], columns("suicide.csv")
    (cut,) = best_cutpoints(data["dsi"], data["suicide"])
    at = performance(cut.table)

    assert cut.value == told["optimal"]
    assert cut.worth == pytest.approx(told["youden"], rel=1e-10)
    assert at.youden.estimate == pytest.approx(told["youden"], rel=1e-10)
    assert at.sensitivity.estimate == pytest.approx(told["sensitivity"], rel=1e-10)
    assert at.specificity.estimate == pytest.approx(told["specificity"], rel=1e-10)
    assert roc(data["dsi"], data["suicide"]).auc == pytest.approx(told["auc"], rel=1e-10)


def test_the_logistic_model(answers, columns):
    # glm's coefficients are good to 1e-8, its standard errors (one step behind) to 2e-5,
    # MASS's limits (off a spline) to about 1e-4
    told, data = answers["logistic"], columns("birthwt.csv")
    names = tuple(told["coef"])
    X = np.column_stack([np.ones(told["n"]), *(data[name] for name in names[1:])])
    fitted = fit(X, data["low"], names)
    wald, profiled = fitted.wald(), profile(X, data["low"], fitted)

    for i, name in enumerate(names):
        assert fitted.coef[i] == pytest.approx(told["coef"][name], rel=2e-8)
        assert fitted.std_error[i] == pytest.approx(told["se"][name], rel=2e-5)
        assert wald[i].test.p_value == pytest.approx(told["p"][name], rel=1e-4)
        for row, limits in ((wald[i], told["wald_ci"]), (profiled[i], told["profile_ci"])):
            got = [row.interval.low, row.interval.high]
            assert got == pytest.approx(limits[name], abs=2e-4 * fitted.std_error[i])
    assert fitted.log_likelihood == pytest.approx(told["log_likelihood"], rel=1e-11)
    assert fitted.aic == pytest.approx(told["aic"], rel=1e-11)
    assert fitted.likelihood_ratio().statistic == pytest.approx(told["lr_chi2"], rel=1e-11)
    assert fitted.nagelkerke == pytest.approx(told["nagelkerke_r2"], rel=1e-10)
    assert brier(fitted.risk(X), data["low"]) == pytest.approx(told["brier"], rel=1e-8)


def test_the_firth_model(answers, columns):
    told, data = answers["firth"], columns("endometrial.csv")
    names = tuple(told["coef"])
    X = np.column_stack([np.ones(79), *(data[name] for name in names[1:])])
    fitted = fit_firth(X, data["HG"], names)

    assert fitted.coef == pytest.approx(list(told["coef"].values()), rel=1e-9)
    assert fitted.std_error == pytest.approx(list(told["se"].values()), rel=1e-9)
