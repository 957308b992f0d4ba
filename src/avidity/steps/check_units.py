"""Whole columns whose numbers contradict their unit: mCi under MBq, centimetres under mm."""

from __future__ import annotations

from collections.abc import Iterable

from avidity.dictionary.fields import Field
from avidity.steps.check_answer import Trouble, called

FEW = 3  # fewer numbers than this say nothing of a column


def unit_contradicted(field: Field, values: Iterable[float | None], stated: str) -> Trouble | None:
    """A sentence when the median is a usual number in another unit and not in the stated one.

    values  in the house's unit
    stated  the unit as written, "" when the house's was assumed
    """
    known = sorted(value for value in values if value is not None and value > 0)
    if len(known) < FEW or field.quantity is None or field.quantity.usual is None:
        return None
    median = known[len(known) // 2]
    if field.quantity.name == "length":
        return _centimetres(field, median, known[-1], stated)
    return _another_activity(field, median, stated or field.unit)


def _another_activity(field: Field, median: float, stated: str) -> Trouble | None:
    """Only too small a median is asked: too large a number is beyond the hard limits anyway."""
    quantity = field.quantity
    factor = quantity.factor(stated) if quantity else None
    if quantity is None or quantity.usual is None or factor is None:
        return None
    low, high = quantity.usual
    if median >= 0.6 * low:
        return None
    typed = median / float(factor)
    likely = (u for u in ("mCi", "GBq") if low <= typed * float(quantity.units[u]) <= 3 * high)
    unit = next(likely, "")
    if not unit or quantity.factor(unit) == factor:
        return None
    return Trouble(
        "unit contradicted",
        "error",
        f"numbers that are usual in {unit}, under the unit {stated}",
        f"the unit of {called(field)} must be the one its numbers are in",
        f"correct the unit in the header or in study.toml (is it {unit}?)",
    )


def _centimetres(field: Field, median: float, largest: float, stated: str) -> Trouble | None:
    """Tumours with a median under 6 and none above 15 were measured in centimetres."""
    primary = field.table == "patients"
    if stated.lower().startswith("c") or median >= (6 if primary else 3) or largest > 15:
        return None
    return Trouble(
        "centimetres under millimetres",
        "error" if primary and not stated else "warning",
        "numbers that are usual in centimetres",
        f"{called(field)} must be in {stated or field.unit}",
        'if they are centimetres, write (cm) in the header or unit = "cm" in study.toml',
    )
