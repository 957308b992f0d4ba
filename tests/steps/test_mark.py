"""The marked copy: the right cells, in words, with nothing a person typed turned into a formula."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from avidity.errors import WriteError
from avidity.steps.check import check
from avidity.steps.mark import COLOURS, HEADINGS, mark
from avidity.steps.read import read
from avidity.study import read_study

STUDY = '[study]\ntitle = "A study"\n[outcome]\ndefinition = "ata-2015"\n'


def marked(folder: Path, out: str = "out.xlsx"):
    (folder / "study.toml").write_text(STUDY, "utf-8")
    study = read_study(folder)
    raw = read(study)
    findings = check(raw, study).findings
    path = mark(raw, findings, folder / out)
    return load_workbook(path), findings


def colour(cell) -> str:
    return cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else ""


def records(path: Path) -> None:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    bold = book.add_format({"bold": True, "italic": True})
    sheet = book.add_worksheet("patients")
    sheet.merge_range(0, 0, 0, 3, "Registry", bold)
    sheet.write_row(1, 0, ["patient_id", "sex", "age", "diameter"], bold)
    sheet.write_row(2, 0, ["P1", "F", 140, "=cmd|' /C calc'!A0"])
    sheet.write_row(3, 0, ["P1", "M", 99, 20])
    sheet.set_column(1, 1, 33)
    other = book.add_worksheet("notes")
    other.write(0, 0, "kept")
    other.write_formula(1, 0, "=1+1", None, 2)
    book.close()


def test_a_copy_keeps_the_workbook_and_marks_its_bad_cells(tmp_path: Path):
    records(tmp_path / "records.xlsx")
    before = (tmp_path / "records.xlsx").read_bytes()
    book, findings = marked(tmp_path)
    assert book.sheetnames == ["findings", "patients", "notes"]
    sheet = book["patients"]
    assert colour(sheet["C3"]) == COLOURS["error"]
    assert colour(sheet["C4"]) == COLOURS["warning"]
    assert colour(sheet["A4"]) == COLOURS["error"]
    assert colour(sheet["B3"]) == ""
    assert "ERROR: a number outside the possible range." in sheet["C3"].comment.text
    assert "Must hold: age at diagnosis must be from 0 to 110 years." in sheet["C3"].comment.text
    assert sheet["B2"].font.bold
    assert sheet["B2"].font.italic
    assert sheet.column_dimensions["B"].width == pytest.approx(33, abs=1)
    assert book["notes"]["A2"].value == "=1+1"
    assert (tmp_path / "records.xlsx").read_bytes() == before
    assert book["findings"].max_row == len(findings) + 1


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path):
    records(tmp_path / "records.xlsx")
    book, _ = marked(tmp_path)
    assert book["patients"]["D3"].data_type == "s"
    cells = [cell for row in book["findings"].iter_rows() for cell in row]
    assert any(cell.value == "=cmd|' /C calc'!A0" for cell in cells)
    assert all(cell.data_type in ("s", "n") for cell in cells)


def test_the_list_of_findings_says_everything(tmp_path: Path):
    records(tmp_path / "records.xlsx")
    book, findings = marked(tmp_path)
    rows = list(book["findings"].iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    first = dict(zip(HEADINGS, rows[1], strict=True))
    assert first["severity"] == "error"
    assert first["what must hold"] == findings[0].must
    assert [row[0] for row in rows[1:]] == [finding.severity for finding in findings]


def test_text_files_become_one_workbook_with_every_cell_at_its_address(tmp_path: Path):
    (tmp_path / "patients.csv").write_text(
        "A registry,,,\npatient_id,,age,sex\nP1,,140,=1+1\n\nP2,,40,F\n"
    )
    (tmp_path / "lesions.csv").write_text("patient_id,lesion_id,site\nP9,L1,lung\n")
    book, _ = marked(tmp_path)
    assert book.sheetnames == ["findings", "patients", "lesions"]
    sheet = book["patients"]
    assert sheet["C2"].value == "age"
    assert sheet["C3"].value == "140"
    assert colour(sheet["C3"]) == COLOURS["error"]
    assert sheet["D3"].value == "=1+1"
    assert sheet["D3"].data_type == "s"
    assert sheet["A5"].value == "P2"
    assert colour(book["lesions"]["A2"]) == COLOURS["error"]
    assert "must be in the table patients" in book["lesions"]["A2"].comment.text


def test_a_finding_about_a_column_marks_its_header(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id\nP1\n")
    (tmp_path / "rai_courses.csv").write_text("patient_id,course,activity\nP1,1,3700\n")
    book, _ = marked(tmp_path)
    assert colour(book["rai_courses"]["C1"]) == COLOURS["error"]
    assert "never guessed" in book["rai_courses"]["C1"].comment.text


def test_cells_beyond_a_workbooks_measure_are_cut_and_not_lost(tmp_path: Path):
    (tmp_path / "patients.csv").write_text(
        f"patient_id,age,remark\nP1,{'9' * 100_000},a\x07b\nP2,40,{'x' * 100_000}\n"
    )
    book, _ = marked(tmp_path)
    assert len(book["patients"]["B2"].value) == 32_000
    assert book["patients"]["C2"].value == "a·b"


def test_the_same_records_give_the_same_bytes(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id,age\nP1,140\n")
    marked(tmp_path, "a.xlsx")
    marked(tmp_path, "b.xlsx")  # beside the first copy, which is not taken for records
    first, second = (tmp_path / f"{name}.xlsx" for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_no_findings_are_an_empty_list(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id,age\nP1,40\n")
    book, findings = marked(tmp_path)
    assert findings == ()
    assert book["findings"].max_row == 1


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("records.xlsx", "holds the records"),
        ("out.csv", "must be named"),
        ("none/out.xlsx", "cannot be written"),
    ],
)
def test_the_records_are_never_replaced(tmp_path: Path, out: str, sentence: str):
    records(tmp_path / "records.xlsx")
    with pytest.raises(WriteError, match=sentence):
        marked(tmp_path, out)


def test_a_new_workbook_says_where_it_cannot_be_written(tmp_path: Path):
    (tmp_path / "patients.csv").write_text("patient_id,age\nP1,140\n")
    with pytest.raises(WriteError, match="cannot be written"):
        marked(tmp_path, "none/out.xlsx")


def test_a_workbook_that_cannot_be_copied_is_made_anew(tmp_path: Path, monkeypatch):
    records(tmp_path / "records.xlsx")

    def refuse(_path):
        raise KeyError("styles")

    monkeypatch.setattr("openpyxl.load_workbook", refuse)
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    study = read_study(tmp_path)
    raw = read(study)
    mark(raw, check(raw, study).findings, tmp_path / "out.xlsx")
    monkeypatch.undo()
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["findings", "patients"]
    assert colour(book["patients"]["C3"]) == COLOURS["error"]
