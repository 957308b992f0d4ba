from dataclasses import replace

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.points.items import ScoreItem, categories, check_items, level_log_odds


def test_a_value_at_the_cut_off_belongs_above_it():
    assert [0, 1, 1, 2] == categories([1.9, 2, 2.9, 3], (2, 3)).tolist()
    for values, cuts in (([1, np.nan], (2,)), ([1], (2, 2))):
        with pytest.raises(ValueError, match="cut-offs must rise"):
            categories(values, cuts)


def test_levels_of_findings_have_the_models_own_log_odds(rows_by_seed):
    rows = rows_by_seed(1)
    model = fit(rows.X, rows.y, rows.names)

    got = level_log_odds(model, rows.X, rows.items, np.ones(80))

    assert got.intercept == model.coef[0]
    assert got.added[1] == pytest.approx([0, *model.coef[2:4]], abs=1e-15)
    assert got.added[2] == pytest.approx([0, model.coef[4]], abs=1e-15)


def test_a_category_of_a_number_stands_at_the_mean_of_its_patients(rows_by_seed):
    rows = rows_by_seed(1)
    model = fit(rows.X, rows.y, rows.names)
    weights = np.random.default_rng(2).integers(0, 3, 80).astype(float)
    weights[rows.items[0].place == 1] = 0  # a resample without anybody of 45 to 59
    age, place = rows.X[:, 1], rows.items[0].place

    got = level_log_odds(model, rows.X, rows.items, weights).added[0] / model.coef[1]

    for level, own in ((0, weights), (1, np.ones(80)), (2, weights)):
        some = place == level
        assert got[level] == pytest.approx(np.average(age[some], weights=own[some]), rel=1e-12)


def test_a_category_can_be_placed_by_a_value_of_its_own(rows_by_seed):
    rows = rows_by_seed(1)
    model = fit(rows.X, rows.y, rows.names)
    item = replace(rows.items[0], at=np.array([[37.0], [52.0], [67.0]]))

    got = level_log_odds(model, rows.X, (item, *rows.items[1:]), np.ones(80))

    assert got.added[0] == pytest.approx(model.coef[1] * np.array([37, 52, 67]), rel=1e-15)


def test_a_score_that_forgets_a_column_is_refused(rows_by_seed):
    rows = rows_by_seed(1)
    with pytest.raises(AnalysisError, match="two"):
        check_items(rows.items[:3], rows.names, 80)
    with pytest.raises(AnalysisError, match="one item of the score: one"):
        check_items((*rows.items, replace(rows.items[2], name="again")), rows.names, 80)
    with pytest.raises(AnalysisError, match="no column height"):
        check_items((*rows.items, replace(rows.items[2], columns=("height",))), rows.names, 80)
    with pytest.raises(AnalysisError, match="different names"):
        check_items((*rows.items[:3], replace(rows.items[3], name="one")), rows.names, 80)
    with pytest.raises(ValueError, match="79 patients"):
        check_items(rows.items, rows.names, 79)


def test_an_item_that_cannot_be_is_refused(rows_by_seed):
    rows = rows_by_seed(1)
    one = rows.items[2]
    with pytest.raises(ValueError, match="two levels"):
        ScoreItem("one", ("no",), ("one",), one.place)
    with pytest.raises(ValueError, match="one of the 2 levels"):
        replace(one, place=one.place + 1)
    with pytest.raises(ValueError, match="2 x 1"):
        replace(one, at=np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="no level 2"):
        replace(one, base=2)
    empty = replace(rows.items[1], labels=("I", "II", "III", "IV"))
    with pytest.raises(AnalysisError, match="nobody is in stage: IV"):
        level_log_odds(fit(rows.X, rows.y, rows.names), rows.X, (empty,), np.ones(80))
