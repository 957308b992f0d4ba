"""The models: the paper's own case of separation, and who is left out."""

from __future__ import annotations

import pytest

from avidity.errors import StudyFileError
from avidity.steps.describe import describe
from avidity.steps.model import fit_models
from small_studies import rows_of

OCA = rows_of(("rair", "oca"), (3, "yes", "yes"), (29, "yes", "no"), (58, "no", "no"))
AGE_54 = rows_of(
    ("rair", "old"), (19, "yes", "yes"), (13, "yes", "no"), (16, "no", "yes"), (42, "no", "no")
)


def models(study):
    return fit_models(study, describe(study))


def test_oncocytic_carcinoma_is_neither_dropped_nor_infinite(labelled):
    # K43, logistf: OR 13.88 (1.28 to 1,890), penalised likelihood-ratio p 0.0281330
    fit = models(labelled(OCA, '[model]\nunivariable = ["oca"]\n')).univariable["oca"]
    effect = fit.effects["oca"]

    assert "Firth penalised likelihood" == effect.estimator
    assert effect.odds_ratio == pytest.approx(13.8813, abs=5e-4)
    assert effect.low == pytest.approx(1.28469, abs=5e-5)
    assert effect.high == pytest.approx(1890.2, abs=0.5)
    assert effect.p_value == pytest.approx(0.0281330, abs=5e-7)


def test_what_separates_is_named(labelled):
    fit = models(labelled(OCA, '[model]\nunivariable = ["oca"]\n')).univariable["oca"]

    assert "oca" in fit.separated
    assert fit.nagelkerke_r2 is None


def test_the_papers_p_for_age_is_the_wald_p(labelled):
    # K147: R glm, Wald p 0.003804
    fit = models(labelled(AGE_54, '[model]\nunivariable = ["old"]\n')).univariable["old"]

    assert fit.effects["old"].p_value == pytest.approx(0.003804, abs=5e-7)
    assert "Wald" in fit.principle


def test_profile_gives_interval_and_p_of_the_likelihood_ratio(labelled):
    settings = '[model]\nunivariable = ["old"]\nprinciple = "profile"\n'

    effect = models(labelled(AGE_54, settings)).univariable["old"].effects["old"]

    assert "likelihood-ratio" in effect.principle
    assert (effect.p_value < 0.05) == (1 not in effect.interval)


def test_who_lacks_a_value_leaves_the_model_and_is_counted(labelled):
    rows = rows_of(
        ("rair", "old", "sex"),
        (5, "yes", "yes", "F"),
        (4, "yes", "no", "M"),
        (6, "no", "yes", "M"),
        (9, "no", "no", "F"),
        (2, "no", "", "F"),
        (1, "yes", "", ""),
    )
    fit = models(labelled(rows, '[model]\nterms = ["old", "sex"]\n')).multivariable

    assert (27, 24) == (fit.came_in, fit.n)
    assert {"old": 3, "sex": 0} == fit.left
    assert fit.came_in == fit.n + sum(fit.left.values()) + fit.not_asked


def test_a_category_enters_by_level_against_the_first(labelled):
    rows = rows_of(
        ("rair", "histology"),
        (5, "yes", "PTC"),
        (3, "yes", "FTC"),
        (2, "yes", "OCA"),
        (9, "no", "PTC"),
        (2, "no", "FTC"),
        (1, "no", "OCA"),
    )
    fit = models(labelled(rows, '[model]\nterms = ["histology"]\n')).multivariable

    assert ["histology=FTC", "histology=OCA"] == list(fit.effects)
    assert {"PTC"} == {effect.term.reference for effect in fit.effects.values()}
    assert fit.effects["histology=FTC"].odds_ratio == pytest.approx((3 / 2) / (5 / 9))


def test_a_wide_number_is_told_per_a_step_a_reader_can_use(labelled):
    rows = [("patient_id", "rair", "cumulative_activity (MBq)")] + [
        (f"P{at}", "yes" if at % 3 else "no", 1000 * (1 + at % 7)) for at in range(30)
    ]
    fit = models(labelled(rows, '[model]\nterms = ["cumulative_activity"]\n')).multivariable

    assert 1000.0 == fit.effects["cumulative_activity"].term.per
    assert "per 1,000 MBq" in fit.effects["cumulative_activity"].term.label


def test_a_screen_takes_those_below_its_limit(labelled):
    rows = [(*row, "a" if at % 2 else "b") for at, row in enumerate(AGE_54)]
    rows[0] = (*AGE_54[0], "coin")
    settings = '[model.screen]\ncandidates = ["old", "coin"]\np_below = 0.05\n'

    found = models(labelled(rows, settings))

    assert {"old": True, "coin": False} == {line.variable: line.passed for line in found.screen}
    assert ["old"] == list(found.multivariable.effects)
    assert 2 == found.candidates


def test_a_model_that_cannot_be_fitted_is_said_and_the_rest_goes_on(labelled):
    rows = rows_of(("rair", "old", "flat"), (5, "yes", "yes", "no"), (5, "no", "no", "no"))

    found = models(labelled(rows, '[model]\nunivariable = ["old", "flat"]\n'))

    assert ["old"] == list(found.univariable)
    assert "flat" == found.not_fitted[0].variable


def test_an_unknown_variable_is_told(labelled):
    with pytest.raises(StudyFileError, match="unknown variable 'shoe'"):
        models(labelled(OCA, '[model]\nterms = ["shoe"]\n'))
