"""The interval and what it carries."""

import math

import pytest

from avidity.errors import AnalysisError
from avidity.stats.interval import Interval, error_rate


def test_both_ends_belong_to_the_interval():
    interval = Interval(0.2, 0.7, 0.95, "Wilson")

    assert 0.2 in interval
    assert 0.7 in interval
    assert 0.71 not in interval


def test_an_open_side_holds_everything_on_it():
    assert 1e300 in Interval(1.5, math.inf)


def test_a_falling_function_swaps_the_ends_and_keeps_level_and_method():
    turned = Interval(2.0, 4.0, 0.9, "Wald").map(lambda value: 1 / value)

    assert turned == Interval(0.25, 0.5, 0.9, "Wald")


def test_the_error_rate_of_95_percent_is_exactly_5():
    assert error_rate(0.95) == 0.05


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.nan])
def test_a_level_that_is_no_probability_is_refused(level):
    with pytest.raises(AnalysisError, match="level must lie between 0 and 1"):
        error_rate(level)
