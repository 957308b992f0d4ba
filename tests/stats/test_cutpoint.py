from math import inf, isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.cutpoint import (
    DiagnosticTable,
    all_cutpoints,
    best_cutpoints,
    closest_top_left,
    likelihood_ratio,
    performance,
    table_at,
)
from avidity.stats.proportion import clopper_pearson

# R 4.2.2, pROC 1.18.0 on aSAH: coords(r, "best", best.method = "youden" or "closest.topleft",
# ret = c("threshold", "sensitivity", "specificity")); pROC's threshold is the mid-point
BEST = [
    ("s100b", "youden", 0.205, 0.634146, 0.805556),
    ("wfns", "youden", 3.5, 0.634146, 0.833333),
    ("ndka", "youden", 11.08, 0.707317, 0.513889),
    ("s100b", "top left", 0.205, 0.634146, 0.805556),
    ("wfns", "top left", 2.5, 0.658537, 0.791667),
    ("ndka", "top left", 12.73, 0.585366, 0.625),
]


@pytest.mark.parametrize(("marker", "criterion", "threshold", "sensitivity", "specificity"), BEST)
def test_best_cut_off_matches_r(columns, marker, criterion, threshold, sensitivity, specificity):
    data = columns("asah.csv")
    by = {"by": closest_top_left} if criterion == "top left" else {}
    (cut,) = best_cutpoints(data[marker], data["poor"], **by)
    at = performance(cut.table)

    assert threshold == pytest.approx(cut.midpoint, rel=1e-12)
    assert sensitivity == pytest.approx(at.sensitivity.estimate, abs=5e-7)
    assert specificity == pytest.approx(at.specificity.estimate, abs=5e-7)
    assert cut.table == table_at(data[marker], data["poor"], cut.value)
    assert cut.table == table_at(data[marker], data["poor"], cut.midpoint)
    assert cut.value in data[marker]


def test_youden_of_asah_matches_r(columns):
    # the same: sensitivity + specificity at the best threshold of s100b, wfns, ndka
    data = columns("asah.csv")

    for marker, total in (("s100b", 1.439702), ("wfns", 1.467480), ("ndka", 1.221206)):
        (cut,) = best_cutpoints(data[marker], data["poor"])
        assert total == pytest.approx(1 + cut.worth, abs=5e-7)


def test_likelihood_ratios_match_r(columns):
    # coords(s100b, 0.2, ret = c("lr_pos", "lr_neg")): 3.261324, 0.4541632
    data = columns("asah.csv")
    at = performance(table_at(data["s100b"], data["poor"], 0.205))

    assert at.positive_ratio.estimate == pytest.approx(3.261324, abs=5e-7)
    assert at.negative_ratio.estimate == pytest.approx(0.4541632, abs=5e-8)


def test_all_measures_at_the_cut_off_of_s100b_match_r(columns):
    # R 4.2.2, pROC 1.18.0: coords(r, "best", ret = c("ppv", "npv", "accuracy"))
    data = columns("asah.csv")
    at = performance(best_cutpoints(data["s100b"], data["poor"])[0].table)

    assert at.ppv.estimate == pytest.approx(0.65, rel=1e-10)
    assert at.npv.estimate == pytest.approx(0.79452054795, rel=1e-10)
    assert at.accuracy.estimate == pytest.approx(0.74336283186, rel=1e-10)
    assert (40, 73, 113) == (at.ppv.n, at.npv.n, at.accuracy.n)


def test_the_suicide_index_is_cut_as_cutpointr_cuts_it(columns):
    # R 4.2.2, cutpointr 1.1.2: cutpointr(suicide, dsi, suicide); >= 2, mid-point 1.5
    data = columns("suicide.csv")
    (cut,) = best_cutpoints(data["dsi"], data["suicide"])

    assert (2.0, ">=", 1.5) == (cut.value, cut.comparison, cut.midpoint)
    assert DiagnosticTable(tp=32, fp=68, fn=4, tn=428) == cut.table
    assert cut.worth == pytest.approx(0.751792114695, rel=1e-11)
    at = performance(cut.table)
    assert at.sensitivity.estimate == pytest.approx(0.888888888889, rel=1e-11)
    assert at.specificity.estimate == pytest.approx(0.862903225806, rel=1e-11)
    assert at.accuracy.estimate == pytest.approx(0.864661654135, rel=1e-11)


def test_the_suicide_index_by_sex_is_cut_as_cutpointr_cuts_it(columns):
    # R 4.2.2, cutpointr 1.1.2: cutpointr(suicide, dsi, suicide, gender)
    data = columns("suicide.csv")

    for sex, value, total in (("female", 2, 1.80811770675), ("male", 3, 1.62510602205)):
        chosen = data["gender"] == sex
        (cut,) = best_cutpoints(data["dsi"][chosen], data["suicide"][chosen])
        assert value == cut.value
        assert total == pytest.approx(1 + cut.worth, rel=1e-11)


def test_every_tied_optimum_is_reported():
    # R 4.2.2, pROC 1.18.0: coords(roc(c(0,1,0,1,0,1), 1:6), "best") gives 1.5, 3.5, 5.5
    cuts = best_cutpoints([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1])

    assert [1.5, 3.5, 5.5] == [cut.midpoint for cut in cuts]
    assert [2.0, 4.0, 6.0] == [cut.value for cut in cuts]


