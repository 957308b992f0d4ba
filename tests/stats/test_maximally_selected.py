from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.contingency import pearson
from avidity.stats.cutpoint import all_cutpoints, best_cutpoints, closest_top_left, youden
from avidity.stats.maximally_selected import (
    chi_square,
    either_way,
    improved_bonferroni,
    maximally_selected,
    miller_siegmund,
    selected_by_permutation,
)

TENTHS = (0.1, 0.9)


@pytest.mark.parametrize(
    ("name", "marker", "statistic", "lausen_1992", "conditional"),
    [
        ("asah.csv", "s100b", 4.834073699704, 7.113794926259e-05, 1.0000100001e-05),
        ("asah.csv", "age", 2.313224464491, 0.2746179348931, 0.1675216752168),
        ("birthwt.csv", "age", 2.398773672932, 0.2330694897755, 0.1237312373124),
        ("birthwt.csv", "lwt", 3.333983934745, 0.02236493571822, 0.01094010940109),
    ],
)
def test_statistic_and_p_values_match_maxstat(
    columns, name, marker, statistic, lausen_1992, conditional
):
    # R 4.2.2, maxstat 0.7-25: maxstat.test(y ~ x, smethod = "Data", minprop = .1, maxprop = .9),
    # pmethod = "Lau92", and "condMC" with set.seed(1), B = 99999
    data = columns(name)
    outcome = data["poor" if name == "asah.csv" else "low"]
    got = maximally_selected(data[marker], outcome, share=TENTHS)

    assert got.standardised == pytest.approx(statistic, rel=1e-11)
    assert miller_siegmund(got.standardised, *TENTHS) == pytest.approx(lausen_1992, rel=1e-9)
    error = np.sqrt(conditional * (1 - conditional) / 99_999)
    assert abs(got.corrected.p_value - conditional) < 4 * error


@pytest.mark.parametrize(("statistic", "p_value"), [(2.5, 0.2817598614049), (3.5, None)])
def test_improved_bonferroni_matches_maxstat(statistic, p_value):
    # R 4.2.2, maxstat 0.7-25: maxstat:::pLausen94(2.5, 113, .1, .9) tries floor(N/10) to
    # floor(9 N/10) below; pLausen94(3.5, 200, .1, .9) likewise
    n = 113 if p_value else 200
    below = range(n // 10, 9 * n // 10 + 1)

    assert improved_bonferroni(statistic, below, n) == pytest.approx(
        p_value or 0.01842107730864, rel=1e-10
    )
    # maxstat:::pLausen94(2.5, 113, m = c(12, 20, 40, 80))
    assert improved_bonferroni(2.5, (12, 20, 40, 80), 113) == pytest.approx(
        0.04307392311669, rel=1e-10
    )


def test_miller_and_siegmund_match_maxstat():
    # R 4.2.2, maxstat 0.7-25: pLausen92(2.5, .1, .9), pLausen92(3.5, .2, .7), pLausen92(.8, .1, .9)
    assert miller_siegmund(2.5, 0.1, 0.9) == pytest.approx(0.189802453892, rel=1e-11)
    assert miller_siegmund(3.5, 0.2, 0.7) == pytest.approx(0.00726269290701, rel=1e-11)
    assert miller_siegmund(0.8, 0.1, 0.9) == 1
    with pytest.raises(ValueError, match="low < high"):
        miller_siegmund(2.5, 0.0, 0.9)


def test_a_youden_search_either_way_is_smirnovs_test(columns):
    # R 4.2.2: ks.test(s100b[poor == 1], s100b[poor == 0], exact = TRUE)
    data = columns("asah.csv")
    got = maximally_selected(data["s100b"], data["poor"], either_way(youden))

    assert got.cut.worth == pytest.approx(0.43970189702, rel=1e-10)
    assert got.corrected.p_value == pytest.approx(2.264564215e-05, rel=1e-9)
    assert got.monte_carlo_error is None
    assert "youden either way over 49 cut-offs, exact" in got.corrected.method


def by_enumeration(score, cases, by, observed):
    """Every way to choose the cases: how many have a cut-off worth as much."""
    hits = 0
    for chosen in combinations(range(len(score)), cases):
        outcome = [place in chosen for place in range(len(score))]
        worths = [cut.worth for cut in all_cutpoints(score, outcome, by) if not cut.trivial]
        hits += max(worths) >= observed - 1e-12
    return hits / comb(len(score), cases)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=8),
    st.sampled_from([chi_square, youden, closest_top_left, either_way(youden)]),
)
def test_the_exact_p_value_equals_trying_every_order(patients, by):
    score, outcome = np.array(patients, dtype=float).T
    if len(set(score)) < 2 or not 0 < outcome.sum() < len(outcome):
        return
    got = maximally_selected(score, outcome, by)

    expected = by_enumeration(score, int(outcome.sum()), by, got.cut.worth)
    assert got.corrected.p_value == pytest.approx(expected, rel=1e-12)


