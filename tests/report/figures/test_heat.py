"""Agreement between definitions."""

from __future__ import annotations

import pytest

from avidity.report.figures import heat as module
from avidity.report.figures.heat import heat
from avidity.report.figures.inputs import Agreement


def plan(size, count=85, name="ata-2015", kappa=0.82):
    counts = tuple(tuple(count for _ in range(size)) for _ in range(size))
    kappas = tuple(tuple(kappa for _ in range(size)) for _ in range(size))
    return Agreement((name,) * size, (32,) * size, counts, counts, kappas)


@pytest.mark.parametrize(
    ("size", "count", "name"),
    [(1, 3, "a"), (2, 90, "ata-2015"), (7, 90, "snmmi-eanm-2022"), (9, 12345, "a name " * 12)],
)
def test_no_words_collide(words_of, check_words, size, count, name):
    sheet, words = words_of(module, heat, plan(size, count, name))

    check_words(sheet, words)


def test_cells_say_counts_below_and_kappa_above_the_diagonal(words_of):
    _, words = words_of(module, heat, plan(2))

    said = [text for text, _, _ in words]
    assert said.count("32") == 2
    assert said.count("85/85") == 1
    assert said.count("0.82") == 1


def test_a_kappa_that_does_not_exist_is_a_dash_and_a_negative_one_has_a_minus(words_of):
    assert "–" in [text for text, _, _ in words_of(module, heat, plan(2, kappa=None))[1]]
    assert "−0.10" in [text for text, _, _ in words_of(module, heat, plan(2, kappa=-0.1))[1]]


def test_deeper_means_closer():
    assert module._shade(0.0) == "#f4f8fb"
    assert module._shade(1.0) == "#17406d"
