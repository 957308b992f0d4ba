from math import ceil, log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.batched.models import Rule
from avidity.stats.batched.newton import State
from avidity.stats.batched.optimism import optimism
from avidity.stats.batched.performance import Predictions
from avidity.stats.batched.replicate import grouped
from avidity.stats.firth import fit_firth
from avidity.stats.goodness_of_fit import brier, mean_difference, somers_dxy
from avidity.stats.logistic import fit
from avidity.stats.resampling import bootstrap, from_indices, from_weights, portable_bootstrap
from avidity.stats.roc import roc
from avidity.stats.separation import SeparatedError
from stats.batched.samples import names, patients

DROP = Rule(separated="drop")


def test_the_portable_bootstrap_gives_the_same_numbers_as_r(birthwt):
    # K73, R 4.2.2 with rms' definitions: indices from the Park-Miller generator, r = 1 ... 21
    # without r = 10; its first coefficients are in test_its_first_model_is_the_same_as_in_r
    X, y, columns, _ = birthwt
    found = optimism(X, y, columns, portable_bootstrap(189, 21), DROP)

    assert 0.0840579447628 == pytest.approx(found.measures["dxy"].optimism, abs=1e-12)
    assert -0.0159604262096 == pytest.approx(found.measures["brier"].optimism, abs=1e-12)
    assert 0.704059684724 == pytest.approx(found.measures["auc"].corrected, abs=1e-12)
    assert -0.159765272735 == pytest.approx(found.measures["intercept"].tested, abs=1e-11)
    assert 0.778994974309 == pytest.approx(found.measures["slope"].tested, abs=1e-11)
    assert 20 == found.tally.used == found.measures["slope"].resamples


def test_the_separated_resample_is_found_and_counted(birthwt):
    # K74: r = 10 is separated; averaging what glm.fit leaves there gives slope 0.7463
    X, y, columns, _ = birthwt
    dropped = optimism(X, y, columns, portable_bootstrap(189, 21), DROP)
    refitted = optimism(X, y, columns, portable_bootstrap(189, 21))

    assert [9] == np.flatnonzero(dropped.replicates.state == State.SEPARATED).tolist()
    assert (21, 20, 1, 0) == (
        dropped.tally.resamples,
        dropped.tally.used,
        dropped.tally.separated,
        dropped.tally.by_firth,
    )
    assert 1 == dropped.tally.dropped
    assert (21, 1, 1) == (refitted.tally.used, refitted.tally.separated, refitted.tally.by_firth)
    assert "1 were separated and 1 were fitted by Firth's method" in refitted.tally.words
    assert 0.76 < refitted.measures["slope"].tested < 0.7790
    assert "separated resamples were dropped" in dropped.method


def test_its_first_model_is_the_same_as_in_r(birthwt):
    # K73: the coefficients of r = 1
    X, y, _columns, _ = birthwt
    expected = [
        *(0.1355551711, -0.0165302724, -0.0159045819, 1.1584775469, 1.2809987958),
        *(1.1913756288, 0.3117382213, 2.1501594985, 0.8296154929),
    ]
    from avidity.stats.batched.replicate import fitted

    data = grouped(X, y)
    own = data.patients(portable_bootstrap(189, 1).weights)
    models, _ = fitted(data, own, Rule())

    assert np.allclose(expected, models.coef[:, 0], atol=5e-10)


def sampled_as_r_does(seed, n, resamples):
    """The indices of sample(n, replace = TRUE) in R >= 3.6, from 0: Mersenne Twister, rejection."""
    state = seed
    for _ in range(50):
        state = (69069 * state + 1) % 2**32
    words = []
    for _ in range(625):
        state = (69069 * state + 1) % 2**32
        words.append(state)
    twister = np.random.MT19937()
    key = {"key": np.array(words[1:], dtype=np.uint32), "pos": 624}
    twister.state = {"bit_generator": "MT19937", "state": key}
    uniform = twister.random_raw(3 * n * resamples) * 2.3283064365386963e-10
    drawn = np.floor(uniform * 65536).astype(np.int64) % 2 ** ceil(log2(n))
    return drawn[drawn < n][: n * resamples].reshape(resamples, n)


