"""The workbook of a risk model: its formulas computed by LibreOffice, where there is one."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest

from avidity.errors import RiskModelError
from avidity.papers.library import find
from avidity.report.risk_workbook import risk_workbook
from made_models import answer, every_kind

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>"""
SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
PATIENT = {"age": 61.0, "size": 30.0, "activity": 3700.0, "spread": False, "histology": "OCA"}
SEED = {"age": 61.0, "diameter": 35.0, "metastasis": True}


def blind(data):
    """The same workbook with 7 in place of every remembered result."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>7</v>", part)
            made.writestr(name, part)
    return out.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Computes a workbook: sheet name to rows of texts."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")

    def compute(data):
        (folder / "book.xlsx").write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        words = [OFFICE, profile, "--headless", "--convert-to", SHEETS, "--outdir", folder]
        subprocess.run([*words, folder / "book.xlsx"], check=True, capture_output=True, timeout=120)
        found = {}
        for path in folder.glob("book-*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                found[path.stem.removeprefix("book-")] = list(csv.reader(file))
            path.unlink()
        return found

    return compute


def figures(sheet, label):
    return [float(row[1]) if row[1] else None for row in sheet if row[0].strip().startswith(label)]


@needs_office
@pytest.mark.parametrize(
    ("model", "patient"),
    [(every_kind(), PATIENT), (find("bellakhdar-2024"), SEED)],
    ids=["every kind", "seed"],
)
def test_live_formulas_give_the_model_s_own_answers(office, model, patient):
    found = office(blind(risk_workbook(model, patient)))

    risk = found["Risk"]
    ours = [*figures(risk, "Risk: "), *figures(risk, "95% interval")]
    assert pytest.approx(answer(model, patient)[1:], rel=1e-12) == ours
    head = next(at for at, row in enumerate(found["Check"]) if "Agrees" in row)
    agrees = [row[-1] for row in found["Check"][head + 1 :] if row[0]]
    assert ["1"] * len(model.vectors) == agrees


@needs_office
def test_an_empty_workbook_says_nothing_but_what_to_fill(office):
    found = office(blind(risk_workbook(find("bellakhdar-2024"))))["Risk"]

    assert [None] == figures(found, "Risk: ")
    assert any(row[0].startswith("Fill in every line") for row in found)


@needs_office
def test_outside_the_range_the_formula_does_not_answer(office):
    data = risk_workbook(every_kind(), PATIENT)
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["Risk"]["B5"] = 85
    out = io.BytesIO()
    book.save(out)

    assert [None] == figures(office(out.getvalue())["Risk"], "Risk: ")


@needs_office
def test_a_declared_prevalence_moves_the_risk_by_formula(office):
    book = openpyxl.load_workbook(io.BytesIO(risk_workbook(find("bellakhdar-2024"), SEED)))
    book["Risk"]["B8"] = 0.1
    out = io.BytesIO()
    book.save(out)

    found = figures(office(out.getvalue())["Risk"], "Risk where")

    assert pytest.approx([0.9000456127], rel=1e-9) == found


def test_what_a_program_shows_without_computing_is_right_too():
    model = every_kind()
    book = openpyxl.load_workbook(io.BytesIO(risk_workbook(model, PATIENT)), data_only=True)
    shown = {row[0].value: row[1].value for row in book["Risk"].iter_rows() if row[0].value}

    assert pytest.approx(answer(model, PATIENT)[1]) == shown["Risk: radioiodine-refractory"]
    assert {1} == {row[-1].value for row in book["Check"].iter_rows(min_row=4)}


def test_answers_are_chosen_from_a_list_and_numbers_within_the_range():
    book = openpyxl.load_workbook(io.BytesIO(risk_workbook(every_kind())))
    rules = {str(rule.sqref): rule for rule in book["Risk"].data_validations.dataValidation}

    assert (20, 80) == (float(rules["B5"].formula1), float(rules["B5"].formula2))
    assert '"yes,no"' == rules["B8"].formula1
    assert '"PTC,FTC,OCA"' == rules["B9"].formula1
    assert not book["Risk"]["B5"].protection.locked
    assert book["Risk"]["B12"].protection.locked


def test_same_model_same_workbook():
    assert risk_workbook(every_kind()) == risk_workbook(every_kind())


def test_a_partial_model_has_no_workbook():
    with pytest.raises(RiskModelError, match="is partial"):
        risk_workbook(find("li-2018"))
