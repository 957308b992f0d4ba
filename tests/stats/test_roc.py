import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.normal import z_of
from avidity.stats.roc import (
    default_interval,
    delong_interval,
    logit_interval,
    newcombe_interval,
    roc,
)

# R 4.2.2, pROC 1.18.0 on its own aSAH data, cases Poor (41), controls Good (72):
# > r <- roc(aSAH$outcome, aSAH$s100b, levels = c("Good", "Poor"), direction = "<")
# > print(c(auc(r), var(r), ci(r)), digits = 12)
ASAH = {
    "s100b": (0.731368563686, 0.00266868245717, 0.630118211762, 0.832618915610),
    "wfns": (0.823678861789, 0.00146991470882, 0.748534887819, 0.898822835758),
    "ndka": (0.611957994580, 0.0031908105494, 0.501244999272, 0.722670989888),
    "age": (0.6150067751, 0.002972207259, 0.5081535496, 0.7218600005),
}

patients = st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=4, max_size=30).filter(
    lambda rows: 2 <= sum(case for _, case in rows) <= len(rows) - 2
)


def halves(rows):
    score, outcome = zip(*rows, strict=True)
    return np.array(score, dtype=float), np.array(outcome)


def beats(a, b):
    return (a > b) + (a == b) / 2


def auc_and_variance_by_all_pairs(score, outcome):
    """The definition: ask every pair of case and control who is higher; a tie is half a win."""
    cases, controls = score[outcome], score[~outcome]
    per_case = [np.mean([beats(a, b) for b in controls]) for a in cases]
    per_control = [np.mean([beats(a, b) for a in cases]) for b in controls]
    variance = np.var(per_case, ddof=1) / len(cases) + np.var(per_control, ddof=1) / len(controls)
    return np.mean(per_case), variance


@pytest.mark.parametrize("marker", ASAH)
def test_area_variance_and_interval_match_r(columns, marker):
    data = columns("asah.csv")
    area = roc(data[marker], data["poor"])
    auc, variance, low, high = ASAH[marker]

    assert auc == pytest.approx(area.auc, rel=1e-9)
    assert variance == pytest.approx(area.variance, rel=1e-9)
    assert low == pytest.approx(area.interval().low, rel=1e-9)
    assert high == pytest.approx(area.interval().high, rel=1e-9)
    assert area.interval().method == "DeLong"


def test_area_of_ndka_in_women_matches_r(columns):
    # pROC's own tests: women of aSAH, 0.6671428571 (0.5261398281-0.8081458862)
    data = columns("asah.csv")
    women = data["gender"] == "Female"
    area = roc(data["ndka"][women], data["poor"][women])

    assert area.auc == pytest.approx(0.6671428571, rel=1e-9)
    assert area.interval().low == pytest.approx(0.5261398281, rel=1e-9)
    assert area.interval().high == pytest.approx(0.8081458862, rel=1e-9)


def test_area_of_the_suicide_index_matches_cutpointr(columns):
    # R 4.2.2, cutpointr 1.1.2: summary(cutpointr(suicide, dsi, suicide, gender))
    data = columns("suicide.csv")
    women = data["gender"] == "female"

    def area(chosen):
        return roc(data["dsi"][chosen], data["suicide"][chosen]).auc

    assert area(slice(None)) == pytest.approx(0.923779121864, rel=1e-11)
    assert area(women) == pytest.approx(0.944647387113, rel=1e-11)
    assert area(~women) == pytest.approx(0.861747243427, rel=1e-11)


def test_delong_on_six_tied_patients_is_cut_at_one_as_in_r():
    # R 4.2.2, pROC 1.18.0: ci(roc(c(0,1,0,1,0,1), 1:6, direction = "<")) is 0.133232-1
    interval = roc([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1]).interval(by=delong_interval)

    assert interval.low == pytest.approx(0.133232, abs=5e-7)
    assert interval.high == 1.0


def test_a_perfect_score_has_no_interval_of_a_single_point():
    # pROC and others print 1-1 here
    area = roc([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])
    interval = area.interval()

    assert 1.0 == area.auc
    assert interval.low < 0.6
    assert 1.0 == interval.high
    assert "Newcombe" in interval.method
    mirrored = roc([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0]).interval()
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-12)
    assert mirrored.low == 0.0


def test_a_score_without_spread_still_has_an_interval():
    interval = roc([1, 1, 1, 1], [0, 1, 0, 1]).interval()

    assert interval.low < 0.5 < interval.high


def test_one_case_is_enough_for_an_area_and_an_interval():
    # float32 packages raise or exceed 1 here
    area = roc([0.1, 0.2, 0.3, 0.4], [0, 0, 0, 1])

    assert 1.0 == area.auc
    assert area.variance is None
    assert area.std_error is None
    assert 0 < area.interval().low < area.interval().high == 1.0
    with pytest.raises(AnalysisError, match="two cases"):
        delong_interval(area)
    with pytest.raises(AnalysisError, match="two in each group"):
        logit_interval(area)


