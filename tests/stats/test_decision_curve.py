import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from avidity.stats.decision_curve import decision_curve, treat_all, treat_none
from avidity.stats.logistic import fit
from avidity.stats.net_benefit import HUNDREDTHS, Practice

# K123 to K126 need dcurves' own df_binary and df_case_control, which are not ours to keep. They
# were met once by hand with the files of dcurves 1.1.7 (0.0640000, -0.1466667, 0.632, 0.44;
# 0.02444444; 0.01495671, -0.13333333; 0.032 with ">" at threshold 0 and 0.010588), and its program
# gave the same net benefits and interventions avoided at all thresholds from 0.01 to 0.99, to
# 1e-15. The tests below ask the definition.


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
