import subprocess
import sys
from math import erfc, inf

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.regression import _exp, odds_ratios


def one_predictor(a, b, c, d):
    """Cases with, cases without, controls with, controls without, as patients."""
    x = np.repeat([1.0, 0, 1, 0], [a, b, c, d])
    return np.column_stack([np.ones(len(x)), x]), np.repeat([1, 1, 0, 0], [a, b, c, d])


def test_a_wald_row_holds_one_principle():
    X, y = one_predictor(19, 13, 16, 42)
    got = odds_ratios(X, y, ("intercept", "age >= 54"))
    (row,) = got.rows

    assert row.term == "age >= 54"
    assert row.odds_ratio == pytest.approx((19 * 42) / (13 * 16), rel=1e-10)
    half = 1.959963984540054 * np.sqrt(1 / 19 + 1 / 13 + 1 / 16 + 1 / 42)
    assert row.interval.low == pytest.approx(row.odds_ratio * np.exp(-half), rel=1e-10)
    assert row.p_value == pytest.approx(0.003804, abs=5e-7)
    assert row.method == "Wald interval and Wald p value"
    assert got.estimator == "maximum likelihood"
    assert row.note == ""
    assert not got.separation.found
    assert got.coefficients[0].term == "intercept"


def test_a_profile_row_holds_the_other():
    X, y = one_predictor(19, 13, 16, 42)
    (row,) = odds_ratios(X, y, ("intercept", "age >= 54"), "profile").rows

    # 2 * (log-likelihoods of the two saturated binomials less the pooled one), by hand
    def term(k, n):
        return k * np.log(k / n) + (n - k) * np.log((n - k) / n)

    chi2 = 2 * (term(19, 35) + term(13, 55) - term(32, 90))
    assert row.p_value == pytest.approx(erfc(np.sqrt(chi2 / 2)), rel=1e-9)
    assert f"{row.p_value:.4f}" == "0.0031"
    assert row.interval.method == "profile likelihood"
    assert "likelihood-ratio" in row.method


def test_the_row_the_seed_paper_dropped_is_printed_by_firth():
    # OCA 3/29 against 0/58: SPSS leaves it out; R 4.2.2, logistf 1.26.1: 13.88 (1.28-1890)
    X, y = one_predictor(3, 29, 0, 58)
    got = odds_ratios(X, y, ("intercept", "oncocytic"))
    (row,) = got.rows

    assert f"{row.odds_ratio:.1f}" == "13.9"
    assert f"{row.interval.low:.2f}" == "1.28"
    assert f"{row.interval.high:.0f}" == "1890"
    assert row.p_value == pytest.approx(0.0281330, abs=5e-8)
    assert got.estimator == "Firth penalised likelihood"
    assert "oncocytic = 1 holds 3 with the outcome and 0 without" in got.sentence
    assert "Firth" in got.sentence
    assert "infinite" in row.note
    assert "penalised" in row.method
    assert row.interval.level == 0.95


def test_a_protecting_level_without_cases_is_noted_as_zero():
    X, y = one_predictor(0, 32, 5, 53)
    (row,) = odds_ratios(X, y, ("intercept", "level"), level=0.9).rows

    assert "zero" in row.note
    assert 0 < row.odds_ratio < 1
    assert row.interval.level == 0.9


def test_only_the_separating_row_carries_a_note(endometrial):
    got = odds_ratios(*endometrial, principle="profile")

    assert [bool(row.note) for row in got.rows] == [True, False, False]
    assert {row.method for row in got.rows} == {got.rows[0].method}


def test_an_unknown_principle_and_a_constant_are_refused():
    X, y = one_predictor(3, 3, 3, 3)
    with pytest.raises(ValueError, match="principle"):
        odds_ratios(X, y, ("intercept", "x"), "exact")
    with pytest.raises(AnalysisError, match="constant"):
        odds_ratios(X * [1, 0], y, ("intercept", "x"))


def test_a_limit_beyond_all_floats_is_infinite():
    assert _exp(1e4) == inf


def test_the_seed_papers_tables_need_no_slow_import():
    # a cold start must not pay for scipy.optimize or scipy.stats, separated row included
    code = (
        "import sys, numpy as np;"
        "from avidity.stats import cutpoint, goodness_of_fit, reclassification, regression;"
        "from avidity.stats import roc_comparison, selection;"
        "x = np.repeat([1.0, 0, 0], [3, 29, 58]); y = np.repeat([1, 0], [32, 58]);"
        "X = np.column_stack([np.ones(90), x]);"
        "got = regression.odds_ratios(X, y, ('one', 'OCA'));"
        "print(sorted({'scipy.optimize', 'scipy.stats'} & set(sys.modules)), got.estimator)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[] Firth penalised likelihood"