def test_newcombes_ends_solve_his_equation():
    from scipy.optimize import brentq

    area = roc([1, 2, 3, 4, 5, 6, 7], [0, 1, 0, 1, 0, 1, 1])
    m, n, z = 4, 3, z_of(0.95)

    def equation(theta):
        extra = ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return (area.auc - theta) ** 2 - z**2 * theta * (1 - theta) * (1 + extra) / (m * n)

    interval = newcombe_interval(area)
    assert brentq(equation, 1e-9, area.auc, xtol=1e-14) == pytest.approx(interval.low, abs=1e-12)
    assert brentq(equation, area.auc, 1 - 1e-9, xtol=1e-14) == pytest.approx(
        interval.high, abs=1e-12
    )


def test_small_groups_and_high_areas_take_the_logit_scale():
    rng = np.random.default_rng(7)
    small = roc(rng.normal(size=30), np.arange(30) < 5)
    outcome = np.arange(60) < 30
    high = roc(rng.normal(size=60) + 3 * outcome, outcome)

    for area in (small, high):
        assert "logit" in default_interval(area).method
        assert logit_interval(area) == area.interval()
        assert 0 < area.interval().low < area.auc < area.interval().high < 1


def test_the_logit_interval_is_delongs_variance_by_the_delta_method():
    area = roc([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1])
    odds = np.log(2.0)  # the area is two thirds
    half = z_of(0.9) * area.std_error / (2 / 9)

    interval = logit_interval(area, 0.9)
    assert 1 / (1 + np.exp(half - odds)) == pytest.approx(interval.low, rel=1e-13)
    assert 1 / (1 + np.exp(-half - odds)) == pytest.approx(interval.high, rel=1e-13)
    assert interval.level == 0.9


def test_the_direction_is_given_and_never_guessed():
    score, outcome = [1, 2, 3, 4], [1, 1, 0, 0]

    assert roc(score, outcome).auc == 0.0
    assert roc(score, outcome, lower_means_case=True).auc == 1.0


def test_single_precision_in_does_not_make_single_precision_out(columns):
    # confidenceinterval 1.0.5 works in float32: 0.63011831 instead of 0.63011821
    data = columns("asah.csv")
    area = roc(data["s100b"].astype(np.float32), data["poor"])

    assert area.interval().low == pytest.approx(0.630118211762, rel=1e-11)


def test_the_curve_runs_from_corner_to_corner():
    curve = roc([1, 2, 2, 3], [0, 1, 0, 1]).curve

    assert (np.inf, 3.0, 2.0, 1.0) == curve.threshold
    assert (0.0, 0.5, 1.0, 1.0) == curve.sensitivity
    assert (1.0, 1.0, 0.5, 0.0) == curve.specificity


def test_the_curve_of_a_score_turned_round_keeps_its_units():
    curve = roc([1, 2, 2, 3], [1, 0, 1, 0], lower_means_case=True).curve

    assert (-np.inf, 1.0, 2.0, 3.0) == curve.threshold
    assert (0.0, 0.5, 1.0, 1.0) == curve.sensitivity
    assert (1.0, 1.0, 0.5, 0.0) == curve.specificity


@settings(max_examples=60, deadline=None)
@given(patients)
def test_area_and_variance_equal_counting_all_pairs(rows):
    score, outcome = halves(rows)
    area = roc(score, outcome)
    auc, variance = auc_and_variance_by_all_pairs(score, outcome)

    assert auc == pytest.approx(area.auc, rel=1e-12, abs=1e-15)
    assert variance == pytest.approx(area.variance, rel=1e-9, abs=1e-15)


@settings(max_examples=40, deadline=None)
@given(patients)
def test_the_area_is_that_under_the_curve(rows):
    curve = roc(*halves(rows)).curve
    under = np.trapezoid(curve.sensitivity, 1 - np.array(curve.specificity))

    assert under == pytest.approx(roc(*halves(rows)).auc, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(patients)
def test_a_rising_change_of_the_score_changes_nothing(rows):
    score, outcome = halves(rows)
    plain, changed = roc(score, outcome), roc(np.exp(score) + score**3, outcome)

    assert plain.auc == changed.auc
    assert plain.variance == changed.variance


@settings(max_examples=40, deadline=None)
@given(patients)
def test_swapping_the_labels_turns_the_area_to_its_complement(rows):
    score, outcome = halves(rows)
    plain, swapped = roc(score, outcome), roc(score, ~outcome)
    turned = roc(score, ~outcome, lower_means_case=True)

    assert plain.auc == pytest.approx(1 - swapped.auc, abs=1e-15)
    assert plain.auc == pytest.approx(turned.auc, abs=1e-15)
    assert plain.variance == pytest.approx(swapped.variance, rel=1e-12, abs=1e-18)


@settings(max_examples=60, deadline=None)
@given(patients, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_the_default_interval_holds_the_area_and_is_no_point(rows, level):
    area = roc(*halves(rows))
    interval = area.interval(level)

    assert 0 <= interval.low <= area.auc <= interval.high <= 1
    assert interval.low < interval.high


@settings(max_examples=20, deadline=None)
@given(patients, st.randoms(use_true_random=False))
def test_the_order_of_patients_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))

    assert roc(*halves(rows)).auc == roc(*halves(shuffled)).auc
    assert roc(*halves(rows)).curve == roc(*halves(shuffled)).curve
