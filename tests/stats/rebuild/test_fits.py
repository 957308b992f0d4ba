"""Fits from totals and sums alone are the fits to patients; no fit where none exists."""

import numpy as np
import pytest
from scipy.optimize import linprog

from avidity.stats.rebuild.fits import fit_totals
from avidity.stats.rebuild.patterns import patterns
from avidity.stats.rebuild.tables import tables
from made_prints import bel_lakhdar, cohort, fitted_to, patterns_of


@pytest.mark.parametrize("sizes", [(2,), (3, 2), (2, 2, 2)])
def test_totals_and_sums_give_what_patients_give(sizes):
    _, X = patterns_of(sizes)
    totals, cases = cohort(sizes, 200, 3)
    theirs = fitted_to(X, totals, cases)

    ours = fit_totals(X, totals[:, np.newaxis].astype(float), X.T @ cases)

    assert ours.converged.all()
    np.testing.assert_allclose(theirs.coef, ours.coef[:, 0], atol=1e-9)
    np.testing.assert_allclose(theirs.std_error, ours.error[:, 0], atol=1e-9)
    assert theirs.deviance == pytest.approx(ours.deviance[0], abs=1e-8)


def room_inside(X, totals, sums):
    """How far y with X'y = sums can keep from 0 and from the totals; above 0: an estimate exists.

    source  Barndorff-Nielsen, Information and Exponential Families, 1978: the estimate of an
            exponential family exists exactly when the statistic lies inside its convex support
    """
    here = totals > 0
    rows, n = X[here], int(here.sum())
    if np.linalg.matrix_rank(rows) < X.shape[1]:
        return 0.0
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.block([[-np.eye(n), np.ones((n, 1))], [np.eye(n), np.ones((n, 1))]]),
        b_ub=np.concatenate([np.zeros(n), totals[here]]),
        A_eq=np.hstack([rows.T, np.zeros((X.shape[1], 1))]),
        b_eq=sums,
        bounds=[(None, None)] * (n + 1),
    )
    return 0.0 if found.x is None else found.x[-1]


def test_an_estimate_is_found_exactly_where_one_exists():
    made = patterns(bel_lakhdar())
    every = tables(made, made.margins)
    fits = fit_totals(made.X, every.astype(float), made.sums.astype(float))
    chosen = np.random.default_rng(1).choice(every.shape[1], 200, replace=False)

    exists = [room_inside(made.X, every[:, at], made.sums) > 1e-9 for at in chosen]

    assert 23_252 == fits.converged.sum()
    assert exists == fits.converged[chosen].tolist()
