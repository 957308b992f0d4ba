"""What was seen of each lesion on each scan, and whether it shows absence of uptake.

The rule that keeps missing from becoming no: a *yes* needs a reading; a *no* needs a reading for
every lesion on every scan, and the study's word that no lesion, course or scan is left out.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from avidity.refractory.answers import Answer, RecordRef, all_of, any_of, negate
from avidity.refractory.chart import (
    COURSES_OPEN,
    LESIONS_OPEN,
    SCAN_FOLLOWS_WITHIN,
    SCANS_OPEN,
    Chart,
    evaluable,
    kind_words,
    lesion_words,
    scan_words,
    took_up,
    unscanned_words,
    was_treated_before,
)
from avidity.refractory.preparation import is_prepared, preparation_words
from avidity.refractory.records import Course, Lesion, Scan, Uptake
from avidity.refractory.switches import Switches
from avidity.said import say, term

DISTANT_SITES = frozenset({"lung", "bone", "brain", "liver", "other"})
"""Every regional site has a code of its own, so "other" is a distant one."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One lesion on one scan; none where the lesion was not yet known and nobody read it.

    A lesion treated locally before keeps its place: until somebody reads it, it may still take up.

    took_up   did it take up?
    without   does this reading show absence of uptake, as far as the definition counts it?
    why       if that cannot be said: the missing items, in words
    records   the reading, its lesion and its scan
    """

    scan: Scan
    lesion: Lesion
    uptake: Uptake | None
    took_up: Answer
    without: Answer
    why: tuple[str, ...] = ()
    records: tuple[RecordRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One chart under one setting of the switches: what the criteria read.

    sights      with the place of each one's scan in `chart.scans`
    cold        those that show absence of uptake, or may
    uptake_on   for each scan (by its place in `chart.scans`): did any lesion take up on it?
    unsettled   why "no lesion lacks uptake" cannot be claimed, however well all readings look
    """

    chart: Chart
    switches: Switches
    sights: tuple[tuple[int, Sight], ...]
    cold: tuple[tuple[int, Sight], ...]
    uptake_on: Mapping[int, Answer]
    unsettled: tuple[str, ...]


def case_of(chart: Chart, switches: Switches) -> Case:
    """Look at every lesion on every scan that counts under these switches."""
    kinds = (*switches.scans_for_no_uptake, *switches.doubtful_scans, None)
    sights = tuple(
        (place, sight)
        for place, scan in enumerate(chart.scans)
        if scan.kind in kinds
        for lesion in chart.lesions
        if (sight := _sight(chart, switches, scan, lesion)) is not None
    )
    return Case(
        chart,
        switches,
        sights,
        cold=tuple(each for each in sights if each[1].without is not False),
        uptake_on={place: _uptake_on(chart, place, sights) for place in range(len(chart.scans))},
        unsettled=_unsettled(chart, switches, sights),
    )


def is_distant(lesion: Lesion) -> Answer:
    """Whether the lesion is a distant metastasis by its site."""
    return None if lesion.site is None else lesion.site in DISTANT_SITES


def is_shown(chart: Chart, lesion: Lesion, proofs: tuple[str, ...]) -> Answer:
    """Whether the lesion was shown in one of these ways (empty: any way will do)."""
    if not proofs or lesion.proof in proofs:
        return True
    if "FDG" in proofs and any(
        pet.positive and pet.lesion_id == lesion.lesion_id is not None
        for pet in chart.history.fdg_pet
    ):
        return True
    return None if lesion.proof is None else False


def counts(chart: Chart, switches: Switches, lesion: Lesion) -> Answer:
    """Whether the definition speaks of such a lesion."""
    shown = is_shown(chart, lesion, switches.lesion_proofs)
    return all_of(shown, is_distant(lesion)) if switches.distant_lesions_only else shown


def _sight(chart: Chart, switches: Switches, scan: Scan, lesion: Lesion) -> Sight | None:
    uptake = chart.readings.get((lesion.lesion_id or "", scan.scan_id or ""))
    could_be = evaluable(lesion, scan)
    if uptake is None and could_be is False and not was_treated_before(lesion, scan):
        return None
    seen, right = took_up(uptake), counts(chart, switches, lesion)
    without = all_of(negate(seen), could_be, right)
    records = _records(scan, lesion, uptake)
    if without is False:
        return Sight(scan, lesion, uptake, seen, False, (), records)
    doubts = _doubts(chart, switches, scan)
    if without and not doubts:
        return Sight(scan, lesion, uptake, seen, True, (), records)
    why = (*_unread(scan, lesion, uptake), *_unknown(scan, lesion, could_be, right), *doubts)
    return Sight(scan, lesion, uptake, seen, None, why, records)


def _records(scan: Scan, lesion: Lesion, uptake: Uptake | None) -> tuple[RecordRef, ...]:
    if uptake is None:
        return ()
    where, what = scan_words(scan), lesion_words(lesion)
    read = say(
        "{lesion} {uptake} on the {scan}",
        lesion=what,
        uptake=term(uptake.uptake or "not read"),
        scan=where,
    )
    return (
        RecordRef("lesions", lesion.row, what),
        RecordRef("scans", scan.row, where),
        RecordRef("lesion_uptake", uptake.row, read),
    )


