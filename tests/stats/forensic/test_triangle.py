"""Odds ratio, interval and p: whether they can belong together."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from avidity.errors import AnalysisError
from avidity.stats.forensic.triangle import triangle
from avidity.stats.rounded import rounded


def printed(*texts, **more):
    return triangle(*(rounded(text) for text in texts), **more)


@pytest.mark.parametrize(
    ("row", "p"),
    [
        # Bel Lakhdar et al. 2024, Table 2; p from the interval with R 4.2.2
        (("6.502", "1.832", "23.080", "0.004"), 0.003773),
        (("6.666", "1.962", "22.641", "0.002"), 0.002363),
        (("22.553", "5.099", "99.752", "0.000"), 4.0e-05),
    ],
)
def test_the_seeds_triangles_close(row, p):
    found = printed(*row)

    assert (True, True, True) == (found.inside, found.symmetric, found.reproduces)
    assert found.p[0] <= p * 1.01
    assert p * 0.99 <= found.p[1]


@given(
    st.floats(-3, 3), st.floats(0.05, 1.0), st.integers(2, 3), st.sampled_from([0.9, 0.95, 0.99])
)
def test_no_walds_triangle_is_ever_called_broken(beta, se, decimals, level):
    z = norm.isf((1 - level) / 2)
    texts = [f"{exp(beta + k * z * se):.{decimals}f}" for k in (0, -1, 1)]
    p = f"{2 * norm.sf(abs(beta) / se):.3f}"
    found = printed(*texts, p, level=level)

    assert found.inside
    assert found.symmetric is not False
    assert found.reproduces is not False
    if found.beta:
        assert found.beta[0] - 1e-9 <= beta <= found.beta[1] + 1e-9
        assert found.se[0] - 1e-9 <= se <= found.se[1] + 1e-9


def test_a_profile_interval_is_seen_to_be_asymmetric():
    # the seed's model, profile likelihood (R: confint): 1.955 to 25.63 around 6.502
    assert printed("6.502", "1.955", "25.63").symmetric is False


def test_an_estimate_outside_its_interval():
    assert not printed("0.9", "1.1", "2.0").inside


def test_a_90_percent_interval_explains_a_p_that_does_not_fit():
    z = norm.isf(0.05)
    beta, se = 0.7, 0.4
    texts = [f"{exp(beta + k * z * se):.4f}" for k in (0, -1, 1)]
    found = printed(*texts, f"{2 * norm.sf(beta / se):.4f}")

    assert (False, (0.90,)) == (found.reproduces, found.levels)


def test_an_end_that_prints_as_zero_is_left_open():
    found = printed("0.05", "0.00", "0.94", "0.045")

    assert (True, None, None) == (found.inside, found.symmetric, found.p)


def test_what_is_no_interval_of_a_ratio_is_refused():
    with pytest.raises(AnalysisError, match="negative"):
        printed("-0.5", "1.0", "2.0")
    with pytest.raises(AnalysisError, match="wrong way round"):
        printed("1.5", "3.0", "2.0")
