"""How the outcome is decided, on the plan's form: a definition and its switches, or a column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from starlette.datastructures import FormData

from avidity.refractory.catalogue import DEFINITIONS
from avidity.refractory.switches import ACTIVITY_NEEDS, COMPARATORS, Switches
from avidity.study import Outcome
from avidity.web.plan_rows import listed, number_of, said
from avidity.web.security.forms import text_of

NOTHING = "none"  # how study.toml writes that a switch holds nothing
TRUE, FALSE = "yes", "no"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "bool": (TRUE, FALSE),
    "Answer": (TRUE, FALSE, NOTHING),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands beside the definition, as typed.

    column, yes, no  where the outcome was decided already
    switches         those of the definition that are turned
    """

    column: str = ""
    yes: str = ""
    no: str = ""
    switches: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SwitchSeen:
    """One switch of the chosen definition: what it is turned to, and what it is by itself."""

    name: str
    value: str
    default: str
    choices: tuple[str, ...]


def decided_of(outcome: Outcome) -> Decided:
    """How study.toml has it."""
    yes, no = ("" if value is None else said(value) for value in (outcome.yes, outcome.no))
    turned = {name: said(value) for name, value in outcome.switches.items()}
    return Decided(outcome.column, yes, no, turned)


def typed_outcome(form: FormData, before: Decided) -> tuple[str, Decided]:
    """The definition and what stands beside it; switches count for the definition they belong to.

    What the form did not show is as it was.
    """
    definition = text_of(form, "definition")
    words = {
        name: text_of(form, f"outcome:{name}")
        if f"outcome:{name}" in form
        else getattr(before, name)
        for name in ("column", "yes", "no")
    }
    switches = dict(before.switches)
    if "switches_of" in form:
        same = text_of(form, "switches_of") == definition
        shown = {key.partition(":")[2]: text_of(form, key) for key in form if _is_switch(key)}
        switches = {name: text for name, text in shown.items() if text} if same else {}
    return definition, Decided(**words, switches=switches)


def _is_switch(key: str) -> bool:
    return key.startswith("switch:")


def switches_seen(definition: str, turned: Mapping[str, str]) -> tuple[SwitchSeen, ...]:
    """Every switch of a definition; none for a column or a name nobody knows."""
    if definition not in DEFINITIONS:
        return ()
    own = DEFINITIONS[definition].switches.as_mapping()
    return tuple(
        SwitchSeen(
            one.name,
            turned.get(one.name, ""),
            NOTHING if own[one.name] in (None, []) else said(own[one.name]),
            _choices(one.name, str(one.type)),
        )
        for one in fields(Switches)
    )


def _choices(name: str, kind: str) -> tuple[str, ...]:
    if name == "activity_comparator":
        return tuple(COMPARATORS)
    return tuple(ACTIVITY_NEEDS) if name == "activity_needs" else _CHOICES.get(kind, ())


def outcome_changed(
    before: tuple[str, Decided], wanted: tuple[str, Decided]
) -> Iterable[tuple[tuple[str, ...], object]]:
    """The changes of [outcome]: what belongs to the other way of deciding is taken out."""
    (old, beside), (new, asked) = before, wanted
    if not new and asked.column:
        if old:
            yield ("outcome", "definition"), None
            yield ("outcome", "switches"), None
        for key in ("column", "yes", "no"):
            if getattr(asked, key) != getattr(beside, key) or old:
                text = getattr(asked, key)
                yield ("outcome", key), text if key == "column" else _words(text)
        return
    if new and new != old:
        yield ("outcome", "definition"), new
        for key in ("column", "yes", "no"):
            yield ("outcome", key), None
    if new and asked.switches != (beside.switches if new == old else {}):
        kinds = {one.name: str(one.type) for one in fields(Switches)}
        turned = {name: _turned(kinds.get(name, ""), text) for name, text in asked.switches.items()}
        yield ("outcome", "switches"), turned or None
    elif new and new != old:
        yield ("outcome", "switches"), None


def _words(text: str) -> object:
    found = [number_of(one) for one in listed(text)]
    return found[0] if len(found) == 1 else found or None


def _turned(kind: str, text: str) -> object:
    if kind.startswith("tuple"):
        return [] if text == NOTHING else listed(text)
    if kind in _CHOICES and text in (TRUE, FALSE):
        return text == TRUE
    return number_of(text) if kind.startswith("int") else text
