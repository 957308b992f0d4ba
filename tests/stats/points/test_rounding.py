from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.points.items import LevelOdds, ScoreItem, level_log_odds
from avidity.stats.points.line import lines
from avidity.stats.points.path import score_path
from avidity.stats.points.rounding import (
    Patients,
    Rounding,
    deviance_lost,
    line_lost,
    round_points,
)

NOBODY = np.zeros(6, dtype=np.intp)


def placed(name, at, coef, base=0):
    """An item known by the values that stand for its levels; its labels are those values."""
    labels = tuple(f"{value:g}" for value in at)
    return ScoreItem(name, labels, (name,), NOBODY, np.array([at]).T, base), coef * np.array(at)


def test_points_of_a_printed_score_come_out():
    # BMC Nephrol 2020;21, doi 10.1186/s12882-020-01787-9, table 3: Sullivan's way with
    # B = 5 x 0.013 = 0.065 for one point; reference values and coefficients as printed
    made = [
        placed("waist", (77.0, 82.5, 87.5, 92.5, 99.0), 0.013),
        placed("systolic", (110.0, 130.0, 150.0, 170.0), 0.025),
        placed("sex", (1.0, 2.0), 0.686),
        placed("education", (1.0, 2.0), -0.532),
        placed("diabetes", (0.0, 1.0), 1.042),
    ]
    items, added = [item for item, _ in made], tuple(own for _, own in made)
    judged = Patients(np.zeros(6), np.array([0, 1.0] * 3), np.ones(6))

    got = round_points(LevelOdds(-3.0, added), items, judged, Rounding(unit=0.065))

    expected = [(0, 1, 2, 3, 4), (0, 8, 15, 23), (0, 11), (0, -8), (0, 16)]
    assert expected == [item.points for item in got.items]
    assert (-8, 54) == (got.lowest, got.highest)
    assert got.unit == 0.065
    assert "fixed beforehand" in got.method


def gap_to_equation(rows, path):
    """The equation with every patient at his levels' log-odds, less the score's own line."""
    odds = level_log_odds(path.model, rows.X, rows.items, np.ones(len(rows.y)))
    exact = odds.intercept + sum(
        own[item.place] for own, item in zip(odds.added, rows.items, strict=True)
    )
    return exact - (path.score.constant + path.score.unit * path.total)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.booleans())
def test_a_total_repeats_the_equation_within_half_a_unit_for_each_item(
    rows_by_seed, seed, largest, base
):
    rows = rows_by_seed(seed)
    items = tuple(replace(item, base=0 if base else None) for item in rows.items)
    rows = replace(rows, items=items, how=Rounding(largest))

    path = score_path(rows)

    assert np.abs(gap_to_equation(rows, path)).max() <= len(items) * path.score.unit / 2 + 1e-9
    points = [value for item in path.score.items for value in item.points]
    assert 1 <= max(map(abs, points)) <= largest
    assert base or min(points) == 0
    assert path.score.lowest <= path.total.min() <= path.total.max() <= path.score.highest
    assert set(path.total) <= set(path.score.possible())


def totals_by_hand(rows, odds, unit):
    """Every patient's points by the rounding of school, halves up."""
    total = np.zeros(len(rows.y))
    for own, item in zip(odds.added, rows.items, strict=True):
        points = np.array([np.floor((value - own.min()) / unit + 0.5) for value in own])
        total += points[item.place]
    return total


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([deviance_lost, line_lost]))
def test_no_unit_on_a_fine_grid_loses_less(rows_by_seed, seed, loss):
    rows = rows_by_seed(seed, how=Rounding(6, loss))
    path = score_path(rows)
    odds = level_log_odds(path.model, rows.X, rows.items, np.ones(len(rows.y)))
    judged = Patients(path.model.linear_predictor(rows.X), rows.y, np.ones(len(rows.y)))
    widest = max(np.ptp(own) for own in odds.added)
    units = np.geomspace(widest / 6.4999, widest * 1.99, 600)
    totals = np.array([totals_by_hand(rows, odds, unit) for unit in units])

    best = min(loss(np.unique(totals, axis=0), judged))

    chosen = loss(path.total[np.newaxis].astype(float), judged)[0]
    assert chosen <= best + 1e-9 * (1 + abs(best))
    assert chosen == pytest.approx(min(each.loss for each in path.score.tried), rel=1e-9)


def test_the_loss_is_the_deviance_of_a_fit_on_the_total(rows_by_seed):
    rows = rows_by_seed(3)
    path = score_path(rows)
    X = np.column_stack([np.ones(80), path.total])

    expected = fit(X, rows.y, ("intercept", "total")).deviance

    chosen = [each for each in path.score.tried if each.unit == path.score.unit]
    assert chosen[0].loss == pytest.approx(expected, rel=1e-10)


def test_close_to_the_best_of_all_whole_number_scores(birthwt_rows):
    # Every score of 0 to 4 points for smoke, ptl, ht, ui and both levels of race is tried (15,624
    # of them, on birthwt without age and weight): rounding the equation with its best unit has a
    # deviance of 204.173, the very best of them all 204.038.
    rows = birthwt_rows
    keep = [0, 3, 4, 5, 6, 7, 8]
    names = tuple(rows.names[column] for column in keep)
    rows = replace(rows, X=rows.X[:, keep], names=names, items=rows.items[2:], how=Rounding(4))
    path = score_path(rows)
    who = np.column_stack(
        [(item.place == level) for item in rows.items for level in range(1, len(item.labels))]
    )
    patterns, place = np.unique(who, axis=0, return_inverse=True)
    points = np.array(list(product(range(5), repeat=6)), dtype=float)[1:]
    totals = np.unique(points, axis=0) @ patterns.T.astype(float)
    y = np.repeat([1.0, 0.0], len(patterns))
    cases = np.bincount(place.ravel(), weights=rows.y, minlength=len(patterns))
    counts = np.append(cases, np.bincount(place.ravel(), minlength=len(patterns)) - cases)

    best = lines(np.tile(totals, 2), y, counts).deviance.min()

    chosen = min(each.loss for each in path.score.tried)
    assert best <= chosen + 1e-9
    assert (chosen, best) == pytest.approx((204.173, 204.038), abs=1e-3)


def test_fewer_points_win_where_they_lose_little(rows_by_seed):
    rows = rows_by_seed(5)
    best = score_path(rows).score
    small = score_path(replace(rows, how=Rounding(slack=3.0))).score
    least = min(each.loss for each in best.tried)

    loss = {each.unit: each.loss for each in small.tried}[small.unit]
    assert small.highest < best.highest
    assert loss <= least + 3.0 + 1e-6
    assert all(
        each.loss > least + 3.0 for each in small.tried if each.span < small.highest - small.lowest
    )


def test_doubled_points_are_never_chosen(rows_by_seed):
    for seed in range(20):
        score = score_path(rows_by_seed(seed)).score
        points = [value for item in score.items for value in item.points]
        assert np.gcd.reduce(points) == 1


def test_what_cannot_be_rounded_is_refused(rows_by_seed):
    rows = rows_by_seed(1)
    for how in (Rounding(largest=0), Rounding(unit=-1.0), Rounding(unit=0.0)):
        with pytest.raises(ValueError, match="above 0"):
            score_path(replace(rows, how=how))
    item, _ = placed("x", (0.0, 1.0), 0.0)
    judged = Patients(np.zeros(6), np.array([0, 1.0] * 3), np.ones(6))
    with pytest.raises(AnalysisError, match="no score to make"):
        round_points(LevelOdds(0.0, (np.zeros(2),)), (item,), judged, Rounding())
