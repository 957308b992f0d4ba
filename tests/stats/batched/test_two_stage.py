from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.batched.optimism import optimism
from avidity.stats.batched.two_stage import Stages, two_stage_intervals
from avidity.stats.resampling import bootstrap, from_indices, from_weights


def made():
    chance = np.random.default_rng(3)
    X = np.column_stack([np.ones(70), chance.normal(size=(70, 2))])
    y = (chance.random(70) < 1 / (1 + np.exp(-X @ [-0.5, 1.0, 0.3]))).astype(float)
    return X, y, ("one", "a", "b")


def test_each_outer_resample_is_corrected_like_a_study_of_its_own():
    X, y, names = made()
    outer = bootstrap(70, 6, seed=1)
    found = two_stage_intervals(X, y, names, Stages(outer, 15, seed=7), level=0.8)
    values = []
    for place in range(6):
        rows = outer.rows(place)
        drawn = np.random.default_rng([7, place]).integers(0, 70, (15, 70))
        study = optimism(X[rows], y[rows], names, from_indices(drawn, 70))
        values.append(study.measures["auc"].corrected)

    low, high = np.quantile(values, [0.1, 0.9])
    assert (low, high) == pytest.approx((found["auc"].low, found["auc"].high), abs=1e-9)
    assert 0.8 == found["auc"].level
    assert "two-stage bootstrap" in found["auc"].method
    assert "6 x 15 resamples" in found["auc"].method


def test_threads_give_the_same_intervals():
    X, y, names = made()
    stages = Stages(bootstrap(70, 5, seed=1), 10, seed=2)
    with ThreadPoolExecutor(2) as executor:
        there = two_stage_intervals(X, y, names, stages, executor=executor)

    assert two_stage_intervals(X, y, names, stages) == there


def test_outer_resamples_without_a_model_are_left_out():
    X, y, names = made()
    weights = np.stack([np.ones(70), 2 * y])  # the second holds cases alone
    found = two_stage_intervals(X, y, names, Stages(from_weights(weights), 8, seed=1))

    assert "1 x 8 resamples" in found["auc"].method
    with pytest.raises(AnalysisError, match="no resample has a model"):
        two_stage_intervals(X, y, names, Stages(from_weights(weights[1:]), 8, seed=1))
