"""The search finds what listing finds."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.rebuild.lattice import Polytope, TooFarError, directions, moves, points, reduced
from avidity.stats.rebuild.patterns import patterns
from avidity.stats.rebuild.solve import Effort, rebuild
from avidity.stats.rebuild.tables import tables
from made_prints import bel_lakhdar, cohort, fitted_to, overall, patterns_of, printed

UNLISTED = Effort(tables=0)


def totals_of(found):
    return sorted(one.totals for one in found.solutions)


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (2, 2, 2), (2, 2, 2, 2), (3, 3)])
def test_the_moves_keep_the_margins_and_lead_everywhere(sizes):
    _, X = patterns_of(sizes)
    totals, cases = cohort(sizes, 400, 1)
    made = patterns(printed(sizes, totals, cases))
    basis = moves(made)

    assert len(X) - X.shape[1] == len(basis)
    assert not (basis @ made.X).any()
    short = reduced(basis, np.eye(len(X)))
    assert not (short @ made.X).any()
    # each basis is whole-number combinations of the other: they span the same moves
    there = np.linalg.lstsq(basis.T.astype(float), short.T.astype(float), rcond=None)[0]
    np.testing.assert_allclose(there, there.round(), atol=1e-9)
    assert 1 == pytest.approx(abs(np.linalg.det(there)))


def test_the_points_of_a_polytope_are_all_tables():
    totals, cases = cohort((2, 2, 2), 30, 2)
    made = patterns(printed((2, 2, 2), totals, cases))
    expected = tables(made, made.margins)
    metric = np.eye(8)
    basis = reduced(moves(made), metric)
    upper, coordinates = directions(basis, metric)
    start = np.array(totals)
    reach = coordinates @ (expected - start[:, np.newaxis])
    polytope = Polytope(
        start, basis, upper, reach.min(axis=1), reach.max(axis=1), -np.eye(8), np.zeros(8)
    )

    found = np.concatenate(list(points(polytope, 10**6)), axis=1)

    assert sorted(map(tuple, expected.T.tolist())) == sorted(map(tuple, found.T.tolist()))
    with pytest.raises(TooFarError):
        list(points(polytope, 10))


def test_the_seed_paper_is_found_without_a_list():
    found = rebuild(bel_lakhdar(), UNLISTED)

    assert "one" == found.answer
    assert (30, 5, 13, 7, 16, 4, 9, 6) == found.only.totals
    assert found.work.proven


@settings(deadline=None, max_examples=4)
@given(
    sizes=st.sampled_from([(2, 2), (3, 2), (2, 2, 2)]),
    n=st.integers(25, 50),
    seed=st.integers(0, 10**6),
    decimals=st.integers(1, 3),
)
def test_searching_finds_what_listing_finds(sizes, n, seed, decimals):
    totals, cases = cohort(sizes, n, seed)
    try:
        asked = printed(sizes, totals, cases, decimals)
    except AnalysisError:  # separated
        assume(False)

    listed, searched = rebuild(asked), rebuild(asked, UNLISTED)

    assume(listed.found <= 100)
    if searched.answer == "bounds":
        assert set(totals_of(searched)) <= set(totals_of(listed))
    else:
        assert totals_of(listed) == totals_of(searched)


def test_a_contradiction_is_proved_without_a_list():
    figure = rebuild(bel_lakhdar(overall=overall(deviance="75.0")), UNLISTED)
    count = rebuild(bel_lakhdar({("age", "odds_ratio"): "6.512"}), UNLISTED)

    assert ("none", "none") == (figure.answer, count.answer)
    assert figure.work.proven
    assert "-2 log-likelihood" in [one.figure for one in figure.contradiction.culprits]
    assert "age = >=54: odds ratio" in [one.figure for one in count.contradiction.culprits]


def test_a_search_that_stops_gives_bounds_that_hold():
    sizes = (2, 2, 2, 2, 2)
    totals, cases = cohort(sizes, 250, 5)
    _, X = patterns_of(sizes)
    fit = fitted_to(X, totals, cases)
    told = []

    found = rebuild(printed(sizes, totals, cases), progress=lambda words, _: told.append(words))

    assert "bounds" == found.answer
    assert not found.work.proven
    assert "26 whole numbers stay free" in found.work.stopped
    assert found.intercept.low <= fit.coef[0] <= found.intercept.high
    assert found.intercept.width < 0.3
    for one, risk, count in zip(found.patterns, fit.risk(X), totals, strict=True):
        assert one.risk.low <= risk <= one.risk.high
        assert one.n[0] <= count <= one.n[1]
        assert one.interval is None
    assert "bounding the intercept from below" in told


def test_too_many_tables_to_list_are_searched():
    totals, cases = cohort((2, 2, 2), 500, 1)

    found = rebuild(printed((2, 2, 2), totals, cases))

    assert "one" == found.answer
    assert tuple(totals) == found.only.totals
