"""Tables and checklists are placed on a grid that fits the page."""

from __future__ import annotations

import pytest

from avidity.report.document import (
    Cell,
    Checklist,
    Column,
    Document,
    Footnote,
    Item,
    Ref,
    Row,
    Table,
    said,
)
from avidity.report.grid import grid
from avidity.report.heads import heads
from avidity.report.numbering import number


def placed(*columns, rows=(), footnotes=()):
    table = Table("t", "A table", columns, rows, footnotes)
    return grid(next(number(Document("T", (table,))).tables()))


def test_neighbours_share_a_spanning_head_and_others_reach_down():
    columns = (Column("Who"), Column("Yes", "right", "RAIR"), Column("No", "right", "RAIR"))

    table = placed(*columns)

    assert [(h.text, h.row, h.column, h.rows, h.columns) for h in table.head] == [
        ("Who", 0, 0, 2, 1),
        ("RAIR", 0, 1, 1, 2),
        ("Yes", 1, 1, 1, 1),
        ("No", 1, 2, 1, 1),
    ]
    assert table.head_rows == 2


def test_a_group_of_one_column_stands_as_its_column_does():
    head = heads(Table("t", "c", (Column("≥ 54", "right", "Age"),), ()))

    assert [cell.align for cell in head] == ["right", "right"]


def test_a_count_never_leaves_its_sign():
    assert placed(Column("All (n = 90)")).head[0].text == "All (n\u00a0=\u00a090)"


@pytest.mark.parametrize("length", [3, 40, 400])
def test_the_shares_fill_the_table_whatever_stands_in_it(length):
    row = Row((Cell("word " * length), Cell("6.50 (1.83 to 23.1)"), Cell("<0.001")))

    table = placed(Column("Factor"), Column("OR", "right"), Column("p", "right"), rows=(row,))

    assert sum(table.shares) == pytest.approx(1)
    assert 0.5 <= table.width <= 1
    assert min(table.shares) > 0.04


def test_declared_widths_are_kept_but_no_number_is_broken():
    interval = "−1.48 (−4.87 to 1.91)"
    rows = (Row((Cell("Age"), Cell(interval), Cell("x"))),)

    table = placed(
        Column("a", width=8), Column("b", "right", width=1), Column("c", width=2), rows=rows
    )

    assert table.width == 1
    assert table.shares[1] > 0.15
    assert table.shares[0] / table.shares[2] == pytest.approx(4)


def test_words_too_many_for_the_page_still_give_each_column_a_part():
    wide = tuple(Column("Incomprehensibilities", "right") for _ in range(12))

    assert placed(*wide).shares == pytest.approx((1 / 12,) * 12)


def test_a_short_table_stays_together_and_a_long_one_may_be_divided():
    row = Row((Cell("a"), Cell("b")))
    columns = (Column("x"), Column("y"))

    assert placed(*columns, rows=(row,) * 10).together
    assert not placed(*columns, rows=(row,) * 60).together
    assert not placed(*columns, rows=(row,), footnotes=(Footnote(said("word " * 2000)),)).together
    long = Row((Cell("word " * 60), Cell("b")))
    assert not placed(*columns, rows=(long,) * 20).together


def test_a_group_row_alone_spans_the_table_and_is_bold():
    rows = (Row((Cell("Histology"),), "group"), Row((Cell("All"), Cell("9")), "total"))

    group, total = placed(Column("x"), Column("n"), rows=rows).rows

    assert (group.cells[0].columns, group.cells[0].bold) == (2, True)
    assert all(cell.bold for cell in total.cells)


def test_an_item_nobody_answered_is_a_blank_and_one_with_a_place_is_not():
    items = (Item("1", "Title", "?"), Item("2", "", "?", None, (Ref("l"), Ref("l"))))
    block = next(number(Document("T", (Checklist("l", "List", items),))).checklists())

    first, second = grid(block).rows

    assert first.cells[2].blank
    assert not second.cells[2].blank
    assert [part.text for part in second.cells[3].words] == ["List", ", ", "List"]
