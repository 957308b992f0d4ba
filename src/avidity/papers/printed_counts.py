"""How many patients of a group gave each answer, as far as a paper's printed figures settle it."""

from __future__ import annotations

from dataclasses import dataclass, field

from avidity.papers.facts import facts
from avidity.papers.paper import Paper, Variable
from avidity.papers.paper_numbers import OVERALL
from avidity.stats.rounded import Rounded


@dataclass(slots=True)
class PrintedCounts:
    """A paper's counts, with those that follow from other counts of the same row."""

    paper: Paper
    figures: dict[str, Rounded] = field(init=False)

    def __post_init__(self) -> None:
        """Every figure, and what only a statement prints."""
        self.figures = {path: fact.number for path, fact in facts(self.paper).items()}
        for one in self.paper.statements:
            self.figures.setdefault(one.fact, one.printed)

    def figure(self, path: str) -> Rounded | None:
        """A printed figure by its path."""
        return self.figures.get(path)

    def whole(self, path: str) -> int | None:
        """A printed count by its path."""
        found = self.figure(path)
        return None if found is None or found.value.denominator != 1 else int(found.value)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups' names."""
        return tuple(group.name for group in self.paper.groups)

    def size(self, group: str) -> int:
        """Patients of a group, or of all."""
        if group == OVERALL:
            return sum(self.size(name) for name in self.groups)
        return int(self.paper.group(group).n.value)

    def asked(self, variable: Variable, group: str) -> int:
        """Patients of a group whose answer is known."""
        size, n = self.size(group), self.whole(f"row.{variable.name}.n.{group}")
        if n is not None:
            return min(n, size)
        rest = self.whole(f"row.{variable.name}.missing.{group}") or 0
        if variable.among:
            among = self.count(self.paper.variable(variable.among), "yes", group)
            size = size if among is None else min(among, size)
        return max(0, size - rest)

    def count(self, variable: Variable, answer: str, group: str) -> int | None:
        """Patients with an answer: printed, or what the other answers leave; None if open."""
        ways = (self._printed, self._rest, self._of_levels, self._of_share)
        for way in ways:
            found = way(variable, answer, group)
            if found is not None:
                return found
        return None

    def _printed(self, variable: Variable, answer: str, group: str) -> int | None:
        path = f"row.{variable.name}.count.{answer}"
        found = self.whole(f"{path}.{group}")
        if found is not None or group == OVERALL:
            return found
        whole = self.whole(f"{path}.{OVERALL}")
        others = [self.whole(f"{path}.{name}") for name in self.groups if name != group]
        if whole is None or None in others:
            return None
        return whole - sum(one for one in others if one is not None)

    def _rest(self, variable: Variable, answer: str, group: str) -> int | None:
        others = [self._told(variable, one, group) for one in variable.answers if one != answer]
        if None in others:
            return None
        return self.asked(variable, group) - sum(one for one in others if one is not None)

    def _told(self, variable: Variable, answer: str, group: str) -> int | None:
        found = self._printed(variable, answer, group)
        return self._of_share(variable, answer, group) if found is None else found

    def _of_levels(self, variable: Variable, answer: str, group: str) -> int | None:
        """Of a yes made of levels: the sum of their counts."""
        if not variable.one_of:
            return None
        source = self.paper.variable(variable.from_)
        counts = [self._printed(source, level, group) for level in variable.one_of]
        if None in counts:
            return None
        yes = sum(one for one in counts if one is not None)
        return yes if answer == "yes" else self.asked(source, group) - yes

    def _of_share(self, variable: Variable, answer: str, group: str) -> int | None:
        row = self.paper.row(variable.name)
        share = self.figure(f"row.{variable.name}.percent.{answer}.{group}")
        if row is None or share is None or row.percent_of != "group":
            return None
        n = self.asked(variable, group)
        fits = [k for k in range(n + 1) if n and share.holds(100 * k / n)]
        return fits[len(fits) // 2] if fits else None
