"""Rules that look at more than one cell; every one speaks where it should, and only there."""

from __future__ import annotations

import pytest

from avidity.dictionary.fields import dictionary
from avidity.steps.check import check
from avidity.steps.check_dates_in_order import ORDERS
from avidity.steps.check_rows import RULES
from avidity.steps.read import read
from avidity.study import read_study

STUDY = '[study]\ntitle = "A study"\n[outcome]\ndefinition = "ata-2015"\n'

SOUND = {
    "patients": """id,sex,birth_date,diagnosis_date,surgery_date,nodes_removed,nodes_positive
P1,F,1970-01-01,2015-01-10,2015-02-01,10,2
P2,M,1960-05-05,2016-01-10,2016-02-01,8,0
""",
    "rai_courses": """patient_id,course,date,activity (MBq)
P1,1,2015-04-01,3700
P1,2,2016-04-01,5550
P2,1,2016-05-01,3700
""",
    "lesions": """patient_id,lesion_id,site,first_seen
P1,L1,lung,2015-03-01
P2,L1,lateral node,2016-03-01
""",
    "scans": """patient_id,scan_id,date,kind,course,days_after_activity
P1,S1,2015-04-05,post-therapy,1,4
P1,S2,2016-04-05,post-therapy,2,4
P2,S1,2016-05-05,post-therapy,1,4
""",
    "lesion_uptake": """patient_id,lesion_id,scan_id,uptake
P1,L1,S1,avid
P1,L1,S2,declined
P2,L1,S1,not avid
""",
    "follow_up": """patient_id,last_date,remission,remission_date
P1,2020-01-01,no,
P2,2020-01-01,yes,2018-01-01
""",
}


@pytest.fixture
def found(tmp_path):
    """The sound tables with some words replaced, checked: (rule, severity, table, row, column)."""

    def made(*changes: tuple[str, str, str], **more: str):
        tables = {**SOUND, **more}
        for table, old, new in changes:
            assert old in tables[table], old
            tables[table] = tables[table].replace(old, new)
        for name, text in tables.items():
            if text:
                (tmp_path / f"{name}.csv").write_text(text, "utf-8")
            else:
                (tmp_path / f"{name}.csv").unlink(missing_ok=True)
        (tmp_path / "study.toml").write_text(STUDY, "utf-8")
        study = read_study(tmp_path)
        cohort = check(read(study), study)
        return [
            (f.rule, f.severity, f.table, f.row, f.column)
            for f in cohort.findings
            if f.severity != "note"
        ]

    return made


