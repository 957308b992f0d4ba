"""Text tables: encodings, separators, quotation marks."""

from __future__ import annotations

import codecs

import pytest

from avidity.errors import ReadError
from avidity.steps.read_text import best_separator, decode, read_text

FRENCH = "id;âge;sexe;diamètre (mm)\nP1;45;féminin;12,5\nP2;60;masculin;8,0\n"
CELLS = [["id", "âge", "sexe", "diamètre (mm)"], ["P1", "45", "féminin", "12,5"]]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (FRENCH.encode("utf-8"), "utf-8"),
        (FRENCH.encode("utf-8-sig"), "utf-8"),
        (FRENCH.encode("cp1252"), "cp1252"),
        (codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be"), "utf-16"),
        (FRENCH.encode("utf-16-le"), "utf-16-le"),
        (FRENCH.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_a_french_file_reads_the_same_in_every_encoding(raw: bytes, encoding: str):
    rows, how = read_text(raw, "patients.csv")
    assert rows[:2] == CELLS
    assert how == f"{encoding}, separated by ';'"


def test_bytes_that_windows_1252_does_not_know_are_latin_1():
    text, encoding = decode(b"id\xe9\x81\n", "x.csv")
    assert encoding == "latin-1"
    assert text == "id\xe9\x81\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str):
    lines = [["id", "age", "remark"], ["P1", "45", "a"], ["P2", "50", "b"]]
    raw = "\r\n".join(separator.join(line) for line in lines).encode()
    assert read_text(raw, "x.csv")[0] == lines


def test_decimal_commas_do_not_look_like_separators():
    assert best_separator("a;b;c\n1,5;2,5;3,5\n1,0;2,0;3,0\n") == ";"


def test_a_title_above_the_table_does_not_hide_the_separator():
    assert best_separator("Registry, 2010, and more, on\na;b;c\n1;2;3\n4;5;6\n") == ";"


def test_excels_own_line_tells_the_separator_and_is_no_row():
    rows, how = read_text(b"sep=|\r\na;x|b\r\n1;y|2\r\n", "x.csv")
    assert rows == [["a;x", "b"], ["1;y", "2"]]
    assert how.endswith("'|'")


def test_line_ends_inside_quotation_marks_stay_in_their_cell():
    rows, _ = read_text(b'id,remark\nP1,"two\nlines"\nP2,"a ""word"""\n', "x.csv")
    assert rows[1] == ["P1", "two\nlines"]
    assert rows[2] == ["P2", 'a "word"']


@pytest.mark.parametrize("ends", [b"\r\n", b"\n", b"\r"])
def test_every_kind_of_line_end_is_one(ends: bytes):
    assert read_text(ends.join([b"a,b", b"1,2"]), "x.csv")[0] == [["a", "b"], ["1", "2"]]


def test_a_form_feed_is_no_line_end():
    assert read_text(b"a,b\n1,x\x0cy\n", "x.csv")[0] == [["a", "b"], ["1", "x\x0cy"]]


def test_a_quotation_mark_never_closed_is_said_with_its_row():
    with pytest.raises(ReadError, match="row 3: quotation marks must come in pairs"):
        read_text(b'id,age\nP1,4\nP2,"5\nP3,6\n', "x.csv")


def test_a_cell_beyond_all_measure_is_said_with_its_row():
    with pytest.raises(ReadError, match="row 2: a cell must be shorter"):
        read_text(b'id,x\nP1,"' + b"a" * 200_000 + b'"\n', "x.csv")


def test_a_cell_of_a_hundred_thousand_characters_is_read():
    rows, _ = read_text(b"id,x\nP1," + b"a" * 100_000 + b"\n", "x.csv")
    assert len(rows[1][1]) == 100_000


def test_a_few_nil_bytes_belong_to_their_cell():
    rows, _ = read_text(b"id,age\nP1,4\x00\n" + b"P2,5\n" * 50, "x.csv")
    assert rows[1] == ["P1", "4\x00"]


def test_binary_data_are_no_text():
    with pytest.raises(ReadError, match="holds binary data"):
        read_text(bytes(range(256)) * 4 + b"\0" * 200, "x.csv")


def test_damaged_unicode_is_said():
    with pytest.raises(ReadError, match="damaged"):
        read_text(codecs.BOM_UTF8 + b"id,\xff\n", "x.csv")
