"""Every sentence of the library has its French, and every French one its English."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from avidity.dictionary.fields import dictionary
from avidity.said import joined, say, term
from avidity.web.sentences import ENDING, foreign, french, said, spoken

SOURCE = Path(__file__).resolve().parents[2] / "src" / "avidity"
CATALOGUES = sorted((SOURCE / "web" / "catalogues").glob(f"*{ENDING}"))
NO_WORDS = {"error", "warning", "note"}  # severities: a catalogue of their own

# What is called with words for a person, and where: a literal there needs no `say`.
SPEAKERS = {
    "steps/check*.py": {
        *("Trouble", "Finding", "RowRule", "refuse", "doubt"),
        *("_no_number", "_no_date", "_about"),
    },
    "steps/read_shape.py": {"add"},
}
RAISED = (
    "study.py",
    "refractory/catalogue.py",
    "refractory/switches.py",
    "steps/read*.py",
    *(f"steps/{step}.py" for step in ("flow", "label", "judged", "overrides", "rewrite")),
    *(f"steps/{step}.py" for step in ("variables", "describe", "compare", "cutoffs", "design")),
    *(f"steps/{step}.py" for step in ("model", "penalised", "points", "resamples", "sound")),
    *(f"web/{part}.py" for part in ("archive", "changes", "give_answer", "keep_matches")),
    *(f"web/{part}.py" for part in ("matches", "models", "new_study", "uploads", "try_plan")),
    "web/store/accounts.py",
    *(f"web/routes/{part}.py" for part in ("calculator", "paper", "start", "data", "plan")),
)  # files in which everything raised is for a person


def entries(without: str = "") -> Iterator[tuple[str, str]]:
    for path in CATALOGUES:
        if path.name == without:
            continue
        for one in tomllib.loads(path.read_text("utf-8"))["sentence"]:
            assert {"en", "fr"} == set(one), one
            yield one["en"], one["fr"]


def places(pattern: str) -> set[tuple[str, str]]:
    """The fields of a pattern, each with its format."""
    found = Formatter().parse(pattern)
    return {(name, how or "") for _, name, how, _ in found if name is not None}


def name_of(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def said_in(source: str, speakers: set[str], raised: bool = False) -> Iterator[str]:
    """Every sentence of a file that must have its French.

    raises  AssertionError for words put together by other means than `say`
    """
    tree = ast.parse(source)
    ours = "from avidity.said import" in source  # other layers have a `say` of their own
    exceptions = {id(node.exc) for node in ast.walk(tree) if isinstance(node, ast.Raise)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in speakers:
            yield from (words for one in node.args.defaults for words in literals(one))
        if not isinstance(node, ast.Call):
            continue
        if ours and isinstance(node.func, ast.Name) and node.func.id == "say":
            pattern = node.args[0]
            assert isinstance(pattern, ast.Constant), f"line {node.lineno}: say needs a literal"
            yield str(pattern.value)
        elif name_of(node) in speakers or (raised and id(node) in exceptions):
            for one in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from literals(one)


def literals(words: ast.expr) -> Iterator[str]:
    """The literal texts an expression may be."""
    assert not isinstance(words, ast.JoinedStr), f"line {words.lineno}: put words together with say"
    if isinstance(words, ast.IfExp):
        yield from (*literals(words.body), *literals(words.orelse))
    elif isinstance(words, ast.BoolOp):
        yield from (one for value in words.values for one in literals(value))
    elif isinstance(words, ast.Constant) and isinstance(words.value, str) and words.value:
        yield words.value


def a_sentence(words: str) -> bool:
    """Whether words are for a person: no severity, no name of a table or field."""
    return words not in NO_WORDS and re.fullmatch(r"[a-z0-9_.]*", words) is None


def files_of(pattern: str) -> list[Path]:
    found = sorted(SOURCE.glob(pattern))
    assert found, pattern
    return found


def of_the_dictionary() -> set[str]:
    """What a field says of a spelling it does not accept, or reads with a doubt."""
    fields = [field for table in dictionary().tables.values() for field in table.fields.values()]
    return {one for field in fields for one in (*field.hints.values(), *field.remarks.values())}


def every_sentence() -> set[str]:
    everywhere = {
        one for path in SOURCE.rglob("*.py") for one in said_in(path.read_text("utf-8"), set())
    }
    spoken_there = {
        one
        for pattern, speakers in SPEAKERS.items()
        for path in files_of(pattern)
        for one in said_in(path.read_text("utf-8"), speakers)
    }
    raised_there = {
        one
        for pattern in RAISED
        for path in files_of(pattern)
        for one in said_in(path.read_text("utf-8"), set(), raised=True)
    }
    return {
        one
        for one in of_the_dictionary() | everywhere | spoken_there | raised_there
        if a_sentence(one)
    }


def wordless(pattern: str) -> bool:
    return not re.search(r"[^\W\d_]", re.sub(r"\{[^{}]*\}", "", pattern))


def test_every_sentence_has_its_french():
    assert [] == sorted(
        one for one in every_sentence() if one not in french() and not wordless(one)
    )


def test_a_sentence_without_french_would_be_seen():
    code = """from avidity.said import say
