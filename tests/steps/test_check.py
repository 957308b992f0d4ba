"""The whole of check: real tables, real troubles together, hashes, counts, mangled input."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import time
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avidity.errors import AvidityError, CheckError
from avidity.steps.check import Cohort, check, counts, finding_line, finding_rows, stop_on_errors
from avidity.steps.read import read
from avidity.study import read_study

STUDY = '[study]\ntitle = "A study"\n[outcome]\ndefinition = "ata-2015"\n'
DECIDED = '[study]\ntitle = "A study"\n[outcome]\ncolumn = "{}"\nyes = "{}"\nno = "{}"\n'


def checked(folder: Path, study: str = STUDY) -> Cohort:
    (folder / "study.toml").write_text(study, encoding="utf-8")
    read_in = read_study(folder)
    return check(read(read_in), read_in)


def by_rule(cohort: Cohort) -> dict[str, int]:
    tally: dict[str, int] = {}
    for count in counts(cohort.findings):
        tally[count.rule] = tally.get(count.rule, 0) + count.n
    return tally


# ---- real tables


def test_the_siraj_table_is_read_whole_with_activity_in_whole_mbq(shared: Path, tmp_path: Path):
    shutil.copy(shared / "data" / "siraj2022_rair.csv", tmp_path / "patients.csv")
    cohort = checked(tmp_path, DECIDED.format("rai_classification", "Refractory", "Avid"))
    assert cohort.n_patients == 158
    assert cohort.n_errors == 0
    assert cohort.n_warnings == 0
    assert not cohort.made_ids
    assert cohort.patients["tg_6m_post_rai_ug_l"].null_count() == 84
    assert cohort.patients["rai_classification"].to_list().count("Refractory") == 66
    activity = cohort.patients["cumulative_activity"]
    assert activity.dtype == pl.Int64
    assert activity[0] == 5446  # 147.2 mCi x 37 = 5446.4
    assert activity.max() == 838 * 37
    assert cohort.patients["pfs_event"].sum() == 54
    stop_on_errors(cohort.findings)


def test_the_uci_table_is_read_whole_and_its_19_repeated_rows_are_warned_of(
    shared: Path, tmp_path: Path
):
    shutil.copy(shared / "data" / "uci_dtc_recurrence.csv", tmp_path / "patients.csv")
    cohort = checked(tmp_path, DECIDED.format("Recurred", "Yes", "No"))
    assert cohort.n_patients == 383
    assert cohort.n_errors == 0
    assert cohort.made_ids
    assert cohort.patients["Recurred"].sum() == 108
    assert cohort.patients["sex"].to_list().count("female") == 312
    assert cohort.patients["multifocal"].null_count() == 0
    assert cohort.patients["ata_risk"].to_list().count("high") == 32
    histology = dict(cohort.patients["histology"].value_counts().iter_rows())
    assert histology == {"PTC": 287 + 48, "FTC": 28, "OCA": 20}
    assert by_rule(cohort)["row twice"] == 19
    assert by_rule(cohort)["word with two meanings"] == 48


# ---- real troubles


def test_a_french_file_with_semicolons_and_decimal_commas_is_read(tmp_path: Path):
    text = (
        "N°;Âge;Sexe;Diamètre (cm);Métastase à distance;Activité cumulée (mCi);Histologie\n"
        "P1;45;féminin;1,5;non;100;carcinome papillaire\n"
        "P2;60;homme;4,25;oui;1 150,5;cellules de Hürthle\n"
        ";;;;;;\n"
    )
    (tmp_path / "patients.csv").write_bytes(text.encode("cp1252"))
    cohort = checked(tmp_path)
    assert cohort.n_errors == 0
    assert cohort.patients.drop("_row").to_dicts() == [
        {
            "patient_id": "P1",
            "age_at_diagnosis": 45.0,
            "sex": "female",
            "diameter": 15.0,
            "distant_metastasis": False,
            "cumulative_activity": 3700,
            "histology": "PTC",
        },
        {
            "patient_id": "P2",
            "age_at_diagnosis": 60.0,
            "sex": "male",
            "diameter": 42.5,
            "distant_metastasis": True,
            "cumulative_activity": 42569,  # 1150.5 x 37 = 42568.5
            "histology": "OCA",
        },
    ]


def test_a_workbook_with_every_kind_of_cell_is_read(tmp_path: Path):
    book = xlsxwriter.Workbook(tmp_path / "records.xlsx")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Patients")
    sheet.merge_range(0, 0, 0, 6, "Registry of the department")
    header = ["patient_id", "birth_date", "diagnosis_date", "surgery_date", "multifocal"]
    sheet.write_row(1, 0, [*header, "nodes_removed", "Tg before (ng/mL)"])
    sheet.write_row(2, 0, [1, None, None, "03/02/2016", True, 12.0, "<0.1"])
    sheet.write_datetime(2, 1, dt.date(1970, 1, 2), day)
    sheet.write_number(2, 2, 42370)  # 2016-01-01 without its format
    sheet.write_row(3, 0, ["P 2", "1965-03-04", "2016-01-05", None, "no", "8", 3.5])
    sheet.write_formula(4, 5, "=1+1", None, "")
    sheet.write(4, 0, 3)
    book.close()
    cohort = checked(tmp_path)
    first, second, third = cohort.patients.to_dicts()
    assert first == {
        "_row": 3,
        "patient_id": "1",
        "birth_date": dt.date(1970, 1, 2),
        "diagnosis_date": dt.date(2016, 1, 1),
        "surgery_date": dt.date(2016, 2, 3),
        "multifocal": True,
        "nodes_removed": 12,
        "Tg before (ng/mL)": 0.1,
        "Tg before (ng/mL)_censored": "<",
    }
    assert (second["patient_id"], second["multifocal"]) == ("P 2", False)
    assert third["nodes_removed"] is None
    assert by_rule(cohort) == {
        "cell without a result": 1,
        "serial number as date": 1,
        "formulas": 1,
        "rows above the header": 1,
        "type inferred": 1,
    }
    assert [f.address for f in cohort.findings[:2]] == ["F5", "C3"]


def test_all_troubles_of_a_table_are_said_together(tmp_path: Path):
    (tmp_path / "patients.csv").write_text(
        "patient_id,sex,age,diameter (mm),multifocal,birth_date,nodes_removed,nodes_positive\n"
        "P1,X,fifty,300,maybe,31/02/1970,3,5\n"
        "P1,F,45,20,yes,01/01/1970,3,1\n"
    )
    cohort = checked(tmp_path)
    assert by_rule(cohort) == {
        "one of the allowed values": 1,
        "a number": 1,
        "possible range": 1,
        "yes or no": 1,
        "a date": 1,
        "positive nodes among those removed": 1,
        "key used twice": 1,
    }
    assert cohort.n_patients == 2
    with pytest.raises(CheckError, match="7 places must be put right"):
        stop_on_errors(cohort.findings)


def test_a_finding_shows_its_place_and_content_and_its_sentence_does_not(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("\npatient_id,,age\nP1,,12345\n")
    cohort = checked(tmp_path)
    finding = cohort.findings[0]
    assert (finding.row, finding.column, finding.address) == (3, "age", "C3")
    assert finding.found == "12345"
    assert "12345" not in finding.problem + finding.must + finding.do
    assert "(12345)" in finding_line(finding)
    assert finding_rows(cohort.findings)[0]["address"] == "C3"
    assert "12345" not in repr(counts(cohort.findings))


def test_long_and_unprintable_content_is_shown_short_and_plain(tmp_path: Path):
    text = f"patient_id,age\nP1,{'9' * 100_000}\nP2,4\x075\n"
    (tmp_path / "patients.csv").write_text(text)
    found = {f.row: f.found for f in checked(tmp_path).findings if f.severity == "error"}
    assert len(found[2]) == 60
    assert found[3] == "4·5"


def test_a_table_without_patients_is_an_error(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id,age\n")
    cohort = checked(tmp_path)
    assert by_rule(cohort) == {"no patients": 1}
    assert cohort.n_patients == 0
    assert cohort.patients.height == 0


def test_an_empty_table_of_records_is_left_out_unless_it_is_vouched_for(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id,age\nP1,40\n")
    (tmp_path / "lesions.csv").write_text("patient_id,lesion_id,site\n")
    cohort = checked(tmp_path)
    assert set(cohort.tables) == {"patients"}
    assert by_rule(cohort) == {"empty table": 1}
    vouched = checked(tmp_path, STUDY + '[records]\ncomplete = ["lesions"]\n')
    assert set(vouched.tables) == {"patients", "lesions"}
    assert vouched.tables["lesions"].schema["site"] == pl.String


def test_sources_name_each_file_and_its_hash(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id,age\nP1,40\n")
    source = checked(tmp_path).sources[0]
    assert (source.table, source.file, source.rows) == ("patients", "patients.csv", 1)
    assert len(source.sha256) == 64


# ---- the hash of the cohort

BASE = [
    ["patient_id", "sex", "diameter (mm)", "histology", "multifocal", "birth_date"],
    ["P1", "female", "15", "PTC", "yes", "1970-01-02"],
    ["P2", "male", "42.5", "OCA", "no", "1965-03-04"],
    ["P3", "", "", "", "", ""],
    ["P4", "male", "8", "FTC", "", "1980-12-31"],
]


def as_text(rows: list[list[str]], separator: str = ",") -> str:
    return "\n".join(separator.join(row) for row in rows) + "\n"


def cohort_of(folder: Path, text: str) -> Cohort:
    (folder / "patients.csv").write_text(text, "utf-8")
    return checked(folder)


@given(st.permutations(range(1, 5)), st.permutations(range(6)))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_shuffling_rows_and_columns_changes_nothing_but_the_rows_numbers(
    tmp_path: Path, rows: list[int], columns: list[int]
):
    base = cohort_of(tmp_path, as_text(BASE))
    mixed = [BASE[0], *(BASE[row] for row in rows)]
    shuffled = cohort_of(tmp_path, as_text([[row[c] for c in columns] for row in mixed]))
    assert shuffled.sha256 == base.sha256
    assert shuffled.n_errors == base.n_errors == 0
    names = sorted(base.patients.columns)
    names.remove("_row")
    assert (
        shuffled.patients.select(names).sort("patient_id").to_dicts()
        == base.patients.select(names).sort("patient_id").to_dicts()
    )


@pytest.mark.parametrize(
    "text",
    [
        as_text(BASE).replace("female", "F").replace("yes", "oui"),
        as_text(BASE, ";").replace("42.5", "42,5"),
        as_text(BASE).replace("diameter (mm)", "taille (cm)")
        .replace(",15,", ",1.5,").replace(",42.5,", ",4.25,").replace(",8,", ",0.8,"),
        as_text(BASE).replace("1970-01-02", "02/01/1970"),
        "\ufeff" + as_text(BASE) + "\n\n",
        as_text(BASE).replace("OCA", "Hürthle cell"),
    ],
)  # fmt: skip
def test_the_same_facts_written_otherwise_have_the_same_hash(tmp_path: Path, text: str):
    assert cohort_of(tmp_path, text).sha256 == cohort_of(tmp_path, as_text(BASE)).sha256


@pytest.mark.parametrize(
    ("old", "new"), [("42.5", "42.6"), ("PTC", "FTC"), ("P4", "P5"), ("yes", ""), ("P1,", "P3,")]
)
def test_another_fact_has_another_hash(tmp_path: Path, old: str, new: str):
    base = cohort_of(tmp_path, as_text(BASE)).sha256
    assert cohort_of(tmp_path, as_text(BASE).replace(old, new)).sha256 != base


def test_a_repeated_row_and_separators_in_text_are_told_apart(tmp_path: Path):
    def hash_of(text: str) -> str:
        return cohort_of(tmp_path, text).sha256

    assert hash_of("age\n40\n50\n") != hash_of("age\n40\n50\n50\n")
    assert hash_of("age\n40\n50\n") == hash_of("age\n50\n40\n")  # made numbers are no facts
    assert hash_of("a1,b1\nx,\\Ny\n") != hash_of("a1,b1\nx\\N,y\n")
    assert hash_of("a1,b1\nx,\\N\n") != hash_of("a1,b1\nx,\n")


# ---- anything at all

GOOD = {
    "patients": "patient_id,sex,age,diameter (mm),birth_date,number_of_courses\n"
    "P1,F,45,20,1970-01-01,1\nP2,M,50,30,1960-01-01,0\n",
    "rai_courses": "patient_id,course,date,activity (MBq)\nP1,1,2015-04-01,3700\n",
    "labs": "patient_id,date,tg (ng/mL),tsh\nP1,2015-04-01,<0.1,45\n",
}
NASTY = [
    "", " ", "\x00", "=1+1", "@SUM(A1)", "x" * 100_000, "1e999", "-1", "31/02/2015", "99999",
    "<", ">", "<>", '"', "'", ";", "\n", "\r\n", "\t", "\ufeff", "é", "🦴", "NaN", "inf", "None",
    "TRUE", "0x1F", "１２", "٣", "1,234", "1.2.3", "2015", "-", "+", "%", "\\N", "\x1f", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_no_mangled_table_raises_anything_but_a_clear_sentence(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    for name, text in GOOD.items():
        raw = text
        for _ in range(chance.randint(0, 4)):
            at = chance.randrange(len(raw) + 1)
            nasty = chance.choice(NASTY)
            raw = raw[:at] + nasty + raw[at + chance.choice((0, 0, 1, 5)) :]
        if chance.random() < 0.2:
            lines = raw.split("\n")
            chance.shuffle(lines)
            raw = "\n".join(lines)
        if chance.random() < 0.1:
            raw = raw[: chance.randrange(len(raw) + 1)]
        (tmp_path / f"{name}.csv").write_text(raw, "utf-8", newline="")
    try:
        cohort = checked(tmp_path)
    except AvidityError as error:
        message = str(error)
    else:
        message = "".join(finding_line(finding) for finding in cohort.findings)
        assert len(cohort.sha256) == 64
        assert cohort.n_patients == cohort.patients.height
        rows = sum(count.n for count in counts(cohort.findings))
        assert rows == len(cohort.findings)
    assert "Traceback" not in message


def test_endless_cells_and_headers_take_no_time(tmp_path: Path):
    n = 50_000
    endless = ["9" * n + "x", "1" + " " * n + "x", "a," * n, "<" * n, "1," * n, "(" * n, "_" * n]
    header = ",".join(
        ["patient_id", "sex", "age", "birth_date", "extra", '"' + "x, " * 30_000 + '"']
    )
    lines = [f'P{i},"{c}","{c}","{c}","{c}",1' for i, c in enumerate(endless)]
    (tmp_path / "patients.csv").write_text("\n".join([header, *lines]) + "\n")
    start = time.perf_counter()
    assert checked(tmp_path).n_errors >= 3 * len(endless)
    assert time.perf_counter() - start < 5


def test_a_column_of_free_text_under_a_category_takes_no_time(tmp_path: Path):
    rows = "".join(f"P{i},remark number {i}\n" for i in range(3000))
    (tmp_path / "patients.csv").write_text("patient_id,histology\n" + rows)
    start = time.perf_counter()
    assert checked(tmp_path).n_errors == 3000
    assert time.perf_counter() - start < 5
