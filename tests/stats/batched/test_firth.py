import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.batched import firth
from avidity.stats.batched.firth import firth_batch
from avidity.stats.batched.newton import State
from avidity.stats.firth import fit_firth
from avidity.stats.resampling import bootstrap
from stats.batched.samples import batch_of, names, patients


@given(patients(most=25), st.integers(0, 999))
@settings(max_examples=20, deadline=None)
def test_every_resample_is_fitted_as_it_would_be_alone(data, seed):
    X, y = data
    drawn = bootstrap(len(y), 6, seed)
    prepared = batch_of(X, y, drawn.weights)
    ended = firth_batch(prepared)
    coef = prepared.original(ended.coef)

    for place, weights in enumerate(drawn.weights):
        rows = np.repeat(np.arange(len(y)), weights)
        impossible = len(set(y[rows])) < 2 or np.linalg.matrix_rank(X[rows]) < X.shape[1]
        assert impossible == (ended.state[place] != State.FITTED)
        if not impossible:
            line = X[rows] @ fit_firth(X[rows], y[rows], names(X)).coef
            assert np.allclose(line, X[rows] @ coef[:, place], atol=1e-7)


def test_separated_data_of_the_literature(endometrial, sex2):
    # K23 and K30: brglm2 and logistf; NV and dia separate the outcome
    for (X, y, columns), name, expected in (
        (endometrial, "NV", 2.9292733532),
        (sex2, "dia", 3.0960117),
    ):
        prepared = batch_of(X, y, np.ones((1, len(y)), dtype=int))
        coef = prepared.original(firth_batch(prepared).coef)[:, 0]

        assert expected == pytest.approx(coef[columns.index(name)], abs=1e-5)
        assert np.allclose(fit_firth(X, y, columns).coef, coef, atol=1e-9)


@given(patients(columns=3), st.integers(0, 999))
@settings(max_examples=10, deadline=None)
def test_columns_left_out_or_varying_are_those_of_a_smaller_design(data, seed):
    X, y = data
    chance = np.random.default_rng(seed)
    drawn = bootstrap(len(y), 5, seed)
    cut = chance.integers(0, 2, (len(y), 5)).astype(float)
    wide = np.column_stack([X, np.zeros(len(y))])
    active = np.ones((wide.shape[1], 5))
    active[1] = chance.integers(0, 2, 5)
    prepared = batch_of(wide, y, drawn.weights, {wide.shape[1] - 1: cut}, active)
    ended = firth_batch(prepared)
    coef = prepared.original(ended.coef)

    for place in np.flatnonzero(ended.state == State.FITTED):
        own = wide.copy()
        own[:, -1] = cut[:, place]
        rows = np.repeat(np.arange(len(y)), drawn.weights[place])
        inside = active[:, place] == 1
        smaller = own[:, inside]
        alone = fit_firth(smaller[rows], y[rows], names(smaller)).coef
        assert np.allclose(smaller[rows] @ alone, own[rows] @ coef[:, place], atol=1e-7)


def test_what_the_batch_does_not_finish_the_single_fit_does(monkeypatch, endometrial):
    X, y, columns = endometrial
    monkeypatch.setattr(firth, "LIMIT", 2)
    prepared = batch_of(X, y, np.ones((2, len(y)), dtype=int))
    ended = firth_batch(prepared)

    assert [State.FITTED] * 2 == ended.state.tolist()
    alone = fit_firth(X, y, columns).coef
    assert np.allclose(alone, prepared.original(ended.coef)[:, 1], atol=1e-9)
