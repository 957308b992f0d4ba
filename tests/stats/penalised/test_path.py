import warnings
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_expit

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.penalised.path import (
    LASSO,
    RIDGE,
    Shrinking,
    lasso,
    paths,
    penalised_path,
    ridge,
)
from avidity.stats.penalised.rows import Rows, rows_of
from avidity.stats.separation import separation


def drawn(seed, n, p, alike=0.0):
    """Patients with p numbers, some of which resemble each other, and an outcome."""
    chance = np.random.default_rng(seed)
    numbers = chance.normal(size=(n, p)) + alike * chance.normal(size=(n, 1))
    numbers *= 10.0 ** chance.integers(-3, 4, p)
    X = np.column_stack([np.ones(n), numbers + chance.normal(size=p) * 10])
    line = (numbers / numbers.std(axis=0)) @ chance.normal(size=p)
    y = (chance.random(n) < expit(line - line.mean())).astype(float)
    y[:2] = 0, 1
    return X, y, tuple(f"x{column}" for column in range(p + 1))


def scaled(X, weights):
    """Columns with mean 0 and standard deviation 1 under the weights, their spread."""
    centre = np.average(X[:, 1:], axis=0, weights=weights)
    spread = np.sqrt(np.average((X[:, 1:] - centre) ** 2, axis=0, weights=weights))
    return (X[:, 1:] - centre) / spread, spread


@pytest.mark.parametrize(
    ("model", "strength", "expected"),
    [
        (
            ridge,
            0.02,
            (
                "0.3803308379770 -0.0271152028348 -0.0127765793754 1.0262510899642 0.6848374780340"
                " 0.7660829182276 0.5181823299730 1.5894981926612 0.6915727226024"
            ),
        ),
        (
            ridge,
            0.1,
            (
                "0.12125830237803 -0.02361575666877 -0.00832490784887 0.61386521699380"
                " 0.40005185601116 0.49589001118243 0.42868790467862 1.08791509565830"
                " 0.53538166610014"
            ),
        ),
        (
            lasso,
            0.02,
            (
                "0.0818051591627 -0.0135551067705 -0.0101731502376 0.6769950165941 0.4120756997112"
                " 0.5445280113412 0.4138513456153 1.2526008689862 0.5324248003802"
            ),
        ),
        (lasso, 0.1, "-0.78999700655 0 0 0 0 0 0 0 0"),
    ],
)
def test_coefficients_at_a_given_strength_match_glmnet(birthwt, model, strength, expected):
    # R 4.2.2, glmnet 4.1-6, X: age, lwt, race == 2, race == 3, smoke, ptl, ht, ui
    # > coef(glmnet(X, low, "binomial", alpha = 0 or 1, lambda = strength, thresh = 1e-20))
    # glmnet stops at about 1e-10
    X, y, names, _ = birthwt

    got = model(X, y, names, strength)

    assert got.coef == pytest.approx([float(value) for value in expected.split()], abs=1e-9)


def test_ridge_and_its_effective_df_match_rms(birthwt):
    # R 4.2.2, rms 6.5-0, race as two numeric columns:
    # > f <- lrm(low ~ age+lwt+race2+race3+smoke+ptl+ht+ui, x = TRUE, y = TRUE, eps = 1e-12)
    # > coef(update(f, penalty = 4)); pentrace(f, c(1, 2, 4, 8, 16))
    # rms scales by the standard deviation with n - 1, so its penalty is (n - 1) times ours; its
    # df leaves the intercept out, its aic is chi squared less twice the df
    X, y, names, fitted = birthwt
    penalties = (16.0, 8.0, 4.0, 2.0, 1.0)
    path = penalised_path(X, y, names, Shrinking(RIDGE, (), tuple(p / 188 for p in penalties)))
    coef = [
        *(0.3750917150616, -0.0270858138802, -0.0126557445554, 1.0146291011064, 0.6764196600344),
        *(0.7584559667052, 0.5166117417416, 1.5768456641971, 0.6879770616041),
    ]
    df = [5.46542831761, 6.41697288244, 7.08055591621, 7.49543778671, 7.73382795089]
    aic = [18.2688419620, 18.7261150899, 18.4877334251, 18.0693074951, 17.7251132988]

    assert path.coef[2] == pytest.approx(coef, abs=1e-12)
    assert path.effective_df - 1 == pytest.approx(df, abs=1e-8)
    gain = path.null_deviance - path.deviance - 2 * (path.effective_df - 1)
    assert gain == pytest.approx(aic, abs=1e-7)
    assert path.null_deviance == pytest.approx(fitted.null_deviance, rel=1e-12)


