"""Eligibility: every patient who leaves is counted, with the reason."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import StudyFileError
from avidity.steps.flow import Flow, in_words, screen
from avidity.study import Eligibility

RULES = (
    Eligibility(reason="incomplete follow-up", field="complete", is_=False),
    Eligibility(reason="no radioiodine", field="rai", is_=False),
    Eligibility(reason="younger than 18", field="age", below=18),
)

answers = st.sampled_from([True, False, None])
patients = st.lists(
    st.tuples(answers, answers, st.one_of(st.none(), st.integers(10, 30))), min_size=1, max_size=40
)


def table(rows):
    complete, rai, age = zip(*rows, strict=True)
    kinds = {"complete": pl.Boolean, "rai": pl.Boolean, "age": pl.Int64}
    return pl.DataFrame({"complete": complete, "rai": rai, "age": age}, schema=kinds)


@given(patients)
@settings(deadline=None, max_examples=60)
def test_nobody_is_lost(rows):
    screened = screen(table(rows), RULES)

    assert len(rows) == sum(step.n for step in screened.left) + sum(screened.eligible)


@given(patients, st.permutations(range(len(RULES))))
@settings(deadline=None, max_examples=60)
def test_the_order_moves_reasons_and_not_the_number_who_stay(rows, order):
    first = screen(table(rows), RULES)
    other = screen(table(rows), tuple(RULES[at] for at in order))

    assert first.eligible == other.eligible
    for place, at in enumerate(order):
        assert first.left[at].met == other.left[place].met
        assert first.left[at].only <= other.left[place].n <= first.left[at].met


@given(patients)
@settings(deadline=None, max_examples=60)
def test_reasons_agree_with_asking_each_patient_in_turn(rows):
    """The slow twin: one patient after the other, rule by rule, unknown leaves too."""

    def reason(complete, rai, age):
        holds = [
            None if complete is None else not complete,
            None if rai is None else not rai,
            None if age is None else age < 18,
        ]
        return next((at for at, said in enumerate(holds) if said is not False), -1)

    assert [reason(*row) for row in rows] == screen(table(rows), RULES).reason


def test_a_reason_nobody_met_is_counted_as_zero():
    screened = screen(table([(True, True, 40)]), RULES)

    assert [0, 0, 0] == [step.n for step in screened.left]


def test_a_record_that_cannot_say_leaves_and_is_counted_apart():
    screened = screen(table([(None, True, 40), (False, True, 40)]), RULES)

    assert (2, 1) == (screened.left[0].n, screened.left[0].unknown)


def test_a_rule_may_keep_those_who_cannot_be_told():
    rule = RULES[0].model_copy(update={"unknown": "keep"})

    screened = screen(table([(None, True, 40)]), (rule,))

    assert [True] == screened.eligible


def test_several_reasons_at_once_are_counted():
    screened = screen(table([(False, False, 40), (False, True, 40)]), RULES)

    assert 1 == screened.several
    assert screened.left[1].depends_on_order
    assert (0, 1, 0) == (screened.left[1].n, screened.left[1].met, screened.left[1].only)


def test_without_rules_everybody_stays():
    assert [True, True] == screen(table([(None, None, None)] * 2), ()).eligible


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (Eligibility(reason="r", field="absent", is_=True), "no field 'absent'"),
        (Eligibility(reason="r", field="rai", below=3), "needs a number"),
        (Eligibility(reason="r", field="rai", is_="maybe"), "it is yes/no"),
        (Eligibility(reason="r", field="age", is_="old"), "it holds numbers"),
    ],
)
def test_a_rule_that_does_not_fit_the_table_is_told(rule, word):
    with pytest.raises(StudyFileError, match=word):
        screen(table([(True, True, 40)]), (rule,))


def test_a_rule_reads_as_a_person_writes_it():
    assert "rai is no" == in_words(RULES[1])
    assert "age < 18" == in_words(RULES[2])
    assert "age is missing" == in_words(Eligibility(reason="r", field="age", missing=True))


def test_a_flow_knows_whether_it_adds_up():
    good = Flow(3, (), 3, 1, 2, 1, 1, 0)

    assert good.adds_up()
    assert not Flow(4, (), 3, 1, 2, 1, 1, 0).adds_up()
