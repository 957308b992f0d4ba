"""Fisher's exact test of tables of any shape."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats import exact_table
from avidity.stats.exact_table import exact_p, monte_carlo_p
from avidity.stats.fisher import fisher
from avidity.stats.network import Task, highest_possible, ranges, stages

JOB_SATISFACTION = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
HISTOLOGY = [[25, 53], [4, 5], [3, 0]]


def rows_of(total, room):
    if len(room) == 1:
        if total <= room[0]:
            yield (total,)
        return
    for cell in range(min(total, room[0]) + 1):
        for rest in rows_of(total - cell, room[1:]):
            yield (cell, *rest)


def fillings(rows, room):
    """Every table with these margins: the product of cell! of each."""
    if not rows:
        yield 1
        return
    for row in rows_of(rows[0], room):
        own = math.prod(math.factorial(cell) for cell in row)
        for rest in fillings(rows[1:], [a - b for a, b in zip(room, row, strict=True)]):
            yield own * rest


def by_enumeration(table):
    """P of all tables no more likely than this one, in whole numbers and fractions."""
    table = np.array(table)
    seen = math.prod(math.factorial(int(cell)) for cell in table.ravel())
    rows, columns = ([int(v) for v in table.sum(axis=axis)] for axis in (1, 0))
    everything = [Fraction(1, product) for product in fillings(rows, columns)]
    return float(sum(p for p in everything if p <= Fraction(1, seen)) / sum(everything))


@st.composite
def tables(draw, most=6, rows=(2, 4), columns=(2, 4), n=22):
    r, c = draw(st.integers(*rows)), draw(st.integers(*columns))
    row = st.lists(st.integers(0, most), min_size=c, max_size=c)
    table = np.array(draw(st.lists(row, min_size=r, max_size=r)))
    assume(0 < table.sum() <= n)
    return table


@given(table=tables())
@settings(max_examples=60, deadline=None)
def test_p_is_the_sum_over_every_table_with_the_margins(table):
    assert fisher(table).p_value == pytest.approx(by_enumeration(table), rel=1e-9)


@given(table=tables(most=20, n=120, rows=(3, 5), columns=(2, 3)), data=st.data())
@settings(max_examples=25, deadline=None)
def test_shuffling_or_turning_the_table_changes_nothing(table, data):
    rows = data.draw(st.permutations(range(table.shape[0])))
    columns = data.draw(st.permutations(range(table.shape[1])))
    p = fisher(table).p_value

    assert fisher(table[rows][:, columns]).p_value == pytest.approx(p, rel=1e-9)
    assert fisher(table.T).p_value == pytest.approx(p, rel=1e-9)


@given(table=tables(most=9, n=60, rows=(3, 4), columns=(2, 4)))
@settings(max_examples=30, deadline=None)
def test_trimming_the_network_changes_nothing(table):
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    assume(min(table.shape) > 1)
    log_seen = -sum(math.lgamma(cell + 1) for cell in table.ravel().tolist())
    rows, columns = table.sum(axis=1), np.sort(table.sum(axis=0))
    trimmed, full = (
        exact_table._walked(Task(rows, columns, log_seen + 1e-7, flag), 10**9)
        for flag in (True, False)
    )

    # the trimmed walk sums the other tables and takes them from 1: good to rounding of that 1
    assert trimmed == pytest.approx(full, rel=1e-9, abs=1e-13)


def test_no_table_exceeds_the_bound_that_trims_the_network():
    rows, columns = np.array([5, 4, 3]), np.array([[6, 6, 0], [2, 4, 6], [12, 0, 0], [4, 4, 4]])
    best = [-math.log(min(fillings(rows.tolist(), line.tolist()))) for line in columns]

    bound = highest_possible(rows, columns)

    assert np.all(bound >= best)
    assert np.all(bound <= np.array(best) + 2)


def test_the_papers_histology_is_exact_where_scipy_draws_at_random():
    got = fisher(HISTOLOGY)

    assert got.p_value == pytest.approx(0.05104, abs=5e-6)
    assert got.p_value == pytest.approx(by_enumeration(HISTOLOGY), rel=1e-12)
    assert got.method == "Fisher's exact test, two-sided by minimum likelihood"
    assert fisher(HISTOLOGY) == got


def test_job_satisfaction_agrees_with_r():
    # R 4.2.2: fisher.test(Job)
    assert fisher(JOB_SATISFACTION).p_value == pytest.approx(0.782684938966, rel=1e-11)


def test_birthwt_race_by_low_agrees_with_r():
    # R 4.2.2: fisher.test(table(birthwt$low, birthwt$race)), FEXACT
    got = fisher([[73, 15, 42], [23, 11, 25]]).p_value

    assert got == pytest.approx(0.0788881311469, rel=1e-10)


@pytest.mark.parametrize(
    "table",
    [
        [[300, 200], [180, 120], [60, 40], [25, 25], [10, 10], [8, 2], [4, 6], [3, 7]],
        [[18, 22, 20], [24, 20, 16], [20, 20, 20], [19, 23, 18], [17, 21, 22]],
        [[10, 12, 18, 10], [15, 15, 10, 10], [9, 11, 14, 16], [12, 12, 13, 13]],
        [[1000, 2000, 2000], [1100, 1900, 2000]],
        [[30, 0, 0], [0, 30, 0], [0, 0, 30]],
    ],
)
def test_tables_of_a_real_department_are_exact(table):
    got = fisher(table)
    rough, error = monte_carlo_p(np.array(table), np.random.default_rng(3), 20_000)

    assert "Monte Carlo" not in got.method
    assert abs(got.p_value - rough) < 5 * error + 1e-4
    assert got.p_value > 0


def test_a_tiny_p_keeps_its_digits():
    # 3 × 3 with all on the diagonal: only the 3! tables like it are as unlikely
    table = np.diag([6, 6, 6])
    alone = 6 * math.factorial(6) ** 3 / math.factorial(18)

    assert fisher(table).p_value == pytest.approx(alone, rel=1e-9)


def test_an_astronomic_table_is_drawn_with_the_seed_and_says_so():
    table = np.eye(10, 8, dtype=int) * 3 + 1

    got = fisher(table, seed=7, draws=2000)

    assert "Monte Carlo, B = 2000, seed 7, standard error" in got.method
    assert fisher(table, seed=7, draws=2000) == got
    assert fisher(table, seed=8, draws=2000) != got


def test_what_is_too_large_is_for_the_caller_to_say():
    assert "Monte Carlo" in fisher(JOB_SATISFACTION, most_steps=10, draws=500).method
    assert exact_p(np.array(JOB_SATISFACTION), most_steps=10) is None


def test_random_tables_keep_the_margins_and_give_the_exact_answer():
    p, error = monte_carlo_p(np.array(HISTOLOGY), np.random.default_rng(1), 200_000)

    assert error == pytest.approx(math.sqrt(p * (1 - p) / 200_000))
    assert abs(p - 0.0510414771) < 4 * error


def test_the_edges_of_a_stage_are_probabilities():
    network = stages(Task(np.array([6, 5, 4]), np.array([3, 5, 7]), 0.0, trimmed=False))

    for stage in network:
        total = np.bincount(stage.source, stage.chance, minlength=stage.cut.size)
        assert total == pytest.approx(np.ones(stage.cut.size), rel=1e-12)
    assert ranges(np.array([2, 9]), np.array([0, 2])).tolist() == [9, 10]


def test_degenerate_tables_have_an_answer():
    assert fisher([[5, 3, 2]]).p_value == 1.0
    assert fisher([[5, 0], [3, 0], [1, 0]]).p_value == 1.0
    assert fisher([[5, 3], [0, 0], [2, 9]]).p_value == fisher([[5, 3], [2, 9]]).p_value
    with pytest.raises(AnalysisError, match="empty"):
        fisher([[0, 0], [0, 0], [0, 0]])
