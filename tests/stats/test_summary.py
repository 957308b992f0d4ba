"""What a column of numbers looks like."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.summary import summarise


def test_birthwt_weight_has_the_upper_quartile_of_r_and_of_spss(columns):
    # R 4.2.2: quantile(birthwt$lwt, .75, type = 7) is 140; type = 6 (SPSS) is 140.5
    lwt = columns("birthwt.csv")["lwt"]

    assert summarise(lwt).upper_quartile == 140
    assert summarise(lwt, quantile_type=6).upper_quartile == 140.5
    assert "type 6" in summarise(lwt, quantile_type=6).method


@given(values=st.lists(st.integers(-9, 9), min_size=1, max_size=40), kind=st.sampled_from([6, 7]))
@settings(max_examples=60, deadline=None)
def test_quartiles_follow_their_definition(values, kind):
    def by_definition(share):
        rising, n = sorted(values), len(values)
        place = share * (n + 1) if kind == 6 else share * (n - 1) + 1
        place = min(max(place, 1), n)
        whole = math.floor(place)
        upper = rising[min(whole, n - 1)]
        return rising[whole - 1] + (place - whole) * (upper - rising[whole - 1])

    got = summarise(values, quantile_type=kind)

    assert got.lower_quartile == pytest.approx(by_definition(0.25), abs=1e-12)
    assert got.median == pytest.approx(np.median(values))
    assert got.upper_quartile == pytest.approx(by_definition(0.75), abs=1e-12)
    assert got.minimum <= got.lower_quartile <= got.median <= got.upper_quartile <= got.maximum


def test_the_missing_are_carried_along():
    got = summarise([3.0, 5.0], missing=4)

    assert (got.n, got.missing, got.mean) == (2, 4, 4.0)
    assert got.sd == pytest.approx(math.sqrt(2))


def test_equal_values_have_no_spread_whatever_their_sum_rounds_to():
    got = summarise([0.1] * 3)

    assert (got.mean, got.sd) == (0.1, 0.0)


def test_one_patient_has_a_mean_but_no_spread():
    got = summarise([7.0])

    assert (got.mean, got.median) == (7.0, 7.0)
    assert math.isnan(got.sd)


@pytest.mark.parametrize(
    ("values", "words"),
    [([], "empty"), ([1, np.nan], "missing"), ([[1, 2]], "one column"), ([np.inf], "infinite")],
)
def test_what_is_no_column_of_numbers_is_refused(values, words):
    with pytest.raises(AnalysisError, match=words):
        summarise(values)


def test_other_quantile_types_are_refused():
    with pytest.raises(AnalysisError, match="type 6"):
        summarise([1, 2], quantile_type=8)