def test_a_lower_score_for_cases_is_cut_from_below():
    (cut,) = best_cutpoints([1, 2, 3, 4], [1, 1, 0, 0], lower_means_case=True)

    assert (2.0, "<=", 2.5) == (cut.value, cut.comparison, cut.midpoint)
    assert DiagnosticTable(tp=2, fp=0, fn=0, tn=2) == cut.table
    assert cut.table == table_at([1, 2, 3, 4], [1, 1, 0, 0], 2.5, lower_means_case=True)


def test_a_useless_score_is_best_cut_nowhere():
    cuts = best_cutpoints([1, 2, 3, 4], [1, 1, 0, 0])

    assert all(cut.trivial for cut in cuts)
    assert [1.0, inf] == [cut.value for cut in cuts]


def test_the_seed_papers_age_and_size_give_its_sensitivities():
    # age >= 54: 19 of 32 and 16 of 58, so 42/58 are below; diameter >= 29: 21 of 32, 14 of 58
    age = performance(DiagnosticTable(tp=19, fp=16, fn=13, tn=42))
    size = performance(DiagnosticTable(tp=21, fp=14, fn=11, tn=44))

    assert "59.4" == f"{100 * age.sensitivity.estimate:.1f}"
    assert "72.4" == f"{100 * age.specificity.estimate:.1f}"
    assert "65.6" == f"{100 * size.sensitivity.estimate:.1f}"
    assert "75.9" == f"{100 * size.specificity.estimate:.1f}"


def test_shares_without_a_denominator_are_none():
    nobody = performance(DiagnosticTable(tp=0, fp=0, fn=3, tn=4))
    everybody = performance(DiagnosticTable(tp=3, fp=4, fn=0, tn=0))

    assert nobody.ppv is None
    assert nobody.positive_ratio is None
    assert everybody.npv is None
    assert everybody.negative_ratio is None
    assert everybody.positive_ratio.estimate == 1.0
    low, high = everybody.positive_ratio.interval.low, everybody.positive_ratio.interval.high
    assert low < 1 <= high
    with pytest.raises(AnalysisError):
        performance(DiagnosticTable(tp=0, fp=1, fn=0, tn=1))


def test_likelihood_ratios_at_a_bound_have_one_open_end():
    endless = likelihood_ratio(3, 32, 0, 58)
    none = likelihood_ratio(0, 32, 5, 58)

    assert endless.estimate == inf
    assert endless.interval.high == inf
    assert 1 < endless.interval.low < inf
    assert (none.estimate, none.interval.low) == (0.0, 0.0)
    assert 0 < none.interval.high < inf
    assert "Koopman" in endless.method


def test_the_log_interval_of_a_likelihood_ratio_is_simels():
    # written out by hand: ln(ratio) -+ 1.959964 sqrt(1/a - 1/m + 1/b - 1/n)
    got = likelihood_ratio(26, 41, 14, 72, 0.95).interval
    spread = 1.959963984540054 * np.sqrt(1 / 26 - 1 / 41 + 1 / 14 - 1 / 72)

    assert (26 / 41) / (14 / 72) * np.exp(-spread) == pytest.approx(got.low, rel=1e-12)
    assert (26 / 41) / (14 / 72) * np.exp(spread) == pytest.approx(got.high, rel=1e-12)


def test_exact_intervals_can_be_asked_for():
    at = performance(DiagnosticTable(tp=19, fp=16, fn=13, tn=42), 0.9, by=clopper_pearson)

    assert clopper_pearson(19, 32, 0.9).interval == at.sensitivity.interval


def counts_by_looking(score, outcome, value):
    flagged = [s >= value for s in score]
    pairs = list(zip(flagged, outcome, strict=True))
    return [pairs.count(cell) for cell in ((True, 1), (True, 0), (False, 1), (False, 0))]


patients = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 1)), min_size=2, max_size=25)


@settings(max_examples=60, deadline=None)
@given(patients.filter(lambda rows: 0 < sum(y for _, y in rows) < len(rows)))
def test_every_cut_off_counts_what_one_sees_and_the_best_is_best(rows):
    score, outcome = zip(*rows, strict=True)
    cuts = all_cutpoints(score, outcome)
    best = best_cutpoints(score, outcome)
    worth = {}
    for value in (*sorted(set(score)), inf):
        tp, fp, fn, tn = counts_by_looking(score, outcome, value)
        worth[value] = tp / (tp + fn) + tn / (tn + fp) - 1

    for cut in cuts:
        expected = DiagnosticTable(*counts_by_looking(score, outcome, cut.value))
        assert expected == cut.table
    tied = [value for value in worth if isclose(worth[value], max(worth.values()), abs_tol=1e-9)]
    assert tied == [cut.value for cut in best]


@settings(max_examples=30, deadline=None)
@given(patients.filter(lambda rows: 0 < sum(y for _, y in rows) < len(rows)))
def test_turning_score_and_direction_round_together_changes_nothing(rows):
    score, outcome = (np.array(column) for column in zip(*rows, strict=True))
    plain = best_cutpoints(score, outcome)
    turned = best_cutpoints(-score, outcome, lower_means_case=True)

    assert [cut.table for cut in plain] == [cut.table for cut in reversed(turned)]
    assert [cut.value for cut in plain] == [-cut.value for cut in reversed(turned)]
