"""The nomogram and the points card as figures, from results that hold no patient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from avidity.report.document import Figure, sketch
from avidity.report.figures.words_score import nomogram_plan, score_plan
from avidity.stats.newton import Floats
from avidity.stats.nomogram import Axis, Branch, LevelAxis, NumberAxis
from avidity.stats.nomogram import Nomogram as Laid
from avidity.stats.points.rounding import PointsScore as Points
from avidity.steps.points import PointsScore
from avidity.steps.score import Nomogram, Scale


def points_figure(made: PointsScore, outcome: str) -> Figure:
    """The card for the pocket and the risk of each total."""
    score = Points(made.items, made.unit, made.constant, made.method)
    plan = score_plan(score, made.rows, outcome, made.optimism)
    return Figure(
        "figure-points",
        "The points and the risk of each total",
        f"A card with the points of each level, and beside it the risk of {outcome} of each total"
        " with its interval; the numbers are in the tables beside it.",
        sketch("score", plan),
    )


def nomogram_figure(found: Nomogram, outcome: str) -> Figure:
    """The nomogram for print, the worked patient marked and added up below it."""
    axes = tuple(_axis(scale, at) for at, scale in enumerate(found.scales))
    laid = Laid(axes, found.points_per_logit, found.base, found.highest)
    plan = nomogram_plan(laid, outcome, dict(_example(found)))
    return Figure(
        "figure-nomogram",
        f"Nomogram of the declared model, coefficients {found.equation}",
        f"A scale for each of {', '.join(scale.label for scale in found.scales)}; the points of"
        f" all add up to the risk of {outcome}. The numbers are in the tables beside it.",
        sketch("nomogram", plan),
    )


def _axis(scale: Scale, at: int) -> Axis:
    if not scale.curve:
        labels = tuple(mark.label for mark in scale.marks)
        return LevelAxis(scale.label, labels, tuple(mark.points for mark in scale.marks), at)
    branches = tuple(Branch(*branch) for branch in scale.branches)
    return NumberAxis(scale.label, scale.unit, branches, _reading(scale), at)


def _reading(scale: Scale) -> Callable[[Floats], Floats]:
    """Points between the values told, in a straight line."""
    values, points = np.array(scale.curve).T

    def reading(asked: Floats) -> Floats:
        between: Floats = np.interp(asked, values, points)
        return between

    return reading


def _example(found: Nomogram) -> list[tuple[str, float | str]]:
    numbers = {scale.label for scale in found.scales if scale.curve}
    return [
        (name, float(value.split(" ")[0]) if name in numbers else value)
        for name, value, _ in found.worked.values
    ]
