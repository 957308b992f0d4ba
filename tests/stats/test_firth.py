import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit

from avidity.errors import AnalysisError
from avidity.stats.firth import (
    fit_firth,
    flac,
    flic,
    penalised_log_likelihood,
    penalised_ratio_tests,
    profile_firth,
)
from avidity.stats.logistic import fit
from avidity.stats.newton import design, together

# K23 to K29
# R 4.2.2, logistf 1.26.1: logistf(case ~ age + oc + vic + vicl + vis + dia, sex2), 10 decimals:
# coefficient, profile penalised limits, penalised likelihood-ratio p. logistf stops at 1e-5 in
# the score: its coefficients are good to about 2e-7, its limits and p values to all digits.
SEX2 = [
    ("intercept", 0.1202540459, -0.8185591064, 1.0731512160, 0.8020268023),
    ("age", -1.1059813082, -1.9737883828, -0.3074251416, 0.006143471845),
    ("oc", -0.0688167304, -0.9414363302, 0.7892020213, 0.8751910586),
    ("vic", 2.2688746443, 1.2730215712, 3.4354327309, 1.678876959e-06),
    ("vicl", -2.1114081726, -3.2608611175, -1.1177349470, 1.237804763e-05),
    ("vis", -0.7883169450, -1.6080878895, 0.0151846791, 0.05449700806),
    ("dia", 3.0960116609, 0.7745681692, 8.0302935222, 0.004951873386),
]
# K33 to K35
# The same for HG ~ NV + PI + EH; the coefficients are brglm2 0.9's (AS_mean), good to 1e-10
ENDOMETRIAL = {
    "intercept": (3.7745597136, None, None, 0.004193627886),
    "NV": (2.9292733532, 0.6097244363, 7.8546317139, 0.009123667547),
    "PI": (-0.03475175987, -0.1244587209, 0.0404554732, 0.3874822036),
    "EH": (-2.6041639253, -4.3651832473, -1.2327210572, 2.506867215e-05),
}


def test_urinary_infections_match_r(sex2):
    X, y, names = sex2
    fitted = fit_firth(X, y, names)
    rows = profile_firth(X, y, fitted)

    for row, (term, coef, low, high, p) in zip(rows, SEX2, strict=True):
        assert row.term == term
        assert row.estimate == pytest.approx(coef, rel=3e-7)
        assert row.interval.low == pytest.approx(low, rel=1e-9, abs=1e-10)
        assert row.interval.high == pytest.approx(high, rel=1e-9, abs=1e-10)
        assert row.test.p_value == pytest.approx(p, rel=1e-9)


def test_the_penalty_is_kept_whole_under_the_null(sex2):
    # K30
    # R 4.2.2, logistf 1.26.1: fit$loglik and 2 * diff(fit$loglik); firthlogist leaves the column
    # out instead and gets p 0.8264 for oc, where this is 0.8752
    fitted = fit_firth(*sex2)
    whole = fitted.likelihood_ratio()

    assert fitted.penalised_log_likelihood == pytest.approx(-132.539379533, rel=1e-11)
    assert fitted.null_penalised_log_likelihood == pytest.approx(-157.084700929, rel=1e-11)
    assert whole.statistic == pytest.approx(49.090642792, rel=1e-10)
    assert whole.df == 6
    assert whole.p_value == pytest.approx(7.15089e-09, rel=1e-6)


def test_flic_and_flac_of_the_urinary_infections_match_r(sex2):
    # K31. R 4.2.2, logistf 1.26.1: flic() and flac(); mean of the predicted risks
    X, y, names = sex2
    fitted = fit_firth(X, y, names)
    intercept, whole = flic(X, y, fitted), flac(X, y, fitted)

    assert intercept.coef[0] == pytest.approx(0.1315390971307, rel=2e-7)
    assert np.array_equal(intercept.coef[1:], fitted.coef[1:])
    expected = [0.1222674255, -1.0963400326, -0.0660263137, 2.2822029783]
    expected += [-2.1141693390, -0.7873168629, 3.1817348419]
    assert whole.coef == pytest.approx(expected, rel=3e-7)
    assert fitted.risk(X).mean() == pytest.approx(0.541625043475, rel=1e-8)
    assert intercept.risk(X).mean() == pytest.approx(y.mean(), rel=1e-12)
    assert whole.risk(X).mean() == pytest.approx(y.mean(), rel=1e-12)
    assert "FLIC" in intercept.method
    assert "FLAC" in whole.method


