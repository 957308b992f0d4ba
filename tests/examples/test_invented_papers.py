"""The invented papers are what their script writes, say that they are invented, fit a cohort."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from avidity.papers.facts import facts
from avidity.papers.paper_file import read_paper

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "papers"
NAMES = ("invented-a", "invented-b", "invented-c")


def cohort(name):
    with (FOLDER / name / "cohort.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(name, column, group):
    return np.array([float(row[column]) for row in cohort(name) if row["group"] == group])


def test_the_script_writes_them_to_the_byte(tmp_path):
    for script in ("make_invented.py", "invented_figures.py"):
        (tmp_path / script).write_bytes((FOLDER / script).read_bytes())
    subprocess.run([sys.executable, tmp_path / "make_invented.py"], check=True, capture_output=True)

    for name in NAMES:
        for file in ("paper.toml", "cohort.csv"):
            assert (FOLDER / name / file).read_text() == (tmp_path / name / file).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_each_says_plainly_that_it_is_made_up(name):
    paper = read_paper(FOLDER / name)

    assert "its patients do not exist" in paper.about.made_up
    assert paper.about.title.startswith("Invented")
    assert FOLDER.joinpath(name, "paper.toml").read_text().startswith("# Nobody published this")


@pytest.mark.parametrize("name", NAMES)
def test_every_count_share_mean_and_median_is_that_of_its_cohort(name):
    paper, rows = read_paper(FOLDER / name), cohort(name)
    checked = 0
    for row in paper.rows:
        for group in paper.groups:
            values = [one[row.variable] for one in rows if one["group"] == group.name]
            assert len(values) == group.n.value
            for answer, by_group in row.count.items():
                assert values.count(answer) == by_group[group.name].value
                checked += 1
            for answer, by_group in row.percent.items():
                assert by_group[group.name].holds(100 * values.count(answer) / len(values))
            if row.mean:
                assert row.mean[group.name].holds(np.mean([float(one) for one in values]))
                assert row.sd[group.name].holds(np.std([float(one) for one in values], ddof=1))
            if row.median:
                quartiles = np.quantile(
                    [float(one) for one in values], (0.25, 0.5, 0.75), method="weibull"
                )
                for printed, ours in zip((row.q1, row.median, row.q3), quartiles, strict=True):
                    assert printed[group.name].holds(ours)
    assert checked >= 12


@pytest.mark.parametrize(
    ("name", "path", "test"),
    [
        ("invented-a", "row.age.p", lambda x, y: stats.ttest_ind(x, y, equal_var=False)),
        ("invented-b", "row.age.p", stats.ttest_ind),
        (
            "invented-c",
            "row.size.p",
            lambda x, y: stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=False),
        ),
    ],
)
def test_each_compares_numbers_in_its_own_way(name, path, test):
    variable = path.split(".")[1]

    found = test(numbers(name, variable, "rair"), numbers(name, variable, "other")).pvalue

    assert facts(read_paper(FOLDER / name))[path].number.holds(found)


def test_a_row_of_four_levels_is_tested_exactly_in_one_and_a_stage_of_three_by_pearson_in_another():
    a, b = (read_paper(FOLDER / name) for name in ("invented-a", "invented-b"))
    table = [
        [by[group].value for group in ("rair", "other")] for by in b.row("stage").count.values()
    ]
    # R 4.2.2: fisher.test(rbind(c(11,29), c(13,26), c(9,21), c(7,4)))$p.value
    exact = 0.172694533039

    assert b.row("stage").p.holds(stats.chi2_contingency(np.array(table, float)).pvalue)
    assert a.row("t_stage").p.holds(exact)


def test_where_the_truth_lies_beside_a_paper_its_stated_figures_agree_with_its_tables():
    for name in NAMES:
        paper = read_paper(FOLDER / name)
        found = facts(paper)
        for one in paper.statements:
            if one.fact in found:
                printed = found[one.fact].number
                assert one.printed.low <= printed.high
                assert printed.low <= one.printed.high
