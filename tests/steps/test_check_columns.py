"""Which field and unit a header stands for, and what study.toml says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from avidity.dictionary.fields import dictionary
from avidity.steps.check import Cohort, check
from avidity.steps.check_headers import match
from avidity.steps.read import read
from avidity.study import read_study

HEAD = '[study]\ntitle = "A study"\n[outcome]\ndefinition = "ata-2015"\n'


@pytest.fixture
def checked(tmp_path: Path):
    """Tables as text and the rest of study.toml, checked."""

    def made(settings: str = "", head: str = HEAD, **tables: str) -> Cohort:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        (tmp_path / "study.toml").write_text(head + settings, "utf-8")
        study = read_study(tmp_path)
        return check(read(study), study)

    return made


def rules(cohort: Cohort, severity: str = "error") -> list[str]:
    return [f.rule for f in cohort.findings if f.severity == severity]


@pytest.mark.parametrize(
    ("table", "header", "name", "unit"),
    [
        ("rai_courses", "activity (MBq)", "activity", "MBq"),
        ("rai_courses", "Activity [mCi]", "activity", "mCi"),
        ("rai_courses", "activity_mci", "activity", "mci"),
        ("rai_courses", "Activity, GBq", "activity", "GBq"),
        ("rai_courses", "Activité administrée (GBq)", "activity", "GBq"),
        ("rai_courses", "activity in mCi", "activity", "mCi"),
        ("rai_courses", "Activité en MBq", "activity", "MBq"),
        ("rai_courses", "ACTIVITY(MBQ)", "activity", "MBQ"),
        ("rai_courses", "dose", "activity", ""),
        ("rai_courses", "activity (Gy)", "activity", "Gy"),
        ("labs", "Tg [ng/mL]", "tg", "ng/mL"),
        ("labs", "tg_ug_l", "tg", "ug/l"),
        ("labs", "Thyroglobuline (µg/L)", "tg", "µg/L"),
        ("labs", "Tg µg/l", "tg", "ug/l"),
        ("patients", "diameter_mm", "diameter", "mm"),
        ("patients", "Taille (cm)", "diameter", "cm"),
        ("patients", "Diamètre, cm", "diameter", "cm"),
        ("patients", "âge", "age_at_diagnosis", ""),
        ("patients", "Age (years)", "age_at_diagnosis", "years"),
        ("patients", "Âge au diagnostic (ans)", "age_at_diagnosis", "ans"),
        ("patients", "Sexe (F/M)", "sex", "F/M"),
        ("patients", "Extrathyroidal  extension", "extrathyroidal_extension", ""),
        ("patients", "T", "t_category", ""),
        ("patients", "N°", "patient_id", ""),
        ("patients", "cumulative_rai_mci", "cumulative_activity", "mci"),
        ("scans", "days_after_activity (days)", "days_after_activity", "days"),
    ],
)
def test_a_header_gives_its_field_and_unit(table, header, name, unit):
    _, said, field = match(dictionary().tables[table], header)
    assert field is not None
    assert field.name == name
    assert said == unit


@pytest.mark.parametrize(
    ("header", "unit"), [("CRP (mg/L)", ""), ("smoker", ""), ("tg_6m_post_rai_ug_l", "ug/l")]
)
def test_a_header_of_the_studys_own_is_no_field(header, unit):
    _, said, field = match(dictionary().tables["patients"], header)
    assert field is None
    assert said == unit


def test_an_activity_without_a_unit_is_an_error_and_never_a_guess(checked):
    cohort = checked(
        patients="patient_id\nP1\n", rai_courses="patient_id,course,activity\nP1,1,3700\n"
    )
    assert rules(cohort) == ["unit missing"]
    assert "activity" not in cohort.tables["rai_courses"].columns
    finding = cohort.findings[0]
    assert (finding.address, finding.row) == ("C", None)
    assert "never guessed" in finding.must


def test_thyroglobulin_without_a_unit_is_an_error(checked):
    cohort = checked(patients="patient_id\nP1\n", labs="patient_id,date,tg\nP1,2020-01-01,3\n")
    assert rules(cohort) == ["unit missing"]


def test_the_unit_may_stand_in_study_toml(checked):
    cohort = checked(
        '[columns.rai_courses."activity"]\nunit = "mCi"\n',
        patients="patient_id\nP1\n",
        rai_courses="patient_id,course,activity\nP1,1,100\n",
    )
    assert rules(cohort) == []
    assert cohort.tables["rai_courses"]["activity"].to_list() == [3700]
    assert cohort.fields["rai_courses"]["activity"].unit == "MBq"


def test_a_unit_that_is_none_of_ours_is_an_error(checked):
    cohort = checked(
        patients="patient_id\nP1\n", rai_courses="patient_id,course,activity (Gy)\nP1,1,100\n"
    )
    assert rules(cohort) == ["unit not accepted"]


def test_two_units_for_one_column_are_an_error(checked):
    cohort = checked(
        '[columns.rai_courses."activity (MBq)"]\nunit = "mCi"\n',
        patients="patient_id\nP1\n",
        rai_courses="patient_id,course,activity (MBq)\nP1,1,100\n",
    )
    assert rules(cohort) == ["one unit"]


def test_a_length_without_a_unit_is_read_as_mm_with_a_note(checked):
    cohort = checked(patients="patient_id,diameter\nP1,25\nP2,30\n")
    assert "unit assumed" in rules(cohort, "note")
    assert cohort.patients["diameter"].to_list() == [25.0, 30.0]


def test_two_columns_for_one_field_are_an_error(checked):
    cohort = checked(patients="patient_id,age,age at surgery\nP1,40,41\n")
    assert rules(cohort) == ["one column per field"]
    assert cohort.patients["age_at_diagnosis"].to_list() == [40.0]


def test_one_of_the_two_may_be_ignored(checked):
    cohort = checked(
        '[columns.patients."age"]\nignore = true\n', patients="patient_id,age,âge\nP1,40,41\n"
    )
    assert rules(cohort) == ["header used twice"]  # but for the accent they are one header
    cohort = checked(
        '[columns.patients."age"]\nignore = true\n',
        patients="patient_id,age,age at surgery\nP1,40,41\n",
    )
    assert rules(cohort) == []
    assert cohort.patients["age_at_diagnosis"].to_list() == [41.0]


def test_a_column_may_get_a_name_of_the_studys_own(checked):
    cohort = checked(
        '[columns.patients."age"]\nfield = "age_at_recurrence"\ntype = "number"\nhigh = 50\n'
        'unit = "years"\nlabel = "Age at recurrence"\nmeasured = "after"\n',
        patients="patient_id,age\nP1,40\nP2,51\n",
    )
    field = cohort.fields["patients"]["age_at_recurrence"]
    assert (field.label, field.unit, field.measured) == ("Age at recurrence", "years", "after")
    assert field.origin == "study"
    assert rules(cohort) == ["possible range"]
    assert cohort.column_named("Age") == "age_at_recurrence"


def test_declared_words_for_yes_and_no_are_understood(checked):
    cohort = checked(
        '[columns.patients."smoker"]\nvalues = { yes = ["current"], no = ["never", "former"] }\n',
        patients="patient_id,smoker\nP1,Current\nP2,never\nP3,former\nP4,\nP5,sometimes\n",
    )
    assert cohort.patients["smoker"].to_list() == [True, False, False, None, None]
    assert rules(cohort) == ["yes or no"]


def test_declared_values_of_a_category_are_codes(checked):
    cohort = checked(
        '[columns.patients."site"]\nvalues = { A = ["1"], B = ["2", "two"] }\n',
        patients="patient_id,site\nP1,1\nP2,Two\nP3,b\nP4,3\n",
    )
    assert cohort.patients["site"].to_list() == ["A", "B", "B", None]
    assert rules(cohort) == ["one of the allowed values"]


def test_more_words_for_a_field_of_the_dictionary_may_be_declared(checked):
    cohort = checked(
        '[columns.patients."Geschlecht"]\nfield = "sex"\nvalues = { female = ["w"] }\n',
        patients="patient_id,Geschlecht\nP1,w\nP2,m\n",
    )
    assert cohort.patients["sex"].to_list() == ["female", "male"]
    assert rules(cohort) == []


def test_a_described_column_that_is_not_there_is_an_error(checked):
    cohort = checked(
        '[columns.patients."smoke"]\ntype = "yes/no"\n', patients="patient_id,smoker\nP1,yes\n"
    )
    assert rules(cohort) == ["column of study.toml"]
    assert "smoker" in cohort.findings[0].do


def test_a_described_table_that_is_not_there_is_an_error(checked):
    cohort = checked('[columns.labs."tg"]\nunit = "ng/mL"\n', patients="patient_id\nP1\n")
    assert rules(cohort) == ["table of study.toml"]


def test_an_unknown_column_of_the_records_is_left_out_with_a_warning(checked):
    cohort = checked(
        patients="patient_id\nP1\n", lesions="patient_id,lesion_id,sitee,colour\nP1,L1,lung,red\n"
    )
    warned = [f for f in cohort.findings if f.rule == "unknown column"]
    assert [f.column for f in warned] == ["colour", "sitee"]
    assert "if it is site" in warned[1].do
    assert "colour" not in cohort.tables["lesions"].columns


OUTCOME = '[study]\ntitle = "S"\n[outcome]\ncolumn = "{}"\nyes = {}\nno = {}\n'


def test_the_outcomes_column_keeps_its_own_words(checked):
    cohort = checked(
        head=OUTCOME.format("class", '"Refractory"', '"Avid"'),
        patients="patient_id,class\nP1,refractory\nP2,AVID\nP3,\nP4,perhaps\n",
    )
    assert cohort.patients["class"].to_list() == ["Refractory", "Avid", None, None]
    assert rules(cohort) == ["one of the allowed values"]
    field = cohort.fields["patients"]["class"]
    assert (field.role, field.measured) == ("outcome", "after")


@pytest.mark.parametrize("words", [('"yes"', '"no"'), ("true", "false"), ("1", "0")])
def test_an_outcome_of_yes_and_no_understands_every_word_for_it(checked, words):
    cohort = checked(
        head=OUTCOME.format("Metastasis", *words),
        patients="patient_id,Metastasis\nP1,oui\nP2,0\nP3,\nP4,1.0\n",
    )
    assert cohort.patients["Metastasis"].to_list() == [True, False, None, True]


def test_a_header_over_cells_that_do_not_fit_it_is_asked_about(checked):
    cohort = checked(patients="patient_id,n,sex\nP1,120,X\nP2,95,Y\nP3,,\n")
    asked = [f for f in cohort.findings if f.rule == "header understood"]
    assert [f.column for f in asked] == ["n"]
    assert '[columns.patients."n"]' in asked[0].do
    cohort = checked(
        '[columns.patients."n"]\nfield = "n_visits"\n', patients="patient_id,n\nP1,120\nP2,95\n"
    )
    assert rules(cohort) == []
    assert cohort.patients["n_visits"].to_list() == [120.0, 95.0]


def test_metastasis_alone_is_not_guessed_to_be_distant(checked):
    cohort = checked(patients="patient_id,metastasis\nP1,yes\nP2,no\n")
    assert cohort.fields["patients"]["metastasis"].origin == "inferred"


# ---- types nobody declared


@pytest.mark.parametrize(
    ("cells", "kind", "first"),
    [
        (["yes", "no", "", "Yes"], "yes/no", True),
        (["1", "0", "1"], "yes/no", True),
        (["true", "false"], "yes/no", True),
        (["Oui", "Non"], "yes/no", True),
        (["1", "2", "NA"], "number", 1.0),
        (["1,5", "2"], "number", 1.5),
        (["1.5", "-2", "."], "number", 1.5),
        (["low", "high", "low"], "category", "low"),
        (["F", "F"], "category", "F"),
        (["N", "N"], "category", "N"),
        (["2020-01-02", "2021-03-04"], "date", None),
        (["", "NA"], "text", None),
        ([f"word {i}" for i in range(21)], "text", "word 0"),
        ([f"word {i}" for i in range(20)], "category", "word 0"),
        (["I", "II", "III"], "category", "I"),
    ],
)
def test_the_type_of_an_undeclared_column_is_inferred(checked, cells, kind, first):
    lines = "".join(f'P{i},"{cell}"\n' for i, cell in enumerate(cells))
    cohort = checked(patients="patient_id,extra\n" + lines)
    field = cohort.fields["patients"]["extra"]
    assert field.type == kind
    assert field.origin == "inferred"
    if first is not None:
        assert cohort.patients["extra"].to_list()[0] == first
    assert "type inferred" in rules(cohort, "note")


def test_a_column_that_is_nearly_numbers_is_warned_of(checked):
    lines = "".join(f"P{i},{i}\n" for i in range(2, 30))
    cohort = checked(patients="patient_id,extra\nP1,fifty\n" + lines)
    assert "nearly a number" in rules(cohort, "warning")
    assert cohort.fields["patients"]["extra"].type == "text"


def test_levels_that_differ_in_capitals_only_are_warned_of(checked):
    cohort = checked(patients="patient_id,extra\nP1,Low\nP2,low\nP3,high\n")
    assert "levels alike" in rules(cohort, "warning")
    assert cohort.patients["extra"].to_list() == ["Low", "low", "high"]


def test_a_doubtful_comma_does_not_make_a_number_a_word(checked):
    cohort = checked(patients='patient_id,extra\nP1,"1,234"\nP2,5\nP3,7\n')
    assert cohort.fields["patients"]["extra"].type == "number"
    assert rules(cohort) == ["comma or thousands"]


def test_an_undeclared_thyroglobulin_keeps_its_sign(checked):
    cohort = checked(patients="patient_id,Tg at ablation (ng/mL)\nP1,<0.1\nP2,3.2\nP3,\n")
    name = "Tg at ablation (ng/mL)"
    assert cohort.patients[name].to_list() == [0.1, 3.2, None]
    assert cohort.patients[f"{name}_censored"].to_list() == ["<", None, None]
    assert cohort.fields["patients"][name].type == "number"
