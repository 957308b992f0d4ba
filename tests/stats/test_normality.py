"""Shapiro and Wilk's test."""

import subprocess
import sys

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.normality import looks_normal, shapiro_wilk


def test_birthwt_weight_agrees_with_r(columns):
    # R 4.2.2: shapiro.test(lwt), of all and by low; the algorithm is an approximation
    # written twice (AS R94), so W is asked for to 1e-9 and p to 1e-8
    data = columns("birthwt.csv")
    lwt, low = data["lwt"], data["low"]
    cases = [
        (lwt, 0.893312200508, 2.24204895803e-10),
        (lwt[low == 1], 0.9143803027, 0.00051471917605),
        (lwt[low == 0], 0.88019894551, 7.8648083211e-09),
    ]

    for values, w, p in cases:
        got = shapiro_wilk(values)
        assert got.statistic == pytest.approx(w, rel=1e-9)
        assert got.p_value == pytest.approx(p, rel=1e-8)
        assert got.n == values.size


def test_looking_normal_has_three_answers():
    bell = np.array([-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5])

    assert looks_normal(bell) is True
    assert looks_normal(np.exp(3 * bell)) is False
    assert looks_normal([1, 2]) is None
    assert looks_normal([4, 4, 4, 4]) is None


def test_beyond_5000_values_the_method_says_that_p_is_approximate():
    values = np.random.default_rng(1).normal(size=5001)

    assert "approximate" in shapiro_wilk(values).method


def test_too_few_or_equal_values_are_refused():
    with pytest.raises(AnalysisError, match="at least 3"):
        shapiro_wilk([1, 2])
    with pytest.raises(AnalysisError, match="vary"):
        shapiro_wilk([2, 2, 2])


def test_importing_the_tests_of_two_groups_does_not_import_scipy_stats():
    names = "agreement contingency effect fisher means multiplicity normality ranks ratio strata"
    code = "\n".join(
        [
            "import sys",
            *(f"import avidity.stats.{name}" for name in names.split()),
            "slow = {'scipy.stats', 'scipy.optimize'} & set(sys.modules)",
            "sys.exit(1 if slow else 0)",
        ]
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
