"""The audit answers whatever a readable paper file holds: broken figures, one group, nobody."""

import copy
import random
import tomllib
from pathlib import Path

import pytest

from avidity.papers.audit import audit
from avidity.papers.paper import Paper
from avidity.papers.paper_file import checked
from avidity.report.audit_lines import audit_lines
from avidity.report.write_audit import build_audit
from avidity.stats.forensic.count_candidates import FISHER

PAPERS = Path(__file__).resolve().parents[3] / "examples" / "papers"
CONTENTS = [tomllib.loads(file.read_text("utf-8")) for file in sorted(PAPERS.glob("*/paper.toml"))]
STRANGE = ["0", "1", "0.0", "1.000", "100", "<0.001", ">0.05", "-3.2", "99999", "0.30", "50", "7"]


def places(value, here=()):
    """Every text of a content, and every table or list that may be taken out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*here, key)
            yield from places(inner, (*here, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield (*here, at)
            yield from places(inner, (*here, at))


def changed(content, chance):
    """One random part taken out, or one text replaced by a strange number."""
    way = chance.choice(list(places(content)))
    here = content
    for key in way[:-1]:
        here = here[key]
    if isinstance(here[way[-1]], str) and chance.random() < 0.7:
        here[way[-1]] = chance.choice(STRANGE)
    else:
        del here[way[-1]]


@pytest.mark.parametrize("seed", range(4))
def test_any_readable_paper_gets_an_answer(seed):
    chance = random.Random(seed)
    answered = 0
    for _ in range(60):
        content = copy.deepcopy(chance.choice(CONTENTS))
        for _ in range(chance.randint(1, 6)):
            changed(content, chance)
        paper, faults = checked(content)
        if paper is None or faults:
            continue
        found = audit(paper)
        answered += 1
        assert audit_lines(found)
        assert build_audit(found, paper).title
        assert len(found.findings) == sum(found.counts.values())
    assert answered > 10


def paper(groups, **more):
    return Paper.model_validate({"paper": {"title": "x"}, "group": groups, **more})


def test_a_paper_of_one_group_and_nothing_else():
    found = audit(paper([{"name": "a", "n": "0"}]))

    assert [0, 0, 0] == [found.counts[one] for one in ("impossible", "inconsistent", "unusual")]


def test_three_groups_are_tested_as_a_larger_table():
    groups = [{"name": name, "n": "20"} for name in "abc"]
    row = {
        "variable": "v",
        "count": {"yes": {"a": "10", "b": "5", "c": "2"}, "no": {"a": "10", "b": "15", "c": "18"}},
        "p": "0.020",
    }
    found = audit(paper(groups, variable=[{"name": "v"}], row=[row]))

    # R 4.2.2: chisq.test and fisher.test of matrix(c(10, 10, 5, 15, 2, 18), 2)
    assert ["r × c counts"] == [one.kind for one in found.fingerprints]
    values = {one.test: one.low for one in found.fingerprints[0].matches}
    assert 0.01791910486 == pytest.approx(values["chi-square (Pearson)"], rel=1e-9)
    assert 0.02339080557 == pytest.approx(values[FISHER], rel=1e-9)
    assert () == found.fingerprints[0].reproduced_by


def test_very_large_groups_are_answered_or_left_open():
    groups = [{"name": "a", "n": "9000", "event": True}, {"name": "b", "n": "90000"}]
    curve = {"variable": "v", "auc": "0.7", "accuracy": "60"}
    found = audit(paper(groups, variable=[{"name": "v", "kind": "number"}], roc=[curve]))
    (left,) = [one.unanswered for one in found.checked if one.subject == "ROC curves"]

    assert 1 == len(left)
