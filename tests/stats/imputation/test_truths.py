"""Known truths come back: no bias, intervals that cover, R's answers within their error."""

import json

import numpy as np
import pytest

from avidity.stats.imputation.impute import impute
from avidity.stats.imputation.variables import category, number, plan, yes_no
from avidity.stats.logistic import fit
from avidity.stats.pooled_logistic import pool_logistic

NAN = np.nan


def test_the_order_of_the_rows_does_not_matter(cohort):
    variables, outcome = cohort(8)
    turn = np.random.default_rng(1).permutation(90)
    m = 600
    there = impute(
        plan(list(variables.values()), outcome), m, rng=np.random.default_rng(2), iterations=5
    )
    turned = [
        number("age", variables["age"].values[turn]),
        yes_no("metastasis", variables["metastasis"].values[turn]),
        category("histology", variables["histology"].values[turn], ("PTC", "FTC", "OCA")),
        number("tg", variables["tg"].values[turn], high=variables["tg"].high[turn], log=True),
        number("diameter", variables["diameter"].values[turn]),
    ]
    back = impute(plan(turned, outcome[turn]), m, rng=np.random.default_rng(3), iterations=5)

    for name in there.order:
        gaps = ~variables[name].measured
        one = there.values[name][:, gaps]
        two = back.values[name][:, np.argsort(turn)][:, gaps]
        if name == "tg":
            one, two = np.log(one), np.log(two)
        spread = np.sqrt((one.var(axis=0) + two.var(axis=0)) / m) + 1e-9
        assert np.abs((one.mean(axis=0) - two.mean(axis=0)) / spread).max() < 4.5


def simulated(rng, n):
    """y on a number, a yes/no and a complete number; gaps that depend on y and the complete."""
    x = rng.standard_normal(n)
    z = 0.5 * x + rng.standard_normal(n)
    d = (rng.random(n) < 1 / (1 + np.exp(0.3 - 0.8 * x))).astype(float)
    X = np.column_stack([np.ones(n), x, d, z])
    y = (rng.random(n) < 1 / (1 + np.exp(-X @ TRUTH))).astype(float)
    no_x = rng.random(n) < 1 / (1 + np.exp(1.2 - 0.9 * y - 0.6 * z))
    no_d = rng.random(n) < 1 / (1 + np.exp(1.4 - 0.5 * y + 0.7 * z))
    return X, y, no_x, no_d


TRUTH = np.array([-0.4, 0.8, 0.7, -0.6])
NAMES = ("intercept", "x", "d", "z")


def test_pooled_intervals_cover_where_complete_cases_mislead():
    # 200 cohorts of 200; about half of the patients are incomplete, more often the cases
    repeats, covered, estimates, complete = 200, [], [], []
    for rng in np.random.default_rng(20240502).spawn(repeats):
        X, y, no_x, no_d = simulated(rng, 200)
        whole = plan(
            [
                number("x", np.where(no_x, NAN, X[:, 1])),
                yes_no("d", np.where(no_d, NAN, X[:, 2])),
                number("z", X[:, 3]),
            ],
            y,
        )
        sets = impute(whole, 10, rng=rng, iterations=5).values
        design = np.stack([np.ones((10, 200)), sets["x"], sets["d"], sets["z"]], axis=-1)
        pooled = pool_logistic(design, y, NAMES).pooled
        covered.append([t in row.interval for t, row in zip(TRUTH, pooled.rows, strict=True)])
        estimates.append(pooled.coef)
        whole_rows = ~(no_x | no_d)
        complete.append(fit(X[whole_rows], y[whole_rows], NAMES).coef)

    # Monte Carlo error of a share of 0.95 in 200: 0.0154; three of them
    assert np.mean(covered, axis=0) == pytest.approx([0.95] * 4, abs=0.047)
    error = np.std(estimates, axis=0) / np.sqrt(repeats)
    # maximum likelihood with 200 patients is itself a little too far out: 5% are allowed for
    assert np.abs(np.mean(estimates, axis=0) - TRUTH).max() < (3 * error + 0.05).max()
    assert np.mean(complete, axis=0)[0] - TRUTH[0] < -0.3


