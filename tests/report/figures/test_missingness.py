"""The picture of patterns: every word legible, every count in it."""

from __future__ import annotations

import pytest

from avidity.report.figures import missingness as module
from avidity.report.figures.inputs_missing import (
    MissingPattern,
    MissingPatterns,
    MissingVariable,
)
from avidity.report.figures.missingness import missingness


def plan(variables, patterns, n=12, name="Age at diagnosis, years"):
    """So many variables; the first pattern is complete, each further one lacks one variable."""
    answers = [
        tuple(at > 0 and v == (at - 1) % variables for v in range(variables))
        for at in range(patterns)
    ]
    drawn = tuple(MissingPattern(each, n, n // 3) for each in answers)
    counts = [sum(p.n for p in drawn if p.missing[v]) for v in range(variables)]
    return MissingPatterns(
        tuple(MissingVariable(f"{name} {at}", c, f"{c} (12.3%)") for at, c in enumerate(counts)),
        drawn,
    )


@pytest.mark.parametrize(
    ("variables", "patterns", "n", "name"),
    [
        (1, 1, 90, "Sex"),
        (7, 8, 12, "Thyroglobulin six months after ablation, after withdrawal, ng/mL"),
        (5, 60, 12345, "Age"),
        (20, 30, 3, "Extrathyroidal extension " * 4),
    ],
)
def test_no_words_collide_and_none_leave_the_sheet(
    words_of, check_words, variables, patterns, n, name
):
    sheet, words = words_of(module, missingness, plan(variables, patterns, n, name))

    check_words(sheet, words)


def test_counts_of_patients_cases_and_missing_are_printed(words_of):
    said = [text for text, _, _ in words_of(module, missingness, plan(2, 3))[1]]

    assert said.count("12") == 3
    assert said.count("4") == 3
    assert "Patients (n = 36)" in said
    assert "of them refractory" in said
    assert said.count("12 (12.3%)") == 2


def test_patterns_that_do_not_fit_are_counted_in_words(words_of):
    said = [text for text, _, _ in words_of(module, missingness, plan(5, 60))[1]]
    rest = 60 - said.count("4")

    assert rest > 0
    assert f"Not drawn: {rest} rarer patterns with {12 * rest} patients together." in said[-1]


def test_a_missing_cell_carries_a_cross_beside_its_colour():
    crossed = missingness(plan(2, 3)).svg.count(b"stroke: #ffffff")
    whole = missingness(plan(2, 1)).svg.count(b"stroke: #ffffff")

    assert crossed - whole == 2 * 2  # two missing cells, two strokes each