def test_sound_records_have_nothing_to_say(found):
    assert found() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("patients", "1970-01-01", "2015-01-10"),
            [("born before diagnosis", "error", "patients", 2, "birth_date")],
        ),
        (
            ("patients", "2015-02-01", "2014-06-01"),
            [("diagnosis before surgery", "error", "patients", 2, "diagnosis_date")],
        ),
        (
            ("patients", "2015-02-01", "2015-01-01"),
            [("diagnosis soon after surgery", "warning", "patients", 2, "diagnosis_date")],
        ),
        (
            ("patients", ",10,2", ",10,11"),
            [("positive nodes among those removed", "error", "patients", 2, "nodes_positive")],
        ),
        (("patients", ",10,2", ",10,10"), []),
        (("patients", ",10,2", ",,11"), []),
        (
            ("rai_courses", "P1,1,2015-04-01", "P1,1,2015-01-20"),
            [
                ("dates in order", "error", "rai_courses", 2, "date"),
                ("days after the activity", "warning", "scans", 2, "days_after_activity"),
                ("scan soon after its course", "warning", "scans", 2, "date"),
            ],
        ),
        (
            ("rai_courses", "P2,1,", "P2,2,"),
            [
                ("number found in its table", "error", "scans", 4, "course"),
                ("courses without a gap", "warning", "rai_courses", 4, "course"),
            ],
        ),
        (
            ("rai_courses", "P1,2,2016-04-01", "P1,2,2015-04-01"),
            [
                ("courses in order", "error", "rai_courses", 3, "date"),
                ("days after the activity", "warning", "scans", 3, "days_after_activity"),
                ("scan soon after its course", "warning", "scans", 3, "date"),
            ],
        ),
        (
            ("rai_courses", "P2,1,", "P9,1,"),
            [
                ("number found in its table", "error", "rai_courses", 4, "patient_id"),
                ("number found in its table", "error", "scans", 4, "course"),
            ],
        ),
        (
            ("rai_courses", "P1,2,", "P1,1,"),
            [
                ("key used twice", "error", "rai_courses", 3, "course"),
                ("number found in its table", "error", "scans", 3, "course"),
            ],
        ),
        (
            ("lesions", "P1,L1,lung,2015-03-01", "P1,L1,lung,2015-05-01"),
            [("lesion seen before it was scanned", "warning", "lesion_uptake", 2, "scan_id")],
        ),
        (
            ("lesion_uptake", "P1,L1,S1,avid", "P1,L9,S1,avid"),
            [
                ("number found in its table", "error", "lesion_uptake", 2, "lesion_id"),
                ("declined since an earlier scan", "warning", "lesion_uptake", 3, "uptake"),
            ],
        ),
        (
            ("lesion_uptake", "P2,L1,S1", "P2,L1,S2"),
            [("number found in its table", "error", "lesion_uptake", 4, "scan_id")],
        ),
        (
            ("scans", "P2,S1,2016-05-05,post-therapy,1,4", "P2,S1,2016-05-05,post-therapy,,4"),
            [("scan after a course", "warning", "scans", 4, "course")],
        ),
        (
            ("scans", "P2,S1,2016-05-05", "P2,S1,2016-04-30"),
            [
                ("scan after its course", "error", "scans", 4, "date"),
                ("days after the activity", "warning", "scans", 4, "days_after_activity"),
            ],
        ),
        (
            ("follow_up", "yes,2018-01-01", "no,2018-01-01"),
            [("remission and its date", "error", "follow_up", 3, "remission_date")],
        ),
        (
            ("follow_up", "yes,2018-01-01", ",2018-01-01"),
            [("date of remission without remission", "warning", "follow_up", 3, "remission_date")],
        ),
        (
            ("follow_up", "yes,2018-01-01", "yes,"),
            [("remission without a date", "warning", "follow_up", 3, "remission")],
        ),
        (
            ("follow_up", "P2,2020-01-01", "P2,2017-01-01"),
            [("dates in order", "error", "follow_up", 3, "last_date")],
        ),
        (
            ("follow_up", "P1,2020-01-01", "P1,2016-04-02"),
            [("dates in order", "warning", "scans", 3, "date")],
        ),
        (
            ("follow_up", "P1,2020-01-01", "P2,2020-01-01"),
            [("key used twice", "error", "follow_up", 3, "patient_id")],
        ),
        (
            ("patients", "P2,M,1960-05-05,2016-01-10", "P2,F,1970-01-01,2015-01-10"),
            [("patients alike", "warning", "patients", 3, "id")],
        ),
        (
            ("patients", "P2,M", ",M"),
            [
                ("key missing", "error", "patients", 3, "id"),
                ("number found in its table", "error", "follow_up", 3, "patient_id"),
                ("number found in its table", "error", "lesion_uptake", 4, "patient_id"),
                ("number found in its table", "error", "lesions", 3, "patient_id"),
                ("number found in its table", "error", "rai_courses", 4, "patient_id"),
                ("number found in its table", "error", "scans", 4, "patient_id"),
            ],
        ),
    ],
)
def test_one_change_is_said_where_it_stands_and_nowhere_else(found, change, said):
    assert sorted(found(change)) == sorted(said)


