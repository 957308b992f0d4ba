"""The flow diagram adapts to its words and its counts."""

from __future__ import annotations

import pytest

from avidity.report.figures import flow as module
from avidity.report.figures.flow import flow
from avidity.report.figures.inputs import Flow, FlowLeft, FlowStage, FlowStep

LONG = "a reason that takes more than one line to explain to whoever reads the figure"


def plan(reasons=3, groups=2, word="Reason"):
    left = tuple(FlowLeft(f"{word} {at}", at) for at in range(reasons))
    gone = sum(each.n for each in left)
    end = FlowStep("Included in the analysis", 900 - gone)
    parts = tuple(FlowStep(f"Group {at}", end.n if at == 0 else 0) for at in range(groups))
    return Flow(FlowStep("Screened", 900), (FlowStage(left, end),), parts)


@pytest.mark.parametrize("reasons", [0, 1, 4, 12])
@pytest.mark.parametrize("word", ["Reason", LONG, "W" * 80])
def test_nothing_overlaps_and_nothing_leaves_the_sheet(words_of, check_words, reasons, word):
    sheet, words = words_of(module, flow, plan(reasons, 3, word))

    check_words(sheet, words)


def test_every_count_is_said_also_a_reason_nobody_met(words_of):
    _, words = words_of(module, flow, plan(3, 2))

    said = [text for text, _, _ in words]
    assert {"n = 900", "n = 897", "n = 0", "n = 1", "n = 2", "n = 3"} <= set(said)


def test_more_reasons_make_a_taller_figure():
    assert flow(plan(12)).height_mm > flow(plan(2)).height_mm


def test_nobody_left_is_no_empty_box(words_of):
    _, words = words_of(module, flow, plan(0, 0))

    assert "Left at this point" not in [text for text, _, _ in words]


def test_thousands_are_parted():
    picture = flow(Flow(FlowStep("Screened", 12345), ()))

    assert b"12,345" in picture.svg
