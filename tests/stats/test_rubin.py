"""Rubin's rules: R's answers, a textbook twin, and the laws."""

import json
from math import inf, isinf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm, t

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.rubin import Pooled, freedom, pool, pool_scalar

# R 4.2.2, mice 3.15.0: pool.scalar(q, u, n = 100, k = 3), and n = Inf (K108, K109)
Q, U = [1.10, 1.25, 0.95, 1.30, 1.05], [0.040, 0.045, 0.038, 0.050, 0.042]


def test_a_scalar_matches_mice():
    got = pool_scalar(Q, U, 100, complete_df=97)

    assert got.estimate == pytest.approx(1.13, rel=1e-12)
    assert got.within == pytest.approx(0.043, rel=1e-12)
    assert got.between == pytest.approx(0.02075, rel=1e-12)
    assert got.total == pytest.approx(0.0679, rel=1e-12)
    assert got.df == pytest.approx(19.907863398792, rel=1e-12)
    assert got.increase == pytest.approx(0.579069767442, rel=1e-11)
    assert got.fmi == pytest.approx(0.422005440488, rel=1e-11)
    assert "Barnard and Rubin" in got.interval.method


def test_a_scalar_of_a_large_sample_matches_mice():
    for got in (
        pool_scalar(Q, U, 100),
        pool_scalar(Q, U, 100, complete_df=97, rule="large-sample"),
    ):
        assert got.df == pytest.approx(29.744100901598, rel=1e-12)
        assert got.fmi == pytest.approx(0.405396572667, rel=1e-11)
        assert "large samples" in got.test.method


# K113. R 4.2.2, mice 3.15.0: RNGversion("3.5.0"); with(mice(nhanes2, maxit = 2, seed = 121,
# use.matcher = TRUE), lm(bmi ~ chl + age + hyp))$analyses: coef() and sqrt(diag(vcov())) of each
NHANES = [
    (17.9487904922041, 0.0579055810759, -4.4033848083018, -5.1515561296393, 0.9540640912384),
    (19.4442053651512, 0.0460824979638, -3.5154180226744, -5.7211981380739, 1.8273546422717),
    (15.7322526225871, 0.0734722194772, -4.8289608209649, -8.9348869578582, 2.7800982029894),
    (19.6060451915869, 0.0443054667815, -3.9650845192375, -6.4647861397091, 3.1555759797580),
    (21.0774446909194, 0.0461843836253, -6.1554125753595, -6.9074153285183, 2.1010533034436),
]
NHANES_ERROR = [
    (2.6613226230574, 0.0138051483713, 1.4634875604544, 1.5418202820458, 1.4568862914799),
    (4.1450532981225, 0.0222561768629, 2.0906835983694, 2.1923869917129, 2.2485279563576),
    (2.8740307035910, 0.0159951792530, 1.4721377413020, 1.6775144153630, 1.3025269845630),
    (3.1299583631373, 0.0175666766899, 1.7340335786096, 1.9557151795513, 1.8409430797204),
    (3.6361257551380, 0.0181770759110, 1.6938552891180, 1.9460794360550, 1.9757768631870),
]


def test_a_linear_model_of_five_sets_matches_mice():
    # K113: summary(pool(fit)); 25 patients, five coefficients
    names = ("intercept", "chl", "age 40-59", "age 60-99", "hyp")
    pooled = pool(NHANES, [np.diag(np.square(e)) for e in NHANES_ERROR], names, 25)
    estimates = [18.76174767249, 0.05359002978, -4.57365214931, -6.63596853876, 2.16362924394]
    errors = [4.0027959222, 0.0223506702, 2.0339858311, 2.4597690456, 2.0289796744]
    df = [9.755965361555, 8.317703692123, 10.022689016942, 7.260234913821, 12.311258898418]
    p = [0.0009173159037, 0.0421977852422, 0.0482357104599, 0.0297000308234, 0.3067256349865]

    assert estimates == pytest.approx([row.estimate for row in pooled.rows], rel=1e-9)
    assert errors == pytest.approx([row.std_error for row in pooled.rows], rel=1e-8)
    assert df == pytest.approx([row.df for row in pooled.rows], rel=1e-9)
    assert p == pytest.approx([row.test.p_value for row in pooled.rows], rel=1e-7)


