"""Made sets of studies pooled here and by R's metafor, side by side; skipped without R."""

import numpy as np
import pytest

from avidity.stats.meta.leave_one_out import leave_one_out
from avidity.stats.meta.mantel_haenszel import common_risk_difference, common_risk_ratio
from avidity.stats.meta.peto import peto_odds_ratio
from avidity.stats.meta.pool import pool_random
from avidity.stats.meta.small_studies import egger, egger_mixed
from avidity.stats.meta.tarone import tarone_test
from avidity.stats.meta.trim_fill import trim_fill
from avidity.stats.strata import mantel_haenszel

SETS = 12
CODE = """
suppressWarnings(suppressMessages(library(metafor)))
d <- %s
tight <- list(threshold = 1e-12, maxiter = 10000)
do.call(rbind, lapply(split(d, d$set), function(s) {
  r <- rma(s$y, sei = s$se, control = tight)
  h <- rma(s$y, sei = s$se, test = "knha", control = tight)
  m <- rma(s$y, sei = s$se, method = "ML", control = tight)
  j <- rma(s$y, sei = s$se, method = "SJ")
  q <- confint(r, control = list(tol = 1e-10, tau2.max = 1000))$random
  p <- predict(h)
  f <- trimfill(r, control = tight)
  e <- regtest(r)
  g <- regtest(s$y, sei = s$se, model = "lm")
  l <- leave1out(r)
  data.frame(set = s$set[1], tau2 = r$tau2, estimate = r$b[1], se = r$se, i2 = r$I2, h2 = r$H2,
    knha = h$se, pi_low = p$pi.lb, pi_high = p$pi.ub, ml = m$tau2, sj = j$tau2,
    q_low = q[1, 2], q_high = q[1, 3], k0 = f$k0, filled = f$b[1], mixed = e$zval, lm = g$zval,
    without = l$estimate[1])
}))
"""
TABLES = """
suppressWarnings(suppressMessages(library(metafor)))
d <- %s
do.call(rbind, lapply(split(d, d$set), function(s) {
  one <- function(way, ...) rma.mh(ai = s$a, bi = s$b, ci = s$c, di = s$d, measure = way, ...)
  o <- one("OR", correct = FALSE); r <- one("RR"); g <- one("RD")
  p <- rma.peto(ai = s$a, bi = s$b, ci = s$c, di = s$d)
  data.frame(set = s$set[1], o = o$b[1], o_se = o$se, cmh = o$MH, tarone = o$TA,
    r = r$b[1], r_se = r$se, g = g$b[1], g_se = g$se, p = p$b[1], p_se = p$se)
}))
"""


def frame(columns):
    parts = ", ".join(f"{name} = c({', '.join(map(repr, values))})" for name, values in columns)
    return f"data.frame({parts})"


@pytest.fixture(scope="module")
def sets():
    dice = np.random.default_rng(77)
    made = []
    for at in range(SETS):
        k = int(dice.integers(4, 12))
        se = dice.uniform(0.1, 0.8, k)
        spread = (0.0, 0.1, 0.4, 1.0)[at % 4]
        tilt = (0.0, 1.5)[at % 2]
        made.append((dice.normal(0.3 + tilt * se, np.hypot(spread, se)), se))
    return made


def test_everything_about_effects_agrees_with_metafor(from_r, sets):
    table = frame(
        [
            ("set", [at for at, (y, _) in enumerate(sets) for _ in y]),
            ("y", [float(one) for y, _ in sets for one in y]),
            ("se", [float(one) for _, se in sets for one in se]),
        ]
    )
    told = from_r(CODE % table)
    for at, (y, se) in enumerate(sets):
        here = {name: float(column[at]) for name, column in told.items()}
        got = pool_random(y, se, test="normal")
        hk, found = pool_random(y, se), got.heterogeneity
        ours = {
            "tau2": found.tau2,
            "estimate": got.estimate,
            "se": got.std_error,
            "i2": 100 * found.i2,
            "h2": found.h2,
            "knha": hk.std_error,
            "pi_low": hk.prediction.low,
            "pi_high": hk.prediction.high,
            "ml": pool_random(y, se, "ML").heterogeneity.tau2,
            "sj": pool_random(y, se, "SJ").heterogeneity.tau2,
            "q_low": found.tau2_interval.low,
            "q_high": found.tau2_interval.high,
            "k0": trim_fill(y, se, test="normal").missing,
            "filled": trim_fill(y, se, test="normal").filled.estimate,
            "mixed": egger_mixed(y, se).statistic,
            "lm": egger(y, se).statistic,
            "without": leave_one_out(y, se)[0].estimate,
        }
        for name, value in ours.items():
            assert value == pytest.approx(here[name], rel=2e-5, abs=1e-6), (at, name)


def test_everything_about_tables_agrees_with_metafor(from_r):
    dice = np.random.default_rng(5)
    made = [dice.integers(1, 60, (int(dice.integers(2, 9)), 2, 2)) for _ in range(SETS)]
    columns = [("set", [at for at, one in enumerate(made) for _ in one])]
    for name, row, column in (("a", 0, 0), ("b", 0, 1), ("c", 1, 0), ("d", 1, 1)):
        columns.append((name, [int(each) for one in made for each in one[:, row, column]]))
    told = from_r(TABLES % frame(columns))
    z = 1.959963984540054
    for at, tables in enumerate(made):
        here = {name: float(column[at]) for name, column in told.items()}
        both = mantel_haenszel(tables, continuity=False)
        ratios = {
            "o": both.odds_ratio,
            "r": common_risk_ratio(tables),
            "p": peto_odds_ratio(tables),
        }
        for name, one in ratios.items():
            half = np.log(one.interval.high / one.interval.low) / 2 / z
            assert np.log(one.estimate) == pytest.approx(here[name], rel=1e-9), (at, name)
            assert half == pytest.approx(here[f"{name}_se"], rel=1e-9), (at, name)
        gap = common_risk_difference(tables)
        assert gap.estimate == pytest.approx(here["g"], rel=1e-9)
        assert (gap.interval.high - gap.estimate) / z == pytest.approx(here["g_se"], rel=1e-9)
        assert both.test.statistic == pytest.approx(here["cmh"], rel=1e-9)
        assert tarone_test(tables).statistic == pytest.approx(here["tarone"], rel=1e-8)
