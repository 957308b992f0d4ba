"""The figures about trust: calibration, decision curve, effect curve, prediction instability."""

from __future__ import annotations

import re

import pytest

from avidity.report.figures.calibration import calibration
from avidity.report.figures.decision import decision
from avidity.report.figures.effect import effect
from avidity.report.figures.ink import SMALL_SIZE, text_width
from avidity.report.figures.inputs import GroupCounts
from avidity.report.figures.inputs_trust import (
    CalibrationPlot,
    DecisionPlot,
    EffectPlot,
    GroupPoint,
    Histogram,
    InstabilityPlot,
    Line,
    Spread,
    Step,
)
from avidity.report.figures.instability import instability
from avidity.report.figures.panel import SIDE, group_words, percent_ticks

AT = tuple(place / 20 for place in range(21))
BANDED = Line(
    "Apparent",
    AT,
    tuple(x**1.2 for x in AT),
    tuple(max(0.0, x**1.2 - 0.15) for x in AT),
    tuple(min(1.0, x**1.2 + 0.15) for x in AT),
    "ICI 0.014",
)
CORRECTED = Line("Corrected for optimism", AT, tuple(0.06 + 0.8 * x for x in AT))
RISKS = Histogram(
    tuple(place / 10 for place in range(11)),
    (
        GroupCounts("Refractory", (1, 2, 3, 5, 4, 5, 3, 4, 3, 2)),
        GroupCounts("Not refractory", (15, 12, 9, 8, 5, 4, 3, 1, 1, 0)),
    ),
)
ALONE = Histogram(RISKS.edges, (GroupCounts("Patients", (16, 14, 12, 13, 9, 9, 6, 5, 4, 2)),))

CALIBRATION = CalibrationPlot(
    (BANDED, CORRECTED),
    RISKS,
    (GroupPoint(0.1, 0.05, 0.01, 0.2, 18), GroupPoint(0.7, 0.8, 0.6, 0.9, 18)),
    "Tenths of patients, 95% CI",
    ("Slope 0.78 (0.50 to 1.02)",),
)
DECISION = DecisionPlot(
    (
        Line("Model", AT[1:17], tuple(0.35 - 0.4 * x for x in AT[1:17])),
        Line("Model, corrected", AT[1:17], tuple(0.33 - 0.42 * x for x in AT[1:17])),
    ),
    Line("Treat all", AT[:17], tuple(0.36 - 0.64 * x / (1 - x) for x in AT[:17])),
    0.36,
    (Line("Model", AT[1:17], tuple(70 * x for x in AT[1:17])),),
)
AGES = tuple(float(age) for age in range(20, 85, 5))
EFFECT = EffectPlot(
    "Age at diagnosis",
    "years",
    "Odds ratio",
    (
        Line(
            "Restricted cubic spline, 95% CI",
            AGES,
            tuple(1.05 ** (age - 45) for age in AGES),
            tuple(0.5 * 1.04 ** (age - 45) for age in AGES),
            tuple(2e9 * 1.06 ** (age - 45) for age in AGES),
        ),
        Line("Straight line", AGES, tuple(1.04 ** (age - 45) for age in AGES)),
    ),
    Histogram(AGES, (GroupCounts("Refractory", (2,) * 12), GroupCounts("Not", (3,) * 12))),
    45.0,
    Step(54.0, 0.8, 3.1, "Cut-off ≥ 54 years"),
)
INSTABILITY = InstabilityPlot(
    AT,
    AT,
    (
        Spread("95% of resamples", tuple(x / 2 for x in AT), tuple((1 + x) / 2 for x in AT)),
        Spread("50% of resamples", tuple(x * 0.8 for x in AT), tuple(0.2 + 0.8 * x for x in AT)),
    ),
    ALONE,
    ("Mean absolute difference 6.1 points",),
)
ALL = {
    "calibration": (calibration, CALIBRATION),
    "decision": (decision, DECISION),
    "effect": (effect, EFFECT),
    "instability": (instability, INSTABILITY),
}


def words(picture):
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg.decode("utf-8"))


