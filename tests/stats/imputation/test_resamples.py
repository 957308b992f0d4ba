"""Imputation inside a bootstrap: a resample is its weights."""

import numpy as np
import pytest

from avidity.stats.imputation.impute import impute, impute_resamples
from avidity.stats.imputation.variables import Derived, number, plan, yes_no

NAN = np.nan


@pytest.fixture(scope="module")
def whole(cohort):
    variables, outcome = cohort(1)
    old = Derived("old", ("age",), lambda values: (values["age"] >= 55) * 1.0)
    return plan(list(variables.values()), outcome, derived=[old])


def test_a_resample_of_everybody_once_is_plain_imputation(whole):
    got = impute(whole, 20, rng=np.random.default_rng(7))
    again = impute_resamples(
        whole, np.ones((1, 90)), rng=np.random.default_rng(7), m=20, iterations=10
    )

    for name, sets in again.values.items():
        assert (sets[0] == got.values[name]).all()
    assert set(again.values) == {"age", "metastasis", "histology", "tg", "old"}


def test_whom_a_resample_lacks_gives_nothing_to_it(cohort):
    variables, outcome = cohort(5)
    age = variables["age"]
    whole = plan(list(variables.values()), outcome)
    rng = np.random.default_rng(1)
    weights = rng.multinomial(90, np.full(90, 1 / 90), size=40)
    got = impute_resamples(whole, weights, rng=rng, m=2, iterations=3)

    assert got.values["age"].shape == (40, 2, 90)
    for at in range(40):
        held = set(age.values[age.measured & (weights[at] > 0)])
        assert set(got.values["age"][at][:, age.missing].ravel()) <= held


def test_weights_draw_as_rows_written_out_do(cohort):
    variables, outcome = cohort(6)
    whole = plan([variables["age"], variables["metastasis"], variables["diameter"]], outcome)
    weights = np.random.default_rng(2).multinomial(90, np.full(90, 1 / 90))
    rows = np.repeat(np.arange(90), weights)
    written = plan(
        [
            number("age", variables["age"].values[rows]),
            yes_no("metastasis", variables["metastasis"].values[rows]),
            number("diameter", variables["diameter"].values[rows]),
        ],
        outcome[rows],
    )
    m = 600
    short = impute_resamples(
        whole, weights[np.newaxis], rng=np.random.default_rng(3), m=m, iterations=5
    )
    long = impute(written, m, rng=np.random.default_rng(4), iterations=5)

    for name in ("age", "metastasis"):
        gaps = np.flatnonzero(variables[name].missing & (weights > 0))
        one = short.values[name][0][:, gaps]
        firsts = [int(np.flatnonzero(rows == row)[0]) for row in gaps]
        two = long.values[name][:, firsts]
        spread = np.sqrt((one.var(axis=0) + two.var(axis=0)) / m) + 1e-9
        # standardised differences of as many means as there are gaps: none far out
        assert np.abs((one.mean(axis=0) - two.mean(axis=0)) / spread).max() < 4


def test_a_resample_without_any_measured_value_borrows_from_all():
    outcome = np.tile([0.0, 1.0], 10)
    x = np.where(np.arange(20) < 3, np.arange(20.0), NAN)
    weights = np.where(np.arange(20) < 3, 0, 1)[np.newaxis]
    got = impute_resamples(
        plan([number("x", x)], outcome), weights, rng=np.random.default_rng(1), iterations=2
    )

    assert set(got.values["x"].ravel()) <= {0, 1, 2}
    assert "no measured value in 2 of 2 fits" in " ".join(got.warnings)
