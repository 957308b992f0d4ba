"""Two real cohorts through the whole house, held against other people's programs by hand.

The rows are read here once more, by the standard library, and computed on by scikit-learn,
statsmodels, firthmodels and SciPy: nothing of ours is on that side.
"""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from avidity.cli.main import main

SIRAJ = """
[study]
title = "Radioiodine-refractory papillary carcinoma, Siraj et al. 2022"
seed = 7
[tables]
patients = "siraj2022_rair.csv"
[columns.patients]
"sample" = { field = "patient_id" }
"cumulative_rai_mci" = { field = "cumulative_activity", unit = "mCi" }
"driver_class" = { field = "driver", type = "category" }
"tg_6m_post_rai_ug_l" = { field = "tg_6m", unit = "ug/L", type = "number", measured = "after" }
"pfs_months" = { ignore = true }
"pfs_event" = { ignore = true }
[outcome]
column = "rai_classification"
yes = "Refractory"
no = "Avid"
[[variable]]
name = "much"
label = "Cumulative activity of 150 mCi or more"
from = "cumulative_activity"
at_least = 5550
[cutoffs]
fields = ["cumulative_activity"]
[model]
terms = ["much", "driver"]
[sound]
terms = ["cumulative_activity", "driver"]
imputations = 0
resamples = 60
[report]
formats = ["html", "json"]
"""
UCI = """
[study]
title = "Recurrence of differentiated thyroid cancer (UCI 915)"
seed = 7
[tables]
patients = "uci_dtc_recurrence.csv"
[columns.patients]
"Response" = { measured = "after" }
"Risk" = { type = "category", field = "risk" }
"Focality" = { type = "category", field = "focality" }
[outcome]
column = "Recurred"
yes = "Yes"
no = "No"
[model]
terms = ["age_at_diagnosis", "risk"]
[sound]
terms = ["age_at_diagnosis", "sex", "focality"]
imputations = 0
resamples = 60
[report]
formats = ["html", "json"]
"""


@pytest.fixture(scope="module")
def studied(shared, tmp_path_factory):
    """A study of a file of real patients: its raw rows and its results."""

    def made(file, text):
        folder = tmp_path_factory.mktemp("study")
        shutil.copyfile(shared / "data" / file, folder / file)
        (folder / "study.toml").write_text(text, "utf-8")
        told = CliRunner().invoke(
            main, ["study", str(folder), "--out", str(folder / "report")], catch_exceptions=False
        )
        assert 0 == told.exit_code, told.output
        with (folder / file).open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        return rows, json.loads((folder / "report" / "results.json").read_text("utf-8"))

    return made


@pytest.fixture(scope="module")
def siraj(studied):
    return studied("siraj2022_rair.csv", SIRAJ)


@pytest.fixture(scope="module")
def uci(studied):
    return studied("uci_dtc_recurrence.csv", UCI)


def outcome(rows, column, yes):
    return np.array([row[column] == yes for row in rows], dtype=float)


def activity(rows):
    """Whole MBq, halves up, as activities are kept."""
    return np.floor([37 * float(row["cumulative_rai_mci"]) + 0.5 for row in rows])


def of_siraj(rows, first):
    """One, a column, and the two levels of the driver against BRAF V600E."""
    levels = [
        np.array([row["driver_class"] == level for row in rows], dtype=float)
        for level in ("BRAF/RAS-negative", "RAS hotspot")
    ]
    return np.column_stack([np.ones(len(rows)), first, *levels])


def of_uci(rows):
    """One, age, male, unifocal."""
    columns = (
        [float(row["Age"]) for row in rows],
        [row["Gender"] == "M" for row in rows],
        [row["Focality"] == "Uni-Focal" for row in rows],
    )
    return np.column_stack([np.ones(len(rows)), *columns]).astype(float)


def logit(X, y):
    import statsmodels.api as sm

    return sm.Logit(y, X).fit(disp=0, tol=1e-13, maxiter=100)


def corrected_area(X, y, resamples, seed):
    """Harrell's bootstrap, one resample after the other, by statsmodels and scikit-learn."""
    whole = logit(X, y)
    drawn = np.random.default_rng(seed).integers(0, len(y), (resamples, len(y)))
    gaps = []
    for rows in drawn:
        line = X @ logit(X[rows], y[rows]).params
        gaps.append(roc_auc_score(y[rows], line[rows]) - roc_auc_score(y, line))
    return roc_auc_score(y, X @ whole.params) - np.mean(gaps)


def against_statsmodels(effects, names, fitted):
    for place, name in enumerate(names, 1):
        effect, (low, high) = effects[name], fitted.conf_int()[place]
        assert np.exp(fitted.params[place]) == pytest.approx(effect["odds_ratio"], rel=1e-8)
        assert np.exp(low) == pytest.approx(effect["interval"]["low"], rel=1e-7)
        assert np.exp(high) == pytest.approx(effect["interval"]["high"], rel=1e-7)
        assert fitted.pvalues[place] == pytest.approx(effect["p_value"], rel=1e-6)


def test_every_one_of_158_patients_is_counted(siraj):
    rows, results = siraj
    flow, table = results["flow"], results["table1"]["rows"]

    assert (158, 66, 92) == (flow["screened"], flow["yes"], flow["no"])
    assert outcome(rows, "rai_classification", "Refractory").sum() == flow["yes"]
    assert sum(not row["tg_6m_post_rai_ug_l"] for row in rows) == 84
    assert 84 == table["tg_6m"]["overall"]["missing"]
    drivers = [row["driver_class"] for row in rows]
    assert {name: drivers.count(name) for name in set(drivers)} == table["driver"]["overall"][
        "counts"
    ]


