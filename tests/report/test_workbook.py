"""The workbook: numbers are numbers to the last digit, text is never a formula."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from avidity.report.document import Cell, Column, Document, Row, Table
from avidity.report.number_formats import shown_as, storable
from avidity.report.workbook import to_xlsx


@pytest.fixture(scope="module")
def data(sample):
    return to_xlsx(sample)


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_every_table_and_checklist_has_a_sheet_and_contents_lead_there(book):
    assert book.sheetnames == ["Contents", "Table 1", "Table 2", "Table 3", "STROBE", "Numbers"]
    cells = [cell for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
    assert {cell.hyperlink.location for cell in cells} == {
        f"'{name}'!A1" for name in book.sheetnames[1:]
    }


def test_the_warnings_stand_on_the_first_sheet(book):
    words = [str(cell.value) for row in book["Contents"].iter_rows() for cell in row if cell.value]

    assert "These patients are made up" in words
    assert "What to know before reading on" in words


def test_numbers_are_equal_to_the_last_digit(data, sample):
    table = next(table for table in sample.tables() if table.anchor == "multivariable")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Table 2").to_python()

    values = [row[1] for row in rows if row and row[0] in {r.cells[0].text for r in table.rows}]
    assert values == [row.cells[1].value for row in table.rows]
    assert values[0] == 6.5021


def test_a_number_looks_as_printed(book):
    sheet = book["Table 1"]
    odds = book["Table 2"]["B5"]
    p = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 2.6e-7)

    assert odds.value == 6.5021
    assert odds.number_format == "0.00"
    assert p.number_format == '[<0.001]"<0.001 c";0.000" c"'


def test_every_number_behind_a_table_is_listed_with_its_place(book):
    rows = list(book["Numbers"].iter_rows(min_row=5, values_only=True))

    age = [row for row in rows if row[1] == "Age at diagnosis, years"]
    assert ("Table 1", "Age at diagnosis, years", "Radioiodine-refractory: Yes (n = 32)",
            "53.1 ± 14.1", "mean", 53.0625, "/table1/mean") in age  # fmt: skip
    assert any(row[1] == "Tumour: Distant metastasis" for row in rows)
    assert any(row[5] == "infinite" for row in rows)


def test_head_caption_and_footnotes_are_there(book):
    sheet = book["Table 1"]

    assert sheet["A1"].value == "Table 1. Characteristics of the patients by outcome"
    assert sheet.freeze_panes == "B6"
    assert sheet.print_title_rows == "$4:$5"
    words = [cell.value for cell in sheet["A"] if isinstance(cell.value, str)]
    assert "c  Fisher's exact test, two-sided by minimum likelihood." in words
    assert "Radioiodine-refractory" in [cell.value for cell in sheet[4]]


def test_blanks_of_the_checklist_are_visible(book):
    answers = [row[3] for row in book["STROBE"].iter_rows(min_row=5, values_only=True)]

    assert answers[:4] == [
        "(for the authors)",
        "300 records, 122 with complete follow-up, 90 included; see Figure 1",
        None,
        "(for the authors)",
    ]


def test_hostile_text_is_inert(hostile):
    data = to_xlsx(hostile)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if "worksheets/" in n]
        links = [n for n in archive.namelist() if n.endswith(".rels") and "worksheets" in n]
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    assert links == []  # no link leads out of the workbook
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Table 1")
    words = [cell for row in sheet.to_python() for cell in row]
    assert '=cmd|"/c calc"!A1' in words


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    table = Table("t", "c", (Column("a"),), (Row((Cell("x" * 40_000),)),))

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(Document("T", (table,)))))

    assert len(book["Table 1"]["A5"].value) == 32_767
    assert book["Table 1"]["A5"].value.endswith("…")


def test_the_same_report_gives_the_same_bytes(sample, data):
    assert to_xlsx(sample) == data
    core = zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT", core) == ["2000-01-01T", "2000-01-01T"]


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("6.50", 6.5021, "0.00"),
        ("1,890", 1890.2, "#,##0"),
        ("−0.71", -0.7123, "0.00"),
        ("59.4%", 0.59375, "0.0%"),
        ("<0.001", 2.6e-7, '[<0.001]"<0.001";0.000'),
        ("<0.001", 0.2, None),
        ("19 (59.4%)", 19, None),
        ("6.51", 6.5021, None),
        ("n.a.", 1.0, None),
    ],
)
def test_the_format_of_a_number_follows_its_words_where_they_agree(text, value, shown):
    assert shown_as(text, value) == shown


@pytest.mark.parametrize("value", [None, "text", True, float("nan"), float("inf"), 10**400])
def test_what_a_sheet_cannot_hold_as_a_number_is_known(value):
    assert not storable(value)
