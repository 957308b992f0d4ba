import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.batched.auc import in_order, weighted_auc
from avidity.stats.goodness_of_fit import mean_difference
from avidity.stats.resampling import bootstrap
from avidity.stats.roc import roc


@given(st.integers(2, 30), st.integers(1, 12), st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_areas_are_those_of_one_score_at_a_time(n, different, seed):
    chance = np.random.default_rng(seed)
    y = chance.integers(0, 2, n)
    score = chance.integers(0, different, (8, n)).astype(float)
    drawn = bootstrap(n, 8, seed)
    weights = drawn.weights
    own = weighted_auc(score, weights * y, weights * (1 - y))
    everyone = weighted_auc(score, y, 1 - y)

    for place in range(8):
        rows = drawn.rows(place)
        for found, at in ((own[place], rows), (everyone[place], np.arange(n))):
            try:
                expected = roc(score[place][at], y[at]).auc
            except AnalysisError:
                assert np.isnan(found)
            else:
                assert expected == found  # to the last bit: sums of whole numbers


def test_scores_that_agree_to_the_decimals_are_tied():
    score = np.array([[0.1 + 0.2, 0.3, 0.5]])  # 0.1 + 0.2 is a little more than 0.3
    case, control = np.array([0, 1, 0]), np.array([1, 0, 1])

    assert 0.25 == in_order(score, 8).auc(case, control)[0]
    assert 0.0 == in_order(score).auc(case, control)[0]


@given(st.integers(2, 20), st.integers(0, 999))
@settings(max_examples=20, deadline=None)
def test_mean_differences_are_those_of_the_rows_themselves(n, seed):
    score = np.random.default_rng(seed).normal(size=(5, n)).round(1)
    drawn = bootstrap(n, 5, seed)
    found = in_order(score).mean_difference(drawn.weights)

    for place in range(5):
        expected = mean_difference(score[place][drawn.rows(place)])
        assert np.isclose(expected, found[place], rtol=1e-12, atol=1e-12)
