import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from avidity.stats.decision_curve import decision_curve, treat_all, treat_none
from avidity.stats.logistic import fit
from avidity.stats.net_benefit import HUNDREDTHS, Practice

# K123 to K126. dcurves 1.1.7: dca() of its df_binary (750 patients, 105 with cancer) and its
# df_case_control (420 cases, 330 controls). Its files stay with it: what the numbers need of them
# is how many of each group are treated, and these counts are here.


def counted(cases, controls, treated_cases, treated_controls):
    """Risks 1 for the treated and 0 for the others, and the outcome."""
    outcome = np.repeat([1.0, 0.0], [cases, controls])
    risk = np.zeros(cases + controls)
    risk[:treated_cases] = 1
    risk[cases : cases + treated_controls] = 1
    return risk, outcome


def test_net_benefit_and_interventions_avoided_match_dcurves():
    # K123: cancerpredmarker at 0.25: 0.0640000, all -0.1466667; avoided 0.632, none 0.44
    risk, outcome = counted(105, 645, 72, 72)
    curve, everybody = decision_curve(risk, outcome, [0.25]), treat_all(outcome, [0.25])

    assert 0.064 == pytest.approx(curve.net_benefit[0], abs=1e-12)
    assert -0.1466667 == pytest.approx(everybody.net_benefit[0], abs=5e-8)
    assert 63.2 == pytest.approx(curve.interventions_avoided[0], abs=1e-9)
    nobody = treat_none(outcome, [0.25])
    assert 44.0 == pytest.approx(nobody.interventions_avoided[0], abs=1e-9)


def test_a_case_control_study_matches_dcurves():
    # K125: cancerpredmarker at 0.25, prevalence 0.15: 0.01495671, all -0.13333333
    risk, outcome = counted(420, 330, 114, 30)
    curve = decision_curve(risk, outcome, [0.25], practice=Practice(prevalence=0.15))

    assert 0.01495671 == pytest.approx(curve.net_benefit[0], abs=5e-9)
    everybody = treat_all(outcome, [0.25], prevalence=0.15)
    assert -0.13333333 == pytest.approx(everybody.net_benefit[0], abs=5e-9)


def test_a_yes_no_test_at_threshold_0_matches_dcurves_by_the_rule_that_nudges():
    # K126: famhistory: 0.032 at 0, where risks of 0 are moved below it; 0.010588 at 0.15; all 0.14
    risk, outcome = counted(105, 645, 24, 91)
    nudged = decision_curve(risk, outcome, [0.0, 0.15], practice=Practice(rule=">"))

    assert 0.032 == pytest.approx(nudged.net_benefit[0], abs=1e-12)
    assert 0.010588 == pytest.approx(nudged.net_benefit[1], abs=5e-7)
    assert 0.14 == pytest.approx(treat_all(outcome, [0.0]).net_benefit[0], abs=1e-12)


def test_a_models_risks_match_dcurves_on_its_own_patients():
    # K124: cancer ~ age, then at 0.25: 0.02444444; K123 again from the rows
    found = find_spec("dcurves")
    if found is None or not found.submodule_search_locations:
        pytest.skip("dcurves is not installed; its patients are read from there")
    path = Path(found.submodule_search_locations[0]) / "data" / "df_binary.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    outcome = np.array([row["cancer"].upper() == "TRUE" for row in rows], dtype=float)
    X = np.column_stack([np.ones(len(rows)), [float(row["age"]) for row in rows]])
    risk = fit(X, outcome, ("intercept", "age")).risk(X)
    marker = np.array([float(row["cancerpredmarker"]) for row in rows])

    assert 0.02444444 == pytest.approx(decision_curve(risk, outcome, [0.25]).net_benefit[0])
    assert 0.064 == pytest.approx(decision_curve(marker, outcome, [0.25]).net_benefit[0])


def cohort(seed, n=90):
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-0.6, 1.2, n))
    y = rng.random(n) < p
    y[:2] = (True, False)
    return p, y


def test_net_benefit_by_hand():
    # treated at 0.25 are two of three cases and one of seven controls: 2/10 - 1/10 * 1/3
    risk = [0.9, 0.25, 0.1, 0.6, 0.2, 0.2, 0.2, 0.1, 0.1, 0.0]
    outcome = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    curve = decision_curve(risk, outcome, [0.25])
    (row,) = curve.rows()

    assert curve.net_benefit[0] == pytest.approx(0.2 - 0.1 / 3)
    assert (row.tp_rate, row.fp_rate, row.test_pos_rate) == pytest.approx((0.2, 0.1, 0.3))
    # treating all: 0.3 - 0.7 / 3; the difference in interventions, at the odds of the threshold
    avoided = ((0.2 - 0.1 / 3) - (0.3 - 0.7 / 3)) * 3
    assert row.net_intervention_avoided == pytest.approx(avoided)
    assert curve.interventions_avoided[0] == pytest.approx(100 * avoided)
    assert (row.model, row.n, row.prevalence, row.harm) == ("model", 10, 0.3, 0.0)