def test_a_run_of_rms_can_be_replayed(birthwt):
    # K72, R 4.2.2, rms 6.5-0: set.seed(1); validate(lrm(low ~ age + lwt + race + smoke + ptl +
    # ht + ui, x = TRUE, y = TRUE), B = 200). The same resamples: no Monte-Carlo error is left.
    X, y, columns, _ = birthwt
    indices = sampled_as_r_does(1, 189, 200)
    whole = optimism(X, y, columns, from_indices(indices, 189, "R's sample()"))
    found = whole.measures

    assert 0.0896 == pytest.approx(whole.emax, abs=5e-5)
    assert [68, 167, 129, 162, 43, 14] == (indices[0, :6] + 1).tolist()
    for measure, apparent, training, test, corrected in (
        ("dxy", 0.4922, 0.5446, 0.4561, 0.4036),
        ("r2", 0.2268, 0.2789, 0.1871, 0.1351),
        ("intercept", 0.0, 0.0, -0.1568, -0.1568),
        ("slope", 1.0, 1.0, 0.7608, 0.7608),
        ("brier", 0.1794, 0.1682, 0.1894, 0.2006),
        ("g", 1.1722, 1.3572, 1.0117, 0.8266),
    ):
        assert apparent == pytest.approx(found[measure].apparent, abs=5e-5)
        assert training == pytest.approx(found[measure].trained, abs=5e-5)
        assert test == pytest.approx(found[measure].tested, abs=5e-5)
        assert corrected == pytest.approx(found[measure].corrected, abs=1e-4)


def test_other_resamples_agree_with_rms_within_monte_carlo_error(birthwt):
    # K72 again, by 1,000 resamples of our own. The error of a mean over B resamples is their
    # SD / sqrt(B); for the difference to R's 200 both count, and four of them are allowed.
    X, y, columns, _ = birthwt
    found = optimism(X, y, columns, bootstrap(189, 1000, seed=1))
    assert 0.0896 == pytest.approx(found.emax, abs=0.02)

    for measure, expected in (("dxy", 0.0885), ("r2", 0.0918), ("brier", -0.0211), ("g", 0.3456)):
        gap = getattr(found.replicates.trained, "auc" if measure == "dxy" else measure) - getattr(
            found.replicates.tested, "auc" if measure == "dxy" else measure
        )
        spread = (2 if measure == "dxy" else 1) * np.nanstd(gap)
        error = spread * np.sqrt(1 / 200 + 1 / 1000)
        assert expected == pytest.approx(found.measures[measure].optimism, abs=4 * error)


def one_by_one(X, y, drawn):
    """Trained and tested values of each resample, by the textbook and the single-fit routines."""
    rows = []
    for place in range(len(drawn)):
        at = drawn.rows(place)
        try:
            coef = fit(X[at], y[at], names(X)).coef
        except SeparatedError:
            coef = fit_firth(X[at], y[at], names(X)).coef
        except AnalysisError:
            rows.append(None)
            continue
        line = np.round(X @ coef, 8)
        risk = 1 / (1 + np.exp(-X @ coef))
        own = {
            "auc": roc(line[at], y[at]).auc,
            "brier": brier(risk[at], y[at]),
            "g": mean_difference((X @ coef)[at]),
            "r2": nagelkerke((X @ coef)[at], y[at]),
        }
        other = {"auc": (somers_dxy(line, y) + 1) / 2, "brier": brier(risk, y)}
        try:
            again = fit(np.column_stack([np.ones(len(y)), X @ coef]), y, ("one", "line"))
            other |= {"intercept": again.coef[0], "slope": again.coef[1], "r2": again.nagelkerke}
        except AnalysisError:
            pass
        rows.append((own, other))
    return rows


def nagelkerke(line, y):
    def log_likelihood(line):
        return float(-np.logaddexp(0, np.where(y == 1, -line, line)).sum())

    share, n = y.mean(), len(y)
    null = log_likelihood(np.full(n, np.log(share / (1 - share))))
    return (1 - np.exp(2 * (null - log_likelihood(line)) / n)) / (1 - np.exp(2 * null / n))


