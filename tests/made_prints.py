"""Made cohorts, fitted and printed as a paper prints them, for tests of rebuilding."""

from __future__ import annotations

from itertools import product

import numpy as np

from avidity.stats.logistic import fit
from avidity.stats.rebuild.problem import Effect, Level, Overall, Predictor, problem
from avidity.stats.rounded import rounded

BEL_LAKHDAR = (  # Bel Lakhdar et al. 2024, Tables 1 and 2: refractory, not, odds ratio, interval, p
    ("age", ("<54", 13, 42), (">=54", 19, 16, "6.502", "1.832", "23.080", "0.004")),
    ("diameter", ("<29", 11, 44), (">=29", 21, 14, "6.666", "1.962", "22.641", "0.002")),
    ("metastasis", ("no", 14, 54), ("yes", 18, 4, "22.553", "5.099", "99.752", "0.000")),
)


def bel_lakhdar(changes=None, **more):
    """The seed paper's problem; changes maps (predictor, kind) to another text, or to None."""
    made = []
    for name, reference, (level, yes, no, *texts) in BEL_LAKHDAR:
        kinds = dict(zip(("odds_ratio", "low", "high", "p"), texts, strict=True))
        kinds |= {kind: text for (of, kind), text in (changes or {}).items() if of == name}
        effect = Effect(**{kind: rounded(text) for kind, text in kinds.items() if text})
        made.append(Predictor(name, (Level(*reference), Level(level, yes, no, effect))))
    return problem(made, **more)


def patterns_of(sizes):
    """Every combination of levels, shape (C, predictors), and the design, shape (C, p)."""
    levels = np.array(list(product(*(range(size) for size in sizes))))
    columns = [levels[:, at] == level for at, size in enumerate(sizes) for level in range(1, size)]
    return levels, np.column_stack([np.ones(len(levels)), *columns])


def fitted_to(X, totals, cases):
    names = [str(at) for at in range(X.shape[1])]
    weights = np.concatenate([cases, totals - cases])
    return fit(np.vstack([X, X]), np.repeat([1.0, 0.0], len(X)), names, weights)


def printed(sizes, totals, cases, decimals=3, **more):
    """The problem a cohort's paper would pose: level 0 of each predictor is the reference."""
    levels, X = patterns_of(sizes)
    totals, cases = np.asarray(totals), np.asarray(cases)
    terms = iter(fitted_to(X, totals, cases).wald()[1:])

    def text(value):
        return rounded(f"{value:.{decimals}f}")

    made = []
    for at, size in enumerate(sizes):
        rows = []
        for level in range(size):
            here = levels[:, at] == level
            yes, everyone = int(cases[here].sum()), int(totals[here].sum())
            effect = None
            if level:
                term = next(terms)
                ends = (term.estimate, term.interval.low, term.interval.high)
                effect = Effect(*(text(np.exp(end)) for end in ends))
            rows.append(Level(f"level {level}", yes, everyone - yes, effect))
        made.append(Predictor(f"factor {at + 1}", tuple(rows)))
    return problem(made, **more)


def cohort(sizes, n, seed, slope=1.2):
    """Totals and cases of a made cohort with correlated predictors, shape (C,) each."""
    chance = np.random.default_rng(seed)
    _, X = patterns_of(sizes)
    hidden = chance.normal(size=n)
    columns = [
        np.digitize(0.4 * hidden + chance.normal(size=n), np.linspace(0.2, 1.2, size - 1))
        for size in sizes
    ]
    place = np.ravel_multi_index(columns, sizes)
    totals = np.bincount(place, minlength=len(X))
    line = -1.0 + X[:, 1:] @ (slope * chance.uniform(0.3, 1.0, X.shape[1] - 1))
    return totals, chance.binomial(totals, 1 / (1 + np.exp(-line)))


def overall(**texts):
    return Overall(**{kind: rounded(text) for kind, text in texts.items()})
