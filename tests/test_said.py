"""A sentence is equal to its text, and remembers how it was made."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import asdict, dataclass

import pytest

from avidity.errors import ReadError
from avidity.said import Said, either, from_json, joined, say, sentence, term, to_json


def a_sentence():
    what = joined([say("{n} rows", n=3), term("age"), "x.csv"])
    return say("{what}: {share:.1%} of {total:,}", what=what, share=0.25, total=12000)


TEXT = "3 rows, age, x.csv: 25.0% of 12,000"


def test_a_sentence_is_its_text_to_everybody_else():
    said = a_sentence()

    assert TEXT == said
    assert hash(TEXT) == hash(said)
    assert f"{TEXT}." == f"{said}."
    assert f'"{TEXT}"' == json.dumps(said)


@pytest.mark.parametrize(
    "again",
    [
        copy.deepcopy,
        str,
        lambda one: pickle.loads(pickle.dumps(one)),
        lambda one: from_json(to_json(one)),
        lambda one: str(ReadError(one)),
    ],
    ids=["copied", "as text", "to another process", "through the store", "raised"],
)
def test_a_sentence_goes_everywhere_with_its_pattern_and_values(again):
    said = again(a_sentence())

    assert isinstance(said, Said)
    assert TEXT == said
    assert ("{what}: {share:.1%} of {total:,}", 0.25) == (said.pattern, said.values["share"])
    assert "{n} rows" == said.values["what"].values["part0"].pattern
    assert said.values["what"].values["part1"].values is None
    assert str is type(said.values["what"].values["part2"])


def test_a_sentence_stays_one_in_a_record_of_another_form():
    @dataclass(frozen=True)
    class Record:
        words: str

    assert isinstance(asdict(Record(a_sentence()))["words"], Said)


def test_a_plain_text_is_kept_plain():
    assert ("old", str) == (from_json(to_json("old")), type(from_json(to_json("old"))))


def test_words_are_listed_with_or():
    assert ("", "a", "a or b", "a, b or c") == tuple(map(either, ([], "a", "ab", "abc")))


def test_a_value_without_a_place_for_it_would_be_seen():
    with pytest.raises(KeyError):
        say("{n} rows", m=3)


def test_a_finished_text_becomes_a_sentence_with_its_braces():
    assert "a {b}" == sentence("a {b}")
    assert {} == sentence("a {b}").values
    assert say("{n} rows", n=1).pattern == sentence(say("{n} rows", n=1)).pattern
