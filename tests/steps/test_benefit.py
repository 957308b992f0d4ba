"""Net benefit corrected by the repeated path, against one resample after the other."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.stats.batched.path import whole_path
from avidity.stats.batched.plan import Candidate, Plan, path_data
from avidity.stats.decision_curve import decision_curve, treat_all
from avidity.stats.resampling import bootstrap, from_weights
from avidity.steps.benefit import benefit


def walked(resamples, n=80):
    chance = np.random.default_rng(4)
    age, size = chance.normal(50, 12, n), chance.normal(size=n)
    y = (chance.random(n) < 1 / (1 + np.exp(0.5 - size))).astype(float)
    plan = Plan((Candidate("age"), Candidate("size")))
    drawn = resamples(n)
    return whole_path(plan, path_data({"age": age, "size": size}, y, plan), drawn), y, drawn


def one_after_the_other(found, y, drawn, thresholds):
    """Mean of the net benefit in each resample less that of its model in all patients."""
    gaps = []
    for place, risk in enumerate(found.predictions):
        if np.isnan(risk).any():
            continue
        rows = drawn.rows(place)
        own = decision_curve(risk[rows], y[rows], thresholds).net_benefit
        gaps.append(own - decision_curve(risk, y, thresholds).net_benefit)
    return np.mean(gaps, axis=0)


def test_the_correction_is_that_of_one_resample_at_a_time():
    found, y, drawn = walked(lambda n: bootstrap(n, 25, seed=3))
    got = benefit(found, y, drawn, (0.1, 0.5), 0.95)
    apparent = decision_curve(found.apparent.risk, y, got.thresholds).net_benefit
    expected = apparent - one_after_the_other(found, y, drawn, got.thresholds)

    assert expected == pytest.approx(np.array(got.corrected), abs=1e-12)
    odds = np.array(got.thresholds) / (1 - np.array(got.thresholds))
    everybody = treat_all(y, got.thresholds).net_benefit
    assert 100 * (expected - everybody) / odds == pytest.approx(np.array(got.avoided), abs=1e-9)


def test_resamples_of_another_size_are_weighed_by_their_own():
    # taken from a file, a resample need not hold as many patients as there are
    def some(n):
        weights = bootstrap(n, 25, seed=3).weights.copy()
        weights[:, :20] = 0
        return from_weights(weights)

    found, y, drawn = walked(some)
    got = benefit(found, y, drawn, (0.1, 0.5), 0.95)
    apparent = decision_curve(found.apparent.risk, y, got.thresholds).net_benefit
    expected = apparent - one_after_the_other(found, y, drawn, got.thresholds)

    assert expected == pytest.approx(np.array(got.corrected), abs=1e-12)
