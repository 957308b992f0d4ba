"""Text that means harm in every place somebody may type it, through everything that is exported.

Every workbook is opened again and no cell of it may be a formula that is not ours; every text table
is read again and no cell of it may begin as one.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
import xlsxwriter
from click.testing import CliRunner
from openpyxl import load_workbook

from avidity.cli.main import main
from avidity.report.risk_export import export
from avidity.report.twins import write_twins
from avidity.riskmodel.file import from_json, to_json
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.vectors import with_vectors
from avidity.steps.inert import SIGNS, inert, plain
from avidity.steps.overrides import Override, overrides_text, parse_overrides
from made_models import EVERY_KIND
from made_uploads import EXAMPLE

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "|calc",
    "\t=1",
    "＝1+1",  # the wide form
    " =1",
)
RUN = CliRunner()


def formulas_of(content):
    """Every cell of a workbook that a spreadsheet would compute, follow or fetch."""
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert [] == links
    assert [] == [name for name in names if "externalLink" in name or "connection" in name]
    assert [] == list(book.defined_names)
    return [cell.value for cell in cells if cell.data_type == "f"], cells


def is_inert(text):
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        for cell in row:
            begins = cell.lstrip().startswith(tuple(SIGNS)) or cell.startswith(tuple(SIGNS))
            number = re.fullmatch(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?", cell)
            assert not begins or number, cell
    return True


def ran(*words, code=0):
    told = RUN.invoke(main, [str(word) for word in words])
    assert code == told.exit_code, told.output
    return told


@pytest.mark.parametrize("cell", [*HOSTILE, "\r=1", "\n=1", "%x", "@", "="])
def test_a_cell_that_would_run_is_made_text_and_read_back_as_it_was(cell):
    assert f"'{cell}" == inert(cell)
    assert cell == plain(inert(cell))


@pytest.mark.parametrize("cell", ["-0.5", "+3", "1e-5", "-1,25", "a=b", "", "'tis", "–5"])
def test_what_is_no_formula_stays(cell):
    assert cell == inert(cell)
    assert cell == plain(cell)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study with a hostile title, labels, levels, headers, ids, reasons and names."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    folder.mkdir()
    quoted = [json.dumps(one, ensure_ascii=False) for one in HOSTILE]
    levels = ["=1+1", "@x"]
    text = f"""[study]
