"""Adjusted p values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.multiplicity import benjamini_hochberg, holm

# R 4.2.2: p.adjust(c(.005, .004, 1e-6, .226, .696, 1, .042), "holm" / "BH")
RAW = [0.005, 0.004, 1e-6, 0.226, 0.696, 1, 0.042]


def test_holm_agrees_with_r():
    assert holm(RAW) == pytest.approx([0.025, 0.024, 7e-6, 0.678, 1, 1, 0.168], rel=1e-12)


def test_benjamini_hochberg_agrees_with_r():
    # .011667 is .035 / 3, printed to six decimals
    assert benjamini_hochberg(RAW) == pytest.approx(
        [0.035 / 3, 0.035 / 3, 7e-6, 0.3164, 0.812, 1, 0.0735], rel=1e-12
    )


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=12), data=st.data())
@settings(max_examples=40, deadline=None)
def test_adjusting_never_lowers_p_keeps_the_order_and_follows_a_shuffle(adjust, p, data):
    p = np.array(p)
    adjusted = adjust(p)
    order = data.draw(st.permutations(range(p.size)))

    assert np.all(adjusted >= p * (1 - 1e-15))
    assert np.all(adjusted <= 1)
    assert np.all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0)
    assert adjust(p[order]) == pytest.approx(adjusted[order], rel=1e-15)
    assert np.all(benjamini_hochberg(p) <= holm(p) * (1 + 1e-15))


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_nothing_to_adjust_stays_nothing_and_nonsense_is_refused(adjust):
    assert adjust([]).size == 0
    for wrong in ([0.5, 1.2], [np.nan], [[0.1]]):
        with pytest.raises(AnalysisError, match="between 0 and 1"):
            adjust(wrong)
