"""Which file and sheet a table is in, and what becomes of files that are none."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from avidity.errors import AvidityError, ReadError, StudyFileError
from avidity.steps.read import Raw, read
from avidity.study import read_study

STUDY = '{top}[study]\ntitle = "A study"\n[outcome]\ndefinition = "ata-2015"\n'
PATIENTS = "patient_id,sex\nP1,F\nP2,M\n"


def study(folder: Path, top: str = "", end: str = ""):
    (folder / "study.toml").write_text(STUDY.format(top=top) + end, "utf-8")
    return read_study(folder)


def reading(folder: Path, top: str = "", end: str = "") -> Raw:
    return read(study(folder, top, end))


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name.replace("_", " "))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    book.close()
    return path


def test_cells_come_as_typed_with_true_addresses_and_the_files_hash(tmp_path: Path):
    raw = PATIENTS.encode()
    (tmp_path / "patients.csv").write_bytes(raw)
    table = reading(tmp_path).tables["patients"]
    assert table.headers == ("patient_id", "sex")
    assert table.rows == (("P1", "F"), ("P2", "M"))
    assert table.row_numbers == (2, 3)
    assert table.positions == (1, 2)
    assert table.sha256 == hashlib.sha256(raw).hexdigest()
    assert table.column("sex") == ("F", "M")


def test_a_workbook_gives_its_sheets_by_their_names_in_either_language(tmp_path: Path):
    day = dt.date(2020, 1, 2)
    workbook(
        tmp_path / "registre.xlsx",
        Patients=[["patient_id", "age"], ["P1", 45], ["P2", 50.5]],
        RAI_Courses=[["patient_id", "course", "date"], ["P1", 1, day]],
        Lésions=[["patient_id", "lesion_id"], ["P1", "L1"]],
        Notes=[["anything"]],
    )
    raw = reading(tmp_path)
    assert set(raw.tables) == {"patients", "rai_courses", "lesions"}
    assert raw.tables["patients"].rows == (("P1", 45.0), ("P2", 50.5))
    assert raw.tables["rai_courses"].rows == (("P1", 1.0, day),)
    assert raw.tables["lesions"].sheet == "Lésions"
    assert raw.ignored == ("registre.xlsx#Notes",)


def test_a_single_table_of_any_name_is_the_patients(tmp_path: Path):
    (tmp_path / "export 2024.csv").write_text(PATIENTS)
    raw = reading(tmp_path)
    assert raw.tables["patients"].file == "export 2024.csv"
    assert "only table" in raw.remarks[0]


def test_a_single_sheet_of_any_name_is_the_patients(tmp_path: Path):
    workbook(tmp_path / "a.xlsx", Feuil1=[["id", "age"], ["P1", 3]])
    assert reading(tmp_path).tables["patients"].sheet == "Feuil1"


def test_tables_are_where_study_toml_says(tmp_path: Path):
    workbook(tmp_path / "a.xlsx", One=[["id"], ["P1"]], Two=[["patient_id", "course"], ["P1", 1]])
    (tmp_path / "x.txt").write_text("patient_id\tlesion_id\nP1\tL1\n")
    end = '[tables]\npatients = "a.xlsx#One"\nrai_courses = "a.xlsx#Two"\nlesions = "x.txt"\n'
    raw = reading(tmp_path, end=end)
    assert {name: table.sheet for name, table in raw.tables.items()} == {
        "patients": "One",
        "rai_courses": "Two",
        "lesions": "",
    }


def test_the_workbook_is_the_one_study_toml_names(tmp_path: Path):
    workbook(tmp_path / "old.xlsx", patients=[["id"], ["P1"]])
    workbook(tmp_path / "new.xlsx", patients=[["id"], ["P2"]])
    with pytest.raises(ReadError, match="must be one workbook"):
        reading(tmp_path)
    raw = reading(tmp_path, top='workbook = "new.xlsx"\n')
    assert raw.tables["patients"].rows == (("P2",),)


def test_lock_files_and_marked_copies_are_not_records(tmp_path: Path):
    workbook(tmp_path / "a.xlsx", patients=[["id"], ["P1"]])
    workbook(tmp_path / "b.xlsx", findings=[["severity"]], patients=[["id"], ["P1"]])
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    assert reading(tmp_path).tables["patients"].file == "a.xlsx"


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ('[tables]\npatients = "none.csv"\n', "must be a file none.csv"),
        ('[tables]\npatients = "a.xlsx#None"\n', "must have a sheet 'None'; it has 'One', 'Two'"),
        ('[tables]\npatients = "a.xlsx"\n', "must have one sheet for patients"),
        ('[tables]\nrai_courses = "a.xlsx#One"\n', "must hold a table of patients"),
    ],
)
def test_a_place_that_is_not_there_is_said(tmp_path: Path, end: str, sentence: str):
    workbook(tmp_path / "a.xlsx", One=[["id"], ["P1"]], Two=[["id"], ["P1"]])
    with pytest.raises(ReadError, match=sentence):
        reading(tmp_path, end=end)


def test_an_unknown_table_in_study_toml_is_said(tmp_path: Path):
    with pytest.raises(StudyFileError, match="must name tables of the dictionary"):
        reading(tmp_path, end='[tables]\npatient = "a.csv"\n')


def test_a_folder_without_a_table_is_said(tmp_path: Path):
    with pytest.raises(ReadError, match="must hold a table of patients"):
        reading(tmp_path)


def test_a_table_in_two_places_is_said(tmp_path: Path):
    (tmp_path / "patients.csv").write_text(PATIENTS)
    workbook(tmp_path / "a.xlsx", patients=[["id"], ["P1"]])
    with pytest.raises(ReadError, match="must be one place for the table patients"):
        reading(tmp_path)


def zipped(content: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in content.items():
            file.writestr(name, part)
    return buffer.getvalue()


def sound(folder: Path) -> bytes:
    path = workbook(folder / "sound.xlsx", patients=[["patient_id", "age"], ["P1", 45]])
    raw = path.read_bytes()
    path.unlink()
    return raw


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("patients.csv", b"", "it is empty"),
        ("patients.csv", b"\xef\xbb\xbf \r\n\r\n", "it is empty"),
        ("a.xlsx", b"", "it is empty"),
        ("a.xlsx", b"patient_id,age\nP1,3\n", "plain text inside; .* rename it to .csv"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "a web page or XML"),
        ("a.xlsx", b"abc\0\0\0def" * 30, "something else inside, or cut short"),
        ("a.xlsx", LOCKED, "must not be locked with a password"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "damaged"),
        ("a.xlsx", zipped({"a.txt": b"not a workbook"}), "damaged"),
        ("a.ods", zipped({"mimetype": b"application/vnd.oasis"}), "damaged"),
    ],
)
def test_a_file_that_is_no_table_is_said(tmp_path: Path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=sentence):
        reading(tmp_path)


def test_a_workbook_called_csv_is_said(tmp_path: Path):
    (tmp_path / "patients.csv").write_bytes(sound(tmp_path))
    with pytest.raises(ReadError, match=r"a workbook inside. Rename it to .xlsx"):
        reading(tmp_path)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_workbook_cut_short_is_said(tmp_path: Path, share: float):
    raw = sound(tmp_path)
    (tmp_path / "a.xlsx").write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(ReadError):
        reading(tmp_path)


def test_a_workbook_with_a_damaged_byte_is_read_or_said(tmp_path: Path):
    raw = sound(tmp_path)
    for place in range(0, len(raw), 97):
        bent = bytearray(raw)
        bent[place] ^= 0x55
        (tmp_path / "a.xlsx").write_bytes(bytes(bent))
        with contextlib.suppress(AvidityError):
            reading(tmp_path)


def test_a_workbook_that_unpacks_beyond_measure_is_said(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("avidity.steps.read_xlsx.MOST_BYTES", 100_000)
    bomb = zipped({"xl/workbook.xml": b"<workbook/>" + b" " * 200_000})
    (tmp_path / "a.xlsx").write_bytes(bomb)
    with pytest.raises(ReadError, match="must unpack to less than"):
        reading(tmp_path)


def test_a_stray_cell_far_out_is_said_before_room_is_made_for_it(tmp_path: Path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("patients")
    sheet.write(0, 0, "patient_id")
    sheet.write(1, 0, "P1")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(ReadError, match="reach to column 16,384 and row 1,048,576"):
        reading(tmp_path)


def test_a_file_beyond_measure_is_said(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("avidity.steps.read.LARGEST", 10)
    (tmp_path / "patients.csv").write_text(PATIENTS)
    with pytest.raises(ReadError, match="must be smaller than 10 bytes"):
        reading(tmp_path)


def test_the_hash_of_all_files_changes_with_any_of_them(tmp_path: Path):
    (tmp_path / "patients.csv").write_text(PATIENTS)
    (tmp_path / "lesions.csv").write_text("patient_id,lesion_id\nP1,L1\n")
    first = reading(tmp_path).sha256
    assert reading(tmp_path).sha256 == first
    (tmp_path / "lesions.csv").write_text("patient_id,lesion_id\nP1,L2\n")
    assert reading(tmp_path).sha256 != first


def test_the_calendar_of_1904_is_known(tmp_path: Path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True})
    book.add_worksheet("patients").write_row(0, 0, ["patient_id", "birth_date"])
    book.close()
    assert reading(tmp_path).tables["patients"].epoch_1904


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="{name}">{rows}
</table:table></office:spreadsheet></office:body></office:document-content>"""
MANIFEST = b"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def ods(path: Path, cells: list[list[str]], name: str = "patients", repeated: int = 1) -> None:
    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{repeated}">'
        + "".join(
            f'<table:table-cell office:value-type="date" office:date-value="{cell}"/>'
            if cell[:2] == "20"
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in cells
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", ODS.format(name=name, rows=rows))
        file.writestr("META-INF/manifest.xml", MANIFEST)


@pytest.mark.parametrize("name", ["patients", "date", "Cohorte"])
def test_an_open_document_is_read_like_any_other(tmp_path: Path, name: str):
    ods(tmp_path / "a.ods", [["patient_id", "birth_date"], ["P1", "2001-02-03"]], name)
    table = reading(tmp_path).tables["patients"]
    assert table.rows == (("P1", dt.date(2001, 2, 3)),)


def test_a_damaged_workbook_of_an_older_kind_is_one_sentence(tmp_path: Path, capfd):
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xfe\xff" * 2000)
    with pytest.raises(ReadError, match="damaged, cut short, or its cells are too far apart"):
        reading(tmp_path)
    assert capfd.readouterr().err == ""
