"""Texts are made fit for every file format."""

from __future__ import annotations

from avidity.report.document import Paragraph, Picture, Span, said
from avidity.report.legible import legible


def test_control_signs_and_marks_of_direction_go_and_line_ends_stay():
    assert legible("a\x00b\x1b[0m\u202ec\u2066d\n\te\ud800f\uffff") == "ab[0mcd\n\tef"


def test_texts_are_found_however_deep():
    block = Paragraph(said("fine", Span("bell\x07", source="/a\x00")))

    assert legible(block) == Paragraph(said("fine", Span("bell", source="/a")))


def test_what_needs_no_change_is_the_same_thing():
    block = Paragraph(said("fine"))

    assert legible(block) is block
    assert legible(3.5) == 3.5


def test_pictures_are_not_touched():
    picture = Picture(b"\x00", b"\x01", b"\x02", 1, 1)

    assert legible((picture, "a\x00"))[0] is picture
