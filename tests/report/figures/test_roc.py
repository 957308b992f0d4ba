"""ROC curves, their cut-offs and their legend."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.report.figures import roc as module
from avidity.report.figures.inputs import CutPoint, RocCurve
from avidity.report.figures.roc import roc


def curve(name="Diameter", at=(0.24, 0.66), label="≥ 29 mm", summary="AUC 0.790 (0.693 to 0.888)"):
    x, y = at
    return RocCurve(
        name, (0, 0, x, x, 1), (0, y / 2, y / 2, y, 1), summary, (CutPoint(x, y, label),)
    )


@pytest.mark.parametrize("count", [1, 2, 4])
def test_labels_keep_clear_of_each_other(words_of, check_words, count):
    curves = tuple(
        curve(f"Predictor {at}", (0.24 + 0.03 * at, 0.66 - 0.02 * at), f"≥ {at} mm\n66% / 76%")
        for at in range(count)
    )

    sheet, words = words_of(module, roc, curves)

    check_words(sheet, words)


@pytest.mark.parametrize("at", [(0, 1), (1, 0), (0, 0), (1, 1), (0.5, 0.5)])
def test_a_cut_off_at_the_edge_is_labelled_inside(words_of, check_words, at):
    sheet, words = words_of(module, roc, (curve(at=at, label="≥ 54.5 years"),))

    check_words(sheet, words)


@settings(deadline=None, max_examples=30)
@given(st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_the_place_of_a_label_is_inside_the_square_and_off_its_mark(at):
    cut = CutPoint(*at, "≥ 54 years\n59% / 76%")

    area = module._place(cut, [module._around(cut)], above=False)

    x, y = (part * module._SIDE for part in at)
    assert area.x >= 0
    assert area.y >= 0
    assert area.x + area.width <= module._SIDE + 0.1
    assert area.y + area.height <= module._SIDE + 0.1
    assert not (
        area.x < x < area.x + area.width and area.y < y < area.y + area.height
    )  # fmt: skip


def test_a_long_name_moves_its_summary_to_the_next_line(words_of, check_words):
    sheet, words = words_of(
        module, roc, (curve("A predictor with a long name, in mm, at surgery"),)
    )

    check_words(sheet, words)
    assert "AUC 0.790 (0.693 to 0.888)" in [text for text, _, _ in words]


def test_the_figure_is_one_column_wide_and_says_its_axes():
    picture = roc((curve(),))

    assert picture.width_mm == pytest.approx(84)
    assert b"Sensitivity, %" in picture.svg
    assert "1 − specificity, %".encode() in picture.svg


def test_a_curve_without_cut_offs_and_summary_is_drawn():
    assert roc((RocCurve("Chance", (0, 1), (0, 1)),)).svg
