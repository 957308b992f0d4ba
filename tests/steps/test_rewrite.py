"""A study file is changed where it was asked and nowhere else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.errors import StudyFileError
from avidity.steps.rewrite import rewrite
from avidity.steps.template import study_text

TEXT = """# Our study. "quoted" = [remark
[study]
title = "T"  # as printed

[outcome]   # who
definition = "ata-2015"
switches = { a = true }

# the model
[model]
terms = [
    "age",  # in years
    "sex",
]
principle = "wald"

[model.screen]
candidates = ["age", "sex"]

[[variable]]
name = "old"
from = "age"
at_least = 55

[columns.patients]
"taille (cm) = x" = { field = "height", unit = "cm" }
"""


def test_a_value_is_changed_and_its_remark_stays():
    told = rewrite(TEXT, {("study", "title"): 'A "new" one'})

    assert TEXT.replace('title = "T"', 'title = "A \\"new\\" one"') == told


def test_the_same_value_leaves_every_byte():
    changes = {
        ("study", "title"): "T",
        ("model", "terms"): ["age", "sex"],
        ("model", "screen"): {"candidates": ["age", "sex"]},
        ("outcome", "cannot_say"): None,
    }

    assert TEXT == rewrite(TEXT, changes)


def test_a_new_key_stands_at_the_end_of_its_table():
    told = rewrite(TEXT, {("outcome", "overrides"): "overrides.csv"})

    assert 'switches = { a = true }\noverrides = "overrides.csv"\n\n# the model' in told


def test_a_new_table_stands_at_the_end():
    told = rewrite(TEXT, {("sound", "terms"): ["age"], ("sound", "knots"): {"age": 4}})

    assert told.startswith(TEXT)
    assert '\n[sound]\nterms = ["age"]\n\n[sound.knots]\nage = 4\n' == told[len(TEXT) :]


def test_a_key_is_taken_out():
    told = rewrite(TEXT, {("model", "principle"): None})

    assert TEXT.replace('principle = "wald"\n', "") == told


def test_a_table_is_taken_out_with_its_header():
    told = rewrite(TEXT, {("model", "screen"): None})

    assert TEXT.replace('[model.screen]\ncandidates = ["age", "sex"]\n', "") == told


def test_a_list_over_lines_is_replaced_whole():
    told = rewrite(TEXT, {("model", "terms"): ["sex"]})

    assert '[model]\nterms = ["sex"]\nprinciple' in told


def test_a_table_may_be_written_in_one_line_or_many():
    told = rewrite(TEXT, {("outcome", "switches"): {"a": False, "b": 2}})
    screen = rewrite(TEXT, {("model", "screen"): {"candidates": ["age"], "p_below": 0.1}})

    assert "switches = { a = false, b = 2 }" in told
    assert '[model.screen]\ncandidates = ["age"]\np_below = 0.1\n\n[[variable]]' in screen


def test_a_header_of_any_kind_is_found():
    path = ("columns", "patients", "taille (cm) = x")
    told = rewrite(TEXT, {path: {"field": "weight"}})

    assert '"taille (cm) = x" = { field = "weight" }' in told
    assert "unit" not in told


def test_the_columns_of_a_second_table_get_a_section_of_their_own():
    told = rewrite(TEXT, {("columns", "labs", "Tg µg/L"): {"field": "tg", "unit": "µg/L"}})

    assert told.endswith('[columns.labs]\n"Tg µg/L" = { field = "tg", unit = "µg/L" }\n')


def test_a_table_written_with_points_goes_on_so():
    text = '[columns]\npatients."a b".ignore = true\nlabs.x.ignore = true\n\n[model]\n'
    path = ("columns", "patients", "Âge (ans)")
    told = rewrite(text, {path: {"field": "age_at_diagnosis"}})

    made = 'patients."Âge (ans)" = { field = "age_at_diagnosis" }\n'
    assert text.replace("labs.x", made + "labs.x") == told


def test_windows_line_ends_and_its_mark_stay():
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    told = rewrite(text, {("study", "title"): "U"})

    assert text.replace('"T"', '"U"') == told


def test_a_file_without_a_last_line_end_is_not_glued():
    told = rewrite('[study]\ntitle = "T"', {("study", "seed"): 3, ("model", "terms"): ["a"]})

    assert '[study]\ntitle = "T"\nseed = 3\n\n[model]\nterms = ["a"]\n' == told


def test_what_cannot_be_changed_alone_is_left_alone():
    with pytest.raises(StudyFileError, match="change it in an editor"):
        rewrite('study = { title = "a", seed = 1 }\n', {("study", "seed"): 2})


def test_text_over_several_lines_is_one_value():
    text = '[study]\ntitle = """a\n[model]\n# b"""  # remark\nseed = 3\n'

    assert text.replace("3", "4") == rewrite(text, {("study", "seed"): 4})
    assert 'title = "x"  # remark\nseed' in rewrite(text, {("study", "title"): "x"})


def test_no_toml_is_said():
    with pytest.raises(StudyFileError, match="no valid TOML"):
        rewrite("[study\n", {("study", "title"): "x"})


def test_many_changes_at_once_find_their_tables():
    changes = {
        ("table1", "policy"): "spss",
        ("model", "terms"): ["a"],
        ("cutoffs", "fields"): ["a"],
        ("cutoffs", "fixed"): {"a": 1.5},
        ("cutoffs", "lower_means_case"): ["a"],
        ("sound", "knots"): {"a": 3},
        ("sound", "terms"): ["a"],
        ("model", "screen"): {"candidates": ["a"], "p_below": 0.1},
        ("model", "principle"): "profile",
    }
    made = tomllib.loads(rewrite('[study]\ntitle = "T"\n', changes))

    assert {"terms": ["a"], "screen": {"candidates": ["a"], "p_below": 0.1}} == {
        key: made["model"][key] for key in ("terms", "screen")
    }
    assert {"fields": ["a"], "fixed": {"a": 1.5}, "lower_means_case": ["a"]} == made["cutoffs"]
    assert {"knots": {"a": 3}, "terms": ["a"]} == made["sound"]


NAMES = st.text(min_size=1, max_size=8)
VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.lists(st.text(max_size=30), max_size=8),
    st.dictionaries(NAMES, st.text(max_size=8), min_size=1, max_size=3),
)


@given(NAMES, NAMES, VALUES, VALUES)
def test_whatever_is_set_is_read_back(table, key, first, second):
    path = (table, key)
    once = rewrite(study_text(), {path: first})
    twice = rewrite(once, {path: second})

    assert first == tomllib.loads(once)[table][key]
    assert second == tomllib.loads(twice)[table][key]
    gone = tomllib.loads(rewrite(twice, {path: None}))
    assert tomllib.loads(study_text()) == {k: v for k, v in gone.items() if v}
