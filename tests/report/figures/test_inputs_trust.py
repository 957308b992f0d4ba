"""What the figures about trust draw fits together before it is drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from avidity.report.figures.inputs import GroupCounts
from avidity.report.figures.inputs_trust import (
    CalibrationPlot,
    EffectPlot,
    Histogram,
    InstabilityPlot,
    Line,
    Spread,
)

BARS = Histogram((0.0, 0.5, 1.0), (GroupCounts("Cases", (1, 2)),))


def test_a_line_and_its_band_have_one_length_and_run_to_the_right():
    with pytest.raises(ValueError, match="as many x as y"):
        Line("Model", (0.0, 1.0), (0.5,))
    with pytest.raises(ValueError, match="differs in length"):
        Line("Model", (0.0, 1.0), (0.5, 0.6), (0.1,), (0.9,))
    with pytest.raises(ValueError, match="both ends"):
        Line("Model", (0.0, 1.0), (0.5, 0.6), (0.1, 0.2))
    with pytest.raises(ValueError, match="must not fall"):
        Line("Model", (1.0, 0.0), (0.5, 0.6))


def test_a_histogram_has_rising_edges_one_or_two_groups_and_a_count_per_bin():
    with pytest.raises(ValueError, match="must rise"):
        Histogram((0.0, 0.0), (GroupCounts("Cases", (1,)),))
    with pytest.raises(ValueError, match="one or two groups"):
        Histogram((0.0, 1.0), ())
    with pytest.raises(ValueError, match="2 counts for 1 bins"):
        Histogram((0.0, 1.0), (GroupCounts("Cases", (1, 2)),))


def test_the_axes_end_within_the_risks():
    with pytest.raises(ValueError, match="at most at 1"):
        CalibrationPlot((), BARS, limit=1.2)


def test_an_effect_is_an_odds_ratio_or_a_risk():
    with pytest.raises(ValueError, match="Odds ratio or Risk"):
        EffectPlot("Age", "years", "Hazard ratio", (), BARS)


def test_more_curves_than_can_be_told_apart_are_refused():
    line = Line("Model", (0.0, 1.0), (0.5, 0.6))
    with pytest.raises(ValueError, match="at most 4"):
        CalibrationPlot((line,) * 5, BARS)
    with pytest.raises(ValueError, match="at most 3"):
        EffectPlot("Age", "years", "Risk", (line,) * 4, BARS)


def test_spreads_have_the_length_of_the_predictions():
    with pytest.raises(ValueError, match="differ in length"):
        InstabilityPlot((0.1, 0.2), (0.1, 0.2), (Spread("95%", (0.0,), (1.0,)),), BARS)
    with pytest.raises(ValueError, match="must not fall"):
        InstabilityPlot((0.2, 0.1), (0.1, 0.2), (), BARS)


def test_the_inputs_do_not_load_the_drawing_library():
    code = "import sys, avidity.report.figures.inputs_trust; print('matplotlib' in sys.modules)"

    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout.strip() == "False"