title = {quoted[4]}
[outcome]
column = "rair"
yes = "yes"
no = "no"
overrides = "overrides.csv"
[table1]
variables = ["age_at_diagnosis", "own", "high"]
[model]
terms = ["age_at_diagnosis", "high"]
univariable = ["age_at_diagnosis", "high"]
[cutoffs]
fields = ["age_at_diagnosis"]
[report]
formats = ["xlsx", "json", "html"]
[columns.patients]
"=2+3" = {{ field = "own" }}
[[variable]]
name = "high"
label = {quoted[0]}
from = "age_at_diagnosis"
at_least = 55
"""
    ids = [f"=P{i}" if i % 2 else f"@P{i}" for i in range(60)]
    rows = ["patient_id,rair,age_at_diagnosis,=2+3,=unknown"]
    rows += [
        f"{one},{'yes' if (i * 7) % 5 < 2 else 'no'},{30 + (i * 13) % 50},{levels[i % 2]},=x{i}"
        for i, one in enumerate(ids)
    ]
    given = [
        Override(ids[3], True, "=1+1 seen by the board", "=Dr", "2024-05-31"),
        Override(ids[4], True, "@SUM(A1) said the board", "+Dr", "2024-05-31"),
    ]
    (folder / "study.toml").write_text(text, "utf-8")
    (folder / "patients.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "overrides.csv").write_text(overrides_text(given), "utf-8")
    return folder


def test_the_overrides_file_is_inert_and_read_back(study):
    text = (study / "overrides.csv").read_text("utf-8")
    ids = frozenset(f"=P{i}" if i % 2 else f"@P{i}" for i in range(60))
    found = parse_overrides(text.encode(), "overrides.csv", ids)

    assert is_inert(text)
    assert ["=P3", "@P4"] == [one.patient_id for one in found]
    assert ["=1+1 seen by the board", "=Dr"] == [found[0].reason, found[0].who]


def test_the_tables_of_the_report_hold_no_formula(study, tmp_path):
    ran("study", study, "--out", tmp_path / "report", "--quick")
    found, cells = formulas_of((tmp_path / "report" / "tables.xlsx").read_bytes())

    assert [] == found
    assert any("=1+1" in str(cell.value) for cell in cells)
    html = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert 'href="http://evil' not in html


def test_the_list_of_labels_holds_no_formula(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    for file in EXAMPLE.iterdir():
        if file.suffix in (".toml", ".csv"):
            text = file.read_text("utf-8").replace("TWIN-", "=TWIN-")
            (folder / file.name).write_text(text, "utf-8")
    ran("label", folder, "--out", tmp_path / "labels.csv")
    text = (tmp_path / "labels.csv").read_text("utf-8-sig")

    assert is_inert(text)
    assert "\n'=TWIN-001," in text


def test_a_marked_copy_keeps_text_as_text(tmp_path):
    """A workbook whose cells are text that looks like formulas, as a form would save it."""
    folder = tmp_path / "study"
    folder.mkdir()
    book = xlsxwriter.Workbook(folder / "records.xlsx", {"strings_to_formulas": False})
    sheet = book.add_worksheet("patients")
    rows = [("patient_id", "rair", "age_at_diagnosis", "=2+3")]
    rows += [(f"{text}{i}", "perhaps", text, text) for i, text in enumerate(HOSTILE)]
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
    book.close()
    head = '[study]\ntitle = "x"\n'
    outcome = '[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'
    (folder / "study.toml").write_text(head + outcome)
    RUN.invoke(main, ["check", str(folder), "--mark", str(tmp_path / "marked.xlsx")])
    found, cells = formulas_of((tmp_path / "marked.xlsx").read_bytes())

    assert [] == found
    assert any(cell.value == "=1+1" for cell in cells)


def hostile_model():
    made = json.loads(json.dumps(EVERY_KIND))
    made["title"] = '=HYPERLINK("http://evil.example")</script><script>x()</script>'
    made["outcome"]["words"] = "*/ HOST COMMAND=['calc']. /* `=1' $S_ADO\nshell calc"
    made["provenance"]["citation"] = "@SUM(A1)\nsystem('calc')"
    made["inputs"][0]["label"] = "+cmd|' /C calc'!A0"
    made["inputs"][0]["unit"] = "=1"
    levels = ["PTC", '"),1)+cmd("', "`\"'$x"]
    made["inputs"][4]["levels"] = levels
    made["terms"][4]["levels"] = levels[1:]
    made["equation"]["columns"][7:] = [f"histology={level}" for level in levels[1:]]
    return with_vectors(RiskModel.model_validate(made))


OURS = re.compile(r"=(IF|1/\(1\+EXP|SUM|SQRT|MAX|AND|B\d|[$\w.(])")


def test_a_models_workbook_computes_ours_and_nothing_of_theirs(tmp_path):
    export(hostile_model(), "xlsx", tmp_path / "m.xlsx")
    found, cells = formulas_of((tmp_path / "m.xlsx").read_bytes())
    texts = [str(cell.value) for cell in cells if cell.data_type == "s"]

    assert len(found) > 10
    for formula in found:
        bare = re.sub(r'"(?:[^"]|"")*"', '""', formula)  # what stands in quotes is text
        assert not re.search(r"(?i)cmd|hyperlink|calc|http|\|", bare), formula
        assert bare.startswith("=")
    assert any("HYPERLINK" in text for text in texts)


def test_a_models_page_runs_ours_and_nothing_of_theirs(tmp_path):
    export(hostile_model(), "html", tmp_path / "m.html")
    text = (tmp_path / "m.html").read_text("utf-8")

    assert "<script>x()" not in text
    assert 2 == text.count("</script>")


@pytest.mark.parametrize(("kind", "ending"), [("r", "R"), ("spss", "sps"), ("stata", "do")])
def test_a_models_syntax_runs_ours_and_nothing_of_theirs(tmp_path, kind, ending):
    export(hostile_model(), kind, tmp_path / f"m.{ending}")
    lines = (tmp_path / f"m.{ending}").read_text("utf-8").splitlines()

    assert not any(re.match(r"\s*(shell|system|HOST)\b", line) for line in lines)
    if kind == "spss":
        assert all(1 == line.count("*/") == line.count("/*") for line in lines if "/*" in line)
    if kind == "stata":
        outside = [line for line in lines if not re.match(r"\* ", line)]
        assert not any(re.search(r"\$|`[^\w]", line) for line in outside)
        assert not any("`" in line or "$" in line for line in lines if line.startswith("* "))


def test_a_level_of_two_lines_is_refused():
    made = json.loads(to_json(hostile_model()))
    made["inputs"][4]["levels"][1] = "x\nHOST COMMAND=['calc']."

    with pytest.raises(Exception, match="a level is one line of text"):
        from_json(json.dumps(made).encode(), "m.json")


def test_the_audit_and_the_pooling_hold_no_formula(tmp_path):
    paper = (EXAMPLE.parent / "papers" / "invented-a" / "paper.toml").read_text("utf-8")
    title = re.search(r'^title = ".*"$', paper, flags=re.MULTILINE)[0]
    paper = paper.replace(title, "title = '=HYPERLINK(\"http://evil.example\")'", 1)
    (tmp_path / "paper.toml").write_text(paper, "utf-8")
    ran("paper", "audit", tmp_path / "paper.toml", "--out", tmp_path / "audit")
    books = list((tmp_path / "audit").rglob("*.xlsx"))

    assert books
    for book in books:
        assert [] == formulas_of(book.read_bytes())[0]


def test_twins_hold_no_formula(tmp_path):
    from avidity.papers.paper_file import read_paper
    from avidity.papers.twin import twins

    paper = (EXAMPLE.parent / "papers" / "invented-a" / "paper.toml").read_text("utf-8")
    paper = paper.replace('where = "', 'where = "=')
    (tmp_path / "paper.toml").write_text(paper, "utf-8")
    read = read_paper(tmp_path / "paper.toml")
    written = write_twins(read, list(twins(read, 1, 7)), 7, tmp_path / "twins")
    tables = [path.read_text("utf-8") for path in written if path.suffix == ".csv"]

    assert 3 == len(tables)
    assert all(map(is_inert, tables))
    assert any("'=Table 1" in text for text in tables)


def test_the_template_holds_no_formula(tmp_path):
    ran("init", tmp_path / "new")
    books = list((tmp_path / "new").glob("*.xlsx"))

    assert books
    assert [] == formulas_of(books[0].read_bytes())[0]
