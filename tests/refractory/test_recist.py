"""Progression by verdict, or from diameters where there is none."""

from __future__ import annotations

import pytest

from avidity.refractory.recist import is_progression, verdict_of
from avidity.refractory.records import Assessment


@pytest.mark.parametrize(
    ("nadir", "now", "answer"),
    [
        (25.0, 30.0, True),  # +20 % and +5 mm: both just reached
        (25.0, 29.9, False),
        (10.0, 14.9, False),  # +49 %, but less than 5 mm
        (10.0, 15.0, True),
        (40.0, 47.9, False),  # almost 8 mm, but less than 20 %
        (40.0, 48.0, True),
        (0.0, 5.0, True),  # it was gone and came back
    ],
)
def test_progression_needs_a_fifth_and_five_millimetres(nadir, now, answer):
    looked = Assessment(nadir_diameter=nadir, diameter=now, new_lesion=False)

    assert is_progression(looked) is answer


def test_floating_point_does_not_hide_exactly_twenty_percent():
    assert (31.2 - 26.0) / 26.0 < 0.2  # as floats, the limit it just reaches is missed

    assert is_progression(Assessment(nadir_diameter=26.0, diameter=31.2, new_lesion=False))


def test_growth_over_baseline_is_growth_over_the_smallest():
    assert is_progression(Assessment(baseline_diameter=25.0, diameter=30.0))


def test_without_the_smallest_diameter_no_growth_is_no_answer():
    looked = Assessment(baseline_diameter=25.0, diameter=25.0, new_lesion=False)

    assert is_progression(looked) is None


def test_without_a_word_on_new_lesions_no_growth_is_no_answer():
    assert is_progression(Assessment(nadir_diameter=25.0, diameter=25.0)) is None


def test_a_new_lesion_is_progression_whatever_the_diameters():
    assert is_progression(Assessment(nadir_diameter=25.0, diameter=10.0, new_lesion=True))


@pytest.mark.parametrize(
    ("verdict", "answer"),
    [("PD", True), ("SD", False), ("PR", False), ("CR", False), ("NE", None), (None, None)],
)
def test_a_verdict_speaks_for_itself(verdict, answer):
    assert is_progression(Assessment(verdict=verdict)) is answer


def test_a_given_verdict_outweighs_the_diameters():
    looked = Assessment(verdict="PD", nadir_diameter=10.0, diameter=10.0, new_lesion=False)

    assert is_progression(looked) is True
    assert verdict_of(looked) == "PD"


@pytest.mark.parametrize(
    ("baseline", "now", "verdict"),
    [(40.0, 28.0, "PR"), (40.0, 28.1, "SD"), (40.0, 0.0, "CR"), (None, 28.0, None)],
)
def test_response_is_counted_from_baseline(baseline, now, verdict):
    looked = Assessment(
        baseline_diameter=baseline, nadir_diameter=28.0, diameter=now, new_lesion=False
    )

    assert verdict == verdict_of(looked)


def test_progression_is_called_pd_and_nothing_known_is_called_nothing():
    assert verdict_of(Assessment(new_lesion=True)) == "PD"
    assert verdict_of(Assessment()) is None
    assert verdict_of(Assessment(nadir_diameter=10.0, diameter=10.0)) is None