@pytest.fixture(scope="module")
def drawn():
    return {name: draw(plan) for name, (draw, plan) in ALL.items()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "calibration",
            (
                *("Predicted risk, %", "Observed share, %", "Apparent", "ICI 0.014"),
                *("Corrected for optimism", "Tenths of patients, 95% CI", "Perfect agreement"),
                *("Refractory, n = 32", "Not refractory, n = 58", "Slope 0.78 (0.50 to 1.02)"),
            ),
        ),
        (
            "decision",
            (
                *("Net benefit", "Model", "Model, corrected", "Treat all", "Treat none"),
                "Threshold risk from which one would treat, %",
            ),
        ),
        (
            "effect",
            (
                *("Age at diagnosis, years", "Odds ratio, log scale", "Straight line"),
                *("Cut-off ≥ 54 years", "Reference, 45 years", "Refractory, n = 24"),
            ),
        ),
        (
            "instability",
            (
                *("95% of resamples", "50% of resamples", "Median of the resamples"),
                *("Mean absolute difference 6.1 points", "Patients"),
            ),
        ),
    ],
)
def test_every_part_is_named(drawn, name, said):
    found = words(drawn[name])

    assert [] == [word for word in said if word not in found]


@pytest.mark.parametrize("name", ALL)
def test_a_figure_is_one_column_wide_and_the_same_each_time(drawn, name):
    draw, plan = ALL[name]
    again = draw(plan)

    assert drawn[name].width_mm == pytest.approx(84)
    assert drawn[name].svg == again.svg
    assert drawn[name].png.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ALL)
def test_no_word_is_set_below_seven_points(drawn, name):
    sizes = re.findall(r"font-size: ([\d.]+)px", drawn[name].svg.decode("utf-8"))

    assert sizes
    assert min(map(float, sizes)) >= 7


def test_an_infinite_band_does_not_flatten_the_curve(drawn):
    ticks = [word for word in words(drawn["effect"]) if re.fullmatch(r"[\d.e+]+", word)]

    assert max(float(tick) for tick in ticks) <= 100


def test_a_risk_is_drawn_in_percent_without_a_reference():
    risk = EffectPlot(
        "Tumour diameter",
        "",
        "Risk",
        (Line("Spline", (5.0, 60.0), (0.1, 0.7), (0.05, 0.5), (0.2, 0.85)),),
        Histogram((0.0, 40.0, 80.0), (GroupCounts("Patients", (40, 50)),)),
    )
    found = words(effect(risk))

    assert {"Risk, %", "Tumour diameter", "80"} <= set(found)
    assert not [word for word in found if word.startswith("Reference")]


def test_a_decision_plot_without_interventions_has_one_panel(drawn):
    alone = decision(DecisionPlot(DECISION.lines, DECISION.everybody, DECISION.prevalence))

    assert alone.height_mm < drawn["decision"].height_mm - 25
    assert "Threshold risk from which one would treat, %" in words(alone)


def test_long_and_hostile_words_are_wrapped_and_made_fit():
    name = "A very long name of a curve that says in full how it was made and corrected\x07"
    line = Line(
        name, (0.0, 1.0), (0.0, 1.0), summary="and a summary that is long as well, too long"
    )
    picture = calibration(
        CalibrationPlot((line,), ALONE, notes=("<script>$x^2$</script> " * 3,), limit=0.4)
    )
    found = " ".join(words(picture))

    assert "A very long name of a curve" in found
    assert "\x07" not in found
    assert "&lt;script&gt;$x^2$&lt;/script&gt;" in found


def test_words_on_the_counts_stand_where_the_bars_are_low():
    left = Histogram(
        (0.0, 0.25, 0.5, 0.75, 1.0),
        (GroupCounts("Cases", (0, 0, 9, 9)), GroupCounts("Controls", (9, 9, 0, 0))),
    )
    svg = calibration(CalibrationPlot((CORRECTED,), left)).svg.decode("utf-8")
    anchors = re.findall(r"text-anchor: (\w+)[^>]*>((?:Cases|Controls), n = 18)<", svg)

    assert [("start", "Cases, n = 18"), ("end", "Controls, n = 18")] == anchors


def test_a_group_with_a_long_name_keeps_its_size():
    long = "Radioiodine-refractory by the paper's own definition, first version"
    found = group_words(GroupCounts(long, (20, 12)))

    assert found.endswith("…, n = 32")
    assert found.startswith("Radioiodine-refractory by the paper")
    assert text_width(found, SMALL_SIZE) < SIDE


def test_ticks_are_few_and_round():
    assert [0.0, 0.1, 0.2, 0.3, 0.4] == percent_ticks(0, 0.4)
    assert [0.0, 0.01, 0.02, 0.03] == percent_ticks(0, 0.03)
    assert len(percent_ticks(-1, 1)) > 7
