"""The law of the open world, for every definition: less on record never says more.

Taking a record away, or blanking a field, may turn an answer into *cannot say* and nothing else.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.refractory.catalogue import DEFINITIONS, judge_all
from avidity.refractory.records import (
    TABLES,
    Assessment,
    Course,
    FdgPet,
    FollowUp,
    History,
    Lesion,
    Scan,
    Uptake,
)

ROWS = (
    "rai_courses",
    "lesions",
    "scans",
    "lesion_uptake",
    "structural_assessments",
    "fdg_pet",
    "follow_up",
)
# Noted by exception: an empty cell means that nothing of the kind happened, so emptying one
# changes the story. It may then open or decide a question, but never into a no.
BY_EXCEPTION = {"local_treatment_date", "adequate"}
DAY_0 = date(2020, 1, 15)
LAW = settings(max_examples=40, deadline=None, derandomize=True)


def maybe(*values):
    return st.sampled_from((None, *values))


def days(low, high):
    return st.integers(low, high).map(lambda n: DAY_0 + timedelta(days=n))


@st.composite
def courses(draw):
    on, made = DAY_0, []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        made.append(
            Course(
                course=number,
                date=on,
                activity=draw(maybe(1_110, 3_700, 11_100, 22_200, 22_201)),
                preparation=draw(maybe("withdrawal", "rhTSH")),
                tsh=draw(maybe(12.0, 60.0)),
                low_iodine_diet=draw(maybe(True, False)),
                iodine_contamination=draw(maybe(True, False)),
            )
        )
        on += timedelta(days=draw(st.sampled_from((40, 150, 250, 600))))
    return made


@st.composite
def lesions(draw):
    made = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        seen = draw(st.one_of(st.just(DAY_0 - timedelta(days=60)), days(-20, 700)))
        later = st.integers(0, 400).map(lambda n, seen=seen: seen + timedelta(days=n))
        made.append(
            Lesion(
                lesion_id=f"L{number}",
                site=draw(maybe("thyroid bed", "lateral node", "lung")),
                first_seen=seen,
                proof=draw(maybe("structural", "FDG", "histology")),
                local_treatment_date=draw(st.one_of(st.none(), st.none(), later)),
            )
        )
    return made


@st.composite
def scans(draw, given_courses):
    made = []
    for course in given_courses:
        for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2)))):
            on = course.date + timedelta(days=draw(st.integers(0, 20)))
            made.append(
                Scan(
                    date=on,
                    kind="post-therapy",
                    course=course.course,
                    adequate=draw(maybe(True, False)),
                )
            )
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(("diagnostic", "124I PET", None)))
        made.append(Scan(date=draw(days(-20, 700)), kind=kind, course=draw(maybe(1, 2))))
    return [replace(scan, scan_id=f"S{place}") for place, scan in enumerate(made)]


def readings(draw, known_lesions, known_scans):
    seen = st.sampled_from(
        (None, "avid", "avid", "avid", "not avid", "not avid", "declined", "equivocal")
    )
    return [
        Uptake(lesion.lesion_id, scan.scan_id, uptake)
        for lesion in known_lesions
        for scan in known_scans
        # a lesion that takes up has been seen: before that, it can only have been read as cold
        if (uptake := draw(seen)) is not None
        and (uptake == "not avid" or lesion.first_seen <= scan.date)
    ]


@st.composite
def assessments(draw):
    made = []
    for _ in range(draw(st.integers(0, 3))):
        on = draw(st.one_of(days(0, 900), st.just(DAY_0 + timedelta(days=2_500))))
        if draw(st.booleans()):
            made.append(Assessment(date=on, verdict=draw(maybe("PD", "SD", "CR", "NE"))))
        else:
            smallest, now = draw(st.sampled_from((None, 10.0, 25.0))), draw(maybe(10.0, 25.0))
            made.append(
                Assessment(
                    date=on,
                    nadir_diameter=smallest,
                    diameter=now,
                    new_lesion=draw(maybe(True, False)),
                )
            )
    return made


@st.composite
def histories(draw, complete=frozenset()):
    given_courses, known_lesions = draw(courses()), draw(lesions())
    known_scans = draw(scans(given_courses))
    looked = draw(assessments())
    if not known_lesions:  # what never was cannot grow: such records contradict themselves
        looked = [row for row in looked if row.verdict in ("SD", "CR")]
    visits = [FollowUp(draw(days(300, 3_000)), remission=draw(maybe(True, False)))]
    return History(
        "p",
        rai_courses=tuple(given_courses),
        lesions=tuple(known_lesions),
        scans=tuple(known_scans),
        lesion_uptake=tuple(readings(draw, known_lesions, known_scans)),
        structural_assessments=tuple(looked),
        fdg_pet=tuple(FdgPet(DAY_0, row.lesion_id, True) for row in known_lesions[:1]),
        follow_up=tuple(visits[: draw(st.integers(0, 1))]),
        number_of_courses=draw(st.sampled_from((None, *[len(given_courses)] * 3))),
        number_of_lesions=draw(st.sampled_from((None, *[len(known_lesions)] * 3))),
        complete=complete,
    )


def without_one_record(history):
    """Every history that lacks one record of this one."""
    for table in ROWS:
        rows = getattr(history, table)
        for place in range(len(rows)):
            yield replace(history, **{table: rows[:place] + rows[place + 1 :]})


def without_one_value(history):
    """Every history in which one value of this one is blank, and the field's name."""
    for table in ROWS:
        rows = getattr(history, table)
        for place, row in enumerate(rows):
            for field in fields(row):
                if field.name != "row" and getattr(row, field.name) is not None:
                    blank = replace(row, **{field.name: None})
                    changed = (*rows[:place], blank, *rows[place + 1 :])
                    yield field.name, replace(history, **{table: changed})
    for total in ("number_of_courses", "number_of_lesions"):
        yield total, replace(history, **{total: None})