def test_p_and_interval_follow_from_estimate_error_and_df():
    # psfmi 1.4.0's manual, lbpmilr, Satisfaction = 3 (K111): the estimate, its error and df are
    # printed, and p and the odds ratio with its limits must follow
    estimate, error, df = -2.580503376, 0.77963853, 100.66273
    # two sets that differ by nothing have the complete df of Barnard and Rubin
    complete = next(v for v in np.linspace(100, 105, 500001) if freedom(0.0, 2, v) >= df)
    got = pool_scalar([estimate] * 2, [error**2] * 2, 159, complete_df=float(complete))

    assert got.df == pytest.approx(df, abs=2e-5)
    assert got.test.p_value == pytest.approx(0.001296125, rel=1e-5)
    odds = got.interval.map(np.exp)
    assert np.exp(got.estimate) == pytest.approx(0.07573587, rel=1e-7)
    assert (odds.low, odds.high) == pytest.approx((0.01612863, 0.35563604), rel=1e-6)


@pytest.fixture(scope="module")
def told(shared):
    """R 4.2.2, mice 3.15.0: pool(glm(low ~ age + lwt + smoke + ht + ui, binomial)), ten digits."""
    path = shared / "reference" / "r_known_answers.json"
    return json.loads(path.read_text(encoding="utf-8"))["rubin"]


@pytest.fixture(scope="module")
def completed(columns):
    """Design and outcome of each of the five completed sets."""
    data = columns("birthwt_completed.csv")
    X = np.column_stack(
        [np.ones(len(data["low"])), *(data[name] for name in ("age", "lwt", "smoke", "ht", "ui"))]
    )
    return [(X[data[".imp"] == at], data["low"][data[".imp"] == at]) for at in range(1, 6)]


def as_glm_stops(X, y):
    """R's glm: Fisher scoring until the deviance changes by less than 1e-8 of itself; its
    covariance is that of the step before the last."""
    risk, before = (y + 0.5) / 2, inf
    line = np.log(risk / (1 - risk))
    while True:
        weight = risk * (1 - risk)
        information = (X.T * weight) @ X
        coef = np.linalg.solve(information, X.T @ (weight * line + y - risk))
        line = X @ coef
        risk = expit(line)
        deviance = -2 * np.log(np.where(y == 1, risk, 1 - risk)).sum()
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            return coef, np.linalg.inv(information)
        before = deviance


def against(pooled: Pooled, told, tolerance):
    got = {
        "estimate": [row.estimate for row in pooled.rows],
        "se": [row.std_error for row in pooled.rows],
        "df": [row.df for row in pooled.rows],
        "p": [row.test.p_value for row in pooled.rows],
        "low": [row.interval.low for row in pooled.rows],
        "high": [row.interval.high for row in pooled.rows],
    }
    for what, numbers in got.items():
        assert numbers == pytest.approx(told[what], rel=tolerance), what


def test_birth_weights_match_mice_to_ten_digits(told, completed):
    fits = [as_glm_stops(X, y) for X, y in completed]
    pooled = pool([coef for coef, _ in fits], [cov for _, cov in fits], told["term"], 189)

    against(pooled, told, 2e-10)


def test_fits_that_go_all_the_way_differ_from_glm_by_its_tolerance(told, completed):
    fits = [fit(X, y, told["term"]) for X, y in completed]
    pooled = pool([f.coef for f in fits], [f.covariance for f in fits], told["term"], 189)

    against(pooled, told, 1e-5)
    assert pooled.complete_df == 183
    assert pooled.std_error == pytest.approx([row.std_error for row in pooled.rows], rel=1e-14)


def textbook(q, u, n_minus_k, level=0.95):
    """Rubin 1987, (3.1.2) to (3.1.10), and Barnard & Rubin 1999, one number at a time."""
    m = len(q)
    mean = sum(q) / m
    within = sum(u) / m
    between = sum((x - mean) ** 2 for x in q) / (m - 1)
    total = within + between + between / m
    r = (between + between / m) / within
    lost = (r / (1 + r)) ** 2  # 0 too where r is too small to square
    old = (m - 1) / lost if lost else inf
    gamma = (between + between / m) / total
    observed = (1 - gamma) * n_minus_k * (n_minus_k + 1) / (n_minus_k + 3)
    df = 1 / (1 / old + 1 / observed)
    half = t.ppf((1 + level) / 2, df) * sqrt(total)
    p = 2 * t.sf(abs(mean) / sqrt(total), df)
    return mean, total, df, mean - half, mean + half, p, (r + 2 / (df + 3)) / (r + 1)


