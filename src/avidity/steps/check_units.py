"""The unit of a column: where it is stated, and whether the numbers contradict it.

A compulsory unit that is stated nowhere is an error, never a guess. Millicuries under MBq and
centimetres under mm are seen by the median of the column.
"""

from __future__ import annotations

from collections.abc import Iterable

from avidity.dictionary.fields import Field, dictionary, fold_unit
from avidity.said import say, term
from avidity.steps.check_answer import Trouble, called
from avidity.steps.check_numbers import Typing

FEW = 3  # fewer numbers than this say nothing of a column


def two_units(header: str, told: str) -> Trouble | None:
    """An error when the header and study.toml name different units."""
    if header and told and fold_unit(header) != fold_unit(told):
        first, second = dictionary().quantity_of(header), dictionary().quantity_of(told)
        if first and second and (first, first.factor(header)) != (second, second.factor(told)):
            return Trouble(
                "one unit",
                "error",
                say("the header says {header}, study.toml says {told}", header=header, told=told),
                "a column must have one unit",
                "correct the header or study.toml",
            )
    return None


def unit_of(field: Field, header: str, told: str) -> Typing | Trouble:
    """The unit of a measured field, from its header or study.toml; never a guess."""
    quantity = field.quantity
    if quantity is None:
        return Typing()
    if clash := two_units(header, told):
        return clash
    said = told or header
    factor = quantity.factor(said) if said else None
    if factor is not None:
        return Typing(said, factor)
    accepted = ", ".join(quantity.units)
    if said:
        return Trouble(
            "unit not accepted",
            "error",
            say("the unit {unit!r} is none of the units accepted", unit=said[:20]),
            say(
                "the unit of {field} must be one of {accepted}",
                field=called(field),
                accepted=accepted,
            ),
            "correct the unit in the header or in study.toml",
        )
    if field.unit_compulsory:
        return Trouble(
            "unit missing",
            "error",
            "no unit in the header, and none in study.toml",
            say("the unit of {field} must be stated; it is never guessed", field=called(field)),
            say(
                "write it in the header, for example '{label} ({unit})', or"
                ' unit = under [columns.{table}."…"] in study.toml; accepted: {accepted}',
                label=field.label,
                unit=quantity.house,
                table=field.table,
                accepted=accepted,
            ),
        )
    return Typing()


def unit_unsaid(field: Field, typing: Typing) -> list[Trouble]:
    """A note when the house's unit was taken for a unit nobody stated."""
    if typing.unit or field.quantity is None or field.quantity.name in ("age", "days"):
        return []
    return [
        Trouble(
            "unit assumed",
            "note",
            say("no unit is stated; the numbers were read as {unit}", unit=term(field.unit)),
            say("the unit of {field} should stand in the header", field=called(field)),
            say(
                "write it in the header, for example '{label} ({unit})'",
                label=field.label,
                unit=field.unit,
            ),
        )
    ]


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
        say("numbers that are usual in {unit}, under the unit {stated}", unit=unit, stated=stated),
        say("the unit of {field} must be the one its numbers are in", field=called(field)),
        say("correct the unit in the header or in study.toml (is it {unit}?)", unit=unit),
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
        say("{field} must be in {unit}", field=called(field), unit=stated or field.unit),
        'if they are centimetres, write (cm) in the header or unit = "cm" in study.toml',
    )
