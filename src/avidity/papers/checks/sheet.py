"""A printed paper as the checks need it: sizes of groups, whole tables of counts, places."""

from __future__ import annotations

from dataclasses import dataclass, field

from avidity.papers.checks.finding import Finding, Severity
from avidity.papers.facts import Fact, facts
from avidity.papers.paper import Paper, Roc, Row, Variable
from avidity.papers.paper_numbers import OVERALL
from avidity.said import term
from avidity.stats.forensic.shares import counts_printing
from avidity.stats.rounded import Rounded

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper, and its figures by path."""

    paper: Paper
    facts: dict[str, Fact] = field(repr=False)

    @classmethod
    def of(cls, paper: Paper) -> Sheet:
        """With every figure looked up once."""
        return cls(paper, facts(paper))

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups, in their order."""
        return tuple(group.name for group in self.paper.groups)

    def size(self, group: str) -> int:
        """Patients of a group, or of all groups together."""
        sizes = {one.name: int(one.n.value) for one in self.paper.groups}
        return sum(sizes.values()) if group == OVERALL else sizes[group]

    def label(self, name: str) -> str:
        """A variable's label, or its name."""
        variable = self.paper.variable(name)
        return variable.label or name

    def group_label(self, name: str) -> str:
        """A group's label, or its name."""
        if name == OVERALL:
            return term("all")
        return self.paper.group(name).label or name

    def patients(self, row: Row, group: str) -> int | None:
        """Patients a row is about in a group, less those it says are missing; None if unknown."""
        if group in row.n:
            return int(row.n[group].value)
        if group == OVERALL and OVERALL not in row.missing:
            parts = [self.patients(row, one) for one in self.groups]
            return None if None in parts else sum(one for one in parts if one is not None)
        within = self.paper.variable(row.variable).among
        of = self.size(group) if not within else self.count(within, YES, group)
        missing = row.missing.get(group)
        return of if of is None or missing is None else of - int(missing.value)

    def counted(self, row: Row, group: str) -> int | None:
        """Patients that the row itself counts, where every answer is printed; else `patients`."""
        answers = self.paper.variable(row.variable).answers
        cells = [row.count.get(answer, {}).get(group) for answer in answers]
        of = self.patients(row, group)
        total = sum(int(cell.value) for cell in cells if cell is not None)
        whole = bool(cells) and None not in cells and not self.says_n(row, group)
        return total if whole and of is not None and 0 < total <= of else of

    def says_n(self, row: Row, group: str) -> bool:
        """Whether the row itself says how many patients it is about."""
        if group == OVERALL and group not in {*row.n, *row.missing}:
            return all(self.says_n(row, one) for one in self.groups)
        return group in row.n or group in row.missing

    def count(self, variable: str, answer: str, group: str) -> int | None:
        """A count as printed, or as it follows from others; None if neither."""
        row = self.paper.row(variable)
        if row is None:
            return None
        printed = row.count.get(answer, {}).get(group)
        if printed is not None:
            return int(printed.value)
        if group == OVERALL:
            parts = [self.count(variable, answer, one) for one in self.groups]
            return None if None in parts else sum(one for one in parts if one is not None)
        rest = self._left_over(row, answer, group)
        return rest if rest is not None else self._from_percent(row, answer, group)

    def _left_over(self, row: Row, answer: str, group: str) -> int | None:
        """The count that is not printed, where all the other answers are."""
        answers = self.paper.variable(row.variable).answers
        others = [row.count.get(one, {}).get(group) for one in answers if one != answer]
        n = self.patients(row, group) if others and None not in others else None
        rest = None if n is None else n - sum(int(one.value) for one in others if one is not None)
        return rest if rest is not None and rest >= 0 else None

    def _from_percent(self, row: Row, answer: str, group: str) -> int | None:
        """The only count that prints as the percentage."""
        share = row.percent.get(answer, {}).get(group)
        n = self.patients(row, group)
        if share is None or n is None or row.percent_of != "group":
            return None
        counts = counts_printing(share, n)
        return counts[0] if len(counts) == 1 else None

    def table(self, row: Row) -> list[list[int]] | None:
        """Counts, answers down and groups along; None where one is not known."""
        cells = [
            [self.count(row.variable, answer, group) for group in self.groups]
            for answer in self.paper.variable(row.variable).answers
        ]
        if not cells or len(self.groups) < 2 or any(None in line for line in cells):
            return None
        return [[cell for cell in line if cell is not None] for line in cells]

    def of_level(self, category: str, level: str) -> Variable | None:
        """The yes/no variable that stands for one level of a category."""
        every = self.paper.variables
        return next(
            (one for one in every if one.from_ == category and one.one_of == (level,)), None
        )

    def cut_of(self, roc: Roc) -> Variable | None:
        """The yes/no variable that a ROC curve's cut-off made."""
        for one in self.paper.variables:
            known = one.from_ == roc.variable and one.cut is not None and roc.cutoff is not None
            if known and one.cut and roc.cutoff and one.cut[1].value == roc.cutoff.value:
                return one
        return None

    def finding(
        self,
        severity: Severity,
        subject: str,
        path: str,
        what: str,
        arithmetic: tuple[str, ...] = (),
        explanations: tuple[str, ...] = (),
    ) -> Finding:
        """A finding about a figure, with its place in the paper and in the file."""
        fact = self.facts.get(path) or self._near(path)
        where, line = (fact.where, fact.line) if fact else ("", 1)
        return Finding(severity, subject, what, path, where, line, arithmetic, explanations)

    def _near(self, path: str) -> Fact | None:
        """A figure of the same row, curve or line, where the path itself has none."""
        parts = path.split(".")
        for depth in range(len(parts), 1, -1):
            start = ".".join(parts[:depth]) + "."
            for name, fact in self.facts.items():
                if name.startswith(start):
                    return fact
        return None


def exact(number: Rounded) -> int:
    """A printed count."""
    return int(number.value)


def meet(one: Rounded, other: Rounded) -> bool:
    """Whether some number prints as both.

    >>> from avidity.stats.rounded import rounded
    >>> meet(rounded("0.005"), rounded("0.0046")), meet(rounded("<0.001"), rounded("0.004"))
    (True, False)
    """
    below = other.high is None or one.low <= other.high
    return below and (one.high is None or other.low <= one.high)
