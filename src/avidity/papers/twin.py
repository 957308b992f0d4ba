"""Twins of a paper: made cohorts that carry every figure it prints, as far as that is possible.

A twin shows what a paper's figures allow, never who its patients were. Several twins, each drawn
anew, show what the figures leave open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from avidity.papers.paper import Paper
from avidity.papers.printed import Line
from avidity.papers.printed_counts import PrintedCounts
from avidity.papers.twin_cohort import TwinCohort
from avidity.papers.twin_compare import compare_twin, own_figures
from avidity.papers.twin_joint import Joint, NoJoint, drawn, joint_table
from avidity.papers.twin_people import make_people
from avidity.stats.twins.values import Effort


@dataclass(frozen=True, slots=True)
class Twin:
    """One made cohort and how it stands to the paper.

    number  1, 2, 3 … within its set
    cohort  one row for each patient
    lines   every printed figure beside the cohort's own, computed anew from its rows
    others  figures the paper does not print: path → the cohort's own
    notes   what was assumed, and what could not be met, in sentences
    """

    number: int
    cohort: TwinCohort
    lines: tuple[Line, ...]
    others: Mapping[str, float]
    notes: tuple[str, ...]

    def count(self, verdict: str) -> int:
        """How many figures are the same, differ, or are not computed."""
        return sum(line.verdict == verdict for line in self.lines)


def twins(paper: Paper, count: int, seed: int, effort: Effort | None = None) -> Iterator[Twin]:
    """So many twins, each from its own stretch of chance: the same seed gives the same twins."""
    known = PrintedCounts(paper)
    joint = joint_table(paper)
    said: tuple[str, ...] = ()
    if isinstance(joint, NoJoint):
        said = (
            (
                f"model {joint.model}: its predictors were laid over the patients without regard to"
                f" each other, because {joint.reason}"
            ),
        )
    for number, chance in enumerate(np.random.SeedSequence(seed).spawn(count), 1):
        generator = np.random.default_rng(chance)
        cells = drawn(joint, generator) if isinstance(joint, Joint) else None
        cohort, notes = make_people(known, cells, generator, effort)
        own = own_figures(paper, cohort)
        lines = compare_twin(paper, own)
        printed = {line.path for line in lines}
        others = {
            path: one.meant[0][1]
            for path, one in own.items()
            if path not in printed and len(one.meant) > 0
        }
        yield Twin(number, cohort, lines, others, said + notes)
