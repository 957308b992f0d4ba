"""What fields mean, read from the classes."""

from dataclasses import dataclass

from avidity.papers.pooled import PooledEvidence
from avidity.report.field_words import shapes


@dataclass(frozen=True, slots=True)
class Inner:
    """A pair.

    low, high  the ends, both
               included
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outer:
    """What holds pairs, and
    goes on.

    pairs  several
    """

    pairs: tuple[Inner, ...]
    name: str


def test_every_class_and_field_is_told_in_its_own_words():
    told = {name: (summary, fields) for name, summary, fields in shapes(Outer)}

    assert ["Outer", "Inner"] == list(told)
    assert "What holds pairs, and goes on." == told["Outer"][0]
    assert {"pairs": "several", "name": ""} == told["Outer"][1]
    assert "the ends, both included" == told["Inner"][1]["high"]


def test_the_evidence_is_told_down_to_the_intervals():
    names = [name for name, _, _ in shapes(PooledEvidence)]

    assert {"PooledEvidence", "FactorPool", "Interval", "Heterogeneity"} <= set(names)
    assert len(names) == len(set(names))
