"""Was the patient prepared so that absent uptake means something?

TSH above 30 mIU/L, or rhTSH; a low-iodine diet; and no iodine load. Source: ATA 2015 pocket guide,
recommendations 53B and 91 (read first hand). Exactly 30 is not above 30.
"""

from __future__ import annotations

from avidity.refractory.answers import Answer, all_of, any_of, negate
from avidity.refractory.records import Course
from avidity.said import joined, say

TSH_ABOVE = 30.0


def is_stimulated(course: Course) -> Answer:
    """TSH stimulation: rhTSH given, or TSH above 30 mIU/L."""
    recombinant = None if course.preparation is None else course.preparation == "rhTSH"
    high = None if course.tsh is None else course.tsh > TSH_ABOVE
    return any_of(recombinant, high)


def is_prepared(course: Course | None) -> Answer:
    """Stimulated, on a low-iodine diet, and not contaminated with iodine."""
    if course is None:
        return None
    return all_of(
        is_stimulated(course), course.low_iodine_diet, negate(course.iodine_contamination)
    )


def preparation_words(course: Course | None, scan: str) -> str:
    """Why the preparation does not let a negative scan count."""
    if course is None:
        return say("the course whose preparation the {scan} shared is not recorded", scan=scan)
    if is_prepared(course) is False:
        return say("preparation for course {course} was inadequate", course=course.course)
    wanting = [
        name
        for name, answer in (
            (say("TSH or rhTSH"), is_stimulated(course)),
            (say("low-iodine diet"), course.low_iodine_diet),
            (say("iodine contamination"), course.iodine_contamination),
        )
        if answer is None
    ]
    return say(
        "preparation for course {course} is not recorded ({lacking})",
        course=course.course,
        lacking=joined(wanting),
    )
