"""What linear programs rule out is never the truth."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.rebuild.complete import asked
from avidity.stats.rebuild.figures import boxes
from avidity.stats.rebuild.problem import Count
from avidity.stats.rebuild.relaxation import Relaxation
from avidity.stats.rebuild.search import bounds, not_ruled_out, quiet
from made_prints import bel_lakhdar, cohort, fitted_to, overall, patterns_of, printed

TRUTH = np.array([30, 5, 13, 7, 16, 4, 9, 6])
INTERCEPT = -3.0847466831


def relaxed(problem):
    given_ = asked(problem)
    return Relaxation(given_, boxes(given_.printed, given_.made, problem))


@settings(deadline=None, max_examples=8)
@given(
    sizes=st.sampled_from([(2, 2), (3, 2), (2, 2, 2)]),
    n=st.integers(40, 200),
    seed=st.integers(0, 10**6),
    decimals=st.integers(1, 3),
    width=st.floats(1e-4, 1.0),
)
def test_the_true_table_satisfies_every_inequality(sizes, n, seed, decimals, width):
    totals, cases = cohort(sizes, n, seed)
    try:
        problem = printed(sizes, totals, cases, decimals)
    except AnalysisError:  # separated
        assume(False)
    _, X = patterns_of(sizes)
    intercept = fitted_to(X, totals, cases).coef[0]
    low = intercept - width / 3
    program = relaxed(problem)

    program.reach(low, low + width)
    program.sharpen(low, low + width)
    for rows in (
        program.rows(low, low + width),
        program.cut_rows(program.most_spread(low, low + width)),
    ):
        assert (rows.left @ totals <= rows.right).all()
    assert program.possible(low, low + width)


def test_the_seed_papers_intercept_is_bounded_without_a_list():
    found = bounds(relaxed(bel_lakhdar()), (-40.0, 40.0), quiet)

    assert found.low <= INTERCEPT <= found.high
    assert found.width < 0.2


@pytest.mark.parametrize(
    "more",
    [
        {"overall": overall(deviance="70.232")},
        {"overall": overall(nagelkerke="0.558", cox_snell="0.406")},
        {"counts": [Count((("age", ">=54"), ("metastasis", "yes")), yes=9, no=1)]},
    ],
)
def test_more_figures_narrow_and_keep_the_truth(more):
    plain = bounds(relaxed(bel_lakhdar()), (-40.0, 40.0), quiet)
    found = bounds(relaxed(bel_lakhdar(**more)), (-40.0, 40.0), quiet)

    assert found.low <= INTERCEPT <= found.high
    assert found.width <= plain.width


def test_a_contradiction_is_ruled_out():
    impossible = bel_lakhdar(overall=overall(deviance="80.0"))
    given_ = asked(impossible)

    assert not not_ruled_out(given_, boxes(given_.printed, given_.made, impossible))
