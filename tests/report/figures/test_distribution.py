"""One variable by group, with its cut-off."""

from __future__ import annotations

import pytest

from avidity.report.figures import distribution as module
from avidity.report.figures.distribution import distribution
from avidity.report.figures.inputs import Distribution, GroupCounts

GROUPS = (GroupCounts("Refractory", (1, 3, 7, 8)), GroupCounts("Not refractory", (15, 22, 11, 5)))


@pytest.mark.parametrize("cut", [0.0, 1.0, 29.0, 39.9, 40.0])
def test_the_words_of_the_cut_off_stay_inside_wherever_it_lies(words_of, check_words, cut):
    plan = Distribution("Diameter", "mm", (0, 10, 20, 30, 40), GROUPS, cut, "cut-off, in mm")

    sheet, words = words_of(module, distribution, plan)

    check_words(sheet, words)


def test_bars_are_shares_of_their_group():
    assert module._shares(GroupCounts("a", (1, 3))) == [25.0, 75.0]
    assert module._shares(GroupCounts("none", (0, 0))) == [0.0, 0.0]


def test_each_group_says_its_size_and_the_axis_its_unit():
    svg = distribution(Distribution("Diameter", "mm", (0, 10, 20, 30, 40), GROUPS)).svg

    assert b"Refractory, n = 19" in svg
    assert b"Diameter, mm" in svg


def test_an_empty_group_is_drawn_empty():
    plan = Distribution("Age", "", (0, 1), (GroupCounts("nobody", (0,)),))

    assert b"nobody, n = 0" in distribution(plan).svg
