import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.special import log_expit

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit, likelihood_ratio_tests, profile
from avidity.stats.roc import roc
from avidity.stats.separation import SeparatedError

# K51 and K52
# R 4.2.2: fit <- glm(low ~ age + lwt + factor(race) + smoke + ptl + ht + ui, binomial, birthwt)
# > print(summary(fit)$coefficients, digits = 10)
# glm stops when the deviance changes by less than 1e-8 of itself and takes its standard errors
# from the step before: its coefficients are good to 1e-8, its errors to about 2e-5.
COEF = [
    0.4644032796,
    -0.0270697792,
    -0.0151825628,
    1.2632193737,
    0.8616351058,
    0.9233491556,
    0.5417551191,
    1.8336956082,
    0.7585965038,
]
STD_ERROR = [
    1.2046871349,
    0.0364521021,
    0.0069277873,
    0.5264627324,
    0.4391910432,
    0.4008526136,
    0.3462644073,
    0.6917645808,
    0.4593889028,
]
# K55
# > for (v in attr(terms(fit), "term.labels")) anova(update(fit, . ~ . - v), fit, test = "LRT")
RATIO = {
    "age": (0.558636, 1, 0.45481),
    "lwt": (5.380723, 1, 0.020360),
    "race": (7.344105, 2, 0.025424),
    "smoke": (5.488668, 1, 0.019140),
    "ptl": (2.521113, 1, 0.112331),
    "ht": (7.384328, 1, 0.006580),
    "ui": (2.679509, 1, 0.101647),
}

# The seed paper's 90 patients by (age >= 54, diameter >= 29, metastasis): patients, and one of the
# 101 ways to place the 32 cases that agree with its Table 1 (19, 21 and 18 of them have the
# factor). Maximum likelihood sees the totals and these sums alone.
CELLS = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0]])
CELLS = np.vstack([CELLS, [1, 1, 1]])
PATIENTS = np.array([30, 5, 13, 7, 16, 4, 9, 6])
CASES = np.array([2, 2, 3, 6, 3, 4, 6, 6])
NAMES = ("intercept", "age >= 54", "diameter >= 29", "metastasis")


def grouped(cells, patients, cases):
    """Each cell as two weighted rows, one of cases and one of controls."""
    cells = np.asarray(cells, dtype=float)
    X = np.column_stack([np.ones(2 * len(cells)), np.vstack([cells, cells])])
    weights = np.concatenate([cases, np.subtract(patients, cases)])
    return X, np.repeat([1, 0], len(cells)), weights


def seed_fit(cases=CASES):
    X, y, weights = grouped(CELLS, PATIENTS, cases)
    return X, y, weights, fit(X, y, NAMES, weights)


def two_by_two(a, b, c, d):
    """Cases with, cases without, controls with, controls without a factor."""
    return grouped([[1], [0]], [a + c, b + d], [a, b])


def test_coefficients_and_errors_match_r(birthwt):
    fitted = birthwt[3]

    assert fitted.coef == pytest.approx(COEF, rel=2e-8)
    assert fitted.std_error == pytest.approx(STD_ERROR, rel=2e-5)
    assert (fitted.n, fitted.n_events) == (189, 59)
    assert fitted.converged
    assert fitted.iterations < 10


def test_deviance_and_criteria_match_r(birthwt):
    fitted = birthwt[3]

    assert fitted.deviance == pytest.approx(201.426951204, rel=1e-11)
    assert fitted.null_deviance == pytest.approx(234.671996193, rel=1e-11)
    assert fitted.aic == pytest.approx(219.426951204, rel=1e-11)
    assert fitted.bic == pytest.approx(201.426951204 + 9 * np.log(189), rel=1e-11)
    assert fitted.likelihood_ratio().statistic == pytest.approx(33.2450449894, rel=1e-10)
    assert fitted.likelihood_ratio().df == 8
    assert fitted.likelihood_ratio().p_value == pytest.approx(5.56308e-05, rel=1e-6)


def test_explained_shares_match_r(birthwt):
    # R 4.2.2: by their formulas from the two deviances; shrinkage as in rms
    fitted = birthwt[3]

    assert fitted.cox_snell == pytest.approx(0.161297906558, rel=1e-11)
    assert fitted.nagelkerke == pytest.approx(0.226830927643, rel=1e-11)
    assert fitted.mcfadden == pytest.approx(0.141666008423, rel=1e-11)
    assert fitted.shrinkage == pytest.approx(0.759362635769, rel=1e-11)