def _unread(scan: Scan, lesion: Lesion, uptake: Uptake | None) -> tuple[str, ...]:
    if took_up(uptake) is not None:
        return ()
    found = uptake.uptake if uptake else None
    what, where = lesion_words(lesion), scan_words(scan)
    if found == "equivocal":
        return (say("uptake of {lesion} on the {scan} is equivocal", lesion=what, scan=where),)
    if found == "not assessed":
        return (say("uptake of {lesion} on the {scan} was not assessed", lesion=what, scan=where),)
    return (say("uptake of {lesion} on the {scan} is not recorded", lesion=what, scan=where),)


def _unknown(scan: Scan, lesion: Lesion, could_be: Answer, right: Answer) -> tuple[str, ...]:
    words = undated_words(scan, lesion) if could_be is None else ()
    if right is None:
        named = lesion_words(lesion)
        return (*words, say("the site or proof of {lesion} is not recorded", lesion=named))
    return words


def undated_words(scan: Scan, lesion: Lesion) -> tuple[str, ...]:
    """Which date is wanting to know whether the lesion could be judged on the scan."""
    words = []
    if scan.date is None:
        words.append(say("the date of the {scan} is not recorded", scan=scan_words(scan)))
    if lesion.first_seen is None:
        words.append(
            say("when {lesion} was first seen is not recorded", lesion=lesion_words(lesion))
        )
    return tuple(words)


def _doubts(chart: Chart, switches: Switches, scan: Scan) -> tuple[str, ...]:
    """Why a negative reading of this scan would not settle anything."""
    words: list[str] = []
    where = scan_words(scan)
    if scan.kind is None:
        words.append(say("the kind of the {scan} is not recorded", scan=where))
    if scan.kind in switches.doubtful_scans:
        words.append(
            say(
                "no source read says whether a negative {scan} alone is enough",
                scan=kind_words(scan),
            )
        )
    if scan.adequate is False:
        words.append(say("the {scan} was technically inadequate", scan=where))
    if switches.requires_adequate_preparation:
        course = chart.numbered.get(scan.course) if scan.course is not None else None
        if is_prepared(course) is not True:
            words.append(preparation_words(course, where))
    return tuple(words)


def _uptake_on(chart: Chart, place: int, sights: tuple[tuple[int, Sight], ...]) -> Answer:
    seen = [sight.took_up for at, sight in sights if at == place]
    return any_of(*seen, False if chart.lesions_are_all_here else None)


def _unsettled(
    chart: Chart, switches: Switches, sights: tuple[tuple[int, Sight], ...]
) -> tuple[str, ...]:
    if chart.never_had_a_lesion:
        return ()
    open_lesions = [row for row in chart.lesions if counts(chart, switches, row) is not False]
    if chart.lesions_are_all_here and not open_lesions:
        return ()
    words = [*_unscanned(chart, open_lesions), *_never_seen(switches, open_lesions, sights)]
    words += chart.strays
    if not chart.lesions_are_all_here:
        words.append(LESIONS_OPEN)
    if not chart.courses_are_all_here:
        words.append(COURSES_OPEN)
    if not chart.is_whole("scans"):
        words.append(SCANS_OPEN)
    return tuple(words)


def _unscanned(chart: Chart, lesions: list[Lesion]) -> list[str]:
    """Courses without a post-therapy scan, if a lesion could have been seen on it."""
    return [
        unscanned_words(course)
        for course in chart.courses
        if not chart.scans_of(course) and any(_could_be_there(row, course) for row in lesions)
    ]


def _could_be_there(lesion: Lesion, course: Course) -> bool:
    if course.date is None:
        return True
    if lesion.local_treatment_date is not None and lesion.local_treatment_date < course.date:
        return False
    return lesion.first_seen is None or lesion.first_seen <= course.date + SCAN_FOLLOWS_WITHIN


def _never_seen(
    switches: Switches, lesions: list[Lesion], sights: tuple[tuple[int, Sight], ...]
) -> list[str]:
    """Lesions without a usable reading: if not treated locally, whether they take up is unknown."""
    kinds = _any_of(switches.scans_for_no_uptake)
    read = {sight.lesion.lesion_id for _, sight in sights if _is_read(switches, sight)}
    return [
        say(
            "{lesion} has no usable reading on a {kinds} scan since it was first seen",
            lesion=lesion_words(row),
            kinds=kinds,
        )
        for row in lesions
        if row.lesion_id not in read and row.local_treatment_date is None
    ]


def _any_of(kinds: tuple[str, ...]) -> str:
    first, *more = map(term, kinds) if kinds else ("",)
    return functools.reduce(
        lambda told, one: say("{words} or {last}", words=told, last=one), more, first
    )


def _is_read(switches: Switches, sight: Sight) -> bool:
    """Whether the reading settles anything: "not avid" before the lesion was known does not."""
    if sight.scan.kind not in switches.scans_for_no_uptake:
        return False
    return bool(sight.took_up or sight.without)
