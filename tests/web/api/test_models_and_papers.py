"""A program asks a model about a patient, has a paper audited, and pools what papers printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.papers.evidence import evidence_names
from avidity.papers.library import names
from avidity.report.risk_export import FORMATS
from avidity.riskmodel.file import from_json

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
PAPER = EXAMPLES / "papers" / "bellakhdar-2024" / "paper.toml"
EVIDENCE = EXAMPLES / "evidence" / "made-up.toml"
PATIENT = {"age": 61, "diameter": "3.5 cm", "metastasis": True}


def printed(*words):
    return json.loads(CliRunner().invoke(main, [*words, "--json"]).output)


def test_the_library_is_listed_and_each_model_shown_whole(program):
    listed = program.get("models").json()

    assert list(names()) == [one["name"] for one in listed]
    for name in names():
        shown = program.get(f"models/{name}").content
        assert name == from_json(shown, "x.json").name


def test_a_risk_is_that_of_the_command_line(program):
    told = printed("risk", "bellakhdar-2024", "age=61", "diameter=3.5cm", "metastasis=yes")
    answer = program.post("models/bellakhdar-2024/risk", json={"inputs": PATIENT})

    assert (200, told) == (answer.status_code, answer.json())
    local = program.post(
        "models/bellakhdar-2024/risk", json={"inputs": PATIENT, "prevalence": 0.1}
    ).json()
    assert 0.1 == local["local"]["prevalence"]


@pytest.mark.parametrize(
    "changed",
    [
        {"age": None},
        {"age": 987.125},
        {"age": "987.125"},
        {"age": "987.125 feet"},
        {"metastasis": "987.125"},
        {"age": [987.125]},
        {"height": 987.125},
    ],
)
def test_a_model_that_must_not_answer_says_why_and_repeats_no_value(program, changed):
    inputs = {name: value for name, value in {**PATIENT, **changed}.items() if value is not None}
    answer = program.post("models/bellakhdar-2024/risk", json={"inputs": inputs})

    assert 422 == answer.status_code
    assert answer.json()["kind"] in ("risk model", "request")
    assert "987" not in answer.text


def test_a_model_that_is_not_there_is_not_found(program):
    for answer in (program.get("models/none"), program.post("models/none/risk", json={})):
        assert (404, "not found") == (answer.status_code, answer.json()["kind"])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_model_is_exported_as_the_command_line_does(program, kind, tmp_path):
    answer = program.get("models/bellakhdar-2024/export", params={"as": kind})
    name = answer.headers["content-disposition"].partition('filename="')[2].rstrip('"')
    out = tmp_path / name
    CliRunner().invoke(main, ["export", "bellakhdar-2024", "--as", kind, "--out", str(out)])

    assert 200 == answer.status_code
    assert out.read_bytes() == answer.content


def test_a_partial_model_is_not_exported(program):
    partial = next(
        one["name"] for one in program.get("models").json() if "partial" == one["status"]
    )
    answer = program.get(f"models/{partial}/export", params={"as": "r"})

    assert (422, 18) == (answer.status_code, answer.json()["exit_code"])


def test_a_paper_is_audited_as_the_command_line_does(program):
    answer = program.post("papers/audit", content=PAPER.read_bytes())

    assert printed("paper", "audit", str(PAPER)) == answer.json()


@pytest.mark.parametrize(
    "text",
    ["this is no TOML", "[about]\ntitle = 3", "a = " + "[" * 50_000, "\ufeff=", "x = '\xe9'"],
)
def test_a_paper_file_with_faults_is_refused_with_its_lines(program, text):
    answer = program.post("papers/audit", content=text.encode())

    assert (422, "paper", 17) == (
        answer.status_code,
        answer.json()["kind"],
        answer.json()["exit_code"],
    )
    assert answer.json()["message"].startswith("paper.toml")


def test_an_empty_and_an_endless_paper_file_are_refused(program):
    assert 400 == program.post("papers/audit", content=b" ").status_code
    assert 413 == program.post("papers/audit", content=b"#" * 2_000_001).status_code


def test_evidence_is_pooled_as_the_command_line_does(program):
    name = evidence_names()[0]

    assert list(evidence_names()) == program.get("evidence").json()
    assert printed("pool", name) == program.get(f"evidence/{name}").json()
    answer = program.post("evidence/pool", content=EVIDENCE.read_bytes())
    assert printed("pool", str(EVIDENCE)) == answer.json()
    assert 404 == program.get("evidence/none").status_code
    assert 422 == program.post("evidence/pool", content=b"x = 1").status_code


def test_a_study_that_is_not_there_is_not_held_beside_evidence(program):
    asked = {"study_id": "0" * 32}

    assert 404 == program.get(f"evidence/{evidence_names()[0]}", params=asked).status_code


def test_definitions_are_listed_and_shown(program):
    listed = program.get("definitions").json()

    assert "ata-2025" in [one["name"] for one in listed]
    assert printed("definitions", "ata-2025").keys() - {"schema_version"} == (
        program.get("definitions/ata-2025").json().keys()
    )
    assert 404 == program.get("definitions/none").status_code
