"""The forest plot: ratios in their place, whatever their size."""

from __future__ import annotations

import math

import pytest

from avidity.report.figures import forest as module
from avidity.report.figures.forest import forest
from avidity.report.figures.inputs import Forest, ForestRow


def row(estimate, low, high, **more):
    return ForestRow("Factor", estimate, low, high, "6.50 (1.83 to 23.1)", "0.004", **more)


@pytest.mark.parametrize(
    "rows",
    [
        (row(6.5, 1.8, 23.1), row(22.6, 5.1, 99.8)),
        (row(13.9, 1.28, 1890.0, firth=True), row(0.0001, 0.0, math.inf)),
        (row(1.02, 0.99, 1.05),),
        (ForestRow("Only a heading"),),
        (row(1e4, 1e3, 1e5), row(1e-4, 1e-5, 1e-3), ForestRow("Long " * 40, text="1 (reference)")),
    ],
)
def test_no_words_collide(words_of, check_words, rows):
    plan = Forest(rows, lower_means="less often refractory", higher_means="more often refractory")

    sheet, words = words_of(module, forest, plan)

    check_words(sheet, words)


def test_words_for_the_sides_of_one_wrap_and_stay(words_of, check_words):
    plan = Forest((row(6.5, 1.8, 23.1),), lower_means="less " * 20, higher_means="more " * 20)

    sheet, words = words_of(module, forest, plan)

    check_words(sheet, words)
    assert sum("less" in text for text, _, _ in words) > 1


def test_the_axis_holds_every_estimate_and_ends_at_a_hundred_for_intervals():
    low, high = module._limits((row(13.9, 1.28, 1890.0), row(0.5, 0.2, math.inf)))

    assert high == pytest.approx(115)
    assert low < 0.2
    low, high = module._limits((row(500.0, 20.0, 9000.0),))
    assert high > 500


def test_declared_limits_are_kept_and_what_lies_beyond_becomes_an_arrow(monkeypatch):
    drawn = []
    monkeypatch.setattr(module, "_arrow_head", lambda *at: drawn.append(at[3]))

    forest(Forest((row(0.5, 0.0, math.inf), row(3.0, 0.5, 9.0)), limits=(0.1, 10)))

    assert drawn == [-1, 1]


def test_penalised_rows_are_explained_and_only_then():
    assert b"Firth" in forest(Forest((row(2, 1, 3, firth=True),))).svg
    assert b"Firth" not in forest(Forest((row(2, 1, 3),))).svg


def test_the_numbers_stand_beside_the_rows():
    svg = forest(Forest((row(6.5, 1.83, 23.1),))).svg.decode()

    assert "6.50 (1.83 to 23.1)" in svg
    assert "0.004" in svg
    assert "Odds ratio, log scale" in svg