def test_likelihood_ratio_tests_per_variable_match_r(birthwt):
    X, y, names, fitted = birthwt
    groups = {variable: [n for n in names if n.split(" = ")[0] == variable] for variable in RATIO}
    tests = likelihood_ratio_tests(X, y, fitted, groups)

    for variable, (chi2, df, p) in RATIO.items():
        assert tests[variable].statistic == pytest.approx(chi2, abs=5e-7)
        assert tests[variable].df == df
        assert tests[variable].p_value == pytest.approx(p, abs=5e-6)


def test_profile_intervals_match_r_and_its_spline(birthwt):
    # K53
    # R 4.2.2, MASS 7.3-58.2: confint(fit). It reads the limits off a spline through the profile,
    # good to about 3e-5; the bisection below is the sharper check.
    X, y, _, fitted = birthwt
    rows = {row.term: row for row in profile(X, y, fitted)}
    expected = {
        "smoke": (0.1496018420, 1.7307738757),
        "ht": (0.5122907432, 3.2778972244),
        "lwt": (-0.0295739219, -0.0022581230),
    }

    for term, (low, high) in expected.items():
        assert rows[term].interval.low == pytest.approx(low, rel=1e-4)
        assert rows[term].interval.high == pytest.approx(high, rel=1e-4)
        assert rows[term].interval.method == "profile likelihood"


def test_a_smaller_model_of_birth_weight_matches_r(columns):
    # R 4.2.2: glm(low ~ age + lwt + smoke + ht + ui, binomial, birthwt), digits = 11; c-index,
    # Nagelkerke and Brier from rms 6.5-0 lrm
    data = columns("birthwt.csv")
    names = ("intercept", "age", "lwt", "smoke", "ht", "ui")
    X = np.column_stack([np.ones(189), *(data[name] for name in names[1:])])
    fitted = fit(X, data["low"], names)

    expected = [1.3997941576, -0.034073141008, -0.015447100005]
    expected += [0.64753972165, 1.8932741701, 0.88460678464]
    assert fitted.coef == pytest.approx(expected, rel=1e-8)
    p = [0.19510739783, 0.31160732404, 0.019018697079, 0.054419814779, 0.0055986586067]
    p += [0.046357091483]
    rows = fitted.wald()
    assert [row.test.p_value for row in rows] == pytest.approx(p, rel=1e-4)
    assert rows[4].interval.low == pytest.approx(0.55384948419, rel=2e-5)
    assert rows[4].interval.high == pytest.approx(3.232698856, rel=2e-5)
    assert fitted.log_likelihood == pytest.approx(-105.888919551, rel=1e-11)
    assert fitted.aic == pytest.approx(223.777839102, rel=1e-11)
    assert fitted.likelihood_ratio().statistic == pytest.approx(22.8941570912, rel=1e-11)
    assert fitted.nagelkerke == pytest.approx(0.16043464624, rel=1e-10)
    # rms 6.5-0 prints C 0.71792698827, from risks put into bins; no two risks lie closer than
    # 1e-9 without being equal, and counting all pairs gives half a pair of 7670 less
    assert roc(fitted.risk(X), data["low"]).auc == pytest.approx(5506 / 7670, rel=1e-12)
    assert roc(fitted.risk(X), data["low"]).auc == pytest.approx(0.71792698827, abs=0.51 / 7670)
    limits = {"age": (-0.10194065708, 0.030621197658), "ht": (0.58879043161, 3.3244423971)}
    profiled = {row.term: row.interval for row in profile(X, data["low"], fitted)}
    for term, (low, high) in limits.items():
        assert profiled[term].low == pytest.approx(low, rel=1e-3)  # MASS's spline again
        assert profiled[term].high == pytest.approx(high, rel=1e-3)


def test_smoking_alone_matches_r(columns):
    # K63
    # R 4.2.2: glm(low ~ smoke, binomial, birthwt); Wald and MASS profile intervals as odds ratios
    data = columns("birthwt.csv")
    X = np.column_stack([np.ones(189), data["smoke"]])
    fitted = fit(X, data["low"], ("intercept", "smoke"))
    wald, profiled = fitted.wald()[1], profile(X, data["low"], fitted)[1]

    assert np.exp(wald.estimate) == pytest.approx(2.02194357366, rel=1e-11)
    assert np.exp(wald.interval.low) == pytest.approx(1.08065986781, rel=1e-6)
    assert np.exp(wald.interval.high) == pytest.approx(3.78311061312, rel=1e-6)
    assert wald.test.p_value == pytest.approx(0.0276196, abs=5e-7)
    assert np.exp(profiled.interval.low) == pytest.approx(1.08187235063, rel=2e-5)
    assert np.exp(profiled.interval.high) == pytest.approx(3.80058170591, rel=2e-5)
    assert profiled.test.p_value == pytest.approx(0.0273688, abs=5e-7)


