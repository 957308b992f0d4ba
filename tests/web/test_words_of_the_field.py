"""The words of the field on French pages: of the dictionary, the definitions and the library."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib import resources
from types import SimpleNamespace

import pytest

from avidity.dictionary.fields import dictionary
from avidity.papers import library
from avidity.papers.rebuild import _questions
from avidity.refractory.catalogue import DEFINITIONS
from avidity.refractory.preconditions import PRECONDITIONS
from avidity.refractory.records import History, Lesion, Scan, Uptake
from avidity.stats.forensic.count_candidates import OR_FISHER, PEARSON, YATES
from avidity.web.sentences import french, spoken

IDS = re.compile(r"(?:T\d|TX|N\d|NX|M\d)[a-z]?")  # the categories of the AJCC are codes


def words_of_the_dictionary():
    for table in dictionary().tables.values():
        yield from (table.label, table.about)
        for field in table.fields.values():
            yield from (field.label, field.definition, field.type)
            yield from field.hints.values()
            yield from field.remarks.values()
            yield from (level for level in field.values if not IDS.fullmatch(level))


def words_of_the_definitions():
    for definition in DEFINITIONS.values():
        yield from (definition.title, definition.source, *definition.notes)
        for each in definition.criteria:
            yield from (each.wording, each.certainty, each.open_because)
            yield each.code if len(each.code) > 1 else ""
    for each in PRECONDITIONS:
        yield from (each.wording, each.otherwise)


def words_of_the_library():
    for model in map(library.find, library.names()):
        yield from (model.title, model.outcome.label, *model.lacking, *model.notes)
        for asked in model.inputs:
            yield from (asked.label, asked.meaning, *asked.levels)
        for one in model.printed.predictors if model.printed else ():
            yield from (one.label, one.note)


WALKS = {
    "dictionary": words_of_the_dictionary,
    "definitions": words_of_the_definitions,
    "library": words_of_the_library,
}


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_every_word_has_a_french_one(walk):
    words = [one for one in walk() if one]

    assert len(words) > 50
    assert [] == sorted({one for one in words if one not in french()})


def own_catalogue():
    file = resources.files("avidity.web").joinpath("catalogues", "dictionary.fr.toml")
    return [one["en"] for one in tomllib.loads(file.read_text("utf-8"))["sentence"]]


def test_no_french_word_is_left_over():
    known = {one for walk in WALKS.values() for one in walk()}
    known |= {f"{kind} scan" for kind in dictionary().tables["scans"].fields["kind"].values}
    known |= {unit for one in dictionary().quantities.values() for unit in one.units}
    known |= {test + OR_FISHER for test in (PEARSON, YATES)}
    known |= {"scan", "not read"}  # of a reading or a scan of which nothing is known

    assert [] == [one for one in own_catalogue() if one not in known]


def test_a_verdict_says_in_french_what_is_missing():
    history = History(
        "x",
        lesions=(Lesion("L1", site="lung", proof="structural", first_seen=date(2019, 1, 1)),),
        scans=(Scan("S1", date(2020, 1, 20), "diagnostic", 1),),
        lesion_uptake=(Uptake("L1", "S1", "equivocal"),),
    )

    missing = [spoken("fr", one) for one in DEFINITIONS["ata-2015"].judge(history).missing]

    assert "lésion L1\u00a0: fixation douteuse sur la scintigraphie diagnostique S1" in missing
    assert not [one for one in missing if " the " in one or "recorded" in one]


@pytest.fixture
def example(visitor):
    visitor.cookies.set("avidity-language", "fr")
    return visitor.send_form("/example").url.path.rpartition("/")[0]


def english_on(page):
    """What a French page marks as English, citations aside."""
    marked = re.findall(r'<(\w+)[^>]*\blang="en"[^>]*>(.*?)</\1>', page, flags=re.DOTALL)
    own = re.compile(r"et al\.|^English$|IJS-2025")
    return [words for _, words in marked if not own.search(words)]


def test_the_pages_of_a_study_speak_french(visitor, example):
    pages = [f"{example}/{one}" for one in ("data", "refractory", "refractory/64", "plan")]

    for page in pages:
        labels = visitor.get(page).text.partition('id="outcome-of-plan"')[0]
        assert [] == english_on(labels), page


def test_a_patient_is_told_of_in_french(visitor, example):
    page = visitor.get(f"{example}/refractory/64").text

    assert "Bel Lakhdar 2024\u00a0: les cinq critères de l’article" in page
    assert "Absence de fixation des lésions métastatiques ou structurales connues" in page
    assert re.search(r"scans, ligne \d+\u00a0: scintigraphie post-thérapeutique de la cure 1", page)


@pytest.mark.parametrize("name", ["bellakhdar-2024", "invented-a", "invented-b", "invented-c"])
def test_the_audit_of_a_paper_speaks_french(visitor, name):
    visitor.cookies.set("avidity-language", "fr")
    page = visitor.send_form("/papers", page="/papers", example=name)

    audited = page.text.partition('id="checked"')[2].partition('id="rebuild"')[0]
    assert "Ce que disent les chiffres" in audited
    assert [] == english_on(audited)
    assert [] == re.findall(
        r"[^<>]*\b(?:printed|is not|the paper|missing|no area|which|and the)\b[^<>]*", audited
    )


@pytest.mark.parametrize("name", library.names())
def test_the_calculator_speaks_french_of_every_model(visitor, name):
    visitor.cookies.set("avidity-language", "fr")

    assert [] == english_on(visitor.get("/calculator", params={"model": f"library.{name}"}).text)


def test_printed_odds_ratios_are_set_the_french_way(visitor):
    visitor.cookies.set("avidity-language", "fr")
    page = visitor.get("/calculator", params={"model": "library.liu-y-2022"}).text

    assert "rapport de cotes 1,037 (intervalle à 95\u00a0% de 1,007 à 1,069)" in page


@pytest.mark.parametrize("answer", ["one", "none", "several", "bounds"])
def test_what_to_ask_the_authors_is_said_in_french(answer):
    asked = _questions(SimpleNamespace(answer=answer))

    assert asked
    assert [] == [one for one in asked if one not in french()]
