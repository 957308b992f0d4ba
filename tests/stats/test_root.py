"""Finding where a function crosses zero."""

import pytest

from avidity.errors import AnalysisError
from avidity.stats.root import crossing, outward


def test_the_crossing_is_found_to_the_last_bits():
    assert crossing(lambda x: x**3 - 5, 0.0, 5.0) == pytest.approx(5 ** (1 / 3), rel=1e-15)


def test_an_end_that_is_zero_is_the_crossing():
    assert crossing(lambda x: x - 1, 1.0, 3.0) == 1.0
    assert crossing(lambda x: x - 3, 1.0, 3.0) == 3.0


def test_without_a_change_of_sign_there_is_no_crossing():
    with pytest.raises(AnalysisError, match="no crossing"):
        crossing(lambda x: x * x + 1, -1.0, 1.0)


def test_looking_outward_finds_far_crossings_on_either_side():
    assert outward(lambda x: 100.0 - x, 0.0, 0.5) == pytest.approx(100)
    assert outward(lambda x: x + 100.0, 0.0, -0.5) == pytest.approx(-100)


def test_looking_outward_gives_up_in_words():
    with pytest.raises(AnalysisError, match="within the range"):
        outward(lambda _: 1.0, 0.0, 0.5)
