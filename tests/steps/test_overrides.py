"""A physician's answer takes the place of the computed one, with a reason, and is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.errors import LabelError, ReadError
from avidity.steps.overrides import (
    GivenReason,
    Override,
    names_a_patient,
    overrides_text,
    parse_overrides,
)
from small_studies import rows_of

ROWS = rows_of(("rair",), (3, "yes"), (4, "no"), (2, ""))
HEAD = '[study]\ntitle = "t"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'
NAMED = HEAD + 'overrides = "overrides.csv"\n'
FIRST = "patient_id,answer,reason,who,when\n"
GOOD = (
    "P001,no,Thymus,Dr A,2024-05-31\n"
    'P008,yes,"Seen again, progressive",Dr A,2024-05-31\n'
    "P009,yes,Thymus,Dr B,2024-06-01\n"
    "P004,no,Confirmed,Dr B,2024-06-01\n"
)


@pytest.fixture
def overridden(labelled, tmp_path):
    """The small study with a file of overrides."""

    def made(lines, settings=""):
        (tmp_path / "overrides.csv").write_text(FIRST + lines, "utf-8")
        return labelled(ROWS, settings, head=NAMED)

    return made


def test_the_answer_of_a_physician_counts(overridden):
    found = overridden(GOOD)

    assert (4, 5, 0) == (found.flow.yes, found.flow.no, found.outcome.cannot_say)
    assert found.flow.adds_up()


def test_every_direction_is_counted_with_its_reasons(overridden):
    given = overridden(GOOD).outcome.overrides
    directions = [(one.before, one.after, one.patients) for one in given.changes]

    assert [("cannot say", "yes", 2), ("yes", "no", 1), ("no", "no", 1)] == directions
    assert (4, 3, 0) == (given.patients, given.changed, given.not_eligible)
    assert (
        GivenReason("Seen again, progressive", 1),
        GivenReason("Thymus", 1),
    ) == given.changes[0].reasons


def test_one_who_left_before_is_counted_apart(overridden):
    rule = '[[eligibility]]\nreason = "first"\nfield = "patient_id"\nis = "P001"\n'
    given = overridden(GOOD, rule).outcome.overrides

    assert (3, 1) == (given.patients, given.not_eligible)


def test_without_the_key_nothing_is_said(labelled):
    assert labelled(ROWS, head=HEAD).outcome.overrides is None


def test_an_empty_list_is_said_to_be_empty(overridden):
    given = overridden("").outcome.overrides

    assert (0, 0, ()) == (given.patients, given.changed, given.changes)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("P999,yes,Because,Dr A,2024-05-31", "must be one of the table patients"),
        ("P001,perhaps,Because,Dr A,2024-05-31", "must be yes or no"),
        ("P001,,Because,Dr A,2024-05-31", "must be yes or no"),
        ("P001,no, ,Dr A,2024-05-31", "a reason must be given"),
        ("P001,no,Because,,2024-05-31", "who must name the physician"),
        ("P001,no,Because,Dr A,31/05/2024", "a day such as 2024-05-31"),
        ("P001,no,Same as P002,Dr A,2024-05-31", "must not hold a patient's number"),
        ("P001,no,one, two,Dr A,2024-05-31", "stands in quotation marks"),
        ("P001,no," + "x" * 501 + ",Dr A,2024-05-31", "at most 500 characters"),
        ("P001,no,A,Dr A,2024-05-31\nP001,no,B,Dr A,2024-05-31", "line 3: this patient stands"),
        ('P001,no,"open,Dr A,2024-05-31', "a quotation mark must be closed"),
    ],
)
def test_a_line_that_is_not_what_it_must_be_is_refused(overridden, line, said):
    with pytest.raises(LabelError, match=said) as caught:
        overridden(line + "\n")

    assert "P001" not in str(caught.value)
    assert "P999" not in str(caught.value)


def test_every_fault_is_told_at_once(overridden):
    with pytest.raises(LabelError) as caught:
        overridden("P999,yes,Because,Dr A,2024-05-31\nP001,no,,Dr A,never\n")

    assert [f"line {n}:" in str(caught.value) for n in (2, 3)] == [True, True]
    assert 3 == str(caught.value).count("must")


def test_another_first_line_is_refused(labelled, tmp_path):
    (tmp_path / "overrides.csv").write_text("id,answer\nP001,yes\n", "utf-8")

    with pytest.raises(LabelError, match=r"first line of overrides\.csv must be patient_id,answer"):
        labelled(ROWS, head=NAMED)


def test_a_file_that_is_not_there_is_named(labelled):
    with pytest.raises(ReadError, match=r"overrides\.csv, which cannot be read"):
        labelled(ROWS, head=NAMED)


def test_a_file_outside_the_study_is_not_opened(labelled):
    with pytest.raises(ReadError, match="must be a file in the study's folder"):
        labelled(ROWS, head=HEAD + 'overrides = "../overrides.csv"\n')


def test_patients_without_numbers_cannot_be_named(labelled, tmp_path):
    (tmp_path / "overrides.csv").write_text(FIRST, "utf-8")
    rows = [("rair",), ("yes",), ("no",)]

    with pytest.raises(LabelError, match="no number of their own"):
        labelled(rows, head=NAMED)


def test_what_a_spreadsheet_saves_in_france_is_read(labelled, tmp_path):
    text = (FIRST + "P001,no,Thymus déjà vu,Dr A,2024-05-31\n").replace(",", ";")
    (tmp_path / "overrides.csv").write_bytes(text.encode("cp1252"))
    given = labelled(ROWS, head=NAMED).outcome.overrides

    assert "Thymus déjà vu" == given.changes[0].reasons[0].reason


@pytest.mark.parametrize(
    ("reason", "ids", "named"),
    [
        ("as for P12", {"P12"}, True),
        ("as for p12.", {"P12"}, True),
        ("P123 was another", {"P12"}, False),
        ("12 months later", {"12"}, False),
        ("see 4711", {"4711"}, True),
        ("like Anne Moulin", {"ANNE MOULIN"}, True),
        ("A new lesion", {"A"}, False),
    ],
)
def test_a_reason_names_nobody(reason, ids, named):
    assert named is names_a_patient(reason, frozenset(ids))


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
LISTED = st.lists(
    st.builds(
        Override,
        st.uuids().map(str),
        st.booleans(),
        st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
        WORDS,
        st.dates().map(lambda day: day.isoformat()),
    ).filter(lambda one: len(one.reason) <= 500 and len(one.who) <= 100),
    unique_by=lambda one: one.patient_id,
    max_size=5,
)


@given(LISTED)
def test_what_is_written_is_read_back(listed):
    raw = overrides_text(listed).encode()

    assert tuple(listed) == parse_overrides(raw, "x.csv", frozenset(o.patient_id for o in listed))
