"""When absent uptake means something."""

from __future__ import annotations

import pytest

from avidity.refractory.preparation import is_prepared, is_stimulated
from avidity.refractory.records import Course


@pytest.mark.parametrize(
    ("preparation", "tsh", "answer"),
    [
        ("withdrawal", 30.0, False),
        ("withdrawal", 30.1, True),
        ("withdrawal", None, None),
        ("rhTSH", None, True),
        ("rhTSH", 12.0, True),
        (None, 12.0, None),  # it may have been rhTSH
        (None, 31.0, True),
    ],
)
def test_stimulated_is_rhtsh_or_tsh_above_thirty(preparation, tsh, answer):
    assert is_stimulated(Course(preparation=preparation, tsh=tsh)) is answer


@pytest.mark.parametrize(
    ("diet", "contaminated", "answer"),
    [
        (True, False, True),
        (True, True, False),
        (False, False, False),
        (True, None, None),
        (None, False, None),
        (None, True, False),
    ],
)
def test_prepared_needs_the_diet_and_no_contamination(diet, contaminated, answer):
    course = Course(preparation="rhTSH", low_iodine_diet=diet, iodine_contamination=contaminated)

    assert is_prepared(course) is answer


def test_an_unknown_course_is_of_unknown_preparation():
    assert is_prepared(None) is None