def answers(history):
    return {name: verdict.answer for name, verdict in judge_all(history).items()}


def says_no_more(less, more):
    return [name for name in DEFINITIONS if less[name] is not None and less[name] != more[name]]


@LAW
@given(histories())
def test_removing_a_record_never_says_more(history):
    before = answers(history)

    for poorer in without_one_record(history):
        assert [] == says_no_more(answers(poorer), before)


@LAW
@given(histories())
def test_blanking_a_value_never_says_more(history):
    before = answers(history)

    for field, poorer in without_one_value(history):
        if field not in BY_EXCEPTION:
            assert [] == says_no_more(answers(poorer), before)


@LAW
@given(histories())
def test_emptying_what_is_noted_by_exception_never_makes_a_no(history):
    before = answers(history)

    for field, poorer in without_one_value(history):
        if field in BY_EXCEPTION:
            after = answers(poorer)
            assert [] == [n for n in DEFINITIONS if after[n] is False and before[n] is not False]


@LAW
@given(histories(complete=TABLES))
def test_blanking_a_value_never_says_more_where_tables_are_complete(history):
    before = answers(history)

    for field, poorer in without_one_value(history):
        if field not in BY_EXCEPTION:
            assert [] == says_no_more(answers(poorer), before)


@LAW
@given(histories(complete=TABLES))
def test_a_study_that_declares_nothing_says_no_more_than_one_that_does(history):
    silent = replace(history, complete=frozenset())

    assert [] == says_no_more(answers(silent), answers(history))


@LAW
@given(histories(complete=TABLES), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(history, chance):
    numbered = {
        table: tuple(replace(row, row=n) for n, row in enumerate(getattr(history, table), 2))
        for table in ROWS
    }
    shuffled = {table: tuple(chance.sample(rows, len(rows))) for table, rows in numbered.items()}

    assert judge_all(replace(history, **numbered)) == judge_all(replace(history, **shuffled))


def test_the_law_is_tried_on_all_three_answers():
    """A law that only met *cannot say* would prove nothing."""
    met = {name: set() for name in DEFINITIONS}

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(histories(complete=TABLES))
    def collect(history):
        for name, answer in answers(history).items():
            met[name].add(answer)

    collect()

    assert {True, False, None} == met["bellakhdar-2024"] == met["ata-2025"] == met["ata-2015"]
    assert {False, None} == met["snmmi-eanm-2022"]
