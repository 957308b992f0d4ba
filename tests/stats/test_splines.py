import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit, likelihood_ratio_tests
from avidity.stats.splines import Spline, default_knots


@pytest.mark.parametrize(
    ("count", "knots"),
    [
        (3, (17, 23, 31)),
        (4, (16, 20, 25, 32)),
        (5, (16, 20, 23, 26, 32)),
        (6, (16, 19, 21, 24, 27, 32)),
        (7, (15, 18.46666666667, 20, 23, 25, 28, 34.3)),
    ],
)
def test_default_knots_match_hmisc(columns, count, knots):
    # K68. R 4.2.2, Hmisc 4.8-0: rcspline.eval(birthwt$age, nk = count, knots.only = TRUE)
    got = default_knots(columns("birthwt.csv")["age"], count)

    assert knots == pytest.approx(got, rel=1e-12)


@pytest.mark.parametrize(
    ("inside", "count", "knots"),
    [
        (60, 3, (0.5, 5.0, 9.5)),
        (60, 4, (0.5, 5.0, 8.9128, 9.5)),
        (60, 5, (0.5, 1.0872, 5.0, 8.9128, 9.5)),
        (120, 5, (0.5, 1.01775, 5.0, 8.98225, 9.5)),
    ],
)
def test_piles_at_both_ends_move_the_outer_knots_inside(inside, count, knots):
    # R 4.2.2, Hmisc 4.8-0:
    # x <- c(rep(.1, 10), round(seq(.5, 9.5, length.out = inside), 3), rep(10, 12))
    # rcspline.eval(x, nk = count, knots.only = TRUE)
    x = np.concatenate([[0.1] * 10, np.round(np.linspace(0.5, 9.5, inside), 3), [10] * 12])

    assert knots == pytest.approx(default_knots(x, count), rel=1e-12)


def test_a_pile_at_the_detection_limit_moves_the_first_knot_and_leaves_a_small_group():
    # as above; x <- c(rep(.1, 20), round(seq(.2, 9, length.out = 100), 3)), nk = 5: 99 values are
    # left beyond the first knot, so the last is the fifth largest
    x = np.concatenate([[0.1] * 20, np.round(np.linspace(0.2, 9, 100), 3)])

    assert (0.2, 0.7241, 3.3377, 5.9513, 8.644) == pytest.approx(default_knots(x, 5), rel=1e-12)


def test_outer_knots_of_a_small_cohort_are_the_fifth_values_from_the_ends():
    assert (5.0, 50.0, 95.0) == default_knots(range(1, 100), 3)
    assert (10.9, 50.5, 90.1) == pytest.approx(default_knots(range(1, 101), 3), rel=1e-12)


def test_too_few_different_values_are_refused_and_so_are_knots_that_coincide():
    with pytest.raises(AnalysisError, match="5 different values are too few"):
        default_knots([1, 2, 3, 4, 5] * 20, 3)
    with pytest.raises(AnalysisError, match="many patients share one"):
        default_knots([5.0] * 90 + [1, 2, 3, 4, 6, 7, 8, 9], 3)
    with pytest.raises(AnalysisError, match="fewer than five"):
        default_knots([1.0] * 50 + [2, 3, 4] + [5.0] * 2 + [9.0] * 40, 3)
    with pytest.raises(ValueError, match="3 to 7"):
        default_knots(range(50), 2)


def test_knots_must_rise_and_x_be_flat():
    with pytest.raises(ValueError, match="rise"):
        Spline((1.0, 3.0, 2.0))
    with pytest.raises(ValueError, match="at least three"):
        Spline((1.0, 3.0))
    with pytest.raises(ValueError, match="one dimension"):
        Spline((1.0, 2.0, 3.0)).basis([[1.0]])


def test_basis_matches_hmisc():
    # K69. R 4.2.2, Hmisc 4.8-0: rcspline.eval(c(20, 25, 30), knots = c(16, 20, 25, 32))
    got = Spline((16.0, 20.0, 25.0, 32.0)).basis([20.0, 25.0, 30.0])

    expected = [[20, 0.25, 0], [25, 2.84765625, 0.48828125], [30, 9.60267857143, 3.06919642857]]
    assert np.array(expected) == pytest.approx(got, rel=1e-11)


def test_basis_matches_the_r_answers(shared):
    answers = json.loads((shared / "reference" / "r_known_answers.json").read_text())["rcs"]

    got = Spline(tuple(map(float, answers["knots"]))).basis(answers["x"])

    assert np.array(answers["basis"], dtype=float) == pytest.approx(got, rel=1e-10)


