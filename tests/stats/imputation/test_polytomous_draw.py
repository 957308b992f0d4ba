"""Chances of the levels: near the joint fit, and right where a level is hardly there."""

import numpy as np
import pytest
import statsmodels.api as sm

from avidity.stats.imputation.polytomous_draw import commonest, draw_categories, pick


def made(seed, n):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    line = np.column_stack([np.zeros(n), 0.8 * x - 0.3, -0.9 * x - 0.5])
    chance = np.exp(line) / np.exp(line).sum(axis=1, keepdims=True)
    codes = (chance.cumsum(axis=1)[:, :-1] <= rng.random((n, 1))).sum(axis=1)
    return np.column_stack([np.ones(n), x]), codes, rng


def test_chances_are_near_those_of_the_joint_fit():
    X, codes, rng = made(1, 600)
    joint = np.asarray(sm.MNLogit(codes, X).fit(disp=0).predict(X[:50]))
    chains = np.tile(X, (400, 1, 1))
    got = draw_categories((chains, chains[:, :50]), codes, np.ones((400, 600)), 3, rng)

    assert got.chance.sum(axis=0) == pytest.approx(1)
    # coefficients are drawn: the mean over 400 draws comes near, not nearer than their curvature
    assert got.chance.mean(axis=1).T == pytest.approx(joint, abs=0.02)
    assert not got.separated.any()


def test_a_level_of_one_patient_is_not_imputed_often():
    X, codes, rng = made(2, 90)
    codes[codes == 2] = 0
    codes[7] = 2
    chains = np.tile(X, (200, 1, 1))
    got = draw_categories((chains, chains[:, :30]), codes, np.ones((200, 90)), 3, rng)

    assert got.chance[2].mean() == pytest.approx(1 / 90, abs=0.02)


def test_levels_a_resample_lacks_keep_out():
    X, codes, rng = made(3, 60)
    weights = np.stack([codes != 1, codes != commonest(codes, 3), np.ones(60)]).astype(float)
    chains = np.tile(X, (3, 1, 1))
    got = draw_categories((chains, chains[:, :5]), codes, weights, 4, rng)

    assert (got.chance[1, 0] == 0).all()
    assert (got.chance[commonest(codes, 3), 1] == 0).all()
    assert (got.chance[3] == 0).all()
    assert np.isfinite(got.chance).all()


def test_levels_are_picked_by_their_chances():
    chance = np.tile(np.array([0.5, 0.2, 0.0, 0.3])[:, np.newaxis, np.newaxis], (1, 1, 20_000))
    got = pick(chance, np.random.default_rng(4))

    assert np.bincount(got[0].astype(int), minlength=4) / 20_000 == pytest.approx(
        [0.5, 0.2, 0, 0.3], abs=0.012
    )
