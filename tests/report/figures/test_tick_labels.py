"""Marks and labels never touch, and every step of a scale is divided evenly or not at all."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.report.figures.ink import SMALL_SIZE, text_width
from avidity.report.figures.inputs_score import ScaleTick
from avidity.report.figures.tick_labels import BESIDE, MARK_ROOM, WORD_GAP, marked, worded

TICKS = st.lists(
    st.builds(
        lambda x, rank: (x, ScaleTick(x, f"{x:.0f}", rank)), st.floats(0, 120), st.integers(0, 2)
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(TICKS, st.none() | st.floats(0, 120))
def test_no_two_labels_and_no_two_marks_touch(ticks, wall):
    said, seen = worded(ticks, wall), marked(ticks)

    for (left, one), (right, other) in pairwise(said):
        words = (text_width(one.label, SMALL_SIZE) + text_width(other.label, SMALL_SIZE)) / 2
        assert right - left >= words + WORD_GAP - 1e-9
    for x, tick in said:
        assert tick.rank < 2
        room = text_width(tick.label, SMALL_SIZE) / 2 + BESIDE
        assert wall is None or abs(x - wall) > room
    assert all(right - left >= MARK_ROOM - 1e-9 for (left, _), (right, _) in pairwise(seen))


def straight(step, count):
    return [(x * step, ScaleTick(x, str(100 + x), 0 if x % 10 == 0 else 1)) for x in range(count)]


@pytest.mark.parametrize("step", [0.2, 0.5, 1, 3, 5, 6.5, 9])
def test_a_straight_scale_labels_all_of_a_rank_or_none(step):
    labelled = {tick.rank: 0 for _, tick in straight(step, 41)}
    for _, tick in worded(straight(step, 41)):
        labelled[tick.rank] += 1

    assert labelled[1] in (0, 36)
    assert labelled[0] == 5 or step < 0.6


def test_a_bent_scale_divides_a_step_fully_or_not_at_all():
    ticks = [((at / 3) ** 2, ScaleTick(0, f"{at}", 0 if at % 10 == 0 else 1)) for at in range(41)]
    kept = sorted(int(tick.label) for _, tick in worded(ticks) if tick.rank == 1)

    steps = {step: [at for at in kept if at // 10 == step] for step in range(4)}

    assert all(len(inside) in (0, 9) for inside in steps.values())
    assert 9 == len(steps[3])
    assert not steps[0]
