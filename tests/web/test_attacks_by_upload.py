"""Files that mean harm, sent for real: each is refused or read, and the workbench goes on."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import subprocess
import sys
import time
import zipfile

import pytest

from avidity.riskmodel.file import to_json
from avidity.web import jobs
from avidity.web.folders import make_private
from made_models import every_kind
from made_uploads import ROWS, STUDY, small_study, zipped

SLOW = 10.0  # seconds that no small file may cost
HEAD = "patient_id,rair,age_at_diagnosis"


def deep(left, right, times=60_000):
    return left * times + right * times


STUDY_FILES = {
    "arrays in arrays": f"{STUDY}[x]\ny = {deep('[', ']')}\n",
    "tables in tables": f"{STUDY}x = {deep('{a = ', '}', 20_000)}\n",
    "a long dotted key": f"{STUDY}{'a.' * 30_000}a = 1\n",
    "a long dotted table": f"{STUDY}[{'a.' * 30_000}a]\n",
    "a huge integer": f"{STUDY}[model]\nresamples = {'9' * 20_000}\n",
    "infinite": f"{STUDY}[sound]\nresamples = inf\n",
    "a prototype": f'{STUDY}["__proto__"]\nx = 1\n',
    "many tables": STUDY + "".join(f"[t{i}]\n" for i in range(8_000)),
    "a NUL byte": STUDY + "\0",
    "no UTF-8": STUDY.encode() + b"\xff\xfe",
    "a path that leads out": f'{STUDY}[tables]\npatients = "../../../../../../etc/passwd"\n',
    "an absolute path": f'{STUDY}[tables]\npatients = "/etc/passwd"\n',
    "a device": f'{STUDY}[tables]\npatients = "/dev/zero"\n',
    "answers elsewhere": STUDY + 'overrides = "../../../../../../../etc/passwd"\n',
}


def opened(visitor, content, name="s.zip"):
    """What is told of an upload: its status, and every page of the study it became."""
    begun = time.monotonic()
    answer = visitor.send_form("/studies", files={"files": (name, content)})
    told = answer.text
    assert answer.status_code in (200, 422), told
    if answer.status_code == 200:
        path = answer.url.path.rpartition("/")[0]
        for page in ("data", "problems", "refractory", "plan", "run"):
            found = visitor.get(f"{path}/{page}")
            assert found.status_code in (200, 422), f"{page}: {found.text}"
            told += found.text
    assert time.monotonic() - begun < SLOW
    assert 200 == visitor.get("/").status_code
    return told


@pytest.mark.parametrize("study", STUDY_FILES.values(), ids=STUDY_FILES)
def test_a_hostile_study_file_is_told_and_nothing_else_is_read(visitor, study):
    content = study if isinstance(study, bytes) else study.encode()
    told = opened(visitor, zipped({"study.toml": content, "patients.csv": "\n".join(ROWS)}))

    assert "root:" not in told
    assert "Traceback" not in told


TABLES = {
    "a prototype": [f"{HEAD},__proto__,constructor", *[f"P{i},yes,5{i},1,2" for i in range(8)]],
    "a NUL byte": [HEAD, *[f"P{i}\0,yes,40" for i in range(600)]],
    "one cell without end": [HEAD, f"P1,yes,{'9' * 100_000}"],
    "numbers without end": [HEAD, *[f"P{i},yes,{'1' * 5000}" for i in range(20)]],
    "signs that make patterns slow": [
        HEAD,
        *[f"P{i},no,{sign * 30_000}!" for i, sign in enumerate("0 .-:/,<a")],
    ],
    "an exponent": [HEAD, *[f"P{i},no,1e999999999" for i in range(5)]],
    "a column for each name": [",".join(["patient_id", *(f"c{i}" for i in range(300))]), "P1"],
    "the same name in two forms": [f"{HEAD},é,e\u0301", "P1,yes,40,1,2"],
    "a name that turns around": [f"{HEAD},\u202eega", "P1,yes,40,1"],
    "a title of markup": [f"{HEAD},<svg onload=x()>", "P1,yes,40,1"],
    "the same id": [HEAD, *["P1,yes,40"] * 3000],
    "braces and percents": [f"{HEAD},{{0.__class__}},%s%n", "{x},yes,%d,1,1"],
    "mathematics": [
        f"{HEAD},$\\frac{{1}}{{",
        *[f"P{i},{'yes' if i % 2 else 'no'},4{i},1" for i in range(9)],
    ],
}


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_a_hostile_table_is_read_or_told(visitor, rows):
    told = opened(visitor, small_study(rows))

    assert "<svg onload" not in told


def sheet_book(sheet, **more):
    """The smallest workbook there is, around the XML of one sheet."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    places = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            "</Types>",
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r"'
            f' Type="{places}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{places}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{places}"><sheets>'
            '<sheet name="patients" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": sheet.replace("MAIN", main),
            **more,
        }
    )


def cell(place, text="x", row=None):
    row = row or "".join(sign for sign in place if sign.isdigit())
    kept = f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<row r="{row}">{kept}</row>'


