"""Draws between two ends follow the cut normal distribution."""

import numpy as np
import pytest
from scipy.stats import kstest, truncnorm

from avidity.stats.imputation.interval_draw import draw_between


@pytest.mark.parametrize(
    ("low", "high"),
    [(-np.inf, 0.5), (-np.inf, -4.0), (2.0, np.inf), (-0.3, 0.2), (3.0, 3.5), (30.0, np.inf)],
)
def test_draws_follow_the_cut_normal(low, high):
    rng = np.random.default_rng(1)
    got = draw_between(np.full((4000, 1), 0.2), np.full(4000, 1.5), *np.array([[low], [high]]), rng)
    told = truncnorm((low - 0.2) / 1.5, (high - 0.2) / 1.5, loc=0.2, scale=1.5)

    assert ((got >= low) & (got <= high)).all()
    assert kstest(got[:, 0], told.cdf).pvalue > 0.001


def test_no_deviation_stays_inside_the_ends():
    rng = np.random.default_rng(2)
    got = draw_between(np.full((3, 1), 5.0), np.zeros(3), *np.array([[-np.inf], [1.0]]), rng)

    assert got == pytest.approx(1.0)
