"""The criteria about uptake: never, lost, or mixed. Each takes a case and gives a judgement.

A reading shows absence of uptake if it says "not avid", the lesion was known and not yet treated
locally on that day, and nothing speaks against the scan (see `sights`). Where one lesion without
uptake beside others with it does not make the patient refractory, the reading counts only if no
lesion took up on that scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from avidity.refractory.answers import (
    Answer,
    Judgement,
    RecordRef,
    all_of,
    any_of,
    negate,
    once,
)
from avidity.refractory.chart import (
    SCAN_FOLLOWS_WITHIN,
    evaluable,
    ever_took_up,
    lesion_words,
    scan_words,
    unsited_words,
)
from avidity.refractory.records import Lesion, Scan
from avidity.refractory.sights import Case, Sight, undated_words
from avidity.said import say

READS = frozenset(
    {
        "patients.number_of_courses",
        "patients.number_of_lesions",
        "rai_courses.course",
        "rai_courses.date",
        "lesions.lesion_id",
        "lesions.first_seen",
        "lesions.local_treatment_date",
        "scans.scan_id",
        "scans.date",
        "scans.kind",
        "scans.course",
        "scans.adequate",
        "lesion_uptake.lesion_id",
        "lesion_uptake.scan_id",
        "lesion_uptake.uptake",
    }
)
NO_LESION = RecordRef("patients", None, say("no lesion was ever known (number of lesions)"))


@dataclass(frozen=True, slots=True)
class _Found:
    """What one sight says to one criterion."""

    sight: Sight
    answer: Answer
    why: tuple[str, ...] = ()


def no_uptake(case: Case) -> Judgement:
    """A known lesion shows no uptake on a scan that counts, whether it ever took up or not."""
    return _decide(
        case, [_without(case, place, sight, outside_bed=True) for place, sight in case.cold]
    )


def no_uptake_at_first_treatment(case: Case) -> Judgement:
    """A known lesion shows no uptake at its first treatment.

    That is course 1, or for a lesion first seen later the first course after it was seen.
    """
    return _decide(case, list(_each(case, _at_first_treatment, outside_bed=True)))


def lost_uptake(case: Case) -> Judgement:
    """A lesion that took up before shows none; or, if the switch says so, less."""
    found = list(_each(case, _took_up_before))
    if case.switches.decline_counts_as_loss:
        found += [
            _declined(case, sight)
            for _, sight in case.sights
            if sight.uptake is not None and sight.uptake.uptake == "declined"
        ]
    return _decide(case, found)


def mixed_uptake(case: Case) -> Judgement:
    """On one scan, a known lesion shows no uptake while another takes up."""
    return _decide(case, [_beside_another(case, place, sight) for place, sight in case.cold])


def _decide(case: Case, found: list[_Found]) -> Judgement:
    """One yes decides. A *no* needs every reading, and nothing left unsettled."""
    if yes := [each.sight for each in found if each.answer]:
        days = [sight.scan.date for sight in yes if sight.scan.date]
        refs = once(ref for sight in yes for ref in sight.records)
        return Judgement(True, min(days, default=None), refs)
    why = [word for each in found if each.answer is None for word in each.why]
    if why or case.unsettled:
        return Judgement(None, missing=tuple(dict.fromkeys((*why, *case.unsettled))))
    seen = once(ref for _, sight in case.sights for ref in sight.records)
    return Judgement(False, records=seen or (NO_LESION,))


def _without(case: Case, place: int, sight: Sight, *, outside_bed: bool) -> _Found:
    """Does this reading show absence of uptake that makes the patient refractory?"""
    where = _outside_bed(sight.lesion) if outside_bed and _reads_bed(case) else True
    mixed = case.switches.mixed_uptake_makes_patient_refractory
    alone = any_of(mixed, negate(case.uptake_on[place]))
    answer = all_of(sight.without, where, alone)
    if answer is not None:
        return _Found(sight, answer)
    why = list(sight.why)
    if where is None:
        why.append(unsited_words(sight.lesion))
    if alone is None:
        why.append(_alone_words(case, place, sight.scan))
    return _Found(sight, None, tuple(why))


def _alone_words(case: Case, place: int, scan: Scan) -> str:
    where = scan_words(scan)
    if case.uptake_on[place]:
        return say(
            "uptake is mixed on the {scan}, and no source read says what follows", scan=where
        )
    return say("whether another lesion took up on the {scan} is not recorded", scan=where)


def _each(
    case: Case,
    also: Callable[[Case, Sight], tuple[Answer, str]],
    *,
    outside_bed: bool = False,
) -> Iterable[_Found]:
    """Each reading without uptake, with one more condition and the words for when it is open."""
    for place, sight in case.cold:
        found = _without(case, place, sight, outside_bed=outside_bed)
        if found.answer is False:
            yield found
            continue
        condition, words = also(case, sight)
        answer = all_of(found.answer, condition)
        why = (*found.why, words) if condition is None else found.why
        yield _Found(sight, answer, why)


def _took_up_before(case: Case, sight: Sight) -> tuple[Answer, str]:
    words = say(
        "whether {lesion} took up before the {scan} is not recorded",
        lesion=lesion_words(sight.lesion),
        scan=scan_words(sight.scan),
    )
    day = sight.scan.date
    return (None if day is None else ever_took_up(case.chart, sight.lesion, before=day)), words


def _declined(case: Case, sight: Sight) -> _Found:
    """The word "declined" itself says that there was more uptake before.

    After a local treatment the decline may be that treatment's doing, and does not count.
    """
    could_be = evaluable(sight.lesion, sight.scan)
    if could_be is False:
        return _Found(sight, False)
    if could_be is None:
        return _Found(sight, None, undated_words(sight.scan, sight.lesion))
    where, kinds = scan_words(sight.scan), case.switches.scans_for_no_uptake
    if sight.scan.adequate is False:
        return _Found(sight, None, (say("the {scan} was technically inadequate", scan=where),))
    if sight.scan.kind not in kinds:
        return _Found(sight, None, (say("the kind of the {scan} is not recorded", scan=where),))
    return _Found(sight, True)


def _beside_another(case: Case, place: int, sight: Sight) -> _Found:
    answer = all_of(sight.without, case.uptake_on[place])
    where = scan_words(sight.scan)
    words = say("whether another lesion took up on the {scan} is not recorded", scan=where)
    why = (*sight.why, words) if case.uptake_on[place] is None else sight.why
    return _Found(sight, answer, why)


def _at_first_treatment(case: Case, sight: Sight) -> tuple[Answer, str]:
    words = say(
        "whether the {scan} belongs to the first treatment of {lesion} is not recorded",
        scan=scan_words(sight.scan),
        lesion=lesion_words(sight.lesion),
    )
    if sight.scan.kind != "post-therapy":
        return _before_any_treatment(case, sight.scan), words
    if sight.scan.course is None:
        return None, words
    earlier = range(1, sight.scan.course)
    return all_of(*(_was_new_after(case, number, sight.lesion) for number in earlier)), words


def _before_any_treatment(case: Case, scan: Scan) -> Answer:
    """Whether a scan that follows no therapy precedes all of it."""
    if case.chart.never_had_radioiodine:
        return True
    first = case.chart.numbered.get(1)
    if first is None or first.date is None or scan.date is None:
        return None
    return scan.date <= first.date


def _was_new_after(case: Case, number: int, lesion: Lesion) -> Answer:
    """Whether the lesion came up only after that course and its scans, so had no part in it."""
    course = case.chart.numbered.get(number)
    given: date | None = course.date if course else None
    if given is None or lesion.first_seen is None:
        return None
    if lesion.first_seen <= given:
        return False
    return True if lesion.first_seen > given + SCAN_FOLLOWS_WITHIN else None


def _reads_bed(case: Case) -> bool:
    return case.switches.first_scan_outside_thyroid_bed


def _outside_bed(lesion: Lesion) -> Answer:
    return None if lesion.site is None else lesion.site != "thyroid bed"
