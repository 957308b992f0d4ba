"""Numbers, letters and references are given once, in the document."""

from __future__ import annotations

import pytest

from avidity.report.document import (
    Bullets,
    Cell,
    Checklist,
    Column,
    Document,
    Figure,
    Footnote,
    Heading,
    Item,
    Notice,
    Paragraph,
    Picture,
    Ref,
    Row,
    Table,
    plain,
    said,
)
from avidity.report.numbering import number

PICTURE = Picture(b"<svg/>", b"png", b"pdf", 84, 84)


def table(anchor, *rows, footnotes=()):
    return Table(anchor, "A caption", (Column("Who"), Column("n")), rows, footnotes)


def test_tables_and_figures_are_counted_apart_in_reading_order():
    blocks = (
        table("one"),
        Figure("curve", "A curve", "It rises.", PICTURE),
        table("two"),
        Figure("flow", "The flow", "Three boxes.", PICTURE),
    )

    numbered = number(Document("Title", blocks))

    assert [t.label for t in numbered.tables()] == ["Table 1", "Table 2"]
    assert [f.label for f in numbered.figures()] == ["Figure 1", "Figure 2"]


def test_references_find_their_words_everywhere_even_ahead():
    ref = Ref("later")
    blocks = (
        Paragraph(said("see ", ref)),
        Bullets((said(ref),)),
        Notice("note", "Look", (said(ref),)),
        table("first", footnotes=(Footnote(said("as in ", ref)),)),
        Checklist("list", "A list", (Item("1", "Flow", "?", said(ref), (ref,)),), said(ref)),
        table("later"),
    )

    paragraph, bullets, notice, first, checklist, _ = number(Document("T", blocks)).blocks

    assert plain(paragraph.text) == "see Table 2"
    assert plain(bullets.items[0]) == "Table 2"
    assert plain(notice.items[0]) == "Table 2"
    assert plain(first.footnotes[0].text) == "as in Table 2"
    assert plain(checklist.items[0].answer) == "Table 2"
    assert checklist.items[0].places[0].text == "Table 2"
    assert plain(checklist.notes) == "Table 2"


def test_a_heading_is_mentioned_by_its_own_words():
    blocks = (Heading(1, "Methods", "methods"), Paragraph(said(Ref("methods"))))

    assert plain(number(Document("T", blocks)).blocks[1].text) == "Methods"


def test_footnotes_are_lettered_as_they_are_met_and_general_ones_stand_first():
    rows = (
        Row((Cell("Age", notes=("welch",)), Cell("3", notes=("fisher", "welch")))),
        Row((Cell("Sex"), Cell("4", notes=("fisher",)))),
    )
    notes = (
        Footnote(said("Fisher"), "fisher"),
        Footnote(said("Never met"), "unused"),
        Footnote(said("Values are n.")),
        Footnote(said("Welch"), "welch"),
    )

    done = next(number(Document("T", (table("t", *rows, footnotes=notes),))).tables())

    assert [(note.mark, plain(note.text)) for note in done.footnotes] == [
        ("", "Values are n."),
        ("a", "Welch"),
        ("b", "Fisher"),
    ]
    assert done.marks(rows[0].cells[1].notes) == "b,a"


def test_numbering_twice_changes_nothing():
    rows = (Row((Cell("Age", notes=("welch",)), Cell("3"))),)
    blocks = (
        table("t", *rows, footnotes=(Footnote(said("W"), "welch"),)),
        Paragraph(said(Ref("t"))),
    )
    once = number(Document("T", blocks))

    assert once == number(once)


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ((Paragraph(said(Ref("nowhere"))),), "leads nowhere"),
        ((table("t"), table("t")), "used twice"),
        ((table("Table 1"),), "lower-case letters"),
        ((table("t", Row((Cell("x", notes=("ghost",)), Cell("")))),), "ghost"),
    ],
)
def test_a_broken_document_is_refused(blocks, words):
    with pytest.raises(ValueError, match=words):
        number(Document("T", blocks))


def test_a_row_that_does_not_fit_its_table_is_refused():
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        table("t", Row((Cell("alone"),)))


def test_a_group_row_may_span_the_table():
    assert len(table("t", Row((Cell("Histology"),), "group")).rows) == 1
