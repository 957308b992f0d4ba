"""Numbers: decimal commas, thousands, signs of an assay's limit, units, limits.

A point is a decimal point. A comma followed by anything but three digits is a decimal comma;
"1,234" is read as one only when the same column holds another comma that can be nothing else,
and is an error otherwise. Conversion to the house's unit is exact (fractions), and only then
becomes a float.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from avidity.dictionary.fields import Field, Limits, fold, fold_unit
from avidity.said import joined, say, term
from avidity.steps.check_answer import (
    NOT_KNOWN,
    Answer,
    Reader,
    called,
    clean,
    doubt,
    is_missing,
    refuse,
)
from avidity.steps.read_shape import Cell

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d{1,3})?")
_DOUBTFUL_COMMA = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DOUBTFUL_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_THOUSANDS = (  # how thousands are grouped, and with which decimal sign
    (re.compile(r"[+-]?\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?"), " '’", ","),
    (re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"), ",", "."),
    (re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?"), ".", ","),
)
_SPACES = re.compile(r"\s")  # the no-break and thin ones too
_SIGNED = re.compile(r"(<=|>=|[<>≤≥])\s*(.*)", re.DOTALL)
_WITH_UNIT = re.compile(r"([+-]?[\d.,'’ ]*[\d.,])\s*([^\W\d_][^\d]{0,20})")
_DATE_LIKE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}")
LARGEST = 2.0**53  # beyond it whole numbers are no longer exact
LONGEST = 60  # characters of anything that could still be a number


@dataclass(frozen=True, slots=True)
class Typing:
    """How numbers are typed in a column: its unit, and what it proves about commas.

    unit           as written, accepted behind a number ("45 mm") too
    factor         from that unit to the house's
    decimal_comma  the column holds a comma that can only be decimal
    """

    unit: str = ""
    factor: Fraction = Fraction(1)
    decimal_comma: bool = False


def decimal_comma(cells: Iterable[Cell]) -> bool:
    """True when a distinct content of the column proves that its comma is decimal."""
    for cell in cells:
        if isinstance(cell, str) and "," in cell and len(cell) <= LONGEST:
            text = _SPACES.sub("", _sign(clean(cell))[1])
            if _COMMA.fullmatch(text) and not _DOUBTFUL_COMMA.fullmatch(text):
                return True
    return False


def number_reader(field: Field, typing: Typing) -> Reader:
    """A number in the house's unit, or why it is none."""
    quick = _quick_reader(field, typing)

    def read(cell: Cell) -> Answer:
        if (answer := quick(cell)) is not None:
            return answer
        if isinstance(cell, str):
            return _read_text(field, clean(cell), typing)
        if cell is None:
            return NOT_KNOWN
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return _wrong_kind(field, cell)
        return _converted(field, float(cell), None, typing.factor)

    return read


def _quick_reader(field: Field, typing: Typing) -> Callable[[Cell], Answer | None]:
    """Plain numbers that lie inside every limit, which most are; None for all the others."""
    lows = [limit for limit in (field.hard.low, field.soft.low) if limit is not None]
    highs = [limit for limit in (field.hard.high, field.soft.high) if limit is not None]
    low, high = max(lows, default=-LARGEST), min(highs, default=LARGEST)
    whole, suspects = field.type == "integer", frozenset(field.suspects)
    asis = typing.factor == 1 and not field.rounded
    points = asis and not typing.decimal_comma

    def read(cell: Cell) -> Answer | None:
        if type(cell) is str:
            if not points or len(cell) > LONGEST or _POINT.fullmatch(cell) is None:
                return None
            number = float(cell)
        elif type(cell) is float and asis:
            number = cell
        else:
            return None
        if not low < number < high or number in suspects:
            return None
        if not whole:
            return Answer(number)
        return Answer(int(number)) if number.is_integer() else None

    return read


def _read_text(field: Field, text: str, typing: Typing) -> Answer:
    if field.censored and fold(text) == "nd":
        return refuse(
            "not detected or not done",
            "'ND', which may mean not detected or not done",
            say("{field} must be a number, or a sign and the assay's limit", field=called(field)),
            "write < and the assay's limit when it was not detected; else leave the cell empty",
        )
    if is_missing(text):
        return NOT_KNOWN
    sign, typed = _sign(text)
    if sign and not field.censored:
        return refuse(
            "a number",
            say("a number behind the sign {sign}", sign=sign),
            say("{field} must be an exact number", field=called(field)),
            "write the number itself, or leave the cell empty",
        )
    if len(typed) > LONGEST:
        return _no_number(field, "a long text")
    number = _number(field, _SPACES.sub(" ", typed), typing)
    return number if isinstance(number, Answer) else _converted(field, number, sign, typing.factor)


def _sign(text: str) -> tuple[str | None, str]:
    found = _SIGNED.fullmatch(text)
    if not found:
        return None, text
    return ("<" if found[1] in ("<", "<=", "≤") else ">"), found[2]


