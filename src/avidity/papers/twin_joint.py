"""The joint table of a model's predictors: found by rebuilding the printed model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from avidity.errors import AnalysisError
from avidity.papers.facts import facts
from avidity.papers.model_problem import model_problem
from avidity.papers.paper import Paper
from avidity.papers.twin_cohort import TwinCohort
from avidity.papers.twin_models import model_figures
from avidity.stats.rebuild.complete import Asked, asked
from avidity.stats.rebuild.outcomes import Open
from avidity.stats.rebuild.patterns import Whole
from avidity.stats.rebuild.problem import Problem
from avidity.stats.rebuild.result import Rebuilt, Solution
from avidity.stats.rebuild.solve import rebuild
from avidity.stats.rebuild.tables import TooManyError, tables

MOST_WAYS = 200_000  # of laying the cases into the patterns, listed to draw one
MOST_TRIED = 300  # of them, held against everything printed of the model


@dataclass(frozen=True, slots=True)
class Joint:
    """The predictors' joint table, to be drawn from.

    paper    the paper
    model    the printed model's name
    asked    what was asked of the rebuilding
    rebuilt  every table found
    """

    paper: Paper
    model: str
    asked: Problem
    rebuilt: Rebuilt


@dataclass(frozen=True, slots=True)
class NoJoint:
    """Why there is none, in a sentence."""

    model: str
    reason: str


Cells = Mapping[bool, tuple[tuple[Mapping[str, str], int], ...]]


def joint_table(paper: Paper) -> Joint | NoJoint | None:
    """The joint table of the first multivariable model; None where the paper prints none."""
    model = next((one for one in paper.models if one.kind == "multivariable"), None)
    if model is None:
        return None
    try:
        made = model_problem(paper, model)
        rebuilt = rebuild(made)
    except AnalysisError as error:
        return NoJoint(model.name, str(error))
    except TooManyError:
        return NoJoint(model.name, "there are too many tables of its predictors to search")
    if not rebuilt.solutions:
        why = rebuilt.contradiction.reason if rebuilt.contradiction else rebuilt.work.stopped
        return NoJoint(model.name, why or "no table of its predictors was found")
    return Joint(paper, model.name, made, rebuilt)


def drawn(joint: Joint, generator: np.random.Generator) -> Cells:
    """One table of the predictors by outcome: True for the cases.

    Where several tables of totals print so, one is drawn; where the cases can fall into its
    patterns in several ways, one of them, each as likely among those that also print what else is
    said of the model. Where none of those tried does, the nearest.
    """
    best: tuple[int, Cells] | None = None
    for _, cells in zip(range(MOST_TRIED), _candidates(joint, generator), strict=False):
        misses = _misses(joint, cells)
        if best is None or misses < best[0]:
            best = misses, cells
        if not misses:
            break
    if best is None:
        raise ValueError("a joint table has at least one way")
    return best[1]


def _candidates(joint: Joint, generator: np.random.Generator) -> Iterator[Cells]:
    solutions = joint.rebuilt.solutions
    given = asked(joint.asked)
    for at in generator.permutation(len(solutions)).tolist():
        chosen = solutions[at]
        ways = _ways(joint, given, chosen)
        for place in generator.permutation(ways.shape[1]).tolist():
            yield _cells(joint, given, chosen, ways[:, place])


def _ways(joint: Joint, given: Asked, chosen: Solution) -> Whole:
    """Every way the cases can fall into the patterns, one a column; one only, where too many."""
    totals = np.array(chosen.totals, dtype=np.int64)
    known = np.array(chosen.cases, dtype=np.int64)[:, np.newaxis]
    try:
        ways = tables(given.made, given.made.sums, MOST_WAYS, totals, given.events)
    except TooManyError:
        return known
    opened = Open(given.made, totals, chosen.fit.coef, given.events, joint.asked.overall.auc)
    if opened.auc is not None:
        weights, constant = opened.rank_weights()
        area = weights @ ways + constant
        ways = ways[:, [opened.auc.holds(one) for one in area.tolist()]]
    return ways if ways.shape[1] else known


def _cells(joint: Joint, given: Asked, chosen: Solution, cases: Whole) -> Cells:
    cells: dict[bool, list[tuple[Mapping[str, str], int]]] = {True: [], False: []}
    for at, levels in enumerate(given.made.levels.tolist()):
        answers = {
            one.name: one.levels[level].name
            for one, level in zip(joint.asked.predictors, levels, strict=True)
        }
        cells[True].append((answers, int(cases[at])))
        cells[False].append((answers, chosen.totals[at] - int(cases[at])))
    return {said: tuple(rows) for said, rows in cells.items()}


def _misses(joint: Joint, cells: Cells) -> int:
    """How many figures printed of the model patients of these cells alone would print otherwise."""
    paper = joint.paper
    event = paper.event
    others = [group.name for group in paper.groups if not group.event]
    rows = [
        (event.name if said and event else others[0], answers)
        for said, table in cells.items()
        for answers, n in table
        for _ in range(n)
    ]
    columns = {
        one.name: tuple(_plain(paper, one.name, answers) for _, answers in rows)
        for one in joint.asked.predictors
    }
    cohort = TwinCohort(tuple(group for group, _ in rows), columns)
    own = dict(model_figures(paper, cohort))
    head = f"model.{joint.model}."
    return sum(
        not any(fact.number.holds(value) for _, value in own[path].meant)
        for path, fact in facts(paper).items()
        if path.startswith(head) and path in own and own[path].meant
    )


def _plain(paper: Paper, name: str, answers: Mapping[str, str]) -> bool | str:
    answer = answers[name]
    return answer == "yes" if paper.variable(name).kind == "yes/no" else answer
