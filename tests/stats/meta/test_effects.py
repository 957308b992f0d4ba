"""One study's effect from counts, from print, from an area."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.meta.counts import log_odds_ratio, log_risk_ratio, risk_difference
from avidity.stats.meta.performance_effect import log_observed_expected, logit_area
from avidity.stats.meta.printed_effect import from_interval
from avidity.stats.meta.scale import MEASURES, scale_of
from avidity.stats.ratio import odds_ratio_woolf


def test_the_log_odds_ratio_has_the_error_of_its_woolf_interval():
    got, printed = log_odds_ratio(19, 32, 16, 58), odds_ratio_woolf(19, 32, 16, 58)

    assert math.exp(got.value) == pytest.approx(printed.estimate)
    half = math.log(printed.interval.high / printed.estimate)
    assert got.std_error == pytest.approx(half / 1.959963984540054)
    assert got.n == 90


def test_an_empty_cell_gets_half_a_patient_and_says_so():
    got = log_odds_ratio(3, 32, 0, 58)

    assert got.value == pytest.approx(math.log(3.5 * 58.5 / (29.5 * 0.5)))
    assert got.std_error == pytest.approx(math.sqrt(1 / 3.5 + 1 / 29.5 + 1 / 0.5 + 1 / 58.5))
    assert "half a patient" in got.method
    assert "half a patient" not in log_odds_ratio(3, 32, 1, 58).method
    assert log_risk_ratio(3, 32, 0, 58).value == pytest.approx(math.log((3.5 / 33) / (0.5 / 59)))


def test_a_study_without_cases_says_nothing_of_a_ratio_and_something_of_a_difference():
    for way in (log_odds_ratio, log_risk_ratio):
        with pytest.raises(AnalysisError, match="nobody has the outcome"):
            way(0, 10, 0, 12)
        with pytest.raises(AnalysisError, match="everybody has the outcome"):
            way(10, 10, 12, 12)
    assert risk_difference(0, 10, 0, 10).value == 0
    assert "half a patient" in risk_difference(0, 10, 0, 12).method


def test_impossible_counts_are_refused():
    with pytest.raises(AnalysisError, match="no more cases than patients"):
        log_odds_ratio(11, 10, 3, 12)
    with pytest.raises(AnalysisError, match="at least one patient"):
        risk_difference(0, 0, 3, 12)


def test_a_printed_odds_ratio_gives_its_error_and_what_rounding_leaves_open():
    # Luo and others 2020, extrathyroidal extension: 2.28 (1.43-3.64)
    got = from_interval("odds ratio", "2.28", ("1.43", "3.64"))

    assert got.effect.value == pytest.approx(math.log(2.28))
    assert got.effect.std_error == pytest.approx(math.log(3.64 / 1.43) / (2 * 1.959963984540054))
    least, most = got.std_errors
    assert least < got.effect.std_error < most
    assert most - least < 0.004
    assert got.centred


def test_a_limit_that_cannot_belong_to_a_wald_interval_is_seen():
    assert not from_interval("odds ratio", "2.28", ("1.43", "4.64")).centred
    # profile interval of the seed paper's diameter; Wald: 1.962-22.641
    assert not from_interval("odds ratio", "6.666", ("2.062", "24.64")).centred
    assert from_interval("odds ratio", "6.666", ("1.962", "22.641")).centred


def test_an_area_is_pooled_as_a_logit_and_may_have_an_interval_even_on_its_own_scale():
    got = from_interval("area under the curve", "0.731", ("0.630", "0.833"))
    z = 1.959963984540054

    assert got.effect.value == pytest.approx(math.log(0.731 / 0.269))
    assert got.effect.std_error == pytest.approx(
        (math.log(0.833 / 0.167) - math.log(0.63 / 0.37)) / (2 * z)
    )
    assert got.centred


@given(
    value=st.floats(0.2, 20),
    error=st.floats(0.1, 1.0),
    decimals=st.integers(2, 4),
)
def test_a_wald_interval_rounded_for_print_still_holds_its_own_error(value, error, decimals):
    z = 1.959963984540054
    ends = [value * math.exp(sign * z * error) for sign in (-1, 0, 1)]
    low, middle, high = (f"{each:.{decimals}f}" for each in ends)
    assume(float(low) > 0)
    got = from_interval("odds ratio", middle, (low, high))

    assert got.std_errors[0] - 1e-9 <= error <= got.std_errors[1] + 1e-9
    assert got.centred


def test_what_no_interval_can_be_is_refused():
    for measure, estimate, limits, words in (
        ("odds ratio", "2.28", ("2.43", "3.64"), "around its estimate"),
        ("odds ratio", "2.28", ("0", "3.64"), "above 0"),
        ("area under the curve", "0.95", ("0.90", "1.00"), "between 0 and 1"),
        ("odds ratio", "2.28", (">1", "3.64"), "not a bound"),
        ("odds ratio", "two", ("1", "3"), "a number as printed"),
    ):
        with pytest.raises(AnalysisError, match=words):
            from_interval(measure, estimate, limits)


def test_hanley_and_mcneil_give_the_error_of_areas_between_two_exponentials():
    # the model behind their formula, drawn 6,000 times; Monte-Carlo error of an SD: 0.9 %
    dice, auc = np.random.default_rng(7), 0.8
    areas = [
        np.mean(dice.exponential(auc / (1 - auc), 40)[:, None] > dice.exponential(1, 50))
        for _ in range(6000)
    ]
    got = logit_area(auc, 40, 50)

    assert got.std_error * auc * (1 - auc) == pytest.approx(np.std(areas), rel=0.03)
    with pytest.raises(AnalysisError, match="cases and controls"):
        logit_area(0.8, 0, 10)


def test_observed_over_expected_has_a_binomial_error():
    got = log_observed_expected(109, 112.0, 332)

    assert got.value == pytest.approx(math.log(109 / 112))
    assert got.std_error == pytest.approx(math.sqrt(1 / 109 - 1 / 332))
    with pytest.raises(AnalysisError, match="between 0 and all patients"):
        log_observed_expected(0, 3.0, 20)


@pytest.mark.parametrize("measure", MEASURES)
def test_there_and_back_again_changes_nothing(measure):
    scale = scale_of(measure)
    for value in (0.01, 0.3, 0.5, 0.77, 0.999):
        assert scale.back(scale.to(value)) == pytest.approx(value, rel=1e-12)
    if scale.nothing is not None:
        assert scale.back(scale.to(scale.nothing)) == scale.nothing


def test_a_ratio_too_large_to_hold_is_infinite():
    assert math.inf == scale_of("odds ratio").back(1000.0)
    assert 0 == scale_of("odds ratio").back(-1000.0)
