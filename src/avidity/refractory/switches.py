"""Where the published definitions differ, as switches with names.

A definition is its criteria and one setting of these; a study may turn one and see what moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from avidity.errors import LabelError
from avidity.refractory.answers import Answer
from avidity.said import say

COMPARATORS = (">", ">=")
ACTIVITY_NEEDS = ("nothing", "no remission", "progression")


@dataclass(frozen=True, slots=True)
class Switches:
    """One setting; `None` for a three-valued switch means that no source we read settles it.

    scans_for_no_uptake     kinds of scan on which absent uptake counts
    doubtful_scans          kinds on which it keeps the question open, no more
    lesion_proofs           how a lesion must have been shown to count; empty: in any way
    distant_lesions_only    whether only lung, bone, brain, liver and other distant sites count
    first_scan_outside_thyroid_bed        whether the first scan is read outside the bed only
    decline_counts_as_loss                whether reduced uptake is as good as lost uptake
    mixed_uptake_makes_patient_refractory whether one lesion without uptake beside others with it
                                          is enough
    progression_window_months             upper end of the window after a course; None: no end
    progression_from_month                lower end; None: from day 1
    progression_last_day_counts           `<=` (true) or `<` (false) at the upper end
    progression_needs_uptake              whether the course must have been taken up
    adequate_activity_mbq                 below this it is unknown whether a course was adequate
    activity_threshold_mbq                cumulative activity, integer MBq (600 mCi = 22,200)
    activity_comparator                   ">" or ">="
    activity_needs                        what must come with the activity
    requires_...                          preconditions
    """

    scans_for_no_uptake: tuple[str, ...] = ("post-therapy",)
    doubtful_scans: tuple[str, ...] = ()
    lesion_proofs: tuple[str, ...] = ()
    distant_lesions_only: bool = False
    first_scan_outside_thyroid_bed: bool = False
    decline_counts_as_loss: bool = False
    mixed_uptake_makes_patient_refractory: Answer = True
    progression_window_months: int | None = None
    progression_from_month: int | None = None
    progression_last_day_counts: bool = True
    progression_needs_uptake: Answer = True
    adequate_activity_mbq: int | None = None
    activity_threshold_mbq: int = 22_200
    activity_comparator: str = ">="
    activity_needs: str = "nothing"
    requires_prior_therapeutic_rai: bool = False
    requires_adequate_preparation: bool = False
    requires_structural_disease: bool = False
    requires_distant_metastasis: bool = False

    def __post_init__(self) -> None:
        if self.activity_comparator not in COMPARATORS:
            raise LabelError(
                say(
                    "activity_comparator must be one of {names}, got {activity_comparator!r}",
                    names=", ".join(COMPARATORS),
                    activity_comparator=self.activity_comparator,
                )
            )
        if self.activity_needs not in ACTIVITY_NEEDS:
            raise LabelError(
                say(
                    "activity_needs must be one of {names}, got {activity_needs!r}",
                    names=", ".join(ACTIVITY_NEEDS),
                    activity_needs=self.activity_needs,
                )
            )

    def turned(self, changes: Mapping[str, object]) -> Switches:
        """The same switches with some turned, each value checked against what the switch holds.

        raises  LabelError on an unknown switch or a value of another kind
        """
        known = {each.name: str(each.type) for each in fields(self)}
        if unknown := sorted(set(changes) - set(known)):
            raise LabelError(
                say(
                    "no switch is called {names}; there are {names2}",
                    names=", ".join(unknown),
                    names2=", ".join(sorted(known)),
                )
            )
        values: dict[str, Any] = {
            name: _checked(name, value, known[name]) for name, value in changes.items()
        }
        return replace(self, **values)

    def as_mapping(self) -> dict[str, object]:
        """Each switch by name, as plain values fit for JSON."""
        plain: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            plain[field.name] = list(value) if isinstance(value, tuple) else value
        return plain


KINDS = {  # how a switch is declared, and what study.toml may set it to
    "tuple[str, ...]": "a list of texts",
    "bool": "true or false",
    "Answer": 'true, false or "none"',
    "int | None": 'a whole number or "none"',
    "int": "a whole number",
    "str": "a text",
}


def _checked(name: str, value: object, kind: str) -> object:
    """The value, if the switch can hold it; "none" is how a TOML file writes None."""
    if value in ("none", None) and kind in ("Answer", "int | None"):
        return None
    if kind == "tuple[str, ...]" and isinstance(value, list | tuple):
        value = tuple(value)
    if not _fits(value, kind):
        raise LabelError(
            say(
                "the switch {name} must be {name2}, got {value!r}",
                name=name,
                name2=KINDS[kind],
                value=value,
            )
        )
    return value


def _fits(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind in ("bool", "Answer")
    if isinstance(value, int):
        return kind in ("int", "int | None")
    if isinstance(value, tuple):
        return kind == "tuple[str, ...]" and all(isinstance(each, str) for each in value)
    return isinstance(value, str) and kind == "str"
