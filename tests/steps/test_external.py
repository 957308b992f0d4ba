"""A risk model asked about a cohort: mapped, counted, measured, compared."""

from __future__ import annotations

import csv
import shutil
import subprocess
from math import log

import numpy as np
import pytest
from scipy.special import expit

from avidity.errors import AnalysisError, RiskModelError
from avidity.papers.library import find
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.vectors import with_vectors
from avidity.stats.calibration import calibration
from avidity.stats.logistic import fit
from avidity.stats.roc import roc
from avidity.steps.applied import Asked, apply
from avidity.steps.external import validate_models

DICE = np.random.default_rng(23)
N = 240
AGE = DICE.integers(20, 85, N)
SIZE = DICE.integers(3, 80, N)
SPREAD = DICE.random(N) < 0.3
KIND = DICE.choice(["PTC", "FTC", "OCA"], N)
LINE = -3 + 0.03 * AGE + 0.02 * SIZE + 1.2 * SPREAD + 0.8 * (KIND == "OCA")
ILL = DICE.random(N) < expit(LINE)
HEAD = ("patient_id", "rair", "age_at_diagnosis", "diameter", "lymph", "histology")
SETTINGS = """
[columns.patients."lymph"]
field = "spread"
label = "Spread"
type = "yes/no"
[sound]
terms = ["age_at_diagnosis", "diameter"]
imputations = 4
iterations = 3
"""


def rows(lost=()):
    """The cohort; lost holds (place, column) of cells left empty."""
    made = [list(HEAD)]
    for at in range(N):
        yes = ["no", "yes"]
        made.append(
            [f"P{at:03d}", yes[int(ILL[at])], AGE[at], SIZE[at], yes[int(SPREAD[at])], KIND[at]]
        )
    for place, column in lost:
        made[place + 1][HEAD.index(column)] = ""
    return made


def model(name="made", **changes):
    spec = {
        "name": name,
        "title": "A made model",
        "status": "complete",
        "outcome": {"words": "by the toss of a coin"},
        "population": {"words": "nobody"},
        "n": 100,
        "events": 40,
        "provenance": {"citation": "made for a test", "how": "typed in"},
        "inputs": [
            {"name": "age", "label": "Age", "kind": "number", "unit": "years", "seen": (30, 80),
             "also": ("age_at_diagnosis",)},
            {"name": "diameter", "label": "Size", "kind": "number", "unit": "cm"},
            {"name": "spread", "label": "Spread", "kind": "yes/no"},
            {"name": "histology", "label": "Type", "kind": "category",
             "levels": ("PTC", "FTC", "OCA")},
        ],
        "terms": [
            {"coding": "linear", "name": "age", "input": "age"},
            {"coding": "cut", "name": "large", "input": "diameter", "sign": ">=", "value": 4},
            {"coding": "yes/no", "name": "spread", "input": "spread"},
            {"coding": "category", "name": "histology", "input": "histology", "reference": "PTC",
             "levels": ("FTC", "OCA")},
        ],
        "equation": {
            "columns": ("intercept", "age", "large", "spread", "histology=FTC", "histology=OCA"),
            "apparent": (-2.5, 0.03, 0.9, 1.0, 0.1, 0.7),
            "estimator": "maximum likelihood",
        },
    }  # fmt: skip
    return with_vectors(RiskModel.model_validate({**spec, **changes}))


def by_hand():
    kind = 0.1 * (KIND == "FTC") + 0.7 * (KIND == "OCA")
    return np.round(-2.5 + 0.03 * AGE + 0.9 * (SIZE >= 40) + SPREAD + kind, 10)


@pytest.fixture
def cohort(labelled):
    def made(lost=(), more=""):
        return labelled(rows(lost), SETTINGS + more)

    return made


def test_every_patient_gets_the_line_computed_by_hand_units_converted(cohort):
    got = apply(model(), cohort())

    assert got.lines[0] == pytest.approx(by_hand())
    assert got.y == pytest.approx(ILL.astype(float))
    (diameter,) = [one for one in got.mapped if one.input == "diameter"]
    assert ("mm", "cm", 0.1) == (diameter.variable_unit, diameter.unit, diameter.factor)


def test_the_numbers_are_those_of_the_statistics(cohort):
    (got,) = validate_models([model()], cohort()).models
    risk = expit(by_hand())
    told, area = calibration(risk, ILL), roc(risk, ILL)

    assert got.performance.auc.estimate == area.auc
    assert got.performance.auc.interval == area.interval()
    assert got.performance.slope.estimate == pytest.approx(told.recalibration.slope.estimate)
    large = told.recalibration.in_the_large
    assert got.performance.in_the_large.interval.low == pytest.approx(large.interval.low)
    assert got.performance.brier == pytest.approx(told.brier)
    assert got.performance.expected == pytest.approx(risk.sum())
    assert got.performance.observed_to_expected.estimate == pytest.approx(ILL.sum() / risk.sum())
    assert got.case_mix.sd == pytest.approx(by_hand().std(ddof=1))
    assert len(got.curves.thresholds) == len(got.curves.net_benefit)


