import numpy as np
import pytest

from avidity.stats.batched.design import batch, patterns, product, summed


def made(seed=1, varying=True):
    chance = np.random.default_rng(seed)
    X = np.column_stack([np.ones(9), chance.normal(2000, 3, (9, 2)), np.zeros((9, 2))])
    changing = {at: chance.normal(size=(9, 4)) for at in (3, 4)} if varying else None
    active = np.ones((5, 4))
    active[2, 1] = active[3, 2] = 0
    trials = chance.integers(0, 4, (9, 4)).astype(float)
    if not varying:
        X[:, 3:] = chance.integers(0, 2, (9, 2))
    return batch(X, trials, trials * 0.5, changing, active), active


def columns_of(prepared, fit):
    X = prepared.X.copy()
    for at, values in prepared.varying.items():
        X[:, at] = values[:, fit]
    return X


@pytest.mark.parametrize("varying", [True, False])
def test_products_are_those_of_one_fit_at_a_time(varying):
    prepared, active = made(varying=varying)
    chance = np.random.default_rng(2)
    coef, spread = chance.normal(size=(5, 4)), chance.random((9, 4))
    matrix = chance.normal(size=(5, 5, 4))
    matrix = matrix + matrix.transpose(1, 0, 2)
    lines, slopes = prepared.line(coef), prepared.slopes(spread)
    information, forms = prepared.information(spread), prepared.quadratic(matrix)

    for fit in range(4):
        X, inside = columns_of(prepared, fit), active[:, fit]
        own = X * inside
        assert np.allclose(X @ coef[:, fit], lines[:, fit])
        assert np.allclose(own.T @ spread[:, fit], slopes[:, fit])
        expected = (own.T * spread[:, fit]) @ own + np.diag(1 - inside)
        assert np.allclose(expected, information[:, :, fit])
        form = np.einsum("gi,ij,gj->g", own, matrix[:, :, fit], own)
        assert np.allclose(form, forms[:, fit])
        for at in range(5):
            column = prepared.column(at)
            assert np.allclose(X[:, at], column[:, fit if column.shape[1] > 1 else 0])


def test_coefficients_go_back_and_forth_between_scales():
    prepared, _ = made()
    coef = np.random.default_rng(3).normal(size=(5, 4))

    assert np.allclose(coef, prepared.original(prepared.scaled(coef)))
    assert np.allclose(prepared.scaled(coef[:, 1]), prepared.scaled(coef)[:, 1])


def test_picked_fits_are_the_same_fits():
    prepared, _ = made()
    some = prepared.pick(np.array([2, 0]))
    spread = np.random.default_rng(4).random((9, 4))

    assert 2 == some.size
    both = prepared.information(spread)[:, :, [2, 0]]
    assert np.allclose(both, some.information(spread[:, [2, 0]]))


def test_patterns_hold_every_patient_once():
    X = np.array([[1.0, 2], [1, 3], [1, 2], [1, 2]])
    different, place = patterns(X)
    weights = np.array([[1.0], [2], [3], [4]])

    assert np.array_equal(X, different[place])
    assert [[8.0], [2.0]] == summed(place, 2, weights).tolist()
    alone, places = patterns(X[:2])
    assert [[1.0], [2.0]] == summed(places, len(alone), weights[:2]).tolist()


@pytest.mark.parametrize("across", [3, 500, 4000])
def test_a_product_cut_up_is_the_same_product(across):
    chance = np.random.default_rng(5)
    left, right = chance.normal(size=(40, 90)), chance.normal(size=(90, across))

    assert np.allclose(left @ right, product(left, right), rtol=1e-12)
