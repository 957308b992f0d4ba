import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.penalised.choice import (
    by_aic,
    cross_validated,
    least_aic,
    least_deviance,
    one_error,
    resampled,
    stratified_folds,
)
from avidity.stats.penalised.path import LASSO, RIDGE, Shrinking, penalised_path


def test_held_out_deviance_and_both_choices_match_glmnet(birthwt):
    # R 4.2.2, glmnet 4.1-6
    # > lambda <- 0.0908626233611 * 10^(-(0:20) / 8)
    # > cv <- cv.glmnet(X, low, family = "binomial", lambda = lambda, thresh = 1e-16,
    # +                 foldid = rep(1:9, length.out = 189), type.measure = "deviance")
    # > cv$cvm; cv$cvsd; cv$lambda.min; cv$lambda.1se   (printed to ten digits)
    X, y, names, _ = birthwt
    strengths = tuple(0.0908626233611 * 10 ** (-np.arange(21) / 8))

    got = cross_validated(X, y, names, Shrinking(LASSO, (), strengths), np.arange(189) % 9)

    mean = [1.248433978, 1.252956538, 1.234700972, 1.215052921, 1.193935858, 1.179072070]
    error = [0.01407609020, 0.01522937893, 0.01921404600, 0.02290700055, 0.02730562728]
    assert got.held_out[:6] == pytest.approx(mean, abs=2e-9)
    assert got.held_out[-1] == pytest.approx(1.163444449, abs=2e-9)
    assert got.held_out_error[:5] == pytest.approx(error, abs=2e-9)
    assert got.held_out_error[-1] == pytest.approx(0.04694661219, abs=2e-9)
    assert got.model().strength == pytest.approx(0.005109580803, abs=1e-12)
    assert got.model(one_error).strength == pytest.approx(0.028733284400, abs=1e-12)
    assert got.model().method.endswith("strength with the least cross-validated deviance (9 folds)")
    assert not got.at_edge()


def slow_held_out(X, y, names, how, folds, times):
    """Fold by fold, patient by patient, from the definition."""
    means, sizes = [], []
    for fold in np.unique(folds):
        inside, outside = (folds != fold) * times, (folds == fold) * times
        if not outside.sum():
            continue
        path = penalised_path(X, y, names, how, inside)
        rows = []
        for at in range(len(path.strengths)):
            risk = path.model(at).risk(X)
            each = -2 * np.log(np.where(y == 1, risk, 1 - risk))
            rows.append((each * outside).sum() / outside.sum())
        means.append(rows)
        sizes.append(outside.sum())
    mean = np.average(means, axis=0, weights=sizes)
    spread = np.average((np.array(means) - mean) ** 2, axis=0, weights=sizes)
    return mean, np.sqrt(spread / (len(sizes) - 1))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), penalty=st.sampled_from([LASSO, RIDGE]))
def test_cross_validation_equals_leaving_out_one_fold_after_the_other(seed, penalty):
    chance = np.random.default_rng(seed)
    X = np.column_stack([np.ones(40), chance.normal(size=(40, 3)), chance.integers(0, 2, 40)])
    y = (np.arange(40) % 3 == 0).astype(float)
    names, folds = ("intercept", "a", "b", "c", "d"), stratified_folds(y, 4, chance)
    times = chance.integers(0, 3, 40)
    how = Shrinking(penalty, ("a",), (0.3, 0.1, 0.02))

    got = cross_validated(X, y, names, how, folds, times)
    mean, error = slow_held_out(X, y, names, how, folds, times)

    assert got.held_out == pytest.approx(mean, abs=1e-9)
    assert got.held_out_error == pytest.approx(error, abs=1e-9)


@pytest.mark.parametrize("penalty", [LASSO, RIDGE])
@pytest.mark.parametrize("choose", [least_deviance, one_error, least_aic])
def test_a_resample_chooses_as_its_patients_alone_would(birthwt, penalty, choose):
    X, y, names, _ = birthwt
    chance = np.random.default_rng(8)
    folds = stratified_folds(y, 5, chance)
    weights = chance.multinomial(189, np.full(189, 1 / 189), 6)
    weights[4] = y == 0
    weights[5] = y == 0
    weights[5, np.flatnonzero(y == 1)[0]] = 1  # one case: the rest has none when it is left out
    strengths = tuple(np.geomspace(0.2, 0.001, 8))
    how = Shrinking(penalty, (), strengths)

    got = resampled(X, y, names, how, choose, weights, None if choose is least_aic else folds)

    stuck = [4] if choose is least_aic else [4, 5]
    assert stuck == np.flatnonzero(got.failed).tolist()
    assert np.isnan(got.coef[4]).all()
    assert np.isnan(got.strength[4])
    for at in (0, 3):
        alone = cross_validated(X, y, names, how, folds, weights[at]).model(choose)
        assert got.strength[at] == pytest.approx(alone.strength, rel=1e-12)
        assert got.coef[at] == pytest.approx(alone.coef, abs=1e-9)
    assert set(names[1:]) == set(got.inclusion)
    assert all(0 <= share <= 1 for share in got.inclusion.values())


def test_each_resample_lays_its_own_path(birthwt):
    X, y, names, _ = birthwt
    weights = np.random.default_rng(1).multinomial(189, np.full(189, 1 / 189), 3)

    got = resampled(X, y, names, Shrinking(LASSO), least_aic, weights)

    for at in range(3):
        alone = by_aic(penalised_path(X, y, names, Shrinking(LASSO), weights[at]))
        assert got.strength[at] == pytest.approx(alone.strength, rel=1e-10)
        assert "AIC" in alone.method
    assert len(set(got.strength)) == 3


def test_one_error_never_shrinks_less_than_the_least_deviance(birthwt):
    X, y, names, _ = birthwt
    folds = stratified_folds(y, 10, np.random.default_rng(2))
    got = cross_validated(X, y, names, Shrinking(LASSO), folds)

    assert got.model(one_error).strength >= got.model(least_deviance).strength
    assert set(got.model(one_error).kept) <= set(got.model(least_deviance).kept)
    assert got.model(least_aic).strength == by_aic(got.path).strength


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=4, max_size=60), st.integers(2, 4), st.integers(0, 99))
def test_folds_are_even_in_size_and_in_cases_and_repeat_with_their_seed(cases, folds, seed):
    y = np.array(cases, dtype=float)
    got = stratified_folds(y, folds, np.random.default_rng(seed))

    for some in (np.ones(len(y), bool), y == 1, y == 0):
        sizes = np.bincount(got[some], minlength=folds)
        assert sizes.max() - sizes.min() <= 1
    assert (stratified_folds(y, folds, np.random.default_rng(seed)) == got).all()


def test_folds_that_cannot_be_left_out_are_refused(birthwt):
    X, y, names, _ = birthwt
    with pytest.raises(AnalysisError, match="fewer folds"):
        cross_validated(X, y, names, Shrinking(), y)
    with pytest.raises(AnalysisError, match="two folds"):
        cross_validated(X, y, names, Shrinking(), np.zeros(189))
    with pytest.raises(ValueError, match="shape"):
        cross_validated(X, y, names, Shrinking(), np.zeros(3))
    with pytest.raises(ValueError, match="2 to 189"):
        stratified_folds(y, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="needs folds"):
        resampled(X, y, names, Shrinking(), one_error, np.ones((1, 189)))
