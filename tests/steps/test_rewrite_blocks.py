"""The blocks of study.toml are changed one by one; what is not asked for keeps every byte."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.errors import StudyFileError
from avidity.steps.rewrite_blocks import Block, rewrite_blocks

TEXT = """[study]
title = "T"

# the board's
[[variable]]
name = "old"      # by us
from = "age"
at_least = 55     # years

[[variable]]
name = "tall"
from = "subtype"
one_of = ["tall cell"]
[variable.among]
field = "histology"
is = "PTC"

# what follows
[table1]
policy = "paper"
"""
OLD, TALL = tomllib.loads(TEXT)["variable"]
NEW = {"name": "large", "from": "diameter", "above": 40}


def test_blocks_that_stay_keep_every_byte():
    assert TEXT == rewrite_blocks(TEXT, "variable", [Block(0), Block(1)])
    assert TEXT == rewrite_blocks(TEXT, "variable", [Block(0, OLD), Block(1, TALL)])


def test_a_changed_value_leaves_the_lines_around_it():
    made = rewrite_blocks(TEXT, "variable", [Block(0, {**OLD, "at_least": 45}), Block(1)])

    assert TEXT.replace("at_least = 55", "at_least = 45") == made


def test_a_key_is_added_and_another_taken_out():
    wanted = {"name": "old", "label": "Old", "from": "age", "above": 54}
    made = rewrite_blocks(TEXT, "variable", [Block(0, wanted), Block(1)])

    assert 'name = "old"      # by us\nfrom = "age"\nlabel = "Old"\nabove = 54\n\n' in made


def test_a_block_is_taken_out_and_what_follows_stays():
    made = rewrite_blocks(TEXT, "variable", [Block(0)])

    assert TEXT[: TEXT.index('\n[[variable]]\nname = "tall"')] in made
    assert made.endswith(
        'at_least = 55     # years\n\n# what follows\n[table1]\npolicy = "paper"\n'
    )


def test_a_condition_under_a_header_of_its_own_is_changed():
    wanted = {**TALL, "among": {"field": "histology", "is": "FTC"}}
    made = rewrite_blocks(TEXT, "variable", [Block(0), Block(1, wanted)])

    assert 'among = { field = "histology", is = "FTC" }' in made
    assert "[variable.among]" not in made


def test_a_new_block_stands_behind_the_last_one():
    made = rewrite_blocks(TEXT, "variable", [Block(0), Block(1), Block(None, NEW)])

    assert 'is = "PTC"\n\n[[variable]]\nname = "large"\nfrom = "diameter"\nabove = 40\n' in made
    assert made.endswith('# what follows\n[table1]\npolicy = "paper"\n')


def test_the_first_block_of_a_table_stands_at_the_end():
    made = rewrite_blocks('[study]\ntitle = "T"', "eligibility", [Block(None, {"reason": "r"})])

    assert '[study]\ntitle = "T"\n\n[[eligibility]]\nreason = "r"\n' == made


def test_lists_on_one_line_are_refused_rather_than_guessed():
    with pytest.raises(StudyFileError, match="cannot be changed here"):
        rewrite_blocks('variable = [{ name = "a" }]\n', "variable", [])


@given(
    order=st.permutations([0, 1]).flatmap(lambda two: st.integers(0, 2).map(lambda n: two[:n])),
    changed=st.sets(st.sampled_from([0, 1])),
    added=st.integers(0, 2),
    windows=st.booleans(),
)
def test_what_is_meant_is_what_is_read(order, changed, added, windows):
    text = TEXT.replace("\n", "\r\n") if windows else TEXT
    said = [OLD, TALL]
    wanted = [Block(at, {**said[at], "label": "L"} if at in changed else None) for at in order]
    wanted += [Block(None, NEW)] * added
    made = tomllib.loads(rewrite_blocks(text, "variable", wanted))
    meant = [one.content or said[one.at] for one in wanted]

    assert meant == made.pop("variable", [])
    assert {key: value for key, value in tomllib.loads(TEXT).items() if key != "variable"} == made