def test_the_area_and_the_cut_off_of_the_activity_are_scikit_learns(siraj):
    rows, results = siraj
    y, x = outcome(rows, "rai_classification", "Refractory"), activity(rows)
    found = results["cutoffs"]["predictors"]["cumulative_activity"]
    false, true, values = roc_curve(y, x, drop_intermediate=False)
    best = np.argmax(true - false)

    assert roc_auc_score(y, x) == pytest.approx(found["auc"], rel=1e-12)
    (optimum,) = found["optima"]
    assert values[best] == optimum["value"]
    assert true[best] == pytest.approx(optimum["performance"]["sensitivity"]["estimate"])
    assert 1 - false[best] == pytest.approx(optimum["performance"]["specificity"]["estimate"])


def test_the_usual_model_is_statsmodels(siraj):
    rows, results = siraj
    y = outcome(rows, "rai_classification", "Refractory")
    X = of_siraj(rows, activity(rows) >= 5550)
    model, fitted = results["model"]["multivariable"], logit(X, y)

    names = ("much", "driver=BRAF/RAS-negative", "driver=RAS hotspot")
    against_statsmodels(model["effects"], names, fitted)
    assert fitted.llf == pytest.approx(model["log_likelihood"], rel=1e-10)
    assert fitted.llr_pvalue == pytest.approx(model["lr_p_value"], rel=1e-7)
    assert roc_auc_score(y, X @ fitted.params) == pytest.approx(model["auc"], rel=1e-12)


def test_the_declared_model_and_its_correction_are_redone_by_hand(siraj):
    rows, results = siraj
    y = outcome(rows, "rai_classification", "Refractory")
    X = of_siraj(rows, activity(rows) / 1000)
    model, fitted = results["sound"]["model"], logit(X, y)
    (found,) = (one for one in results["validation"] if one["track"] == "as it should be done")
    risk = fitted.predict(X)

    assert fitted.params == pytest.approx(model["coefficients"], rel=1e-7)
    assert np.array(fitted.cov_params()) == pytest.approx(np.array(model["covariance"]), rel=1e-6)
    assert roc_auc_score(y, risk) == pytest.approx(found["measures"]["auc"]["apparent"], rel=1e-12)
    assert brier_score_loss(y, risk) == pytest.approx(found["measures"]["brier"]["apparent"])
    assert corrected_area(X, y, 60, 7) == pytest.approx(
        found["measures"]["auc"]["corrected"], rel=1e-9
    )
    place = found["benefit"]["thresholds"].index(0.3)
    treated = risk >= 0.3
    worth = (treated & (y == 1)).mean() - (treated & (y == 0)).mean() * 0.3 / 0.7
    assert worth == pytest.approx(found["benefit"]["model"][place], rel=1e-12)


def test_383_patients_of_any_binary_outcome_are_counted(uci):
    rows, results = uci
    y = outcome(rows, "Recurred", "Yes")

    assert (383, 108, 275) == tuple(results["flow"][key] for key in ("screened", "yes", "no"))
    assert 108 == y.sum()
    table = results["table1"]["rows"]
    age = np.array([float(row["Age"]) for row in rows])
    welch = stats.ttest_ind(age[y == 1], age[y == 0], equal_var=False)
    assert welch.pvalue == pytest.approx(table["age_at_diagnosis"]["test"]["p_value"], rel=1e-10)
    male = np.array([row["Gender"] == "M" for row in rows])
    among, men = stats.hypergeom(383, male.sum(), 108), (male & (y == 1)).sum()
    middle = 2 * (among.sf(men) + among.pmf(men) / 2)  # both tails, half of what was seen
    assert middle == pytest.approx(table["sex"]["test"]["p_value"], rel=1e-9)


def test_the_separated_model_is_firthmodels(uci):
    from firthmodels import FirthLogisticRegression

    rows, results = uci
    y = outcome(rows, "Recurred", "Yes")
    columns = [[float(row["Age"]) - 40 for row in rows]]  # its steps fail where ages are far from 0
    columns += [[row["Risk"] == level for row in rows] for level in ("Intermediate", "Low")]
    other = FirthLogisticRegression(backend="numpy", max_iter=500, gtol=1e-9, xtol=1e-9)
    other.fit(np.column_stack(columns).astype(float), y)
    model = results["model"]["multivariable"]

    assert "High" in model["separated"]
    reference = {model["effects"][name]["term"]["reference"] for name in model["effects"]} - {"no"}
    risks = {name: each["coefficient"] for name, each in model["effects"].items()}
    age = risks.pop("age_at_diagnosis")
    assert other.coef_[0] == pytest.approx(age, rel=1e-7)
    # whatever level is the reference, the differences between levels are the same
    found = {name.partition("=")[2]: value for name, value in risks.items()}
    found |= {level: 0.0 for level in ("High", "Intermediate", "Low") if level in reference}
    gaps = [found["Intermediate"] - found["High"], found["Low"] - found["High"]]
    assert other.coef_[1:] == pytest.approx(gaps, rel=1e-6)


def test_the_declared_model_of_recurrence_and_its_correction_are_redone_by_hand(uci):
    rows, results = uci
    y, X = outcome(rows, "Recurred", "Yes"), of_uci(rows)
    fitted = logit(X, y)
    (found,) = (one for one in results["validation"] if one["track"] == "as it should be done")
    model = results["sound"]["model"]

    assert 383 == model["n"] == found["n"]
    assert np.abs(fitted.params[1:]) == pytest.approx(np.abs(model["coefficients"][1:]), rel=1e-7)
    assert roc_auc_score(y, X @ fitted.params) == pytest.approx(model["auc"], rel=1e-12)
    assert corrected_area(X, y, 60, 7) == pytest.approx(
        found["measures"]["auc"]["corrected"], rel=1e-9
    )
    assert "leakage" in " ".join(caution["text"] for caution in results["cautions"])
