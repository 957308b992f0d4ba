from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.newton import Floats
from avidity.stats.nomogram import (
    Either,
    LevelTerm,
    NumberTerm,
    nomogram,
)
from avidity.stats.splines import Spline, default_knots


@dataclass(frozen=True)
class Given:
    """A model known by its coefficients."""

    names: tuple[str, ...]
    coef: Floats


@pytest.fixture(scope="module")
def small(columns):
    """The nomogram of low ~ age + lwt + smoke + ht in birthwt, on the scales R chooses."""
    data = columns("birthwt.csv")
    names = ("intercept", "age", "lwt", "smoke", "ht")
    X = np.column_stack([np.ones(189), *(data[name] for name in names[1:])])
    terms = (
        NumberTerm("age", ("age",), 10, 45),
        NumberTerm("lwt", ("lwt",), 80, 260),
        LevelTerm("smoke", ("no", "yes"), ("smoke",)),
        LevelTerm("ht", ("no", "yes"), ("ht",)),
    )
    return nomogram(fit(X, data["low"], names), terms)


def test_points_and_totals_match_rms(small):
    # K71. R 4.2.2, rms 6.5-0
    # > f <- lrm(low ~ age + lwt + smoke + ht, data = d, eps = 1e-12)
    # > n <- nomogram(f, fun = plogis, fun.at = 1:8 / 10)
    # > n$age; n$lwt; n$smoke; n$ht; n$lp (twelve digits); attr(n, "info")$sc
    # rms inverts fun between a thousand points, so the totals of its risks are good to 1e-4
    age = [40.92680603182, 35.08011945585, 29.23343287987, 23.38674630390, 17.54005972792]
    lwt = [100, 88.8888888889, 77.7777777778, 66.6666666667, 55.5555555556, 44.4444444444]

    assert small.points_per_logit == pytest.approx(32.7662611387, abs=1e-9)
    assert [small.axis("age").points(value) for value in range(10, 35, 5)] == pytest.approx(
        age, abs=1e-10
    )
    assert [small.axis("lwt").points(value) for value in range(80, 200, 20)] == pytest.approx(
        lwt, abs=1e-9
    )
    assert small.axis("age").points(45) == pytest.approx(0, abs=1e-12)
    assert small.axis("smoke").points("yes") == pytest.approx(22.2489596965, abs=1e-9)
    assert small.axis("ht").points("yes") == pytest.approx(58.5911938493, abs=1e-9)
    assert small.total(float(expit(-3))) == pytest.approx(40.8725831, abs=1e-6)
    assert small.total(0.5) == pytest.approx(139.1713665, abs=1e-6)
    totals = [67.1764872, 93.7476469, 111.4085716, 125.8857901, 139.1713665, 152.4569430]
    assert [small.total(tenth / 10) for tenth in range(1, 7)] == pytest.approx(totals, abs=1e-4)
    whole = [67, 94, 111, 126, 139, 152, 167, 185]
    assert whole == [round(small.total(tenth / 10)) for tenth in range(1, 9)]


def test_a_spline_and_a_category_match_rms_and_the_turns_are_found(columns):
    # R 4.2.2, rms 6.5-0
    # > f <- lrm(low ~ rcs(age, 4) + lwt + race, data = d, eps = 1e-12)
    # > n <- nomogram(f, fun = plogis, fun.at = 1:6 / 10); n$age; n$race; n$lwt
    data = columns("birthwt.csv")
    spline = Spline(default_knots(data["age"], 4))
    race = [data["race"] == 2, data["race"] == 3]
    X = np.column_stack([np.ones(189), spline.basis(data["age"]), data["lwt"], *race])
    names = ("intercept", *spline.names("age"), "lwt", "race 2", "race 3")
    terms = (
        NumberTerm("age", spline.names("age"), 10, 45, spline.basis, "years"),
        NumberTerm("lwt", ("lwt",), 80, 260),
        LevelTerm("race", ("1", "2", "3"), ("race 2", "race 3")),
    )
    model = fit(X, data["low"], names)

    got = nomogram(model, terms)

    age = [100, 89.4148834330, 82.8203144071, 92.7732752083, 79.4031652143, 53.1456358412]
    assert [got.axis("age").points(value) for value in range(10, 40, 5)] == pytest.approx(
        age, abs=1e-7
    )
    levels = [got.axis("race").points(value) for value in "123"]
    assert levels == pytest.approx([0, 21.58124125827, 8.24485059558], abs=1e-7)
    assert got.axis("lwt").points(80) == pytest.approx(52.566010065, abs=1e-7)
    branches = got.axis("age").branches
    assert [19.36, 25.30] == [round(branch.high, 2) for branch in branches[:2]]
    assert [1, -1, 1] == [np.sign(b.low_points - b.high_points) for b in branches]
    assert all(a.high == b.low for a, b in pairwise(branches))
    for patient in (0, 50, 120):
        values = {"age": data["age"][patient], "lwt": data["lwt"][patient]}
        reading = got.read({**values, "race": f"{data['race'][patient]:.0f}"})
        assert reading.risk == pytest.approx(model.risk(X)[patient], rel=1e-11)


