"""From a nomogram and a points score to what their figures draw: numbers become words here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from avidity.report.figures.inputs_score import (
    CardLine,
    NomogramPlan,
    RiskBar,
    Scale,
    ScaleBranch,
    ScaleTick,
    ScorePlan,
)
from avidity.stats.nomogram import Axis, LevelAxis, Nomogram, NumberAxis, Reading
from avidity.stats.points.optimism import ScoreOptimism
from avidity.stats.points.risk import RiskRow
from avidity.stats.points.rounding import PointsScore
from avidity.stats.ticks import Tick, ticks
from avidity.wording import level, percent, significant

_FIRST = (0.1, 1, 10, 20, 50, 80, 90, 99, 99.9)  # percent: the risks to be labelled before others
_NEXT = (0.2, 0.5, 2, 5, 30, 40, 60, 70, 95, 98, 99.5, 99.8)
_MARKS = (3, 4, 6, 7, 8, 9, 15, 25, 35, 45, 55, 65, 75, 85, 91, 92, 93, 94, 96, 97)
_FEW = 4  # labels; with fewer of these the risks are marked evenly instead
_WORD = 7.0  # points of a scale for which one label is wished


def nomogram_plan(
    found: Nomogram, outcome: str, example: Mapping[str, float | str] | None = None
) -> NomogramPlan:
    """The nomogram in ticks and words.

    outcome  whose risk it is: "refractory disease"
    example  a made-up patient to be marked and worked out below, as `Nomogram.read` takes it;
             never a real one
    """
    reading = None if example is None else found.read(example)
    return NomogramPlan(
        scales=tuple(_scale(axis, example or {}) for axis in found.axes),
        points=_plain(ticks(0, 100, 10)),
        total=_plain(ticks(0, found.highest, 15)),
        risk=_risks(found),
        highest=found.highest,
        risk_label=f"Risk (%) of {outcome}",
        example=() if reading is None else _worked(found, reading),
        example_total=None if reading is None else reading.total,
    )


def _scale(axis: Axis, example: Mapping[str, float | str]) -> Scale:
    at = axis.points(example[axis.name]) if axis.name in example else None
    if isinstance(axis, LevelAxis):
        marks = tuple(map(ScaleTick, axis.level_points, axis.labels))
        ends = (min(axis.level_points), max(axis.level_points))
        return Scale(axis.name, "levels", (ScaleBranch(*ends, marks),), at)
    unit = f", {axis.unit}" if axis.unit else ""
    place = 0
    if at is not None:
        value = float(example[axis.name])
        place = next(i for i, branch in enumerate(axis.branches) if value <= branch.high)
    return Scale(f"{axis.name}{unit}", "number", _branches(axis), at, place)


def _branches(axis: NumberAxis) -> tuple[ScaleBranch, ...]:
    """Round values on each stretch, and the value at which one ends and the next begins."""
    low, high = axis.branches[0].low, axis.branches[-1].high
    length = sum(abs(branch.high_points - branch.low_points) for branch in axis.branches)
    marks = ticks(low, high, min(max(int(length / _WORD), 2), 12))
    found = []
    for branch in axis.branches:
        own = [mark for mark in marks if branch.low <= mark.value <= branch.high]
        turn = "" if branch.high == high else significant(branch.high)
        places = tuple(_mark(axis, mark) for mark in own if _can_be(mark.value, axis.finest))
        found.append(ScaleBranch(branch.low_points, branch.high_points, places, turn))
    return tuple(found)


def _can_be(value: float, finest: float) -> bool:
    return finest == 0 or abs(value / finest - round(value / finest)) < 1e-6


def _mark(axis: NumberAxis, mark: Tick) -> ScaleTick:
    return ScaleTick(axis.points(mark.value), _number(mark.value), mark.rank)


def _plain(marks: Sequence[Tick]) -> tuple[ScaleTick, ...]:
    return tuple(ScaleTick(mark.value, _number(mark.value), mark.rank) for mark in marks)


def _number(value: float) -> str:
    """A round number as it is, its thousands set apart."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".") if abs(value) < 1e9 else f"{value:g}"
    return text.replace("-", "−")


def _risks(found: Nomogram) -> tuple[ScaleTick, ...]:
    """The usual risks that the totals reach; even ones if those are too few."""
    low, high = 100 * found.risk(0), 100 * found.risk(found.highest)
    usual = [(risk, rank) for rank, risks in enumerate((_FIRST, _NEXT, _MARKS)) for risk in risks]
    reached = [(float(risk), rank) for risk, rank in usual if low <= risk <= high]
    if sum(rank < 2 for _, rank in reached) < _FEW:
        reached = [(mark.value, mark.rank) for mark in ticks(low, high, 6) if 0 < mark.value < 100]
    return tuple(ScaleTick(found.total(risk / 100), _number(risk), rank) for risk, rank in reached)


def _worked(found: Nomogram, reading: Reading) -> tuple[str, ...]:
    """The example, added up from points read to the nearest whole one."""
    parts = []
    for row in reading.rows:
        axis = found.axis(row.name)
        unit = f" {axis.unit}" if isinstance(axis, NumberAxis) and axis.unit else ""
        value = row.value if isinstance(row.value, str) else _number(row.value)
        parts.append(f"{row.name} {value}{unit} → {int(row.points + 0.5)}")
    return (
        "Worked example:",
        *(f"{part};" for part in parts[:-1]),
        f"{parts[-1]}.",
        f"Sum: {reading.by_hand} points → risk {percent(reading.risk_by_hand, 0)}.",
        f"The equation itself gives {percent(reading.risk)}.",
    )


def score_plan(
    score: PointsScore,
    rows: Sequence[RiskRow],
    outcome: str,
    corrected: ScoreOptimism | None = None,
) -> ScorePlan:
    """The card and the risks in words.

    rows       of the score's risk table
    outcome    whose risk it is: "refractory disease"
    corrected  gives each total its risk corrected for optimism
    """
    other = {row.apparent.total: row.risk for row in corrected.rows} if corrected else {}
    ends = rows[0].interval
    return ScorePlan(
        card=_card(score),
        risks=tuple(
            RiskBar(
                total=row.total,
                risk=row.risk,
                low=row.interval.low,
                high=row.interval.high,
                n=row.n,
                cases=row.n_events,
                corrected=other.get(row.total),
            )
            for row in rows
        ),
        range=f"{_number(score.lowest)} to {_number(score.highest)}",
        risk_name=f"Risk of {outcome}, %",
        interval=f"{level(ends)} interval",
    )


def _card(score: PointsScore) -> tuple[CardLine, ...]:
    """A finding takes one line; a variable with more levels a heading and a line for each.

    What has no points at any level is named once, so that nobody looks for it.
    """
    lines = []
    for item in score.items:
        if not any(item.points):
            lines.append(CardLine(item.name, "0"))
            continue
        if item.labels == ("no", "yes") and item.points[0] == 0:
            lines.append(CardLine(item.name, _number(item.points[1])))
            continue
        lines.append(CardLine(item.name))
        lines += [
            CardLine(label, _number(points), indent=True)
            for label, points in zip(item.labels, item.points, strict=True)
        ]
    return tuple(lines)
