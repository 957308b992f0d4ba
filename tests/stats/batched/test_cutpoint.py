import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.batched.cutpoint import number, search_cutpoints
from avidity.stats.cutpoint import best_cutpoints, performance, table_at
from avidity.stats.resampling import bootstrap
from avidity.stats.roc import roc


@st.composite
def scored(draw):
    n = draw(st.integers(4, 30))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    score = chance.integers(0, draw(st.integers(1, 25)), n) / 4
    y = chance.integers(0, 2, n)
    y[:2] = 0, 1
    return score, y, bootstrap(n, 10, int(chance.integers(1000)))


@given(scored(), st.booleans(), st.sampled_from(("lowest", "highest")))
@settings(max_examples=30, deadline=None)
def test_cut_offs_are_those_of_one_resample_at_a_time(data, lower, ties):
    score, y, drawn = data
    found = search_cutpoints(score, y, drawn.weights, ties, lower_means_case=lower)
    prepared = number(score, y, lower_means_case=lower)

    for place in range(len(drawn)):
        rows = drawn.rows(place)
        if len(set(y[rows])) < 2:
            assert np.isnan(found.value[place])
            assert np.isnan(found.auc[place])
            continue
        tied = best_cutpoints(score[rows], y[rows], lower_means_case=lower)
        best = tied[0] if ties == "lowest" else tied[-1]
        assert best.value == found.value[place]
        assert best.midpoint == found.midpoint[place]
        assert (best.table.tp, best.table.fp) == (found.table.tp[place], found.table.fp[place])
        assert np.isclose(best.worth, found.table.youden[place], atol=1e-12)
        assert roc(score[rows], y[rows], lower_means_case=lower).auc == found.auc[place]
        for cut in (best.value, best.midpoint):
            everyone = prepared.table(np.ones((1, len(y)), dtype=int), np.array([cut]))
            table = table_at(score, y, cut, lower_means_case=lower)
            assert (table.tp, table.fp) == (everyone.tp[0], everyone.fp[0])
            seen = performance(table)
            assert seen.sensitivity.estimate == pytest.approx(everyone.sensitivity[0])
            assert seen.specificity.estimate == pytest.approx(everyone.specificity[0])


def test_the_patients_left_out_may_be_asked_about():
    score, y = np.array([1.0, 2, 3, 4]), np.array([0, 0, 1, 1])
    weights = np.array([[2, 0, 2, 0], [1, 1, 1, 1]])
    prepared = number(score, y)
    found = prepared.search(weights)
    out = prepared.table((weights == 0).astype(int), found.value)

    assert [3.0, 3.0] == found.value.tolist()
    assert [1, 0] == out.n_cases.tolist()
    assert 1.0 == out.sensitivity[0]
    assert np.isnan(out.sensitivity[1])


def test_the_best_cut_off_of_the_literature(columns):
    # R cutpointr 1.1.2: cutpointr(suicide, dsi, suicide, metric = youden): 2, sum 1.751792
    data = columns("suicide.csv")
    outcome = data["suicide"].astype(int)
    found = search_cutpoints(data["dsi"], outcome, np.ones((1, len(outcome)), dtype=int))

    assert 2.0 == found.value[0]
    assert 0.7517921147 == pytest.approx(found.table.youden[0], abs=1e-9)
    assert 0.92377912186 == pytest.approx(found.auc[0], abs=1e-9)