SHEETS = {
    "a thousand million rows, declared": '<worksheet xmlns="MAIN">'
    f'<dimension ref="A1:XFD1000000000"/><sheetData>{cell("A1", "patient_id")}</sheetData>'
    "</worksheet>",
    "a cell far out": f'<worksheet xmlns="MAIN"><sheetData>{cell("A1")}{cell("XFD1048576")}'
    "</sheetData></worksheet>",
    "a cell far out, written another way": '<worksheet xmlns="MAIN"><sheetData>'
    f"{cell('A1')}<row r='1048576'><c t='inlineStr' r='XFD1048576'><is><t>x</t></is></c></row>"
    "</sheetData></worksheet>",
    "rows out of order": f'<worksheet xmlns="MAIN"><sheetData>{cell("XFD1048576")}{cell("A1")}'
    "</sheetData></worksheet>",
    "a number without cells": '<worksheet xmlns="MAIN"><sheetData>'
    f"{cell('A1')}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>",
    "a row beyond the format": f'<worksheet xmlns="MAIN"><sheetData>{cell("A1")}'
    f"{cell('A4294967295')}</sheetData></worksheet>",
    "a merged whole sheet": f'<worksheet xmlns="MAIN"><sheetData>{cell("A1")}</sheetData>'
    '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
    "cut short": f'<worksheet xmlns="MAIN"><sheetData>{cell("A1")}',
    "an entity": f'<worksheet xmlns="MAIN"><sheetData>{cell("A1", "&xxe;")}</sheetData>'
    "</worksheet>",
    "deep": f'<worksheet xmlns="MAIN">{deep("<a>", "</a>", 30_000)}</worksheet>',
}


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_a_hostile_sheet_is_read_or_told_in_little_room(tmp_path, sheet):
    """In a process of its own with 2.5 GB, so that what takes too much ends that one."""
    (tmp_path / "book.xlsx").write_bytes(sheet_book(sheet))
    asked = (
        "import resource, sys, pathlib\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2_500_000_000,) * 2)\n"
        "from avidity.errors import AvidityError\n"
        "from avidity.web.uploads import Dropped, study_files\n"
        "from avidity.web.cohorts import look_at\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "try:\n"
        "    files = study_files([Dropped('b.xlsx', (folder / 'book.xlsx').read_bytes())], 'x')\n"
        "except AvidityError as error:\n"
        "    sys.exit(f'told: {error}')\n"
        "for name, content in files.items():\n"
        "    (folder / name).write_bytes(content)\n"
        "looked = look_at(folder)\n"
        "sys.exit(f'told: {looked.trouble or len(looked.raw.tables)}')\n"
    )
    words = [sys.executable, "-c", asked, str(tmp_path)]
    made = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    assert made.stderr.startswith("told: "), made.stderr[-2000:]


def test_a_spreadsheet_that_repeats_a_cell_without_end_is_told(visitor):
    """OpenDocument: one cell, said to stand in every row and column."""
    table = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="patients">'
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    book = zipped({"mimetype": kind, "content.xml": table, "META-INF/manifest.xml": "<x/>"})

    assert "trouble" in opened(visitor, book, "b.ods")


@pytest.mark.parametrize("cut", [600, 2000, 5000])
def test_an_old_workbook_in_pieces_is_told(visitor, cut):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40
    told = opened(visitor, ole[:cut] + struct.pack("<I", 0xFFFFFFF0) * 200, "b.xls")

    assert "trouble" in told


@pytest.mark.parametrize("coding", ["utf-7", "utf-32", "cp037", "utf-16"])
def test_entities_in_any_letters_come_to_nothing(visitor, coding):
    laughs = (
        f'<?xml version="1.0" encoding="{coding}"?><!DOCTYPE l [<!ENTITY xxe SYSTEM'
        ' "file:///etc/passwd">]><worksheet xmlns="MAIN"><sheetData>'
        f"{cell('A1', '&xxe;')}</sheetData></worksheet>"
    )
    book = sheet_book("", **{"xl/worksheets/sheet1.xml": laughs.encode(coding)})

    assert "root:" not in opened(visitor, book, "b.xlsx")


def test_a_part_that_is_not_called_xml_may_declare_nothing_either(visitor):
    laughs = '<!DOCTYPE l [<!ENTITY a "ha">]><worksheet/>'
    book = sheet_book("", **{"xl/worksheets/sheet1.dat": laughs})

    assert "declares entities" in opened(visitor, book, "b.xlsx")


@pytest.mark.parametrize(
    "name",
    ["COM¹.csv", "lpt².csv", "con .csv", "NUL.tar.csv", "aux", "x:y.csv", "x\u2215y/..\u2215z.csv"],
)
def test_a_device_of_another_system_is_no_name(visitor, name):
    told = opened(
        visitor, zipped({"study.toml": STUDY, "patients.csv": "\n".join(ROWS), name: "x"})
    )

    assert "plain file names" in told or "1 file" in told or name == "aux"


