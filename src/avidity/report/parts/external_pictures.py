"""The pictures of a validation: calibration, net benefit, all models together."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Figure,
    said,
    sketch,
)
from avidity.report.figures.inputs import GroupCounts
from avidity.report.figures.inputs_trust import (
    CalibrationPlot,
    DecisionPlot,
    GroupPoint,
    Histogram,
    Line,
)
from avidity.steps.external import External, ModelValidation
from avidity.steps.performance import Performance

MOST = 4  # models one picture can hold


def calibration_figure(one: ModelValidation, slug: str, found: External) -> Figure:
    """Observed share over predicted risk, with groups and the risks of both outcomes."""
    shown, result = one.curves, one.performance
    lines = []
    curve = shown.curve
    if curve and curve.low is not None and curve.high is not None:
        lines.append(
            Line(
                "Found here",
                tuple(curve.risk.tolist()),
                tuple(curve.observed.tolist()),
                tuple(curve.low.tolist()),
                tuple(curve.high.tolist()),
                f"ICI {wording.fixed(curve.errors.ici, 3)}",
            )
        )
    notes = [f"O:E {_short(result, 'observed_to_expected')}"]
    if result.slope:
        notes.append(f"Slope {_short(result, 'slope')}")
    points = tuple(
        GroupPoint(
            group.predicted,
            group.observed.estimate,
            group.observed.interval.low if group.observed.interval else 0.0,
            group.observed.interval.high if group.observed.interval else 1.0,
            group.observed.n,
        )
        for group in shown.groups
    )
    risks = Histogram(
        shown.edges, (GroupCounts(found.outcome, shown.yes), GroupCounts("The others", shown.no))
    )
    why = f" No curve: {shown.why_none}." if shown.why_none else ""
    method = f" Curve: {curve.method}." if curve else ""
    return Figure(
        f"figure-calibration-{slug}",
        f"Calibration of {one.model} in these patients",
        f"Observed share over predicted risk; {'; '.join(notes)}.",
        sketch("calibration", CalibrationPlot(tuple(lines), risks, points, notes=tuple(notes))),
        said(f"Above the line, risks are too low.{method}{why}"),
    )


def _short(found: Performance, name: str) -> str:
    estimate = getattr(found, name)
    ends = wording.interval(estimate.interval, 2)
    return f"{wording.fixed(estimate.estimate, 2)} ({ends})"


def benefit_figure(one: ModelValidation, slug: str) -> Figure:
    """Net benefit over thresholds, beside treating all and none."""
    shown = one.curves
    plan = DecisionPlot(
        (Line(one.model, shown.thresholds, shown.net_benefit, shown.low, shown.high),),
        Line("Treat all", shown.thresholds, shown.treat_all),
        one.performance.events / one.performance.n,
    )
    return Figure(
        f"figure-benefit-{slug}",
        f"Decision curve of {one.model} in these patients",
        "Net benefit over thresholds: acting on the model, treating all, and nobody at zero.",
        sketch("decision", plan),
        said(f"{useful_words(one)} {wording.sentence(shown.method)}."),
    )


def useful_words(one: ModelValidation) -> str:
    """Where acting on the model is worth more than treating all or none."""
    shown = one.curves
    if not shown.useful:
        return "At no threshold is the model worth more than treating all or nobody."
    ends = f"{wording.percent(shown.useful[0], 0)} and {wording.percent(shown.useful[-1], 0)}"
    whole = len(shown.useful) == round((shown.useful[-1] - shown.useful[0]) * 100) + 1
    holes = "" if whole else ", with gaps"
    return (
        "By the estimates the model is worth more than treating all or nobody between thresholds"
        f" of {ends}{holes}."
    )


def together(found: External) -> list[Block]:
    """Net benefit of all models in one picture, where each answers for every patient."""
    if not 2 <= len(found.models) <= MOST or any(one.left for one in found.models):
        return []
    first = found.models[0]
    lines = tuple(
        Line(one.model, one.curves.thresholds, one.curves.net_benefit) for one in found.models
    )
    plan = DecisionPlot(
        lines,
        Line("Treat all", first.curves.thresholds, first.curves.treat_all),
        first.performance.events / first.performance.n,
    )
    return [
        Figure(
            "figure-benefit-all",
            "Decision curves of all models in these patients",
            "Net benefit over thresholds of each model, of treating all, and nobody at zero.",
            sketch("decision", plan),
            said("Without their intervals, which stand in the picture of each model."),
        )
    ]
