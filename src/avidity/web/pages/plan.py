"""Plan: what the study asks, what so many patients can carry, and the study file that says so."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from avidity.refractory.catalogue import DEFINITIONS
from avidity.said import term
from avidity.steps.rehearse import Rehearsal
from avidity.steps.variables import Characteristic
from avidity.study import Outcome, Policy, Sound
from avidity.web.plans import ROLES, WAYS, Plan, in_order

CHOICES: Mapping[str, tuple[str, ...]] = {
    "cannot_say": get_args(Outcome.model_fields["cannot_say"].annotation),
    "policy": get_args(Policy),
    "principle": ("wald", "profile"),
    "selection": get_args(Sound.model_fields["selection"].annotation),
}
KNOTS = ("3", "4", "5")


@dataclass(frozen=True, slots=True)
class VariableSeen:
    """One variable that may be named: its roles, its cut-off, its knots; how it was made."""

    name: str
    label: str
    kind: str
    unit: str
    how: str
    late: bool
    roles: frozenset[str]
    fixed: str
    knots: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plan as chosen, and what comes of it.

    text        study.toml as it would be
    differs     its lines that differ from the kept ones: "+" or "-", and the line
    changed     whether it differs from the one that is kept
    refused     the sentence why it cannot be kept; "" where it can
    """

    plan: Plan
    variables: tuple[VariableSeen, ...]
    unknown: tuple[str, ...]
    definitions: tuple[str, ...]
    column: str
    choices: Mapping[str, tuple[str, ...]]
    ways: tuple[str, ...]
    knots: tuple[str, ...]
    text: str
    differs: tuple[tuple[str, str], ...]
    refused: str
    rehearsal: Rehearsal | None
    snapshot: str
    trouble: str = ""
    errors: int = 0

    @property
    def changed(self) -> bool:
        """Whether the plan is another than the one that is kept."""
        return bool(self.differs)


def plan_page(  # one thing from each step
    plan: Plan,
    known: Mapping[str, Characteristic],
    column: str,
    text: str,
    kept: str,
    snapshot: str,
    found: Rehearsal | str,
) -> PlanPage:
    """The page of a plan.

    known   what may be named; ``kept`` is the file as it is, ``text`` as it would be
    found   what the rehearsal gave, or the sentence why the plan cannot be
    """
    named = {name for names in plan.roles.values() for name in names}
    named |= {*plan.fixed, *plan.knots}
    order = in_order(tuple(known), tuple(name for role in ROLES for name in plan.roles[role]))
    return PlanPage(
        plan=plan,
        variables=tuple(_variable(known[name], plan) for name in order),
        unknown=tuple(sorted(named - set(known))),
        definitions=tuple(DEFINITIONS),
        column=column,
        choices=CHOICES,
        ways=WAYS,
        knots=KNOTS,
        text=text,
        differs=tuple(_differs(kept, text)),
        refused=found if isinstance(found, str) else "",
        rehearsal=None if isinstance(found, str) else found,
        snapshot=snapshot,
    )


def _differs(kept: str, text: str) -> Iterator[tuple[str, str]]:
    for line in difflib.unified_diff(kept.splitlines(), text.splitlines(), lineterm="", n=0):
        if line[0] in "+-" and not line.startswith(("+++", "---")) and line[1:].strip():
            yield line[0], line[1:]


def no_plan(plan: Plan, trouble: str, errors: int) -> PlanPage:
    """The page where no plan can be made yet."""
    return PlanPage(
        plan, (), (), (), "", CHOICES, WAYS, KNOTS, "", (), "", None, "", trouble, errors
    )


def _variable(one: Characteristic, plan: Plan) -> VariableSeen:
    return VariableSeen(
        one.name,
        term(one.label),
        one.kind,
        one.unit,
        one.how,
        one.measured == "after",
        frozenset(role for role in ROLES if one.name in plan.roles[role]),
        plan.fixed.get(one.name, ""),
        plan.knots.get(one.name, ""),
    )
