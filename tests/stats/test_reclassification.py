import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.reclassification import continuous_reclassification, integrated_improvement


@pytest.fixture(scope="module")
def risks(birthwt):
    X, y, names, fitted = birthwt
    alone = fit(X[:, [0, 2]], y, (names[0], names[2]))
    return alone.risk(X[:, [0, 2]]), fitted.risk(X), y


def test_integrated_improvement_matches_r(risks):
    # K62. R 4.2.2, Hmisc improveProb(lwt alone, all terms, low): idi, se.idi; glm's risks, 1e-7
    got = integrated_improvement(*risks)

    assert got.value.estimate == pytest.approx(0.136551792914, rel=1e-7)
    assert got.std_error == pytest.approx(0.0280316108661, rel=1e-7)
    assert got.cases + got.controls == got.value.estimate
    assert got.value.interval.low == pytest.approx(0.136551798 - 1.959964 * 0.028031612, abs=1e-8)


def test_continuous_reclassification_matches_r(risks):
    # the same: nri, se.nri
    got = continuous_reclassification(*risks)

    assert got.value.estimate == pytest.approx(0.63259452412, rel=1e-11)
    assert got.std_error == pytest.approx(0.150070405709, rel=1e-11)
    assert got.test.statistic == pytest.approx(0.63259452412 / 0.150070405709, rel=1e-10)


def test_two_equal_models_improve_nothing_and_have_no_test():
    risk = [0.1, 0.4, 0.5, 0.9]
    for index in (integrated_improvement, continuous_reclassification):
        got = index(risk, risk, [0, 1, 0, 1])
        assert got.value.estimate == 0
        assert got.test is None


def test_swapping_the_models_changes_the_sign(risks):
    old, new, y = risks
    for index in (integrated_improvement, continuous_reclassification):
        one, other = index(old, new, y), index(new, old, y)
        assert one.value.estimate == pytest.approx(-other.value.estimate, abs=1e-15)
        assert one.std_error == pytest.approx(other.std_error, rel=1e-12)


def test_wrong_shapes_and_lonely_patients_are_refused():
    with pytest.raises(ValueError, match="shape"):
        integrated_improvement([0.1, 0.2], [0.1], [0, 1])
    with pytest.raises(AnalysisError, match="two cases and two controls"):
        continuous_reclassification([0.1, 0.2, 0.3], np.array([0.2, 0.2, 0.2]), [0, 1, 0])
