"""The nomogram on paper: no words on words, and what is read there is the equation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from avidity.report.figures import nomogram as module
from avidity.report.figures.ink import WIDE
from avidity.report.figures.inputs_score import Scale, ScaleBranch, ScaleTick
from avidity.report.figures.nomogram import nomogram
from avidity.report.figures.words_score import nomogram_plan
from avidity.stats.newton import Floats
from avidity.stats.nomogram import LevelTerm, NumberTerm
from avidity.stats.nomogram import nomogram as laid_out
from avidity.stats.splines import Spline


@dataclass(frozen=True)
class Given:
    """A model known by its coefficients."""

    names: tuple[str, ...]
    coef: Floats


# low ~ age + lwt + smoke + ht in birthwt; R 4.2.2, rms 6.5-0 (ten digits)
BIRTHWT = Given(
    ("intercept", "age", "lwt", "smoke", "ht"),
    np.array([1.7668557512, -0.0356872366, -0.0169551098, 0.6790203983, 1.7881562242]),
)
SMALL = laid_out(
    BIRTHWT,
    (
        NumberTerm("Age", ("age",), 10, 45, unit="years"),
        NumberTerm("Weight", ("lwt",), 80, 260, unit="lb"),
        LevelTerm("Smoking", ("no", "yes"), ("smoke",)),
        LevelTerm("Hypertension", ("no", "yes"), ("ht",)),
    ),
)
EXAMPLE = {"Age": 30, "Weight": 120, "Smoking": "yes", "Hypertension": "no"}

SPLINE = Spline((16.0, 20.0, 25.0, 32.0))
SITES = tuple(f"site number {at}, with a long name to break" for at in range(14))


def model_of(age, levels, tiny):
    """A spline of age, so many sites, a quadratic that turns, and an effect of nearly nothing."""
    sites = [f"s{at}" for at in range(1, len(levels) + 1)]
    names = ("intercept", "age", "age'", "age''", *sites, "d", "d2", "tiny")
    model = Given(names, np.array([-3.0, *age, *levels, -0.12, 0.0022, tiny]))
    terms = (
        NumberTerm("Age at diagnosis", names[1:4], 14, 45, SPLINE.basis, "years"),
        LevelTerm(
            "Site of the largest metastasis at the last scan",
            SITES[: len(levels) + 1],
            tuple(sites),
        ),
        NumberTerm("Diameter", ("d", "d2"), 1, 61, lambda x: np.column_stack([x, x * x]), "mm"),
        NumberTerm("Thyrotropin", ("tiny",), 30, 150, unit="mIU/L"),
    )
    return laid_out(model, terms)


WAVY = (-0.1001, 0.755, -2.0272)
PLANS = {
    "small": nomogram_plan(SMALL, "low birth weight", EXAMPLE),
    "wavy": nomogram_plan(model_of(WAVY, (0.4, 1.0), 0.004), "refractory disease"),
    "many levels": nomogram_plan(
        model_of(WAVY, tuple(np.random.default_rng(3).normal(0.6, 0.7, 13)), 0.001),
        "radioiodine-refractory disease within five years",
        {
            "Age at diagnosis": 23,
            "Site of the largest metastasis at the last scan": SITES[5],
            "Diameter": 30,
            "Thyrotropin": 80,
        },
    ),
    "close levels": nomogram_plan(model_of((0.05, 0, 0), (0.01, 0.02, 0.05), -0.02), "disease"),
}


@pytest.mark.parametrize("name", PLANS)
def test_words_stay_apart_on_the_sheet_and_large_enough(words_of, check_words, name):
    sheet, words = words_of(module, nomogram, PLANS[name])

    check_words(sheet, words)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_model_the_words_stay_apart(words_of, check_words, seed):
    chance = np.random.default_rng(seed)
    age, spread = chance.normal(0, (0.1, 0.5, 1.5)), (0.05, 0.5, 2.0)[seed % 3]
    levels = tuple(chance.normal(0, spread, 1 + 3 * seed))
    plan = nomogram_plan(model_of(tuple(age), levels, chance.normal(0, 0.01)), "disease")

    sheet, words = words_of(module, nomogram, plan)

    check_words(sheet, words)
    assert sheet.height / sheet.width < 240 / WIDE


def test_the_figure_is_174_mm_wide_and_says_its_words():
    got = nomogram(PLANS["small"])

    assert got.width_mm == pytest.approx(174)
    svg = got.svg.decode()
    for words in ("Total points", "Risk (%) of low birth weight", "Worked example:", "Age, years"):
        assert all(word in svg for word in words.split())


def at_risk(plan, label):
    return next(tick.at for tick in plan.risk if tick.label == label)


def test_the_plan_holds_the_points_and_totals_of_r():
    # R 4.2.2, rms 6.5-0: print(nomogram(f, fun = plogis, fun.at = 1:8 / 10)); whole points
    plan = PLANS["small"]
    age, weight, smoking, hypertension = plan.scales
    ticks = {tick.label: round(tick.at) for tick in age.branches[0].ticks if tick.rank < 2}

    assert {"45": 0, "40": 6, "35": 12, "30": 18, "25": 23, "20": 29, "15": 35, "10": 41} == ticks
    pounds = {tick.label: round(tick.at) for tick in weight.branches[0].ticks}
    assert (100, 89, 78, 0) == tuple(pounds[label] for label in ("80", "100", "120", "260"))
    assert [0, 22] == [round(tick.at) for tick in smoking.branches[0].ticks]
    assert [0, 59] == [round(tick.at) for tick in hypertension.branches[0].ticks]
    totals = [round(at_risk(plan, str(percent))) for percent in range(10, 90, 10)]
    assert [67, 94, 111, 126, 139, 152, 167, 185] == totals


def test_the_worked_example_adds_up():
    words = " ".join(PLANS["small"].example)
    read = [int(points) for points in re.findall(r"→ (\d+)[;.]", words)]
    total = int(re.search(r"Sum: (\d+) points", words).group(1))

    assert [18, 78, 22, 0] == read
    assert sum(read) == total == 118
    assert "Age 30 years → 18;" in words
    assert "risk 34%. The equation itself gives 34.1%." in words
    line = BIRTHWT.coef @ [1, 30, 120, 1, 0]
    assert 100 * expit(line) == pytest.approx(34.1, abs=0.05)


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(st.floats(-0.3, 0.3), st.floats(-1, 1), st.floats(-3, 3)),
    st.lists(st.floats(-2, 2), min_size=1, max_size=6),
    st.floats(14, 45),
    st.floats(1, 61),
)
def test_a_total_read_with_a_ruler_gives_the_risk_within_a_tick(age, levels, years, diameter):
    found = model_of(age, tuple(levels), 0.01)
    plan = nomogram_plan(found, "disease")
    patient = {
        "Age at diagnosis": years,
        "Site of the largest metastasis at the last scan": SITES[0],
        "Diameter": diameter,
        "Thyrotropin": 90,
    }
    reading = found.read(patient)
    by_hand = sum(round(row.points) for row in reading.rows)
    ticks = sorted((tick.at, float(tick.label)) for tick in plan.risk)

    # the risk scale is straight in log-odds, and the ticks say where it lies
    where, risks = np.array(ticks).T
    assert expit((where / found.points_per_logit) + found.base) * 100 == pytest.approx(risks)
    assert (np.diff(where) > 0).all()
    # four scales read to half a point each, and the hand's risk lies between the same ticks or
    # beside them
    assert abs(by_hand - reading.total) <= 2
    if 0 < reading.risk < 1:
        off = abs(logit(reading.risk) - (found.base + by_hand / found.points_per_logit))
        assert off <= 2 / found.points_per_logit + 1e-6


def test_a_turn_begins_a_new_stretch_and_says_its_value():
    age = PLANS["wavy"].scales[0]

    assert ["19.4", "25.3", ""] == [branch.turn for branch in age.branches]
    for before, after in zip(age.branches, age.branches[1:], strict=False):
        assert before.end == after.start
    for branch in age.branches:
        low, high = sorted((branch.start, branch.end))
        assert all(low - 1e-9 <= tick.at <= high + 1e-9 for tick in branch.ticks)


def test_counts_have_no_ticks_between_whole_numbers():
    model = Given(("intercept", "labours"), np.array([-1.0, 0.4]))
    found = laid_out(model, (NumberTerm("Labours", ("labours",), 0, 3, finest=1),))

    ticks = nomogram_plan(found, "disease").scales[0].branches[0].ticks

    assert ["0", "1", "2", "3"] == [tick.label for tick in ticks]


def test_a_narrow_range_of_risks_still_has_labels():
    model = Given(("intercept", "x"), np.array([-3.2, 0.01]))
    found = laid_out(model, (NumberTerm("x", ("x",), 0, 100),))

    plan = nomogram_plan(found, "disease")

    assert 3 <= sum(tick.rank == 0 for tick in plan.risk) <= 8


def test_the_example_stands_on_its_branch():
    plan = PLANS["many levels"]

    assert plan.scales[0].branch == 1
    assert plan.example_total == pytest.approx(sum(scale.example for scale in plan.scales))


def test_a_scale_that_cannot_be_is_refused():
    branch = ScaleBranch(0, 1, (ScaleTick(0, "a"),))
    scale = Scale("x", "levels", (branch,))
    with pytest.raises(ValueError, match="only one"):
        replace(scale, branches=(branch, branch))
    with pytest.raises(ValueError, match="no branch 1"):
        replace(scale, branch=1)
    with pytest.raises(ValueError, match="needs a branch"):
        replace(scale, branches=())
