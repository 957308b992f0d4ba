"""The Word file: a manuscript whose headings, captions, tables and pictures are real."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from avidity.report.document import Document, Paragraph, said
from avidity.report.word import to_docx


@pytest.fixture(scope="module")
def data(sample):
    return to_docx(sample)


@pytest.fixture(scope="module")
def word(data):
    return docx.Document(io.BytesIO(data))


def words(element):
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def fields(element):
    return [code.text.split() for code in element.iter(qn("w:instrText"))]


def styled(word, style):
    return [words(p._p) for p in word.paragraphs if p.style.name == style]


def test_headings_are_headings(word):
    assert styled(word, "Title") == [
        "Predictive factors of radioiodine-refractory differentiated thyroid cancer"
    ]
    assert styled(word, "Heading 1") == ["Methods", "Results", "Appendix"]
    assert "Cut-offs" in styled(word, "Heading 2")


def test_captions_are_captions_whose_numbers_word_counts(word):
    captions = styled(word, "Caption")

    assert captions[0] == "Figure 1. The way of the patients into the study"
    assert captions[1] == "Table 1. Characteristics of the patients by outcome"
    codes = fields(word.element)
    assert codes.count(["SEQ", "Table", "\\*", "ARABIC"]) == 3
    assert codes.count(["SEQ", "Figure", "\\*", "ARABIC"]) == 5


def test_every_reference_leads_to_a_place(word):
    body = word.element
    places = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    refs = [code[1] for code in fields(body) if code[0] == "REF"]

    assert refs
    assert set(refs) <= places
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", place) for place in places)
    numbers = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


def test_tables_hold_their_cells_and_repeat_their_heads(word, sample):
    tables = word.tables
    first = next(iter(sample.tables()))

    assert len(tables) == len(list(sample.tables())) + len(list(sample.checklists()))
    assert tables[0].cell(2, 1).text == "47.5 ± 14.0"
    assert tables[0].cell(2, 5).text == "0.005b"
    assert len(tables[0].rows) == 2 + len(first.rows)
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None


def test_every_row_covers_every_column(word):
    for table in word.tables:
        columns = len(table._tbl.tblGrid.findall(qn("w:gridCol")))
        for row in table._tbl.tr_lst:
            spans = [cell.find(f".//{qn('w:gridSpan')}") for cell in row.tc_lst]
            assert sum(1 if s is None else int(s.get(qn("w:val"))) for s in spans) == columns


def test_pictures_say_what_they_show_at_their_size(word, sample):
    about = list(word.element.iter(qn("wp:docPr")))

    assert [d.get("descr") for d in about] == [f.description for f in sample.figures()]
    widths = [shape.width.mm for shape in word.inline_shapes]
    assert widths == [pytest.approx(f.picture.width_mm, abs=0.1) for f in sample.figures()]


def test_lists_are_lists_and_each_counts_from_one(sample):
    twice = Document("T", (*sample.blocks, *[b for b in sample.blocks if hasattr(b, "ordered")]))
    word = docx.Document(io.BytesIO(to_docx(twice)))

    numbered = [p for p in word.paragraphs if p.style.name == "List Number"]
    counts = [p._p.pPr.numPr.numId.val for p in numbered]
    assert [words(p._p) for p in numbered][:3] == ["Read the tables.", "Check them.", "Decide."]
    assert len(set(counts[:3])) == 1
    assert counts[0] != counts[3]


def test_properties_and_language_are_set_and_hold_no_clock(word, data):
    core = word.core_properties

    assert core.title.startswith("Predictive factors")
    assert core.keywords == "thyroid cancer, radioiodine, ROC"
    assert core.created.year == 2000
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("word/styles.xml").decode()
        names = archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert 'w:lang w:val="en-GB"' in styles
    assert not any("thumbnail" in name for name in names)


def test_pages_are_numbered(word):
    footer = word.sections[0].footer._element

    assert fields(footer) == [["PAGE"], ["NUMPAGES"]]


def test_blanks_of_the_checklist_are_visible(word):
    answers = [row.cells[2].text for row in word.tables[-1].rows]

    assert answers == [
        "Answer",
        "[for the authors]",
        "300 records, 122 with complete follow-up, 90 included; see Figure 1",
        "",
        "[for the authors]",
    ]


def test_hostile_text_stays_text(hostile):
    word = docx.Document(io.BytesIO(to_docx(hostile)))

    text = "\n".join(words(p._p) for p in word.paragraphs)
    assert "<script>alert(1)</script>" in text
    assert '=cmd|"/c calc"!A1' in text
    assert {code[0] for code in fields(word.element)} <= {"SEQ", "REF"}
    external = [r for r in word.part.rels.values() if r.is_external]
    assert external == []


def test_a_line_end_in_a_text_breaks_the_line():
    word = docx.Document(io.BytesIO(to_docx(Document("T", (Paragraph(said("one\ntwo")),)))))

    assert word.paragraphs[-1].text == "one\ntwo"


def test_the_same_report_gives_the_same_bytes(sample, data):
    assert to_docx(sample) == data
