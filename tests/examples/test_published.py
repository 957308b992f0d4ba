"""Every figure the paper prints is looked for in the results of the example study."""

from __future__ import annotations

import pytest

CONTRADICTED = {
    ("Methods, histology", "papillary carcinoma, %"),
    ("Methods, histology", "follicular carcinoma, %"),
    ("Methods, histology", "oncocytic carcinoma, %"),
    ("Methods, histology", "differentiated high-grade carcinoma, %"),
    ("Methods, histology", "poorly differentiated carcinoma, %"),
    ("Fig. 1", "age, cut-off"),
}


@pytest.fixture(scope="module")
def comparison(folder):
    from avidity.papers.printed import compare, read_published
    from avidity.steps.run import run
    from avidity.study import read_study

    return compare(read_published(folder / "published.toml"), run(read_study(folder)))


def test_all_but_what_the_paper_itself_contradicts_is_the_same(comparison):
    other = {(line.where, line.item) for line in comparison.lines if line.verdict != "same"}

    assert other == CONTRADICTED
    assert len(comparison.lines) == 90


def test_what_differs_says_why(comparison):
    for line in comparison.lines:
        if line.verdict == "differs":
            assert line.value is not None  # ours was found, so the path leads somewhere
        if line.verdict != "same":
            assert "paper" in line.because


def test_thirteen_contradictions_and_gaps_are_told(comparison):
    assert len(comparison.remarks) == 13
    assert all(title and len(text) > 40 for title, text in comparison.remarks)