def test_who_lacks_an_input_leaves_and_the_counts_add_up(cohort):
    lost = [(3, "age_at_diagnosis"), (3, "diameter"), (4, "diameter"), (9, "histology")]
    (got,) = validate_models([model()], cohort(lost)).models

    assert {"age": 1, "diameter": 1, "spread": 0, "histology": 1} == {
        count.input: count.left for count in got.inputs
    }
    assert [1, 2, 0, 1] == [count.missing for count in got.inputs]
    assert got.came_in == got.performance.n + got.left == N
    assert got.left == sum(count.left for count in got.inputs) == 3


def test_values_outside_the_range_of_the_source_are_counted_and_told(cohort):
    (got,) = validate_models([model()], cohort()).models

    assert got.inputs[0].unseen == int(((AGE < 30) | (AGE > 80)).sum())
    assert got.inputs[1].unseen is None
    assert any("outside what the model has seen" in words for words in got.cautions)
    assert any(words.startswith("diameter: the range") for words in got.cautions)


def test_a_level_without_a_coefficient_is_missing_to_the_model_and_named(cohort):
    two = model(
        inputs=[
            {"name": "histology", "label": "T", "kind": "category", "levels": ("PTC", "FTC")}
        ],
        terms=[
            {"coding": "category", "name": "histology", "input": "histology", "reference": "PTC",
             "levels": ("FTC",)}
        ],
        equation={"columns": ("intercept", "histology=FTC"), "apparent": (-1, 0.4),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    (got,) = validate_models([two], cohort()).models

    assert {"OCA": int((KIND == "OCA").sum())} == dict(got.inputs[0].levels)
    assert got.left == (KIND == "OCA").sum()
    assert any("no coefficient for OCA" in words for words in got.cautions)


def test_a_stated_value_stands_in_and_is_counted(cohort):
    lost = [(at, "diameter") for at in range(7)]
    asked = Asked(stand_in={"diameter": "15 mm"})
    got = apply(model(), cohort(lost), asked)

    assert len(got.y) == N
    assert 7 == got.counts[1].filled
    small = np.array([0.0 if at < 7 else float(SIZE[at] >= 40) for at in range(N)])
    assert got.sets[0][:, 2] == pytest.approx(small)
    with pytest.raises(RiskModelError, match="no input 'girth'"):
        apply(model(), cohort(lost), Asked(stand_in={"girth": "3"}))


def test_missing_inputs_can_be_imputed_and_the_numbers_pooled(cohort):
    lost = [(at, "diameter") for at in range(0, N, 6)]
    study = cohort(lost)
    got = validate_models([model()], study, Asked(handling="imputed")).models[0]
    whole = validate_models([model()], cohort()).models[0]

    assert "imputed" == got.handling
    assert "Missing values were imputed 4 times" in got.handled
    assert got.performance.n == N
    assert "Rubin" in got.performance.slope.method
    assert got.performance.auc.estimate == pytest.approx(whole.performance.auc.estimate, abs=0.04)
    wide = got.performance.slope.interval
    narrow = whole.performance.slope.interval
    assert wide.high - wide.low > 0.95 * (narrow.high - narrow.low)
    with pytest.raises(AnalysisError, match="not both"):
        apply(model(), study, Asked(handling="imputed", stand_in={"diameter": "2 cm"}))


def test_nothing_missing_leaves_nothing_to_impute(cohort):
    got = apply(model(), cohort(), Asked(handling="imputed"))

    assert "complete cases" == got.handling


def test_an_input_of_another_name_is_asked_for_and_can_be_named(cohort):
    asks = model(
        inputs=[{"name": "girth", "label": "Girth", "kind": "number", "unit": "mm"}],
        terms=[{"coding": "linear", "name": "girth", "input": "girth"}],
        equation={"columns": ("intercept", "girth"), "apparent": (-2, 0.03),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    study = cohort()

    with pytest.raises(RiskModelError, match="--map girth=VARIABLE"):
        apply(asks, study)
    got = apply(asks, study, Asked(wanted={"girth": "diameter"}))
    assert got.lines[0] == pytest.approx(-2 + 0.03 * SIZE)
    assert "as asked" == got.mapped[0].chosen
    for wanted, words in (
        ({"girth": "waist"}, "no variable 'waist'"),
        ({"waist": "diameter"}, "no input 'waist'"),
        ({"girth": "spread"}, "is a number, 'spread' of the study a yes/no"),
        ({"girth": "age_at_diagnosis"}, "cannot be turned into it"),
    ):
        with pytest.raises(RiskModelError, match=words):
            apply(asks, study, Asked(wanted=wanted))


def test_a_partial_model_cannot_be_validated(cohort):
    with pytest.raises(RiskModelError, match="cannot compute a risk"):
        validate_models([find("li-2018")], cohort())


def test_the_source_is_recognised_by_paper_or_by_digest(cohort):
    study = cohort()
    plain = validate_models([model()], study, paper_doi="10.1/other").models[0]
    assert "not the same as far as known" == plain.relation.kind

    paper = {"citation": "c", "how": "published", "doi": "10.1/One"}
    got = validate_models([model(provenance=paper)], study, paper_doi="10.1/one").models[0]
    assert "same" == got.relation.kind
    assert "no external validation" in got.cautions[0]

    here = {"citation": "c", "how": "fitted", "sha256": study.cohort_sha256}
    got = validate_models([model(provenance=here)], study).models[0]
    assert "same" == got.relation.kind


def test_another_outcome_than_the_models_is_pointed_out(cohort):
    other = model(outcome={"definition": "ata-2015", "words": "by the guideline"})
    (got,) = validate_models([other], cohort()).models

    assert any("predicts the outcome under ata-2015" in words for words in got.cautions)


def test_models_are_compared_on_the_patients_both_answer_for(cohort):
    lost = [(at, "diameter") for at in range(40)]
    study = cohort(lost)
    age = model(
        "age-only",
        inputs=[{"name": "age_at_diagnosis", "label": "Age", "kind": "number", "unit": "years"}],
        terms=[{"coding": "linear", "name": "age", "input": "age_at_diagnosis"}],
        equation={"columns": ("intercept", "age"), "apparent": (-2, 0.02),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    found = validate_models([model(), age], study)
    (pair,) = found.comparisons
    kept = np.arange(N) >= 40

    assert [N - 40, N] == [one.performance.n for one in found.models]
    assert N - 40 == pair.n
    one, two = expit(by_hand())[kept], expit(np.round(-2 + 0.02 * AGE, 10))[kept]
    y = ILL[kept]
    assert pair.area.first == pytest.approx(roc(one, y).auc)
    assert pair.brier.difference == pytest.approx(np.mean((one - y) ** 2) - np.mean((two - y) ** 2))
    assert 5 == len(pair.net_benefit)
    with pytest.raises(RiskModelError, match="stands there twice"):
        validate_models([model(), model()], study)


def test_models_with_too_few_patients_in_common_are_told_one_by_one(cohort):
    keep = {int(np.flatnonzero(ILL)[0]), *map(int, np.flatnonzero(~ILL)[:2])}
    study = cohort([(at, "diameter") for at in range(N) if at not in keep])
    age = model(
        "age-only",
        inputs=[{"name": "age_at_diagnosis", "label": "Age", "kind": "number", "unit": "years"}],
        terms=[{"coding": "linear", "name": "age", "input": "age_at_diagnosis"}],
        equation={"columns": ("intercept", "age"), "apparent": (-2, 0.02),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    found = validate_models([age, model()], study)

    assert () == found.comparisons
    assert "too few to compare" in found.not_compared[0]
    assert [N, 3] == [one.performance.n for one in found.models]


def test_the_mix_of_the_source_is_read_from_its_patterns(cohort):
    patterns = [{"values": (0,), "n": 60, "events": 10}, {"values": (1,), "n": 40, "events": 30}]
    one = model(
        inputs=[{"name": "spread", "label": "Spread", "kind": "yes/no"}],
        terms=[{"coding": "yes/no", "name": "spread", "input": "spread"}],
        equation={"columns": ("intercept", "spread"), "apparent": (log(0.2), log(15)),
                  "estimator": "maximum likelihood"},
        patterns=patterns,
    )  # fmt: skip
    mix = validate_models([one], cohort()).models[0].case_mix

    assert 0.4 == mix.columns[0].source
    assert mix.columns[0].mean == pytest.approx(SPREAD.mean())
    assert mix.source_mean == pytest.approx(log(0.2) + 0.4 * log(15))
    assert 0.4 == mix.source_prevalence


def test_risks_that_part_the_outcomes_completely_are_told_and_not_hidden(labelled):
    table = [["patient_id", "rair", "age_at_diagnosis"]]
    table += [[f"P{at}", "yes" if at >= 10 else "no", 30 + at] for at in range(20)]
    one = model(
        inputs=[{"name": "age_at_diagnosis", "label": "Age", "kind": "number", "unit": "years"}],
        terms=[{"coding": "linear", "name": "age", "input": "age_at_diagnosis"}],
        equation={"columns": ("intercept", "age"), "apparent": (-4, 0.1),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    (got,) = validate_models([one], labelled(table)).models

    assert got.performance.slope is None
    assert got.performance.why_none
    assert any("do not exist here" in words for words in got.cautions)
    assert 1.0 == got.performance.auc.estimate


def test_the_published_model_is_perfectly_calibrated_in_its_own_twin():
    from pathlib import Path

    from avidity.steps.check import check
    from avidity.steps.label import label
    from avidity.steps.read import read
    from avidity.study import read_study

    study = read_study(Path(__file__).resolve().parents[2] / "examples" / "bellakhdar-2024")
    cohort = label(check(read(study), study), study)
    doi = find("bellakhdar-2024").provenance.doi
    (got,) = validate_models([find("bellakhdar-2024")], cohort, paper_doi=doi).models

    assert "same" == got.relation.kind
    assert got.performance.slope.estimate == pytest.approx(1, abs=1e-6)
    assert got.performance.in_the_large.estimate == pytest.approx(0, abs=1e-6)
    assert got.case_mix.promised == pytest.approx(got.case_mix.source_promised, abs=1e-9)
    assert any("read by the outcome's own definition" in words for words in got.cautions)


PIMA = ("npreg", "glu", "bp", "skin", "bmi", "ped", "age")


@pytest.fixture(scope="module")
def pima():
    """MASS's Pima.tr and Pima.te; under the GPL, so they stay in R."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    sets = []
    for part in ("tr", "te"):
        code = f"write.csv(MASS::Pima.{part}, row.names = FALSE)"
        done = subprocess.run(
            [program, "--vanilla", "-e", code], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip("R lacks MASS")
        sets.append(list(csv.DictReader(done.stdout.splitlines())))
    return sets


def test_pima_is_validated_from_file_to_number_as_in_r(pima, labelled):
    # K22. R 4.2.2, MASS 7.3-58.2, pROC 1.18.0: glm on Pima.tr, its risks in Pima.te
    train, test = pima
    X = np.column_stack([np.ones(len(train)), *([float(r[n]) for r in train] for n in PIMA)])
    fitted = fit(X, [row["type"] == "Yes" for row in train], ("intercept", *PIMA))
    made = model(
        n=200,
        events=68,
        inputs=[{"name": f"x_{name}", "label": name, "kind": "number"} for name in PIMA],
        terms=[{"coding": "linear", "name": name, "input": f"x_{name}"} for name in PIMA],
        equation={"columns": ("intercept", *PIMA), "apparent": tuple(fitted.coef.tolist()),
                  "estimator": "maximum likelihood"},
    )  # fmt: skip
    table = [["patient_id", "rair", *(f"x_{name}" for name in PIMA)]]
    table += [
        [f"W{at}", row["type"].lower(), *(row[name] for name in PIMA)]
        for at, row in enumerate(test)
    ]
    settings = "".join(
        f'[columns.patients."x_{name}"]\nfield = "x_{name}"\ntype = "number"\n' for name in PIMA
    )
    settings += "[sound]\nterms = []\nthresholds = [0.1, 0.5]\n"
    (got,) = validate_models([made], labelled(table, settings)).models
    found = got.performance

    assert 332 == found.n
    assert found.auc.estimate == pytest.approx(0.865882256140, rel=1e-11)
    assert found.auc.interval.low == pytest.approx(0.826355421490, rel=1e-10)
    assert found.auc.interval.high == pytest.approx(0.905409090790, rel=1e-10)
    assert found.brier == pytest.approx(0.139310593981, rel=1e-8)
    assert found.slope.estimate == pytest.approx(0.953381877346, rel=1e-7)
    assert found.intercept_at_slope.estimate == pytest.approx(-0.0881742545, rel=1e-6)
    assert found.in_the_large.estimate == pytest.approx(-0.0646079732, rel=1e-6)
    assert found.observed_to_expected.estimate == pytest.approx(0.973453283, rel=1e-8)
    assert found.spiegelhalter.statistic == pytest.approx(-0.01784170549, rel=1e-5)
    worth = dict(zip(got.curves.thresholds, got.curves.net_benefit, strict=True))
    for at, told in ((0.1, 0.279785809906), (0.2, 0.241716867470), (0.33, 0.186342384463)):
        assert worth[at] == pytest.approx(told, rel=1e-9)
    everybody = dict(zip(got.curves.thresholds, got.curves.treat_all, strict=True))
    assert everybody[0.2] == pytest.approx(0.160391566265, rel=1e-9)
