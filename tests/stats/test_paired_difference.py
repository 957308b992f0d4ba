"""Differences of Brier's score and of net benefit on the same patients."""

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.decision_curve import decision_curve
from avidity.stats.goodness_of_fit import brier
from avidity.stats.paired_difference import brier_difference, net_benefit_difference

DICE = np.random.default_rng(11)
TRUE = DICE.beta(2, 3, 300)
Y = (DICE.random(300) < TRUE).astype(float)
ONE = np.clip(TRUE + DICE.normal(0, 0.1, 300), 0.01, 0.99)
TWO = np.clip(TRUE + DICE.normal(0, 0.3, 300), 0.01, 0.99)


def test_the_differences_are_those_of_the_two_scores():
    gap = brier_difference(ONE, TWO, Y)
    worth = net_benefit_difference(ONE, TWO, Y, 0.3)
    curves = [decision_curve(risk, Y, [0.3]).net_benefit[0] for risk in (ONE, TWO)]

    assert gap.difference == pytest.approx(brier(ONE, Y == 1) - brier(TWO, Y == 1), rel=1e-12)
    assert worth.difference == pytest.approx(curves[0] - curves[1], rel=1e-12)
    assert gap.difference in gap.interval


def test_the_standard_errors_are_those_of_the_bootstrap():
    # 4,000 resamples of the patients; Monte-Carlo error of a standard deviation: 1.1 %
    places = np.random.default_rng(1).integers(0, 300, (4000, 300))
    drawn = [
        (
            np.mean((ONE[at] - Y[at]) ** 2 - (TWO[at] - Y[at]) ** 2),
            np.mean(
                ((ONE[at] >= 0.3).astype(float) - (TWO[at] >= 0.3))
                * np.where(Y[at] == 1, 1, -0.3 / 0.7)
            ),
        )
        for at in places
    ]
    spread = np.std(drawn, axis=0)

    assert brier_difference(ONE, TWO, Y).std_error == pytest.approx(spread[0], rel=0.05)
    assert net_benefit_difference(ONE, TWO, Y, 0.3).std_error == pytest.approx(spread[1], rel=0.05)


def test_a_model_against_itself_differs_by_nothing_and_has_no_test():
    got = brier_difference(ONE, ONE, Y)

    assert 0 == got.difference == got.std_error
    assert got.test is None


def test_exchanging_the_models_turns_the_sign():
    assert brier_difference(ONE, TWO, Y).difference == pytest.approx(
        -brier_difference(TWO, ONE, Y).difference
    )


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        net_benefit_difference(ONE, TWO, Y, 1.0)
    with pytest.raises(AnalysisError, match="two patients"):
        brier_difference([0.2], [0.3], [1])
    with pytest.raises(ValueError, match="one shape"):
        brier_difference([0.2, 0.3], [0.3], [1, 0])
