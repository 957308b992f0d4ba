from math import asinh, exp, sqrt

import numpy as np
import pytest
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.calibration import recalibration
from avidity.stats.roc import roc
from avidity.stats.validation_size import Widths, validation_size


def test_sizes_match_pmvalsampsize():
    # K133
    # pmvalsampsize 0.1 (R): type "b", cstatistic = .8, prevalence = .1, lpnormal = c(-3, 1.5):
    # O/E 3461, slope 3808 (a million random patients; 3805 integrated), C 836
    got = validation_size(0.1, 0.8, (-3.0, 1.5))
    ratio, slope, area = got.precisions

    assert area.n == 836
    assert slope.n == pytest.approx(3808, abs=15)
    assert got.n == slope.n
    assert got.n_events == pytest.approx(0.1 * slope.n)
    # there the standard error walks in steps of 0.0001 and stops at 0.0510, the first too wide
    assert ratio.std_error == pytest.approx(0.05094, abs=1e-5)
    assert int(0.9 / 0.1 / 0.0510**2) + 1 == 3461
    assert ratio.n == 3469


def test_each_width_comes_out_as_asked():
    ratio, slope, area = validation_size(0.3, 0.75, widths=Widths(0.3, 0.25, 0.08)).precisions

    assert exp(1.959964 * ratio.std_error) - exp(-1.959964 * ratio.std_error) == pytest.approx(0.3)
    assert sqrt(0.7 / 0.3 / ratio.n) <= asinh(0.15) / 1.959963
    assert 2 * 1.959964 * slope.std_error == pytest.approx(0.25)
    assert 2 * 1.959964 * area.std_error == pytest.approx(0.08)


def test_a_cohort_of_that_size_gives_those_widths():
    # two normal groups, prevalence 0.3, AUC 0.75; 60 cohorts of the size asked for. The mean
    # width of DeLong's and of the slope's interval, against the aims; Monte-Carlo error below 3%

    got = validation_size(0.3, 0.75, widths=Widths(auc=0.1, slope=0.4))
    slope_n, area_n = got.precisions[1].n, got.precisions[2].n
    rng, apart = np.random.default_rng(2), sqrt(2) * 0.6744897501960817
    slopes, areas = [], []
    for _ in range(60):
        y = rng.random(max(slope_n, area_n)) < 0.3
        line = rng.normal(size=len(y)) + apart * y
        log_odds = np.log(0.3 / 0.7) - apart**2 / 2 + apart * line
        here = recalibration(expit(log_odds[:slope_n]), y[:slope_n]).slope.interval
        slopes.append(here.high - here.low)
        area = roc(line[:area_n], y[:area_n]).interval()
        areas.append(area.high - area.low)

    assert np.mean(slopes) == pytest.approx(0.4, rel=0.04)
    assert np.mean(areas) == pytest.approx(0.1, rel=0.04)


def test_impossible_aims_are_refused():
    with pytest.raises(AnalysisError, match="between"):
        validation_size(0.0, 0.8)
    with pytest.raises(AnalysisError, match="between"):
        validation_size(0.3, 0.5)
