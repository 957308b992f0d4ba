"""A model updated in a cohort: the numbers, the choice, the lineage, the file."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from avidity.errors import AnalysisError, RiskModelError
from avidity.papers.library import find
from avidity.riskmodel.file import digest, from_json, to_json
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import predict
from avidity.riskmodel.vectors import with_vectors
from avidity.stats.logistic import fit
from avidity.stats.updating import update
from avidity.steps.applied import Asked
from avidity.steps.external import validate_models
from avidity.steps.update import Wish, update_model

DICE = np.random.default_rng(31)
N = 300
AGE = DICE.integers(20, 85, N)
SIZE = DICE.integers(3, 80, N)
SPREAD = DICE.random(N) < 0.3
ILL = DICE.random(N) < expit(-2 + 0.01 * AGE + 0.01 * SIZE + 0.6 * SPREAD)
X = np.column_stack([np.ones(N), AGE, SIZE >= 40, SPREAD])
OLD = (-3.5, 0.03, 0.9, 1.4)
SETTINGS = """
[columns.patients."lymph"]
field = "spread"
label = "Spread"
type = "yes/no"
"""
PAPER = {"citation": "Others 2020", "how": "published", "doi": "10.1/others"}


def rows(lost=()):
    yes = ["no", "yes"]
    made = [["patient_id", "rair", "age_at_diagnosis", "diameter", "lymph"]]
    made += [
        [f"P{at}", yes[int(ILL[at])], AGE[at], SIZE[at], yes[int(SPREAD[at])]] for at in range(N)
    ]
    for at in lost:
        made[at + 1][3] = ""
    return made


def model(**changes):
    spec = {
        "name": "old",
        "title": "An old model",
        "status": "complete",
        "outcome": {"words": "somebody's"},
        "population": {"words": "others"},
        "n": 200,
        "events": 80,
        "provenance": PAPER,
        "inputs": [
            {"name": "age", "label": "Age", "kind": "number", "unit": "years", "seen": (40, 90),
             "also": ("age_at_diagnosis",)},
            {"name": "diameter", "label": "Size", "kind": "number", "unit": "cm"},
            {"name": "spread", "label": "Spread", "kind": "yes/no"},
        ],
        "terms": [
            {"coding": "linear", "name": "age", "input": "age"},
            {"coding": "cut", "name": "large", "input": "diameter", "sign": ">=", "value": 4},
            {"coding": "yes/no", "name": "spread", "input": "spread"},
        ],
        "equation": {
            "columns": ("intercept", "age", "large", "spread"),
            "apparent": OLD,
            "covariance": (np.diag([0.2, 0.0002, 0.05, 0.06]) + 1e-6).tolist(),
            "estimator": "maximum likelihood",
        },
    }  # fmt: skip
    return with_vectors(RiskModel.model_validate({**spec, **changes}))


@pytest.fixture
def cohort(labelled):
    return lambda lost=(): labelled(rows(lost), SETTINGS)


def test_the_choice_and_the_numbers_are_those_of_the_statistics(cohort):
    got = update_model(model(), cohort())
    told = update(X, ILL, ("intercept", "age", "large", "spread"), OLD)

    assert told.chosen == got.chosen
    assert "closed test" == got.asked
    assert [step.test for step in told.steps] == [step.test for step in got.steps]
    for row in got.rows:
        assert list(row.coefficients.values()) == pytest.approx(told.updates[row.method].coef)
    assert got.made.equation.apparent == pytest.approx(told.updates[got.chosen].coef)


@pytest.mark.parametrize("method", ["in the large", "logistic", "refit"])
def test_an_updated_model_is_a_model_like_any_other(cohort, method):
    study, old = cohort(), model()
    made = update_model(old, study, wish=Wish(method, name="local")).made
    again = from_json(to_json(made), "local.json")

    assert again == made
    assert made.vectors
    assert "local" == made.name
    assert (N, int(ILL.sum())) == (made.n, made.events)
    ancestor = made.lineage[-1]
    assert ("old", "1", digest(old)) == (ancestor.name, ancestor.version, ancestor.sha256)
    assert ("refit" if method == "refit" else "update") == ancestor.kind
    assert any(study.cohort_sha256 in source for source in made.provenance.sources)
    assert N == sum(band.n for band in made.bands)
    found = predict(made, {"age": 61, "diameter": "35 mm", "spread": "yes"})
    assert found.interval.low < found.risk < found.interval.high


def test_a_second_update_keeps_both_ancestors(cohort):
    study = cohort()
    first = update_model(model(), study, wish=Wish("logistic")).made
    second = update_model(first, study, wish=Wish("in the large", name="third")).made

    assert ["old", "old-updated"] == [one.name for one in second.lineage]


def test_a_recalibrated_model_is_calibrated_here_and_known_as_this_cohorts(cohort):
    study = cohort()
    made = update_model(model(), study, wish=Wish("logistic")).made
    (found,) = validate_models([made], study).models

    assert found.performance.slope.estimate == pytest.approx(1, abs=1e-6)
    assert found.performance.observed_to_expected.estimate == pytest.approx(1, abs=1e-8)
    assert "same" == found.relation.kind


def test_the_range_seen_grows_with_these_patients_and_is_theirs_after_a_refit(cohort):
    study = cohort()
    recalibrated = update_model(model(), study, wish=Wish("logistic")).made
    refitted = update_model(model(), study, wish=Wish("refit")).made

    assert (min(AGE.min(), 40), 90) == recalibrated.input("age").seen
    assert recalibrated.input("diameter").seen is None
    assert (AGE.min(), AGE.max()) == refitted.input("age").seen
    assert refitted.input("diameter").seen == pytest.approx((SIZE.min() / 10, SIZE.max() / 10))
    assert "10.1/others" == recalibrated.provenance.doi
    assert not refitted.provenance.doi


def test_a_model_that_fits_is_kept_and_nothing_is_made(cohort):
    fitted = fit(X, ILL, ("intercept", "age", "large", "spread"))
    fits = model(
        equation={"columns": ("intercept", "age", "large", "spread"),
                  "apparent": tuple(fitted.coef.tolist()), "estimator": "maximum likelihood"}
    )  # fmt: skip
    got = update_model(fits, cohort())

    assert "as it is" == got.chosen
    assert got.made is None


def test_who_lacks_an_input_is_counted_and_imputation_is_refused(cohort):
    study = cohort(lost=range(20))
    got = update_model(model(), study)

    assert (N, N - 20) == (got.came_in, got.n)
    assert 20 == got.inputs[1].left
    filled = update_model(model(), study, Asked(stand_in={"diameter": "2 cm"}))
    assert N == filled.n
    with pytest.raises(AnalysisError, match="complete cases or with stated values"):
        update_model(model(), study, Asked(handling="imputed"))


def test_a_separated_refit_is_told_and_recalibration_chosen(labelled):
    made = rows()[:61]
    for row in made[1:]:
        row[1] = "yes" if row[4] == "yes" else row[1]
    got = update_model(model(), labelled(made, SETTINGS))

    assert "separated" in got.no_test
    assert "logistic" == got.chosen
    assert () == got.steps
    assert any("Firth" in caution for caution in got.cautions)


def test_too_many_slopes_for_so_few_patients_are_pointed_out(labelled):
    got = update_model(model(), labelled(rows()[:60], SETTINGS), wish=Wish("refit"))

    assert got.carries < 3
    assert any("by Riley's criteria" in caution for caution in got.cautions)


def test_columns_of_yes_and_no_alone_give_patterns(cohort):
    plain = model(
        inputs=[
            {"name": "diameter", "label": "Size", "kind": "number", "unit": "cm"},
            {"name": "spread", "label": "Spread", "kind": "yes/no"},
        ],
        terms=[
            {"coding": "cut", "name": "large", "input": "diameter", "sign": ">=", "value": 4},
            {"coding": "yes/no", "name": "spread", "input": "spread"},
        ],
        equation={"columns": ("intercept", "large", "spread"), "apparent": (-1, 0.9, 1.4),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    made = update_model(plain, cohort(), wish=Wish("refit")).made

    assert 4 == len(made.patterns)
    both = next(one for one in made.patterns if one.values == (1, 1))
    assert both.n == int(((SIZE >= 40) & SPREAD).sum())
    assert both.events == int(((SIZE >= 40) & SPREAD & ILL).sum())


PARTIAL = {
    "name": "half",
    "title": "Half a model",
    "status": "partial",
    "outcome": {"words": "somebody's"},
    "population": {"words": "others"},
    "provenance": PAPER,
    "lacking": ("the coefficients",),
    "printed": {
        "predictors": [
            {"name": "size", "label": "Size", "also": ("diameter",), "cut": "≥4", "unit": "cm"},
            {"name": "years", "label": "Age"},
            {"name": "spread", "label": "Spread"},
        ]
    },
}


def test_a_partial_model_is_refitted_with_its_predictors_and_printed_cut(cohort):
    study = cohort()
    half = RiskModel.model_validate(PARTIAL)
    asked = Asked(wanted={"years": "age_at_diagnosis"})
    got = update_model(half, study, asked)
    told = fit(X[:, [0, 2, 1, 3]], ILL, ("intercept", "size", "years", "spread"))

    assert "refit" == got.chosen
    assert got.made.equation.apparent == pytest.approx(told.coef)
    assert np.array(got.made.equation.covariance) == pytest.approx(told.covariance)
    cut = got.made.terms[0]
    assert ("cut", ">=", 40.0) == (cut.coding, cut.sign, cut.value)
    assert "mm" == got.made.input("size").unit
    assert "complete" == got.made.status
    assert "half" == got.made.lineage[0].name
    for wanted, words in (
        ({}, "without a variable here: years"),
        ({"girth": "diameter"}, "no predictor 'girth'"),
    ):
        with pytest.raises(RiskModelError, match=words):
            update_model(half, study, Asked(wanted=wanted))
    with pytest.raises(AnalysisError, match="refitted, not recalibrated"):
        update_model(half, study, asked, Wish("logistic"))


def test_a_name_that_cannot_be_one_is_refused(cohort):
    with pytest.raises(RiskModelError, match="small letters"):
        update_model(model(), cohort(), wish=Wish("refit", name="My Model"))


def test_the_library_can_be_asked_which_predictors_are_missing(cohort):
    with pytest.raises(RiskModelError, match="has predictors without a variable here"):
        update_model(find("li-2018"), cohort())


def test_where_a_column_never_varies_the_model_can_be_recalibrated_and_not_refitted(labelled):
    table = [[*row[:4], "no"] if at else row for at, row in enumerate(rows())]
    study = labelled(table, SETTINGS)
    got = update_model(model(), study)

    assert "logistic" == got.chosen
    assert 3 == len(got.rows)
    with pytest.raises(AnalysisError, match="take another method"):
        update_model(model(), study, wish=Wish("refit"))
