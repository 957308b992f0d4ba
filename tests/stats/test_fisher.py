"""Fisher's exact test: known answers, slow twins, and p and interval of one principle."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.fisher import WORDS, fisher, fisher_2x2, fisher_one_sided

PRINCIPLES = tuple(WORDS)
INFINITY = math.inf


def by_counting(table):
    """Every table with the same margins, and how many ways lead to it: whole numbers only."""
    (a, b), (c, d) = table
    return {
        k: math.comb(a + b, k) * math.comb(c + d, a + c - k)
        for k in range(max(0, a - d), min(a + b, a + c) + 1)
    }


def p_by_definition(table, principle):
    """The four principles word by word, in exact fractions at odds ratio 1."""
    ways, seen = by_counting(table), table[0][0]
    total = sum(ways.values())
    chance = {k: Fraction(w, total) for k, w in ways.items()}

    def tail(k):
        return min(
            sum(p for j, p in chance.items() if j <= k), sum(p for j, p in chance.items() if j >= k)
        )

    if principle == "minimum likelihood":
        return sum(p for p in chance.values() if p <= chance[seen])
    if principle == "central":
        return min(1, 2 * tail(seen))
    if principle == "Blaker":
        return sum(p for k, p in chance.items() if tail(k) <= tail(seen))
    below = sum(p for k, p in chance.items() if k < seen) + chance[seen] / 2
    return 2 * min(below, 1 - below)


@st.composite
def two_by_two(draw, most=25):
    cells = draw(st.lists(st.integers(0, most), min_size=4, max_size=4))
    assume(sum(cells) > 0)
    return [cells[:2], cells[2:]]


@pytest.mark.parametrize("principle", PRINCIPLES)
@given(table=two_by_two())
@settings(max_examples=60, deadline=None)
def test_p_is_the_sum_of_all_tables_as_extreme(principle, table):
    got = fisher_2x2(table, principle)

    assert got.p_value == pytest.approx(float(p_by_definition(table, principle)), rel=1e-10)


@pytest.mark.parametrize("principle", PRINCIPLES)
@given(table=two_by_two(), level=st.sampled_from([0.9, 0.95, 0.99]))
@settings(max_examples=60, deadline=None)
def test_p_is_small_exactly_when_1_is_outside_the_region(principle, table, level):
    got = fisher_2x2(table, principle, level)
    assume(abs(got.p_value - (1 - level)) > 1e-9)

    inside = any(1 in part for part in got.region)

    assert (got.p_value < 1 - level) == (not inside)
    if len(got.region) == 1:
        assert got.interval == got.region[0]
        assert (got.p_value < 1 - level) == (1 not in got.interval)
    else:
        assert "separate parts" in got.method
        assert (got.interval.low, got.interval.high) == (got.region[0].low, got.region[-1].high)


def test_every_small_table_agrees_with_itself_under_every_principle():
    # all 2 × 2 tables of two groups of up to 12: no case in which p and interval disagree
    # other than through a gap, and the few gaps are announced
    disagreeing = 0
    for n1, n2 in ((5, 7), (9, 9), (4, 12)):
        for a in range(n1 + 1):
            for c in range(n2 + 1):
                for principle in PRINCIPLES:
                    got = fisher_2x2([[a, n1 - a], [c, n2 - c]], principle)
                    assert (got.p_value < 0.05) == all(1 not in part for part in got.region)
                    disagreeing += (got.p_value < 0.05) != (1 not in got.interval)
    assert disagreeing == 0


def test_the_rare_table_whose_interval_hides_a_gap_at_1_says_so():
    # 0 of 13 against 12 of 43: p dips below 0.05 just around 1 and comes back above it
    got = fisher_2x2([[0, 13], [12, 31]])

    assert got.p_value == pytest.approx(0.0494640962, rel=1e-8)
    assert 1 in got.interval
    assert not any(1 in part for part in got.region)
    assert "1, which it does reject at 0.95, lies between them" in got.method
    blaker = fisher_2x2([[0, 13], [12, 31]], "Blaker")
    assert (blaker.p_value < 0.05) == (1 not in blaker.interval)


def tails_by_counting(table, odds):
    """P(at most) and P(at least) the seen cell at an odds ratio, in fractions."""
    weight = {k: w * Fraction(odds) ** k for k, w in by_counting(table).items()}
    total, seen = sum(weight.values()), table[0][0]
    return (
        float(sum(w for k, w in weight.items() if k <= seen) / total),
        float(sum(w for k, w in weight.items() if k >= seen) / total),
    )


@given(table=two_by_two())
@settings(max_examples=40, deadline=None)
def test_the_central_limits_leave_half_the_error_in_each_tail(table):
    interval = fisher_2x2(table, "central").interval

    if 0 < interval.high < INFINITY:
        assert tails_by_counting(table, interval.high)[0] == pytest.approx(0.025, rel=1e-9)
    if 0 < interval.low < INFINITY:
        assert tails_by_counting(table, interval.low)[1] == pytest.approx(0.025, rel=1e-9)


@given(table=two_by_two())
@settings(max_examples=40, deadline=None)
def test_at_the_conditional_odds_ratio_the_seen_cell_is_the_expected_one(table):
    odds = fisher_2x2(table).odds_ratio
    assume(0 < odds < INFINITY)
    weight = {k: w * Fraction(odds) ** k for k, w in by_counting(table).items()}
    expected = sum(k * w for k, w in weight.items()) / sum(weight.values())

    assert float(expected) == pytest.approx(table[0][0], rel=1e-10)


def p_at(table, odds, principle):
    """The two-sided p against another odds ratio, from floats; twin of what is inverted."""
    weight = np.array(list(by_counting(table).values()), dtype=float)
    cells = np.array(list(by_counting(table)))
    chance = weight * odds**cells / (weight * odds**cells).sum()
    seen = int(np.flatnonzero(cells == table[0][0])[0])
    if principle == "minimum likelihood":
        return chance[chance <= chance[seen] * (1 + 1e-7)].sum()
    tail = np.minimum(np.cumsum(chance), np.cumsum(chance[::-1])[::-1])
    return chance[tail <= tail[seen] * (1 + 1e-7)].sum()


@pytest.mark.parametrize("principle", ["minimum likelihood", "Blaker"])
@given(table=two_by_two(most=12))
@settings(max_examples=40, deadline=None)
def test_the_region_is_what_a_fine_grid_does_not_reject(principle, table):
    got = fisher_2x2(table, principle)
    assume(len(by_counting(table)) > 1)

    for odds in np.exp(np.linspace(-6, 6, 400)):
        p = p_at(table, odds, principle)
        if abs(p - 0.05) > 1e-6 and not any(
            abs(math.log(odds / end)) < 1e-6
            for part in got.region
            for end in (part.low, part.high)
            if 0 < end < INFINITY
        ):
            assert (p >= 0.05) == any(odds in part for part in got.region)


@pytest.mark.parametrize("principle", PRINCIPLES)
@given(table=two_by_two())
@settings(max_examples=30, deadline=None)
def test_exchanging_the_groups_turns_the_odds_ratio_upside_down(principle, table):
    one, other = fisher_2x2(table, principle), fisher_2x2(table[::-1], principle)
    turned = fisher_2x2(np.transpose(table), principle)

    assert other.p_value == pytest.approx(one.p_value, rel=1e-10)
    assert turned.p_value == pytest.approx(one.p_value, rel=1e-10)
    if 0 < one.odds_ratio < INFINITY:
        assert one.odds_ratio * other.odds_ratio == pytest.approx(1, rel=1e-9)
    for end, opposite in ((one.interval.low, other.interval.high),) if one.interval.low else ():
        assert end * opposite == pytest.approx(1, rel=1e-7)


# R 4.2.2. fisher.test finds odds ratio and limits by uniroot with a tolerance of 1.2e-4 on the
# ratio or on its inverse, so ours (checked above by definition) cannot be asked to be
# closer than that; p is direct, twelve digits.
R_SEARCH = 1.5e-4


@pytest.mark.parametrize(
    ("table", "p", "odds", "low", "high"),
    [
        ([[3, 1], [1, 3]], 0.485714285714, 6.40830886701, 0.211732915306, 621.933750545),
        ([[8, 2], [1, 5]], 0.034965034965, 15.4696874629, 1.0088493804, 1049.79144613),
        ([[2, 10], [15, 3]], 0.000536724119143, 0.0469366088277, 0.00332576403386, 0.363182271475),
        ([[86, 44], [29, 30]], 0.036176498691, 2.0141372315, 1.0287803827, 3.964903926),
        ([[5, 192], [40, 50]], None, None, 0.00967573811617, 0.0896357565788),
        ([[7, 17], [15, 5]], 0.00576838675047, None, 0.0285504819, 0.6182781636),
    ],
)
def test_p_odds_ratio_and_central_interval_agree_with_r(table, p, odds, low, high):
    least, central = fisher_2x2(table), fisher_2x2(table, "central")

    def close(ours, theirs):
        step = R_SEARCH * max(1.0, theirs * theirs if theirs > 1 else 1.0)
        return ours == pytest.approx(theirs, abs=step)

    if p is not None:
        assert least.p_value == pytest.approx(p, rel=1e-10)
    if odds is not None:
        assert close(least.odds_ratio, odds)
    assert close(central.interval.low, low)
    assert close(central.interval.high, high)


def test_one_sided_agrees_with_r():
    # R 4.2.2: fisher.test on 3, 1 against 1, 3 with alternative = "greater"
    got = fisher_one_sided([[3, 1], [1, 3]])

    assert got.p_value == pytest.approx(0.242857142857, rel=1e-11)
    assert got.interval.low == pytest.approx(0.31356926411, abs=R_SEARCH)
    assert got.interval.high == INFINITY
    less = fisher_one_sided([[1, 3], [3, 1]], "less")
    assert less.p_value == pytest.approx(got.p_value)
    assert less.interval.high == pytest.approx(1 / got.interval.low)


@pytest.mark.parametrize(
    ("principle", "p", "low", "high", "tolerance"),
    [
        # R exact2x2 1.7.0 on 7, 17 against 15, 5; its limits as printed there
        ("minimum likelihood", 0.00576838675047, 0.0348, 0.5786, 6e-5),
        ("central", 0.00576838675047, 0.0285504819, 0.6182781636, R_SEARCH),
        ("Blaker", 0.00576838675047, 0.0336, 0.5761, 6e-5),
        ("mid-p", 0.00321812818, 0.0342987395, 0.5391471033, R_SEARCH),
    ],
)
def test_four_principles_agree_with_exact2x2(principle, p, low, high, tolerance):
    got = fisher_2x2([[7, 17], [15, 5]], principle)

    assert got.p_value == pytest.approx(p, rel=1e-8)
    assert (got.interval.low, got.interval.high) == pytest.approx((low, high), abs=tolerance)


def test_the_oncocytic_row_no_longer_contradicts_itself():
    # 3 of 32 against 0 of 58: R prints p 0.0422 beside the interval 0.771 to infinity
    rows = {principle: fisher_2x2([[3, 29], [0, 58]], principle) for principle in PRINCIPLES}

    assert rows["minimum likelihood"].p_value == pytest.approx(0.042219952, rel=1e-8)
    assert rows["central"].p_value == pytest.approx(0.0844, abs=5e-5)
    assert rows["central"].interval.low == pytest.approx(0.7713, abs=5e-5)
    for principle in ("minimum likelihood", "Blaker", "mid-p"):
        assert rows[principle].interval.low == pytest.approx(1.0929, abs=5e-5)
        assert rows[principle].p_value < 0.05
    for row in rows.values():
        assert row.odds_ratio == row.interval.high == INFINITY
        assert (row.p_value < 0.05) == (1 not in row.interval)
        assert row.interval.method in row.estimate.method


@pytest.mark.parametrize(
    ("row", "refractory", "other", "p"),
    [
        # Bel Lakhdar et al. 2024, Table 1, of 32 and of 58; p from R fisher.test
        ("sex", 30, 53, 1.0),
        ("extrathyroidal extension", 3, 4, 0.695808420),
        ("multifocality", 12, 14, 0.226422763),
        ("PTC", 25, 53, 0.106036396),
        ("high-risk subtype", 2, 1, 0.239234450),
        ("FTC", 4, 5, 0.715742220),
        ("OCA", 3, 0, 0.042219952),
        # printed 0.004, which is the Wald p of the univariable logistic regression instead
        ("age ≥ 54", 19, 16, 0.006199),
    ],
)
def test_the_papers_p_values_are_fisher_by_minimum_likelihood(row, refractory, other, p):
    within = (25, 53) if row == "high-risk subtype" else (32, 58)
    table = [[refractory, within[0] - refractory], [other, within[1] - other]]

    assert fisher_2x2(table).p_value == pytest.approx(p, abs=6e-7 if row == "age ≥ 54" else 6e-10)
    assert fisher(table).p_value == pytest.approx(fisher_2x2(table).p_value, rel=1e-14)


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_an_empty_margin_gives_p_1_and_says_so(principle):
    got = fisher_2x2([[5, 0], [9, 0]], principle)

    assert got.p_value == 1.0
    assert (got.interval.low, got.interval.high) == (0.0, INFINITY)
    assert math.isnan(got.odds_ratio)
    assert "margin is empty" in got.method


def test_the_odds_ratio_is_the_conditional_one_and_says_so():
    got = fisher_2x2([[8, 2], [1, 5]])

    assert got.odds_ratio != pytest.approx(20)
    assert "conditional" in got.estimate.method
    assert got.test.method == "Fisher's exact test, two-sided by minimum likelihood"
    assert got.test.n == 16


def test_large_tables_keep_their_digits():
    got = fisher_2x2([[860, 440], [290, 300]])

    assert got.p_value == pytest.approx(
        float(p_by_definition([[860, 440], [290, 300]], "minimum likelihood")), rel=1e-9
    )
    assert 1 not in got.interval


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(AnalysisError, match="principle is one of"):
        fisher_2x2([[1, 2], [3, 4]], "Fisher")
    with pytest.raises(AnalysisError, match="2 × 2"):
        fisher_2x2([[1, 2, 3], [3, 4, 5]])
    with pytest.raises(AnalysisError, match="alternative"):
        fisher_one_sided([[1, 2], [3, 4]], "two-sided")
    with pytest.raises(AnalysisError, match="level"):
        fisher_2x2([[1, 2], [3, 4]], level=95)
