"""Two judges of the same patients."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from avidity.errors import AnalysisError
from avidity.stats.agreement import agreement, cross_counts

ANSWER = st.sampled_from([True, False, None])


def test_cannot_say_is_an_answer_of_its_own():
    first = [True, True, False, None, None, False]
    second = [True, None, False, None, True, True]

    table = cross_counts(first, second)

    assert table.tolist() == [[1, 0, 1], [1, 1, 0], [1, 0, 1]]
    assert agreement(table).share.estimate == 0.5


@pytest.mark.parametrize(
    "table",
    [
        [[20, 5], [10, 15]],
        [[20, 5, 3], [10, 15, 1], [2, 4, 9]],
        [[0, 7, 1], [3, 0, 2], [1, 1, 0]],
    ],
)
def test_kappa_and_its_interval_agree_with_statsmodels(table):
    # statsmodels 0.14 cohens_kappa, standard error of Fleiss, Cohen & Everitt
    other = cohens_kappa(table)
    got = agreement(table).kappa

    assert got.estimate == pytest.approx(other.kappa, rel=1e-12)
    assert got.interval.low == pytest.approx(max(-1, other.kappa_low), rel=1e-9)
    assert got.interval.high == pytest.approx(min(1, other.kappa_upp), rel=1e-9)


@given(pairs=st.lists(st.tuples(ANSWER, ANSWER), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_counts_add_up_and_exchanging_the_judges_changes_no_kappa(pairs):
    first, second = zip(*pairs, strict=True)
    one, other = agreement(cross_counts(first, second)), agreement(cross_counts(second, first))

    assert sum(map(sum, one.counts)) == len(pairs)
    assert one.share == other.share
    assert one.kappa.estimate == pytest.approx(other.kappa.estimate, nan_ok=True)
    if one.kappa.interval:
        assert -1 <= one.kappa.interval.low <= one.kappa.interval.high <= 1


def test_kappa_is_not_defined_when_both_always_say_the_same():
    got = agreement([[9, 0], [0, 0]])

    assert math.isnan(got.kappa.estimate)
    assert got.kappa.interval is None
    assert got.share.estimate == 1.0
    assert "not defined" in got.kappa.method


def test_full_agreement_is_kappa_1_without_a_width():
    got = agreement([[32, 0, 0], [0, 58, 0], [0, 0, 10]]).kappa

    assert got.estimate == pytest.approx(1, rel=1e-12)
    assert got.interval.low == pytest.approx(1, abs=1e-7)


def test_what_two_judges_did_not_both_judge_is_refused():
    with pytest.raises(AnalysisError, match="same patients"):
        cross_counts([True], [True, False])
    with pytest.raises(AnalysisError, match="not in the list"):
        cross_counts(["maybe"], [True])
    with pytest.raises(AnalysisError, match="same answers"):
        agreement([[1, 2, 3], [4, 5, 6]])
