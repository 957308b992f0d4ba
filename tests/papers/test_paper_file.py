"""paper.toml: what it may say, and the line of everything wrong in it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from avidity.errors import PaperError
from avidity.papers.facts import facts, is_path
from avidity.papers.paper_file import read_paper

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "examples" / "papers" / "bellakhdar-2024"

SMALL = """[paper]
title = "A paper"

[[group]]
name = "sick"
n = "10"
event = true

[[group]]
name = "well"
n = "20"

[[variable]]
name = "age"
kind = "number"

[[variable]]
name = "old"
from = "age"
at_least = "60"

[[variable]]
name = "stage"
kind = "category"
levels = ["i", "ii"]

[[row]]
variable = "old"
count.yes = { sick = "7", well = "5" }
count.no = { sick = "3", well = "15" }

[[model]]
name = "final"

[[model.term]]
variable = "stage"
level = "ii"
odds_ratio = "2.0"
"""


@pytest.fixture
def told(tmp_path):
    """What is said of the small file after a replacement, one line for each fault."""

    def said(old: str, new: str) -> list[str]:
        assert old in SMALL
        file = tmp_path / "paper.toml"
        file.write_text(SMALL.replace(old, new), "utf-8")
        with pytest.raises(PaperError) as caught:
            read_paper(file)
        return str(caught.value).split("\n")

    return said


def test_a_small_file_is_read_with_its_numbers_as_printed(tmp_path):
    file = tmp_path / "paper.toml"
    file.write_text(SMALL, "utf-8")

    paper = read_paper(tmp_path)

    assert paper == read_paper(file)
    assert "sick" == paper.event.name
    number = paper.models[0].term[0].odds_ratio
    assert ("2.0", 1, Fraction(39, 20)) == (number.text, number.decimals, number.low)
    assert ("at_least", 60) == (paper.variable("old").cut[0], paper.variable("old").cut[1].value)
    assert 7 == paper.row("old").count["yes"]["sick"].value
    assert paper.row("stage") is None
    assert 64 == len(paper.sha256)


def test_a_bare_number_is_refused_because_it_loses_its_digits(told):
    said = (
        'paper.toml, line 6: group.n must be text in quotation marks ("0.30", not 0.30), because'
        " a bare number loses its printed digits, found '10'"
    )

    assert [said] == told('n = "10"', "n = 10")


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ('"10"', '"ten"', 6, "group.n must be a whole number as printed, such as 18"),
        ('"10"', '"10.0"', 6, "must be a whole number"),
        ('"10"', '"-1"', 6, "must be a whole number"),
        ('sick = "7"', 'sick = "seven"', 29, "row.count.yes.sick must be a whole number"),
        ('sick = "7"', 'sik = "7"', 29, "row.count.yes.sik must be a group's name or all (all,"),
        ("count.no", "count.non", 30, "row.count.non must be an answer of old (no, yes)"),
        ('"2.0"', '"2,000,0"', 38, "model.term.odds_ratio must be a number as printed"),
        ("odds_ratio", "odd_ratio", 38, "is no word of a paper file; did you mean odds_ratio?"),
        ("[[row]]", "[[rows]]", 27, "rows is no word of a paper file; did you mean row?"),
        ('"well"', '"sick"', 10, "group.name must be used once, found 'sick'"),
        ('"well"', '"all"', 10, 'must not be "all", which means everybody'),
        ('n = "20"', 'n = "20"\nevent = true', 12, "must be true for one group at most"),
        ('from = "age"', 'from = "size"', 19, "must be a variable of this file (age, old, stage)"),
        ('from = "age"', 'from = "stage"', 19, "must be a number to be cut"),
        ('at_least = "60"', "", 17, "exactly one of at_least, above"),
        ('level = "ii"', 'level = "iii"', 37, "must be an answer of stage (i, ii), found 'iii'"),
        ('level = "ii"', "", 35, "must have a level"),
        ('variable = "stage"', 'variable = "stge"', 36, "must be a variable of this file"),
        ('levels = ["i", "ii"]', "", 22, "levels must be given for a category"),
        ('name = "final"', 'name = "The Final"', 33, "must be a name that matches"),
        ('title = "A paper"', "", 1, "paper.title must be there"),
        ('kind = "number"', 'kind = "integer"', 15, "must be 'number', 'yes/no' or 'category'"),
        ("event = true", 'event = "perhaps"', 7, "must be a valid boolean"),
        ("[[row]]", "[row]", 27, "row must stand once for each: [[row]] on a line"),
        ("count.yes = {", "mean = '5' #", 29, "row.mean must be by group, such as mean = { GROUP"),
        ("count.yes = {", "count.yes = '5' #", 29, "must be by answer and then by group, such as"),
        ("count.no", "percent", 30, "row.percent.sick must be by answer and then by group"),
        ('["i", "ii"]', '"i"', 25, "variable.levels must be a list of names"),
        ("[paper]", "flow = 3\n[paper]", 1, "flow must be a section with keys of its own"),
        ('variable = "old"', 'variable = "age"', 29, "row.count.yes must be an answer of age"),
        ('variable = "old"', 'variable = "old"\nmean = { sick = "1" }', 29, "must be of a number"),
    ],
)
def test_a_fault_says_its_line_what_must_hold_and_what_was_there(told, old, new, line, word):
    first = told(old, new)[0]

    assert first.startswith(f"paper.toml, line {line}: "), first
    assert word in first


def test_every_fault_is_told_at_once_in_the_order_of_the_file(tmp_path):
    file = tmp_path / "paper.toml"
    wrong = SMALL.replace('"10"', "10").replace('"2.0"', '"two"').replace("count.no", "count.non")
    file.write_text(wrong.replace('level = "ii"', 'level = "ii"\nseen = "x"'), "utf-8")

    with pytest.raises(PaperError) as caught:
        read_paper(file)

    places = [line.split(" ")[3] for line in str(caught.value).split("\n")]
    assert ["group.n", "row.count.non", "model.term.seen", "model.term.odds_ratio"] == places


@pytest.mark.parametrize(
    ("fact", "fine"),
    [
        ("group.sick.n", True),
        ("flow.included", True),
        ("flow.left.1", False),
        ("row.age.mean.all", True),
        ("row.age.n.sick", True),
        ("row.age.mean", False),
        ("row.age.mean.ill", False),
        ("row.age.count.yes.all", False),
        ("row.stage.percent.ii.well", True),
        ("row.old.p", True),
        ("row.size.p", False),
        ("model.final.stage=ii.se", True),
        ("model.final.n", True),
        ("model.final.stage.se", False),
        ("model.first.n", False),
        ("roc.age.auc", False),
        ("", False),
    ],
)
def test_a_statement_names_a_figure_that_could_be_printed(tmp_path, told, fact, fine):
    more = f'odds_ratio = "2.0"\n[[statement]]\nfact = "{fact}"\nprinted = "1"\nwhere = "Abstract"'
    if fine:
        (tmp_path / "paper.toml").write_text(SMALL.replace('odds_ratio = "2.0"', more), "utf-8")
        assert is_path(read_paper(tmp_path), fact)
    else:
        (said,) = told('odds_ratio = "2.0"', more)
        assert "line 40: statement.fact must be the path of a figure" in said


def test_what_is_no_file_or_no_toml_is_told_as_trouble_with_the_paper(tmp_path):
    for text, word in ((None, "avidity paper init"), ("a = ", "is no valid TOML")):
        if text:
            (tmp_path / "paper.toml").write_text(text, "utf-8")
        with pytest.raises(PaperError, match=word) as caught:
            read_paper(tmp_path)
        assert 17 == caught.value.exit_code


def test_words_that_are_set_here_cannot_be_typed(told):
    assert "sha256 is no word of a paper file" in told("[paper]", 'sha256 = "x"\n[paper]')[0]


def test_every_printed_figure_of_the_small_file_is_a_fact_with_its_line(tmp_path):
    (tmp_path / "paper.toml").write_text(SMALL, "utf-8")

    found = facts(read_paper(tmp_path))

    assert {
        "group.sick.n": ("10", 6),
        "group.well.n": ("20", 11),
        "row.old.count.yes.sick": ("7", 29),
        "row.old.count.yes.well": ("5", 29),
        "row.old.count.no.sick": ("3", 30),
        "row.old.count.no.well": ("15", 30),
        "model.final.stage=ii.odds_ratio": ("2.0", 38),
    } == {path: (one.number.text, one.line) for path, one in found.items()}


def test_every_fact_could_be_stated_again():
    paper = read_paper(SEED)

    assert [] == [path for path in facts(paper) if not is_path(paper, path)]


def test_the_seed_paper_is_typed_in_with_its_contradictions():
    paper = read_paper(SEED)
    found = facts(paper)
    shown = SEED.joinpath("paper.toml").read_text("utf-8").splitlines()

    assert 80 == len(found)
    assert 10 == len(paper.statements)
    assert all(f'"{one.number.text}' in shown[one.line - 1] for one in found.values())
    assert "75.9" == found["roc.age.specificity"].number.text
    assert 42 == found["row.age_54.count.no.other"].number.value
    assert Fraction("14.1275") == found["row.age.sd.rair"].number.low
    assert 101 == sum(one.printed.value for one in paper.statements if one.where == "Methods")