def test_endometrial_cancer_matches_r(endometrial):
    X, y, names = endometrial
    rows = profile_firth(X, y, fit_firth(X, y, names))

    for row in rows:
        coef, low, high, p = ENDOMETRIAL[row.term]
        assert row.estimate == pytest.approx(coef, rel=1e-9)
        assert row.test.p_value == pytest.approx(p, rel=1e-9)
        if low is not None:
            assert row.interval.low == pytest.approx(low, rel=1e-8)
            assert row.interval.high == pytest.approx(high, rel=1e-8)


def test_standard_errors_are_those_of_the_inverse_information(endometrial):
    # K37. R 4.2.2: brglm2 0.9; logistf 1.26.1 would give 1.4650 for NV, from the augmented data
    fitted = fit_firth(*endometrial)
    expected = [1.4886916634, 1.5507637295, 0.039578147348, 0.7760176425]

    assert fitted.std_error == pytest.approx(expected, rel=1e-9)
    assert fitted.wald()[1].test.p_value == pytest.approx(0.0589021423, rel=1e-7)


def test_the_other_convention_of_standard_errors_is_that_of_the_augmented_rows(endometrial):
    # K37. R 4.2.2, logistf 1.26.1: sqrt(diag(fit$var)): 1.4649741494 for NV, 0.7536283804 for EH.
    # Each row once more by its leverage; the product prints the inverse information, and says so
    X, y, names = endometrial
    fitted = fit_firth(X, y, names)
    risk = fitted.risk(X)
    spread = risk * (1 - risk)
    leverage = spread * np.einsum("ij,jk,ik->i", X, fitted.covariance, X)
    errors = np.sqrt(np.linalg.inv(X.T @ (X * (spread * (1 + leverage))[:, np.newaxis])).diagonal())

    assert [1.4649741494, 0.7536283804] == pytest.approx(errors[[1, 3]], rel=1e-6)


def test_the_penalised_ratio_test_of_neovasculation_matches_r(endometrial):
    # K36. R 4.2.2, logistf 1.26.1: logistftest(fit, ~ NV)
    X, y, names = endometrial
    fitted = fit_firth(X, y, names)
    test = penalised_ratio_tests(X, y, fitted, {"NV": ["NV"]})["NV"]

    assert test.statistic == pytest.approx(6.79845724867, rel=1e-9)
    assert fitted.penalised_log_likelihood == pytest.approx(-24.037267801, rel=1e-10)
    assert fitted.penalised_log_likelihood - test.statistic / 2 == pytest.approx(
        -27.436496425, rel=1e-9
    )


def test_flic_and_flac_of_endometrial_cancer_match_r(endometrial):
    # K39. R 4.2.2, logistf 1.26.1
    X, y, names = endometrial
    fitted = fit_firth(X, y, names)

    assert flic(X, y, fitted).coef[0] == pytest.approx(3.7860832849, rel=1e-7)
    assert flac(X, y, fitted).coef == pytest.approx(
        [3.7981607117, 2.9413665475, -0.0346100304, -2.6142633895], rel=3e-7
    )


def test_a_two_by_two_table_is_one_half_added_to_each_cell():
    # K42, closed form: slope 2 ln 7, intercept -ln 7 (the README of firthmodels prints -2.725)
    X = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    fitted = fit_firth(X, [0, 0, 0, 1, 1, 1], ("intercept", "x"))

    assert fitted.coef == pytest.approx([-np.log(7), 2 * np.log(7)], rel=1e-11)


def test_the_seed_papers_oncocytic_carcinomas_match_r():
    # K43. R 4.2.2, logistf 1.26.1 on 3/29 against 0/58; weights stand for the patients of a cell
    X = np.array([[1.0, 1], [1, 0], [1, 0]])
    y, weights = [1, 1, 0], [3, 29, 58]
    fitted = fit_firth(X, y, ("intercept", "OCA"), weights)
    row = profile_firth(X, y, fitted, weights=weights)[1]

    assert row.estimate == pytest.approx(2.630546640, rel=1e-9)
    assert row.interval.low == pytest.approx(0.250520966, rel=1e-8)
    assert row.interval.high == pytest.approx(7.544435755, rel=1e-8)
    assert row.test.p_value == pytest.approx(0.0281330, abs=5e-8)
    assert row.test.n == 90


