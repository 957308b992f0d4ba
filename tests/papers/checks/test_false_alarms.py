"""How often the audit cries out at papers in which every figure is honest."""

import os
from collections import Counter

import pytest
from scipy.special import betaincinv

from avidity.papers.audit import audit
from papers.checks.honest_paper import honest_paper

# Four tables each: groups, curve, crude and joint odds ratios. HONEST_PAPERS=10000 for a long run.
PAPERS = int(os.environ.get("HONEST_PAPERS", "500"))


@pytest.fixture(scope="module")
def tallies():
    """By kind of paper: how many, and in how many something of each severity was found."""
    told = {kind: Counter() for kind in ("told", "profile", "silent")}
    for seed in range(PAPERS):
        paper = honest_paper(seed)
        found = audit(paper)
        tally = told[paper.about.citation]
        tally["papers"] += 1
        tally["figures"] += sum(one.looked_at for one in found.checked)
        tally.update(severity for severity, times in found.counts.items() if times)
    return told


def upper(hits, n):
    """Largest share that still gives so few hits in one of 1,000 runs (Clopper and Pearson)."""
    return betaincinv(hits + 1, n - hits, 0.999)


def test_no_honest_paper_is_called_impossible(tallies):
    assert 0 == sum(tally["impossible"] for tally in tallies.values())
    assert PAPERS == sum(tally["papers"] for tally in tallies.values())


def test_where_nobody_is_lost_in_silence_nothing_is_called_inconsistent(tallies):
    # 10,000 papers: 0 of 7,164, so below 0.1 % with 99.9 % confidence
    told = tallies["told"]

    assert 0 == told["inconsistent"]
    assert told["papers"] > 300
    assert upper(told["inconsistent"], told["papers"]) < 0.025


def test_profile_intervals_are_called_unusual_and_rarely_more(tallies):
    # 10,000 papers: 13 of 1,289
    profiles = tallies["profile"]

    assert upper(profiles["inconsistent"], profiles["papers"]) < 0.2


def test_values_lost_in_silence_are_seen(tallies):
    # the paper's own figures do contradict each other then, and the finding names the reason;
    # 10,000 papers: 978 of 1,547
    silent = tallies["silent"]

    assert silent["inconsistent"] / silent["papers"] > 0.45
