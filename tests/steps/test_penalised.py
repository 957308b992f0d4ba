"""Lasso and ridge among all candidates; the fits themselves are proved in stats."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.stats.roc import roc
from avidity.steps.design import design
from avidity.steps.penalised import NotPenalised, penalised, pool

ROWS = [("patient_id", "rair", "age_at_diagnosis", "diameter", "sex")] + [
    (
        f"P{at:03d}",
        "yes" if (at * at + at) % 5 < 2 else "no",
        30 + (at * 13) % 40,
        5 + (at * 17) % 50 + (9 if (at * at + at) % 5 < 2 else 0),
        "F" if at % 3 else "M",
    )
    for at in range(90)
]
CUT = '[[variable]]\nname = "old"\nfrom = "age_at_diagnosis"\nat_least = 50\n'
MODEL = '[model]\nterms = ["old", "sex"]\n'
BOTH = '[sound]\nterms = ["diameter", "sex"]\nresamples = 20\npenalised = ["lasso", "ridge"]\n'


def test_every_candidate_is_there_once_and_a_cut_off_as_its_number(labelled):
    assert ("diameter", "sex", "age_at_diagnosis") == pool(labelled(ROWS, CUT + MODEL + BOTH))


def test_both_penalties_tell_their_own_area_and_the_corrected_one(labelled):
    study = labelled(ROWS, CUT + MODEL + BOTH)
    arrays = design(pool(study), study)

    lasso, ridge = penalised(study, quick=False)

    for one in (lasso, ridge):
        coef = np.array([one.intercept, *(term.coefficient for term in one.terms)])
        assert one.auc == pytest.approx(roc(arrays.X @ coef, arrays.y).auc)
        assert one.corrected < one.auc
        assert (20, 90, 90) == (one.resamples, one.n, one.came_in)
    assert all(term.coefficient for term in ridge.terms)
    assert [1.0] * 3 == [term.kept for term in ridge.terms]
    kept = {term.name: term.kept for term in lasso.terms}
    assert kept["diameter"] == max(kept.values())
    assert kept["diameter"] > 0.9
    assert sum(share for _, share in lasso.models) <= 1 + 1e-12


def test_quick_leaves_the_resamples_out(labelled):
    (lasso, _) = penalised(labelled(ROWS, CUT + MODEL + BOTH), quick=True)

    assert lasso.corrected is None
    assert {None} == {term.kept for term in lasso.terms}


def test_without_a_candidate_the_reason_is_told(labelled):
    found = penalised(labelled(ROWS, '[sound]\npenalised = ["lasso"]\n'), quick=True)

    assert (NotPenalised("lasso", "no candidate was named"),) == found
    assert () == penalised(labelled(ROWS, MODEL + CUT), quick=True)
