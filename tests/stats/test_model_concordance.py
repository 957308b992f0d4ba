"""The area risks promise: against all pairs, and against what happens when they are true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.model_concordance import promised_auc
from avidity.stats.roc import roc

RISKS = st.lists(st.floats(0.01, 0.99).map(lambda p: round(p, 2)), min_size=2, max_size=12)


def all_pairs(risks):
    """The definition: over ordered pairs of different patients, one a case and the other not."""
    right = pairs = 0.0
    for i, p in enumerate(risks):
        for j, q in enumerate(risks):
            if i != j:
                weight = p * (1 - q)
                pairs += weight
                right += weight * (1.0 if p > q else 0.5 if p == q else 0.0)
    return right / pairs


@given(risks=RISKS)
def test_it_is_what_all_pairs_give(risks):
    assert promised_auc(risks) == pytest.approx(all_pairs(risks), rel=1e-12)


@given(risks=RISKS, copies=st.lists(st.integers(1, 4), min_size=12, max_size=12))
def test_weights_are_copies(risks, copies):
    n = copies[: len(risks)]

    assert promised_auc(risks, n) == pytest.approx(promised_auc(np.repeat(risks, n)), rel=1e-12)


def test_true_risks_keep_their_promise_on_average():
    # 2,000 outcomes drawn for 200 risks; Monte-Carlo error of the mean area: 0.0007
    dice = np.random.default_rng(5)
    risks = dice.beta(1, 3, 200)
    areas = [roc(risks, dice.random(200) < risks).auc for _ in range(2000)]

    assert np.mean(areas) == pytest.approx(promised_auc(risks), abs=0.003)


def test_equal_risks_promise_a_coin_and_impossible_ones_are_refused():
    assert promised_auc([0.3, 0.3, 0.3]) == pytest.approx(0.5)
    with pytest.raises(AnalysisError, match="two patients"):
        promised_auc([0.3])
    with pytest.raises(AnalysisError, match="no area is promised"):
        promised_auc([0.0, 0.0])
    with pytest.raises(ValueError, match="probabilities"):
        promised_auc([0.3, 1.3])
