"""Calendar months, and the days at both ends of a window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.refractory.months import add_months, months_between, window_after

START = date(2020, 1, 15)


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 12, 15), 1, date(2021, 1, 15)),
        (date(2020, 1, 15), 16, date(2021, 5, 15)),
        (date(2020, 1, 15), 0, date(2020, 1, 15)),
        (date(2020, 1, 15), -1, date(2019, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_short_month(start, months, then):
    assert then == add_months(start, months)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 12_000))
def test_months_between_is_the_largest_number_of_months_that_fits(start, days):
    end = start + timedelta(days=days)
    months = months_between(start, end)

    assert add_months(start, months) <= end < add_months(start, months + 1)


def test_day_0_is_outside_and_day_1_inside():
    window = window_after(START, 16)

    assert START not in window
    assert START + timedelta(days=1) in window


def test_the_last_day_counts_and_the_day_after_does_not():
    window = window_after(START, 16)

    assert date(2021, 5, 15) in window
    assert date(2021, 5, 16) not in window


def test_less_than_six_months_ends_the_day_before():
    window = window_after(START, 6, last_day_counts=False)

    assert date(2020, 7, 14) in window
    assert date(2020, 7, 15) not in window


def test_a_window_from_a_month_begins_on_that_day():
    window = window_after(START, 16, lower=12)

    assert date(2021, 1, 14) not in window
    assert date(2021, 1, 15) in window


def test_a_window_without_an_end_never_closes():
    assert date(2099, 1, 1) in window_after(START, None)
