"""Months between dates, and windows counted in months: the one convention, written once.

A month after a date is the same day of the next month; where that month is too short, its last day
(31 August + 6 months = 28 or 29 February). Day 0 is the day of the activity and never inside a
window: day 1 is the day after. The last day of "within 16 months" is the date 16 months later,
and it counts; of "less than 6 months" the date 6 months later does not.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short.

    >>> add_months(date(2021, 1, 15), 16), add_months(date(2021, 8, 31), 6)
    (datetime.date(2022, 5, 15), datetime.date(2022, 2, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months gone by from start to end; negative if end comes first.

    >>> months_between(date(2021, 1, 15), date(2022, 5, 14)), months_between(
    ...     date(2021, 1, 15), date(2022, 5, 15)
    ... )
    (15, 16)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (add_months(start, months) > end)


@dataclass(frozen=True, slots=True)
class Window:
    """The days from first to last, both inside; without a last day it never closes."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def window_after(
    start: date, upper: int | None, *, lower: int | None = None, last_day_counts: bool = True
) -> Window:
    """The window after an activity: `lower` to `upper` months, or any day after it.

    start             the day of the activity, itself outside
    upper             months; None for no end
    lower             months; None to begin on day 1; the day it is reached is inside
    last_day_counts   whether the day `upper` is reached is inside (<=) or not (<)
    """
    first = start + timedelta(days=1) if lower is None else add_months(start, lower)
    if upper is None:
        return Window(first)
    last = add_months(start, upper)
    return Window(first, last if last_day_counts else last - timedelta(days=1))
