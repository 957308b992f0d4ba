"""What the chosen models ask, each thing once, and what was typed for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from avidity.riskmodel.guard import Guarded, guard
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.units import units_for
from avidity.said import term

Typed = Mapping[str, tuple[str, str]]  # key -> what was typed, and the unit beside it


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form.

    units       of a number, the model's first; empty when it has none
    guard_unit  in which the bounds of ``guarded`` are told
    """

    key: str
    label: str
    kind: str
    units: tuple[str, ...]
    levels: tuple[str, ...]
    seen: tuple[float, float] | None
    meaning: str
    value: str
    unit: str
    guarded: Guarded
    guard_unit: str


@dataclass(frozen=True, slots=True)
class Form:
    """The fields, and by model which field each of its inputs reads."""

    fields: tuple[Asked, ...]
    keys: Mapping[str, Mapping[str, str]]


def form_of(models: Mapping[str, RiskModel], typed: Typed) -> Form:
    """One field for inputs that mean the same: a name in common, and the same form.

    models  by their ids
    typed   by the keys of fields; what was typed for others is left alone
    """
    asked: dict[str, list[Input]] = {}
    keys: dict[str, dict[str, str]] = {}
    for name, model in models.items():
        keys[name] = {}
        for one in model.inputs:
            key = next((key for key, same in asked.items() if _alike(one, same[0])), "")
            if not key:
                key = one.name if one.name not in asked else f"{one.name}_{len(asked)}"
            asked.setdefault(key, []).append(one)
            keys[name][one.name] = key
    return Form(tuple(_field(key, same, typed) for key, same in asked.items()), keys)


def _alike(one: Input, other: Input) -> bool:
    if not set(one.names) & set(other.names) or one.kind != other.kind:
        return False
    if one.kind == "number":
        return {name for name, _ in units_for(one.unit)} == {
            name for name, _ in units_for(other.unit)
        }
    return set(one.levels) == set(other.levels)


def _field(key: str, same: Sequence[Input], typed: Typed) -> Asked:
    first = same[0]
    units = tuple(name for name, _ in units_for(first.unit) if name) if _number(first) else ()
    value, unit = typed.get(key, ("", ""))
    unit = unit if unit in units else (units[0] if units else "")
    looked = [guard(one, value, unit) for one in same]
    worst = next((at for at, one in enumerate(looked) if one.refused), 0)
    meaning = next((one.meaning for one in same if one.meaning), "")
    return Asked(
        key,
        term(first.label),
        first.kind,
        units,
        first.levels,
        first.seen,
        meaning,
        value,
        unit,
        looked[worst],
        same[worst].unit,
    )


def _number(one: Input) -> bool:
    return one.kind == "number"