def test_rows_have_the_columns_of_dcurves():
    p, y = cohort(1)
    (row,) = decision_curve(p, y, [0.5]).rows()

    assert [
        *("model", "threshold", "n", "prevalence", "harm", "test_pos_rate", "tp_rate", "fp_rate"),
        *("net_benefit", "net_intervention_avoided"),
    ] == list(type(row).__dataclass_fields__)


def test_a_risk_at_the_threshold_is_treated_unless_the_rule_says_not():
    # the fork of dcurves: a yes/no test used as risk 0 or 1, at threshold 0
    test = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0.0])
    outcome = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    at_least = decision_curve(test, outcome, [0.0, 0.15])
    above = decision_curve(test, outcome, [0.0, 0.15], practice=Practice(rule=">"))

    assert at_least.net_benefit[0] == pytest.approx(0.2)
    assert above.net_benefit[0] == pytest.approx(0.1)
    assert at_least.net_benefit[1] == above.net_benefit[1]
    assert np.isnan(at_least.interventions_avoided[0])
    assert "risk >= threshold" in at_least.method
    assert "risk > threshold" in above.method


def test_treating_all_and_none_are_the_textbook_lines():
    _, y = cohort(2)
    share, at = y.mean(), np.array(HUNDREDTHS)

    assert treat_all(y).net_benefit == pytest.approx(share - (1 - share) * at / (1 - at))
    assert (treat_none(y).net_benefit == 0).all()
    assert treat_all(y).interventions_avoided == pytest.approx(0, abs=1e-9)
    # treating nobody avoids the interventions in controls, less the cases missed at their worth
    assert treat_none(y).interventions_avoided == pytest.approx(
        100 * ((1 - share) - share * (1 - at) / at)
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_no_model_beats_knowing_and_a_perfect_one_is_worth_the_prevalence(seed):
    p, y = cohort(seed)
    perfect = np.where(y, 1.0, 0.0)

    assert decision_curve(perfect, y).net_benefit == pytest.approx(y.mean())
    assert (decision_curve(p, y).net_benefit <= y.mean() + 1e-12).all()
    low = decision_curve(p, y, [0.0])
    assert low.net_benefit[0] == pytest.approx(treat_all(y, [0.0]).net_benefit[0])


def test_a_case_control_study_is_weighted_to_its_population():
    p, y = cohort(3)
    own = decision_curve(p, y)
    same = decision_curve(p, y, practice=Practice(prevalence=float(y.mean())))

    assert same.net_benefit == pytest.approx(own.net_benefit, abs=1e-12)
    rare = decision_curve(p, y, [0.2], practice=Practice(prevalence=0.05))
    sensitivity, false = (p[y] >= 0.2).mean(), (p[~y] >= 0.2).mean()
    assert rare.net_benefit[0] == pytest.approx(0.05 * sensitivity - 0.95 * false * 0.25)
    assert rare.prevalence == 0.05
    everybody = treat_all(y, [0.2], prevalence=0.05)
    assert everybody.net_benefit[0] == pytest.approx(0.05 - 0.95 * 0.25)
    assert rare.low[0] < rare.net_benefit[0] < rare.high[0]


def test_harm_is_taken_off_everywhere():
    p, y = cohort(4)
    plain, harmed = decision_curve(p, y), decision_curve(p, y, practice=Practice(harm=0.02))

    assert plain.net_benefit - harmed.net_benefit == pytest.approx(0.02)
    assert plain.low - harmed.low == pytest.approx(0.02)


def test_normal_and_bootstrap_intervals_agree_in_a_large_cohort():
    # n = 2,000, 2,000 resamples: percentile ends have a Monte-Carlo error of about 3% of the width
    p, y = cohort(5, 2_000)
    weights = np.random.default_rng(9).multinomial(2_000, [1 / 2_000] * 2_000, size=2_000)
    at = [0.1, 0.3, 0.6]
    normal, boot = decision_curve(p, y, at), decision_curve(p, y, at, weights=weights)

    width = normal.high - normal.low
    assert (boot.low - normal.low) / width == pytest.approx(0, abs=0.08)
    assert (boot.high - normal.high) / width == pytest.approx(0, abs=0.08)
    assert "percentiles of 2000" in boot.method


def test_the_normal_interval_covers():
    # a given model in 500 new cohorts of 200; the truth from 400,000; Monte-Carlo error 1%
    rng = np.random.default_rng(12)
    at = np.array([0.2, 0.4])
    p = expit(rng.normal(-0.5, 1.2, 400_000))
    truth = [(p * (p >= t) - (1 - p) * (p >= t) * t / (1 - t)).mean() for t in at]
    inside = []
    for _ in range(500):
        here = expit(rng.normal(-0.5, 1.2, 200))
        curve = decision_curve(here, rng.random(200) < here, at)
        inside.append((curve.low <= truth) & (truth <= curve.high))

    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.03)


def test_the_curve_of_a_fitted_model_lies_above_all_and_none_where_it_matters(birthwt):
    X, y, names, fitted = birthwt
    curve = decision_curve(fitted.risk(X), y, [0.2, 0.3, 0.4])

    assert (curve.net_benefit > np.maximum(0, treat_all(y, [0.2, 0.3, 0.4]).net_benefit)).all()
    assert fit(X, y, names).n == curve.n
