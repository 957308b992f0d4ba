"""Whatever can be typed into a paper file, twins are made of it as far as it goes.

Papers with empty groups, counts that contradict each other, percentages beyond 100, p values below
0: none may end in a traceback, and no twin may claim a figure it does not carry.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avidity.papers.facts import facts
from avidity.papers.paper_file import checked
from avidity.papers.twin import twins
from avidity.papers.twin_compare import own_figures
from avidity.report.twins import about
from avidity.stats.twins.values import Effort

NUMBERS = st.sampled_from(["0", "1", "5.0", "12", "33.3", ".5", "<0.001", "-3", "100", "2.25"])
COUNTS = st.sampled_from(["0", "1", "2", "3", "5", "20"])
PLACES = ("a", "b", "all")
OF_NUMBERS = ("mean", "sd", "median", "q1", "q3", "minimum", "maximum", "se", "iqr")
TESTS = ("", "t", "fisher", "mann-whitney", "pearson", "anova", "trend")
CUTS = ("at_least", "above", "at_most", "below")


def by_group(one):
    return st.dictionaries(st.sampled_from(PLACES), one, min_size=1)


@st.composite
def rows(draw, name, kind, answers):
    row = {"variable": name, "p": draw(NUMBERS), "test": draw(st.sampled_from(TESTS))}
    if kind == "number":
        chosen = draw(st.sets(st.sampled_from(OF_NUMBERS), max_size=4))
        row |= {key: draw(by_group(NUMBERS)) for key in sorted(chosen)}
    else:
        row["count"] = draw(st.dictionaries(st.sampled_from(answers), by_group(COUNTS)))
        row["percent"] = draw(st.dictionaries(st.sampled_from(answers), by_group(NUMBERS)))
        row["percent_of"] = draw(st.sampled_from(["group", "level", "everybody"]))
    if draw(st.booleans()):
        row["missing"] = draw(by_group(COUNTS))
    return row


@st.composite
def papers(draw):
    sizes = st.sampled_from(["0", "1", "2", "5", "20"])
    groups = [
        {"name": name, "n": draw(sizes), "event": name == "a"}
        for name in draw(st.sampled_from(["ab", "a"]))
    ]
    number = {"name": "size", "kind": "number", "step": draw(st.sampled_from(["1", "0.1", "5"]))}
    category = {"name": "stage", "kind": "category", "levels": ["i", "ii"]}
    made = [
        {
            "name": "large",
            "from": "size",
            draw(st.sampled_from(CUTS)): draw(st.sampled_from(["5", "12"])),
        },
        {"name": "late", "from": "stage", "one_of": ["ii"]},
        {"name": "part", "among": "late"},
    ]
    curve = {key: draw(NUMBERS) for key in ("auc", "cutoff", "sensitivity", "specificity", "low")}
    terms = [
        {"variable": "large", "odds_ratio": draw(NUMBERS), "low": draw(NUMBERS)},
        {"variable": "stage", "level": "ii", "odds_ratio": draw(NUMBERS)},
    ]
    kinds = st.sampled_from(["multivariable", "univariable"])
    return {
        "paper": {"title": "t"},
        "group": groups,
        "variable": [number, category, *made],
        "row": [
            draw(rows("size", "number", ())),
            draw(rows("stage", "category", ("i", "ii"))),
            *(draw(rows(one["name"], "yes/no", ("yes", "no"))) for one in made),
        ],
        "roc": [{"variable": "size", "positive": draw(st.sampled_from(["high", "low"])), **curve}],
        "model": [{"name": "m", "kind": draw(kinds), "term": terms}],
        "methods": {"cutoffs": "found in these data"},
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers())
def test_no_paper_ends_in_a_traceback_and_no_figure_is_claimed_that_is_not_carried(content):
    if len(content["group"]) == 1:
        for row in content["row"]:
            for key in (*OF_NUMBERS, "missing"):
                row.get(key, {}).pop("b", None)
            for key in ("count", "percent"):
                for inner in row.get(key, {}).values():
                    inner.pop("b", None)
    paper, faults = checked(content)
    assert [] == faults

    (twin,) = twins(paper, 1, 1, Effort(1, 60))

    assert about(paper, [twin], 1)
    own = own_figures(paper, twin.cohort)
    for path, fact in facts(paper).items():
        (line,) = [line for line in twin.lines if line.path == path]
        if line.verdict == "same":
            assert any(fact.number.holds(value) for _, value in own[path].meant)
        elif line.verdict == "differs":
            assert line.because