def test_the_budworm_data_match_r():
    # K65. Venables & Ripley: dead of 20 moths at doses 1, 2, 4 ... 32, males then females.
    # R 4.2.2: glm(SF ~ sex + ldose - 1, binomial); confint and confint.default, 8 digits
    dead = [1, 4, 9, 13, 18, 20, 0, 2, 6, 10, 12, 16]
    dose, male = np.tile(np.arange(6), 2), np.repeat([1, 0], 6)
    profiled, wald = {}, {}
    for sex, other in (("F", male), ("M", 1 - male)):
        X, y, weights = grouped(np.column_stack([other, dose]), [20] * 12, dead)
        fitted = fit(X, y, (sex, "difference", "ldose"), weights)
        profiled |= {r.term: r.interval for r in profile(X, y, fitted, weights=weights)}
        wald |= {r.term: r.interval for r in fitted.wald()}

    for got, expected, tolerance in (
        (profiled["F"], (-4.4581438, -2.6136098), 1e-4),  # read off a spline by R
        (profiled["M"], (-3.1728745, -1.6551175), 1e-4),
        (profiled["ldose"], (0.8228708, 1.3390581), 1e-4),
        (wald["F"], (-4.3914381, -2.5548725), 1e-6),
        (wald["M"], (-3.1279992, -1.6168247), 1e-6),
        (wald["ldose"], (0.8073069, 1.3211211), 1e-6),
    ):
        assert (got.low, got.high) == pytest.approx(expected, rel=tolerance)


def test_the_menarche_data_match_r():
    # K66. Milicer & Szczotka 1966, in MASS: girls asked and past menarche at each mean age.
    # R 4.2.2: glm(cbind(Menarche, Total - Menarche) ~ Age, binomial, menarche)
    age = [9.21, 10.21, 10.58, 10.83, 11.08, 11.33, 11.58, 11.83, 12.08, 12.33, 12.58, 12.83]
    age += [13.08, 13.33, 13.58, 13.83, 14.08, 14.33, 14.58, 14.83, 15.08, 15.33, 15.58]
    age += [15.83, 17.58]
    total = [376, 200, 93, 120, 90, 88, 105, 111, 100, 93, 100, 108, 99, 106, 105, 117, 98]
    total += [97, 120, 102, 122, 111, 94, 114, 1049]
    past = [0, 0, 0, 2, 2, 5, 10, 17, 16, 29, 39, 51, 47, 67, 81, 88, 79, 90, 113, 95, 117]
    past += [107, 92, 112, 1049]
    X, y, weights = grouped(np.reshape(age, (-1, 1)), total, past)
    fitted = fit(X, y, ("intercept", "age"), weights)

    assert fitted.n == 3918
    assert fitted.coef == pytest.approx([-21.22639490513, 1.63196834822], rel=1e-9)
    assert fitted.std_error == pytest.approx([0.770684663697, 0.058953080811], rel=1e-5)
    a, b = fitted.coef
    half_past = -a / b
    slope = np.array([-1 / b, a / b**2])
    assert half_past == pytest.approx(13.0066216837, rel=1e-9)
    assert np.sqrt(slope @ fitted.covariance @ slope) == pytest.approx(0.0386658232, rel=1e-5)


