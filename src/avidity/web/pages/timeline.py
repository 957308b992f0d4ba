"""One patient's records drawn along the years: where each mark stands. Knows no colour, no word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from avidity.refractory.definition import Verdict
from avidity.steps.timeline import LANES, Event

WIDTH, LEFT, RIGHT = 1000.0, 176.0, 24.0
TOP, LANE, FOOT = 34.0, 36.0, 12.0
NEAR = 15.0  # two marks nearer than this are set one above the other
LONGEST_LABEL = 22
YEARS_BY_QUARTER = 2.2
MOST_YEARS = 14  # with a tick each


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its shape by the kind of record, its look by the state, ringed when it decided."""

    x: float
    y: float
    shape: str
    state: str
    decided: bool
    number: str
    event: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the picture: a table's, or one lesion's."""

    key: str
    lesion: str
    short: str
    site: str
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; ``since`` is where the answer's own day stands, or None."""

    width: float
    height: float
    left: float
    right: float
    top: float
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    courses: tuple[float, ...]
    since: float | None


def picture(events: Sequence[Event], verdict: Verdict | None) -> Picture | None:
    """The dated events drawn; None where no record has a day."""
    dated = [(at, one) for at, one in enumerate(events) if one.date is not None]
    days = [one.date for _, one in dated if one.date is not None]
    if not days:
        return None
    if verdict and verdict.date:
        days.append(verdict.date)
    first, last = min(days), max(days)
    span = max((last - first).days, 60)
    begin, ends = first.toordinal() - 0.04 * span, first.toordinal() + 1.04 * span

    def across(day: dt.date) -> float:
        share = (day.toordinal() - begin) / (ends - begin)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    lanes = tuple(_lanes([one for _, one in dated]))
    bottom = TOP + LANE * len(lanes)
    since = across(verdict.date) if verdict and verdict.answer and verdict.date else None
    return Picture(
        width=WIDTH,
        height=bottom + FOOT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        lanes=lanes,
        marks=tuple(_marks(dated, lanes, verdict, across)),
        ticks=tuple((across(day), said) for day, said in _ticks(begin, ends)),
        courses=tuple(across(e.date) for _, e in dated if e.lane == "rai_courses" and e.date),
        since=since,
    )


def _lane_of(event: Event) -> tuple[str, str]:
    """What is about one lesion stands in the lesion's lane, whichever table it is from."""
    return ("lesions", event.lesion) if event.lesion else (event.lane, "")


def _lanes(events: Sequence[Event]) -> Iterator[Lane]:
    order = sorted({_lane_of(one) for one in events}, key=lambda key: (LANES.index(key[0]), key[1]))
    sites = {one.lesion: str(site) for one in events if (site := dict(one.facts).get("site"))}
    for at, (key, lesion) in enumerate(order):
        short = lesion if len(lesion) <= LONGEST_LABEL else f"…{lesion[1 - LONGEST_LABEL :]}"
        site = sites.get(lesion, "") if lesion else ""
        yield Lane(key, lesion, short, site, TOP + LANE * (at + 0.5))


def _marks(
    dated: Sequence[tuple[int, Event]],
    lanes: Sequence[Lane],
    verdict: Verdict | None,
    across: Callable[[dt.date], float],
) -> Iterator[Mark]:
    """Marks of one lane that would cover each other step aside, up and down in turn."""
    heights = {(lane.key, lane.lesion): lane.y for lane in lanes}
    before: dict[tuple[str, str], tuple[float, int]] = {}
    for at, event in dated:
        if event.date is None:
            continue
        lane, x = _lane_of(event), across(event.date)
        last, step = before.get(lane, (-WIDTH, 0))
        step = step + 1 if x - last < NEAR else 0
        before[lane] = (x if step == 0 else last, step)
        aside = (0.0, -9.5, 9.5)[step % 3]
        decided = verdict is not None and event.decided(verdict)
        number = str(dict(event.facts).get("course", "")) if event.table == "rai_courses" else ""
        yield Mark(x, heights[lane] + aside, event.table, event.state, decided, number, at)


def _ticks(begin: float, ends: float) -> Iterator[tuple[dt.date, str]]:
    """The first days of years, or of quarters where the whole is short."""
    first, last = dt.date.fromordinal(int(begin) + 1), dt.date.fromordinal(int(ends))
    short = (ends - begin) / 365.25 < YEARS_BY_QUARTER
    every = 1 if last.year - first.year <= MOST_YEARS else 2 + (last.year - first.year) // 20
    for year in range(first.year, last.year + 1):
        for month in (1, 4, 7, 10) if short else (1,):
            day = dt.date(year, month, 1)
            if first <= day <= last and year % every == 0:
                yield day, day.strftime("%Y-%m") if short else str(year)
