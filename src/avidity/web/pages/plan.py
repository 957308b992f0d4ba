"""Plan: what the study asks, what so many patients can carry, and the study file that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, get_args

from avidity.refractory.catalogue import DEFINITIONS
from avidity.said import term
from avidity.steps.compare import COUNT_TESTS, NUMBER_TESTS
from avidity.steps.rehearse import Rehearsal
from avidity.steps.variables import Characteristic
from avidity.study import Outcome, Policy, Sound
from avidity.web.plan_outcome import SwitchSeen, switches_seen
from avidity.web.plan_rows import ASKS, WAYS
from avidity.web.plan_settings import SETTINGS, Setting
from avidity.web.plans import ROLES, Plan, in_order
from avidity.web.study_text import Fault, Line, beyond_the_form, lines_beside

CHOICES: Mapping[str, tuple[str, ...]] = {
    "cannot_say": get_args(Outcome.model_fields["cannot_say"].annotation),
    "policy": get_args(Policy),
    "principle": ("wald", "profile"),
    "selection": get_args(Sound.model_fields["selection"].annotation),
}
_FIELDS = ("source", "among_field", "field")
KNOTS = ("3", "4", "5")
TESTS = {
    "number": tuple(NUMBER_TESTS),
    "yes/no": tuple(COUNT_TESTS),
    "category": tuple(COUNT_TESTS),
}


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
    test: str
    tests: tuple[str, ...]
    per: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plan as chosen, and what comes of it.

    columns     headers of the patients table, one of which may hold the outcome
    fields      names a condition may ask
    switches    of the chosen definition
    text        study.toml as it would be; ``lines`` are its lines beside the kept ones, and
                ``differs`` those that come or go
    beyond      what it says that the form does not show, kept as it stands
    anew        whether the form must show the switches of another definition
    by_hand     the text as it was typed on the page, and its faults; "" where nobody typed
    refused     the sentence why it cannot be kept; "" where it can
    """

    plan: Plan
    variables: tuple[VariableSeen, ...] = ()
    unknown: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    switches: tuple[SwitchSeen, ...] = ()
    text: str = ""
    kept: str = ""
    lines: tuple[Line, ...] = ()
    differs: tuple[Line, ...] = ()
    beyond: tuple[str, ...] = ()
    by_hand: str = ""
    faults: tuple[Fault, ...] = ()
    refused: str = ""
    rehearsal: Rehearsal | None = None
    snapshot: str = ""
    trouble: str = ""
    errors: int = 0
    anew: bool = False
    definitions: tuple[str, ...] = tuple(DEFINITIONS)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: CHOICES)
    ways: ClassVar[tuple[str, ...]] = WAYS
    asks: ClassVar[tuple[str, ...]] = ASKS
    knots: ClassVar[tuple[str, ...]] = KNOTS
    settings: ClassVar[Mapping[str, Setting]] = {one.name: one for one in SETTINGS}

    @property
    def changed(self) -> bool:
        """Whether the plan is another than the one that is kept."""
        return self.text != self.kept


def plan_page(  # one thing from each step
    plan: Plan,
    known: Mapping[str, Characteristic],
    columns: Mapping[str, str],
    text: str,
    kept: str,
    snapshot: str,
    found: Rehearsal | str,
) -> PlanPage:
    """The page of a plan.

    known   what may be named; ``columns`` are the headers of the patients table and their fields
    kept    the file as it is, ``text`` as it would be
    found   what the rehearsal gave, or the sentence why the plan cannot be
    """
    named = {name for names in plan.roles.values() for name in names}
    named |= {*plan.fixed, *plan.knots, *plan.tests, *plan.per}
    order = in_order(tuple(known), tuple(name for role in ROLES for name in plan.roles[role]))
    ruled = {row.get("field", "") for row in plan.rules if not row.get("gone")}
    there = {*known, *columns, *columns.values(), *(row["name"] for row in plan.variables)}
    asked = (row.get(key, "") for row in (*plan.variables, *plan.rules) for key in _FIELDS)
    lines = lines_beside(kept, text)
    return PlanPage(
        plan=plan,
        variables=tuple(_variable(known[name], plan) for name in order),
        unknown=tuple(sorted((named - set(known)) | (ruled - there))),
        columns=tuple(dict.fromkeys((*columns, *filter(None, (plan.decided.column,))))),
        fields=tuple(sorted({*known, *filter(None, asked)})),
        switches=switches_seen(plan.definition, plan.decided.switches),
        text=text,
        kept=kept,
        lines=lines,
        differs=tuple(one for one in lines if one.sign != " " and one.text.strip()),
        beyond=beyond_the_form(kept),
        refused=found if isinstance(found, str) else "",
        rehearsal=None if isinstance(found, str) else found,
        snapshot=snapshot,
    )


def no_plan(plan: Plan, trouble: str, errors: int, kept: str = "", snapshot: str = "") -> PlanPage:
    """The page where no plan can be made yet; the text of the file can be put right."""
    return PlanPage(
        plan,
        text=kept,
        kept=kept,
        lines=lines_beside(kept, kept),
        snapshot=snapshot,
        trouble=trouble,
        errors=errors,
    )


def typed_by_hand(page: PlanPage, text: str, faults: tuple[Fault, ...], refused: str) -> PlanPage:
    """The page with the file's text as a person left it, and why it was not kept."""
    said = faults or ((Fault(None, refused),) if refused else ())
    return replace(page, by_hand=text, faults=said)


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
        plan.tests.get(one.name, ""),
        TESTS.get(one.kind, ()),
        plan.per.get(one.name, ""),
    )
