"""A person looks at what is wrong: by kind, with what blocks apart from what does not."""

from __future__ import annotations

import re

import pytest

from made_uploads import ROWS, STUDY, small_study

MANY = [ROWS[0], *[f"P{i},{'yes' if i % 3 == 0 else 'no'},fifty,{10 + i % 31}" for i in range(214)]]


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def many(visitor):
    return visitor.new_study(small_study(MANY))


def test_a_study_without_findings_says_so_and_leads_on(visitor):
    path = visitor.new_study(small_study())
    told = visitor.get(f"{path}/problems")

    assert "Nothing is wrong" in told.text
    assert "Put it right" not in told.text
    assert "problems.xlsx" not in told.text
    for stage in ("refractory", "plan", "run"):
        assert f'class="button{" primary" * (stage == "refractory")}" href="{path}/{stage}"' in (
            told.text
        )


def test_the_same_in_many_cells_is_one_kind(visitor, many):
    told = visitor.get(f"{many}/problems")

    assert "214 errors stop the study" in told.text
    assert "214 of 214 findings shown, of 1 kind" in text_of(told)
    assert 1 == told.text.count("<details class=")
    assert 8 == told.text.count('<td class="found">')
    assert "Show all 214 places" in told.text


def test_every_place_of_a_kind_is_behind_pages(visitor, many):
    path = re.search(r'href="([^"]*rule=[^"]*)">Show all', visitor.get(f"{many}/problems").text)[1]
    path = path.replace("&amp;", "&")
    first, last = visitor.get(path), visitor.get(f"{path}&page=3")

    assert 100 == first.text.count('<td class="found">')
    assert "Page 1 of 3" in first.text
    assert 14 == last.text.count('<td class="found">')


def test_the_kind_of_a_chosen_finding_is_open_and_leads_to_its_neighbours(visitor, many):
    told = visitor.get(f"{many}/problems", params={"at": 1})

    assert '<details class="kind error" open>' in told.text
    assert "at=0#preview" in told.text
    assert "at=2#preview" in told.text
    assert re.search(r'<td class="bad"><span class="unseen">here: </span>fifty</td>', told.text)
    assert "at=-1" not in visitor.get(f"{many}/problems", params={"at": 0}).text


def test_a_finding_the_filter_leaves_out_is_not_shown(visitor, many):
    told = visitor.get(f"{many}/problems", params={"at": 1, "severity": "note"})

    assert 'id="preview"' not in told.text
    assert "0 of 214 findings shown" in text_of(told)


def test_warnings_block_nothing_and_say_so(visitor):
    path = visitor.new_study(small_study([*ROWS, "P40,no,12,190"]))
    told = visitor.get(f"{path}/problems")

    assert "Nothing stands in the way" in told.text
    assert '<details class="kind warning"' in told.text
    assert '<details class="kind error"' not in told.text
    assert f'href="{path}/run"' in told.text


def test_a_study_that_cannot_be_read_promises_nothing(visitor):
    told = visitor.get(f"{visitor.new_study(small_study(study=STUDY + 'x = 1'))}/problems")

    assert "Nothing is wrong" not in told.text
    assert 'type="file"' in told.text


def test_the_places_to_drop_files_say_what_a_script_needs(visitor, many):
    for page in ("/", f"{many}/data", f"{many}/problems"):
        told = visitor.get(page).text

        assert 1 == told.count("data-drop ")
        assert 'data-largest="64000000"' in told
        assert "/static/drop.js?v=" in told
