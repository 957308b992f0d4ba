"""Cut-offs: every tie, both conventions, and whether the cut-off was searched here."""

from __future__ import annotations

import pytest

from avidity.errors import StudyFileError
from avidity.steps.cutoffs import find_cutoffs

AGES = [30, 35, 40, 45, 50, 55, 60, 65]
ROWS = [("patient_id", "rair", "age_at_diagnosis", "diameter")] + [
    (f"P{at}", "yes" if at in (3, 5, 6, 7) else "no", age, 10 if at % 2 else 20)
    for at, age in enumerate(AGES)
]
ASK = '[cutoffs]\nfields = ["age_at_diagnosis", "diameter"]\n'


def test_the_optimum_is_an_observed_value_with_its_midpoint(labelled):
    cut = find_cutoffs(labelled(ROWS, ASK)).predictors["age_at_diagnosis"]

    assert (0.9375, 8) == (cut.auc, cut.n)
    assert [(45.0, 42.5), (55.0, 52.5)] == [(at.value, at.midpoint) for at in cut.optima]
    assert {"≥"} == {at.sign for at in cut.optima}
    assert all(at.found for at in cut.optima)
    assert (1.0, 0.75) == (cut.cutoff.sensitivity, cut.cutoff.specificity)


def test_a_cutoff_fixed_beforehand_is_said_to_be(labelled):
    settings = "[cutoffs]\nfixed = { age_at_diagnosis = 50 }\n"

    cut = find_cutoffs(labelled(ROWS, settings)).predictors["age_at_diagnosis"]

    assert (50.0, False) == (cut.fixed.value, cut.fixed.found)
    assert (0.75, 0.75) == (cut.fixed.sensitivity, cut.fixed.specificity)


def test_the_direction_is_declared_and_turns_the_area(labelled):
    settings = ASK + 'lower_means_case = ["age_at_diagnosis"]\n'

    cut = find_cutoffs(labelled(ROWS, settings)).predictors["age_at_diagnosis"]

    assert cut.auc == 1 - 0.9375
    assert "≤" == cut.cutoff.sign


def test_who_has_no_value_is_counted(labelled):
    rows = [*ROWS, ("P9", "yes", "", 15), ("P10", "no", "", 15)]

    found = find_cutoffs(labelled(rows, ASK))

    assert (8, 2) == (
        found.predictors["age_at_diagnosis"].n,
        found.predictors["age_at_diagnosis"].missing,
    )
    assert 8 == found.pairs[0].n


def test_the_histogram_holds_everybody_and_no_value(labelled):
    cut = find_cutoffs(labelled(ROWS, ASK)).predictors["age_at_diagnosis"]

    assert (4, 4) == (sum(cut.histogram.yes), sum(cut.histogram.no))
    assert len(cut.histogram.edges) == len(cut.histogram.yes) + 1


def test_identical_predictors_have_p_of_one(labelled):
    rows = [(*row, row[2]) for row in ROWS]
    rows[0] = (*ROWS[0], "twin_age")
    settings = '[cutoffs]\nfields = ["age_at_diagnosis", "twin_age"]\n'

    (pair,) = find_cutoffs(labelled(rows, settings)).pairs

    assert (0.0, 1.0) == (pair.difference, pair.test.p_value)


@pytest.mark.parametrize("name", ["shoe", "sex"])
def test_only_a_number_can_be_cut(labelled, name):
    rows = [(*row, "F" if at % 2 else "M") for at, row in enumerate(ROWS)]
    rows[0] = (*ROWS[0], "sex")

    with pytest.raises(StudyFileError, match=f"'{name}' must be a number"):
        find_cutoffs(labelled(rows, f'[cutoffs]\nfields = ["{name}"]\n'))
