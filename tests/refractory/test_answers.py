"""Kleene's logic, and judgements joined by it."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from avidity.refractory.answers import (
    Judgement,
    RecordRef,
    all_of,
    any_of,
    both,
    either,
    in_order,
    negate,
)

THREE = (True, False, None)
EARLY, LATE = date(2020, 1, 1), date(2021, 1, 1)


def completions(answers):
    """Every way the unknown answers could turn out."""
    return product(*((True, False) if each is None else (each,) for each in answers))


def certain(outcomes):
    found = set(outcomes)
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize("answers", [*product(THREE, repeat=2), *product(THREE, repeat=3)])
def test_any_and_all_say_what_every_completion_agrees_on(answers):
    assert certain(any(way) for way in completions(answers)) is any_of(*answers)
    assert certain(all(way) for way in completions(answers)) is all_of(*answers)


@pytest.mark.parametrize("answers", [*product(THREE, repeat=2)])
def test_de_morgan_holds_for_three_answers(answers):
    assert negate(all_of(*answers)) is any_of(*map(negate, answers))


def test_a_yes_of_either_holds_since_the_first_and_a_yes_of_both_since_the_last():
    parts = [Judgement(True, LATE), Judgement(True, EARLY)]

    assert EARLY == either(parts).date_first_held
    assert LATE == both(parts).date_first_held


def test_a_yes_of_both_is_undated_if_a_part_is():
    assert both([Judgement(True, LATE), Judgement(True)]).date_first_held is None


def test_only_what_decided_is_kept():
    yes = Judgement(True, EARLY, (RecordRef("scans", 2, "scan"),))
    no = Judgement(False, None, (RecordRef("scans", 3, "scan"),))
    unknown = Judgement(None, missing=("this", "that"))

    assert Judgement(True, EARLY, yes.records) == either([no, unknown, yes])
    assert Judgement(False, None, no.records) == both([no, unknown, yes])
    assert Judgement(None, missing=("this", "that")) == either([no, unknown])


def test_what_is_missing_twice_is_told_once():
    unknown = Judgement(None, missing=("this",))

    assert ("this",) == either([unknown, unknown]).missing


def test_records_stand_once_by_table_and_row():
    two, ten = RecordRef("scans", 2, "a"), RecordRef("scans", 10, "b")

    assert (RecordRef("patients", None, "c"), two, ten) == in_order(
        [ten, two, ten, RecordRef("patients", None, "c")]
    )
