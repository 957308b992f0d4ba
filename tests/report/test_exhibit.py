"""One table of a report as a file of its own: its words, its number, nothing to be computed."""

from __future__ import annotations

import csv
import io

import docx
import openpyxl
import pytest

from avidity.report.document import Cell, Checklist, Column, Document, Notice, Row, Table
from avidity.report.exhibit import KINDS, as_file, exhibit, to_csv
from avidity.report.numbering import number


def read(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def anchors(document):
    return [one.anchor for one in document.blocks if isinstance(one, Table | Checklist)]


def test_every_table_and_checklist_is_found_and_nothing_else(sample):
    assert anchors(sample)
    for anchor in anchors(sample):
        assert anchor == exhibit(sample, anchor).anchor
    assert exhibit(sample, "figure-flow") is None
    assert exhibit(sample, "no-such-table") is None


def test_a_csv_has_every_row_as_printed_under_one_line_of_heads(sample):
    table = next(number(sample).tables())
    lines = read(to_csv(table))

    assert 1 + len(table.rows) == len(lines)
    assert {len(table.columns)} == {len(line) for line in lines}
    for line, row in zip(lines[1:], table.rows, strict=True):
        assert [cell.text for cell in row.cells] == line[: len(row.cells)]


def test_a_head_of_a_group_stands_before_its_own():
    columns = (Column("Term"), Column("OR", group="Alone"), Column("p", group="Alone"))
    table = Table("a", "c", columns, (Row((Cell("x"), Cell("1"), Cell("2"))),))

    assert ["Term", "Alone: OR", "Alone: p"] == read(to_csv(table))[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+cmd", "'-1+cmd"),
        ("\t=1", "'\t=1"),
        ("-0.5", "-0.5"),
        ("−0.5", "−0.5"),
        ("< 0.001", "< 0.001"),
        ("12 (3%)", "12 (3%)"),
    ],
)
def test_no_spreadsheet_computes_a_text(text, written):
    table = Table("a", "c", (Column("h"), Column("v")), (Row((Cell(text), Cell(text))),))

    assert [written, written] == read(to_csv(table))[1]


def test_a_workbook_holds_the_one_table_under_its_number(sample):
    document = number(sample)
    second = list(document.tables())[1]
    book = openpyxl.load_workbook(io.BytesIO(as_file(document, second, "xlsx")))

    assert ["Contents", second.label, "Numbers"] == book.sheetnames
    assert f"{second.label}. {second.caption}" == book[second.label]["A1"].value


def test_a_word_file_holds_the_one_table_and_refers_to_no_other(sample):
    document = number(sample)
    for anchor in anchors(document):
        block = exhibit(document, anchor)
        word = docx.Document(io.BytesIO(as_file(document, block, "docx")))
        text = "\n".join(one.text for one in word.paragraphs)

        assert 1 == len(word.tables)
        assert block.caption in text
        assert "w:anchor=" not in word.element.xml
        assert " REF " not in word.element.xml


def test_made_data_are_called_so_in_every_file_that_has_room_for_it(sample):
    document = number(sample)
    made = next(one for one in document.blocks if isinstance(one, Notice) and "made" in one.kind)
    word = docx.Document(io.BytesIO(as_file(document, next(document.tables()), "docx")))

    assert made.title in "\n".join(one.text for one in word.paragraphs)


def test_the_same_table_gives_the_same_bytes(sample):
    document: Document = number(sample)
    table = next(document.tables())

    for kind in KINDS:
        assert as_file(document, table, kind) == as_file(document, table, kind)
