"""Printed SDs that whole numbers can and cannot have, with the published test that misses some."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.forensic.debit import debit
from avidity.stats.forensic.grimmer import Scale, Sums, grimmer
from avidity.stats.forensic.possible_data import possible_data
from avidity.stats.forensic.sd_limits import sd_limits
from avidity.stats.rounded import rounded


def analytic(total, n, sd, decimals=2):
    """Allard's analytic GRIMMER: some whole sum of squares in the interval, its SD prints so,

    its parity is right. It forgets the smallest sum of squares and the gaps below five values.
    """
    half = 0.5 / 10**decimals
    ends = [(n - 1) * edge**2 + total * total / n for edge in (max(0, sd - half), sd + half)]
    for squares in range(ceil(ends[0] - 1e-9), floor(ends[1] + 1e-9) + 1):
        variance = (squares - total * total / n) / (n - 1)
        printed = sqrt(max(0.0, variance))
        close = abs(printed - sd) <= half + 1e-9
        if close and (squares - total) % 2 == 0:
            return True
    return False


def test_the_published_cases():
    # tests of rsprite2 (GRIMMER_test)
    assert grimmer(rounded("5.21"), rounded("1.6"), 28).possible
    assert not grimmer(rounded("3.44"), rounded("2.47"), 18).possible
    for sd in ("1.2339", "1.2345", "1.234"):
        assert grimmer(rounded("3.33"), rounded(sd), 250).possible


def test_a_grid_has_the_counted_consistent_points_and_the_analytic_test_misses_31():
    # n 3 to 12, the means k/n of one unit at two decimals, SD 0.00 to 3.00; counts by exhaustive
    # enumeration in R 4.2.2. Misses are counted above SD 0; at 0 the analytic conditions as
    # written here let one more pass (n 8, mean 5.50), all other misses lie above.
    consistent, misses, alarms = [], [], 0
    for n in range(3, 13):
        true = told = missed = 0
        for k in range(n):
            total = 5 * n + k
            mean = (Decimal(total) / n).quantize(Decimal("0.01"), ROUND_HALF_UP)
            for step in range(301):
                sd = f"{step / 100:.2f}"
                exact = bool(grimmer(rounded(str(mean)), rounded(sd), n).possible)
                loose = analytic(total, n, step / 100)
                true, told = true + exact, told + loose
                missed += loose and not exact and step > 0
                alarms += exact and not loose
        consistent.append(true)
        misses.append(missed)

    assert [20, 53, 91, 135, 190, 251, 325, 403, 492, 591] == consistent
    assert [8, 3, 0, 0, 0, 0, 2, 5, 6, 7] == misses
    assert 0 == alarms


@pytest.mark.parametrize(
    ("n", "mean", "sd"), [(3, "5.00", "1.41"), (4, "5.50", "1.53"), (9, "5.44", "0.17")]
)
def test_impossible_sds_that_the_analytic_test_lets_pass(n, mean, sd):
    assert not grimmer(rounded(mean), rounded(sd), n).possible


@pytest.mark.parametrize(
    ("mean", "sd", "n", "sums"),
    [
        ("53.06", "14.128", 32, Sums(1698, 96_288)),
        ("44.43", "13.088", 58, Sums(2577, 124_263)),
        ("40.688", "22.4979", 32, Sums(1302, 68_666)),
        ("19.914", "13.1913", 58, Sums(1155, 32_919)),
    ],
)
def test_bel_lakhdars_printed_moments_leave_one_sum_and_one_sum_of_squares(mean, sd, n, sums):
    assert sums == grimmer(rounded(mean), rounded(sd), n).unique


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 90), min_size=2, max_size=30),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)
def test_no_sd_of_real_values_is_ever_impossible(values, decimals, sample, ranged):
    mean, sd = np.mean(values), np.std(values, ddof=1 if sample else 0)
    ends = (min(values), max(values)) if ranged else (None, None)
    scale = Scale(low=ends[0], high=ends[1], sample=sample)
    prints = [rounded(f"{one:.{decimals}f}") for one in (mean, sd)]

    result = grimmer(*prints, len(values), scale, most=40)

    assert result.possible
    if result.complete:
        assert Sums(sum(values), sum(x * x for x in values)) in result.sums


def test_an_impossible_sd_names_the_possible_ones_on_both_sides():
    low, high = grimmer(rounded("3.44"), rounded("2.47"), 18).nearest

    assert low < 2.465
    assert high > 2.475


def test_debit_on_the_published_cases():
    # Heathers & Brown 2019, as in scrutiny's tests: n 1683
    prints = [
        *[(".53", ".50"), (".44", ".50"), (".77", ".42"), (".19", ".35")],
        *[(".34", ".47"), (".93", ".25"), (".12", ".33")],
    ]
    told = [debit(rounded(mean), rounded(sd), 1683).possible for mean, sd in prints]

    assert [True, True, True, False, True, True, True] == told


def test_the_limits_of_an_sd():
    # tests of rsprite2 (SD limits): n 5, mean 4.2, range 1 to 7, one and two items
    for items, ends in ((1, ("0.45", "3.03")), (2, ("0.27", "3.03"))):
        limits = sd_limits(rounded("4.20"), 5, Scale(items, 1, 7))
        assert ends == (f"{limits.low:.2f}", f"{limits.high:.2f}")
    assert sd_limits(rounded("8.00"), 5, Scale(low=1, high=7)) is None


def test_all_data_behind_a_mean_and_an_sd_are_nine():
    # R 4.2.2, complete enumeration; sampling by SPRITE finds the same nine
    found = possible_data(rounded("2.20"), rounded("1.32"), 20, Scale(low=1, high=5))

    assert (9, True) == (len(found.tables), found.complete)
    for table in found.tables:
        data = np.repeat(found.values, table)
        assert ("2.20", "1.32") == (f"{data.mean():.2f}", f"{data.std(ddof=1):.2f}")


def test_a_cut_list_says_so():
    found = possible_data(rounded("2.20"), rounded("1.32"), 20, Scale(low=1, high=5), most_tables=4)

    assert (4, False) == (len(found.tables), found.complete)


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(AnalysisError, match="n of 2 or more"):
        grimmer(rounded("5"), rounded("0"), 1)
    with pytest.raises(AnalysisError, match="both ends"):
        possible_data(rounded("5"), rounded("1"), 10, Scale())
    with pytest.raises(AnalysisError, match="holds no possible value"):
        grimmer(rounded("5"), rounded("1"), 10, Scale(low=Fraction(11, 10), high=Fraction(12, 10)))
