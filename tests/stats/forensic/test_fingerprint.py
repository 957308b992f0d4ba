"""Which tests reproduce a printed p, and how few explain a table."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.fisher import fisher_2x2
from avidity.stats.forensic.count_candidates import (
    CENTRAL,
    FISHER,
    MID_P,
    PEARSON,
    WALD,
    YATES,
    count_candidates,
    fishers_p,
)
from avidity.stats.forensic.fingerprint import Candidate, fingerprint
from avidity.stats.forensic.mean_candidates import POOLED, WELCH, PrintedMoments, mean_candidates
from avidity.stats.forensic.policy import policies
from avidity.stats.forensic.printed_p import p_range, printed_p, prints
from avidity.stats.forensic.rank_bounds import rank_bounds
from avidity.stats.forensic.rank_candidates import auc_candidates, doubled_wins
from avidity.stats.logistic import fit
from avidity.stats.means import Moments, pooled_t_from_moments, welch_t_from_moments
from avidity.stats.ranks import mann_whitney
from avidity.stats.rounded import rounded

# Bel Lakhdar et al. 2024, Table 1: refractory, not refractory; p as printed
SEED = {
    "sex": ([[30, 53], [2, 5]], "1.000"),
    "age 54": ([[19, 16], [13, 42]], "0.004"),
    "metastasis": ([[18, 4], [14, 54]], "0.000"),
    "diameter 29": ([[21, 14], [11, 44]], "0.000"),
    "extension": ([[3, 4], [29, 54]], "0.696"),
    "multifocal": ([[12, 14], [20, 44]], "0.226"),
    "papillary": ([[25, 53], [7, 5]], "0.106"),
    "high risk": ([[2, 1], [23, 52]], "0.239"),
    "follicular": ([[4, 5], [28, 53]], "0.716"),
    "oncocytic": ([[3, 0], [29, 58]], "0.042"),
}


def seed_prints():
    return [
        fingerprint(name, "2 × 2 counts", printed_p(p), count_candidates(table), 90)
        for name, (table, p) in SEED.items()
    ]


def test_the_seed_is_fishers_but_for_one_row():
    (policy,) = policies(seed_prints())

    assert ((FISHER, WALD), (FISHER, MID_P)) == policy.choices
    assert (FISHER, False) == (policy.best, policy.one)
    assert set(SEED) - {"age 54"} == set(policy.best_rows)
    assert () == policy.unexplained


def test_the_seeds_age_row_is_neither_chi_square_nor_fisher_but_a_logistic_wald_p():
    # R 4.2.2: chisq.test 0.003064, with Yates 0.006231, fisher.test 0.006199, glm Wald 0.003804
    (one,) = [one for one in seed_prints() if one.row == "age 54"]
    values = {match.test: match.low for match in one.matches}

    assert values[PEARSON] == pytest.approx(0.003064, abs=5e-7)
    assert values[YATES] == pytest.approx(0.006231, abs=5e-7)
    assert values[FISHER] == pytest.approx(0.006199, abs=5e-7)
    assert values[WALD] == pytest.approx(0.003804, abs=5e-7)
    # mid-p prints so too, 0.0035; the program the paper names does not offer it
    assert (WALD, MID_P) == one.reproduced_by


def test_the_wald_p_is_that_of_the_fitted_model():
    X = np.column_stack([np.ones(4), [1, 0, 1, 0]])
    model = fit(X, [1, 1, 0, 0], ("intercept", "x"), [19, 13, 16, 42])

    found = {one.test: one.low for one in count_candidates([[19, 16], [13, 42]])}

    assert model.wald()[1].test.p_value == pytest.approx(found[WALD], rel=1e-9)


def test_the_wald_p_of_several_levels_is_that_of_the_fitted_model():
    table = np.array([[12, 5], [7, 9], [6, 14]])
    X = np.column_stack([np.ones(3), [0, 1, 0], [0, 0, 1]])
    rows, y = np.vstack([X, X]), [1, 1, 1, 0, 0, 0]
    model = fit(rows, y, ("intercept", "b", "c"), table.T.ravel())
    beta, spread = model.coef[1:], model.covariance[1:, 1:]
    from scipy.stats import chi2

    expected = chi2.sf(beta @ np.linalg.solve(spread, beta), 2)

    found = {one.test: one.low for one in count_candidates(table)}
    assert expected == pytest.approx(found[WALD], rel=1e-8)


@given(st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(sum))
def test_fishers_p_are_those_of_the_full_test(cells):
    table = np.reshape(cells, (2, 2))
    found = fishers_p(table)

    assert fisher_2x2(table).p_value == pytest.approx(found[FISHER], rel=1e-12)
    assert fisher_2x2(table, "central").p_value == pytest.approx(found[CENTRAL], rel=1e-12)
    assert fisher_2x2(table, "mid-p").p_value == pytest.approx(found[MID_P], rel=1e-12)


def test_a_table_with_an_empty_cell_has_no_wald_p():
    assert WALD not in {one.test for one in count_candidates([[3, 0], [29, 58]])}


MOMENTS = st.tuples(st.integers(2, 60), st.floats(20, 80), st.floats(0.5, 30))


@settings(deadline=None)
@given(MOMENTS, MOMENTS, st.integers(0, 3))
def test_the_p_of_unrounded_moments_lies_in_the_range_from_print(first, second, decimals):
    unrounded = [Moments(*one) for one in (first, second)]
    pair = [
        PrintedMoments(
            one.n, rounded(f"{one.mean:.{decimals}f}"), rounded(f"{one.sd:.{decimals}f}")
        )
        for one in unrounded
    ]
    ranges = {one.test: (one.low, one.high) for one in mean_candidates(*pair)}

    for test, function in ((POOLED, pooled_t_from_moments), (WELCH, welch_t_from_moments)):
        low, high = ranges[test]
        true = function(*unrounded).p_value
        assert low * (1 - 1e-9) - 1e-15 <= true <= high * (1 + 1e-9) + 1e-15


def test_the_seeds_age_is_students_t_and_not_welchs():
    pair = [
        PrintedMoments(32, rounded("53.06"), rounded("14.128")),
        PrintedMoments(58, rounded("44.43"), rounded("13.088")),
    ]
    one = fingerprint("age", "numbers", printed_p("0.005"), mean_candidates(*pair), 90)

    assert POOLED in one.reproduced_by
    assert WELCH not in one.reproduced_by


def test_the_printed_areas_leave_few_counts_of_pairs():
    assert (2527, 2529) == doubled_wins(rounded("0.681"), 32, 58)
    assert (2931, 2934) == doubled_wins(rounded("0.790"), 32, 58)
    assert doubled_wins(rounded("0.33"), 2, 2) is None


@settings(deadline=None)
@given(st.permutations(range(30)), st.integers(2, 28))
def test_the_p_from_an_area_is_that_of_mann_and_whitney_without_ties(order, m):
    x, y = order[:m], order[m:]
    for continuity, at in ((False, 0), (True, 1)):
        true = mann_whitney(x, y, "asymptotic", continuity=continuity)
        area = rounded(f"{true.superiority:.4f}")
        candidate = auc_candidates(area, m, 30 - m)[at]

        assert candidate.low - 1e-9 <= true.p_value <= candidate.high + 1e-9


SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=15),
    st.lists(st.integers(0, 30), min_size=2, max_size=15),
    st.sets(st.sampled_from(SHARES)),
    st.sampled_from(["linear", "weibull", "inverted_cdf", "median_unbiased", "hazen"]),
)
def test_the_count_of_pairs_lies_within_the_bounds_from_quantiles(x, y, shares, definition):
    printed = [
        {share: rounded(f"{np.quantile(values, share, method=definition):.2f}") for share in shares}
        for values in (x, y)
    ]
    bounds = rank_bounds(printed[0], len(x), printed[1], len(y))

    assert bounds.low <= mann_whitney(x, y, "asymptotic").statistic <= bounds.high


def test_ranges_that_do_not_meet_leave_a_single_count():
    low, high = {0.0: rounded("1"), 1.0: rounded("9")}, {0.0: rounded("20"), 1.0: rounded("30")}
    bounds = rank_bounds(low, 8, high, 5)

    assert (0.0, 0.0) == (bounds.low, bounds.high)
    with pytest.raises(AnalysisError, match="quantiles fall"):
        rank_bounds({0.0: rounded("9"), 1.0: rounded("1")}, 8, high, 5)


def test_a_printed_p_and_what_it_stands_for():
    assert (0.0, 0.0005) == p_range(printed_p("0.000"))
    assert (0.9995, 1.0) == p_range(printed_p("1.000"))
    assert (0.05, 1.0) == p_range(printed_p("NS"))
    assert prints(0.0005, 0.0005, printed_p("<0.001"))
    assert not prints(0.001, 0.001, printed_p("<0.001"))
    assert not prints(0.04, 0.049, printed_p("NS"))
    with pytest.raises(ValueError, match="between 0 and 1"):
        printed_p("1.2")


def rows(*reproduced):
    tests = ("a", "b", "c")
    return [
        fingerprint(
            f"row {at}",
            "numbers",
            printed_p("0.50"),
            tuple(Candidate(test, p := 0.5 if test in hit else 0.1, p) for test in tests),
            10,
        )
        for at, hit in enumerate(reproduced)
    ]


def test_the_smallest_sets_of_tests_are_all_listed():
    (one,) = policies(rows("ab", "b", "bc"))
    (two,) = policies(rows("a", "bc", "bc"))
    (gap,) = policies(rows("a", ""))
    (none,) = policies(rows("", ""))

    assert (True, (("b",),)) == (one.one, one.choices)
    assert (("a", "b"), ("a", "c")) == two.choices
    assert ("b", False) == (two.best, two.told_apart)
    assert (("row 1",), False) == (gap.unexplained, gap.one)
    assert ((), ("row 0", "row 1")) == (none.choices, none.unexplained)


def test_one_sided_fisher_is_the_smaller_tail():
    # (3,1;1,3): P(3 or more) = (16 + 1) / 70
    found = {one.test: one.low for one in count_candidates([[3, 1], [1, 3]])}

    assert 17 / comb(8, 4) == pytest.approx(found["Fisher, one-sided"], rel=1e-12)
