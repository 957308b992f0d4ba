import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.batched.left_out import SixThreeTwo, cross_validated, six_three_two
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit
from avidity.stats.resampling import bootstrap, from_weights, k_fold
from avidity.stats.roc import roc


def test_left_out_patients_are_predicted_by_models_that_have_not_seen_them(birthwt):
    X, y, columns, fitted = birthwt
    drawn = bootstrap(189, 12, seed=2)
    found = six_three_two(X, y, columns, drawn)
    areas, scores = [], []
    for place in range(12):
        rows, out = drawn.rows(place), drawn.out_of_bag[place]
        model = fit(X[rows], y[rows], columns)
        areas.append(roc(model.linear_predictor(X[out]), y[out]).auc)
        scores.append(brier(model.risk(X[out]), y[out]))

    assert np.mean(areas) == pytest.approx(found.auc.left_out, abs=1e-9)
    assert np.mean(scores) == pytest.approx(found.brier.left_out, abs=1e-9)
    assert brier(fitted.risk(X), y) == pytest.approx(found.brier.apparent)
    risk, share = fitted.risk(X), y.mean()
    pairs = np.subtract.outer(y, risk) ** 2  # every outcome against every prediction
    assert pairs.mean() == pytest.approx(found.brier.no_information)
    assert share * 0.5 + 0.5 * (1 - share) == found.auc.no_information
    assert 12 == found.tally.used


def test_the_632_rules():
    # Efron & Tibshirani 1997: R = (0.8 - 0.7) / (0.8 - 0.5) = 1/3, w = .632 / (1 - .368 / 3)
    rule = SixThreeTwo("auc", apparent=0.8, left_out=0.7, no_information=0.5, resamples=10)
    weight = 0.632 / (1 - 0.368 / 3)

    assert 0.368 * 0.8 + 0.632 * 0.7 == pytest.approx(rule.plain)
    assert 1 / 3 == pytest.approx(rule.overfitting)
    assert (1 - weight) * 0.8 + weight * 0.7 == pytest.approx(rule.plus)


@pytest.mark.parametrize(
    ("apparent", "left_out", "none", "overfitting", "plus"),
    [
        (0.8, 0.4, 0.5, 1.0, 0.5),  # worse than no information counts as none: all weight there
        (0.10, 0.30, 0.25, 1.0, 0.25),  # the same for a score that is better when lower
        (0.8, 0.85, 0.5, 0.0, 0.368 * 0.8 + 0.632 * 0.85),
        (0.5, 0.5, 0.5, 0.0, 0.5),
    ],
)
def test_the_632_rules_at_their_ends(apparent, left_out, none, overfitting, plus):
    rule = SixThreeTwo("x", apparent, left_out, none, 10)

    assert overfitting == rule.overfitting
    assert plus == pytest.approx(rule.plus)


def test_cross_validation_is_that_of_one_fold_at_a_time(birthwt):
    X, y, columns, _ = birthwt
    plan = k_fold(189, 5, seed=1, rounds=2, strata=y)
    found = cross_validated(X, y, columns, plan)
    areas, scores, slopes, within = [], [], [], []
    for turn in range(2):
        line = np.empty(189)
        for fold in range(5):
            out = plan.out_of_bag[5 * turn + fold]
            line[out] = fit(X[~out], y[~out], columns).linear_predictor(X[out])
            cases = y[out].sum()
            within.append((roc(line[out], y[out]).auc, cases * (out.sum() - cases)))
        areas.append(roc(line, y).auc)
        scores.append(brier(1 / (1 + np.exp(-line)), y))
        slopes.append(fit(np.column_stack([np.ones(189), line]), y, ("one", "line")).coef[1])

    assert np.mean(areas) == pytest.approx(found.measures["auc"].tested, abs=1e-9)
    assert np.std(areas, ddof=1) == pytest.approx(found.measures["auc"].scatter, abs=1e-9)
    assert np.mean(scores) == pytest.approx(found.measures["brier"].tested, abs=1e-9)
    assert np.mean(slopes) == pytest.approx(found.measures["slope"].tested, abs=1e-9)
    values, pairs = np.array(within).T
    assert np.average(values, weights=pairs) == pytest.approx(found.auc_within_folds, abs=1e-9)
    assert 2 == found.measures["auc"].rounds
    assert 10 == found.tally.used


def test_a_round_that_lacks_a_model_is_left_out(birthwt):
    X, y, columns, _ = birthwt
    found = cross_validated(X, y, columns, k_fold(189, 3, seed=1))

    assert 1 == found.measures["auc"].rounds
    assert np.isnan(found.measures["auc"].scatter)
    flat = np.column_stack([np.ones(12), [1] * 3 + [0] * 9])
    outcome = np.array([1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0.0])
    plan = k_fold(12, 2, seed=1)
    held = plan.weights.copy()
    held[0], held[1] = flat[:, 1], 1 - flat[:, 1]  # all who have the column in one fold
    plan = type(plan)(held, "made", 2)
    with pytest.raises(AnalysisError, match="no round has a model"):
        cross_validated(flat, outcome, ("one", "x"), plan)


def test_a_bootstrap_is_no_plan_for_cross_validation(birthwt):
    X, y, columns, _ = birthwt
    with pytest.raises(ValueError, match="made by k_fold"):
        cross_validated(X, y, columns, bootstrap(189, 5, 1))


def test_resamples_without_a_model_are_refused():
    X, y = np.column_stack([np.ones(4), [1, 2, 1, 2.0]]), np.array([0, 0, 1, 1.0])
    with pytest.raises(AnalysisError, match="no resample has a model"):
        six_three_two(X, y, ("one", "x"), from_weights([[2, 2, 0, 0]]))


def test_resamples_that_leave_nobody_out_have_nothing_to_say(birthwt):
    X, y, columns, _ = birthwt
    found = six_three_two(X, y, columns, from_weights(np.ones((2, 189))))

    assert 0 == found.auc.resamples
    assert np.isnan(found.auc.left_out)
