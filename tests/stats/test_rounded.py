"""Printed numbers as what they stand for."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.stats.rounded import rounded


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 4))
def test_a_number_lies_in_its_print_under_either_rounding(exact, decimals):
    unit = Decimal(1).scaleb(-decimals)
    for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        printed = rounded(format(exact.quantize(unit, rule), "f"))

        assert printed.low <= Fraction(exact) <= printed.high
        assert decimals == printed.decimals


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_two_prints_share_at_most_their_edge(one, other):
    left, right = rounded(f"{one / 1000:.3f}"), rounded(f"{other / 1000:.3f}")
    shared = min(left.high, right.high) - max(left.low, right.low)

    assert (shared > 0) == (one == other)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−1.5", Fraction(-3, 2)),
        ("0,042", Fraction(42, 1000)),
        (".30", Fraction(3, 10)),
        (" 7 ", 7),
    ],
)
def test_other_prints_of_a_number(text, value):
    assert value == rounded(text).value


def test_a_limit_is_no_point():
    small = rounded("<0.001")

    assert ("<", 0, Fraction(1, 1000)) == (small.bound, small.low, small.high)
    assert rounded(">100").holds(1e9)
    assert not rounded(">100").holds(99)


@pytest.mark.parametrize("text", ["", "6.5%", "1.2.3", "about 4", "1,200,000", "NaN", "1e5"])
def test_what_is_no_printed_number_is_refused(text):
    with pytest.raises(ValueError, match="must be a number as printed"):
        rounded(text)
