"""Twins: every printed figure carried where it can be, and never said to be where it is not."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from avidity.papers.paper_file import read_paper
from avidity.papers.printed_counts import PrintedCounts
from avidity.papers.twin import twins
from avidity.papers.twin_cohort import TwinCohort, derived
from avidity.papers.twin_compare import compare_twin, own_figures
from avidity.papers.twin_joint import drawn, joint_table
from avidity.stats.twins.values import Effort

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "papers"
SEED = read_paper(FOLDER / "bellakhdar-2024")
NOT_THE_ANALYSED = {"flow.screened", "flow.left.1", "flow.left.2"}


@pytest.fixture(scope="module")
def two():
    return tuple(twins(SEED, 2, 1))


def read(tmp_path, text, name="bellakhdar-2024"):
    """A paper after replacements in its file."""
    file = tmp_path / "paper.toml"
    shown = FOLDER.joinpath(name, "paper.toml").read_text("utf-8")
    for old, new in text.items():
        assert old in shown
        shown = shown.replace(old, new)
    file.write_text(shown, "utf-8")
    return read_paper(file)


def verdicts(twin, verdict):
    return {line.path for line in twin.lines if line.verdict == verdict}


def test_the_seed_papers_contradictions_are_the_only_figures_its_twins_do_not_carry(two):
    shares = {
        f"row.histology.percent.{name}.all" for name in ("ptc", "ftc", "oca", "dhgtc", "pdtc")
    }
    for twin in two:
        assert 90 == len(twin.lines)
        assert shares | {"row.age_54.p"} == verdicts(twin, "differs")
        assert NOT_THE_ANALYSED == verdicts(twin, "not computed")
        assert 81 == twin.count("same")


def column(twin, name, group):
    return np.array(twin.cohort.known(name, group), dtype=float)


def test_a_twin_of_the_seed_paper_recomputed_by_hand(two):
    for twin in two:
        age, other = (column(twin, "age", group) for group in ("rair", "other"))
        assert (1698, 96288) == (age.sum(), (age**2).sum())  # K143
        assert (2577, 124263) == (other.sum(), (other**2).sum())
        size, small = (column(twin, "diameter", group) for group in ("rair", "other"))
        assert (1302, 68666) == (size.sum(), (size**2).sum())
        assert (1155, 32919) == (small.sum(), (small**2).sum())
        won = stats.mannwhitneyu(age, other).statistic
        assert 1263.5 <= won <= 1264.5  # K150
        assert 1465.5 <= stats.mannwhitneyu(size, small).statistic <= 1467
        assert (19, 44) == ((age > 54).sum(), (other <= 54).sum())  # both of Fig. 1, at "above 54"
        assert (17, 77) == (min(age.min(), other.min()), max(age.max(), other.max()))


def test_the_joint_table_of_the_seed_paper_is_the_only_one(two):
    for twin in two:
        columns = twin.cohort.columns
        names = ("age_54", "diameter_29", "metastasis")
        patterns = list(zip(*(columns[name] for name in names), strict=True))
        counts = [
            patterns.count((a, b, c))
            for a in (False, True)
            for b in (False, True)
            for c in (False, True)
        ]
        assert [30, 5, 13, 7, 16, 4, 9, 6] == counts  # K152


def test_several_twins_show_what_is_left_open_and_what_is_not(two):
    first, second = (twin.others for twin in two)

    assert first["model.multivariable.auc"] != second["model.multivariable.auc"]
    assert all(
        0.8599 < other["model.multivariable.auc"] < 0.9139 for other in (first, second)
    )  # K154
    assert first["model.multivariable.intercept"] == pytest.approx(-3.08474668, abs=1e-7)  # K153
    assert second["model.multivariable.intercept"] == pytest.approx(-3.08474668, abs=1e-7)
    assert two[0].cohort != two[1].cohort


def test_the_same_seed_makes_the_same_twins(two):
    assert two[0] == next(iter(twins(SEED, 1, 1)))


@pytest.mark.parametrize("name", ["invented-a", "invented-b", "invented-c"])
def test_nothing_differs_from_a_paper_without_a_contradiction(name):
    paper = read_paper(FOLDER / name)

    (twin,) = twins(paper, 1, 5)

    assert set() == verdicts(twin, "differs")
    assert verdicts(twin, "not computed") <= NOT_THE_ANALYSED | {"roc.thyroglobulin.cutoff"}
    assert twin.count("same") > 60


def test_subgroups_and_types_stay_within_each_other(two):
    columns = two[0].cohort.columns
    for kind, high_risk, papillary in zip(
        columns["histology"], columns["high_risk_subtype"], columns["ptc"], strict=True
    ):
        assert papillary == (kind == "ptc")
        assert (high_risk is None) == (not papillary)


QUICK = Effort(2, 3000)


def test_a_mean_that_cannot_be_is_told_and_the_rest_still_carried(tmp_path):
    paper = read(tmp_path, {'mean = { rair = "53.06"': 'mean = { rair = "53.08"'})  # of 32: no

    (twin,) = twins(paper, 1, 1, QUICK)

    assert "row.age.mean.rair" in verdicts(twin, "differs")
    assert any(note.startswith("age: no numbers with the printed means") for note in twin.notes)
    assert "row.diameter.sd.rair" in verdicts(twin, "same")


def test_a_p_value_that_contradicts_its_means_is_given_up_and_not_the_means(tmp_path):
    paper = read(tmp_path, {'p = "0.465"': 'p = "0.965"'}, "invented-b")

    (twin,) = twins(paper, 1, 1, QUICK)

    (line,) = [line for line in twin.lines if line.path == "row.diameter.p"]
    assert "differs" == line.verdict
    assert {"row.diameter.mean.rair", "row.diameter.sd.other"} <= verdicts(twin, "same")
    assert any("p values, the area's interval and the best cut-off" in one for one in twin.notes)


def test_a_sensitivity_no_reading_allows_is_told(tmp_path):
    paper = read(tmp_path, {'sensitivity = "65.6%"': 'sensitivity = "71.9%"'})  # 23 of 32

    (twin,) = twins(paper, 1, 1, QUICK)

    assert "roc.diameter.sensitivity" in verdicts(twin, "differs")
    assert any("under no reading of the cut-off" in note for note in twin.notes)
    assert "row.diameter_29.count.yes.rair" in verdicts(twin, "same")


def test_a_model_that_no_patients_give_is_told(tmp_path):
    paper = read(tmp_path, {'odds_ratio = "6.502"': 'odds_ratio = "9.502"'})

    (twin,) = twins(paper, 1, 1, QUICK)

    assert any("laid over the patients without regard" in note for note in twin.notes)
    assert "model.multivariable.age_54.odds_ratio" in verdicts(twin, "differs")
    assert "row.metastasis.count.yes.rair" in verdicts(twin, "same")


def small(tmp_path, rows):
    (tmp_path / "paper.toml").write_text(
        '[paper]\ntitle = "t"\n[[group]]\nname = "a"\nn = "20"\nevent = true\n'
        '[[group]]\nname = "b"\nn = "30"\n' + rows,
        "utf-8",
    )
    return read_paper(tmp_path)


def test_counts_follow_from_percentages_and_missing_values_stay_missing(tmp_path):
    rows = (
        '[[variable]]\nname = "x"\n[[row]]\nvariable = "x"\nmissing = { a = "2", b = "0" }\n'
        'percent.yes = { a = "44", b = "40" }\n'
    )
    paper = small(tmp_path, rows)

    (twin,) = twins(paper, 1, 1)

    known = PrintedCounts(paper)
    assert (8, 10) == tuple(known.count(paper.variable("x"), one, "a") for one in ("yes", "no"))
    assert (18, 2) == (len(twin.cohort.known("x", "a")), twin.cohort.missing("x", "a"))
    assert set() == verdicts(twin, "differs") | verdicts(twin, "not computed")


def test_what_nothing_is_printed_of_is_left_out_and_said(tmp_path):
    rows = '[[variable]]\nname = "x"\n[[variable]]\nname = "y"\nkind = "number"\n'

    (twin,) = twins(small(tmp_path, rows), 1, 1)

    assert {} == dict(twin.cohort.columns)
    assert [True, True] == [one.split(":")[0] in "xy" for one in twin.notes]


def test_an_outcome_below_a_low_cut_off_is_understood(tmp_path):
    rows = (
        '[[variable]]\nname = "uptake"\nkind = "number"\nunit = "%"\nstep = "1"\n'
        '[[variable]]\nname = "low_uptake"\nfrom = "uptake"\nat_most = "12"\n'
        '[[row]]\nvariable = "low_uptake"\ncount.yes = { a = "15", b = "9" }\n'
        '[[row]]\nvariable = "uptake"\nmedian = { a = "9", b = "16" }\n'
        '[[roc]]\nvariable = "uptake"\npositive = "low"\nauc = "0.750"\ncutoff = "12"\n'
        'comparison = "at_most"\nsensitivity = "75"\nspecificity = "70"\n'
        '[methods]\ncutoffs = "found in these data"\n'
    )

    (twin,) = twins(small(tmp_path, rows), 1, 1)

    assert set() == verdicts(twin, "differs") | verdicts(twin, "not computed")
    assert 15 == sum(value <= 12 for value in twin.cohort.known("uptake", "a"))


def test_no_figure_is_called_the_same_by_two_readings_at_once(tmp_path):
    """Sensitivity only at 12 or more, specificity only above 12: no single cut-off gives both."""
    rows = (
        '[[variable]]\nname = "x"\nkind = "number"\n[[roc]]\nvariable = "x"\ncutoff = "12"\n'
        'sensitivity = "100"\nspecificity = "100"\n'
    )
    paper = small(tmp_path, rows)
    cohort = TwinCohort(("a",) * 20 + ("b",) * 30, {"x": (12.0,) * 50})

    lines = {line.path: line.verdict for line in compare_twin(paper, own_figures(paper, cohort))}

    assert {"same", "differs"} == {lines["roc.x.sensitivity"], lines["roc.x.specificity"]}


def test_an_invented_papers_own_cohort_carries_all_of_its_figures():
    for name in ("invented-a", "invented-b", "invented-c"):
        paper = read_paper(FOLDER / name)
        with (FOLDER / name / "cohort.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        convert = {"number": float, "yes/no": lambda cell: cell == "yes", "category": str}
        columns = {
            one.name: tuple(convert[one.kind](row[one.name]) for row in rows)
            for one in paper.variables
            if not one.from_
        }
        cohort = TwinCohort(tuple(row["group"] for row in rows), derived(paper, columns))

        lines = compare_twin(paper, own_figures(paper, cohort))

        assert [] == [line.path for line in lines if line.verdict == "differs"]
        rest = {line.path for line in lines if line.verdict == "not computed"}
        assert rest <= NOT_THE_ANALYSED | {"roc.thyroglobulin.cutoff"}


def test_a_difference_says_which_test_would_print_so_and_what_stands_against_it(two):
    lines = {line.path: line for line in two[0].lines}

    p = lines["row.age_54.p"].because
    assert re.search(r"pearson gives 0\.00306.*fisher gives 0\.00620.*yates gives 0\.00623", p)
    assert "logistic wald, which the paper does not name, would print so" in p
    share = lines["row.histology.percent.ptc.all"].because
    assert (
        "ours is 86.67; everything else printed of histology in Table 1 and Results is met" == share
    )


def test_a_cross_table_outside_the_model_is_met_and_one_that_cannot_be_is_told(tmp_path):
    rows = (
        '[[variable]]\nname = "age"\nkind = "number"\nunit = "years"\nstep = "1"\n'
        '[[variable]]\nname = "old"\nfrom = "age"\nat_least = "60"\n'
        '[[variable]]\nname = "x"\n[[variable]]\nname = "y"\n'
        '[[row]]\nvariable = "age"\nmean = { a = "61.5", b = "50.1" }\n'
        '[[row]]\nvariable = "old"\ncount.yes = { a = "12", b = "8" }\n'
        '[[row]]\nvariable = "x"\ncount.yes = { a = "10", b = "10" }\n'
        '[[row]]\nvariable = "y"\ncount.yes = { a = "7", b = "20" }\n'
        '[[cross]]\nname = "old_x"\nrows = "old"\ncolumns = "x"\n'
        'count.yes = { yes = "14", no = "6" }\n'
        '[[cross]]\nname = "x_y"\nrows = "x"\ncolumns = "y"\ngroup = "a"\n'
        'count.yes = { yes = "6", no = "4" }\n'
    )

    (twin,) = twins(small(tmp_path, rows), 1, 1)
    impossible = rows.replace('{ yes = "6", no = "4" }', '{ yes = "9", no = "4" }')
    (other,) = twins(small(tmp_path, impossible), 1, 1)

    assert (set(), ()) == (verdicts(twin, "differs"), twin.notes)
    assert {"cross.x_y.count.yes.yes"} <= verdicts(other, "differs")
    assert any("not every cell could be met" in note for note in other.notes)
    assert "cross.old_x.count.yes.no" in verdicts(other, "same")


@pytest.mark.parametrize("name", ["invented-a", "invented-b", "invented-c"])
def test_the_joint_table_of_a_twin_is_that_of_the_cohort_the_paper_was_counted_from(name):
    """Rebuilt from the print alone; the truth lies beside the paper."""
    paper = read_paper(FOLDER / name)
    with (FOLDER / name / "cohort.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    joint = joint_table(paper)
    names = [one.name for one in joint.asked.predictors]
    cells = drawn(joint, np.random.default_rng(3))

    found = Counter()
    for table in cells.values():
        for answers, n in table:
            found[tuple(answers[one] for one in names)] += n

    assert "one" == joint.rebuilt.answer
    assert +found == Counter(tuple(row[one] for one in names) for row in rows)


def test_a_p_value_and_its_statistic_are_of_one_test(tmp_path):
    rows = (
        '[[variable]]\nname = "x"\n[[row]]\nvariable = "x"\ntest = "chi-square"\n'
        'count.yes = { a = "12", b = "9" }\np = "0.035"\nstatistic = "3.29"\n'
    )  # p is Pearson's, the statistic Yates's

    (twin,) = twins(small(tmp_path, rows), 1, 1)

    assert {"row.x.statistic"} == verdicts(twin, "differs")
