"""The points card and its risks: legible, complete, and the same numbers as the score."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from avidity.report.figures import score as module
from avidity.report.figures.inputs_score import CardLine, RiskBar, ScorePlan
from avidity.report.figures.score import score
from avidity.report.figures.words_score import score_plan
from avidity.stats.points.items import ScoreItem
from avidity.stats.points.optimism import score_optimism
from avidity.stats.points.path import ScoreRows, score_path
from avidity.stats.points.risk import risk_table
from avidity.stats.points.rounding import Rounding
from avidity.stats.resampling import bootstrap


def bars(first, last, corrected=None):
    risks = 1 / (1 + np.exp(3.5 - 0.22 * np.arange(first, last + 1)))
    return tuple(
        RiskBar(total, r, 0.8 * r, min(1.0, 1.2 * r), max(0, 12 - total), 0, corrected and r)
        for total, r in zip(range(first, last + 1), risks.tolist(), strict=True)
    )


LONG = "Stimulated thyroglobulin before the first course of radioiodine, as measured, ng/mL"
FEW = (CardLine("Smoker", "2"), CardLine("Age"), CardLine("< 45", "0", indent=True))
MANY = (
    *(CardLine(LONG), *(CardLine(f"level {at}, " + LONG, "−3", indent=True) for at in range(4))),
) * 4
PLANS = {
    "short": ScorePlan(FEW, bars(0, 6), "0 to 6", "Risk of disease, %"),
    "corrected": ScorePlan(FEW, bars(0, 9, True), "0 to 9", "Risk of refractory disease, %"),
    "many totals": ScorePlan(FEW, bars(-3, 40, True), "−3 to 40", "Risk of disease, %"),
    "long": ScorePlan(MANY, bars(0, 12), "0 to 12", "Risk of disease, %"),
    "one heading": ScorePlan((MANY[0], *MANY[1:5] * 3), bars(0, 3), "0 to 3", "Risk of disease, %"),
}


@pytest.mark.parametrize("name", PLANS)
def test_words_stay_apart_on_the_sheet_and_large_enough(words_of, check_words, name):
    sheet, words = words_of(module, score, PLANS[name])

    check_words(sheet, words)
    assert PLANS[name].range in " ".join(text for text, _, _ in words)


@pytest.mark.parametrize("name", PLANS)
def test_the_figure_is_174_mm_wide_and_fits_a_page(name):
    got = score(PLANS[name])

    assert got.width_mm == pytest.approx(174)
    assert got.height_mm < 250


def test_every_total_has_its_numbers_where_there_is_room(words_of):
    _, words = words_of(module, score, PLANS["corrected"])
    texts = [text for text, _, _ in words]

    assert all(texts.count(str(total)) >= 1 for total in range(10))
    assert "risk corrected for optimism" in texts
    assert not any("every" in text for text in texts)


def test_totals_without_numbers_are_said(words_of):
    _, words = words_of(module, score, PLANS["many totals"])

    assert any("every second total" in text for text, _, _ in words)


@pytest.fixture(scope="module")
def made():
    chance = np.random.default_rng(2)
    place = [chance.integers(0, count, 90) for count in (2, 3, 2)]
    X = np.column_stack([np.ones(90), place[0], place[1] == 1, place[1] == 2, place[2]])
    y = (chance.random(90) < 1 / (1 + np.exp(2 - X[:, 1] - X[:, 3]))).astype(float)
    names = ("intercept", "ete", "II", "III", "noise")
    items = (
        ScoreItem("Extrathyroidal extension", ("no", "yes"), ("ete",), place[0]),
        ScoreItem("Stage", ("I", "II", "III"), ("II", "III"), place[1]),
        ScoreItem("Noise", ("absent", "present"), ("noise",), place[2]),
    )
    return ScoreRows(X.astype(float), y, names, items, Rounding(3, slack=2.0))


def test_the_plan_says_what_the_score_says(made):
    path = score_path(made)
    table = risk_table(path.score, path.total, made.y)
    optimism = score_optimism(made, bootstrap(90, 8, seed=1).weights, table.rows)

    plan = score_plan(path.score, table.rows, "disease", optimism)

    points = {item.name: item.points for item in path.score.items}
    assert CardLine("Extrathyroidal extension", str(points["Extrathyroidal extension"][1])) in (
        plan.card
    )
    assert CardLine("Stage") in plan.card
    assert CardLine("III", str(points["Stage"][2]), indent=True) in plan.card
    if not any(points["Noise"]):
        assert CardLine("Noise", "0") in plan.card
    assert [row.total for row in table.rows] == [bar.total for bar in plan.risks]
    assert [row.risk for row in optimism.rows] == [bar.corrected for bar in plan.risks]
    assert sum(bar.n for bar in plan.risks) == 90
    assert f"0 to {path.score.highest}" == plan.range
    assert "95% interval" == plan.interval


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="cannot be"):
        RiskBar(0, 0.5, 0.6, 0.7, 1, 0)
    with pytest.raises(ValueError, match="cannot be"):
        RiskBar(0, 0.5, 0.4, 0.7, 1, 2)
    with pytest.raises(ValueError, match="rising"):
        ScorePlan(FEW, bars(0, 0), "0", "Risk")


def test_the_inputs_load_neither_the_drawing_library_nor_the_statistics():
    code = (
        "import sys, avidity.report.figures.inputs_score;"
        " print('matplotlib' in sys.modules, 'numpy' in sys.modules)"
    )

    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "False False" == got.stdout.strip()
