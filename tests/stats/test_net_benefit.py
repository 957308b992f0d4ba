import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.net_benefit import (
    Practice,
    decisions,
    net_benefits,
    refitted_net_benefits,
)

AT = (0.0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 0.9)


def by_counting(risk, outcome, threshold, weights, practice=Practice()):  # noqa: B008
    """Patient by patient, from the definition."""
    right = wrong = cases = controls = 0.0
    for p, y, weight in zip(risk, outcome, weights, strict=True):
        treated = p >= threshold if practice.rule == ">=" else p > threshold
        right += weight * (treated and y == 1)
        wrong += weight * (treated and y == 0)
        cases += weight * (y == 1)
        controls += weight * (y == 0)
    if practice.prevalence is None:
        right, wrong = right / (cases + controls), wrong / (cases + controls)
    else:
        right = practice.prevalence * right / cases
        wrong = (1 - practice.prevalence) * wrong / controls
    return right - wrong * threshold / (1 - threshold) - practice.harm


cohorts = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 0.9, 1.0]), st.booleans()),
    min_size=2,
    max_size=20,
)
practices = st.builds(
    Practice, st.sampled_from([">=", ">"]), st.sampled_from([None, 0.15]), st.just(0.01)
)


@settings(max_examples=60, deadline=None)
@given(cohorts, practices, st.integers(0, 1000))
def test_net_benefit_equals_counting_patients(patients, practice, seed):
    risk, outcome = np.array(patients, dtype=float).T
    if not 0 < outcome.sum() < len(outcome):
        return
    weights = np.random.default_rng(seed).integers(1, 4, (3, len(risk)))
    got = net_benefits(decisions(risk, outcome, AT, practice), weights)

    expected = [[by_counting(risk, outcome, at, row, practice) for at in AT] for row in weights]
    assert got == pytest.approx(np.array(expected), abs=1e-12)


def test_weights_stand_for_copies_of_patients():
    rng = np.random.default_rng(1)
    risk, outcome = rng.random(30), rng.random(30) < 0.4
    weights = rng.integers(0, 4, 30)
    copied = np.repeat(np.arange(30), weights)

    one = net_benefits(decisions(risk, outcome, AT, Practice()), [weights])
    alone = decisions(risk[copied], outcome[copied], AT, Practice())
    assert one == pytest.approx(net_benefits(alone, np.ones((1, len(copied)))), abs=1e-14)


def test_many_resamples_in_blocks_equal_one_by_one(monkeypatch):
    rng = np.random.default_rng(2)
    risk, outcome = rng.random(20), np.arange(20) % 2
    weights = rng.multinomial(20, [0.05] * 20, size=50)
    asked = decisions(risk, outcome, AT, Practice())
    whole = net_benefits(asked, weights)
    monkeypatch.setattr("avidity.stats.net_benefit.BLOCK", 60)

    assert (whole == net_benefits(asked, weights)).all()
    assert (whole == np.concatenate([net_benefits(asked, [row]) for row in weights])).all()


def test_each_resample_may_have_its_own_model():
    rng = np.random.default_rng(3)
    risks, outcome = rng.random((4, 25)), np.arange(25) % 3 == 0
    weights = rng.integers(1, 3, (4, 25))
    got = refitted_net_benefits(risks, outcome, AT, weights)

    for place in range(4):
        alone = decisions(risks[place], outcome, AT, Practice())
        assert (got[place] == net_benefits(alone, weights[place : place + 1])[0]).all()


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="thresholds must rise"):
        decisions([0.1, 0.2], [0, 1], [0.2, 0.1], Practice())
    with pytest.raises(ValueError, match="thresholds must rise"):
        decisions([0.1, 0.2], [0, 1], [0.5, 1.0], Practice())
    with pytest.raises(ValueError, match="probabilities"):
        decisions([0.1, 1.2], [0, 1], [0.5], Practice())
    with pytest.raises(AnalysisError, match="no cases"):
        decisions([0.1, 0.2], [0, 0], [0.5], Practice())
    with pytest.raises(AnalysisError, match="prevalence"):
        Practice(prevalence=1.5)
    with pytest.raises(ValueError, match="the rule"):
        Practice(rule="=")
    asked = decisions([0.1, 0.2], [0, 1], [0.5], Practice())
    with pytest.raises(ValueError, match=r"shape \(b, 2\)"):
        net_benefits(asked, [1, 1])
    with pytest.raises(ValueError, match="nobody"):
        net_benefits(asked, [[0, 0]])
    with pytest.raises(ValueError, match="one shape"):
        refitted_net_benefits([[0.1, 0.2]], [0, 1], [0.5], [[1, 1], [1, 1]])
    control = decisions([0.1, 0.2], [0, 1], [0.5], Practice(prevalence=0.2))
    with pytest.raises(AnalysisError, match="no cases or no controls"):
        net_benefits(control, [[1, 0]])