def _number(field: Field, text: str, typing: Typing) -> float | Answer:
    """The number a text stands for, or the answer that says why there is none."""
    if _POINT.fullmatch(text):
        if typing.decimal_comma and _DOUBTFUL_POINT.fullmatch(text):
            return _doubtful(field)
        return float(text)
    if _COMMA.fullmatch(text):
        if _DOUBTFUL_COMMA.fullmatch(text) and not typing.decimal_comma:
            return _doubtful(field)
        return float(text.replace(",", "."))
    for pattern, groups, decimal in _THOUSANDS:
        if pattern.fullmatch(text):
            bare = text.translate({ord(sign): None for sign in groups})
            return float(bare.replace(decimal, "."))
    return _with_unit(field, text, typing)


def _with_unit(field: Field, text: str, typing: Typing) -> float | Answer:
    percent = text.endswith("%")
    if percent and typing.unit == "%":
        return _number(field, text[:-1].strip(), typing)
    if percent:
        return _no_number(field, "a number with a percent sign", "write the number alone")
    found = _WITH_UNIT.fullmatch(text)
    if found and typing.unit and fold_unit(found[2]) == fold_unit(typing.unit):
        return _number(field, found[1].strip(), typing)
    if found and field.quantity and field.quantity.factor(found[2]) is not None:
        return _no_number(
            field,
            "a number with a unit of its own",
            say(
                "write the number alone, in the unit of the column ({unit})",
                unit=typing.unit or field.unit,
            ),
        )
    if _DATE_LIKE.fullmatch(text):
        return _no_number(field, "a date in place of a number")
    return _no_number(field, "not a number")


def _wrong_kind(field: Field, cell: Cell) -> Answer:
    if isinstance(cell, bool):
        return _no_number(field, "true or false in place of a number")
    return _no_number(
        field,
        "a date or time in place of a number",
        "type the number again in a cell formatted as number: spreadsheets turn 1.2 into a date",
    )


def _no_number(
    field: Field, problem: str, do: str = "write the number, or leave the cell empty"
) -> Answer:
    if field.type == "integer" and not field.rounded:
        must = say("{field} must be a whole number", field=called(field))
    else:
        must = say("{field} must be a number", field=called(field))
    return refuse("a number", problem, must, do)


def _doubtful(field: Field) -> Answer:
    return refuse(
        "comma or thousands",
        "a number whose comma or point may be decimal or part thousands",
        say("{field} must be a number that can be read in one way only", field=called(field)),
        "write it without a separator of thousands and with a decimal point",
    )


def _converted(field: Field, number: float, sign: str | None, factor: Fraction) -> Answer:
    """The number in the house's unit, held against the field's limits."""
    if not math.isfinite(number) or abs(number) > LARGEST:
        return _no_number(field, "a number beyond all measure")
    value: float = number
    if factor != 1 or field.rounded:
        exact = Fraction(repr(number)) * factor
        value = math.floor(exact + Fraction(1, 2)) if field.rounded else float(exact)
        low_enough = float(exact)
    else:
        low_enough = number
    if not field.hard.allow(low_enough):
        return refuse(
            "possible range",
            "a number outside the possible range",
            say(
                "{field} must be {limits}",
                field=called(field),
                limits=in_words(field.hard, field.unit),
            ),
            "correct the number or its unit, or leave the cell empty",
        )
    if field.type == "integer":
        if value != math.floor(value):
            return _no_number(field, "a number with decimals")
        value = int(value)
    if number in field.suspects:
        return _kept(doubt(value, *_suspect(field)), sign)
    if not field.soft.allow(low_enough):
        return _kept(doubt(value, *_unusual(field)), sign)
    return Answer(value, sign)


def _kept(answer: Answer, sign: str | None) -> Answer:
    return Answer(answer.value, sign, answer.trouble)


def _suspect(field: Field) -> tuple[str, str, str, str]:
    return (
        "code for missing",
        "a number that often stands for 'missing'",
        say("{field} must be the measured number", field=called(field)),
        "if it means missing, leave the cell empty; else nothing",
    )


def _unusual(field: Field) -> tuple[str, str, str, str]:
    return (
        "usual range",
        "a number outside the usual range",
        say(
            "{field} is usually {limits}",
            field=called(field),
            limits=in_words(field.soft, field.unit),
        ),
        "check the number and its unit; if it is right, nothing",
    )


def in_words(limits: Limits, unit: str) -> str:
    """Limits as a phrase.

    >>> in_words(Limits(0, 40000, low_excluded=True), "MBq")
    'above 0 and at most 40,000 MBq'
    >>> in_words(Limits(0, 110), "years"), in_words(Limits(high=1.5), "")
    ('from 0 to 110 years', 'at most 1.5')

    Without any limit the phrase is empty.
    """
    if limits.low is None and limits.high is None:
        return ""
    phrase = _between(limits)
    return joined([phrase, term(unit)], " ") if unit else phrase


def _between(limits: Limits) -> str:
    low = "" if limits.low is None else _plain(limits.low)
    high = "" if limits.high is None else _plain(limits.high)
    if low and high and limits.low_excluded:
        return say("above {low} and at most {high}", low=low, high=high)
    if low and high:
        return say("from {low} to {high}", low=low, high=high)
    if low and limits.low_excluded:
        return say("above {low}", low=low)
    return say("at least {low}", low=low) if low else say("at most {high}", high=high)


def _plain(number: float) -> str:
    whole = number == int(number)
    return say("{n:,d}", n=int(number)) if whole else say("{x:,g}", x=number)
