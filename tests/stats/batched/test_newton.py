import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.batched import newton
from avidity.stats.batched.newton import State, fit_batch
from avidity.stats.logistic import fit
from avidity.stats.resampling import bootstrap
from avidity.stats.separation import SeparatedError
from stats.batched.samples import batch_of, names, patients


def one_by_one(X, y, weights):
    """The slow twin: rows in the resample, each as often as it is in it, and the single fit."""
    rows = np.repeat(np.arange(len(y)), weights)
    try:
        return State.FITTED, fit(X[rows], y[rows], names(X)).coef
    except SeparatedError:
        return State.SEPARATED, None
    except AnalysisError as error:
        absent = "with and without" in str(error)
        return (State.ONE_OUTCOME if absent else State.DEPENDENT), None


def assert_like_one_by_one(X, y, drawn, prepared, ended):
    coef = prepared.original(ended.coef)
    for place, weights in enumerate(drawn.weights):
        state, alone = one_by_one(X, y, weights)
        assert state == ended.state[place]
        if state == State.FITTED:
            there = weights > 0
            line = X[there] @ alone
            assert np.allclose(line, X[there] @ coef[:, place], atol=1e-8 * (1 + abs(line).max()))


@given(patients(), st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_every_resample_is_fitted_as_it_would_be_alone(data, seed):
    X, y = data
    drawn = bootstrap(len(y), 12, seed)
    prepared = batch_of(X, y, drawn.weights)

    assert_like_one_by_one(X, y, drawn, prepared, fit_batch(prepared))


@given(patients(most=25), st.integers(0, 999))
@settings(max_examples=12, deadline=None)
def test_another_start_leads_to_the_same_place(data, seed):
    X, y = data
    drawn = bootstrap(len(y), 12, seed)
    prepared = batch_of(X, y, drawn.weights)
    start = np.random.default_rng(seed).normal(0, 3, X.shape[1])

    assert_like_one_by_one(X, y, drawn, prepared, fit_batch(prepared, start))


def test_a_resample_without_the_outcome_or_without_spread_is_named():
    X = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6.5]])
    y = np.array([0, 1, 0, 1, 0, 1.0])
    weights = np.array(
        [[1, 1, 1, 1, 1, 1], [2, 0, 2, 0, 2, 0], [0, 3, 0, 2, 0, 1], [2, 2, 2, 0, 0, 0]]
    )
    ended = fit_batch(batch_of(X, y, weights))

    expected = [State.FITTED, State.ONE_OUTCOME, State.ONE_OUTCOME, State.DEPENDENT]
    assert expected == ended.state.tolist()


def test_a_column_that_follows_from_others_is_dependent():
    X = np.column_stack([np.ones(8), [0, 1] * 4, [1, 1, 0, 0] * 2, [2010.0, 2011, 2009, 2010] * 2])
    y = np.array([0, 1, 1, 0, 1, 0, 0, 1.0])
    ended = fit_batch(batch_of(X, y, np.ones((1, 8), dtype=int)))

    assert [State.DEPENDENT] == ended.state.tolist()


@given(patients(columns=4), st.integers(0, 999))
@settings(max_examples=12, deadline=None)
def test_a_column_left_out_is_as_if_it_were_not_there(data, seed):
    X, y = data
    drawn = bootstrap(len(y), 8, seed)
    chance = np.random.default_rng(seed)
    active = chance.integers(0, 2, (X.shape[1], 8)).astype(float)
    active[0] = 1
    prepared = batch_of(X, y, drawn.weights, active=active)
    ended = fit_batch(prepared)
    coef = prepared.original(ended.coef)

    for place, weights in enumerate(drawn.weights):
        inside = active[:, place] == 1
        state, alone = one_by_one(X[:, inside], y, weights)
        assert state == ended.state[place]
        assert (coef[~inside, place] == 0).all()
        if state == State.FITTED:
            there = weights > 0
            line = X[there][:, inside] @ alone
            close = np.isclose(line, X[there] @ coef[:, place], atol=1e-8 * (1 + abs(line).max()))
            assert close.all()


@given(patients(columns=2), st.integers(0, 999))
@settings(max_examples=12, deadline=None)
def test_columns_may_differ_from_resample_to_resample(data, seed):
    X, y = data
    drawn = bootstrap(len(y), 6, seed)
    chance = np.random.default_rng(seed)
    X = np.column_stack([X, np.zeros((len(y), 2))])
    last = X.shape[1] - 1
    varying = {at: chance.integers(0, 2, (len(y), 6)).astype(float) for at in (last - 1, last)}
    prepared = batch_of(X, y, drawn.weights, varying)
    ended = fit_batch(prepared)
    coef = prepared.original(ended.coef)

    for place, weights in enumerate(drawn.weights):
        own = X.copy()
        for column, values in varying.items():
            own[:, column] = values[:, place]
        state, alone = one_by_one(own, y, weights)
        assert state == ended.state[place]
        if state == State.FITTED:
            there = weights > 0
            line = own[there] @ alone
            close = np.isclose(line, own[there] @ coef[:, place], atol=1e-8 * (1 + abs(line).max()))
            assert close.all()


def test_what_no_proof_settles_is_settled_by_linear_programs(monkeypatch):
    monkeypatch.setattr(newton, "LOOKS", ())
    X = np.column_stack([np.ones(8), [1, 2, 3, 4, 5, 6, 7, 8], [0, 1] * 4])
    y = np.array([0, 0, 0, 0, 1, 1, 1, 1.0])
    mixed = np.array([[1] * 8, [1, 1, 1, 1, 0, 0, 1, 1]])
    monkeypatch.setattr(newton, "LIMIT", 3)
    overlapping = np.array([0, 1, 0, 0, 1, 0, 1, 1.0])

    assert [State.SEPARATED] * 2 == fit_batch(batch_of(X, y, mixed)).state.tolist()
    prepared = batch_of(X, overlapping, mixed[:1])
    ended = fit_batch(prepared)
    assert [State.FITTED] == ended.state.tolist()
    alone = fit(X, overlapping, names(X)).coef
    assert np.allclose(alone, prepared.original(ended.coef)[:, 0], atol=1e-9)


def test_an_active_column_is_respected_by_the_single_fit_too(monkeypatch):
    monkeypatch.setattr(newton, "LIMIT", 2)
    chance = np.random.default_rng(4)
    X = np.column_stack([np.ones(30), chance.normal(size=(30, 2))])
    y = chance.integers(0, 2, 30).astype(float)
    active = np.array([[1.0], [0.0], [1.0]])
    prepared = batch_of(X, y, np.ones((1, 30), dtype=int), active=active)
    coef = prepared.original(fit_batch(prepared).coef)[:, 0]

    assert coef[1] == 0
    assert np.allclose(fit(X[:, [0, 2]], y, ("one", "x")).coef, coef[[0, 2]], atol=1e-9)


@pytest.mark.parametrize("far", [20.0, 60.0])
def test_a_step_that_goes_too_far_is_taken_back(far):
    chance = np.random.default_rng(6)
    X = np.column_stack([np.ones(60), chance.normal(size=60)])
    y = (chance.random(60) < 0.4).astype(float)
    prepared = batch_of(X, y, np.ones((1, 60), dtype=int))
    ended = fit_batch(prepared, np.array([0.0, far]))

    assert [State.FITTED] == ended.state.tolist()
    alone = fit(X, y, names(X)).coef
    assert np.allclose(alone, prepared.original(ended.coef)[:, 0], atol=1e-9)
