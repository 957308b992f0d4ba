"""The second track: numbers kept as numbers, terms declared, and what the cohort can carry."""

from __future__ import annotations

import pytest

from avidity.errors import StudyFileError
from avidity.steps.capacity import capacity
from avidity.steps.sound import fit_sound, parameters_of, shapes, sound_terms

ROWS = [("patient_id", "rair", "age_at_diagnosis", "diameter", "sex")] + [
    (
        f"P{at:03d}",
        "yes" if (at * 7 + at * at) % 5 < 2 else "no",
        30 + (at * 13) % 40,
        5 + (at * 17) % 50 + (9 if (at * 7 + at * at) % 5 < 2 else 0),
        "F" if at % 3 else "M",
    )
    for at in range(90)
]
CUT = '[[variable]]\nname = "old"\nfrom = "age_at_diagnosis"\nat_least = 50\n'
MODEL = '[model]\nterms = ["old", "sex"]\n'


def test_a_cut_off_becomes_the_number_it_was_cut_from(labelled):
    assert ("age_at_diagnosis", "sex") == sound_terms(labelled(ROWS, CUT + MODEL))


def test_declared_terms_win(labelled):
    study = labelled(ROWS, CUT + MODEL + '[sound]\nterms = ["diameter"]\n')

    assert ("diameter",) == sound_terms(study)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ('[sound]\nterms = ["shoe"]\n', "unknown variable shoe"),
        ("[sound]\nknots = { sex = 3 }\n", "no numbers: sex"),
    ],
)
def test_a_wish_that_does_not_fit_is_told(labelled, settings, word):
    with pytest.raises(StudyFileError, match=word):
        sound_terms(labelled(ROWS, CUT + MODEL + settings))


def test_spline_parts_are_parameters_too(labelled):
    study = labelled(ROWS, MODEL + CUT + "[sound]\nknots = { age_at_diagnosis = 4 }\n")

    assert 4 == parameters_of(sound_terms(study), study)


def test_a_spline_is_tested_as_one_and_its_curve_alone(labelled):
    settings = '[sound]\nterms = ["diameter", "sex"]\nknots = { diameter = 3 }\n'
    study = labelled(ROWS, settings)

    model = fit_sound(sound_terms(study), study)
    diameter = model.contrasts[0]

    assert ("spline with 3 knots", 2) == (diameter.form, diameter.parameters)
    assert (2.0, 1.0) == (diameter.test.df, diameter.nonlinear.df)
    assert diameter.test.statistic >= diameter.nonlinear.statistic
    assert "quartiles" in diameter.against
    assert model.mean_risk == pytest.approx(model.events / model.n)


def test_the_curve_passes_one_at_its_reference(labelled):
    study = labelled(ROWS, '[sound]\nterms = ["diameter"]\nknots = { diameter = 3 }\n')

    (curve,) = fit_sound(sound_terms(study), study).curves
    nearest = min(
        range(len(curve.curve.x)), key=lambda at: abs(curve.curve.x[at] - curve.reference)
    )

    assert curve.curve.estimate[nearest] == pytest.approx(1, abs=0.05)


def test_backward_takes_out_what_carries_nothing(labelled):
    settings = '[sound]\nterms = ["diameter", "sex"]\nselection = "backward aic"\n'
    study = labelled(ROWS, settings)

    model = fit_sound(sound_terms(study), study)

    assert ("diameter", "sex") == model.declared
    assert set(model.kept) <= set(model.declared)
    assert len(model.kept) + len(model.selection.removed) == 2
    assert 2 == model.candidates


def test_separation_is_named_and_the_mean_risk_stays_right(labelled):
    rows = [(*row, "yes" if row[1] == "yes" and at < 12 else "no") for at, row in enumerate(ROWS)]
    rows[0] = (*ROWS[0], "multifocal")
    study = labelled(rows, '[sound]\nterms = ["diameter", "multifocal"]\n')

    model = fit_sound(sound_terms(study), study)

    assert "Firth" in model.estimator
    assert "multifocal" in model.separated
    assert model.mean_risk == pytest.approx(model.events / model.n, abs=1e-9)


def test_a_searched_cut_off_has_a_larger_p_once_the_search_counts(labelled):
    study = labelled(ROWS)
    (shape,) = shapes(study, {"diameter": (29.0, True, False)})

    assert shape.searched.corrected.p_value > shape.searched.naive.p_value
    assert shape.loss.n == 90


def test_a_cut_off_fixed_beforehand_needs_no_correction(labelled):
    (shape,) = shapes(labelled(ROWS), {"diameter": (29.0, False, False)})

    assert shape.searched is None
    assert "beforehand" in shape.why_none


def test_the_verdict_is_rileys(labelled):
    # K132: prevalence 32/90, the criterion about the mean risk alone asks for 353 patients
    rows = [ROWS[0], *[(f"P{at}", "yes" if at < 32 else "no", 40, 10, "F") for at in range(90)]]

    found = capacity(labelled(rows), 10, 3)

    assert [353, 353] == [track.needed.requirements[2].n for track in found.tracks]
    assert not any(track.carried for track in found.tracks)
    assert "90 patients with 32 events" in found.verdict
