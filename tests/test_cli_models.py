"""The commands of risk models: what is said, what is refused, and with which exit code."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.papers.library import find, names
from avidity.riskmodel.file import from_json, to_json
from made_models import every_kind

SEED = ("bellakhdar-2024", "age=61", "diameter=35mm", "metastasis=yes")


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.mark.parametrize("command", ["models", "risk", "export"])
def test_help_has_an_example_and_json(command):
    told = run(command, "--help").output

    assert f"avidity {command}" in told
    assert "--json" in told


def test_the_seed_s_risk_is_told_with_interval_and_patients_like_this_one():
    told = run("risk", *SEED)

    assert 0 == told.exit_code
    assert "Risk (radioiodine-refractory): 0.978 (95% CI 0.876 to 0.996; delta" in told.output
    assert "6 of the source's 90 patients (32 with the outcome) looked so" in told.output
    assert "research use; not validated" in told.output
    assert "the range of age in the source is not known" in told.output


def test_both_risks_are_told_under_a_declared_prevalence():
    told = run("risk", *SEED, "--prevalence", "0.1").output

    assert "0.978 (95% CI 0.876 to 0.996" in told
    assert "Where 10.0% have the outcome and not 35.6% as in the source: 0.900 (0.586" in told
    assert "moved by −1.603; this assumes" in told


def test_a_risk_for_machines_is_one_object():
    said = json.loads(run("risk", *SEED, "--json").stdout)

    assert 0.978 == round(said["risk"], 3)
    assert 6 == said["alike"]["n"]
    assert "research use; not validated" == said["label"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("li-2018", "age=61"), "is partial: it cannot compute a risk"),
        (("nobody-2020", "age=61"), "the library has no model"),
        (("none.json", "age=61"), "none.json cannot be read"),
        (SEED[:1], "asks for age (years), diameter (mm), metastasis (yes or no)"),
        (SEED[:3], "cannot answer without metastasis"),
        ((*SEED[:2], "diameter=35", "metastasis=yes"), "diameter needs its unit"),
        ((*SEED, "--prevalence", "10"), "the prevalence must lie between 0 and 1"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_18(words, said):
    told = run("risk", *words)

    assert 18 == told.exit_code
    assert said in told.stderr
    assert 1 == len(told.stderr.strip().splitlines())
    assert "" == told.stdout


@pytest.mark.parametrize("word", ["age", "age=", "=61", "age=62"])
def test_a_word_that_is_no_pair_is_typed_wrong(word):
    assert 2 == run("risk", *SEED, word).exit_code


def test_a_model_s_file_is_asked_like_one_of_the_library(tmp_path):
    (tmp_path / "m.json").write_bytes(to_json(every_kind()))
    patient = ("age=61", "size=30mm", "activity=3.7GBq", "metastasis=no", "histology=OCA")

    told = run("risk", tmp_path / "m.json", *patient)
    beyond = run("risk", tmp_path / "m.json", "age=91", *patient[1:], "--beyond")
    refused = run("risk", tmp_path / "m.json", "age=91", *patient[1:])

    assert "coefficients shrunken" in told.output
    assert "Histology (OCA against PTC)" in told.output
    assert "How many of the source's 100 patients (40 with the outcome) looked so" in told.output
    assert "drawn on beyond the data" in beyond.output
    assert (18, "91" in refused.stderr) == (refused.exit_code, False)


def test_the_library_is_listed_with_those_that_compute_first():
    told = run("models").output.splitlines()

    assert told[0].startswith("bellakhdar-2024")
    assert set(names()) == {line.split()[0] for line in told[: len(names())]}
    assert set(names()) == set(json.loads(run("models", "--json").stdout)) - {"schema_version"}


@pytest.mark.parametrize("name", names())
def test_every_model_is_shown_with_what_it_rests_on_or_lacks(name):
    told = run("models", name)
    model = find(name)

    assert 0 == told.exit_code
    for said in (model.provenance.citation, model.status, model.label, *model.lacking):
        assert said in told.output
    for one in model.inputs:
        assert one.label in told.output


def test_a_model_for_machines_is_its_own_file():
    told = run("models", "bellakhdar-2024", "--json").stdout

    assert find("bellakhdar-2024") == from_json(told.encode(), "told")


FILES = ("m.xlsx", "m.R", "m.sps", "m.do", "m.pmml", "m.json", "m.pdf", "m.html", "m.docx")
KINDS = ("xlsx", "r", "spss", "stata", "pmml", "json", "card", "card", "card")


@pytest.mark.parametrize(("kind", "file"), [*zip(KINDS, FILES, strict=True)])
def test_a_model_is_exported_in_every_format(kind, file, tmp_path):
    told = run("export", "bellakhdar-2024", "--as", kind, "--out", tmp_path / file)

    assert (0, f"wrote {tmp_path / file}\n") == (told.exit_code, told.output)
    assert 1000 < (tmp_path / file).stat().st_size
    assert [file] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("li-2018", "--as", "r", "--out", "m.R"), 18, "is partial"),
        (("bellakhdar-2024", "--as", "r", "--out", "m.xlsx"), 18, "ends with .R or .r; m.xlsx"),
        (("bellakhdar-2024", "--as", "r", "--out", "no/m.R"), 16, "its folder does not exist"),
        (("bellakhdar-2024", "--as", "sas", "--out", "m.sas"), 2, "is not one of"),
    ],
)
def test_what_cannot_be_exported_leaves_no_file(words, code, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    told = run("export", *words)

    assert code == told.exit_code
    assert said in told.stderr
    assert [] == list(tmp_path.iterdir())


def test_an_incomplete_model_can_still_be_copied(tmp_path):
    assert 0 == run("export", "li-2018", "--as", "json", "--out", tmp_path / "li.json").exit_code
    assert "is partial" in run("risk", tmp_path / "li.json").stderr
