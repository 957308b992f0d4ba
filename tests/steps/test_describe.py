"""Table 1: every variable by outcome, with its exact test."""

from __future__ import annotations

import pytest

from avidity.errors import StudyFileError
from avidity.steps.describe import compare_included, describe
from small_studies import rows_of

OCA = rows_of(("rair", "oca"), (3, "yes", "yes"), (29, "yes", "no"), (58, "no", "no"))
AGES = [("patient_id", "rair", "age_at_diagnosis")] + [
    (f"P{at}", "yes" if at % 2 else "no", 30 + at if at < 18 else "") for at in range(20)
]


def test_a_yes_no_variable_is_counted_by_group(labelled):
    row = describe(labelled(OCA)).rows["oca"]

    assert (3, 29, 32) == (row.first.count, row.first.other, row.first.n)
    assert (0, 58) == (row.second.count, row.second.n)
    assert row.first.share == pytest.approx(3 / 32)


def test_under_the_papers_policy_the_test_is_fisher_by_minimum_likelihood(labelled):
    # K146: R 4.2.2 fisher.test, 0.042219952
    row = describe(labelled(OCA, '[table1]\npolicy = "paper"\n')).rows["oca"]

    assert row.p_value == pytest.approx(0.042219952, abs=5e-10)
    assert "minimum likelihood" in row.test.method


def test_interval_and_p_say_the_same(labelled):
    # R's fisher.test prints p 0.042 beside an interval that holds 1 (K148): here they agree.
    row = describe(labelled(OCA, '[table1]\npolicy = "paper"\n')).rows["oca"]

    assert (row.p_value < 0.05) == (1 not in row.effect.interval)


@pytest.mark.parametrize(
    ("policy", "word", "chosen"),
    [
        ("paper", "pooled variance", "policy"),
        ("spss", "Shapiro–Wilk", "policy"),
        ("modern", "Welch", "policy"),
    ],
)
def test_the_policy_chooses_the_test_of_a_number(labelled, policy, word, chosen):
    row = describe(labelled(AGES, f'[table1]\npolicy = "{policy}"\n')).rows["age_at_diagnosis"]

    assert word in row.test.method
    assert chosen == row.chosen


def test_a_study_may_choose_a_test_of_its_own(labelled):
    row = describe(labelled(AGES, '[table1.tests]\nage_at_diagnosis = "mann-whitney"\n')).rows[
        "age_at_diagnosis"
    ]

    assert "Mann" in row.test.method
    assert "study.toml" == row.chosen


def test_missing_values_are_counted_by_group(labelled):
    row = describe(labelled(AGES)).rows["age_at_diagnosis"]

    assert (9, 1) == (row.first.n, row.first.missing)
    assert (9, 1) == (row.second.n, row.second.missing)
    assert (18, 2) == (row.overall.n, row.overall.missing)


def test_the_modern_policy_adjusts_for_the_number_of_tests(labelled):
    rows = [(*row, "x" if at % 3 else "y") for at, row in enumerate(AGES)]
    rows[0] = (*AGES[0], "side")

    table = describe(labelled(rows))

    assert "Holm" in table.adjusted
    for row in table.rows.values():
        assert row.p_adjusted >= row.p_value


def test_who_is_not_asked_is_counted_apart(labelled):
    rows = rows_of(
        ("rair", "histology", "histology_subtype"),
        (2, "yes", "PTC", "tall cell"),
        (3, "yes", "FTC", ""),
        (4, "no", "PTC", "classic"),
        (1, "no", "PTC", ""),
    )
    settings = """
[[variable]]
name = "aggressive"
from = "histology_subtype"
one_of = ["tall cell"]
among = { field = "histology", is = "PTC" }
"""
    row = describe(labelled(rows, settings)).rows["aggressive"]

    assert (3, 2, 0) == (row.not_asked, row.first.n, row.first.missing)
    assert (4, 1) == (row.second.n, row.second.missing)


def test_a_variable_that_never_varies_has_no_test_and_says_why(labelled):
    rows = rows_of(("rair", "multifocal"), (3, "yes", "no"), (3, "no", "no"))

    row = describe(labelled(rows)).rows["multifocal"]

    assert row.test is None
    assert "everybody has the same value" == row.no_test


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ('[table1]\nvariables = ["shoe"]\n', "unknown shoe"),
        ('[table1.tests]\noca = "magic"\n', "'magic' is no test for oca"),
        ('[table1.tests]\nshoe = "fisher"\n', "not in the table: shoe"),
    ],
)
def test_a_wish_nobody_can_fulfil_is_told(labelled, settings, word):
    with pytest.raises(StudyFileError, match=word):
        describe(labelled(OCA, settings))


def test_included_and_excluded_are_compared(labelled):
    rows = rows_of(
        ("rair", "received_rai", "age_at_diagnosis"),
        (3, "yes", "yes", 50),
        (3, "no", "yes", 40),
        (4, "no", "no", 70),
    )
    settings = '[[eligibility]]\nreason = "no RAI"\nfield = "received_rai"\nis = false\n'

    table = compare_included(labelled(rows, settings))

    assert (6, 4) == (table.n_first, table.n_second)
    assert (45.0, 70.0) == tuple(
        part.mean
        for part in (table.rows["age_at_diagnosis"].first, table.rows["age_at_diagnosis"].second)
    )


def test_when_nobody_left_there_is_nothing_to_compare(labelled):
    assert compare_included(labelled(OCA)) is None