sets = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(sets, st.integers(2, 500))
def test_the_textbook_agrees(pairs, complete):
    q, u = zip(*pairs, strict=True)
    got = pool_scalar(q, u, complete + 3, complete_df=complete)
    answers = (
        *(got.estimate, got.total, got.df, got.interval.low, got.interval.high),
        *(got.test.p_value, got.fmi),
    )

    assert answers == pytest.approx(textbook(q, u, complete), rel=1e-8, abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(sets, st.sampled_from(["barnard-rubin", "large-sample", "normal"]))
def test_the_interval_holds_zero_exactly_when_p_is_above_its_rest(pairs, rule):
    q, u = zip(*pairs, strict=True)
    got = pool_scalar(q, u, 90, complete_df=80, rule=rule)

    assert (0 in got.interval) == (got.test.p_value >= 0.05)


def test_the_normal_rule_is_that_of_rms():
    got = pool_scalar(Q, U, 100, complete_df=97, rule="normal")

    assert isinf(got.df)
    assert got.test.df is None
    assert got.interval.high == pytest.approx(1.13 + norm.ppf(0.975) * sqrt(0.0679), rel=1e-12)
    assert got.fmi == got.lambda_


def test_sets_that_agree_add_nothing():
    got = pool_scalar([0.5, 0.5], [0.04, 0.04], 90, complete_df=86)

    assert (got.between, got.increase, got.lambda_) == (0, 0, 0)
    assert got.std_error == pytest.approx(0.2, rel=1e-14)
    assert got.df == pytest.approx(86 * 87 / 89, rel=1e-14)


def test_a_pooled_term_serves_as_a_coefficient():
    row = pool([[1.0, 2.0]] * 3, [np.eye(2)] * 3, ("a", "b"), 50).rows[1]

    assert row.coefficient.term == "b"
    assert row.coefficient.interval == row.interval


def test_one_term_is_tested_as_its_row_and_unknown_terms_are_refused():
    pooled = pool([[1.0, 2.0], [1.5, 1.0]], [np.eye(2)] * 2, ("a", "b"), 50)

    assert pooled.test(["b"]) == pooled.rows[1].test
    assert "D1" in pooled.test(["a", "b"]).method
    for wrong in ([], ["c"], ["a", "a"]):
        with pytest.raises(AnalysisError, match="each once"):
            pooled.test(wrong)


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(AnalysisError, match="two completed sets"):
        pool_scalar([1.0], [1.0], 10)
    with pytest.raises(AnalysisError, match="not finite"):
        pool_scalar([1.0, inf], [1.0, 1.0], 10)
    with pytest.raises(AnalysisError, match="zero"):
        pool_scalar([1.0, 2.0], [0.0, 0.0], 10)
    with pytest.raises(AnalysisError, match="no degrees of freedom"):
        pool([[1.0, 2.0]] * 2, [np.eye(2)] * 2, ("a", "b"), 2)
    with pytest.raises(ValueError, match="rule"):
        pool_scalar([1.0, 2.0], [1.0, 1.0], 10, rule="other")
    with pytest.raises(ValueError, match="different names"):
        pool([[1.0, 2.0]] * 2, [np.eye(2)] * 2, ("a", "a"), 10)
    with pytest.raises(ValueError, match="shapes"):
        pool([1.0, 2.0], [1.0, 1.0], ("a",), 10)
    with pytest.raises(ValueError, match="shape"):
        pool_scalar([1.0, 2.0], [1.0], 10)


def test_results_cannot_be_written_to():
    pooled = pool([[1.0, 2.0], [1.5, 1.0]], [np.eye(2)] * 2, ("a", "b"), 50)

    with pytest.raises(ValueError, match="read-only"):
        pooled.coef[0] = 3