raise ReadError(say("{n} rows", n=3))
refuse("a rule", "error", "a sentence")"""

    assert ["a rule", "a sentence", "error", "{n} rows"] == sorted(said_in(code, {"refuse"}))
    with pytest.raises(AssertionError, match="line 1: put words together with say"):
        list(said_in('raise ReadError(f"{n} rows")', set(), raised=True))


def test_both_languages_fill_in_the_same_values_in_the_same_format():
    assert [] == [(en, fr) for en, fr in entries() if "{" in en and places(en) != places(fr)]


def test_no_french_sentence_is_without_its_english():
    constants = {
        node.value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    tables = SOURCE.rglob("*.toml")
    elsewhere = "\n".join(
        path.read_text("utf-8") for path in tables if not path.name.endswith(ENDING)
    )

    assert [] == [
        en
        for en, _ in entries(without="dictionary.fr.toml")  # test_words_of_the_field walks these
        if en not in constants and en not in elsewhere
    ]


def test_no_sentence_is_translated_twice():
    assert {} == {en: n for en, n in Counter(en for en, _ in entries()).items() if n > 1}


def test_french_has_a_space_before_a_double_sign():
    close = re.compile(
        r"[^\s\u00a0\u202f:/]:(?=\s|$)|[^\s\u00a0\u202f][;?!](?=\s|$)|«(?!\s|\u00a0)"
    )

    assert [] == [fr for _, fr in entries() if close.search(re.sub(r"\{[^{}]*\}", "x", fr))]


@pytest.fixture
def known(monkeypatch):
    pairs = {
        "{n:,} rows, {share:.1f}% blank: {why}": "{n:,} lignes, vides à {share:.1f} % : {why}",
        "a time of day, not a date": "une heure, pas une date",
        "age": "âge",
    }
    monkeypatch.setattr("avidity.web.sentences.french", lambda: pairs)


def rows(why):
    return say("{n:,} rows, {share:.1f}% blank: {why}", n=1234, share=2.5, why=why)


@pytest.mark.usefixtures("known")
def test_a_sentence_is_said_in_french_with_french_numbers():
    expected = "1\u202f234 lignes, vides à 2,5 % : une heure, pas une date, âge, x&lt;y.csv, etc"
    why = joined([say("a time of day, not a date"), term("age"), "x<y.csv", term("etc")])

    assert expected == said("fr", rows(why))
    assert expected.replace("&lt;", "<") == spoken("fr", rows(why))
    assert "âge" == said("fr", "age")
    assert "" == foreign("fr", rows("")) == foreign("fr", term("own label"))


@pytest.mark.usefixtures("known")
def test_what_only_english_knows_is_marked():
    assert '<span lang="en">a &lt; b</span>' == said("fr", "a < b")
    assert ' lang="en"' == foreign("fr", "other")
    assert said("fr", rows(say("all but this"))).endswith('<span lang="en">all but this</span>')
    assert "other" == spoken("fr", "other")


@pytest.mark.usefixtures("known")
def test_an_english_page_says_the_text_as_it_is():
    assert "1,234 rows, 2.5% blank: &lt;" == said("en", rows("<"))
    assert "" == foreign("en", "other")
