"""Imputation inside the validation: missing values drawn anew in every resample."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.stats.imputation.impute import impute, impute_resamples
from avidity.stats.imputation.variables import number, plan, yes_no
from avidity.stats.logistic import fit
from avidity.stats.resampling import bootstrap
from avidity.stats.roc import roc
from avidity.steps.label import OUTCOME
from avidity.steps.validate import NotValidated, validate_sound
from avidity.steps.validate_imputed import ITERATIONS, validate_imputed

CHANCE = np.random.default_rng(21)
NAMES = ("diameter", "multifocal")


def rows(gaps=0.25, n=140):
    made = [("patient_id", "rair", "diameter", "multifocal", "histology")]
    for at in range(n):
        size, many = int(CHANCE.integers(3, 70)), CHANCE.random() < 0.4
        ill = CHANCE.random() < 1 / (1 + np.exp(-(size - 40) / 15 - many))
        kind = ("PTC", "FTC", "OCA")[int(CHANCE.integers(3))]
        lost = CHANCE.random(2) < gaps
        answer = "" if lost[1] else ("yes" if many else "no")
        made.append((f"P{at:03d}", "yes" if ill else "no", "" if lost[0] else size, answer, kind))
    return made


ROWS = rows()
SETTINGS = '[sound]\nterms = ["diameter", "multifocal"]\nimputations = 4\nresamples = {}\n'


def by_hand(study, resamples):
    """One resample at a time, from the definition: impute, fit, test in all patients."""
    patients = study.patients
    y = patients[OUTCOME].to_numpy().astype(float)
    size = np.array([np.nan if v is None else v for v in patients["diameter"]], dtype=float)
    many = np.array([np.nan if v is None else float(v) for v in patients["multifocal"]])
    chance = np.random.default_rng(study.study.about.seed)
    asked = plan([number("diameter", size), yes_no("multifocal", many)], y)
    sets = impute(asked, 4, rng=chance)
    drawn = bootstrap(len(y), resamples, study.study.about.seed)
    again = impute_resamples(asked, drawn.weights, rng=chance, iterations=ITERATIONS)

    def area(coef, values, at):
        line = coef[0] + coef[1] * values["diameter"] + coef[2] * values["multifocal"]
        return roc(line[at], y[at].astype(int)).auc

    def fitted(values, at):
        X = np.column_stack([np.ones(len(y)), values["diameter"], values["multifocal"]])
        return fit(X[at], y[at], ("intercept", *NAMES)).coef

    everyone = np.arange(len(y))
    apparent = []
    for at in range(4):
        values = {name: sets.values[name][at] for name in NAMES}
        apparent.append(area(fitted(values, everyone), values, everyone))
    gains = []
    for at, weights in enumerate(drawn.weights):
        values = {name: again.values[name][at, 0] for name in NAMES}
        own = np.repeat(everyone, weights)
        coef = fitted(values, own)
        gains.append(area(coef, values, own) - area(coef, values, everyone))
    return np.mean(apparent), np.mean(gains)


def test_the_path_with_imputation_equals_one_resample_at_a_time(labelled):
    study = labelled(ROWS, SETTINGS.format(25))
    apparent, optimism = by_hand(study, 25)

    found = validate_imputed(study, NAMES)

    assert apparent == pytest.approx(found.measures["auc"].apparent, abs=1e-9)
    assert optimism == pytest.approx(found.measures["auc"].optimism, abs=1e-9)


def test_every_patient_counts_and_the_words_say_how(labelled):
    study = labelled(ROWS, SETTINGS.format(30))
    complete, found = validate_sound(study, NAMES), validate_imputed(study, NAMES)

    assert (140, 0) == (found.n, found.left)
    assert complete.n < found.n
    assert "as it should be done, missing values imputed" == found.track
    assert "missing values of" in found.words
    assert "mean of 4 completed sets" in found.words


def test_categories_and_splines_are_made_anew_from_what_was_imputed(labelled):
    settings = SETTINGS.format(20).replace('"multifocal"]', '"histology"]\nknots = {diameter = 3}')
    gone = [
        ROWS[0],
        *((*row[:4], "" if at % 9 == 0 else row[4]) for at, row in enumerate(ROWS[1:])),
    ]
    found = validate_imputed(labelled(gone, settings), ("diameter", "histology"))

    assert 140 == found.n
    assert {"diameter", "histology"} == set(found.inclusion)
    assert found.used > 15


def test_elimination_is_repeated_on_the_imputed_values(labelled):
    settings = SETTINGS.format(40) + 'selection = "backward p"\n'
    found = validate_imputed(labelled(ROWS, settings), NAMES)

    assert "backward elimination" in found.words
    assert found.inclusion["diameter"] == 1.0


def test_without_gaps_or_without_the_wish_nothing_is_imputed(labelled):
    assert validate_imputed(labelled(rows(gaps=0), SETTINGS.format(20)), NAMES) is None
    plain = SETTINGS.format(20).replace("imputations = 4", "imputations = 0")
    assert validate_imputed(labelled(ROWS, plain), NAMES) is None


def test_a_variable_not_asked_of_everybody_is_refused_in_words(labelled):
    among = '[[variable]]\nname = "wide"\nfrom = "diameter"\nat_least = 30\n'
    among += 'among = {field = "histology", is = "PTC"}\n'
    study = labelled(ROWS, among + SETTINGS.format(20))

    found = validate_imputed(study, ("wide", "multifocal"))

    assert isinstance(found, NotValidated)
    assert "not asked of everybody" in found.why
