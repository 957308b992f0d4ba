import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.resampling import (
    bootstrap,
    from_indices,
    from_weights,
    k_fold,
    portable_bootstrap,
)

SIZES = st.integers(1, 40)


def park_miller_by_hand(n, r):
    """K73's recipe, one number after the other."""
    state, drawn = 1000 + r, []
    for _ in range(n):
        state = 16807 * state % 2147483647
        drawn.append(n * state // 2147483647)
    return drawn


def test_the_portable_bootstrap_starts_as_it_does_in_r():
    # K73: r = 1 starts (counted from 1) 2, 127, 69, 21, 57, 34, 18, 103, 185, 119
    start = [place + 1 for place in park_miller_by_hand(189, 1)[:10]]
    drawn = portable_bootstrap(189, 10)

    assert [2, 127, 69, 21, 57, 34, 18, 103, 185, 119] == start
    assert 121 == (drawn.weights[0] > 0).sum()
    assert 119 == (drawn.weights[9] > 0).sum()  # K74


@given(SIZES, st.integers(1, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_portable_bootstrap_follows_its_recipe(n, r):
    weights = portable_bootstrap(n, 2, first=r).weights

    for place in range(2):
        by_hand = np.bincount(park_miller_by_hand(n, r + place), minlength=n)
        assert by_hand.tolist() == weights[place].tolist()


@given(SIZES, st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_a_bootstrap_draws_as_many_as_there_are(n, seed):
    drawn = bootstrap(n, 7, seed)

    assert (7, n) == drawn.weights.shape
    assert (drawn.weights.sum(axis=1) == n).all()
    assert drawn.weights[:3].tolist() == bootstrap(n, 3, seed).weights.tolist()
    assert len(drawn) == 7
    assert drawn.n == n


def test_patients_are_drawn_alike():
    counts = bootstrap(10, 20_000, seed=3).weights
    # mean 1, variance 1 - 1/n; Monte Carlo error of the mean 0.0067
    assert np.allclose(counts.mean(axis=0), 1, atol=4 * 0.0067)
    assert np.isclose(counts.var(), 0.9, rtol=0.02)


def test_strata_keep_their_sizes():
    label = np.array(["case"] * 4 + ["control"] * 9)
    drawn = bootstrap(13, 50, seed=1, strata=label)

    assert (drawn.weights[:, :4].sum(axis=1) == 4).all()
    assert (drawn.weights[:, 4:].sum(axis=1) == 9).all()
    assert drawn.weights[:5].tolist() == bootstrap(13, 5, 1, label).weights.tolist()
    assert "within strata" in drawn.method


@given(st.integers(4, 40), st.integers(2, 4), st.integers(1, 3), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_each_patient_is_held_out_once_a_round(n, folds, rounds, seed):
    plan = k_fold(n, folds, seed, rounds)

    assert (rounds * folds, n) == plan.weights.shape
    held = plan.out_of_bag.reshape(rounds, folds, n)
    assert (held.sum(axis=1) == 1).all()
    assert np.ptp(held.sum(axis=2)) <= 1


def test_folds_share_the_strata_out():
    outcome = np.repeat([1, 0], [13, 27])
    held = k_fold(40, 5, seed=2, rounds=3, strata=outcome).out_of_bag

    assert set((held & (outcome == 1)).sum(axis=1).tolist()) <= {2, 3}
    assert set(held.sum(axis=1).tolist()) == {8}
    one, other = held.reshape(3, 5, 40)[:2]
    assert one.tolist() != other.tolist()


def test_weights_and_indices_say_the_same():
    drawn = bootstrap(12, 6, seed=5)
    indices = np.array([drawn.rows(place) for place in range(6)])

    assert drawn.weights.tolist() == from_indices(indices, 12).weights.tolist()
    assert drawn.weights.tolist() == from_weights(drawn.weights, "replayed").weights.tolist()


def test_resamples_are_closed_for_writing():
    for drawn in (bootstrap(5, 2, 1), portable_bootstrap(5, 2), k_fold(5, 2, 1)):
        with pytest.raises(ValueError, match="read-only"):
            drawn.weights[0, 0] = 9


@pytest.mark.parametrize("call", [lambda: bootstrap(0, 5, 1), lambda: portable_bootstrap(5, 0)])
def test_nothing_to_draw_is_refused(call):
    with pytest.raises(AnalysisError, match="nothing to draw"):
        call()


@pytest.mark.parametrize("folds", [1, 6])
def test_folds_must_be_possible(folds):
    with pytest.raises(AnalysisError, match="parted into 2 to 5 folds"):
        k_fold(5, folds, seed=1)


def test_strata_of_other_patients_are_refused():
    with pytest.raises(ValueError, match="strata must have shape"):
        bootstrap(5, 2, 1, strata=[1, 2])


@pytest.mark.parametrize("weights", [[1, 2], [[0.5, 1]], [[-1, 2]], [[0, 0]], [[]]])
def test_weights_that_are_no_counts_are_refused(weights):
    with pytest.raises(ValueError, match="weights must"):
        from_weights(weights)


@pytest.mark.parametrize("indices", [[1, 2], [[0.5, 1]], [[-1, 2]], [[0, 3]]])
def test_indices_of_nobody_are_refused(indices):
    with pytest.raises(ValueError, match="indices must"):
        from_indices(indices, 3)
