"""study.toml: what it may say, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from avidity.errors import StudyFileError
from avidity.study import read_study

SMALL = """
[study]
title = "A study"
[outcome]
column = "rair"
yes = "yes"
no = "no"
"""


def written(folder, text):
    (folder / "study.toml").write_text(text, "utf-8")
    return folder


def test_the_smallest_study_needs_a_title_and_an_outcome(tmp_path):
    study = read_study(written(tmp_path, SMALL))

    assert "A study" == study.about.title
    assert "exclude" == study.outcome.cannot_say
    assert 64 == len(study.sha256)


def test_a_study_is_found_by_its_file_too(tmp_path):
    folder = written(tmp_path, SMALL)

    assert read_study(folder) == read_study(folder / "study.toml")


def test_every_fault_is_told_at_once(tmp_path):
    text = SMALL.replace('title = "A study"', "seed = -1") + '[table1]\npolicy = "best"\n'

    with pytest.raises(StudyFileError) as caught:
        read_study(written(tmp_path, text))

    said = str(caught.value)
    assert "study.title" in said
    assert "study.seed: must be greater than or equal to 0, found -1" in said
    assert "table1.policy: must be 'paper', 'spss' or 'modern', found 'best'" in said


@pytest.mark.parametrize(
    ("added", "word"),
    [
        ("[[eligibility]]\nfield='a'\nreason='r'\n", "needs exactly one of"),
        ("[[eligibility]]\nfield='a'\nreason='r'\nis=1\nbelow=2\n", "found is, below"),
        ("[[variable]]\nname='a'\n", "needs either any_of"),
        ("[[variable]]\nname='a'\nfrom='b'\nat_least=1\nabove=1\n", "needs either any_of"),
        ("[[variable]]\nname='Bad name'\nfrom='b'\nat_least=1\n", "variable.0.name"),
        ("[sound]\nthresholds=[0.5, 0.1]\n", "0 < low < high < 1"),
        ("[modle]\nterms=['a']\n", "modle"),
        (
            (
                "[[variable]]\nname='a'\nfrom='b'\nat_least=1\n"
                "[[variable]]\nname='a'\nfrom='b'\nat_least=2\n"
            ),
            "used again: a",
        ),
    ],
)
def test_a_wrong_study_file_gets_a_sentence(tmp_path, added, word):
    with pytest.raises(StudyFileError, match=word):
        read_study(written(tmp_path, SMALL + added))


def test_the_outcome_is_computed_or_given_never_both(tmp_path):
    text = SMALL.replace('column = "rair"', 'column = "rair"\ndefinition = "ata-2015"')

    with pytest.raises(StudyFileError, match="not both"):
        read_study(written(tmp_path, text))


def test_no_study_file_says_how_to_make_one(tmp_path):
    with pytest.raises(StudyFileError, match="avidity init"):
        read_study(tmp_path)


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00bad", b"title = ", b"\x00\x01"])
def test_what_is_no_toml_is_said_to_be_none(tmp_path, raw):
    (tmp_path / "study.toml").write_bytes(raw)

    with pytest.raises(StudyFileError, match=r"study\.toml"):
        read_study(tmp_path)


def test_another_definition_leaves_the_rest_alone(tmp_path):
    study = read_study(written(tmp_path, SMALL))

    other = study.under("ata-2015")

    assert ("ata-2015", "") == (other.outcome.definition, other.outcome.column)
    assert study.about == other.about