def test_the_seed_model_matches_r(columns):
    # R 4.2.2, brglm2 0.9 (AS_mean) on the rebuilt rows; its errors are good to about 1e-7
    data = columns("bellakhdar2024_pseudo_ipd.csv")
    terms = ("age_ge_54", "diameter_ge_29mm", "metastasis")
    X = np.column_stack([np.ones(90), *(data[name] for name in terms)])
    fitted = fit_firth(X, data["rair"], ("intercept", *terms))

    expected = [-2.8827727205, 1.734542482, 1.7686471908, 2.8736123023]
    assert fitted.coef == pytest.approx(expected, rel=1e-9)
    expected = [0.6019284651, 0.6186296296, 0.6000759821, 0.7195867864]
    assert fitted.std_error == pytest.approx(expected, rel=1e-7)


def test_firthmodels_agrees(sex2):
    from firthmodels import FirthLogisticRegression

    X, y, names = sex2
    ours = fit_firth(X, y, names)
    other = FirthLogisticRegression(backend="numpy", max_iter=500, gtol=1e-9, xtol=1e-9)
    other.fit(X[:, 1:], y)

    assert ours.coef[1:] == pytest.approx(other.coef_, rel=2e-9)
    assert ours.coef[0] == pytest.approx(other.intercept_, rel=2e-9)
    assert ours.penalised_log_likelihood == pytest.approx(other.loglik_, rel=1e-12)


def against(X, y, coef):
    """Minus the penalised log-likelihood, written from its definition."""
    line = X @ coef
    risk = expit(line)
    information = X.T @ (X * (risk * (1 - risk))[:, None])
    return -log_expit((2 * y - 1) * line).sum() - np.linalg.slogdet(information)[1] / 2