def spline_model(data):
    """low ~ rcs(age, 4) + rcs(lwt, 3) + smoke"""
    age, lwt = (
        Spline(default_knots(data[name], count)) for name, count in (("age", 4), ("lwt", 3))
    )
    X = np.column_stack(
        [
            np.ones(len(data["low"])),
            age.basis(data["age"]),
            lwt.basis(data["lwt"]),
            data["smoke"],
        ]
    )
    names = ("intercept", *age.names("age"), *lwt.names("lwt"), "smoke")
    return X, data["low"], fit(X, data["low"], names)


def wald(fitted, columns):
    place = [fitted.names.index(column) for column in columns]
    coef = fitted.coef[place]
    return coef @ np.linalg.solve(fitted.covariance[np.ix_(place, place)], coef)


def test_a_spline_model_matches_rms(columns):
    # K70. R 4.2.2, rms 6.5-0: lrm(low ~ rcs(age,4) + rcs(lwt,3) + smoke, tol = 1e-14, eps = 1e-12);
    # anova() for Wald's chi squared; deviances of glm(epsilon = 1e-14) for the likelihood ratio
    X, y, fitted = spline_model(columns("birthwt.csv"))

    assert fitted.coef == pytest.approx(
        [
            *(4.73773560922568, -0.17167507473813, 1.07729016131145, -2.79806235781905),
            *(-0.02395137813482, 0.02225736677955, 0.72730762321421),
        ],
        rel=1e-9,
    )
    assert wald(fitted, ("age", "age'", "age''")) == pytest.approx(4.4472008537243, rel=1e-8)
    assert wald(fitted, ("age'", "age''")) == pytest.approx(3.9175965965051, rel=1e-8)
    chunks = {"age": ("age", "age'", "age''"), "age, curved": ("age'", "age''")}
    tests = likelihood_ratio_tests(X, y, fitted, chunks)
    assert tests["age"].statistic == pytest.approx(5.994461833922, rel=1e-8)
    assert tests["age"].df == 3
    assert tests["age, curved"].statistic == pytest.approx(4.609037879893, rel=1e-8)
    assert tests["age, curved"].df == 2


def one_by_one(x, knots):
    """The textbook formula for one value: Harrell 2015, equation 2.25 to 2.27."""
    *_, before, last = knots
    scale = (last - knots[0]) ** 2

    def cube(value):
        return value**3 if value > 0 else 0.0

    return [x] + [
        (
            cube(x - knot)
            - cube(x - before) * (last - knot) / (last - before)
            + cube(x - last) * (before - knot) / (last - before)
        )
        / scale
        for knot in knots[:-2]
    ]


rising_knots = st.lists(st.integers(-50, 50), min_size=3, max_size=6, unique=True).map(sorted)


@settings(max_examples=40, deadline=None)
@given(rising_knots, st.lists(st.floats(-80, 80), min_size=1, max_size=5))
def test_basis_equals_the_formula_value_by_value(knots, x):
    got = Spline(tuple(map(float, knots))).basis(x)

    expected = np.array([one_by_one(value, [float(knot) for knot in knots]) for value in x])
    assert expected == pytest.approx(got, rel=1e-9, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(rising_knots, st.floats(1, 30))
def test_beyond_the_outer_knots_the_basis_is_straight(knots, step):
    spline = Spline(tuple(map(float, knots)))
    for start in (knots[0] - 3 * step, knots[-1] + 0.0):
        first, second, third = spline.basis([start, start + step, start + 2 * step])
        assert third - second == pytest.approx(second - first, rel=1e-7, abs=1e-6)
    assert (spline.basis([knots[0] - 1.0])[0, 1:] == 0).all()


@settings(max_examples=40, deadline=None)
@given(rising_knots, st.floats(-5, 5), st.sampled_from([0.1, 2.0, 10.0]))
def test_another_unit_changes_the_columns_by_that_unit(knots, shift, unit):
    x = np.linspace(knots[0] - 5, knots[-1] + 5, 9)
    there = Spline(tuple(unit * knot + shift for knot in knots)).basis(unit * x + shift)

    here = Spline(tuple(map(float, knots))).basis(x)
    assert there[:, 1:] == pytest.approx(unit * here[:, 1:], rel=1e-6, abs=1e-6)


def test_a_missing_value_stays_missing_in_every_column():
    assert np.isnan(Spline((1.0, 2.0, 3.0)).basis([np.nan])).all()


def test_names_follow_the_columns():
    spline = Spline((1.0, 2.0, 3.0, 4.0))

    assert ("Tg", "Tg'", "Tg''") == spline.names("Tg")
    assert spline.degrees == 3 == spline.basis([2.0]).shape[1]