NAMES = ("intercept", "age", "age'", "age''", "II", "III", "finding")
MODELS = st.lists(st.floats(-3, 3), min_size=7, max_size=7).map(
    lambda coef: Given(NAMES, np.array(coef))
)


@settings(max_examples=60, deadline=None)
@given(MODELS, st.floats(0, 10), st.sampled_from(["I", "II", "III"]), st.booleans())
def test_a_reading_is_the_equation_and_by_hand_it_is_near(model, age, stage, finding):
    spline = Spline((1.0, 4.0, 6.0, 9.0))
    if not np.abs(model.coef[1:]).max() > 1e-3:
        return
    got = nomogram(
        model,
        (
            NumberTerm("age", model.names[1:4], 0, 10, spline.basis),
            LevelTerm("stage", ("I", "II", "III"), ("II", "III")),
            LevelTerm("finding", ("no", "yes"), ("finding",)),
        ),
    )
    x = [1, *spline.basis([age])[0], stage == "II", stage == "III", finding]
    line = float(np.array(x, dtype=float) @ model.coef)

    reading = got.read({"age": age, "stage": stage, "finding": "yes" if finding else "no"})

    assert reading.risk == pytest.approx(expit(line), rel=1e-7, abs=1e-9)
    assert reading.total == pytest.approx(sum(row.points for row in reading.rows), abs=1e-9)
    if 0.001 < reading.risk < 0.999:
        assert got.total(reading.risk) == pytest.approx(reading.total, abs=1e-3)
    assert all(-1e-3 <= row.points <= 100 + 1e-3 for row in reading.rows)
    assert -1e-3 <= reading.total <= got.highest + 1e-3
    # three scales, each read to the nearest whole point
    assert abs(reading.by_hand - reading.total) <= 1.5 + 1e-9
    slack = 1.5 / got.points_per_logit / 4 + 1e-9
    assert abs(reading.risk_by_hand - reading.risk) <= slack


@settings(max_examples=30, deadline=None)
@given(MODELS)
def test_every_scale_begins_at_nothing_and_the_widest_ends_at_a_hundred(model):
    spline = Spline((1.0, 4.0, 6.0, 9.0))
    if not np.abs(model.coef[1:]).max() > 1e-3:
        return
    terms = (
        NumberTerm("age", model.names[1:4], 0, 10, spline.basis),
        LevelTerm("stage", ("I", "II", "III"), ("II", "III")),
        LevelTerm("finding", ("no", "yes"), ("finding",)),
    )
    age, stage, finding = nomogram(model, terms).axes

    curve = [p for b in age.branches for p in (b.low_points, b.high_points)]
    dense = age.reading(np.linspace(0, 10, 3001))
    heights = [curve, stage.level_points, finding.level_points]
    assert [min(own) for own in heights] == pytest.approx([0, 0, 0], abs=1e-9)
    assert max(map(max, heights)) == pytest.approx(100, abs=1e-9)
    assert dense.min() >= -1e-3
    assert dense.max() <= max(curve) + 1e-3


