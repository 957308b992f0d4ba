"""The twin's records: made and saying so, the same each time, consistent, and decided by them."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from dataclasses import fields
from datetime import date

import pytest


def test_every_row_of_every_file_says_that_it_is_made(tables):
    for rows in tables.values():
        assert {row["record_origin"] for row in rows} == {"made, not a real patient"}


def test_the_script_gives_the_same_bytes_again(folder, tables, tmp_path):
    script = [sys.executable, str(folder / "make_twin.py"), str(tmp_path)]
    subprocess.run(script, check=True, capture_output=True)

    assert sorted(path.stem for path in tmp_path.glob("*.csv")) == sorted(tables)
    for table in tables:
        again = (tmp_path / f"{table}.csv").read_bytes()
        assert again == (folder / f"{table}.csv").read_bytes(), table


def test_every_patient_analysed_has_what_the_paper_used(analysed):
    needed = (
        "sex",
        "age_at_diagnosis",
        "histology",
        "diameter",
        "multifocal",
        "extrathyroidal_extension",
        "nodal_metastasis",
        "distant_metastasis",
    )

    assert all(row[name] for row in analysed for name in needed)
    assert all(bool(row["histology_subtype"]) == (row["histology"] == "PTC") for row in analysed)


def test_some_of_the_excluded_lack_a_value(tables):
    excluded = [row for row in tables["patients"] if row["follow_up_complete"] == "no"]

    for name in ("diameter", "multifocal", "extrathyroidal_extension"):
        assert 0 < sum(not row[name] for row in excluded) < len(excluded) / 4


def test_dates_follow_each_other_inside_the_study_period(tables, grouped):
    for row in tables["patients"]:
        who = row["patient_id"]
        courses = [course["date"] for course in grouped["rai_courses"][who]]
        last = grouped["follow_up"][who][0]["last_date"]
        seen = [
            each["date"]
            for table in ("structural_assessments", "scans", "labs", "fdg_pet", "molecular")
            for each in grouped[table][who]
        ]
        line = [row["diagnosis_date"], row["surgery_date"], *courses, last]

        assert line == sorted(line)
        assert line[0] >= "2019-01-01"
        assert max([last, *seen]) == last <= "2023-10-31"


def test_the_check_finds_nothing_in_the_tables(folder):
    from avidity.steps.check import check
    from avidity.steps.read import read
    from avidity.study import read_study

    study = read_study(folder)

    assert check(read(study), study).findings == ()


def test_declared_totals_are_the_rows_there_are(tables, grouped):
    for row in tables["patients"]:
        who = row["patient_id"]
        assert int(row["number_of_courses"]) == len(grouped["rai_courses"][who])
        assert int(row["number_of_lesions"]) == len(grouped["lesions"][who])
        assert (row["received_rai"] == "yes") == (int(row["number_of_courses"]) > 0)


def test_sites_of_lesions_agree_with_the_metastases_of_the_patient(tables):
    nodes, distant = {"central node", "lateral node"}, {"lung", "bone"}
    sites = defaultdict(set)
    for row in tables["lesions"]:
        sites[row["patient_id"]].add(row["site"])
    for row in tables["patients"]:
        seen = sites[row["patient_id"]]

        assert bool(seen & distant) == (row["distant_metastasis"] == "yes")
        assert not seen & nodes or row["nodal_metastasis"] == "yes"
        assert seen & (nodes | distant) or seen <= {"thyroid bed"}


def test_verdicts_are_those_of_recist_on_the_sizes_beside_them(tables):
    for row in tables["structural_assessments"]:
        if not row["lesion_id"]:
            continue
        baseline, nadir, now = (
            int(row[name]) for name in ("baseline_diameter", "nadir_diameter", "diameter")
        )
        grew = now >= 1.2 * nadir and now - nadir >= 5
        verdict = "PD" if grew else "CR" if now == 0 else "PR" if now <= 0.7 * baseline else "SD"

        assert row["verdict"] == verdict


def history_of(patient, grouped, totals):
    """The patient's rows as the definitions read them; what they do not read stays out."""
    from avidity.refractory import records

    kinds = {
        "rai_courses": records.Course,
        "lesions": records.Lesion,
        "scans": records.Scan,
        "lesion_uptake": records.Uptake,
        "structural_assessments": records.Assessment,
        "follow_up": records.FollowUp,
    }
    rows = {
        table: tuple(
            kind(**{f.name: typed(f.name, row.get(f.name, "")) for f in fields(kind)})
            for row in grouped[table][patient]
        )
        for table, kind in kinds.items()
    }
    return records.History(
        patient, **rows, **totals, complete=frozenset({"scans", "structural_assessments"})
    )


def typed(name, text):
    if not text:
        return None
    if text in ("yes", "no"):
        return text == "yes"
    if name in ("date", "first_seen", "last_date", "remission_date", "local_treatment_date"):
        return date.fromisoformat(text)
    if name in ("course", "activity", "days_after_activity"):
        return int(text)
    return float(text) if "diameter" in name or name in ("tsh", "uptake_ratio") else text


@pytest.fixture(scope="module")
def histories(analysed, grouped):
    return [
        history_of(
            row["patient_id"],
            grouped,
            {name: int(row[name]) for name in ("number_of_courses", "number_of_lesions")},
        )
        for row in analysed
    ]


def test_the_definition_finds_the_same_patients_as_the_plain_reading(histories, met):
    from avidity.refractory.bellakhdar_2024 import DEFINITION

    verdicts = {each.patient_id: DEFINITION.judge(each) for each in histories}

    assert {who: "".join(said.criteria_met) for who, said in verdicts.items()} == {
        who: "".join(sorted(letters)) for who, letters in met.items()
    }
    assert all(said.answer is bool(met[who]) for who, said in verdicts.items())


def test_every_refractory_patient_has_a_date_on_which_it_first_held(histories):
    from avidity.refractory.bellakhdar_2024 import DEFINITION

    for each in histories:
        said = DEFINITION.judge(each)
        if said.answer:
            assert date(2019, 1, 1) < said.date <= each.follow_up[0].last_date
            assert said.records


@pytest.mark.parametrize("name", ["ata_2015", "martinique_2019", "hellenic_2023", "ata_2025"])
def test_other_definitions_say_yes_no_and_cannot_say_of_the_thirty_two(histories, met, name):
    from importlib import import_module

    definition = import_module(f"avidity.refractory.{name}").DEFINITION
    said = {definition.judge(each).answer for each in histories if met[each.patient_id]}

    assert said == {True, False, None}


def test_some_of_the_fifty_eight_are_refractory_without_a_window(histories, met):
    from avidity.refractory.ata_2015 import DEFINITION

    said = [DEFINITION.judge(each).answer for each in histories if not met[each.patient_id]]

    assert True in said