def test_the_seed_papers_table_2_and_its_intercept_come_out():
    *_, fitted = seed_fit()
    rows = fitted.wald()[1:]

    printed = [("6.502", "1.832", "23.080"), ("6.666", "1.962", "22.641")]
    printed += [("22.553", "5.099", "99.752")]
    got = [
        tuple(f"{np.exp(x):.3f}" for x in (r.estimate, r.interval.low, r.interval.high))
        for r in rows
    ]
    assert got == printed
    assert [f"{row.test.p_value:.3f}" for row in rows] == ["0.004", "0.002", "0.000"]
    # the recovered model, R 4.2.2 glm on the rebuilt rows, 8 decimals
    assert fitted.coef == pytest.approx(
        [-3.0847466831, 1.8721278833, 1.8969805377, 3.1158872196], rel=1e-9
    )
    assert fitted.std_error == pytest.approx(
        [0.640964049, 0.6463593627, 0.6238711729, 0.7585828352], rel=1e-8
    )
    assert fitted.deviance == pytest.approx(70.2316273101, rel=1e-11)
    assert fitted.null_deviance == pytest.approx(117.1472536569, rel=1e-11)
    assert fitted.likelihood_ratio().statistic == pytest.approx(46.9156263467, rel=1e-11)
    assert fitted.cox_snell == pytest.approx(0.4062427643, rel=1e-9)
    assert fitted.nagelkerke == pytest.approx(0.5580918984, rel=1e-9)
    assert fitted.shrinkage == pytest.approx(0.9360554205, rel=1e-9)


def test_the_seed_models_profile_intervals_match_r():
    # R 4.2.2, MASS: exp(confint(glm)), read off a spline
    X, y, weights, fitted = seed_fit()
    got = [np.exp([r.interval.low, r.interval.high]) for r in profile(X, y, fitted, 0.95, weights)]

    assert got[1] == pytest.approx([1.95470038, 25.6264366], rel=1e-3)
    assert got[2] == pytest.approx([2.06212808, 24.638346], rel=1e-3)
    assert got[3] == pytest.approx([5.73897243, 117.6525025], rel=1e-3)


def test_the_rebuilt_rows_give_the_same_fit_as_the_cells(columns):
    data = columns("bellakhdar2024_pseudo_ipd.csv")
    X = np.column_stack(
        [np.ones(90), data["age_ge_54"], data["diameter_ge_29mm"], data["metastasis"]]
    )
    fitted, cells = fit(X, data["rair"], NAMES), seed_fit()[-1]

    assert fitted.coef == pytest.approx(cells.coef, rel=1e-11)
    assert np.allclose(fitted.covariance, cells.covariance, rtol=1e-10)


def test_what_the_seed_paper_leaves_open_is_the_area_and_nothing_of_table_2():
    # every way to place the cases: 101, with the area between 0.8599 and 0.9138
    found = []
    for e3, e5, e6, e7 in np.ndindex(8, 5, 10, 7):
        e1, e2 = 18 - e3 - e5 - e7, 21 - e3 - e6 - e7
        e4 = 19 - e5 - e6 - e7
        e0 = 32 - (e1 + e2 + e3 + e4 + e5 + e6 + e7)
        cases = np.array([e0, e1, e2, e3, e4, e5, e6, e7])
        if (cases >= 0).all() and (cases <= PATIENTS).all():
            found.append(cases)
    risk = seed_fit()[-1].risk(grouped(CELLS, PATIENTS, CASES)[0][:8])
    areas = [
        roc(
            np.repeat(np.tile(risk, 2), np.concatenate([cases, PATIENTS - cases])),
            np.repeat([1, 0], [32, 58]),
        ).auc
        for cases in found
    ]

    assert len(found) == 101
    assert min(areas) == pytest.approx(0.8599, abs=5e-5)
    assert max(areas) == pytest.approx(0.9138, abs=5e-5)
    assert seed_fit(found[0])[-1].coef == pytest.approx(seed_fit(found[-1])[-1].coef, rel=1e-10)


def test_the_seed_papers_p_of_age_is_the_wald_p_of_a_single_predictor():
    # printed 0.004; neither chi squared (0.0031) nor Fisher (0.0062) gives it
    X, y, weights = two_by_two(19, 13, 16, 42)
    fitted = fit(X, y, ("intercept", "age >= 54"), weights)

    assert fitted.wald()[1].test.p_value == pytest.approx(0.003804, abs=5e-7)


def test_separated_data_raise_and_name_the_column(endometrial, sex2):
    # statsmodels' GLM says converged here, with NV = 22.19 +- 12,678; glm gives 18.19
    with pytest.raises(SeparatedError, match="NV = 1 holds 13 with the outcome and 0 without"):
        fit(*endometrial)
    with pytest.raises(SeparatedError, match="dia"):
        fit(*sex2)


