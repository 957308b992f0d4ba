"""What a form holds becomes a paper file that reads back the same."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.papers.paper_text import paper_text

PAPERS = sorted((Path(__file__).resolve().parents[2] / "examples" / "papers").glob("*/paper.toml"))

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(min_size=1, max_size=6)
PLAIN = st.one_of(TEXTS, st.booleans(), st.integers(), st.lists(TEXTS, max_size=3))
TABLES = st.dictionaries(KEYS.filter(str.isprintable), PLAIN, max_size=3)
ENTRIES = st.one_of(PLAIN, TABLES, st.dictionaries(KEYS.filter(str.isprintable), TABLES))
FILES = st.dictionaries(
    st.sampled_from(["paper", "group", "row", "methods", "another one"]),
    st.one_of(
        st.dictionaries(KEYS.filter(str.isprintable), ENTRIES, max_size=4),
        st.lists(
            st.dictionaries(KEYS.filter(str.isprintable), ENTRIES, max_size=4),
            min_size=1,
            max_size=3,
        ),
    ),
)


@pytest.mark.parametrize("file", PAPERS, ids=lambda file: file.parent.name)
def test_every_paper_reads_back_the_same(file):
    content = tomllib.loads(file.read_text("utf-8"))

    assert content == tomllib.loads(paper_text(content))


@given(FILES)
def test_any_content_reads_back_the_same(content):
    assert content == tomllib.loads(paper_text(content))


def test_sections_stand_in_the_order_of_the_manual():
    text = paper_text({"row": [{"variable": "age"}], "paper": {"title": "x"}, "group": [{}]})

    assert text.index("[paper]") < text.index("[[group]]") < text.index("[[row]]")