def test_a_duplicated_patient_is_an_error_at_the_second_row(found):
    rows = SOUND["patients"] + "P1,F,1970-01-02,2015-01-10,2015-02-01,10,2\n"
    assert found(patients=rows) == [("key used twice", "error", "patients", 4, "id")]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            "number_of_courses,1,1",
            [("totals add up", "error", "patients", 2, "number_of_courses")],
        ),
        (
            "number_of_courses,3,1",
            [("totals add up", "warning", "patients", 2, "number_of_courses")],
        ),
        ("number_of_courses,2,", []),
        ("number_of_lesions,1,0", [("totals add up", "error", "patients", 3, "number_of_lesions")]),
        (
            "received_rai,no,yes",
            [("courses without radioiodine", "error", "patients", 2, "received_rai")],
        ),
        ("received_rai,,yes", []),
        ("cumulative_activity (GBq),9.25,3.7", []),
        (
            "cumulative_activity (mCi),250,120",
            [("activities add up", "warning", "patients", 3, "cumulative_activity (mCi)")],
        ),
        (
            "age_at_diagnosis,45,51",
            [("age fits the dates", "warning", "patients", 3, "age_at_diagnosis")],
        ),
        ("n_category,N1a,N0", []),
        (
            "nodal_metastasis,no,no",
            [("nodes and nodal metastasis", "warning", "patients", 2, "nodal_metastasis")],
        ),
    ],
)
def test_what_the_patients_table_declares_is_held_against_the_records(found, column, said):
    header, first, second = column.split(",")
    lines = SOUND["patients"].splitlines()
    rows = f"{lines[0]},{header}\n{lines[1]},{first}\n{lines[2]},{second}\n"
    assert found(patients=rows) == said


@pytest.mark.parametrize(
    ("columns", "rows", "rule"),
    [
        ("n_category,nodal_metastasis", "N1b,no", "N category and nodal metastasis"),
        ("n_category,nodal_metastasis", "N0b,yes", "N category and nodal metastasis"),
        ("m_category,distant_metastasis", "M1,no", "M category and distant metastasis"),
        ("t_category,diameter (mm)", "T1a,11", "T category and diameter"),
        ("t_category,diameter (mm)", "T1b,10", "T category and diameter"),
        ("t_category,diameter (mm)", "T2,20", "T category and diameter"),
        ("t_category,diameter (mm)", "T3a,40", "T category and diameter"),
        ("histology,histology_subtype", "FTC,tall cell", "subtype of a papillary carcinoma"),
        ("received_rai,number_of_courses", "yes,0", "courses and radioiodine"),
        ("received_rai,number_of_courses", "no,2", "courses and radioiodine"),
        ("received_rai,cumulative_activity (MBq)", "no,3700", "activity without radioiodine"),
        ("surgery_extent,surgery_date", "none,2015-01-01", "operated on a date"),
    ],
)
def test_fields_of_one_patient_that_contradict_each_other_are_said(found, columns, rows, rule):
    nothing = dict.fromkeys(SOUND, "")
    said = found(**{**nothing, "patients": f"patient_id,{columns}\nP1,{rows}\n"})
    assert [line[0] for line in said] == [rule]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("t_category,diameter (mm)", "T1a,10"),
        ("t_category,diameter (mm)", "T1b,10.1"),
        ("t_category,diameter (mm)", "T1b,20"),
        ("t_category,diameter (mm)", "T2,40"),
        ("t_category,diameter (mm)", "T3b,5"),
        ("histology,histology_subtype", "PTC,tall cell"),
        ("n_category,nodal_metastasis", "NX,yes"),
        ("received_rai,number_of_courses", "no,0"),
    ],
)
def test_fields_of_one_patient_that_agree_are_not_said(found, columns, rows):
    nothing = dict.fromkeys(SOUND, "")
    assert found(**{**nothing, "patients": f"patient_id,{columns}\nP1,{rows}\n"}) == []