def test_what_is_missing_completely_at_random_is_imputed_without_bias():
    n, rng = 3000, np.random.default_rng(20240503)
    x = rng.gamma(3, 10, n)
    d = (rng.random(n) < 0.15).astype(float)
    c = rng.choice(3, n, p=[0.75, 0.2, 0.05]).astype(float)
    y = (rng.random(n) < 1 / (1 + np.exp(1 - 0.02 * x - d))).astype(float)
    gone = rng.random((3, n)) < 0.3
    got = impute(
        plan(
            [
                number("x", np.where(gone[0], NAN, x)),
                yes_no("d", np.where(gone[1], NAN, d)),
                category("c", np.where(gone[2], NAN, c), "abc"),
            ],
            y,
        ),
        20,
        rng=rng,
        iterations=5,
    ).values

    def near(drawn, truth):
        # what was drawn in the gaps against what was there: standard error of the gaps' mean,
        # and once more for the regression, which knows the measured only
        return abs(drawn.mean() - truth.mean()) < 3 * np.sqrt(2) * truth.std() / np.sqrt(len(truth))

    assert near(got["x"][:, gone[0]], x[gone[0]])
    assert got["x"][:, gone[0]].std() == pytest.approx(x[gone[0]].std(), rel=0.1)
    assert near(got["d"][:, gone[1]], d[gone[1]])
    for level in range(3):
        assert near(got["c"][:, gone[2]] == level, c[gone[2]] == level)
    for case in (0, 1):  # and so in cases and controls apart: the outcome was in the equations
        rows = gone[1] & (y == case)
        assert near(got["d"][:, rows], d[rows])


def test_values_below_the_assay_are_drawn_as_they_were():
    n, rng = 2000, np.random.default_rng(20240504)
    z = rng.standard_normal(n)
    tg = np.exp(0.7 * z + rng.standard_normal(n))
    y = (rng.random(n) < 1 / (1 + np.exp(-z))).astype(float)
    below = tg < 0.6
    got = impute(
        plan(
            [
                number("tg", np.where(below, NAN, tg), high=np.where(below, 0.6, NAN), log=True),
                number("z", z),
            ],
            y,
        ),
        10,
        rng=rng,
        iterations=15,
    ).values["tg"]

    # Monte Carlo error of the mean logarithm of some 630 censored values: 0.025
    assert np.log(got[:, below]).mean() == pytest.approx(np.log(tg[below]).mean(), abs=0.1)
    assert np.log(got[:, below]).std() == pytest.approx(np.log(tg[below]).std(), abs=0.1)
    slope = np.polyfit(z, np.log(got).mean(axis=0), 1)[0]
    assert slope == pytest.approx(0.7, abs=0.08)


def test_birth_weights_are_imputed_as_in_r(shared, columns):
    # R 4.2.2, mice 3.15.0: five sets of birthwt_missing.csv, pooled. Five sets leave each
    # coefficient a Monte Carlo error of sqrt(B / 5); ours, of 40 sets, is small beside it
    path = shared / "reference" / "r_known_answers.json"
    told = json.loads(path.read_text(encoding="utf-8"))["rubin"]
    data, stacked = columns("birthwt_missing.csv"), columns("birthwt_completed.csv")
    gaps = {
        name: np.array([float(v) if v not in ("", "NA") else NAN for v in data[name].astype(str)])
        for name in ("age", "lwt")
    }
    whole = plan(
        [
            *(number(name, values) for name, values in gaps.items()),
            *(yes_no(name, data[name].astype(float)) for name in ("smoke", "ht", "ui")),
        ],
        data["low"].astype(float),
    )
    sets = impute(whole, 40, rng=np.random.default_rng(1)).values
    design = np.stack(
        [np.ones((40, 189)), *(sets[name] for name in ("age", "lwt", "smoke", "ht", "ui"))], axis=-1
    )
    got = pool_logistic(design, whole.outcome, told["term"]).pooled
    theirs = np.array(
        [
            fit(
                np.column_stack(
                    [
                        np.ones(189),
                        *(
                            stacked[name][stacked[".imp"] == at]
                            for name in ("age", "lwt", "smoke", "ht", "ui")
                        ),
                    ]
                ),
                whole.outcome,
                told["term"],
            ).coef
            for at in range(1, 6)
        ]
    )
    error = np.sqrt(got.between.diagonal() * (1 / 5 + 1 / 40))

    assert np.abs((theirs.mean(axis=0) - got.coef) / error).max() < 3.5
    assert np.sqrt(got.within.diagonal()) == pytest.approx(told["se"], rel=0.1)
