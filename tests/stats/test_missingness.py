"""What is missing is counted, and every count adds up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from avidity.errors import AnalysisError
from avidity.stats.fisher import fisher_2x2
from avidity.stats.missingness import missingness

NAMES = ("age", "diameter", "tg")
GAPS = np.array(
    [[0, 0, 0], [0, 0, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]],
    dtype=bool,
)
OUTCOME = np.array([1, 1, 1, 0, 0, 0, 0, 1])


def test_variables_are_counted_by_outcome_and_tested():
    got = missingness(GAPS, NAMES, OUTCOME)
    age, diameter, tg = got.variables

    assert (tg.missing, tg.present, tg.missing_cases, tg.missing_controls) == (4, 4, 3, 1)
    assert (tg.n_cases, tg.n_controls, tg.share) == (4, 4, 0.5)
    assert tg.test.p_value == fisher_2x2([[3, 1], [1, 3]]).p_value
    assert "against the outcome" in tg.test.method
    assert diameter.missing == 2
    assert age.test is None


def test_patterns_come_with_the_commonest_first():
    got = missingness(GAPS, NAMES, OUTCOME)

    assert [(p.missing, p.n, p.n_cases) for p in got.patterns] == [
        ((False, False, False), 3, 1),
        ((False, False, True), 3, 2),
        ((False, True, False), 1, 0),
        ((False, True, True), 1, 1),
    ]
    assert got.patterns[0].complete
    assert (got.complete, got.complete_cases, got.incomplete) == (3, 1, 5)
    assert got.by_outcome.p_value == fisher_2x2([[3, 2], [1, 2]]).p_value
    assert got.share_of_values == 6 / 24
    assert got.names == NAMES
    assert got.sentence == (
        "3 of 8 patients (1 of 4 with the outcome) have every value; 2 of 3 variables have"
        " missing values, tg the most (4 patients)."
    )


def test_pairs_tell_both_one_and_neither():
    pair = missingness(GAPS, NAMES, OUTCOME).pairs[2]

    assert (pair.first, pair.second) == ("diameter", "tg")
    assert (pair.both, pair.only_first, pair.only_second, pair.neither) == (1, 1, 3, 3)


@settings(max_examples=40, deadline=None)
@given(arrays(bool, st.tuples(st.integers(2, 30), st.integers(1, 5))), st.randoms())
def test_every_count_adds_up(gaps, random):
    outcome = np.array([0, 1] + [random.randint(0, 1) for _ in range(len(gaps) - 2)])
    names = [f"v{at}" for at in range(gaps.shape[1])]
    got = missingness(gaps, names, outcome)

    assert sum(pattern.n for pattern in got.patterns) == len(gaps)
    assert sum(pattern.n_cases for pattern in got.patterns) == outcome.sum()
    assert got.complete == sum(pattern.n for pattern in got.patterns if pattern.complete)
    for at, each in enumerate(got.variables):
        assert each.missing == sum(p.n for p in got.patterns if p.missing[at])
        assert each.missing == gaps[:, at].sum()
    for pair in got.pairs:
        assert pair.both + pair.only_first + pair.only_second + pair.neither == len(gaps)


def test_birth_weights_miss_age_and_weight_at_random(columns):
    # shared data: made missing in R, 25 ages and 40 weights
    cells = columns("birthwt_missing.csv")
    gaps = np.column_stack(
        [[cell in ("", "NA") for cell in np.asarray(cells[name], str)] for name in ("age", "lwt")]
    )
    got = missingness(gaps, ("age", "lwt"), cells["low"])

    assert [each.missing for each in got.variables] == [25, 40]
    assert got.n - got.complete == 65 - got.pairs[0].both


def test_sets_advised_follow_the_incomplete_patients():
    gaps = np.zeros((100, 1), dtype=bool)
    outcome = np.repeat([0, 1], 50)

    assert missingness(gaps, ["a"], outcome).sets_advised == 20
    assert missingness(gaps, ["a"], outcome).sentence.startswith("No value is missing")
    gaps[:37] = True
    assert missingness(gaps, ["a"], outcome).sets_advised == 37


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="bool"):
        missingness(GAPS.astype(float), NAMES, OUTCOME)
    with pytest.raises(ValueError, match="names"):
        missingness(GAPS, ("age", "age", "tg"), OUTCOME)
    with pytest.raises(AnalysisError, match="no variable"):
        missingness(np.zeros((8, 0), dtype=bool), (), OUTCOME)
    with pytest.raises(AnalysisError, match="no cases"):
        missingness(GAPS, NAMES, np.zeros(8))
