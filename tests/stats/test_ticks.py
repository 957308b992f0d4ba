import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.stats.ticks import ticks


@pytest.mark.parametrize(
    ("low", "high", "labelled"),
    [
        (14, 45, [20, 30, 40]),
        (80, 260, [100, 150, 200, 250]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.02, 0.37, [0.1, 0.2, 0.3]),
        (-3, 1e4, [0, 5000, 10000]),
        (1e-7, 5e-7, [1e-7, 2e-7, 3e-7, 4e-7, 5e-7]),
    ],
)
def test_the_labelled_ticks_are_the_roundest(low, high, labelled):
    assert labelled == [tick.value for tick in ticks(low, high) if tick.rank == 0]


@settings(max_examples=60, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_are_few_inside_and_evenly_spaced(low, length, about):
    high = low + length
    assume(low < high)
    got = ticks(low, high, about)
    values = np.array([tick.value for tick in got])
    coarse = values[[tick.rank == 0 for tick in got]]

    assert len(coarse) <= about + 1
    assert len(values) <= 10 * (about + 2)
    assert (values >= low - 1e-6 * length).all()
    assert (values <= high + 1e-6 * length).all()
    for each in (values, coarse):
        if len(each) > 2:
            steps = np.diff(each)
            assert steps == pytest.approx(np.full(len(steps), steps[0]), rel=1e-3)


def test_a_tick_is_the_number_it_looks_like():
    assert "0.3" in {str(tick.value) for tick in ticks(0, 1)}
    assert "0.0007" in {str(tick.value) for tick in ticks(0, 0.001)}


def test_a_scale_that_does_not_rise_is_refused():
    for low, high, about in ((1, 1, 5), (2, 1, 5), (0, 1, 1)):
        with pytest.raises(ValueError, match="must rise"):
            ticks(low, high, about)
