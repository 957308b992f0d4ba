"""A number with its unit, as a person types it: converted to the model's unit, never guessed.

The units are those the data dictionary accepts at its door; a unit it does not know must be
written as the model writes it.
"""

from __future__ import annotations

import re
from fractions import Fraction

from avidity.errors import RiskModelError

# What one of each is worth in the first of its row. 1 mCi = 37 MBq by definition of the curie.
QUANTITIES: tuple[dict[str, Fraction], ...] = (
    {"mm": Fraction(1), "cm": Fraction(10)},
    {
        "years": Fraction(1),
        "year": Fraction(1),
        "yr": Fraction(1),
        "y": Fraction(1),
        "months": Fraction(1, 12),
        "month": Fraction(1, 12),
    },
    {"mbq": Fraction(1), "gbq": Fraction(1000), "mci": Fraction(37), "ci": Fraction(37000)},
    {
        "ng/ml": Fraction(1),
        "ug/l": Fraction(1),
        "µg/l": Fraction(1),
        "ng/dl": Fraction(1, 100),
        "pg/ml": Fraction(1, 1000),
    },
    {"miu/l": Fraction(1), "mu/l": Fraction(1), "uiu/ml": Fraction(1), "µiu/ml": Fraction(1)},
)
# How a person is offered them; the same quantities in the same order, each worth once.
SPELLED: tuple[tuple[str, ...], ...] = (
    ("mm", "cm"),
    ("years", "months"),
    ("MBq", "GBq", "mCi"),
    ("ng/mL", "µg/L", "pg/mL"),
    ("mIU/L", "µIU/mL"),
)
UNDERSTOOD = ("", "years")  # units nobody writes: a count, and an age
FORM = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(.*)", re.DOTALL)


def number_in(text: str, unit: str, what: str) -> float:
    """The number in the model's unit.

    text    "35mm", "3.5 cm", "61"; one comma is a decimal point
    what    the name of the input, for the sentence
    raises  RiskModelError on what is no number, on a unit that is unknown or of another kind, and
            on a missing unit unless the model's is none or years

    >>> number_in("3.5 cm", "mm", "diameter"), number_in("61", "years", "age")
    (35.0, 61.0)
    """
    match = FORM.fullmatch(text.strip().replace("−", "-").replace("μ", "µ"))
    like = f"{what}=35{unit if unit != 'years' else ''}"
    if not match:
        raise RiskModelError(f"{what} must be a number, such as {like}; what was given is none")
    digits, written = match[1], match[2].strip()
    factor = _factor(written, unit, what, like)
    try:
        return float(Fraction(digits.replace(",", ".")) * factor)
    except (OverflowError, ValueError):
        raise RiskModelError(f"{what} must be a number, such as {like}; this one is none") from None


def units_for(unit: str) -> tuple[tuple[str, Fraction], ...]:
    """The units a number may be typed in, each with its worth in the model's, which comes first.

    >>> units_for("mm")
    (('mm', Fraction(1, 1)), ('cm', Fraction(10, 1)))
    >>> units_for("lesions")
    (('lesions', Fraction(1, 1)),)
    """
    for names, worth in zip(SPELLED, QUANTITIES, strict=True):
        if unit.lower() in worth:
            others = [one for one in names if one.lower() != unit.lower()]
            own = worth[unit.lower()]
            return ((unit, Fraction(1)), *((one, worth[one.lower()] / own) for one in others))
    return ((unit, Fraction(1)),)


def _factor(written: str, unit: str, what: str, like: str) -> Fraction:
    if not written and unit not in UNDERSTOOD:
        raise RiskModelError(f"{what} needs its unit; write {like}, or another unit of that kind")
    if not written or written == unit:
        return Fraction(1)
    for quantity in QUANTITIES:
        if unit.lower() in quantity and written.lower() in quantity:
            return quantity[written.lower()] / quantity[unit.lower()]
    asked = f"is asked in {unit}" if unit else "has no unit"
    raise RiskModelError(f"{what} {asked}; '{written[:20]}' cannot be turned into it")
