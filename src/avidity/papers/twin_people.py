"""Patients put together: each variable laid over the groups so that they agree with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from avidity.papers.paper import Paper, Variable
from avidity.papers.printed_counts import PrintedCounts
from avidity.papers.twin_aims import number_aims
from avidity.papers.twin_cohort import TwinCohort, Value, answer_of, derived
from avidity.papers.twin_cross import Laid, settle_crosses
from avidity.papers.twin_joint import Cells
from avidity.papers.twin_numbers import number_plan
from avidity.stats.twins.levels import level_counts
from avidity.stats.twins.values import Effort, find_values

Answers = Mapping[str, str]


@dataclass(slots=True)
class People:
    """The patients as they are made.

    fixed    what a joint table says of each patient: variable → answer
    columns  what is made so far
    notes    what was assumed or could not be met, in sentences
    """

    known: PrintedCounts
    generator: np.random.Generator
    groups: tuple[str, ...]
    fixed: list[Answers]
    columns: dict[str, list[Value]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def members(self, group: str) -> list[int]:
        """The places of a group's patients."""
        return [at for at, own in enumerate(self.groups) if own == group]

    def shuffled(self, things: Sequence[int]) -> list[int]:
        """The same places in another order."""
        order: list[int] = self.generator.permutation(np.array(things, dtype=np.int64)).tolist()
        return order

    def flags(self, source: str, at: int) -> tuple[tuple[str, str], ...]:
        """What the joint table says of variables made from this one."""
        return tuple(
            (one.name, self.fixed[at][one.name])
            for one in self.known.paper.variables
            if one.from_ == source and one.name in self.fixed[at]
        )


def make_people(
    known: PrintedCounts,
    cells: Cells | None,
    generator: np.random.Generator,
    effort: Effort | None = None,
) -> tuple[TwinCohort, tuple[str, ...]]:
    """Patients with every variable whose figures settle enough, and what was assumed.

    cells  the joint table of a model's predictors by outcome, where there is one
    """
    paper = known.paper
    groups = tuple(name for name in known.groups for _ in range(known.size(name)))
    people = People(known, generator, groups, _fixed(known, groups, cells, generator))
    waiting = [one for one in paper.variables if not one.from_]
    while waiting:
        made = derived(paper, people.columns)
        ready = [one for one in waiting if not one.among or one.among in made]
        if not ready:
            break
        for one in ready:
            _lay(people, one, made, effort)
        waiting = [one for one in waiting if one not in ready]
    people.notes += [f"{one.name}: left out, {one.among} is not there" for one in waiting]
    people.notes += _crosses(people)
    return TwinCohort(groups, derived(paper, people.columns)), tuple(people.notes)


def _crosses(people: People) -> tuple[str, ...]:
    """Cross tables that are not those of the joint table, by exchanging what it leaves free."""
    free = {
        name: column
        for name, column in people.columns.items()
        if not any(name in answers for answers in people.fixed)
    }
    held = {name: column for name, column in people.columns.items() if name not in free}
    places = range(len(people.groups))
    kept = {name: [people.flags(name, at) for at in places] for name in free}
    laid = Laid(people.groups, free, held, kept)
    return settle_crosses(people.known.paper, laid, people.generator)


def _fixed(
    known: PrintedCounts,
    groups: tuple[str, ...],
    cells: Cells | None,
    generator: np.random.Generator,
) -> list[Answers]:
    if cells is None or known.paper.event is None:
        return [{} for _ in groups]
    fixed: list[Answers] = []
    for name in known.groups:
        table = cells[name == known.paper.event.name]
        own = [answers for answers, n in table for _ in range(n)]
        fixed += [own[at] for at in generator.permutation(len(own)).tolist()]
    return fixed


def _lay(
    people: People, variable: Variable, made: Mapping[str, tuple[Value, ...]], effort: Effort | None
) -> None:
    """One variable, for all groups."""
    if any(variable.name in answers for answers in people.fixed):
        people.columns[variable.name] = [
            _value(variable, answers[variable.name]) for answers in people.fixed
        ]
        return
    asked = {
        group: [at for at in people.members(group) if _among(variable, made, at)]
        for group in people.known.groups
    }
    for group, places in asked.items():
        n = min(len(places), people.known.asked(variable, group))
        asked[group] = sorted(people.shuffled(places)[:n])
    if variable.kind == "number":
        _numbers(people, variable, asked, effort)
    else:
        _answers(people, variable, asked)


def _among(variable: Variable, made: Mapping[str, tuple[Value, ...]], at: int) -> bool:
    return not variable.among or made[variable.among][at] is True


def _value(variable: Variable, answer: str) -> Value:
    return answer == "yes" if variable.kind == "yes/no" else answer


