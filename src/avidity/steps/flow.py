"""Who is in: eligibility rules in their order, and everything about the order that a reader asks.

A condition is three-valued. What becomes of a patient whose record cannot say is the rule's own
``unknown``; such patients are counted apart from those who met the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from avidity.errors import StudyFileError
from avidity.said import say
from avidity.study import Condition, Eligibility


@dataclass(frozen=True, slots=True)
class Left:
    """One reason to leave, and how many it took.

    n         patients who left here, for this reason, in the order written
    unknown   of these, patients whose record cannot say whether the reason holds
    met       everyone screened to whom the reason applies, whatever else applies
    only      those to whom nothing else applies: what it would count if asked last
    """

    reason: str
    rule: str
    n: int
    unknown: int
    met: int
    only: int

    @property
    def depends_on_order(self) -> bool:
        """Whether another order of the rules would print another count here."""
        return self.met != self.only


@dataclass(frozen=True, slots=True)
class Flow:
    """Patients screened, left and included: ``screened == included + sum of left``.

    several       patients to whom two or more reasons apply
    undecided     the last reason's count: eligible, but the outcome cannot be said
    """

    screened: int
    left: tuple[Left, ...]
    eligible: int
    undecided: int
    included: int
    yes: int
    no: int
    several: int

    def adds_up(self) -> bool:
        """Whether nobody was lost in silence."""
        return (
            self.screened == self.eligible + sum(step.n for step in self.left)
            and self.eligible == self.included + self.undecided
            and self.included == self.yes + self.no
        )


def holds(condition: Condition, columns: Mapping[str, pl.DataType], where: str) -> pl.Expr:
    """The condition as an expression with three answers (null is *cannot say*).

    raises  StudyFileError when the field is not in the table, or does not fit what is asked
    """
    name = condition.field
    if name not in columns:
        known = ", ".join(sorted(name for name in columns if not name.startswith("_")))
        raise StudyFileError(
            say(
                "{where}: there is no field '{name}' in patients; there are: {known}",
                where=where,
                name=name,
                known=known,
            )
        )
    column, kind = pl.col(name), columns[name]
    asked = condition.asked()[0]
    if asked == "missing":
        return column.is_null() if condition.missing else column.is_not_null()
    if asked in ("is", "one_of"):
        wanted = condition.one_of or (condition.is_,)
        return is_one_of(column, kind, wanted, f"{where}, field '{name}'")
    if not kind.is_numeric():
        raise StudyFileError(
            say(
                "{where}: '{asked}' needs a number, and '{name}' holds {kind}",
                where=where,
                asked=asked,
                name=name,
                kind=kind,
            )
        )
    limit = pl.lit(getattr(condition, asked))
    return {
        "at_least": column >= limit,
        "above": column > limit,
        "at_most": column <= limit,
        "below": column < limit,
    }[asked]


YES = frozenset({"yes", "true", "1", "oui", "y"})
NO = frozenset({"no", "false", "0", "non", "n"})


def is_one_of(
    column: pl.Expr, kind: pl.DataType, wanted: tuple[object, ...], where: str
) -> pl.Expr:
    """Membership; a yes/no field may be asked with the words a person uses."""
    words = [str(value).strip().lower() for value in wanted]
    if kind == pl.Boolean:
        if unknown := [word for word in words if word not in YES | NO]:
            raise StudyFileError(
                say(
                    "{where}: it is yes/no, and was asked for {names}",
                    where=where,
                    names=", ".join(unknown),
                )
            )
        return column.is_in([word in YES for word in words])
    if kind.is_numeric():
        numbers = [value for value in wanted if isinstance(value, int | float)]
        if len(numbers) != len(wanted):
            raise StudyFileError(
                say("{where}: it holds numbers, and was asked for words", where=where)
            )
        return column.cast(pl.Float64).is_in([float(number) for number in numbers])
    return column.cast(pl.String).str.strip_chars().str.to_lowercase().is_in(words)


@dataclass(frozen=True, slots=True)
class Screened:
    """The screening of everybody, before the outcome is asked.

    reason    per patient, the index of the rule that took them; -1 for the eligible
    """

    reason: list[int]
    left: tuple[Left, ...]
    several: int

    @property
    def eligible(self) -> list[bool]:
        """Per patient, whether no rule took them."""
        return [index < 0 for index in self.reason]


def screen(patients: pl.DataFrame, rules: tuple[Eligibility, ...]) -> Screened:
    """Ask every rule of every patient, then let them leave in the order written."""
    answers, unknowns = [], []
    for number, rule in enumerate(rules, 1):
        said = holds(rule, patients.schema, say("study.toml, eligibility {number}", number=number))
        answer = patients.select(said.alias("said"))["said"]
        unknowns.append(answer.is_null())
        answers.append(answer.fill_null(rule.unknown == "exclude"))
    reason = [
        next((index for index, applies in enumerate(row) if applies), -1)
        for row in zip(*answers, strict=True)
    ] or [-1] * patients.height
    applying = [sum(row) for row in zip(*answers, strict=True)] or [0] * patients.height
    left = tuple(
        Left(
            reason=rule.reason,
            rule=in_words(rule),
            n=reason.count(index),
            unknown=sum(
                unknown and taken == index
                for unknown, taken in zip(unknowns[index], reason, strict=True)
            ),
            met=int(answers[index].sum()),
            only=sum(
                applies and total == 1
                for applies, total in zip(answers[index], applying, strict=True)
            ),
        )
        for index, rule in enumerate(rules)
    )
    return Screened(reason, left, sum(total > 1 for total in applying))


SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<", "is": "is"}


def in_words(condition: Condition) -> str:
    """The condition as a reader writes it: ``age_at_diagnosis < 18``."""
    asked = condition.asked()[0]
    if asked == "missing":
        return f"{condition.field} is {'missing' if condition.missing else 'present'}"
    if asked == "one_of":
        return f"{condition.field} is one of {', '.join(map(str, condition.one_of))}"
    value = condition.is_ if asked == "is" else getattr(condition, asked)
    if isinstance(value, bool):
        shown = "yes" if value else "no"
    else:
        shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{condition.field} {SIGNS[asked]} {shown}"