def test_numbers_written_differently_are_recognised_as_such(tmp_path, found):
    for name, text in {
        "patients": "patient_id,sex\n001,F\nP-2,M\n",
        "lesions": "patient_id,lesion_id\n1,L1\np 2,L1\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "study.toml").write_text(STUDY)
    study = read_study(tmp_path)
    findings = check(read(study), study).findings
    assert [f.problem for f in findings if f.severity == "error"] == [
        "a patient number that is written differently there (table patients)",
        "a patient number that is written differently there (table patients)",
    ]


def test_lesions_need_their_number_and_records_their_patient(found):
    said = found(lesions="patient_id,site\nP1,lung\n", lesion_uptake="", scans="")
    assert said == [("column missing", "error", "lesions", None, "")]
    said = found(lesions="lesion_id,site\nL1,lung\n", lesion_uptake="", scans="")
    assert said == [("column missing", "error", "lesions", None, "")]


def test_patients_need_a_number_when_other_tables_point_to_them(found):
    said = found(patients="sex,age\nF,40\nM,50\n")
    assert said == [("column missing", "error", "patients", None, "")]


def test_the_same_blood_sample_twice_is_warned_of(found):
    text = "patient_id,date,tg (ng/mL)\n" + "P1,2017-01-01,0.5\n" * 2 + "P1,2017-01-01,0.6\n"
    assert found(labs=text) == [("row twice", "warning", "labs", 3, "")]


def test_signs_of_thyroglobulin_may_have_their_own_column(found):
    text = "patient_id,date,tg (ng/mL),tg_censored\nP1,2017-01-01,0.1,<\nP1,2017-02-01,5,\n"
    assert found(labs=text) == []
    assert found(labs=text.replace(",0.1,<", ",<0.1,<")) == []
    assert found(labs=text.replace(",0.1,<", ",<0.1,>")) == [
        ("one sign", "error", "labs", None, "tg (ng/mL)")
    ]
    assert found(labs=text.replace(",5,", ",,<")) == [
        ("sign without a number", "error", "labs", 3, "tg_censored")
    ]


@pytest.mark.parametrize(
    ("header", "values", "said"),
    [
        # 100, 120, 150 under MBq are millicuries; 3.7 under mCi is gigabecquerel
        ("activity (MBq)", (100, 120, 150), "unit contradicted"),
        ("activity (MBq)", (3.7, 3.7, 5.55), "unit contradicted"),
        ("activity (mCi)", (3.7, 3.7, 5.55), "unit contradicted"),
        ("activity (GBq)", (3.7, 3.7, 5.55), None),
        ("activity (mCi)", (30, 100, 150), None),
        ("activity (MBq)", (1110, 3700, 3700), None),
        ("activity (MBq)", (150, 3700, 3700), None),
    ],
)
def test_a_column_of_numbers_usual_in_another_unit_is_an_error(found, header, values, said):
    rows = [f"P1,{i},{2015 + i}-04-01,{value}" for i, value in enumerate(values, 1)]
    text = f"patient_id,course,date,{header}\n" + "\n".join(rows) + "\n"
    errors = [line for line in found(rai_courses=text, scans="", lesion_uptake="")
              if line[1] == "error"]  # fmt: skip
    assert [line[0] for line in errors] == ([said] if said else [])
    assert all(line[3] is None for line in errors)


@pytest.mark.parametrize(
    ("header", "values", "severity"),
    [
        ("diameter", (1.2, 2.0, 4.2), "error"),
        ("diameter (mm)", (1.2, 2.0, 4.2), "warning"),
        ("diameter (cm)", (1.2, 2.0, 4.2), None),
        ("diameter (mm)", (12, 20, 42), None),
        ("diameter", (4, 12, 42), None),
        ("diameter (mm)", (2, 3), None),
    ],
)
def test_centimetres_typed_as_millimetres_are_said(found, header, values, severity):
    rows = "".join(f"P{i},{value}\n" for i, value in enumerate(values))
    nothing = dict.fromkeys(SOUND, "")
    said = found(**{**nothing, "patients": f"patient_id,{header}\n{rows}"})
    about = [line for line in said if line[0] == "centimetres under millimetres"]
    assert [line[1] for line in about] == ([severity] if severity else [])


def test_every_rule_reads_fields_that_exist_and_says_a_whole_sentence():
    tables = dictionary().tables
    for rule in RULES:
        assert set(rule.columns) <= set(tables[rule.table].fields), rule.name
        assert " must " in rule.must or " should " in rule.must or " may " in rule.must
    for order in ORDERS:
        for place in (order.first, order.then):
            table, column = place.split(".")
            assert tables[table].fields[column].type == "date"
