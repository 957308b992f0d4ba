"""What is told of one patient, read as the model needs it: by name, in its units, within range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

from avidity.errors import RiskModelError
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.units import number_in

Given = bool | float | str
Place = Literal["impossible", "outside", "within", "unguarded"]
YES = frozenset({"yes", "y", "true", "1", "oui"})
NO = frozenset({"no", "n", "false", "0", "non"})


@dataclass(frozen=True, slots=True)
class Told:
    """One patient as the model sees them.

    values    by the model's own names, in its units; every input is there
    warnings  what was let through and should be known: a range not known, or left
    """

    values: Mapping[str, Given]
    warnings: tuple[str, ...]


def understand(model: RiskModel, given: Mapping[str, Given], *, beyond: bool = False) -> Told:
    """Read what was told.

    given   by any name of an input. A text is read as a person types it ("3.5 cm", "yes"); a
            number is in the model's unit already, True and False are yes and no
    beyond  let a number through that lies outside what the model has seen, with a warning
    raises  RiskModelError on an unknown, repeated or missing input, on a value that cannot be
            read, and on one outside the range; no message repeats a value
    """
    told: dict[str, Given] = {}
    for name, value in given.items():
        asked = model.input(name)
        if asked is None:
            raise RiskModelError(f"{model.name} has no input '{name}'; it asks for {asks(model)}")
        if asked.name in told:
            raise RiskModelError(f"{asked.name} was given twice; give it once")
        told[asked.name] = _read(asked, value)
    if missing := [one.name for one in model.inputs if one.name not in told]:
        raise RiskModelError(
            f"{model.name} cannot answer without {', '.join(missing)}; it asks for {asks(model)}."
            " A missing value is never taken for a no or an average"
        )
    warnings = [
        warning
        for one in model.inputs
        if one.kind == "number" and (warning := _within(one, float(told[one.name]), beyond=beyond))
    ]
    return Told({one.name: told[one.name] for one in model.inputs}, tuple(warnings))


def asks(model: RiskModel) -> str:
    """The inputs in words: ``age (years), diameter (mm), metastasis (yes or no)``."""
    return ", ".join(f"{one.name}{_form(one)}" for one in model.inputs)


def _form(one: Input) -> str:
    if one.kind == "yes/no":
        return " (yes or no)"
    if one.kind == "category":
        return f" ({', '.join(one.levels)})"
    return f" ({one.unit})" if one.unit else " (a number)"


def _read(one: Input, value: Given) -> Given:
    if one.kind == "number":
        return _number(one, value)
    if one.kind == "yes/no":
        return _answer(one, value)
    level = next((level for level in one.levels if level.lower() == str(value).lower()), None)
    if level is None:
        raise RiskModelError(
            f"{one.name} must be one of {', '.join(one.levels)}; the model has no coefficient for"
            " anything else"
        )
    return level


def _number(one: Input, value: Given) -> float:
    if isinstance(value, str):
        return number_in(value, one.unit, one.name)
    if isinstance(value, bool):
        raise RiskModelError(f"{one.name} must be a number, not a yes or no")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = nan
    if not isfinite(number):
        raise RiskModelError(f"{one.name} must be a number; a missing one cannot be used")
    return number


def _answer(one: Input, value: Given) -> bool:
    word = str(value).strip().lower()
    if isinstance(value, bool):
        return value
    if word in YES or word in NO:
        return word in YES
    raise RiskModelError(
        f"{one.name} must be yes or no; where it is not known the model cannot answer"
    )


def place_of(one: Input, number: float) -> Place:
    """Where a number stands: no such thing, never seen, seen, or nobody knows what was seen."""
    if one.possible and not one.possible[0] <= number <= one.possible[1]:
        return "impossible"
    if one.seen is None:
        return "unguarded"
    return "within" if one.seen[0] <= number <= one.seen[1] else "outside"


def _within(one: Input, number: float, *, beyond: bool) -> str:
    """Empty, or a warning; refuses what is impossible, and what was never seen."""
    unit = f" {one.unit}" if one.unit else ""
    place = place_of(one, number)
    if place == "impossible" and one.possible:
        low, high = one.possible
        raise RiskModelError(f"{one.name} must lie between {low:g} and {high:g}{unit}; check it")
    if one.seen is None:
        return f"the range of {one.name} in the source is not known, so nothing guards it"
    if place == "within":
        return ""
    low, high = one.seen
    outside = f"{one.name} lies outside what the model has seen ({low:g} to {high:g}{unit})"
    if beyond:
        return f"{outside}: the risk is drawn on beyond the data"
    raise RiskModelError(f"{outside}; it does not answer there unless asked to go beyond")
