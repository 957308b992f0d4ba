"""Tests on tables of counts.

R 4.2.2 unless said otherwise; twelve digits were kept, so the tolerance is 1e-11 relative.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.contingency import (
    counts,
    expected,
    likelihood_ratio,
    linear_by_linear,
    mcnemar,
    mcnemar_exact,
    pearson,
    trend,
    yates,
)

TABLE_WIDE = ((2, 5), (2, 4))


@st.composite
def tables(draw, rows=TABLE_WIDE[0], columns=TABLE_WIDE[1], most=30):
    r, c = draw(st.integers(*rows)), draw(st.integers(*columns))
    table = draw(
        st.lists(st.lists(st.integers(0, most), min_size=c, max_size=c), min_size=r, max_size=r)
    )
    return np.array(table) + (np.sum(table) == 0)


def test_without_yates_is_the_answer_the_reporter_of_the_silent_correction_expected():
    # R: chisq.test(matrix(c(45, 46, 86, 101), 2), correct = FALSE), and with TRUE
    table = [[45, 86], [46, 101]]

    assert pearson(table).p_value == pytest.approx(0.5874722702, rel=1e-9)
    assert yates(table).p_value == pytest.approx(0.6785257433, rel=1e-9)


def test_every_chi_square_says_in_words_whether_it_was_corrected():
    table = [[45, 86], [46, 101]]

    assert "no continuity correction" in pearson(table).method
    assert "with Yates' continuity correction" in yates(table).method
    assert "no continuity correction" in mcnemar(table).method
    assert "with continuity correction" in mcnemar(table, continuity=True).method


def test_birthwt_smoke_by_low_agrees_with_r():
    # reference/r_known_answers.json, tests: table 86, 44, 29, 30; ten digits
    table = [[86, 44], [29, 30]]

    assert pearson(table).p_value == pytest.approx(0.026490642531, rel=1e-10)
    assert yates(table).p_value == pytest.approx(0.039576969325, rel=1e-10)


def test_birthwt_race_by_low_agrees_with_r():
    # R: chisq.test(table(birthwt$low, birthwt$race))
    got = pearson([[73, 15, 42], [23, 11, 25]])

    assert got.statistic == pytest.approx(5.0048130109, rel=1e-10)
    assert (got.df, got.n) == (2, 189)


def test_likelihood_ratio_follows_its_definition_and_may_meet_empty_cells():
    # the seed paper's age ≥ 54: printed p fits neither this nor Pearson
    assert likelihood_ratio([[19, 13], [16, 42]]).p_value == pytest.approx(0.0031, abs=5e-5)
    table = np.array([[3, 29], [0, 58]])
    by_hand = 2 * (
        3 * np.log(3 / (3 * 32 / 90))
        + 29 * np.log(29 / (87 * 32 / 90))
        + 58 * np.log(58 / (87 * 58 / 90))
    )

    assert likelihood_ratio(table).statistic == pytest.approx(by_hand, rel=1e-12)


def test_trend_of_smokers_agrees_with_r():
    # R: prop.trend.test of 83, 90, 129, 70 among 86, 93, 136, 82
    got = trend([83, 90, 129, 70], [86, 93, 136, 82])

    assert got.statistic == pytest.approx(8.2249222852, rel=1e-10)
    assert got.p_value == pytest.approx(0.00413189747764, rel=1e-11)


def test_linear_by_linear_is_the_trend_times_n_less_one_over_n():
    hit, of = np.array([83, 90, 129, 70]), np.array([86, 93, 136, 82])
    got = linear_by_linear(np.column_stack([hit, of - hit]))

    assert got.statistic == pytest.approx(8.2249222852 * 396 / 397, rel=1e-10)


def test_linear_by_linear_is_n_less_one_r_square_of_the_patients():
    table = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]])
    row, column = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel(), axis=1)
    r = np.corrcoef(row, column)[0, 1]

    got = linear_by_linear(table)

    assert got.statistic == pytest.approx((len(row) - 1) * r * r, rel=1e-11)
    assert linear_by_linear(table, [5, 7, 9, 11], [0, 10, 20, 30]).statistic == pytest.approx(
        got.statistic, rel=1e-11
    )


def test_mcnemar_agrees_with_r():
    # R: mcnemar.test(matrix(c(794, 86, 150, 570), 2), correct = TRUE), and with FALSE
    table = [[794, 150], [86, 570]]

    assert mcnemar(table, continuity=True).statistic == pytest.approx(16.8177966102, rel=1e-11)
    assert mcnemar(table).statistic == pytest.approx(17.3559322034, rel=1e-11)


def test_exact_mcnemar_is_the_binomial_test():
    # R: binom.test(1, 8)$p.value = 0.0703125 (18/256)
    assert mcnemar_exact([[5, 1], [7, 9]]).p_value == pytest.approx(18 / 256, rel=1e-14)
    assert mcnemar_exact([[5, 4], [4, 9]]).p_value == 1.0


@pytest.mark.parametrize("test", [mcnemar, mcnemar_exact])
def test_nobody_changing_is_no_evidence_of_change(test):
    assert test([[5, 0], [0, 9]]).p_value == 1.0


@pytest.mark.parametrize("test", [pearson, likelihood_ratio, linear_by_linear])
@given(table=tables(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_turning_the_table_changes_nothing(test, table, data):
    turned = test(table.T)
    got = test(table)

    assert 0 <= got.p_value <= 1
    assert turned.statistic == pytest.approx(got.statistic, rel=1e-9, abs=1e-9)
    if test is not linear_by_linear:
        rows = data.draw(st.permutations(range(table.shape[0])))
        columns = data.draw(st.permutations(range(table.shape[1])))
        shuffled = test(table[rows][:, columns])
        assert shuffled.statistic == pytest.approx(got.statistic, rel=1e-9, abs=1e-9)


@given(table=tables(rows=(2, 2), columns=(2, 2)))
@settings(max_examples=40, deadline=None)
def test_yates_is_never_more_extreme_than_pearson(table):
    assert yates(table).p_value >= pearson(table).p_value


@pytest.mark.parametrize("test", [pearson, likelihood_ratio, yates])
def test_an_empty_margin_gives_p_1_and_says_so(test):
    got = test([[5, 0], [9, 0]])

    assert (got.p_value, got.df) == (1.0, 0.0)
    assert "only one row or column" in got.method


def test_empty_rows_do_not_count_as_degrees_of_freedom():
    assert pearson([[5, 3], [0, 0], [2, 9]]).df == 1
    assert pearson([[5, 3], [0, 0], [2, 9]]) == pearson([[5, 3], [2, 9]])


def test_a_single_occupied_row_has_no_trend():
    assert linear_by_linear([[5, 3], [0, 0]]).p_value == 1.0


def test_expected_counts_keep_the_margins():
    table = np.array([[3, 29], [0, 58]])
    hoped = expected(table)

    assert hoped.sum(axis=0) == pytest.approx(table.sum(axis=0))
    assert hoped.min() == pytest.approx(3 * 32 / 90)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[0, 0], [0, 0]], "empty"),
        ([[1, -1], [2, 3]], "whole numbers"),
        ([[1, 0.5], [2, 3]], "whole numbers"),
        ([[1, np.nan], [2, 3]], "whole numbers"),
        ([1, 2], "rows and columns"),
        ([], "rows and columns"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(table, words):
    with pytest.raises(AnalysisError, match=words):
        counts(table)


def test_a_test_for_2_by_2_refuses_other_shapes():
    with pytest.raises(AnalysisError, match="2 × 2"):
        yates([[1, 2, 3], [4, 5, 6]])


def test_scores_must_match_the_table():
    with pytest.raises(AnalysisError, match="scores"):
        linear_by_linear([[1, 2], [3, 4]], [1, 2, 3])
    with pytest.raises(AnalysisError, match="one count and one total"):
        trend([1, 2], [3, 4, 5])
    with pytest.raises(AnalysisError, match="whole numbers"):
        trend([5, 2], [3, 4])
