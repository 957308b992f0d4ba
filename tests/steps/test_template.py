"""What avidity init writes: valid as it is, complete, and refused over anything that exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from openpyxl import load_workbook

from avidity.dictionary.fields import dictionary
from avidity.errors import WriteError
from avidity.steps.check import check
from avidity.steps.read import LISTS, READ_ME, read
from avidity.steps.template import WORKBOOK, header, init, note, study_text
from avidity.study import Study, read_study


@pytest.fixture
def made(tmp_path: Path) -> Path:
    init(tmp_path / "my-study")
    return tmp_path / "my-study"


def test_the_files_written_are_named(tmp_path: Path):
    written = init(tmp_path / "a" / "b")
    assert [path.name for path in written] == ["study.toml", WORKBOOK]
    assert all(path.is_file() for path in written)


def test_the_study_file_is_valid_as_it_is(made: Path):
    study = read_study(made)
    assert study.outcome.definition == "ata-2015"
    assert study.workbook == WORKBOOK
    assert [rule.field for rule in study.eligibility] == ["received_rai", "follow_up_complete"]


def test_every_field_the_study_file_asks_for_is_in_the_workbook(made: Path):
    study = read_study(made)
    asked = {rule.field for rule in study.eligibility} | set(study.cutoffs.fields)
    asked |= set(study.model.terms)
    assert asked <= set(dictionary().tables["patients"].fields)


def test_the_study_file_explains_every_section():
    text = study_text()
    for name, field in Study.model_fields.items():
        word = field.alias or name
        if word not in ("folder", "sha256"):
            assert f"[{word}]" in text or f"[[{word}]]" in text or f"{word} =" in text or (
                f"[{word}." in text
            ), word  # fmt: skip


def test_the_examples_in_the_study_file_are_valid_when_the_signs_are_taken_off():
    lines, taken = [], []
    for line in study_text().splitlines():
        bare = line.removeprefix("# ")
        is_code = line.startswith("# ") and re.match(r"\[|[a-z_0-9]+ = ", bare) is not None
        (taken if is_code else lines).append(bare if is_code else line)
    blocks: list[list[str]] = []
    for line in taken:
        if line.startswith("[") or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    assert len(blocks) > 8
    for block in blocks:
        if block[0].startswith("["):
            assert tomllib.loads("\n".join(block))


def test_an_empty_template_is_read_and_its_emptiness_said(made: Path):
    study = read_study(made)
    cohort = check(read(study), study)
    errors = [finding for finding in cohort.findings if finding.severity == "error"]
    assert [finding.rule for finding in errors] == ["no patients"]
    assert {finding.rule for finding in cohort.findings} == {"no patients", "empty table"}


def test_every_header_is_understood_with_its_unit(made: Path):
    book = load_workbook(made / WORKBOOK)
    for name, table in dictionary().tables.items():
        headers = [cell.value for cell in book[name][1]]
        assert headers == [header(f) for f in table.fields.values() if f.name != "tg_censored"]
    assert "activity (MBq)" in [cell.value for cell in book["rai_courses"][1]]


def test_a_filled_template_is_read_without_an_error(made: Path):
    book = load_workbook(made / WORKBOOK)
    filled = {
        "patients": {"patient_id": "P1", "sex": "femme", "age_at_diagnosis (years)": 45},
        "rai_courses": {"patient_id": "P1", "course": 1, "activity (MBq)": 3700},
        "labs": {"patient_id": "P1", "tg (ng/mL)": "<0.1"},
    }
    for name, cells in filled.items():
        headers = [cell.value for cell in book[name][1]]
        for column, content in cells.items():
            book[name].cell(2, headers.index(column) + 1, content)
    book.save(made / WORKBOOK)
    study = read_study(made)
    cohort = check(read(study), study)
    assert cohort.n_errors == 0
    assert cohort.patients["sex"].to_list() == ["female"]
    assert cohort.tables["labs"]["tg_censored"].to_list() == ["<"]


def test_the_workbook_has_drop_downs_notes_and_a_first_sheet_to_read(made: Path):
    book = load_workbook(made / WORKBOOK)
    assert book.sheetnames == [READ_ME, *dictionary().tables, LISTS]
    assert book[LISTS].sheet_state == "hidden"
    for name, table in dictionary().tables.items():
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert all(cell.comment for cell in sheet[1])
        listed = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
        wanted = [f for f in table.fields.values() if f.type in ("category", "yes/no")]
        assert len(listed) == len([f for f in wanted if f.name != "tg_censored"])
        for validation in listed:
            area = validation.formula1.replace(f"'{LISTS}'!", "").replace("$", "")
            values = [cell.value for row in book[LISTS][area] for cell in row]
            assert values
            assert None not in values
    text = " ".join(str(c.value) for row in book[READ_ME].iter_rows() for c in row if c.value)
    assert "empty cell means 'not known'; it never means 'no'" in text


def test_a_note_says_what_is_meant_allowed_and_usual():
    rai = dictionary().tables["rai_courses"].fields
    words = note(rai["activity"])
    assert "1 mCi is 37 MBq" in words
    assert "above 0 and at most 40,000 MBq" in words
    assert "Usually from 1,000 to 11,100 MBq" in words
    assert "withdrawal, rhTSH" in note(rai["preparation"])
    assert "yes or no" in note(rai["low_iodine_diet"])


def test_the_same_bytes_are_written_each_time(tmp_path: Path):
    init(tmp_path / "a")
    init(tmp_path / "b")
    for name in ("study.toml", WORKBOOK):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path):
    (tmp_path / "keep.txt").write_text("mine")
    with pytest.raises(WriteError, match="needs a new or an empty folder"):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["keep.txt"]
    with pytest.raises(WriteError, match="needs a new or an empty folder"):
        init(tmp_path / "keep.txt")


def test_an_empty_folder_is_filled(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    assert len(init(tmp_path / "empty")) == 2


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be written"):
        init(tmp_path / "file" / "below")