def hostile_models():
    whole = json.loads(to_json(every_kind()))
    yield "deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "huge", json.dumps({**whole, "n": 1}).replace('"n": 1', f'"n": {"9" * 5000}').encode()
    yield (
        "not a number",
        json.dumps({**whole, "equation": {**whole["equation"], "factor": 1e999}}).encode(),
    )
    yield "a prototype", json.dumps({**whole, "__proto__": {"x": 1}}).encode()
    yield "a name of a path", json.dumps({**whole, "name": "../../x"}).encode()
    yield "a name of two lines", json.dumps({**whole, "name": "x\r\nset-cookie: a=b"}).encode()
    yield "twice", b'{"name": "x", "name": "y"}'
    yield "no UTF-8", b"\xff\xfe{"
    yield "markup", json.dumps({**whole, "title": "<svg onload=x()>"}).encode()


@pytest.mark.parametrize(("kind", "content"), [*hostile_models()])
def test_a_hostile_model_is_refused_or_shown_as_text(visitor, kind, content):
    begun = time.monotonic()
    answer = visitor.send_form("/calculator/models", files={"file": ("m.json", content)})

    assert answer.status_code == (200 if kind == "markup" else 422), answer.text
    assert "<svg onload" not in answer.text
    assert 200 == visitor.get("/calculator").status_code
    assert time.monotonic() - begun < SLOW


@pytest.mark.parametrize(
    "paper",
    [
        deep("[", "]").encode(),
        b"x = " + deep("[", "]").encode(),
        b"a." * 30_000 + b"a = 1",
        b"x = " + b"9" * 20_000,
        b"\xff",
        b'[paper]\ntitle = "<svg onload=x()>"\n',
    ],
    ids=["brackets", "arrays", "dots", "digits", "letters", "markup"],
)
def test_a_hostile_paper_is_kept_and_told(visitor, paper):
    begun = time.monotonic()
    answer = visitor.send_form("/papers", files={"file": ("paper.toml", paper)})

    assert answer.status_code in (200, 422)
    assert "<svg onload" not in answer.text
    assert 200 == visitor.get("/papers").status_code
    assert time.monotonic() - begun < SLOW


# What lies on the disk


def modes_of(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def test_everything_on_the_disk_is_the_owners_alone(tmp_path):
    """With the widest mask a system has: from the command line, the server and a run."""
    asked = (
        "import os, sys\nos.umask(0)\n"
        "from pathlib import Path\n"
        "from avidity.web.keeping import change\n"
        "from avidity.web.store.actions import note_action\n"
        "change(Path(sys.argv[1]) / 'data', '', lambda c: note_action(c, 'x', 'looked'))\n"
        "apart = f'sqlite:///{sys.argv[1]}/apart.sqlite'\n"
        "here = Path(sys.argv[1])\n"
        "mode = lambda f: f'{f.name} {f.stat().st_mode & 0o777:o}'\n"
        "told = lambda c: print(', '.join(map(mode, here.iterdir())))\n"
        "change(None, apart, told)\n"
    )
    (tmp_path / "home").mkdir()
    seen = subprocess.run(
        [sys.executable, "-c", asked, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "home")},
    )
    found = modes_of(tmp_path)

    assert "apart.sqlite-wal 600" in seen.stdout
    assert "apart.sqlite-shm 600" in seen.stdout
    assert 0o700 == found["data"]
    assert {"avidity.sqlite": 0o600, "apart.sqlite": 0o600} == {
        name: mode for name, mode in found.items() if "sqlite" in name
    }


def test_a_data_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    """Somebody made it beforehand, where everybody may write."""
    import pathlib

    from avidity.errors import WorkbenchError

    def not_ours(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(pathlib.Path, "chmod", not_ours)
    with pytest.raises(WorkbenchError, match="must be a folder you may write to"):
        make_private(tmp_path)


# What a reader of shared results can learn


def test_shared_results_hold_no_row_and_no_patients_number(visitor, bench, tmp_path):
    rows = ["patient_id,rair,age_at_diagnosis,diameter (mm),remark"]
    rows += [
        f"SECRET-ID-{i:03d},{'yes' if (i * 7) % 5 < 2 else 'no'},{30 + (i * 13) % 50}.{i:03d}1,"
        f"{10 + (7 * i) % 31},secretword{i}"
        for i in range(60)
    ]
    more = (
        '[model]\nterms = ["age_at_diagnosis", "diameter"]\n'
        '[columns.patients]\n"remark" = { ignore = true }\n'
        '[report]\nformats = ["html", "docx", "xlsx", "json", "model"]\n'
    )
    path = visitor.new_study(small_study(rows, STUDY + more), title="Shared")
    visitor.send_form(f"{path}/run", page=f"{path}/run", quick="yes")
    for process in jobs.processes:
        process.wait(120)
    (written,) = (bench.data / path[1:] / "runs").glob("*/results.json")
    folder = written.parent
    looked_at = 0
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        content = file.read_bytes()
        parts = [content]
        if zipfile.is_zipfile(io.BytesIO(content)):
            archive = zipfile.ZipFile(io.BytesIO(content))
            parts = [archive.read(name) for name in archive.namelist()]
        for part in parts:
            looked_at += 1
            for secret in (b"SECRET-ID", b"secretword", b"43.0011"):
                assert secret not in part, file.name

    assert looked_at > 10
