import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from avidity.stats.batched.chunks import in_chunks, spread
from avidity.stats.batched.optimism import optimism
from avidity.stats.batched.performance import MEASURES
from avidity.stats.resampling import bootstrap


def made():
    chance = np.random.default_rng(8)
    X = np.column_stack([np.ones(90), chance.normal(50, 15, 90), chance.integers(0, 2, (90, 2))])
    line = 0.05 * (X[:, 1] - 50) + X[:, 2] - 1
    return X, (chance.random(90) < 1 / (1 + np.exp(-line))).astype(float)


def validated(executor=None):
    X, y = made()
    drawn = bootstrap(90, 700, seed=4)
    return optimism(X, y, ("one", "age", "a", "b"), drawn, executor=executor)


def assert_the_same(executor):
    here, there = validated(), validated(executor)

    assert here.tally == there.tally
    assert here.measures == there.measures
    for measure in MEASURES:
        own, other = (getattr(found.replicates.tested, measure) for found in (here, there))
        assert np.array_equal(own, other, equal_nan=True)


def test_chunks_hold_every_resample_once_and_in_order():
    weights = np.arange(100 * 900).reshape(100, 900)
    parts = in_chunks(lambda chunk: chunk, weights)

    assert len(parts) > 1
    assert np.concatenate(parts).tolist() == weights.tolist()


def test_tasks_come_back_in_their_order():
    with ThreadPoolExecutor(3) as executor:
        assert [1, 4, 9] == spread(lambda task: task**2, [1, 2, 3], executor)


def test_threads_give_the_same_numbers():
    with ThreadPoolExecutor(2) as executor:
        assert_the_same(executor)


def test_processes_give_the_same_numbers():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        assert_the_same(executor)


@pytest.mark.filterwarnings("default")  # what a cluster warns of is not ours
def test_a_cluster_gives_the_same_numbers():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert_the_same(client.get_executor())