@pytest.mark.parametrize(
    ("penalty", "share", "solver"), [(RIDGE, 0, "newton-cholesky"), (LASSO, 1, "saga")]
)
@pytest.mark.parametrize("strength", [0.2, 0.02, 0.002])
def test_fits_equal_scikit_learn(penalty, share, solver, strength):
    # scikit-learn divides by n inside C and does not scale; both stop at about 1e-13
    linear_model = pytest.importorskip("sklearn.linear_model")
    X, y, names = drawn(4, 80, 5, alike=1.0)
    chance = np.random.default_rng(5)
    weights = chance.integers(0, 4, 80).astype(float)
    Z, spread = scaled(X, weights)
    other = linear_model.LogisticRegression(
        C=1 / (weights.sum() * strength), l1_ratio=share, solver=solver, tol=1e-13, max_iter=100_000
    ).fit(Z, y, sample_weight=weights)

    got = penalised_path(X, y, names, Shrinking(penalty, (), (strength,)), weights).model(0)

    assert got.coef[1:] * spread == pytest.approx(other.coef_[0], abs=1e-9)


def conditions(X, y, weights, got, penalised):
    """How far each column is from the conditions of Karush, Kuhn and Tucker, per patient."""
    Z, spread = scaled(X, weights)
    residual = weights * (y - expit(X @ got.coef)) / weights.sum()
    pull, b = residual @ Z, got.coef[1:] * spread
    strength = got.strength * np.array(penalised)
    inside = np.maximum(np.abs(pull) - strength, 0)
    return residual.sum(), np.where(b == 0, inside, pull - strength * np.sign(b))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(12, 60),
    p=st.integers(1, 7),
    share=st.floats(0.01, 0.999),
    alike=st.sampled_from([0.0, 1.0, 5.0]),
    spare=st.booleans(),
)
def test_the_lasso_meets_its_conditions_and_starts_with_no_term(seed, n, p, share, alike, spare):
    X, y, names = drawn(seed, n, p, alike)
    weights = np.random.default_rng(seed).integers(0, 3, n) + 0.5
    spared = names[1:2] if spare and p > 1 else ()
    if spared:  # a column without a penalty must not separate by itself
        assume(separation(X[:, :2], y, names[:2]).kind == "none")
    whole = penalised_path(X, y, names, Shrinking(LASSO, spared), weights)
    first = float(whole.strengths[0])
    how = Shrinking(LASSO, spared, (first, first * share))

    path = penalised_path(X, y, names, how, weights)

    assert spared == path.model(0).kept
    assert len(path.model(1).kept) > len(spared)
    for at in (0, 1):
        intercept, rest = conditions(
            X, y, weights, path.model(at), [name not in spared for name in names[1:]]
        )
        assert abs(intercept) < 1e-11
        assert np.abs(rest).max() < 1e-11


def slow_ridge(X, y, weights, strength):
    """The same sum, written out, given to a general optimiser."""
    from scipy.optimize import minimize

    Z, spread = scaled(X, weights)
    columns = np.column_stack([np.ones(len(y)), Z])
    sign = 2 * y - 1

    def loss(b):
        return -(weights @ log_expit(sign * (columns @ b))) / weights.sum() + strength * (
            b[1:] @ b[1:] / 2
        )

    def gradient(b):
        pull = (weights * (expit(columns @ b) - y)) @ columns / weights.sum()
        return pull + strength * np.array([0, *b[1:]])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says so when rounding ends the search
        found = minimize(loss, np.zeros(len(columns.T)), jac=gradient, method="BFGS", tol=1e-11)
    return found.x[1:] / spread


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(12, 60), p=st.integers(1, 5))
def test_ridge_equals_a_general_optimiser(seed, n, p):
    X, y, names = drawn(seed, n, p)
    chance = np.random.default_rng(seed)
    weights, strength = chance.integers(1, 4, n).astype(float), 10 ** chance.uniform(-2, 1)

    got = ridge(X, y, names, strength, weights)
    expected = slow_ridge(X, y, weights, strength)

    spread = X[:, 1:].std(axis=0)
    assert got.coef[1:] * spread == pytest.approx(expected * spread, abs=1e-5)


@pytest.mark.parametrize("model", [ridge, lasso])
def test_without_strength_the_estimate_is_that_of_maximum_likelihood(birthwt, model):
    X, y, names, fitted = birthwt

    got = model(X, y, names, 1e-12)

    assert got.coef == pytest.approx(fitted.coef, abs=1e-8)
    assert got.aic == pytest.approx(fitted.aic, abs=1e-7)
    assert got.risk(X) == pytest.approx(fitted.risk(X), abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), penalty=st.sampled_from([RIDGE, LASSO]))
def test_weights_count_patients_and_the_scale_of_a_column_does_not_matter(seed, penalty):
    X, y, names = drawn(seed, 20, 3)
    times = np.random.default_rng(seed).integers(0, 3, 20)
    times[:2] = 1
    how = Shrinking(penalty, (), (0.05,))
    fitted = penalised_path(X, y, names, how, times).model(0)

    again = penalised_path(np.repeat(X, times, 0), np.repeat(y, times), names, how).model(0)
    factor = np.array([1.0, 1000.0, 1e-3, -7.0])
    other = penalised_path(X * factor, y, names, how, times).model(0)

    assert fitted.n == times.sum()
    assert again.coef == pytest.approx(fitted.coef, rel=1e-8, abs=1e-9)
    assert other.risk(X * factor) == pytest.approx(fitted.risk(X), abs=1e-9)


