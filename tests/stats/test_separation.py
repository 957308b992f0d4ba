import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.newton import design
from avidity.stats.separation import SeparatedError, _by_programming, separation


def with_intercept(*columns):
    return np.column_stack([np.ones(len(columns[0])), *columns])


def test_the_endometrial_data_are_separated_by_neovasculation_alone(endometrial):
    # K40. R detectseparation: NV +Inf, all others finite
    found = separation(*endometrial)

    assert ("NV",) == found.rising
    assert found.falling == found.either == ()
    assert not found.intercept
    assert found.kind == "quasi-complete"
    assert "NV = 1 holds 13 with the outcome and 0 without" in found.sentence


def test_the_urinary_infections_are_separated_by_the_diaphragm(sex2):
    found = separation(*sex2)

    assert ("dia",) == found.columns
    assert "dia = 1 holds 7 with the outcome and 0 without" in found.sentence


def test_overlapping_data_are_not_separated(birthwt):
    X, y, names, _ = birthwt
    found = separation(X, y, names)

    assert not found.found
    assert found.sentence == ""


def test_the_seed_papers_oncocytic_carcinomas_have_an_empty_cell():
    oncocytic = np.repeat([1.0, 0.0, 0.0], [3, 29, 58])
    found = separation(with_intercept(oncocytic), np.repeat([1, 0], [32, 58]), ("one", "OCA"))

    assert ("OCA",) == found.rising
    assert not found.intercept
    assert "OCA = 1 holds 3 with the outcome and 0 without" in found.sentence


def test_a_level_without_cases_falls():
    level = np.repeat([1.0, 0.0, 0.0], [4, 6, 6])
    found = separation(with_intercept(level), np.repeat([0, 1, 0], [4, 6, 6]), ("one", "level"))

    assert ("level",) == found.falling
    assert "level = 1 holds 0 with the outcome and 4 without" in found.sentence


def test_all_without_the_level_being_controls_draws_the_intercept_along():
    level = np.repeat([1.0, 1.0, 0.0], [4, 3, 6])
    found = separation(with_intercept(level), np.repeat([1, 0, 0], [4, 3, 6]), ("one", "level"))

    assert ("level",) == found.rising
    assert found.intercept
    assert "level = 0 holds 0 with the outcome and 6 without" in found.sentence


def test_weights_count_in_the_empty_cell():
    X = with_intercept([1.0, 0, 0])
    found = separation(X, [1, 1, 0], ("one", "x"), [5, 2, 2])

    assert "x = 1 holds 5 with the outcome and 0 without" in found.sentence


def test_an_ordered_column_is_described_without_a_patients_value():
    x = np.array([10.5, 11.5, 12.5, 13.5])
    above = separation(with_intercept(x), [0, 0, 1, 1], ("one", "Tg"))
    below = separation(with_intercept(x), [1, 1, 0, 0], ("one", "Tg"))
    touching = separation(with_intercept([10.5, 12.5, 12.5, 13.5]), [0, 0, 1, 1], ("one", "Tg"))

    assert above.kind == below.kind == "complete"
    assert touching.kind == "quasi-complete"
    assert "every patient with the outcome has a higher Tg" in above.sentence
    assert "every patient with the outcome has a lower Tg" in below.sentence
    assert "no patient with the outcome has a lower Tg" in touching.sentence
    assert not any(digit in above.sentence for digit in "0123456789")


def test_two_columns_that_separate_together_are_both_named():
    a = np.array([0.0, 0, 1, 1, 0, 1, 2, 2])
    b = np.array([0.0, 1, 0, 1, 2, 2, 0, 1])
    found = separation(with_intercept(a, b), a + b >= 2, ("one", "a", "b"))

    assert found.kind == "complete"
    assert {"a", "b"} == set(found.columns)
    assert "together" in found.sentence


def test_a_model_with_a_coefficient_for_each_patient_separates():
    u, v = np.array([0.0, 0, 1, 1]), np.array([0.0, 1, 0, 1])
    found = separation(with_intercept(u, v, u * v), [0, 1, 1, 0], ("one", "u", "v", "uv"))

    assert found.kind == "complete"
    assert found.rising == ("u", "v")
    assert found.falling == ("uv",)


def test_columns_without_a_fixed_direction_are_named_together():
    # along the diagonal either column may fall if the other rises a little more
    X = with_intercept([0.0, 1, -5], [0.0, 1, -4.9])
    found = separation(X, [0, 1, 0], ("one", "a", "b"))

    assert found.rising == found.falling == found.reasons == ()
    assert found.columns == ("a", "b")
    assert found.sentence == "a and b together separate the outcome."


def test_a_year_that_separates_is_seen_beside_another_variable():
    rng = np.random.default_rng(5)
    year, other = 2015.0 + rng.integers(-5, 6, 60), rng.normal(size=60)
    found = separation(with_intercept(year, other), year > 2016, ("one", "year", "other"))

    assert ("year",) == found.rising


def test_the_error_names_the_columns_and_the_way_out(endometrial):
    error = SeparatedError(separation(*endometrial))

    assert isinstance(error, AnalysisError)
    assert "NV" in str(error)
    assert "Firth" in str(error)
    assert ("NV",) == error.separation.columns


rows_of_two = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=3, max_size=14
).filter(lambda rows: len({x for x, _ in rows}) > 1 and 0 < sum(y for _, y in rows) < len(rows))


@settings(max_examples=60, deadline=None)
@given(rows_of_two)
def test_order_and_linear_program_agree_on_one_predictor(rows):
    x, y = zip(*rows, strict=True)
    checked = design(with_intercept(x), y, ("one", "x"))
    by_order, by_program = separation(checked.X, y, checked.names), _by_programming(checked)

    assert by_order == by_program


rows_of_three = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1)), min_size=5, max_size=18
).filter(
    lambda rows: (
        0 < sum(row[2] for row in rows) < len(rows)
        and np.linalg.matrix_rank([[1, *row[:2]] for row in rows]) == 3
    )
)


@settings(max_examples=60, deadline=None)
@given(rows_of_three)
def test_newtons_steps_come_to_rest_exactly_where_the_program_finds_no_direction(rows):
    a, b, y = zip(*rows, strict=True)
    checked = design(with_intercept(a, b), y, ("one", "a", "b"))

    assert separation(checked.X, y, checked.names) == _by_programming(checked)


def test_a_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="shapes"):
        separation(np.ones(4), [0, 1, 0, 1], ("one",))
