"""Made patients for a printed paper: one column for each variable, one value for each patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from avidity.papers.paper import Paper, Variable
from avidity.papers.paper_numbers import OVERALL

Value = float | bool | str | None  # None: missing, or not asked of this patient


@dataclass(frozen=True, slots=True)
class TwinCohort:
    """Nobody's records: made so that they carry a paper's figures.

    groups   the group of each patient
    columns  variable → a number, yes or no, a level, or None
    """

    groups: tuple[str, ...]
    columns: Mapping[str, tuple[Value, ...]]

    def members(self, group: str) -> list[int]:
        """The places of a group's patients; "all" is everybody."""
        return [at for at, own in enumerate(self.groups) if group in (own, OVERALL)]

    def known(self, variable: str, group: str) -> list[float | bool | str]:
        """A group's values, without those that are missing."""
        column = self.columns[variable]
        values = (column[at] for at in self.members(group))
        return [value for value in values if value is not None]

    def missing(self, variable: str, group: str) -> int:
        """How many of a group have none."""
        return len(self.members(group)) - len(self.known(variable, group))


def answer_of(value: Value) -> str:
    """A value as counts name it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def derived(paper: Paper, columns: Mapping[str, Sequence[Value]]) -> dict[str, tuple[Value, ...]]:
    """The columns with those that follow from others, in the order of the file."""
    made = {name: tuple(values) for name, values in columns.items()}
    waiting = [one for one in paper.variables if one.from_]
    while waiting:
        ready = [one for one in waiting if one.from_ in made]
        if not ready:
            break
        for one in ready:
            made[one.name] = tuple(_derived(one, value) for value in made[one.from_])
        waiting = [one for one in waiting if one.name not in made]
    return {one.name: made[one.name] for one in paper.variables if one.name in made}


def _derived(variable: Variable, value: Value) -> Value:
    if value is None:
        return None
    if variable.cut is None:
        return answer_of(value) in variable.one_of
    name, cut = variable.cut
    own, limit = float(value), float(cut.value)
    return {
        "at_least": own >= limit,
        "above": own > limit,
        "at_most": own <= limit,
        "below": own < limit,
    }[name]
