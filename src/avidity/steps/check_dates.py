"""Dates: ISO, day first, month first where a column proves it, names of months, serial numbers.

The rule for 03/04/2015: a column is read day first, unless some of its dates can only be month
first and none can only be day first; then it is read month first, with a warning. When a
column holds proof of both, each date that could be either is an error.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from avidity.dictionary.fields import Field, fold
from avidity.said import say
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

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST = 60  # characters of anything that could still be a date
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_THREE = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4})")
_SHORT = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2}")
_NAMED = re.compile(r"(?:le )?(\d{1,2})(?:st|nd|rd|th|er)?[ -]([a-z]+)[ -](\d{4})")
_NAMED_FIRST = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_PARTIAL = re.compile(r"(\d{4}|\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}|[a-z]+ \d{4})")
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            ("january", "jan", "janvier", "janv"),
            ("february", "feb", "fevrier", "fevr", "fev"),
            ("march", "mar", "mars"),
            ("april", "apr", "avril", "avr"),
            ("may", "mai"),
            ("june", "jun", "juin"),
            ("july", "jul", "juillet", "juil"),
            ("august", "aug", "aout"),
            ("september", "sep", "sept", "septembre"),
            ("october", "oct", "octobre"),
            ("november", "nov", "novembre"),
            ("december", "dec", "decembre"),
        ),
        1,
    )
    for word in words
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a column proves: dates that can only be day first, and only month first."""

    day_first: int
    month_first: int

    @property
    def mixed(self) -> bool:
        """Proof of both."""
        return self.day_first > 0 and self.month_first > 0

    @property
    def month(self) -> bool:
        """The whole column is read month first."""
        return self.month_first > 0 and self.day_first == 0


def order_of(cells: Iterable[Cell]) -> Order:
    """What the distinct contents of a column prove about the order of day and month."""
    day = month = 0
    for cell in cells:
        if not isinstance(cell, str) or len(cell) > LONGEST:
            continue
        if found := _THREE.fullmatch(_no_clock(clean(cell))):
            first, second = int(found[1]), int(found[2])
            day += first > 12 >= second
            month += second > 12 >= first
    return Order(day, month)


def date_reader(field: Field, order: Order, epoch_1904: bool = False) -> Reader:
    """A date, or why it is none."""

    def read(cell: Cell) -> Answer:
        if isinstance(cell, dt.datetime):
            return _in_range(field, cell.date())
        if isinstance(cell, dt.date):
            return _in_range(field, cell)
        if isinstance(cell, dt.time | dt.timedelta | bool):
            return _no_date(field, "a time of day, not a date")
        if isinstance(cell, int | float):
            return _serial(field, float(cell), epoch_1904)
        text = clean(cell)
        return NOT_KNOWN if is_missing(text) else _typed(field, text, order, epoch_1904)

    return read


def _no_clock(text: str) -> str:
    return _CLOCK.sub("", text) if ":" in text else text


def _typed(field: Field, text: str, order: Order, epoch_1904: bool) -> Answer:
    if len(text) > LONGEST:
        return _no_date(field, "a long text, not a date")
    text = _no_clock(text)
    if iso := _ISO.fullmatch(text):
        return _made(field, int(iso[1]), int(iso[2]), int(iso[3]))
    if three := _THREE.fullmatch(text):
        return _ordered(field, int(three[1]), int(three[2]), int(three[3]), order)
    if _SERIAL.fullmatch(text):
        return _serial(field, float(text), epoch_1904)
    return _in_words(field, text)


def _in_words(field: Field, text: str) -> Answer:
    """Dates with the month's name, English or French; everything else is none."""
    words = fold(text)
    if (named := _NAMED.fullmatch(words)) and named[2] in _MONTHS:
        return _made(field, int(named[3]), _MONTHS[named[2]], int(named[1]))
    if (named := _NAMED_FIRST.fullmatch(words)) and named[1] in _MONTHS:
        return _made(field, int(named[3]), _MONTHS[named[1]], int(named[2]))
    if _SHORT.fullmatch(text):
        return _no_date(field, "a year of two digits", "write the year with four digits")
    if _PARTIAL.fullmatch(words) or _PARTIAL.fullmatch(text):
        return _no_date(
            field,
            "a part of a date only",
            "write the whole date; where the day is not known, decide on one rule for the"
            " study and state it",
        )
    return _no_date(field, "not a date")


def _ordered(field: Field, first: int, second: int, year: int, order: Order) -> Answer:
    if order.mixed and first <= 12 and second <= 12 and first != second:
        return _no_date(
            field,
            "a date that may be day first or month first: the column holds both kinds",
            "write every date of the column as year-month-day",
        )
    month_first = second > 12 >= first or (order.month and first <= 12)
    day, month = (second, first) if month_first else (first, second)
    return _made(field, year, month, day)


def _made(field: Field, year: int, month: int, day: int) -> Answer:
    try:
        return _in_range(field, dt.date(year, month, day))
    except ValueError:
        return _no_date(field, "a day that does not exist")


def _in_range(field: Field, date: dt.date) -> Answer:
    if FIRST_YEAR <= date.year <= LAST_YEAR:
        return Answer(date)
    return _no_date(
        field,
        say("a year before {first:d} or after {last:d}", first=FIRST_YEAR, last=LAST_YEAR),
    )


def _serial(field: Field, number: float, epoch_1904: bool) -> Answer:
    """Excel's day number; only 1928 to 2100, so that a year or a code is never taken for one."""
    start = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30)
    if not 10_000 <= number <= 73_050:
        return _no_date(field, "a number, not a date")
    return doubt(
        start + dt.timedelta(days=int(number)),
        "serial number as date",
        "a spreadsheet's day number in place of a date",
        say("{field} should be a date", field=called(field)),
        "check it: it was read as the spreadsheet counts days; format the column as date",
    )


def _no_date(field: Field, problem: str, do: str = "write it as year-month-day") -> Answer:
    return refuse(
        "a date",
        problem,
        say(
            "{field} must be a whole date from {first:d} to {last:d}, as 2015-03-28 or 28/03/2015",
            field=called(field),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        ),
        do,
    )
