from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.stats.turns import turns


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=0, max_size=4, unique=True), st.floats(-50, 50))
def test_the_turns_of_a_polynomial_are_the_roots_of_its_slope(roots, height):
    roots = sorted(roots)
    assume(all(b - a >= 0.1 for a, b in pairwise(roots)))
    curve = np.poly1d(np.poly(roots) if roots else [1.0]).integ(k=height)

    got = turns(curve, -6, 6)

    assert got == pytest.approx(roots, abs=1e-4)
    # between the turns the curve only rises or only falls
    for low, high in zip((-6, *got), (*got, 6), strict=True):
        steps = np.diff(curve(np.linspace(low, high, 50)))
        slack = 1e-9 * np.ptp(curve(np.linspace(-6, 6, 99)))
        assert (steps >= -slack).all() or (steps <= slack).all()


def test_a_straight_line_and_a_level_one_never_turn():
    assert () == turns(lambda x: 3 - 0.1 * x, 0, 1e6)
    assert () == turns(lambda x: 0 * x + 0.3, -1, 1)


def test_a_level_stretch_is_no_turn_unless_the_way_changes_beyond_it():
    assert () == turns(lambda x: np.maximum(x, 0), -1, 1)
    assert 1 == len(turns(lambda x: np.clip(x, -0.5, 0) - np.maximum(x - 0.5, 0), -1, 1))
