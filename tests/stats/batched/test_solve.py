import numpy as np
import pytest

from avidity.stats.batched.solve import LOST, MANY, factor


def matrices(size, p, seed=1):
    half = np.random.default_rng(seed).normal(size=(size, p + 2, p))
    return (half.transpose(0, 2, 1) @ half).transpose(1, 2, 0)


@pytest.mark.parametrize("size", [1, 3, MANY - 1, MANY, 2 * MANY])
@pytest.mark.parametrize("p", [1, 2, 5])
def test_systems_are_solved_as_one_by_one(size, p):
    given = matrices(size, p)
    right = np.random.default_rng(2).normal(size=(p, size))
    factored = factor(given)
    by_one = np.linalg.inv(given.transpose(2, 0, 1)).transpose(1, 2, 0)

    assert np.allclose(np.einsum("ijb,jb->ib", given, factored.solve(right)), right, atol=1e-9)
    assert np.allclose(by_one, factored.inverse(), rtol=1e-7, atol=1e-9)
    determinant = np.linalg.det(given.transpose(2, 0, 1))
    assert np.allclose(np.log(determinant) / 2, factored.half_log_determinant())
    wide = np.stack([right, 2 * right], axis=1)
    assert np.allclose(factored.solve(wide)[:, 1], 2 * factored.solve(right))


@pytest.mark.parametrize("size", [3, 2 * MANY])
def test_a_lost_pivot_is_told_and_harms_no_other(size):
    given = matrices(size, 3)
    given[2, :, 1] = given[1, :, 1]
    given[:, 2, 1] = given[:, 1, 1]
    given[:, :, 2] = 0.0
    factored = factor(given)
    found = factored.least <= LOST

    assert [1, 2] == np.flatnonzero(found).tolist()
    right = np.ones((3, size))
    alone = np.linalg.solve(given[:, :, 0], right[:, 0])
    assert np.allclose(alone, factored.solve(right)[:, 0])
    assert factored.pick(~found).lower.shape == (3, 3, size - 2)
