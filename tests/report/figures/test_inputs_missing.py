"""What the figures about missing values draw adds up before it is drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from avidity.report.figures.inputs_missing import (
    ChainCourse,
    MissingPattern,
    MissingPatterns,
    MissingVariable,
)

AGE = MissingVariable("Age", 3, "3 (30%)")


def test_patterns_that_do_not_hold_the_missing_are_refused():
    with pytest.raises(ValueError, match="missing in 3 patients and its patterns hold 2"):
        MissingPatterns((AGE,), (MissingPattern((False,), 8, 1), MissingPattern((True,), 2, 1)))


def test_a_pattern_has_one_answer_per_variable_and_no_more_cases_than_patients():
    with pytest.raises(ValueError, match="needs 1 answers"):
        MissingPatterns((AGE,), (MissingPattern((True, False), 3, 1),))
    with pytest.raises(ValueError, match="more patients with the outcome"):
        MissingPatterns((AGE,), (MissingPattern((True,), 3, 4),))


def test_patients_are_those_of_all_patterns():
    plan = MissingPatterns((AGE,), (MissingPattern((False,), 7, 1), MissingPattern((True,), 3, 1)))

    assert plan.n == 10


def test_chains_have_one_length():
    with pytest.raises(ValueError, match="differ in length"):
        ChainCourse("mean", ((1.0, 2.0), (1.0,)))


def test_the_inputs_do_not_load_the_drawing_library():
    code = "import sys, avidity.report.figures.inputs_missing; print('matplotlib' in sys.modules)"

    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout.strip() == "False"
