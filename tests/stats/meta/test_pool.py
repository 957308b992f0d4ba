"""Several studies pooled: against R's metafor, statsmodels, and slow twins."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.meta.heterogeneity import log_likelihood, tau_squared
from avidity.stats.meta.pool import pool_common, pool_random
from avidity.stats.meta.weighted import cochran_q, intercept

# R 4.2.2, metafor 3.8-1: rma(measure = "RR", ai = tpos, ..., method = "REML"), dat.bcg.
# metafor stops its search for tau² at a step of 1e-5, so digits past the seventh are its own.
LOOSE = 2e-6
COARSE = 2e-4  # its Paule–Mandel: the root is left at 1e-4; ours is where DLIT and SJIT end


def test_log_risk_ratios_by_reml_agree_with_metafor(risks):
    got = pool_random(*risks, test="normal", prediction="normal")

    assert got.estimate == pytest.approx(-0.714532348365, rel=LOOSE)
    assert got.std_error == pytest.approx(0.179781531780, rel=LOOSE)
    assert got.heterogeneity.tau2 == pytest.approx(0.313243325981, rel=LOOSE)
    assert got.heterogeneity.i2 == pytest.approx(0.92221386075, rel=LOOSE)
    assert got.heterogeneity.h2 == pytest.approx(12.8557608031, rel=LOOSE)
    assert got.heterogeneity.q.statistic == pytest.approx(152.233008082, rel=1e-11)
    assert math.exp(got.prediction.low) == pytest.approx(0.154634293, rel=LOOSE)
    assert math.exp(got.prediction.high) == pytest.approx(1.549028019, rel=LOOSE)
    # confint(): Q-profile
    assert got.heterogeneity.tau2_interval.low == pytest.approx(0.1197, abs=5e-5)
    assert got.heterogeneity.tau2_interval.high == pytest.approx(1.1115, abs=5e-5)


@pytest.mark.parametrize(
    ("estimator", "tau2", "estimate"),
    [
        ("DL", 0.308760262862, -0.714117222),
        ("PM", 0.318093711863, -0.714970406),
        ("ML", 0.280028171050, -0.711199139),
    ],
)
def test_the_other_estimators_agree_with_metafor(risks, estimator, tau2, estimate):
    got = pool_random(*risks, estimator=estimator, test="normal")

    assert got.heterogeneity.tau2 == pytest.approx(tau2, rel=COARSE if estimator == "PM" else LOOSE)
    assert got.estimate == pytest.approx(estimate, rel=1e-5)


def test_knapp_and_hartung_agree_with_metafor(risks):
    got = pool_random(*risks)

    assert got.std_error == pytest.approx(0.180791745519, rel=LOOSE)
    assert got.interval.low == pytest.approx(-1.108443723, rel=LOOSE)
    assert got.interval.high == pytest.approx(-0.320620974, rel=LOOSE)
    assert got.test.p_value == pytest.approx(0.00192001508513, rel=1e-5)
    assert got.test.df == 12
    assert "12 df" in got.method


def test_log_odds_ratios_agree_with_metafor(odds):
    reml, dl = (pool_random(*odds, estimator=way, test="normal") for way in ("REML", "DL"))

    assert reml.estimate == pytest.approx(-0.745177771837, rel=LOOSE)
    assert reml.std_error == pytest.approx(0.186027915415, rel=LOOSE)
    assert math.exp(reml.interval.low) == pytest.approx(0.329629564724, rel=LOOSE)
    assert math.exp(reml.interval.high) == pytest.approx(0.683471885020, rel=LOOSE)
    assert math.exp(dl.estimate) == pytest.approx(0.473599926914, rel=1e-9)


def test_six_pools_agree_with_the_file_of_r_answers(shared, odds):
    told = json.loads((shared / "reference" / "r_known_answers.json").read_text("utf-8"))["meta"]
    for name in ("DL_z", "DL_knha", "REML_z", "REML_knha", "PM_z", "PM_knha"):
        estimator, test = name.split("_")
        here = told[name]
        got = pool_random(
            *odds,
            estimator=estimator,
            test="normal" if test == "z" else "Knapp–Hartung",
            prediction="normal" if test == "z" else "k-1",
        )
        within = {"DL": 1e-9, "REML": LOOSE, "PM": COARSE}[estimator]
        assert got.estimate == pytest.approx(here["log_or"], rel=within), name
        assert got.std_error == pytest.approx(here["se"], rel=within), name
        assert got.interval.low == pytest.approx(here["low"], rel=within), name
        assert got.interval.high == pytest.approx(here["high"], rel=within), name
        assert got.heterogeneity.tau2 == pytest.approx(here["tau2"], rel=within), name
        assert 100 * got.heterogeneity.i2 == pytest.approx(here["i2"], rel=within), name
        assert got.heterogeneity.q.statistic == pytest.approx(here["q"], rel=1e-11), name
        assert got.prediction.low == pytest.approx(here["pi_low"], rel=within), name
        assert got.prediction.high == pytest.approx(here["pi_high"], rel=within), name


def test_statsmodels_pools_the_same_way(odds):
    # a third program; it has no REML
    from statsmodels.stats.meta_analysis import combine_effects

    y, se = odds
    for theirs, ours in (("dl", "DL"), ("iterated", "PM")):
        said = combine_effects(y, se**2, method_re=theirs)
        frame = said.summary_frame()
        got = pool_random(y, se, estimator=ours)
        plain = pool_random(y, se, estimator=ours, test="normal")
        common = pool_common(y, se)

        within = 1e-9 if ours == "DL" else COARSE  # theirs iterates to 1e-5
        assert got.heterogeneity.tau2 == pytest.approx(said.tau2, rel=within)
        assert plain.estimate == pytest.approx(frame.loc["random effect", "eff"], rel=within)
        assert plain.std_error == pytest.approx(frame.loc["random effect", "sd_eff"], rel=within)
        assert got.std_error == pytest.approx(frame.loc["random effect wls", "sd_eff"], rel=within)
        assert common.estimate == pytest.approx(frame.loc["fixed effect", "eff"], rel=1e-12)
        assert common.heterogeneity.i2 == pytest.approx(said.i2, rel=1e-12)


def test_dersimonian_laird_and_sidik_jonkman_end_at_paule_and_mandel(risks):
    # iterated from their own start, both solve Q(tau²) = k - 1; metafor's DLIT and SJIT: 0.3181
    y, v, X = risks[0], risks[1] ** 2, intercept(13)
    ends = tau_squared(y, v, X, "PM")
    sj, dl = tau_squared(y, v, X, "SJ"), tau_squared(y, v, X, "DL")
    for _ in range(200):
        sj *= cochran_q(y, v, X, sj) / 12
        w = 1 / (v + dl)
        mean = w @ y / w.sum()
        moment = w @ (y - mean) ** 2 - (w @ v - w**2 @ v / w.sum())
        dl = moment / (w.sum() - w @ w / w.sum())

    assert sj == pytest.approx(0.3181, abs=5e-5)
    assert ends == pytest.approx(sj, rel=1e-9)
    assert ends == pytest.approx(dl, rel=1e-9)


def test_the_pool_of_a_common_effect_is_the_weighted_mean(odds):
    y, se = odds
    weight = 1 / se**2
    got = pool_common(y, se)

    assert got.estimate == pytest.approx(weight @ y / weight.sum(), rel=1e-13)
    assert got.std_error == pytest.approx(1 / math.sqrt(weight.sum()), rel=1e-13)
    assert sum(got.shares) == pytest.approx(1)
    assert got.prediction is None


def test_studies_that_agree_leave_tau_squared_at_nothing_and_the_pools_agree():
    y, se = [0.5, 0.52, 0.48, 0.51], [0.3, 0.4, 0.5, 0.2]
    got = pool_random(y, se, test="normal")

    assert 0 == got.heterogeneity.tau2 == got.heterogeneity.i2
    assert got.heterogeneity.tau2_interval.low == 0
    assert got.estimate == pytest.approx(pool_common(y, se).estimate)
    assert pool_random(y, se).narrower


def test_two_studies_leave_one_degree_of_freedom_and_one_study_is_no_pool():
    got = pool_random([0.2, 0.9], [0.3, 0.3], prediction="k-2")

    assert got.test.df == 1
    assert got.prediction is None
    assert got.interval.high - got.interval.low > 4
    assert pool_common([0.2], [0.3]).heterogeneity is None
    with pytest.raises(AnalysisError, match="two studies or more"):
        pool_random([0.2], [0.3])


def test_studies_that_say_exactly_the_same_get_no_t_test():
    got = pool_random([0.5, 0.5, 0.5], [0.3, 0.4, 0.5])

    assert math.isnan(got.test.p_value)
    assert "do not scatter" in got.test.method


def test_standard_errors_must_be_above_zero():
    with pytest.raises(AnalysisError, match="above 0"):
        pool_common([0.1, 0.2], [0.1, 0.0])
    with pytest.raises(AnalysisError, match="one standard error per study"):
        pool_common([0.1, 0.2], [0.1])
    with pytest.raises(AnalysisError, match="REML, ML"):
        tau_squared(np.zeros(3), np.ones(3), intercept(3), "nothing")


STUDIES = st.integers(3, 9).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-2, 2), min_size=k, max_size=k),
        st.lists(st.floats(0.05, 1), min_size=k, max_size=k),
    )
)


@given(studies=STUDIES)
def test_no_tau_squared_is_more_likely_than_the_one_found(studies):
    y, v = np.array(studies[0]), np.array(studies[1]) ** 2
    X = intercept(len(y))
    for estimator, restricted in (("REML", True), ("ML", False)):
        found = tau_squared(y, v, X, estimator)
        best = log_likelihood(y, v, X, found, restricted=restricted)
        for tau2 in np.concatenate([[0], np.geomspace(1e-5, 30, 120)]):
            assert log_likelihood(y, v, X, tau2, restricted=restricted) <= best + 1e-9


@given(studies=STUDIES, shift=st.floats(-3, 3), times=st.floats(0.1, 10))
def test_the_pool_moves_and_stretches_with_its_studies(studies, shift, times):
    y, se = (np.array(each) for each in studies)
    one = pool_random(y, se, test="normal")
    moved = pool_random(times * y + shift, times * se, test="normal")

    assert moved.estimate == pytest.approx(times * one.estimate + shift, rel=1e-5, abs=1e-5)
    assert moved.heterogeneity.tau2 == pytest.approx(
        times**2 * one.heterogeneity.tau2, rel=1e-5, abs=1e-7
    )
    assert moved.heterogeneity.i2 == pytest.approx(one.heterogeneity.i2, rel=1e-4, abs=1e-6)
