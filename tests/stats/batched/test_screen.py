import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.batched import screen
from avidity.stats.batched.cutpoint import number
from avidity.stats.contingency import pearson
from avidity.stats.fisher import fisher_2x2
from avidity.stats.means import pooled_t, welch_t
from avidity.stats.ranks import mann_whitney
from avidity.stats.resampling import bootstrap


@st.composite
def groups(draw):
    n = draw(st.integers(6, 30))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = chance.integers(0, draw(st.integers(1, 20)), n) + draw(st.sampled_from((0.0, 2015.0)))
    y = chance.integers(0, 2, n)
    y[:2] = 0, 1
    return values, y, bootstrap(n, 6, int(chance.integers(1000)))


def close(expected, found):
    return found == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(groups())
@settings(max_examples=25, deadline=None)
def test_t_and_rank_tests_are_those_of_one_resample_at_a_time(data):
    values, y, drawn = data
    case, weights = y == 1, drawn.weights
    student, welch = (test(values, case, weights) for test in (screen.pooled_t, screen.welch_t))
    ranked = number(values, y)
    spss, wins = screen.mann_whitney(ranked, weights)
    r, _ = screen.mann_whitney(ranked, weights, continuity=True)

    for place in range(len(drawn)):
        rows = drawn.rows(place)
        ill, well = values[rows][case[rows]], values[rows][~case[rows]]
        if not len(ill) or not len(well):
            assert [1.0] * 4 == [p[place] for p in (student, welch, spss, r)]
            continue
        assert close(pooled_t(ill, well).p_value, student[place])
        if min(len(ill), len(well)) > 1:
            assert close(welch_t(ill, well).p_value, welch[place])
        else:
            assert 1.0 == welch[place]
        seen = mann_whitney(ill, well, "asymptotic")
        assert seen.statistic == wins[place]
        assert close(seen.p_value, r[place])
        no = mann_whitney(ill, well, "asymptotic", continuity=False).p_value
        assert close(no, spss[place])


@given(groups())
@settings(max_examples=25, deadline=None)
def test_fourfold_tests_are_those_of_one_table_at_a_time(data):
    values, y, drawn = data
    positive = (values >= np.median(values)).astype(float)
    across = drawn.weights.T.astype(float)
    tables = screen.fourfold(positive, y == 1, across)
    varying = screen.fourfold(np.repeat(positive[:, np.newaxis], 6, axis=1), y == 1, across)
    exact, chi2 = screen.fisher(*tables), screen.pearson(*tables)

    for once, again in zip(tables, varying, strict=True):
        assert once.tolist() == again.tolist()
    for place in range(len(drawn)):
        rows = drawn.rows(place)
        flag, ill = positive[rows] == 1, y[rows] == 1
        table = [[int((f & i).sum()) for i in (ill, ~ill)] for f in (flag, ~flag)]
        assert close(fisher_2x2(table).p_value, exact[place])
        assert close(pearson(table).p_value, chi2[place])


def test_fisher_of_large_tables_is_not_made_unique_and_still_right(monkeypatch):
    # counts from 2 ** 15 on do not share one key; blocks keep the memory small
    monkeypatch.setattr(screen, "CELLS", 100)
    tables = np.array([[20, 45, 41, 40_000], [3, 30, 9, 40_000], [3, 30, 9, 40_000]]).T

    found = screen.fisher(*tables)

    for p, (hits, cases, positives, n) in zip(found, tables.T.tolist(), strict=True):
        table = [[hits, positives - hits], [cases - hits, n - cases - positives + hits]]
        assert fisher_2x2(table).p_value == pytest.approx(p, rel=1e-6)


def test_the_seed_papers_oncocytic_row():
    # R 4.2.2: fisher.test(matrix(c(3, 29, 0, 58), 2))$p.value 0.04221655 (K148)
    found = screen.fisher(*(np.array([count]) for count in (3, 32, 3, 90)))

    assert 0.04222 == pytest.approx(found[0], abs=5e-6)
