import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.scores import cuts, scores_of


def test_counts_at_each_cut_go_from_nobody_to_everybody():
    at = cuts([1, 2, 2, 3], [0, 1, 0, 1])

    assert [np.inf, 3.0, 2.0, 1.0] == at.value.tolist()
    assert [np.inf, 2.5, 1.5, -np.inf] == at.midpoint.tolist()
    assert [0, 1, 2, 2] == at.tp.tolist()
    assert [0, 0, 1, 2] == at.fp.tolist()


def test_a_low_score_for_cases_turns_the_cuts_round():
    at = cuts([1, 2, 2, 3], [1, 0, 1, 0], lower_means_case=True)

    assert [-np.inf, 1.0, 2.0, 3.0] == at.value.tolist()
    assert [-np.inf, 1.5, 2.5, np.inf] == at.midpoint.tolist()
    assert [0, 1, 2, 2] == at.tp.tolist()


def test_midpoints_of_the_largest_floats_do_not_overflow():
    at = cuts([1.6e308, 1.7e308], [0, 1])

    assert np.isclose(1.65e308, at.midpoint[1])


@pytest.mark.parametrize("score", [[1.0, np.nan], [1.0, np.inf], [[1.0, 2.0]]])
def test_a_score_that_is_missing_infinite_or_no_row_is_refused(score):
    with pytest.raises(ValueError, match="score must"):
        scores_of(score, [0, 1])


def test_an_outcome_of_other_length_or_kind_is_refused():
    with pytest.raises(ValueError, match="shape"):
        scores_of([1, 2, 3], [0, 1])
    with pytest.raises(ValueError, match="0 and 1"):
        scores_of([1, 2], [1, 2])


def test_an_empty_group_is_named():
    with pytest.raises(AnalysisError, match="no cases"):
        scores_of([1, 2], [0, 0])
    with pytest.raises(AnalysisError, match="no controls"):
        scores_of([1, 2], [True, True])
