import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.loess import loess, lowess


def test_loess_matches_r(birthwt):
    # R 4.2.2: p <- fitted(glm(..., epsilon = 1e-14)); predict(loess(low ~ p), grid)
    X, y, _, fitted = birthwt
    curve = loess(fitted.risk(X), y)

    grid = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8]
    expected = [
        *(-0.00128583828042, 0.09646116094163, 0.22582946844107, 0.30004629403278),
        *(0.48690638272657, 0.68397983346302, 0.75965941582817),
    ]
    assert curve.at(grid) == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_loess_matches_r_where_many_values_are_tied():
    # R 4.2.2: x <- c(0, .1, .1, .1, .1, .1, .1, .2, .2, .3, .4, .5, .5, .5, .5, .6, .7, .7, .7, .9)
    # y <- c(0,0,1,0,0,1,0,0,1,0,1,0,1,1,0,1,1,0,1,1); print(predict(loess(y ~ x)), digits = 12)
    x = [0, *[0.1] * 6, 0.2, 0.2, 0.3, 0.4, *[0.5] * 4, 0.6, *[0.7] * 3, 0.9]
    y = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]
    got = loess(x, y).at(np.unique(x))

    assert got == pytest.approx(
        [
            *(0.05366196404108, 0.31297554890927, 0.41223090712822, 0.45738331825234),
            *(0.53466173534007, 0.61611087661384, 0.66887261821926, 0.74907886082832),
            0.95478709863425,
        ],
        rel=1e-9,
    )


def test_lowess_matches_r():
    # R 4.2.2: lowess(x, y, iter = 0)$y for the same points
    x = [0, *[0.1] * 6, 0.2, 0.2, 0.3, 0.4, *[0.5] * 4, 0.6, *[0.7] * 3, 0.9]
    y = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]
    rising, got = lowess(x, y)

    assert sorted(x) == rising.tolist()
    assert got[np.unique(rising, return_index=True)[1]] == pytest.approx(
        [
            *(0.1893158988851, 0.2958830212405, 0.3851094321726, 0.4808411214953),
            *(0.5075205809465, 0.5936961325676, 0.6659159665461, 0.7510215224533),
            0.9197837245932,
        ],
        rel=1e-9,
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2))
def test_loess_draws_a_parabola_and_lowess_a_line_as_they_are(seed, a, b, c):
    x = np.random.default_rng(seed).uniform(-1, 1, 60)
    parabola, line = a + b * x + c * x**2, a + b * x

    # between vertices the curve is a cubic with the right ends and slopes: a parabola is one
    assert loess(x, parabola).at(x) == pytest.approx(parabola, abs=1e-8)
    rising, got = lowess(x, line)
    assert got == pytest.approx(a + b * rising, abs=1e-8)


def test_many_points_need_few_fits():
    x = np.linspace(0, 1, 20_000)
    assert len(loess(x, x**2).vertex) <= 17
    assert lowess(x, x)[1] == pytest.approx(x, abs=1e-9)


def test_too_few_different_values_are_refused():
    with pytest.raises(AnalysisError, match="fewer than three"):
        loess([0.1, 0.2] * 20, [0, 1] * 20)
    with pytest.raises(AnalysisError, match="fewer than three"):
        loess([0.3] * 20, [0, 1] * 10)


def test_one_value_alone_is_smoothed_to_its_mean():
    assert lowess([2.0, 2.0, 2.0, 2.0], [0, 1, 1, 1])[1].tolist() == [0.75] * 4


def test_bad_points_and_places_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        loess([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="finite"):
        lowess([1.0, np.nan], [0, 1])
    with pytest.raises(ValueError, match="span"):
        loess(range(20), range(20), span=1.5)
    with pytest.raises(ValueError, match="from 0 to 19 alone"):
        loess(range(20), range(20)).at([19.5])
