"""A document written as JSON and read back is the same document, but for the pictures' bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.report.document import Cell, Column, Document, Figure, Picture, Row, Table
from avidity.report.document_json import from_json, to_json
from avidity.report.numbering import number


def without_bytes(document):
    """Pictures with their size alone."""
    return replace(
        document,
        blocks=tuple(
            replace(
                one, picture=Picture(b"", b"", b"", one.picture.width_mm, one.picture.height_mm)
            )
            if isinstance(one, Figure)
            else one
            for one in document.blocks
        ),
    )


def one_cell(cell):
    return Document("t", (Table("a", "c", (Column("h"),), (Row((cell,)),)),), numbered=True)


def test_a_whole_report_comes_back(sample):
    assert without_bytes(number(sample)) == from_json(to_json(sample))


def test_it_is_small_beside_its_pictures(sample):
    pictures = sum(len(one.picture.svg) for one in sample.figures())

    assert 0 < len(to_json(sample)) < pictures


@given(st.text(), st.one_of(st.none(), st.text(), st.integers(), st.floats(allow_nan=False)))
def test_any_cell_comes_back(text, value):
    document = one_cell(Cell(text, value))

    assert document == from_json(to_json(document))


def test_a_number_of_an_array_comes_back_as_a_number():
    told = from_json(to_json(one_cell(Cell("3", np.int64(3)))))

    assert 3 == next(told.tables()).rows[0].cells[0].value


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b'{"is": "Nothing"}', b'{"is": "Span", "text": "a"}', b"no JSON"]
)
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError):  # noqa: PT011  # any words: nobody is shown them
        from_json(data)


def test_what_no_document_holds_is_refused():
    with pytest.raises(TypeError, match="no place for a set"):
        to_json(one_cell(Cell("a", {1})))


def test_defaults_are_left_out():
    told = json.loads(to_json(one_cell(Cell("a"))))

    assert {"is": "Cell", "text": "a"} == told["blocks"][0]["rows"][0]["cells"][0]
