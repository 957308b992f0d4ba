"""Patients made by a seed, with levels, a model's columns and an outcome."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from avidity.stats.points.items import ScoreItem, categories
from avidity.stats.points.path import ScoreRows
from avidity.stats.points.rounding import Rounding


def made_rows(seed, n=80, how=None, steepness=1.0):
    """An age in three categories, a stage in three levels, and two yes/no findings."""
    chance = np.random.default_rng(seed)
    age, stage = chance.normal(50, 12, n), chance.integers(0, 3, n)
    one, two = chance.random(n) < 0.4, chance.random(n) < 0.3
    age[:3], stage[:3] = (30, 50, 70), (0, 1, 2)
    one[:2], two[:2] = (True, False), (True, False)
    X = np.column_stack([np.ones(n), age, stage == 1, stage == 2, one, two]).astype(float)
    line = X @ np.array([-2.5, 0.03, 0.4, 1.1, 0.9, 0.5]) * steepness
    y = (chance.random(n) < expit(line)).astype(float)
    y[:2] = 0, 1
    names = ("intercept", "age", "stage II", "stage III", "one", "two")
    items = (
        ScoreItem("age", ("< 45", "45-59", ">= 60"), ("age",), categories(age, (45, 60))),
        ScoreItem("stage", ("I", "II", "III"), names[2:4], stage),
        ScoreItem("one", ("no", "yes"), ("one",), one.astype(np.intp)),
        ScoreItem("two", ("no", "yes"), ("two",), two.astype(np.intp)),
    )
    return ScoreRows(X, y, names, items, how or Rounding())


@pytest.fixture(scope="session")
def rows_by_seed():
    return made_rows


@pytest.fixture(scope="session")
def birthwt_rows(birthwt, columns):
    """The eight columns of birthwt in seven items, at most five points each."""
    X, y, names, _ = birthwt
    data = columns("birthwt.csv")
    age, weight = categories(data["age"], (20, 30)), categories(data["lwt"], (100, 120, 150))
    race = data["race"].astype(np.intp) - 1
    yes = {name: (data[name] > 0).astype(np.intp) for name in ("smoke", "ptl", "ht", "ui")}
    items = (
        ScoreItem("age", ("< 20", "20-29", ">= 30"), ("age",), age),
        ScoreItem("lwt", ("< 100", "100-119", "120-149", ">= 150"), ("lwt",), weight),
        ScoreItem("race", ("1", "2", "3"), ("race = 2", "race = 3"), race),
        *(ScoreItem(name, ("no", "yes"), (name,), place) for name, place in yes.items()),
    )
    return ScoreRows(X, y, names, items, Rounding(largest=5))
