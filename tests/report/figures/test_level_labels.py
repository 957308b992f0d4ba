"""The labels of levels keep their order, stay apart and stay on the sheet, however many."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.report.figures.level_labels import (
    FARTHEST,
    GAP,
    STRAIGHT,
    flowing,
    level_labels,
)

LIMITS = (40.0, 173.5)
LABELS = st.sampled_from(
    [
        "no",
        "yes",
        "white",
        "II",
        "follicular, widely invasive",
        "oncocytic carcinoma of the thyroid",
    ]
)
PLACES = st.lists(st.tuples(st.floats(45, 169), LABELS), min_size=1, max_size=16)


@settings(max_examples=60, deadline=None)
@given(PLACES)
def test_labels_stay_in_order_apart_and_inside(places):
    got = level_labels(places, LIMITS)

    for side in (-1, 1):
        row = sorted((p for p in got.placed if p.side == side), key=lambda p: p.x)
        for left, right in pairwise(row):
            gap = (right.centre - right.width / 2) - (left.centre + left.width / 2)
            assert gap >= GAP - 1e-6
        for label in row:
            assert label.centre - label.width / 2 >= LIMITS[0] - 1e-6
            assert label.centre + label.width / 2 <= LIMITS[1] + 1e-6
            assert got.key or abs(label.centre - label.x) <= FARTHEST + 1e-6


@settings(max_examples=40, deadline=None)
@given(PLACES)
def test_every_level_is_named_once(places):
    got = level_labels(places, LIMITS)
    words = " ".join(got.key) if got.key else " ".join(" ".join(p.lines) for p in got.placed)

    for label in {label for _, label in places}:
        assert label in words
    if got.key:
        assert [str(at) for at in range(1, len(got.placed) + 1)] == [
            p.lines[0] for p in sorted(got.placed, key=lambda p: p.x)
        ]


def test_labels_with_room_stand_at_their_places():
    got = level_labels([(50.0, "no"), (120.0, "yes")], LIMITS)

    assert [(50.0, 50.0, STRAIGHT), (120.0, 120.0, STRAIGHT)] == [
        (p.x, p.centre, p.top) for p in got.placed
    ]
    assert (0.0, ()) == (got.above, got.key)


def test_levels_at_one_place_share_a_label():
    got = level_labels([(50.0, "I"), (50.05, "II"), (120.0, "III")], LIMITS)

    assert [("I, II",), ("III",)] == [p.lines for p in got.placed]


def test_close_labels_are_tied_and_many_long_ones_become_numbers():
    close = level_labels([(50.0, "female"), (51.0, "male")], LIMITS)
    many = level_labels(
        [(50.0 + at, f"a level with a rather long name, the {at}th") for at in range(12)], LIMITS
    )

    assert all(p.tied for p in close.placed)
    assert 12 == len(many.placed)
    assert "12 = a level" in " ".join(many.key)
    assert many.below > close.below


def test_pieces_are_not_torn_unless_they_must_be():
    lines = flowing(["one two;", "three four;", "five"], 22.0)

    assert ["one two;", "three four; five"] == lines
    assert [] == flowing([], 10.0)
    assert len(flowing(["a piece that is far too long for its line"], 20.0)) > 1
