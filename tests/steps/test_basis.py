"""The patients a model rests on: ranges, patterns, bands; counts that add up, nobody's own risk."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.steps.basis import FEWEST, _bands, basis

ROWS = [("patient_id", "rair", "age_at_diagnosis", "diameter", "sex")] + [
    (
        f"P{at:03d}",
        "yes" if (at * 7 + at * at) % 5 < 2 else "no",
        30 + (at * 13) % 40,
        5 + (at * 17) % 50,
        "F" if at % 3 else "M",
    )
    for at in range(90)
]
CUT = '[[variable]]\nname = "old"\nfrom = "age_at_diagnosis"\nat_least = 50\n'


def test_patterns_hold_everybody_and_the_range_is_that_of_the_number_that_was_cut(labelled):
    study = labelled(ROWS, CUT)

    found = basis(("old", "sex"), study, (0.0, 1.0, 1.0))

    assert {"age_at_diagnosis": (30.0, 69.0)} == found.ranges
    assert [(0, 0), (0, 1), (1, 0), (1, 1)] == [one.values for one in found.patterns]
    assert 90 == sum(one.n for one in found.patterns)
    assert sum(row[1] == "yes" for row in ROWS) == sum(one.events for one in found.patterns)
    old_men = [row for row in ROWS[1:] if row[2] >= 50 and row[4] == "M"]
    assert len(old_men) == found.patterns[-1].n
    assert () == found.bands


def test_the_cases_of_few_patients_are_not_told(labelled):
    rows = [*ROWS, ("P999", "yes", 80, 60, "M")]
    settings = '[[variable]]\nname = "oldest"\nfrom = "age_at_diagnosis"\nat_least = 80\n'

    found = basis(("oldest",), labelled(rows, settings), (0.0, 1.0))

    assert [(90, True), (1, False)] == [(one.n, one.events is not None) for one in found.patterns]


def test_the_missing_are_in_no_count(labelled):
    rows = [*ROWS, ("P998", "yes", "", 300, "M"), ("P999", "yes", 31, "", "M")]

    found = basis(("age_at_diagnosis", "diameter"), labelled(rows), (0.0, 0.01, 0.01))

    assert {"age_at_diagnosis": (30.0, 69.0), "diameter": (5.0, 54.0)} == found.ranges
    assert 90 == sum(one.n for one in found.bands)
    assert () == found.patterns


@given(st.lists(st.tuples(st.floats(0.0001, 0.9999), st.booleans()), min_size=1, max_size=200))
def test_bands_touch_hold_everybody_and_are_never_thin(patients):
    risk, y = (np.array(column, dtype=float) for column in zip(*patients, strict=True))

    bands = _bands(risk, y)

    assert (len(risk), y.sum()) == (sum(b.n for b in bands), sum(b.events for b in bands))
    assert all(one.high == other.low for one, other in pairwise(bands))
    assert bands[0].low <= risk.min()
    assert risk.max() <= bands[-1].high
    assert len(bands) == 1 or all(one.n >= FEWEST for one in bands)
    for at, one in enumerate(bands):
        inside = (risk > one.low if at else risk >= one.low) & (risk <= one.high)
        assert one.n == inside.sum()
        assert round(1000 * one.low) / 1000 == pytest.approx(one.low)