def test_scales_that_exclude_each_other_carry_an_interaction(columns):
    data = columns("birthwt.csv")
    age, smoke = data["age"], data["smoke"]
    names = ("intercept", "age", "smoke", "age:smoke", "lwt")
    X = np.column_stack([np.ones(189), age, smoke, age * smoke, data["lwt"]])
    model = fit(X, data["low"], names)
    both = ("age", "smoke", "age:smoke")
    never = NumberTerm("age, never smoked", both, 14, 45, lambda x: np.outer(x, [1, 0, 0]))
    smokes = NumberTerm(
        "age, smoker", both, 14, 45, lambda x: np.column_stack([x, np.ones_like(x), x])
    )

    got = nomogram(model, (Either((never, smokes)), NumberTerm("lwt", ("lwt",), 80, 250)))

    for patient in range(0, 189, 20):
        which = "age, smoker" if smoke[patient] else "age, never smoked"
        reading = got.read({which: age[patient], "lwt": data["lwt"][patient]})
        assert reading.risk == pytest.approx(model.risk(X)[patient], rel=1e-10)
    with pytest.raises(AnalysisError, match="age, never smoked, age, smoker"):
        got.read({"age, smoker": 20, "age, never smoked": 20, "lwt": 100})
    with pytest.raises(AnalysisError, match="one value is needed for each scale"):
        got.read({"lwt": 100})
    with pytest.raises(ValueError, match="share their columns"):
        nomogram(model, (Either((never, NumberTerm("lwt", ("lwt",), 80, 250))),))


def test_an_axis_refuses_what_it_has_not_seen(small):
    patient = {"age": 30, "lwt": 120, "smoke": "yes", "ht": "no"}
    reading = small.read(patient)

    assert ["age", "lwt", "smoke", "ht"] == [row.name for row in reading.rows]
    assert (18 + 78 + 22 + 0) == reading.by_hand
    with pytest.raises(AnalysisError, match="from 10 to 45"):
        small.read({**patient, "age": 46})
    with pytest.raises(AnalysisError, match="one of no, yes"):
        small.read({**patient, "ht": "maybe"})
    with pytest.raises(AnalysisError, match="no scale for race"):
        small.axis("race")
    for risk in (0, 1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            small.total(risk)


def test_a_nomogram_that_would_lie_is_refused():
    model = Given(("intercept", "age", "finding", "dropped"), np.array([0.0, 1.0, 1.0, 0.0]))
    age = NumberTerm("age", ("age",), 0, 1)
    finding = LevelTerm("finding", ("no", "yes"), ("finding",))

    assert 2 == len(nomogram(model, (age, finding)).axes)  # a coefficient of 0 needs no scale
    with pytest.raises(AnalysisError, match="one scale: finding"):
        nomogram(model, (age,))
    with pytest.raises(AnalysisError, match="one scale: age"):
        nomogram(model, (age, finding, NumberTerm("again", ("age",), 0, 1)))
    with pytest.raises(AnalysisError, match="no column sex"):
        nomogram(model, (age, LevelTerm("sex", ("f", "m"), ("sex",))))
    with pytest.raises(ValueError, match="different names"):
        nomogram(model, (age, LevelTerm("age", ("no", "yes"), ("finding",))))
    with pytest.raises(AnalysisError, match="no variable changes the risk"):
        nomogram(Given(("intercept", "age"), np.zeros(2)), (age,))
    with pytest.raises(ValueError, match="must rise"):
        NumberTerm("age", ("age",), 1, 1)
    with pytest.raises(ValueError, match="two levels"):
        LevelTerm("finding", ("no", "yes", "maybe"), ("finding",))


def test_levels_can_be_given_by_their_values():
    model = Given(("intercept", "a", "b", "a:b"), np.array([-1.0, 1.0, 0.5, -2.0]))
    rows = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0, 1.0))
    term = LevelTerm("a and b", ("neither", "a", "b", "both"), ("a", "b", "a:b"), rows)

    got = nomogram(model, (term,))

    assert got.axes[0].level_points == pytest.approx([100 / 3, 100, 200 / 3, 0])
    for label, line in (("neither", -1), ("a", 0), ("b", -0.5), ("both", -1.5)):
        assert got.read({"a and b": label}).risk == pytest.approx(expit(line), rel=1e-12)
