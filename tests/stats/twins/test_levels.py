"""Counts of a category's levels, from whatever is printed of them."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.stats.twins.levels import level_counts

OPEN = {"a": None, "b": None, "c": None}


def counts(n, printed, together=(), seed=1):
    return level_counts(n, printed, together, np.random.default_rng(seed))


def test_what_is_printed_is_kept_and_the_rest_adds_up():
    assert {"a": 3, "b": 4, "c": 5} == counts(12, {"a": 3, "b": 4, "c": None})


def test_levels_counted_together_bound_each_other():
    for seed in range(5):
        made = counts(12, OPEN, [(("a", "b"), 7)], seed)

        assert 7 == made["a"] + made["b"]
        assert 5 == made["c"]


@pytest.mark.parametrize(
    ("printed", "together"),
    [({"a": 9, "b": 9, "c": None}, ()), ({"a": 1, "b": 1, "c": 1}, ()), (OPEN, [(("a",), 13)])],
)
def test_counts_that_exclude_each_other_give_none(printed, together):
    assert counts(12, printed, together) is None


def test_nothing_is_made_up_where_nothing_is_printed():
    assert counts(12, OPEN) is None