@given(patients(least=20, columns=3), st.integers(0, 999))
@settings(max_examples=15, deadline=None)
def test_every_measure_is_that_of_one_resample_at_a_time(data, seed):
    X, y = data
    drawn = bootstrap(len(y), 6, seed)
    try:
        found = optimism(X, y, names(X), drawn).replicates
    except AnalysisError:
        return  # a dependent column in all patients: nothing to compare

    for place, seen in enumerate(one_by_one(X, y, drawn)):
        assert (seen is not None) == found.usable[place]
        if seen is None:
            assert np.isnan(found.trained.auc[place])
            continue
        for expected, measured in zip(seen, (found.trained, found.tested), strict=True):
            for measure, value in expected.items():
                assert value == pytest.approx(getattr(measured, measure)[place], abs=2e-7)


def test_resamples_of_any_size_are_weighed_by_their_own(birthwt):
    X, y, columns, _ = birthwt
    drawn = bootstrap(189, 6, seed=3).weights * (np.arange(189) % 5 > 0)
    found = optimism(X, y, columns, from_weights(drawn)).replicates

    for place, (own, other) in enumerate(one_by_one(X, y, from_weights(drawn))):
        for expected, measured in ((own, found.trained), (other, found.tested)):
            for measure, value in expected.items():
                assert value == pytest.approx(getattr(measured, measure)[place], abs=2e-7)


def test_the_models_slope_in_its_own_patients_is_one(birthwt):
    X, y, columns, _ = birthwt
    trained = optimism(X, y, columns, portable_bootstrap(189, 5)).replicates.trained

    assert [1.0] * 5 == trained.slope.tolist()
    assert [0.0] * 5 == trained.intercept.tolist()


def test_a_flat_predictor_has_half_the_area_and_no_slope():
    y = np.array([0, 1, 1.0, 0])
    everyone = grouped(np.ones((4, 1)), y).patients(np.ones((1, 4)))
    found = Predictions(np.zeros((1, 1))).of_others(everyone)

    assert [0.5] == found.auc.tolist()
    assert [0.0] == found.r2.tolist()
    assert np.isnan(found.slope[0])


def test_intervals_are_shifted_percentiles(birthwt):
    X, y, columns, _ = birthwt
    found = optimism(X, y, columns, bootstrap(189, 300, seed=1), level=0.9)
    area, slope = found.measures["auc"], found.measures["slope"]
    low, high = np.quantile(found.replicates.trained.auc, [0.05, 0.95]) - area.optimism

    assert (low, high) == pytest.approx((area.interval.low, area.interval.high))
    assert "location-shifted" in area.interval.method
    assert 0.9 == area.interval.level
    low, high = np.quantile(found.replicates.tested.slope, [0.05, 0.95])
    assert (low, high) == pytest.approx((slope.interval.low, slope.interval.high))
    dxy = found.measures["dxy"]
    assert dxy.interval.low == pytest.approx(2 * area.interval.low - 1)
    assert dxy.corrected == pytest.approx(2 * area.corrected - 1)


def test_resamples_of_other_patients_are_refused(birthwt):
    X, y, columns, _ = birthwt
    with pytest.raises(ValueError, match="resamples of 12 patients do not fit 189 rows"):
        optimism(X, y, columns, bootstrap(12, 5, 1))


def test_a_model_that_does_not_exist_is_said_to(endometrial):
    X, y, columns = endometrial
    drawn = bootstrap(79, 20, 1)
    with pytest.raises(AnalysisError, match="no estimate by this rule"):
        optimism(X, y, columns, drawn, DROP)
    found = optimism(X, y, columns, drawn, Rule("Firth"))
    assert found.tally.by_firth == found.tally.used > 15
    assert "Every resample was fitted by Firth" in found.method


def test_resamples_without_any_model_are_said_to_be():
    X, y = np.column_stack([np.ones(4), [1, 2, 1, 2.0]]), np.array([0, 0, 1, 1.0])
    with pytest.raises(AnalysisError, match="no resample has a model"):
        optimism(X, y, ("one", "x"), from_indices([[0, 1, 0, 1]], 4))


@pytest.mark.parametrize("wrong", [{"estimator": "ridge"}, {"separated": "ignore"}])
def test_a_rule_nobody_knows_is_refused(wrong):
    with pytest.raises(ValueError, match="got"):
        Rule(**wrong)
