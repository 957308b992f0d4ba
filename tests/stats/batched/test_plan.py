import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.batched.cutoff_validation import Search
from avidity.stats.batched.plan import Backward, Candidate, Plan, path_data


def test_a_candidate_is_made_of_its_own_name_unless_said_otherwise():
    assert ("age",) == Candidate("age").sources
    assert ("a", "b") == Candidate("both", columns=("a", "b")).sources


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"columns": ("a", "b"), "cut": 3.0}, "one column is cut, not 2"),
        ({"test": "guess"}, "the test is one of"),
        ({"columns": ("a", "b"), "test": "Fisher"}, "screened by likelihood ratio"),
    ],
)
def test_a_candidate_that_cannot_be_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Candidate("x", **wrong)


def test_a_plan_names_its_candidates_once():
    with pytest.raises(ValueError, match="each under its own name"):
        Plan((Candidate("a"), Candidate("a")))
    with pytest.raises(ValueError, match="each under its own name"):
        Plan(())
    with pytest.raises(ValueError, match="between 0 and 1"):
        Plan((Candidate("a"),), p_below=5)


def test_a_plan_says_what_it_does():
    plan = Plan(
        (Candidate("age", cut=Search(), test="Welch t"), Candidate("sex", test="Fisher")),
        p_below=0.05,
        backward=Backward(alpha=0.1, pooled=False),
    )
    words = (
        "cut-offs searched (age); candidates screened at p < 0.05 (Welch t, Fisher);"
        " backward elimination by p < 0.1, one by one; model fitted."
    )
    assert plan.words.startswith(words)
    assert "Akaike's criterion, pooled" in Backward().words


def test_data_are_checked_before_they_are_walked_on():
    plan = Plan((Candidate("age"), Candidate("sex", test="Fisher")))
    age, sex, y = np.array([1.0, 2, 3]), np.array([0, 1, 1]), [0, 1, 1]
    good = path_data({"age": age, "sex": sex, "spare": sex}, y, plan)

    assert {"age", "sex"} == set(good.columns)
    assert [0.0, 1.0, 1.0] == good.outcome.tolist()
    for columns, words in (
        ({"age": age}, "sex needs the column sex"),
        ({"age": age[:2], "sex": sex}, "age must hold 3 finite numbers"),
        ({"age": age * np.nan, "sex": sex}, "age must hold 3 finite numbers"),
        ({"age": age, "sex": sex + 1}, "sex must be 0 or 1 for Fisher's test"),
    ):
        with pytest.raises(ValueError, match=words):
            path_data(columns, y, plan)
    with pytest.raises(AnalysisError, match="no candidate may enter"):
        path_data({"age": age}, y, Plan((Candidate("age", cut=Search(), enters=False),)))
