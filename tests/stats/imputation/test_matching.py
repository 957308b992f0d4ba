"""Donors are the nearest, all alike, whatever the order of the rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.imputation.matching import donors_of


def nearest(known, wanted, donors):
    """Ask every row how far it is."""
    return set(np.argsort(np.abs(known - wanted), kind="stable")[:donors].tolist())


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 8), st.integers(1, 7), st.integers(0, 10_000))
def test_every_donor_is_among_the_nearest(rows, gaps, donors, seed):
    rng = np.random.default_rng(seed)
    known, wanted = rng.standard_normal((3, rows)), 2 * rng.standard_normal((3, gaps))
    got = donors_of(known, wanted, None, rng, donors)

    for chain in range(3):
        for at in range(gaps):
            assert got[chain, at] in nearest(known[chain], wanted[chain, at], donors)


def test_the_five_nearest_are_taken_equally_often():
    rng = np.random.default_rng(1)
    known = np.array([[0.0, 0.1, 0.2, 0.3, 0.4, 5.0, 6.0, 7.0]])
    got = donors_of(known, np.full((1, 20_000), 0.2), None, rng)

    # Monte Carlo error of a share of 0.2 in 20,000: 0.0028
    assert np.bincount(got[0], minlength=8) / 20_000 == pytest.approx(
        [0.2] * 5 + [0.0] * 3, abs=0.01
    )


def test_patients_predicted_the_same_are_all_donors():
    # 30 rows with one prediction: the place of a row must not decide
    rng = np.random.default_rng(2)
    got = np.concatenate(
        [donors_of(np.zeros((50, 30)), np.zeros((50, 4)), None, rng).ravel() for _ in range(150)]
    )

    # Monte Carlo error of a share of 1/30 in 30,000: 0.0010
    assert np.bincount(got, minlength=30) / len(got) == pytest.approx(1 / 30, abs=0.005)


def test_weights_count_a_row_as_often_as_it_stands_for():
    rng = np.random.default_rng(3)
    known = np.array([[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]])
    weights = np.array([[1.0, 0.0, 2.0, 0.0, 1.0, 3.0, 9.0]])
    got = donors_of(known, np.full((1, 20_000), 0.19), weights, rng)

    # nearest first: 0.2 twice, 0.0, 0.4, then one of the three at 0.5
    assert np.bincount(got[0], minlength=7) / 20_000 == pytest.approx(
        [0.2, 0, 0.4, 0, 0.2, 0.2, 0], abs=0.012
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(0, 10_000))
def test_a_row_of_weight_nothing_is_no_donor(rows, seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 3, (4, rows)).astype(float)
    weights[:, rng.integers(rows)] = 1
    got = donors_of(rng.standard_normal((4, rows)), rng.standard_normal((4, 6)), weights, rng)

    assert (np.take_along_axis(weights, got, axis=1) > 0).all()


def test_weights_of_one_change_nothing():
    known = np.random.default_rng(4).standard_normal((5, 20))
    wanted = np.random.default_rng(5).standard_normal((5, 7))
    plain = donors_of(known, wanted, None, np.random.default_rng(6))
    ones = donors_of(known, wanted, np.ones((5, 20)), np.random.default_rng(6))

    assert plain.tolist() == ones.tolist()
