"""`avidity paper audit`: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.papers.audit import audit
from avidity.papers.paper_file import read_paper
from avidity.report.document import Table, plain
from avidity.report.results_json import as_plain, lookup
from avidity.report.write_audit import build_audit

PAPERS = Path(__file__).resolve().parent.parent / "examples" / "papers"
SEED = PAPERS / "bellakhdar-2024"


def run(*words):
    asked = ["paper", "audit", *(str(word) for word in words)]
    return CliRunner().invoke(main, asked, catch_exceptions=False)


@pytest.fixture(scope="module")
def document():
    paper = read_paper(SEED)
    return build_audit(audit(paper), paper)


def test_findings_are_told_by_severity_and_are_no_trouble():
    told = run(SEED)

    assert 0 == told.exit_code
    places = [
        told.output.index(f"\n{word}: ") for word in ("impossible", "inconsistent", "unusual")
    ]
    assert sorted(places) == places
    assert "inconsistent: 3 " in told.output
    assert "[Fig. 1, line 189]" in told.output
    assert (
        "2 × 2 counts: Fisher, two-sided (minimum likelihood) explains 9 of 10 rows" in told.output
    )
    assert "Not checked:" in told.output


def test_an_invented_paper_says_that_nobody_published_it():
    told = run(PAPERS / "invented-a")

    assert "impossible: 0 " in told.output
    assert "inconsistent: 0 " in told.output
    assert read_paper(PAPERS / "invented-a").about.made_up in told.output


def test_machines_get_the_whole_audit():
    told = json.loads(run(SEED, "--json").output)

    assert {"impossible": 0, "inconsistent": 3, "unusual": 4, "remark": 13} == told["counts"]
    assert 12 == len(told["fingerprints"])
    wald = [one for one in told["fingerprints"][2]["matches"] if one["test"].endswith("Wald")]
    assert 0.003804 == pytest.approx(wald[0]["low"], abs=5e-7)
    assert "0.004" == told["fingerprints"][2]["printed"]["text"]


def test_a_faulty_file_is_told_with_its_line_and_nothing_is_written(tmp_path):
    file = tmp_path / "paper.toml"
    file.write_text('[paper]\ntitle = "x"\n\n[[group]]\nname = "a"\nn = 3\n', encoding="utf-8")
    told = run(file, "--out", tmp_path / "out")

    assert 17 == told.exit_code
    assert "line 6" in told.output
    assert not (tmp_path / "out").exists()


def test_the_report_is_written_in_five_formats_and_the_same_each_time(tmp_path):
    for name in ("one", "two"):
        assert 0 == run(SEED, "--out", tmp_path / name).exit_code
    suffixes = ("html", "docx", "xlsx", "pdf", "json")

    assert {f"audit.{one}" for one in suffixes} == {
        one.name for one in (tmp_path / "one").iterdir()
    }
    for one in suffixes:
        first, second = ((tmp_path / name / f"audit.{one}").read_bytes() for name in ("one", "two"))
        assert first == second, one


def test_every_number_of_the_report_leads_to_the_audit(document):
    tree = as_plain(audit(read_paper(SEED)))
    sources = [
        (cell.source, cell.value)
        for table in document.tables()
        for row in table.rows
        for cell in row.cells
        if cell.source
    ]

    assert len(sources) > 100
    assert all(value == lookup(tree, source) for source, value in sources)


def table(document, anchor) -> Table:
    return next(one for one in document.tables() if one.anchor == anchor)


def test_the_fingerprint_table_marks_the_tests_that_give_the_print(document):
    found = table(document, "table-fingerprints-2-x-2-counts-1")
    at = [column.header for column in found.columns].index("Age ≥ 54 years")
    marked = {row.cells[0].text for row in found.rows if row.cells[at].emphasis}

    assert "0.004" == found.rows[0].cells[at].text
    assert {"univariable logistic regression, Wald", "Fisher, mid-p"} == marked


def test_each_printed_line_names_its_findings(document):
    numbered = audit(read_paper(SEED)).findings
    found = table(document, "table-printed")
    (age,) = [row for row in found.rows if row.cells[0].text == "Age ≥ 54 years"]

    for number in age.cells[-1].text.split(", "):
        finding = numbered[int(number) - 1]
        assert any("row.age_54" in path for path in (finding.path, *finding.also))


def test_every_finding_stands_in_the_report(document):
    text = " ".join(
        plain(block.text)
        for block in document.blocks
        if hasattr(block, "text") and block.text
        if not isinstance(block.text, str)
    )

    for at, one in enumerate(audit(read_paper(SEED)).findings, 1):
        assert f"{at}. {one.what}" in text


@pytest.mark.parametrize("name", ["invented-a", "invented-b", "invented-c"])
def test_other_papers_make_a_report_too(name):
    paper = read_paper(PAPERS / name)
    found = build_audit(audit(paper), paper)

    assert "made data" in {getattr(block, "kind", "") for block in found.blocks}
    assert len(list(found.tables())) >= 4
