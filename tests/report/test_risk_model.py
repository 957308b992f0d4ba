"""A study's models as files: they predict what the study predicts, for every patient."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from avidity.report.risk_model import DECLARED, USUAL, risk_models
from avidity.riskmodel.file import from_json, to_json
from avidity.riskmodel.predict import linear_predictors, predict
from avidity.steps.check import check
from avidity.steps.design import complete_rows, design
from avidity.steps.label import label
from avidity.steps.read import read
from avidity.steps.run import run
from avidity.study import read_study

HEADER = ("patient_id", "rair", "age_at_diagnosis", "diameter", "sex", "Stage Group", "mets")
STUDY = """
[study]
title = "A small study: 2 centres"
setting = "two departments"
[outcome]
column = "rair"
yes = "yes"
no = "no"
[columns.patients."mets"]
field = "mets"
type = "yes/no"
[columns.patients."Stage Group"]
type = "category"
[[variable]]
name = "old"
label = "Age 50 or more"
from = "age_at_diagnosis"
at_least = 50
[[variable]]
name = "large"
from = "diameter"
above = 30
[model]
terms = ["old", "large", "sex", "mets"]
[sound]
terms = ["age_at_diagnosis", "diameter", "Stage Group", "mets"]
knots = { age_at_diagnosis = 4 }
resamples = 0
imputations = 0
"""


def rows(separated=False):
    made = [HEADER]
    for at in range(150):
        yes = (at * 7 + at * at) % 5 < 2
        made.append(
            (
                f"P{at:03d}",
                "yes" if yes else "no",
                30 + (at * 13) % 40,
                "" if at % 29 == 3 else 5 + (at * 17) % 50 + 6 * yes,
                "F" if at % 3 else "M",
                ("I", "II", "III")[(at * 11) % 3],
                ("yes" if at % 4 else "no") if yes or not separated else "no",
            )
        )
    return made


@pytest.fixture(scope="module", params=[False, True], ids=["ordinary", "separated"])
def made(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    text = "\n".join(",".join(map(str, row)) for row in rows(request.param)) + "\n"
    (folder / "patients.csv").write_text(text, "utf-8")
    (folder / "study.toml").write_text(STUDY, "utf-8")
    study = read_study(folder)
    labelled = label(check(read(study), study), study)
    return labelled, run(study, quick=True)


def values_of(model, labelled, names):
    table = complete_rows(names, labelled).rows
    field = {one.name: next(n for n in one.names if n in table.columns) for one in model.inputs}
    return {name: np.array(table[column].to_list()) for name, column in field.items()}


def test_the_declared_model_s_file_predicts_what_the_study_predicts(made):
    labelled, results = made
    sound = results.sound
    model = from_json(to_json(risk_models(results)[DECLARED]), "m.json")
    X = design(sound.model.kept, labelled, sound.model.knots).X

    ours = linear_predictors(model, values_of(model, labelled, sound.model.kept))

    drawn = sound.shrunken.coefficients if sound.shrunken else sound.model.coefficients
    assert pytest.approx(X @ np.array(drawn), abs=1e-12) == ours
    assert pytest.approx(model.events / model.n) == expit(ours).mean()
    assert ("shrunken" if sound.shrunken else "apparent") == model.equation.predicts
    assert pytest.approx(np.array(sound.model.covariance)) == np.array(model.equation.covariance)


def test_the_usual_model_s_file_predicts_what_the_study_predicts(made):
    labelled, results = made
    fitted = results.model.multivariable
    model = from_json(to_json(risk_models(results)[USUAL]), "m.json")
    terms = labelled.study.model.terms
    X = design(terms, labelled).X

    ours = linear_predictors(model, values_of(model, labelled, terms))

    assert pytest.approx(X @ np.array(fitted.coefficients), abs=1e-12) == ours
    assert {one.values for one in model.patterns} == {tuple(row[1:]) for row in X.tolist()}
    assert fitted.n == sum(one.n for one in model.patterns)


def test_separation_is_told_and_the_estimator_named(made):
    _, results = made
    models = risk_models(results)
    firth = bool(results.sound.model.separated)

    assert firth == ("FLIC" in models[DECLARED].equation.estimator)
    assert firth == any("separated" in note for note in models[DECLARED].notes)
    assert firth == (models[DECLARED].equation.shrunken is None)


def test_the_file_says_what_it_asks_in_the_study_s_words(made):
    _, results = made
    model = risk_models(results)[DECLARED]
    asked = {one.name: one for one in model.inputs}

    assert ["age_at_diagnosis", "diameter", "stage_group", "mets"] == list(asked)
    assert ("age",) == asked["age_at_diagnosis"].also
    assert (30.0, 69.0) == asked["age_at_diagnosis"].seen
    assert "mm" == asked["diameter"].unit
    assert ("Stage Group",) == asked["stage_group"].also
    assert {"I", "II", "III"} == set(asked["stage_group"].levels)
    assert results.study_sha256 == model.provenance.sha256
    assert "a-small-study-2-centres-declared" == model.name
    assert "two departments" == model.population.setting
    assert "column 'rair'" == model.outcome.words
    assert "It was not validated, not even in resamples of the same patients." in model.notes
    usual = risk_models(results)[USUAL]
    assert [">=", ">"] == [term.sign for term in usual.terms if term.coding == "cut"]


def test_a_patient_of_the_study_finds_others_like_it(made):
    _, results = made
    models = risk_models(results)
    told = {"age": 50, "diameter": 30.0, "Stage Group": "II", "mets": "yes"}

    near = predict(models[DECLARED], told).alike
    same = predict(models[USUAL], {"age": 50, "diameter": "3.0cm", "sex": "male", "mets": "yes"})

    assert near.n >= 5
    assert "a predicted risk between" in near.words
    assert same.alike.n > 0
    assert "the same answer to every term" == same.alike.words


def test_without_a_model_there_is_no_file(tmp_path):
    text = "\n".join(",".join(map(str, row)) for row in rows()) + "\n"
    (tmp_path / "patients.csv").write_text(text, "utf-8")
    head = STUDY[: STUDY.index("[[variable]]")]
    (tmp_path / "study.toml").write_text(head, "utf-8")

    assert {} == risk_models(run(read_study(tmp_path), quick=True))
