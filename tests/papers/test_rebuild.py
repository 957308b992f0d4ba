"""A typed-in paper's model, rebuilt, refused, or written as a risk model."""

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.errors import AnalysisError
from avidity.papers.library import find
from avidity.papers.paper_file import read_paper
from avidity.papers.rebuild import rebuild_paper
from avidity.papers.rebuilt_model import risk_model
from avidity.riskmodel.file import from_json, to_json
from avidity.riskmodel.predict import predict
from conftest import ROOT

FOLDER = ROOT / "examples" / "papers" / "bellakhdar-2024"
TEXT = (FOLDER / "paper.toml").read_text("utf-8")


def paper_of(tmp_path, *changes):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "paper.toml").write_text(text, "utf-8")
    return read_paper(tmp_path)


def test_the_seed_paper_is_rebuilt_whole():
    found = rebuild_paper(read_paper(FOLDER))

    assert "one" == found.rebuilt.answer
    assert -3.0847466831 == pytest.approx(found.rebuilt.intercept.low, abs=1e-9)
    assert ("Age ≥ 54 years", "Diameter ≥ 29 mm", "Metastasis, distant or nodal") == found.labels
    assert ("no", "no", "no") == found.rebuilt.patterns[0].levels
    assert (30, 30) == found.rebuilt.patterns[0].n


def test_its_risk_model_is_the_library_s():
    paper = read_paper(FOLDER)
    made = risk_model(paper, rebuild_paper(paper))
    again = from_json(to_json(made), "model.json")
    theirs = find("bellakhdar-2024")

    assert "reconstructed" == again.status
    assert [6, 9, 4, 16, 7, 13, 5, 30] == [one.n for one in again.patterns][::-1]
    for patient in (
        {"age": 60.0, "diameter": 30.0, "metastasis": True},
        {"age": 54.0, "diameter": 28.0, "metastasis": False},
    ):
        ours, known = predict(again, patient, beyond=True), predict(theirs, patient, beyond=True)
        assert known.risk == pytest.approx(ours.risk, abs=1e-9)
        assert known.interval.low == pytest.approx(ours.interval.low, abs=1e-9)


TABLE_2 = 'where = "Table 2"\n'
COUNTS = 'count.yes = { rair = "18", other = "4" }\ncount.no = { rair = "14", other = "54" }\n'


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "multivariable"', 'kind = "univariable"', "a multivariable model"),
        ('variable = "age_54"\nodds_ratio', 'variable = "age"\nodds_ratio', "age is a number"),
        (TABLE_2, f'{TABLE_2}method = "firth"\n', "another method"),
        (TABLE_2, f'{TABLE_2}n = "85"\n', "of 85 patients and the tables count 90"),
        (TABLE_2, f'{TABLE_2}events = "31"\n', "31 patients with the outcome"),
        (COUNTS, "", "metastasis is not counted"),
        ("event = true\n", "", "none with event"),
    ],
)
def test_what_cannot_be_rebuilt_is_refused_with_what_to_ask(tmp_path, old, new, words):
    with pytest.raises(AnalysisError, match=words):
        rebuild_paper(paper_of(tmp_path, (old, new)))


def test_a_contradiction_writes_no_model(tmp_path):
    paper = paper_of(tmp_path, ('odds_ratio = "22.553"', 'odds_ratio = "22.653"'))
    found = rebuild_paper(paper)

    assert "none" == found.rebuilt.answer
    with pytest.raises(AnalysisError, match="exactly one"):
        risk_model(paper, found)


def test_the_command_says_the_answer_and_writes_the_files(tmp_path):
    out, file = tmp_path / "rebuilt", tmp_path / "model.json"

    told = CliRunner().invoke(
        main, ["paper", "rebuild", str(FOLDER), "--out", str(out), "--model", str(file)]
    )

    assert 0 == told.exit_code
    for words in ("Exactly one table", "−3.0847", "101 ways", "not for decisions about a patient"):
        assert words in told.output
    names = {"rebuild.html", "rebuild.docx", "rebuild.xlsx", "rebuild.pdf", "rebuild.json"}
    assert names == {path.name for path in out.iterdir()}
    assert "reconstructed" == from_json(file.read_bytes(), "model.json").status


def test_the_command_writes_nothing_when_the_model_is_refused(tmp_path):
    paper_of(tmp_path, ('odds_ratio = "22.553"', 'odds_ratio = "22.653"'))
    out, file = tmp_path / "rebuilt", tmp_path / "model.json"

    told = CliRunner().invoke(
        main, ["paper", "rebuild", str(tmp_path), "--out", str(out), "--model", str(file)]
    )

    assert 15 == told.exit_code
    assert not out.exists()
    assert not file.exists()


def test_a_contradiction_is_told_with_its_figure(tmp_path):
    paper_of(tmp_path, ('odds_ratio = "22.553"', 'odds_ratio = "22.653"'))

    told = CliRunner().invoke(main, ["paper", "rebuild", str(tmp_path)])

    assert 0 == told.exit_code
    assert "metastasis = yes: odds ratio, printed 22.653" in told.output
    assert "it would be 22.5534 for the rest to be possible (1 table)" in told.output