def test_permutations_agree_with_the_exact_p_value_within_their_error(columns):
    data = columns("birthwt.csv")
    exact = maximally_selected(data["lwt"], data["low"], share=TENTHS)
    rng = np.random.default_rng(20240915)
    drawn = selected_by_permutation(data["lwt"], data["low"], rng, share=TENTHS, resamples=20_000)

    assert drawn.monte_carlo_error == pytest.approx(0.00074, abs=0.0001)
    assert abs(drawn.corrected.p_value - exact.corrected.p_value) < 4 * drawn.monte_carlo_error
    assert drawn.cut == exact.cut
    assert "20000 random permutations" in drawn.corrected.method


def test_under_the_null_the_corrected_p_value_keeps_its_promise_and_the_naive_one_does_not():
    # 600 useless markers in 60 patients, 20 of them cases; Monte-Carlo error of 5% is 0.9%
    rng = np.random.default_rng(5)
    outcome = np.repeat([1, 0], [20, 40])
    pairs = [
        (got.naive.p_value, got.corrected.p_value)
        for got in (maximally_selected(rng.normal(size=60), outcome) for _ in range(600))
    ]
    naive, corrected = np.array(pairs).T

    assert 0.024 <= (corrected <= 0.05).mean() <= 0.05 + 3 * 0.009
    assert (naive <= 0.05).mean() > 0.3
    assert (corrected >= naive * 0.9).all()


def test_the_search_finds_the_cut_off_that_cutpoint_finds(columns):
    data = columns("asah.csv")
    got = maximally_selected(data["s100b"], data["poor"], youden)

    assert best_cutpoints(data["s100b"], data["poor"])[0] == got.cut
    table = got.cut.table
    assert got.naive == pearson([[table.tp, table.fp], [table.fn, table.tn]])


def test_the_direction_is_the_declared_one(columns):
    data = columns("birthwt.csv")
    low = maximally_selected(data["lwt"], data["low"], youden, lower_means_case=True)
    turned = maximally_selected(-data["lwt"], data["low"], youden)

    assert low.cut.value == -turned.cut.value
    assert low.corrected.p_value == turned.corrected.p_value
    wrong = maximally_selected(data["lwt"], data["low"], youden)
    assert wrong.corrected.p_value > 0.5 > low.corrected.p_value


def test_patients_on_one_side_stay_within_the_shares(columns):
    data = columns("asah.csv")
    got = maximally_selected(data["s100b"], data["poor"], share=(0.25, 0.75))

    assert min(got.below) >= 0.25 * 113
    assert max(got.below) <= 0.75 * 113


def test_without_a_cut_off_there_is_no_search():
    with pytest.raises(AnalysisError, match="no cut-off"):
        maximally_selected([1.0] * 6, [0, 1] * 3)
    with pytest.raises(AnalysisError, match="no cases"):
        maximally_selected([1.0, 2.0], [0, 0])


def test_too_many_patients_are_sent_to_the_permutations():
    rng = np.random.default_rng(1)
    n = 200_001
    with pytest.raises(AnalysisError, match="permutations"):
        maximally_selected(rng.integers(0, 3, n), rng.random(n) < 0.5)
