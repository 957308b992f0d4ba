import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_expit

from avidity.stats.logistic import fit
from avidity.stats.points.line import lines
from avidity.stats.separation import SeparatedError

PATIENTS = st.lists(
    st.tuples(st.integers(-4, 9), st.integers(0, 1), st.integers(0, 3)), min_size=4, max_size=30
)


@settings(max_examples=60, deadline=None)
@given(PATIENTS, st.floats(0.001, 1000), st.floats(-1e4, 1e4))
def test_each_line_equals_the_fit_of_a_logistic_model(patients, scale, shift):
    score, y, times = np.array(patients, dtype=float).T
    score, y, times = np.append(score, [0, 1]), np.append(y, [0, 1]), np.append(times, [1, 1])
    score = score * scale + shift
    got = lines(np.array([score, -score]), y, times)
    # The other fit has its column near zero: far away it loses digits that the lines keep.
    X = np.column_stack([np.ones(len(score)), score - score[0]])

    try:
        expected = fit(X, y, ("intercept", "score"), times)
    except SeparatedError:
        assert got.separates.all()
        assert np.isinf(got.slope).all()
        assert np.sign(got.slope[0]) == -np.sign(got.slope[1])
        # so steep that only patients at the value where both groups meet are uncertain
        cut = score[(y == 1) & (times > 0)]
        cut = cut.min() if got.slope[0] > 0 else cut.max()
        odds = np.sign(got.slope[0]) * np.sign(score - cut) * 700.0
        here = (score == cut) & (times > 0)
        share = np.average(y[here], weights=times[here])
        odds[here] = np.log(share / (1 - share)) if 0 < share < 1 else 700.0 * (2 * share - 1)
        lost = -2 * times @ log_expit((2 * y - 1) * odds)
        assert got.deviance == pytest.approx([lost, lost], abs=1e-8)
    else:
        assert not got.separates.any()
        slopes = got.slope * np.ptp(score) * [1, -1]
        assert slopes == pytest.approx(expected.coef[[1, 1]] * np.ptp(score), rel=1e-8, abs=1e-7)
        line = got.intercept[0] + got.slope[0] * score
        assert line == pytest.approx(expected.linear_predictor(X), abs=1e-7)
        assert got.deviance == pytest.approx([expected.deviance] * 2, rel=1e-9)


def test_a_score_that_never_varies_has_no_slope():
    y = np.array([0.0, 0.0, 0.0, 1.0])

    got = lines(np.full((1, 4), 7.0), y, np.ones(4))

    assert got.slope.tolist() == [0.0]
    assert got.intercept == pytest.approx([np.log(1 / 3)], rel=1e-12)
    assert not got.separates[0]


def test_many_lines_at_once_do_not_feel_each_other():
    chance = np.random.default_rng(0)
    score, y = chance.normal(size=(40, 60)), (chance.random(60) < 0.4).astype(float)
    score[3] = y  # separates
    weights = chance.integers(0, 3, (40, 60)).astype(float)

    together = lines(score, y, weights)

    for at in range(40):
        alone = lines(score[at : at + 1], y, weights[at : at + 1])
        assert together.slope[at] == pytest.approx(alone.slope[0], rel=1e-12)
        assert together.deviance[at] == pytest.approx(alone.deviance[0], rel=1e-12, abs=1e-12)
    assert [3] == np.flatnonzero(together.separates).tolist()