def test_separation_does_no_harm_and_deviance_falls_along_the_path(endometrial):
    X, y, names = endometrial
    for penalty in (RIDGE, LASSO):
        path = penalised_path(X, y, names, Shrinking(penalty))

        assert np.isfinite(path.coef).all()
        assert (np.diff(path.deviance) < 0).all()
        assert (np.diff(path.strengths) < 0).all()
    with pytest.raises(AnalysisError, match="NV"):
        fit(X, y, names)
    with pytest.raises(AnalysisError, match="unpenalised column may separate"):
        penalised_path(X, y, names, Shrinking(RIDGE, ("NV",)))


def test_many_problems_at_once_equal_one_after_the_other(birthwt):
    X, y, names, _ = birthwt
    weights = np.random.default_rng(3).multinomial(189, np.full(189, 1 / 189), 30)
    weights[7] = y == 1  # cases alone
    weights[8] = weights[8] * (X[:, 7] == 0)  # nobody with hypertension: the column does not vary

    for penalty in (RIDGE, LASSO):
        how = Shrinking(penalty, ("age",))
        together = paths(rows_of(X, y, names, weights), how)
        for at in (0, 8, 29):
            alone = paths(rows_of(X, y, names, weights[at]), how)
            assert together.coef[at] == pytest.approx(alone.coef[0], abs=1e-10)
            assert together.strengths[at] == pytest.approx(alone.strengths[0], rel=1e-10)

        assert [7] == np.flatnonzero(together.failed).tolist()
        assert np.isnan(together.coef[7]).all()
        assert (together.coef[8, :, 7] == 0).all()


def test_columns_that_repeat_each_other_share_a_ridge(birthwt):
    X, y, names, _ = birthwt
    twice = np.column_stack([X, X[:, 2]])

    got = ridge(twice, y, (*names, "lwt again"), 0.05)
    chosen = lasso(twice, y, (*names, "lwt again"), 0.02)

    assert got.coef[2] == pytest.approx(got.coef[-1], rel=1e-6)
    alone = lasso(X, y, names, 0.02)
    assert chosen.coef[2] + chosen.coef[-1] == pytest.approx(alone.coef[2], rel=1e-6)


def test_the_words_say_what_was_done(birthwt):
    X, y, names, _ = birthwt

    got = lasso(X, y, names, 0.05)

    expected = "lasso logistic regression on standardised columns, strength given"
    assert expected == got.method
    assert set(got.kept) < set(names[1:])
    assert got.effective_df == 1 + len(got.kept)
    assert (got.n, got.n_events) == (189, 59)
    with pytest.raises(ValueError, match="read-only"):
        got.coef[0] = 1


def test_input_that_cannot_be_fitted_is_refused(birthwt):
    X, y, names, _ = birthwt
    wrong = partial(penalised_path, how=Shrinking())
    for strengths in ((), (0.0,), (0.1, 0.2), (float("inf"),)):
        with pytest.raises(ValueError, match="maximum likelihood"):
            penalised_path(X, y, names, Shrinking(strengths=strengths))
    with pytest.raises(ValueError, match="must have shapes"):
        wrong(X, y[1:], names)
    with pytest.raises(ValueError, match="different names"):
        wrong(X, y, names[1:])
    with pytest.raises(ValueError, match="finite"):
        wrong(np.where(X == 1, np.nan, X), y, names)
    with pytest.raises(ValueError, match="0 or more"):
        wrong(X, y, names, weights=np.full(189, -1))
    with pytest.raises(ValueError, match="intercept"):
        wrong(X[:, 1:], y, names[1:])
    with pytest.raises(ValueError, match="named wt"):
        penalised_path(X, y, names, Shrinking(unpenalised=("wt",)))
    with pytest.raises(ValueError, match="no column to penalise"):
        penalised_path(X, y, names, Shrinking(unpenalised=names[1:]))
    for outcome, weights in ((np.zeros(189), None), (y, y)):
        with pytest.raises(AnalysisError, match="with and without"):
            wrong(X, outcome, names, weights=weights)
    with pytest.raises(AnalysisError, match="age: never varies"):
        wrong(np.where(np.arange(9) == 1, 3.0, X), y, names)


def test_a_fit_that_does_not_arrive_is_no_result(birthwt, monkeypatch):
    X, y, names, _ = birthwt
    monkeypatch.setattr("avidity.stats.penalised.climb.ROUNDS", 2)

    with pytest.raises(AnalysisError, match="did not arrive"):
        ridge(X, y, names, 0.01)
    assert paths(Rows(X, y, np.ones((1, 189)), names), Shrinking(RIDGE)).failed.all()