def random_data(seed, n=30):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=n), rng.integers(0, 2, n)])
    return X, (X[:, 1] + rng.normal(size=n) * (seed % 2) > 0).astype(int)


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_equals_a_generic_maximisation(seed):
    X, y = random_data(seed)
    fitted = fit_firth(X, y, ("one", "x", "z"))
    options = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 20000, "maxfev": 20000}
    other = minimize(
        lambda coef: against(X, y, coef), np.zeros(3), method="Nelder-Mead", options=options
    )

    assert -other.fun == pytest.approx(fitted.penalised_log_likelihood, rel=1e-12)
    assert fitted.coef == pytest.approx(other.x, abs=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
def test_profile_limits_equal_a_slow_search(seed):
    X, y = random_data(seed)
    fitted = fit_firth(X, y, ("one", "x", "z"))

    def drop(value):
        def fixed(others):
            return against(X, y, np.array([others[0], value, others[1]]))

        best = minimize(fixed, fitted.coef[[0, 2]], method="Nelder-Mead", tol=1e-12)
        return 2 * (fitted.penalised_log_likelihood + best.fun) - 3.841458820694124

    row = profile_firth(X, y, fitted)[1]
    centre, reach = fitted.coef[1], 10 * fitted.std_error[1]
    assert row.interval.low == pytest.approx(brentq(drop, centre - reach, centre), abs=1e-6)
    assert row.interval.high == pytest.approx(brentq(drop, centre, centre + reach), abs=1e-6)


def test_the_score_is_the_derivative_of_the_penalised_likelihood():
    X, y = random_data(1)
    rows, coef = design(X, y, ("one", "x", "z")), np.array([0.2, 0.5, -0.3])
    point = penalised_log_likelihood(rows, coef)

    assert point.value == pytest.approx(-against(X, y, coef), rel=1e-13)
    for column, nudge in enumerate(np.eye(3) * 1e-6):
        slope = (against(X, y, coef - nudge) - against(X, y, coef + nudge)) / 2e-6
        assert X[:, column] @ point.residual == pytest.approx(slope, rel=1e-6, abs=1e-6)


def test_so_far_out_that_nothing_is_left_is_minus_infinity_and_no_warning():
    X, y = random_data(0)
    point = penalised_log_likelihood(design(X, y, ("one", "x", "z")), np.array([900.0, 0, 0]))

    assert point.value == -np.inf


def test_the_intercept_alone_has_nothing_to_test():
    fitted = fit_firth(np.ones((5, 1)), [0, 1, 1, 1, 0], ("intercept",))

    assert fitted.coef[0] == pytest.approx(np.log(3.5 / 2.5), rel=1e-11)
    with pytest.raises(AnalysisError, match="nothing to test"):
        fitted.likelihood_ratio()


patients = st.lists(
    st.tuples(st.integers(-2, 2), st.integers(0, 1), st.integers(0, 1)), min_size=6, max_size=25
).filter(
    lambda rows: (
        0 < sum(row[2] for row in rows) < len(rows)
        and np.linalg.matrix_rank([[1, *row[:2]] for row in rows]) == 3
    )
)


@settings(max_examples=40, deadline=None)
@given(patients)
def test_separated_or_not_everything_is_finite_and_interval_and_p_agree(rows):
    a, b, y = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    X = np.column_stack([np.ones(len(a)), a, b])
    fitted = fit_firth(X, y, ("one", "a", "b"))

    assert fitted.converged
    for row in profile_firth(X, y, fitted):
        assert -100 < row.interval.low < row.estimate < row.interval.high < 100
        if abs(row.test.p_value - 0.05) > 1e-6:
            assert (0 in row.interval) == (row.test.p_value > 0.05)


@settings(max_examples=40, deadline=None)
@given(patients, st.randoms(use_true_random=False))
def test_the_order_of_patients_does_not_matter_and_weights_are_copies(rows, random):
    shuffled = random.sample(rows, len(rows)) + rows
    a, b, y = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    twice = [np.array(column, dtype=float) for column in zip(*shuffled, strict=True)]
    names = ("one", "a", "b")
    weighted = fit_firth(np.column_stack([np.ones(len(a)), a, b]), y, names, [2] * len(a))
    copied = fit_firth(np.column_stack([np.ones(2 * len(a)), *twice[:2]]), twice[2], names)

    assert weighted.coef == pytest.approx(copied.coef, abs=1e-7)
    assert weighted.penalised_log_likelihood == pytest.approx(copied.penalised_log_likelihood)


@settings(max_examples=40, deadline=None)
@given(patients)
def test_the_corrected_intercept_makes_the_mean_risk_the_share_of_cases(rows):
    a, b, y = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    X = np.column_stack([np.ones(len(a)), a, b])
    fitted = fit_firth(X, y, ("one", "a", "b"))

    assert flic(X, y, fitted).risk(X).mean() == pytest.approx(y.mean(), rel=1e-9)
    assert flac(X, y, fitted).risk(X).mean() == pytest.approx(y.mean(), rel=1e-9)


def test_firth_shrinks_towards_zero(birthwt):
    X, y, names, by_likelihood = birthwt
    by_firth = fit_firth(X, y, names)

    assert (np.abs(by_firth.coef[1:]) < np.abs(by_likelihood.coef[1:])).all()
    assert by_firth.log_likelihood < fit(X, y, names).log_likelihood


def test_the_true_curvature_is_that_of_the_penalised_likelihood(sex2):
    X, y, names = sex2
    rows, coef, step = design(X, y, names), np.linspace(-0.4, 0.5, 7), 1e-5
    exact = penalised_log_likelihood(rows, coef).exact

    for column in range(7):
        ahead, behind = coef.copy(), coef.copy()
        ahead[column] += step
        behind[column] -= step
        slopes = [X.T @ penalised_log_likelihood(rows, at).residual for at in (ahead, behind)]
        assert np.allclose((slopes[1] - slopes[0]) / (2 * step), exact[:, column], atol=1e-5)


def test_equal_patients_profiled_as_one_row_are_the_same_patients(sex2):
    rows = design(*sex2)
    fewer = together(rows)

    assert len(fewer.y) < len(rows.y) / 4
    assert fewer.n == rows.n
    assert fewer.n_events == rows.n_events
    coef = np.linspace(-0.4, 0.5, 7)
    whole, grouped = (penalised_log_likelihood(some, coef) for some in (rows, fewer))
    assert whole.value == pytest.approx(grouped.value, rel=1e-12)
    assert np.allclose(rows.X.T @ whole.residual, fewer.X.T @ grouped.residual, atol=1e-9)
    assert np.allclose(whole.exact, grouped.exact, rtol=1e-9)
