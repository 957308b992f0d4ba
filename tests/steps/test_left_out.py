"""The declared model against patients left out; the left-out measures are proved in stats."""

from __future__ import annotations

import pytest

from avidity.steps.left_out import other_ways
from avidity.steps.sound import fit_sound, sound_terms
from avidity.steps.validate import validate_sound

ROWS = [("patient_id", "rair", "age_at_diagnosis", "diameter")] + [
    (
        f"P{at:03d}",
        "yes" if (at * at + at) % 5 < 2 else "no",
        30 + (at * 13) % 40,
        5 + (at * 17) % 50 + (9 if (at * at + at) % 5 < 2 else 0),
    )
    for at in range(90)
]
TERMS = '[sound]\nterms = ["diameter", "age_at_diagnosis"]\nresamples = 200\n'


def ways(labelled, settings):
    study = labelled(ROWS, settings)
    return study, other_ways(fit_sound(sound_terms(study), study), study)


def test_every_way_lies_near_the_optimism_bootstrap(labelled):
    study, found = ways(labelled, TERMS)
    expected = validate_sound(study, sound_terms(study)).measures

    assert [".632 bootstrap", ".632+ bootstrap"] == [way.name for way in found[:2]]
    assert all(way.auc == pytest.approx(expected["auc"].corrected, abs=0.04) for way in found)
    briers = [way.brier for way in found if way.brier is not None]
    assert briers == pytest.approx([expected["brier"].corrected] * 3, abs=0.02)
    assert found[0].auc < expected["auc"].apparent


def test_a_selection_is_not_repeated_so_nothing_is_told(labelled):
    _, found = ways(labelled, TERMS + 'selection = "backward aic"\n')

    assert () == found