def test_the_finite_estimates_of_separated_data_are_those_without_the_separated_rows(
    endometrial, sex2
):
    # K32 and K41. R 4.2.2, brglm2 0.9 and detectseparation: finite maximum-likelihood estimates
    X, y, names = endometrial
    kept = X[:, 1] == 0
    fitted = fit(X[kept][:, [0, 2, 3]], y[kept], [names[i] for i in (0, 2, 3)])
    assert fitted.coef == pytest.approx([4.3045177831, -0.0421834033, -2.9026056138], rel=1e-7)

    X, y, names = sex2
    kept = X[:, 6] == 0
    rows = {r.term: r for r in fit(X[kept][:, :6], y[kept], names[:6]).wald()}
    for term, estimate, error in (
        ("age", -1.1643938914, 0.4345169470),
        ("vic", 2.4059255020, 0.5695329005),
        ("vicl", -2.2461950225, 0.5643302493),
    ):
        assert rows[term].estimate == pytest.approx(estimate, rel=1e-7)
        assert rows[term].std_error == pytest.approx(error, rel=1e-5)


def resample_weights(replicate, n=189):
    """Park and Miller's generator: the same resamples in any language."""
    state, counts = 1000 + replicate, np.zeros(n, dtype=int)
    for _ in range(n):
        state = 16807 * state % 2147483647
        counts[n * state // 2147483647] += 1
    return counts


def test_a_resample_by_weights_gives_the_coefficients_r_gives(birthwt):
    # R 4.2.2: the same generator, glm on the drawn rows; replicate 1 has 121 different rows
    X, y, names, _ = birthwt
    weights = resample_weights(1)
    fitted = fit(X, y, names, weights)

    assert (weights > 0).sum() == 121
    expected = [0.1355551711, -0.0165302724, -0.0159045819, 1.1584775469, 1.2809987958]
    expected += [1.1913756288, 0.3117382213, 2.1501594985, 0.8296154929]
    assert fitted.coef == pytest.approx(expected, rel=1e-7)


def test_a_separated_resample_is_not_passed_off_as_a_fit(birthwt):
    # replicate 10 of the same series: glm.fit returns coefficients of 27.7 and growing
    X, y, names, _ = birthwt

    with pytest.raises(SeparatedError):
        fit(X, y, names, resample_weights(10))
    for replicate in (2, 3, 9, 11):
        assert np.abs(fit(X, y, names, resample_weights(replicate)).coef).max() < 10


def test_statsmodels_agrees(birthwt):
    from statsmodels.api import Logit

    X, y, _, fitted = birthwt
    other = Logit(y, X).fit(disp=False, tol=1e-14, maxiter=100)

    assert fitted.coef == pytest.approx(other.params, rel=1e-9)
    assert fitted.std_error == pytest.approx(other.bse, rel=1e-9)
    assert fitted.log_likelihood == pytest.approx(other.llf, rel=1e-12)
    assert fitted.null_log_likelihood == pytest.approx(other.llnull, rel=1e-10)
    assert fitted.bic == pytest.approx(other.bic, rel=1e-12)


def profile_limit_by_bisection(X, y, fitted, column, side):
    """From the definition: maximise over the others at each value, and halve towards 3.84."""
    others = [i for i in range(X.shape[1]) if i != column]

    def drop(value):
        def against(coef):
            line = X[:, others] @ coef + X[:, column] * value
            risk = 1 / (1 + np.exp(-line))
            return -log_expit((2 * y - 1) * line).sum(), -(X[:, others].T @ (y - risk))

        best = minimize(against, fitted.coef[others], jac=True, method="BFGS", tol=1e-9)
        return 2 * (fitted.log_likelihood + best.fun) - 3.841458820694124

    far = fitted.coef[column] + side * 6 * fitted.std_error[column]
    return brentq(drop, fitted.coef[column], far, xtol=1e-10)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_profile_limits_equal_a_slow_search(seed):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(40), rng.normal(size=40), rng.integers(0, 2, 40)])
    y = (rng.random(40) < 1 / (1 + np.exp(-X[:, 1]))).astype(int)
    fitted = fit(X, y, ("one", "x", "z"))

    for column, row in enumerate(profile(X, y, fitted)):
        low = profile_limit_by_bisection(X, y, fitted, column, -1)
        high = profile_limit_by_bisection(X, y, fitted, column, +1)
        assert row.interval.low == pytest.approx(low, abs=1e-6)
        assert row.interval.high == pytest.approx(high, abs=1e-6)


def test_predicted_risks_have_the_mean_of_the_outcome(birthwt):
    X, y, _, fitted = birthwt

    assert fitted.risk(X).mean() == pytest.approx(y.mean(), rel=1e-12)
    assert fitted.linear_predictor(X[:1])[0] == pytest.approx(X[0] @ fitted.coef, rel=1e-14)


