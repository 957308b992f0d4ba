"""Nothing in the comparison is hard-coded: another patient, another verdict."""

from __future__ import annotations

import csv
import random
import shutil

import pytest

from avidity.papers.printed import compare, read_published
from avidity.steps.run import run
from avidity.study import read_study


@pytest.fixture
def copy(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "twin", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "twin"


def change(folder, table, edit):
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows = edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def lines(folder):
    results = run(read_study(folder))
    compared = compare(read_published(folder / "published.toml"), results)
    return results, {(line.where, line.item): line for line in compared.lines}


def one_patient(rows, column, old, new):
    """Change the first analysed patient (complete follow-up, treated) who has the old value."""
    head = rows[0]
    at, done, rai = (head.index(name) for name in (column, "follow_up_complete", "received_rai"))
    found = next(row for row in rows[1:] if (row[at], row[done], row[rai]) == (old, "yes", "yes"))
    found[at] = new
    return rows


def test_one_patient_more_multifocal_turns_its_rows_and_only_those(copy):
    change(copy, "patients", lambda rows: one_patient(rows, "multifocal", "no", "yes"))

    _, found = lines(copy)

    turned = {item for (where, item), line in found.items() if where == "Table 1" and line.because}
    assert turned
    assert all("multifocal" in item for item in turned)


def test_a_lesion_that_no_longer_takes_up_changes_who_is_refractory(copy):
    def cold(rows):
        at = rows[0].index("uptake")
        for row in rows[1:]:
            row[at] = "not avid"
        return rows

    change(copy, "lesion_uptake", cold)

    results, found = lines(copy)

    assert results.flow.yes > 32
    assert "differs" == found["Results", "refractory"].verdict
    assert results.flow.adds_up()


def test_an_older_patient_moves_the_mean(copy):
    change(copy, "patients", lambda rows: one_patient(rows, "age_at_diagnosis (years)", "54", "55"))

    _, found = lines(copy)

    assert "differs" == found["Table 1", "age, not refractory, mean"].verdict


def test_a_lost_record_makes_the_answer_open_and_never_no(copy):
    change(copy, "follow_up", lambda rows: rows[:1])

    results, _ = lines(copy)

    assert results.outcome.cannot_say > 0
    assert results.outcome.no <= 58
    assert results.outcome.cannot_say == results.flow.undecided


def test_shuffling_rows_and_columns_changes_nothing(folder, copy):
    order = random.Random(7)

    def shuffled(rows):
        head, *body = rows
        order.shuffle(body)
        columns = list(range(len(head)))
        order.shuffle(columns)
        return [[row[at] for at in columns] for row in [head, *body]]

    for path in copy.glob("*.csv"):
        change(copy, path.stem, shuffled)
    first, second = run(read_study(folder)), run(read_study(copy))

    assert first.cohort.sha256 == second.cohort.sha256
    assert first.flow == second.flow
    assert first.outcome == second.outcome
    assert first.agreement == second.agreement
    for name, row in first.table1.rows.items():
        assert row.p_value == pytest.approx(second.table1.rows[name].p_value, rel=1e-9)
    ours, theirs = first.model.multivariable, second.model.multivariable
    assert ours.coefficients == pytest.approx(theirs.coefficients, rel=1e-9)
    for name, cut in first.cutoffs.predictors.items():
        assert cut.auc == second.cutoffs.predictors[name].auc
        assert cut.cutoff.value == second.cutoffs.predictors[name].cutoff.value


def test_every_count_adds_up(folder):
    results = run(read_study(folder))

    assert results.flow.adds_up()
    for row in results.table1.rows.values():
        people = row.first.n + row.first.missing + row.second.n + row.second.missing
        assert 90 == people + row.not_asked
    for fit in (*results.model.univariable.values(), results.model.multivariable):
        assert fit.came_in == fit.n + sum(fit.left.values()) + fit.not_asked
    for cut in results.cutoffs.predictors.values():
        table = cut.cutoff.performance.table
        assert cut.n == table.tp + table.fp + table.fn + table.tn
        assert sum(cut.histogram.yes) + sum(cut.histogram.no) == cut.n
    for one in results.agreement.answers.values():
        assert results.agreement.patients == one.yes + one.no + one.cannot_say


def test_metastasis_is_named_as_circular(folder):
    results = run(read_study(folder))

    assert any(one.variable == "metastasis" and one.final for one in results.overlaps)
    assert any("Circularity" in caution.text for caution in results.cautions)


def test_another_definition_is_another_outcome(folder):
    results = run(read_study(folder).under("ata-2015"))

    assert "ata-2015" == results.outcome.by
    assert (23, 57) == (results.flow.yes, results.flow.no)
    assert 10 == results.flow.undecided
