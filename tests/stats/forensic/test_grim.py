"""Printed means that whole numbers can and cannot have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.forensic.grim import grim
from avidity.stats.rounded import rounded


def nearest(result, decimals):
    return [f"{float(one):.{decimals}f}" for one in result.nearest]


def test_the_published_cases_of_means_in_28_14_50_and_20_people():
    # tests of rsprite2 (GRIM_test): 5.19/28, 5.18/14 with two items, 5.83/50, 5.2/20
    assert not grim(rounded("5.19"), 28).possible
    assert ["5.18"] == nearest(grim(rounded("5.19"), 28), 2)
    assert grim(rounded("5.18"), 14, items=2).possible
    assert ["5.82", "5.84"] == nearest(grim(rounded("5.83"), 50), 2)
    assert ["5.15", "5.20", "5.25"] == nearest(grim(rounded("5.2"), 20), 2)
    assert (103, 105) == grim(rounded("5.2"), 20).sums


@pytest.mark.parametrize(
    ("mean", "n"),
    [
        *[("4.74", 25), ("5.23", 29), ("2.57", 24), ("6.77", 27)],
        *[("7.01", 29), ("3.14", 27), ("6.89", 31), ("0.24", 28)],
    ],
)
def test_means_that_the_neighbourhood_tables_of_scrutiny_call_impossible(mean, n):
    result = grim(rounded(mean), n)

    assert (False, None) == (result.possible, result.sums)


def test_how_many_printed_means_are_impossible():
    # Brown & Heathers 2017: 1 - n / 10^decimals
    shares = {25: 0.75, 29: 0.71, 24: 0.76, 31: 0.69, 40: 0.60, 200: 0.0}

    assert shares == {n: grim(rounded("3.00"), n).impossible_share for n in shares}


@given(
    st.lists(st.integers(-50, 150), min_size=1, max_size=40),
    st.integers(1, 10),
    st.integers(0, 3),
)
def test_no_mean_of_real_values_is_ever_impossible(values, items, decimals):
    mean = np.mean(values) / items
    printed = rounded(f"{mean:.{decimals}f}")

    result = grim(printed, len(values), items)

    assert result.possible
    assert result.sums[0] <= sum(values) <= result.sums[1]


def test_a_limit_or_nobody_is_refused():
    with pytest.raises(AnalysisError, match="not as a limit"):
        grim(rounded("<0.1"), 10)
    with pytest.raises(AnalysisError, match="at least 1"):
        grim(rounded("5.0"), 0)
