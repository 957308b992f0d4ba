"""The plan refuses what cannot be meant, and fills in what need not be said."""

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.imputation.variables import Derived, category, number, plan, yes_no

NAN = np.nan
OUTCOME = [0, 1, 0, 1]
AGE = number("age", [50, NAN, 40, 60])
SEX = yes_no("sex", [1, 0, NAN, NAN])
HISTOLOGY = category("histology", [0, 1, 1, 0], ("PTC", "FTC"))


def over(values):
    return (values["age"] > 54) * 1.0


def test_gaps_are_told_apart():
    tg = number("tg", [NAN, NAN, 3, NAN], low=[NAN, NAN, NAN, 500], high=[0.1, NAN, NAN, NAN])

    assert tg.bounded.tolist() == [True, False, False, True]
    assert tg.missing.tolist() == [False, True, False, False]
    assert tg.measured.tolist() == [False, False, True, False]
    assert tg.to_impute == 3


def test_the_fewest_gaps_are_visited_first_and_the_complete_never():
    got = plan([SEX, AGE, HISTOLOGY], OUTCOME)

    assert got.order == ("age", "sex")
    assert got.predictors["age"] == ("sex", "histology")
    assert got.n == 4
    assert got.variable("sex") is SEX


def test_order_and_predictors_can_be_given():
    got = plan(
        [SEX, AGE, HISTOLOGY],
        OUTCOME,
        derived=[Derived("old", ("age",), over)],
        order=["sex", "age"],
        predictors={"sex": ["old"]},
    )

    assert got.order == ("sex", "age")
    assert got.predictors == {"sex": ("old",), "age": ("sex", "histology")}


def test_the_outcome_is_decided_for_everybody():
    with pytest.raises(ValueError, match="0 and 1"):
        plan([AGE], [0, 1, NAN, 1])
    with pytest.raises(AnalysisError, match="no cases"):
        plan([AGE], [0, 0, 0, 0])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: plan([AGE, AGE], OUTCOME), "name of its own"),
        (lambda: plan([], OUTCOME), "needs a variable"),
        (lambda: plan([AGE], OUTCOME, donors=0), "donor"),
        (lambda: plan([AGE, number("short", [1.0])], OUTCOME), "1 values for 4 patients"),
        (lambda: plan([AGE], OUTCOME, order=["sex"]), "each incomplete variable once"),
        (lambda: plan([AGE, SEX], OUTCOME, order=["sex", "sex", "age"]), "once"),
        (lambda: plan([AGE], OUTCOME, derived=[Derived("x", ("no",), over)]), "unknown"),
        (lambda: plan([AGE, SEX], OUTCOME, predictors={"age": ["no"]}), "other known"),
        (lambda: plan([AGE, SEX], OUTCOME, predictors={"age": ["age"]}), "other known"),
        (lambda: plan([AGE, HISTOLOGY], OUTCOME, predictors={"histology": []}), "nothing to"),
        (
            lambda: plan(
                [AGE, SEX],
                OUTCOME,
                derived=[Derived("old", ("age",), over)],
                predictors={"age": ["old"]},
            ),
            "cannot predict",
        ),
        (lambda: number("x", [[1.0]]), "shape"),
        (lambda: number("x", [np.inf]), "infinite"),
        (lambda: number("x", [1.0], high=[2.0]), "one or the other"),
        (lambda: number("x", [NAN], low=[2.0], high=[2.0]), "below"),
        (lambda: number("x", [NAN], high=[2.0, 3.0]), "shape"),
        (lambda: number("x", [0.0], log=True), "positive"),
        (lambda: number("x", [NAN], high=[0.0], log=True), "positive"),
        (lambda: yes_no("x", [2.0]), "1, 0 and nan"),
        (lambda: category("x", [2.0], ("a", "b")), "0 to 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_a_variable_nobody_has_is_refused():
    with pytest.raises(AnalysisError, match="leave it out"):
        plan([number("x", [NAN] * 4)], OUTCOME)
