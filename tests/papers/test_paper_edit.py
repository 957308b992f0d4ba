"""A paper file is changed where its content changed, and nowhere else."""

from __future__ import annotations

import copy
import random
import tomllib
from pathlib import Path

import pytest

from avidity.papers.paper_edit import edited
from avidity.papers.paper_template import template

PAPERS = Path(__file__).resolve().parents[2] / "examples" / "papers"
SEED = PAPERS / "bellakhdar-2024" / "paper.toml"
FILES = [*sorted(PAPERS.glob("*/paper.toml"))]
SMALL = """\
# My own remark.

[paper]
title = "T"  # as on page 1

# ---- Groups ----

[[group]]
name = "a"   # the ill
n = "10"
# counted in Table 1
event = true

# typed twice
[[group]]
name = "b"
n = "20"

# ---- Table 1 ----

# the first row
[[row]]
variable = "age"
mean = { a = "5.0", b = "6.0" }  # years
count.yes = { a = "1" }
count.no = { a = "9" }

# the second row
[[row]]
variable = "sex"

# ---- Models ----

[[model]]
name = "m"

[[model.term]]
variable = "age"
p = "0.1"  # sic

[[model.term]]
variable = "sex"
# the end
"""


def remarks(text):
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def changed(text, change):
    """The file after a change of its content, and the lines that came and went."""
    content = tomllib.loads(text)
    change(content)
    made = edited(text, content)
    assert content == tomllib.loads(made)
    old, new = text.splitlines(), made.splitlines()
    return made, [x for x in old if x not in new], [x for x in new if x not in old]


def test_a_changed_value_changes_its_line_and_keeps_its_remark():
    made, gone, come = changed(SMALL, lambda x: x["model"][0]["term"][0].update(p="0.2"))

    assert ['p = "0.1"  # sic'] == gone
    assert ['p = "0.2"  # sic'] == come
    assert remarks(SMALL) == remarks(made)


def test_a_figure_of_one_group_changes_only_its_line():
    _, gone, come = changed(SMALL, lambda x: x["row"][0]["mean"].update(b="7.00"))

    assert ['mean = { a = "5.0", b = "6.0" }  # years'] == gone
    assert ['mean = { a = "5.0", b = "7.00" }  # years'] == come


def test_a_count_written_with_points_is_changed_added_and_taken_out_alone():
    def change(content):
        content["row"][0]["count"] = {"yes": {"a": "2"}, "maybe": {"a": "7"}}

    _, gone, come = changed(SMALL, change)

    assert ['count.yes = { a = "1" }', 'count.no = { a = "9" }'] == gone
    assert ['count.yes = { a = "2" }', 'count.maybe = { a = "7" }'] == come


def test_a_new_key_stands_where_the_manual_has_it():
    made, gone, come = changed(SMALL, lambda x: x["row"][0].update(p="0.5", where="Table 1"))

    assert [] == gone
    assert ['where = "Table 1"', 'p = "0.5"'] == come
    assert 'variable = "age"\nwhere = "Table 1"\nmean' in made
    assert 'count.no = { a = "9" }\np = "0.5"\n' in made


def test_an_entry_goes_with_its_own_remark_and_leaves_the_heading():
    made, gone, come = changed(SMALL, lambda x: x["row"].pop(0))

    assert [] == come
    assert "# the first row" in gone
    assert "# ---- Table 1 ----" in made
    assert "# the second row" in made


def test_a_new_entry_stands_behind_its_like():
    made, gone, _ = changed(SMALL, lambda x: x["group"].append({"name": "c", "n": "3"}))

    assert [] == gone
    assert made.index('name = "c"') < made.index("---- Table 1")
    assert remarks(SMALL) == remarks(made)


def test_a_new_line_of_a_model_stands_in_it():
    made, _, _ = changed(
        SMALL + '\n[[model]]\nname = "n"\n\n[[model.term]]\nvariable = "x"\n',
        lambda x: x["model"][0]["term"].append({"variable": "z"}),
    )

    assert made.index('variable = "z"') < made.index('name = "n"')


def test_new_sections_stand_in_the_order_of_the_manual():
    def change(content):
        content["flow"] = {"screened": "90", "left": [{"reason": "r", "n": "3"}]}
        content["methods"] = {"software": "R"}

    made, gone, _ = changed(SMALL, change)

    assert [] == gone
    assert made.index("[[group]]") < made.index("[flow]") < made.index("[[row]]")
    assert made.index("[[model.term]]") < made.index("[methods]")


def test_a_key_taken_out_leaves_its_remark():
    made, _, _ = changed(SMALL, lambda x: x["row"][0].pop("mean"))

    assert "# years" in made
    assert remarks(SMALL) == remarks(made)


def test_line_ends_of_windows_stay():
    made = edited(
        SMALL.replace("\n", "\r\n"), tomllib.loads(SMALL) | {"methods": {"alpha": "0.05"}}
    )

    assert made.count("\n") == made.count("\r\n")
    assert [] == [line for line in SMALL.splitlines() if line not in made.split("\r\n")]


def test_the_same_content_is_the_same_text():
    for file in FILES:
        text = file.read_text("utf-8")
        assert text == edited(text, tomllib.loads(text))


def test_a_file_laid_out_otherwise_still_says_what_is_meant():
    text = 'group = [{ name = "a", n = "3" }]\n[paper]\ntitle = "x"\n'
    wanted = {"paper": {"title": "y"}, "group": [{"name": "b"}, {"name": "c"}]}

    assert wanted == tomllib.loads(edited(text, wanted))


def places(content, here=()):
    """Every table with a key, and every list of tables."""
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in pairs:
        if isinstance(value, dict) or (
            isinstance(value, list) and value and value[0] != str(value[0])
        ):
            yield from places(value, (*here, key))
        else:
            yield content, key
    if isinstance(content, list):
        yield content, None


def shake(content, chance):
    """One thing changed, taken out or added, anywhere."""
    home, key = chance.choice(list(places(content)))
    if key is None:
        at = chance.randrange(len(home))
        move = chance.choice(["drop", "add", "copy"])
        if move == "drop" and len(home) > 1:
            del home[at]
        elif move == "add":
            home.append({"name": f"new{chance.randrange(99)}", "mean": {"a": "1", "b": "2"}})
        else:
            home.append(copy.deepcopy(home[at]))
    elif chance.random() < 0.3 and len(home) > 1:
        del home[key]
    elif chance.random() < 0.3:
        home[f"k{chance.randrange(9)}"] = chance.choice(["7", {"x": "1"}, {"y": {"a": "2"}}, ["q"]])
    else:
        home[key] = chance.choice(["1.0", 'a "b" # c', "é", True, ["x", "y"]])


@pytest.mark.parametrize("seed", range(60))
def test_whatever_changes_the_file_says_it_and_keeps_its_headings(seed):
    chance = random.Random(seed)
    texts = [SMALL, template(), *(file.read_text("utf-8") for file in FILES)]
    text = texts[seed % len(texts)]
    headings = [one for one in remarks(text) if "----" in one]
    for _ in range(8):
        content = tomllib.loads(text)
        shake(content, chance)
        text = edited(text, content)
        assert content == tomllib.loads(text)
    assert headings == [one for one in remarks(text) if "----" in one]
