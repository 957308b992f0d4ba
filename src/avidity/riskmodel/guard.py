"""One typed input, looked at by itself: what it is, or why the model must not answer with it.

For pages that say it beside the field, in the reader's language. What is let through here is what
`avidity.riskmodel.inputs.understand` lets through; both ask `place_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from avidity.errors import RiskModelError
from avidity.riskmodel.inputs import NO, YES, Given, place_of
from avidity.riskmodel.model import Input
from avidity.riskmodel.units import number_in

State = Literal["missing", "unreadable", "impossible", "outside", "unguarded", "within"]
REFUSED: tuple[State, ...] = ("unreadable", "impossible", "outside")


@dataclass(frozen=True, slots=True)
class Guarded:
    """What was typed for one input.

    state   "within" and "unguarded" may be answered; the latter should be known
    value   in the model's unit; None where there is none
    bounds  what the sentence has to name: the range seen, or the one possible
    """

    state: State
    value: Given | None = None
    bounds: tuple[float, float] | None = None

    @property
    def refused(self) -> bool:
        """Whether something was typed that the model must not answer with."""
        return self.state in REFUSED

    @property
    def fine(self) -> bool:
        """Whether the model may answer with it."""
        return self.value is not None and not self.refused


def guard(one: Input, typed: str, unit: str = "") -> Guarded:
    """Look at what was typed for an input.

    typed  as a person types it; outer spaces do not count, an empty text is missing
    unit   of a number, as chosen beside it; the model's own where nothing was chosen
    """
    text = typed.strip()
    if not text:
        return Guarded("missing")
    if one.kind == "yes/no":
        known = text.lower() in YES | NO
        return Guarded("within", text.lower() in YES) if known else Guarded("unreadable")
    if one.kind == "category":
        level = next((level for level in one.levels if level.lower() == text.lower()), None)
        return Guarded("within", level) if level is not None else Guarded("unreadable")
    return _number(one, text, unit or one.unit)


def _number(one: Input, text: str, unit: str) -> Guarded:
    if not text[-1].isdigit():
        return Guarded("unreadable")
    try:
        number = number_in(f"{text} {unit}" if unit else text, one.unit, one.name)
    except RiskModelError:
        return Guarded("unreadable")
    place = place_of(one, number)
    bounds = one.possible if place == "impossible" else one.seen
    return Guarded(place, number, bounds)
