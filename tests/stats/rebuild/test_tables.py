"""Every table with given margins, and no other."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.rebuild.patterns import Equations, patterns
from avidity.stats.rebuild.tables import TooManyError, tables
from made_prints import bel_lakhdar, cohort, patterns_of, printed


def by_trial(X, margins, ceiling):
    """Slow twin: every combination of counts, kept if the margins are right."""
    trials = product(*(range(top + 1) for top in ceiling))
    return sorted(trial for trial in trials if (X.T @ np.array(trial) == margins).all())


@pytest.mark.parametrize("sizes", [(2,), (3,), (2, 2), (3, 2), (2, 2, 2)])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_they_are_those_found_by_trying_everything(sizes, data):
    _, X = patterns_of(sizes)
    truth = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(X), max_size=len(X))))
    made = patterns(problem_of(sizes))

    found = tables(made, (X.T @ truth).astype(int), ceiling=np.full(len(X), 2))

    assert by_trial(X, X.T @ truth, [2] * len(X)) == sorted(map(tuple, found.T.tolist()))


def problem_of(sizes):
    for seed in range(100):
        totals, cases = cohort(sizes, 60, seed)
        try:
            return printed(sizes, totals, cases)
        except Exception:  # noqa: BLE001  # a separated cohort: take the next
            continue
    raise AssertionError


def test_the_seed_paper_leaves_50_632_tables():
    made = patterns(bel_lakhdar())

    found = tables(made, made.margins)

    assert (8, 50_632) == found.shape
    assert (made.X.T @ found == made.margins[:, np.newaxis]).all()
    assert 0 == found.min()


def test_a_printed_cross_table_leaves_fewer():
    made = patterns(bel_lakhdar())
    both = (made.X[:, 1] * made.X[:, 2])[np.newaxis]

    found = tables(made, made.margins, also=Equations(both, np.array([15.0])))

    assert {15.0} == set((both @ found)[0])


def test_too_many_are_not_listed():
    made = patterns(bel_lakhdar())

    with pytest.raises(TooManyError):
        tables(made, made.margins, most=50_000)


def test_margins_that_exceed_the_total_leave_none():
    made = patterns(bel_lakhdar())

    assert 0 == tables(made, made.margins, ceiling=np.zeros(8, dtype=int)).shape[1]
