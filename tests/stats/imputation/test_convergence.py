"""The one number beside the traces."""

from math import inf

import numpy as np
import pytest

from avidity.stats.imputation.convergence import r_hat


def by_the_paper(course):
    """Gelman & Rubin 1992: W, B and the pooled variance, chain by chain."""
    later = course[len(course) // 2 :]
    length, chains = later.shape
    means = [sum(later[:, at]) / length for at in range(chains)]
    W = (
        sum(sum((x - means[at]) ** 2 for x in later[:, at]) / (length - 1) for at in range(chains))
        / chains
    )
    grand = sum(means) / chains
    B = length * sum((mean - grand) ** 2 for mean in means) / (chains - 1)
    return (((length - 1) / length * W + B / length) / W) ** 0.5


def test_r_hat_is_that_of_the_paper():
    course = np.random.default_rng(1).standard_normal((11, 4)).cumsum(axis=0)

    assert r_hat(course) == pytest.approx(by_the_paper(course), rel=1e-12)


def test_chains_that_mix_are_near_one_and_chains_apart_are_not():
    course = np.random.default_rng(2).standard_normal((20, 20))

    assert r_hat(course) == pytest.approx(1, abs=0.1)
    assert r_hat(course + np.arange(20)) > 2


def test_where_nothing_moves_there_is_nothing_to_say():
    assert r_hat(np.ones((10, 3))) is None
    assert r_hat(np.tile([1.0, 2.0], (10, 1))) == inf
    assert r_hat(np.ones((10, 1))) is None
    assert r_hat(np.random.default_rng(3).random((4, 5))) is None