def test_an_overlap_of_a_hair_is_still_an_overlap():
    # more than 25 steps, so that separation is asked for, and denied
    x = np.array([0.0, 1.0, 1.0 + 1e-13, 2.0])
    fitted = fit(np.column_stack([np.ones(4), x - 1]), [0, 1, 0, 1], ("one", "x"))

    assert fitted.iterations > 1
    assert 20 < fitted.coef[1] < 40
    assert fitted.risk([[1, -1]])[0] < 1e-9


def test_the_intercept_alone_is_the_log_odds_and_has_nothing_to_test():
    fitted = fit(np.ones((5, 1)), [0, 1, 1, 1, 0], ("intercept",))

    assert fitted.coef[0] == pytest.approx(np.log(3 / 2), rel=1e-12)
    assert profile(np.ones((5, 1)), [0, 1, 1, 1, 0], fitted)[0].interval.low < np.log(1.5)
    with pytest.raises(AnalysisError, match="nothing to test"):
        fitted.likelihood_ratio()


def test_a_model_that_explains_nothing_shrinks_without_bound():
    fitted = fit(np.column_stack([np.ones(4), [0, 0, 1, 1]]), [0, 1, 0, 1], ("one", "x"))

    assert fitted.likelihood_ratio().p_value == pytest.approx(1, abs=1e-6)
    assert fitted.shrinkage < 0


def test_an_unknown_term_cannot_be_tested(birthwt):
    X, y, _, fitted = birthwt

    with pytest.raises(AnalysisError, match="must be among"):
        likelihood_ratio_tests(X, y, fitted, {"height": ["height"]})
    with pytest.raises(AnalysisError, match="must be among"):
        likelihood_ratio_tests(X, y, fitted, {"nothing": []})


designs = st.lists(
    st.tuples(st.integers(-2, 2), st.integers(0, 1), st.integers(0, 1)), min_size=8, max_size=30
)


def fitted_or_none(X, y, names, weights=None):
    try:
        return fit(X, y, names, weights)
    except AnalysisError:
        return None


@settings(max_examples=50, deadline=None)
@given(designs, st.integers(2, 4))
def test_copying_every_patient_keeps_the_coefficients(rows, copies):
    a, b, y = (np.array(column) for column in zip(*rows, strict=True))
    X, names = np.column_stack([np.ones(len(a)), a, b]), ("one", "a", "b")
    once = fitted_or_none(X, y, names)
    repeated = fitted_or_none(np.tile(X, (copies, 1)), np.tile(y, copies), names)
    weighted = fitted_or_none(X, y, names, np.full(len(y), copies))

    assert (once is None) == (repeated is None) == (weighted is None)
    if once is not None:
        assert repeated.coef == pytest.approx(once.coef, rel=1e-8, abs=1e-8)
        assert weighted.coef == pytest.approx(once.coef, rel=1e-8, abs=1e-8)
        assert np.allclose(weighted.covariance * copies, once.covariance, rtol=1e-6)
        assert weighted.n == copies * once.n


@settings(max_examples=50, deadline=None)
@given(designs, st.randoms(use_true_random=False))
def test_the_order_of_patients_and_columns_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))

    def by_name(data, order):
        a, b, y = (np.array(column) for column in zip(*data, strict=True))
        named = {"a": a, "b": b}
        X = np.column_stack([np.ones(len(a)), *(named[name] for name in order)])
        fitted = fitted_or_none(X, y, ("one", *order))
        return fitted and dict(zip(fitted.names, fitted.coef, strict=True))

    plain, other = by_name(rows, ("a", "b")), by_name(shuffled, ("b", "a"))
    assert (plain is None) == (other is None)
    if plain:
        assert plain == pytest.approx(other, rel=1e-7, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(designs, st.sampled_from([0.8, 0.95, 0.99]))
def test_interval_and_p_value_never_disagree(rows, level):
    a, b, y = (np.array(column) for column in zip(*rows, strict=True))
    X = np.column_stack([np.ones(len(a)), a, b])
    fitted = fitted_or_none(X, y, ("one", "a", "b"))
    if fitted is None:
        return

    for row in (*fitted.wald(level), *profile(X, y, fitted, level)):
        if abs(row.test.p_value - (1 - level)) > 1e-6:
            assert (0 in row.interval) == (row.test.p_value > 1 - level)
        assert row.interval.low < row.estimate < row.interval.high
