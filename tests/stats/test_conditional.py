"""The free cell of a 2 × 2 table."""

import math

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

from avidity.stats.conditional import BLAKER, MINIMUM_LIKELIHOOD, Conditional, both_ways, odds


def test_the_density_is_fishers_noncentral_hypergeometric():
    family = Conditional.of(7, 17, 15, 5)
    # scipy counts: population, marked, drawn, odds ratio
    reference = nchypergeom_fisher(44, 24, 22, 0.3)

    assert family.density(math.log(0.3)) == pytest.approx(reference.pmf(family.cells), rel=1e-9)
    assert family.at_most(math.log(0.3)) == pytest.approx(reference.cdf(7), rel=1e-9)


def test_mirroring_turns_the_tails():
    family = Conditional.of(7, 17, 15, 5)

    assert family.mirrored().at_most(0.4) == pytest.approx(family.at_least(-0.4), rel=1e-12)
    assert family.mirrored().most_likely() == pytest.approx(-family.most_likely(), rel=1e-12)


@pytest.mark.parametrize("rule", [MINIMUM_LIKELIHOOD, BLAKER])
def test_parts_rise_and_do_not_touch(rule):
    generator = np.random.default_rng(2)
    for _ in range(200):
        a, b, c, d = generator.integers(0, 15, 4).tolist()
        parts = both_ways(Conditional.of(a, b, c, d), rule, 0.05)
        ends = [end for part in parts for end in part]
        assert ends == sorted(ends)
        assert len(set(ends)) == len(ends)


def test_a_region_with_a_gap_is_found():
    # searched for among random tables: the p value dips below 0.05 and comes back
    generator = np.random.default_rng(4)
    gaps = 0
    for _ in range(300):
        a, b, c, d = generator.integers(0, 20, 4).tolist()
        gaps += len(both_ways(Conditional.of(a, b, c, d), MINIMUM_LIKELIHOOD, 0.05)) > 1

    assert gaps > 0


def test_an_odds_ratio_beyond_all_floats_is_infinite():
    assert odds(800.0) == math.inf
    assert odds(-math.inf) == 0.0
    assert odds(0.0) == 1.0