def _numbers(
    people: People, variable: Variable, asked: Mapping[str, list[int]], effort: Effort | None
) -> None:
    known = people.known
    if not any(_speaks_of(known.paper, path, variable) for path in known.figures):
        people.notes.append(f"{variable.name}: left out, nothing is printed of it")
        return
    plan = number_plan(known, variable, people.generator)
    people.notes += plan.notes
    aims = number_aims(known, plan)
    found = find_values(plan.groups, (*aims.first, *aims.then), people.generator, effort)
    if found.distance and aims.then:
        nearest, found = found, find_values(plan.groups, aims.first, people.generator, effort)
        people.notes.append(
            f"{variable.name}: no numbers that carry every printed figure were found in"
            f" {nearest.steps:,} steps; p values, the area's interval and the best cut-off were"
            " given up"
        )
    if found.distance:
        people.notes.append(
            f"{variable.name}: no numbers with the printed means, spreads and areas were found in"
            f" {found.steps:,} steps; these are the nearest"
        )
    column: list[Value] = [None] * len(people.groups)
    for values, places in zip(found.values, asked.values(), strict=True):
        numbers = [float(int(value) * plan.step) for value in values]
        for at, number in _matched(people, variable, numbers, places).items():
            column[at] = number
    people.columns[variable.name] = column


def _speaks_of(paper: Paper, path: str, variable: Variable) -> bool:
    names = {variable.name, *(one.name for one in paper.variables if one.from_ == variable.name)}
    curves = {one.key for one in paper.rocs if one.variable == variable.name}
    kind, name = path.split(".")[:2]
    return (kind == "row" and name in names) or (kind == "roc" and name in curves)


def _matched(
    people: People, variable: Variable, numbers: list[float], places: list[int]
) -> dict[int, float]:
    """Each number to a patient whose cut-off answers in the joint table it agrees with."""
    cuts = [one for one in people.known.paper.variables if one.from_ == variable.name]

    def flags(number: float) -> dict[str, str]:
        said = derived(people.known.paper, {variable.name: [number]})
        return {one.name: answer_of(said[one.name][0]) for one in cuts}

    left = [(number, flags(number)) for number in numbers]
    left = [left[at] for at in people.shuffled(range(len(left)))]
    given: dict[int, float] = {}
    for at in people.shuffled(places):
        wanted = dict(people.flags(variable.name, at))
        fits = (
            place
            for place, (_, said) in enumerate(left)
            if all(said[name] == answer for name, answer in wanted.items())
        )
        place = next(fits, None)
        if place is not None:
            given[at] = left.pop(place)[0]
    for at in places:  # only where the joint table and the counts contradict each other
        if at not in given:
            given[at] = left.pop()[0]
    return given


def _answers(people: People, variable: Variable, asked: Mapping[str, list[int]]) -> None:
    known = people.known
    column: list[Value] = [None] * len(people.groups)
    for group, places in asked.items():
        counts = level_counts(
            len(places),
            {answer: known.count(variable, answer, group) for answer in variable.answers},
            _made_of(known, variable, group),
            people.generator,
        )
        if counts is None:
            people.notes.append(
                f"{variable.name}: left out, the counts of {group} are not settled or contradict"
                " each other"
            )
            return
        for at, answer in _dealt(people, variable, places, counts).items():
            column[at] = _value(variable, answer)
    people.columns[variable.name] = column


def _made_of(
    known: PrintedCounts, variable: Variable, group: str
) -> list[tuple[tuple[str, ...], int]]:
    """Levels taken together by a derived variable, and how many patients they hold."""
    found = []
    for one in known.paper.variables:
        if one.from_ == variable.name and one.one_of:
            n = known.count(one, "yes", group)
            if n is not None:
                found.append((one.one_of, n))
    return found


def _dealt(
    people: People, variable: Variable, places: list[int], counts: Mapping[str, int]
) -> dict[int, str]:
    """A level for each patient that agrees with what the joint table says, fewest choices first."""
    derived_ones = {one.name: one.one_of for one in people.known.paper.variables if one.one_of}

    def allowed(at: int) -> list[str]:
        flags = people.flags(variable.name, at)
        return [
            level
            for level in variable.answers
            if all((level in derived_ones[name]) == (said == "yes") for name, said in flags)
        ]

    left = Counter(dict(counts))
    given: dict[int, str] = {}
    for at in sorted(people.shuffled(places), key=lambda at: len(allowed(at))):
        choice = [level for level in allowed(at) if left[level]] or list(left.elements())
        pick = choice[_weighted(people, [left[level] for level in choice])]
        left[pick] -= 1
        given[at] = pick
    return given


def _weighted(people: People, weights: list[int]) -> int:
    shares = np.cumsum(weights) / sum(weights)
    return int(np.searchsorted(shares, people.generator.random(), "right"))
