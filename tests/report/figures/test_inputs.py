"""What the figures draw adds up before it is drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from avidity.report.figures.inputs import (
    Agreement,
    Distribution,
    Flow,
    FlowLeft,
    FlowStage,
    FlowStep,
    GroupCounts,
    RocCurve,
)


def test_a_flow_whose_counts_do_not_add_up_is_refused():
    stage = FlowStage((FlowLeft("no RAI", 10),), FlowStep("Included", 89))

    with pytest.raises(ValueError, match="100 came in, 10 left and 89 went on"):
        Flow(FlowStep("Screened", 100), (stage,))


def test_groups_that_do_not_fill_the_last_step_are_refused():
    with pytest.raises(ValueError, match="31 patients"):
        Flow(FlowStep("Included", 32), (), (FlowStep("yes", 31),))


def test_a_distribution_has_one_count_per_bin_and_rising_edges():
    with pytest.raises(ValueError, match="1 counts for 2 bins"):
        Distribution("Age", "years", (0, 1, 2), (GroupCounts("yes", (1,)),))
    with pytest.raises(ValueError, match="rise"):
        Distribution("Age", "years", (0, 0, 2), ())


def test_curve_and_matrix_must_fit_their_lengths():
    with pytest.raises(ValueError, match="differ in length"):
        RocCurve("Age", (0.0, 1.0), (0.0,))
    with pytest.raises(ValueError, match="2 × 2"):
        Agreement(("a", "b"), (1, 2), ((1, 2),), ((1, 2), (2, 1)), ((1.0, 0.5), (0.5, 1.0)))


def test_the_inputs_do_not_load_the_drawing_library():
    code = "import sys, avidity.report.figures.inputs; print('matplotlib' in sys.modules)"

    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout.strip() == "False"
