"""Figures are drawn once, at the end, by one hand or two: the same pictures."""

from __future__ import annotations

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext

import pytest

from avidity.report.document import Document, Figure, Paragraph, Picture, Sketch, said, sketch
from avidity.report.draw import draw, drawn, second_hand
from avidity.report.figures.inputs import Forest, ForestRow
from avidity.report.numbering import number
from avidity.report.write import ready

PLAN = Forest((ForestRow("Age", 2.0, 1.0, 4.0, "2.00 (1.00 to 4.00)", "0.050"),))
DOCUMENT = Document(
    "A report",
    (
        Figure("figure-one", "One", "A forest plot.", sketch("forest", PLAN)),
        Paragraph(said("between")),
        Figure("figure-two", "Two", "Another.", sketch("forest", PLAN)),
    ),
)


def pictures(document):
    return [figure.picture for figure in document.figures()]


def test_every_sketch_becomes_its_picture():
    made = drawn(DOCUMENT)

    assert [Picture, Picture] == [type(picture) for picture in pictures(made)]
    assert draw("forest", PLAN) == pictures(made)[0]
    assert Paragraph(said("between")) == made.blocks[1]


def test_two_hands_draw_what_one_does():
    with second_hand() as hand:
        assert pictures(drawn(DOCUMENT, hand)) == pictures(drawn(DOCUMENT))


class Dying:
    """A second process that dies as soon as it is asked."""

    def submit(self, *_):
        future = Future()
        future.set_running_or_notify_cancel()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_should_the_second_hand_die_the_figures_are_drawn_all_the_same():
    assert pictures(drawn(DOCUMENT, Dying())) == pictures(drawn(DOCUMENT))


def test_a_sketch_is_no_picture_yet():
    assert isinstance(DOCUMENT.blocks[0].picture, Sketch)
    assert b"" == DOCUMENT.blocks[0].picture.svg


@pytest.mark.parametrize("make", [second_hand, lambda: nullcontext(Dying())])
def test_files_written_by_two_hands_are_those_written_by_one(make):
    document, wanted = number(drawn(DOCUMENT)), ("html", "docx", "xlsx", "pdf")
    alone = ready(wanted, document, None, None)

    with make() as hand:
        assert alone == ready(wanted, document, None, hand)


def test_a_second_hand_that_has_died_hinders_nobody():
    document, wanted = number(drawn(DOCUMENT)), ("html", "docx")
    with second_hand() as hand:
        if hand is None:
            pytest.skip("a single processor")
        with pytest.raises(BrokenProcessPool):
            hand.submit(os._exit, 3).result()

        assert ready(wanted, document, None, None) == ready(wanted, document, None, hand)
        assert pictures(drawn(DOCUMENT, hand)) == pictures(drawn(DOCUMENT))
