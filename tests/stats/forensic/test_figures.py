"""Shares, diagnostic figures, areas and SDs as printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f as f_distribution

from avidity.errors import AnalysisError
from avidity.stats.forensic.binormal import binormal_auc, hanley_mcneil
from avidity.stats.forensic.diagnostic import diagnosed
from avidity.stats.forensic.shares import counts_printing
from avidity.stats.forensic.statistic_p import statistic_p
from avidity.stats.forensic.variance_ratio import variance_ratio
from avidity.stats.means import Moments
from avidity.stats.rounded import rounded

AGE = Moments(32, 53.06, 14.128), Moments(58, 44.43, 13.088)
DIAMETER = Moments(32, 40.688, 22.4979), Moments(58, 19.914, 13.1913)


@given(st.integers(1, 400), st.integers(0, 3), st.data())
def test_the_true_count_is_among_those_that_print_so(n, decimals, data):
    count = data.draw(st.integers(0, n))

    assert count in counts_printing(rounded(f"{100 * count / n:.{decimals}f}"), n)
    assert count in counts_printing(rounded(f"{count / n:.{decimals}f}"), n, whole=1)


def test_a_share_that_no_count_has():
    assert () == counts_printing(rounded("72.5"), 58)
    assert (42,) == counts_printing(rounded("72.4"), 58)
    assert (57, 58) == counts_printing(rounded(">98"), 58)


def test_the_seeds_cut_offs():
    # sensitivity 59.4 and 65.6 of 32, specificity 75.9 of 58
    age = {"sensitivity": rounded("59.4"), "specificity": rounded("75.9")}
    found = diagnosed(age, 32, 58)

    assert ((19, 44),) == found.pairs
    assert 19 / 32 + 44 / 58 - 1 == pytest.approx(found.youden[0], rel=1e-12)
    assert found.youden[0] == found.youden[1]


def test_figures_that_are_possible_alone_and_not_together():
    figures = {"sensitivity": rounded("50.0"), "accuracy": rounded("90.0"), "npv": rounded("60.0")}
    found = diagnosed(figures, 10, 10)

    assert (True, True, True) == tuple(found.alone.values())
    assert (False, None) == (found.possible, found.youden)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 3), st.data())
def test_the_true_counts_print_all_their_figures(m, n, decimals, data):
    tp, tn = data.draw(st.integers(0, m)), data.draw(st.integers(0, n))
    true = {
        "sensitivity": tp / m,
        "specificity": tn / n,
        "accuracy": (tp + tn) / (m + n),
        "youden": tp / m + tn / n - 1,
    }
    if tp + n - tn:
        true["ppv"] = tp / (tp + n - tn)
    if tn + m - tp:
        true["npv"] = tn / (tn + m - tp)
    found = diagnosed(
        {name: rounded(f"{value:.{decimals}f}") for name, value in true.items()}, m, n, whole=1
    )

    assert (tp, tn) in found.pairs or not found.complete


def test_the_seeds_areas_agree_with_two_normal_groups():
    # R 4.2.2: pnorm of the difference over the root of the summed variances
    assert ["0.673", "0.787"] == [f"{binormal_auc(*pair):.3f}" for pair in (AGE, DIAMETER)]
    ends = [hanley_mcneil(auc, 32, 58) for auc in (0.681, 0.790)]
    assert [("0.562", "0.800"), ("0.686", "0.894")] == [
        (f"{one.low:.3f}", f"{one.high:.3f}") for one in ends
    ]


def test_the_seeds_diameters_vary_too_differently_for_a_pooled_test():
    found = variance_ratio(*DIAMETER)

    assert 2 * f_distribution.sf(found.statistic, 31, 57) == pytest.approx(found.p_value, rel=1e-9)
    assert found.p_value < 0.001
    assert variance_ratio(*AGE).p_value > 0.5


@pytest.mark.parametrize(
    ("law", "statistic", "dfs", "true"),
    [
        # R 4.2.2: pt, pf, pchisq and pnorm, ten digits; t and z two-sided
        ("t", "2.20", (28,), 0.03622548478),
        ("F", "2.20", (2, 28), 0.12959322447),
        ("chi-square", "22.20", (28,), 0.77194870403),
        ("z", "2.20", (), 0.02780689503),
        ("t", "-2.0", (28,), 0.05528523764),
    ],
)
def test_the_p_of_a_printed_statistic(law, statistic, dfs, true):
    low, high = statistic_p(law, rounded(statistic), *dfs)
    exact = statistic_p(law, rounded(statistic + "0" * 9), *dfs)

    assert low < true < high
    assert true == pytest.approx(exact[0], rel=1e-8)


def test_a_statistic_without_its_degrees_of_freedom_is_refused():
    with pytest.raises(AnalysisError, match="degrees of freedom"):
        statistic_p("t", rounded("2.2"))
    with pytest.raises(AnalysisError, match="negative"):
        statistic_p("chi-square", rounded("-2.2"), 1)


def test_nobody_is_refused():
    with pytest.raises(AnalysisError, match="with and without"):
        diagnosed({}, 0, 5)
    with pytest.raises(AnalysisError, match="some spread"):
        variance_ratio(Moments(5, 1.0, 0.0), AGE[0])
