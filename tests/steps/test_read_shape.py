"""Where in a sheet the table lies."""

from __future__ import annotations

import pytest

from avidity.dictionary.fields import dictionary
from avidity.steps.read_shape import Grid, shape

PATIENTS = dictionary().tables["patients"]


def shaped(rows, **more):
    return shape(Grid("a.csv", "", rows, **more), PATIENTS)


def rules(result) -> list[str]:
    return [finding.rule for finding in result.findings]


def test_title_rows_above_the_header_are_reported_and_rows_keep_their_numbers():
    result = shaped(
        [["Registry 2010-2020", "", ""], ["", "", ""], ["id", "sex", "age"], ["P1", "F", "40"]]
    )
    assert result.headers == ("id", "sex", "age")
    assert result.header_row == 3
    assert result.row_numbers == (4,)
    assert rules(result) == ["rows above the header"]
    assert result.findings[0].row == 3


def test_a_title_above_a_table_of_no_known_names_is_reported():
    result = shaped([["My table", "", ""], ["alpha", "beta", "gamma"], ["1", "2", "3"]])
    assert result.headers == ("alpha", "beta", "gamma")
    assert rules(result) == ["rows above the header"]


def test_a_row_of_values_is_no_header_though_its_words_name_fields():
    result = shaped(
        [["dossier malade", "rair", "age dx lors", "genre du malade"], ["P1", "no", "44", "M"]]
        + [[f"P{i}", "no", str(30 + i), "M"] for i in range(5)]
    )

    assert result.headers == ("dossier malade", "rair", "age dx lors", "genre du malade")
    assert rules(result) == []


def test_merged_cells_over_two_header_rows_are_joined_and_reported():
    rows = [
        ["patient_id", "Tumour", "", "Follow-up", ""],
        ["", "diameter (mm)", "histology", "date", "date"],
        ["P1", 12.0, "PTC", "2020-01-01", "2021-01-01"],
    ]
    result = shaped(rows, merged=((0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)))
    assert result.headers == ("patient_id", "diameter (mm)", "histology", "Follow-up date")
    assert result.header_row == 2
    assert result.row_numbers == (3,)
    assert "header of two rows" in rules(result)
    assert "header used twice" in rules(result)


def test_a_group_row_is_seen_without_merged_cells():
    rows = [
        ["", "Tumour", "", "Nodes", ""],
        ["patient_id", "diameter", "histology", "nodes_removed", "nodes_positive"],
        ["P1", "12", "PTC", "3", "1"],
    ]
    result = shaped(rows)
    assert result.headers[:2] == ("patient_id", "diameter")
    assert "header of two rows" in rules(result)


def test_blank_rows_are_left_out_and_counted():
    result = shaped([["id", "age"], ["P1", 4], ["", None], ["P2", 5], ["", ""], [" ", ""], []])
    assert result.row_numbers == (2, 4)
    assert [f.problem for f in result.findings] == [
        "1 blank row between the filled ones",
        "3 blank rows after the last filled one",
    ]


def test_a_row_of_noughts_is_not_blank():
    result = shaped([["id", "age"], [0.0, 0.0], [False, False]])
    assert result.row_numbers == (2, 3)


def test_blank_columns_are_left_out_and_addresses_stay_true():
    result = shaped([["", "id", "", "age"], ["", "P1", "", 4]])
    assert result.headers == ("id", "age")
    assert result.positions == (2, 4)
    assert result.rows == (("P1", 4),)
    assert not result.findings


def test_data_under_no_header_are_an_error():
    result = shaped([["id", "age", ""], ["P1", 4, "x"], ["P2", 5, ""]])
    assert rules(result) == ["column without a name"]
    assert result.findings[0].address == "C1"
    assert result.headers == ("id", "age")


def test_a_row_longer_than_the_header_is_an_error():
    result = shaped([["id", "age"], ["P1", "4"], ["P2", "5", "6"]])
    assert rules(result) == ["column without a name"]


def test_a_header_used_twice_is_an_error_and_the_first_is_read():
    result = shaped([["id", "Age", "age "], ["P1", 4, 5]])
    assert rules(result) == ["header used twice"]
    assert result.rows == (("P1", 4),)


def test_short_rows_are_filled_with_nothing():
    assert shaped([["id", "age"], ["P1"]]).rows == (("P1", None),)


def test_errors_and_formulas_without_a_result_are_reported_where_they_stand():
    result = shaped(
        [["id", "age"], ["P1", ""], ["P2", ""]],
        unreadable=((1, 1, "a formula without a result"), (2, 1, "the error #REF!"), (2, 9, "x")),
        formulas=2,
    )
    assert [(f.rule, f.address) for f in result.findings] == [
        ("cell without a result", "B2"),
        ("cell without a result", "B3"),
        ("formulas", ""),
    ]


@pytest.mark.parametrize("rows", [[], [[]], [[""], [" "]]])
def test_nothing_at_all_has_no_header(rows):
    result = shaped(rows)
    assert result.headers == ()
    assert result.rows == ()


def test_numbers_as_headers_are_text():
    assert shaped([["id", 2015.0], ["P1", 4]]).headers == ("id", "2015")
