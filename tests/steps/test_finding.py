"""Findings as lines, rows and counts."""

from __future__ import annotations

import pytest

from avidity.errors import CheckError
from avidity.steps.finding import (
    Finding,
    address,
    counts,
    finding_line,
    in_order,
    number_of,
    shown,
    stop_on_errors,
)


def finding(rule="a rule", severity="error", **more) -> Finding:
    return Finding(rule, severity, "patients", "a problem", "it must hold", "do it", **more)


def test_errors_come_first_then_table_row_and_column():
    mixed = [
        finding(severity="note"),
        finding(severity="warning", row=2),
        finding(row=9),
        finding(row=3, column="b"),
        finding(row=3, column="a"),
    ]
    ordered = in_order(mixed)
    assert [(f.severity, f.row, f.column) for f in ordered] == [
        ("error", 3, "a"),
        ("error", 3, "b"),
        ("error", 9, ""),
        ("warning", 2, ""),
        ("note", None, ""),
    ]


def test_counts_add_up_and_hold_no_content():
    some = [finding(found="secret", row=i) for i in range(3)] + [finding("other", "warning")]
    tally = counts(some)
    assert sum(count.n for count in tally) == 4
    assert (tally[0].n, tally[0].rule) == (3, "a rule")
    assert "secret" not in repr(tally)
    assert number_of(some, "warning") == 1


def test_a_line_says_place_problem_and_what_to_do():
    line = finding_line(finding(column="age", row=7, address="C7", found="fifty"))
    assert line == (
        "error: patients, C7 'age': a problem (fifty); it must hold. To do: do it"
    )  # fmt: skip
    assert finding_line(finding()) == "error: patients: a problem; it must hold. To do: do it"


def test_errors_stop_with_their_number_and_no_content():
    stop_on_errors([finding(severity="warning"), finding(severity="note")])
    with pytest.raises(CheckError, match="1 place must be put right") as raised:
        stop_on_errors([finding(found="secret")])
    assert "secret" not in str(raised.value)
    assert raised.value.exit_code == 13


@pytest.mark.parametrize(
    ("column", "row", "name"),
    [(1, 1, "A1"), (26, 3, "Z3"), (27, 3, "AA3"), (16384, 1, "XFD1"), (2, None, "B"),
     (None, 5, "5"), (None, None, "")],
)  # fmt: skip
def test_addresses_are_excels(column, row, name):
    assert address(column, row) == name


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (3.5, "3.5"), ("a\nb", "a·b"), ("x" * 60, "x" * 60), ("x" * 61, "x" * 59 + "…")],
)
def test_content_is_shown_short_and_on_one_line(cell, text):
    assert shown(cell) == text
