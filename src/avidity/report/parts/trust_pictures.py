"""The pictures of a validated track: calibration, net benefit, instability."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import Block, Figure, sketch
from avidity.report.figures.inputs import GroupCounts
from avidity.report.figures.inputs_trust import (
    CalibrationPlot,
    DecisionPlot,
    GroupPoint,
    Histogram,
    InstabilityPlot,
    Line,
    Spread,
)
from avidity.steps.results import Results
from avidity.steps.validate import Validation

SLUG = {
    "as usually done": "usual",
    "as it should be done": "sound",
    "as it should be done, missing values imputed": "imputed",
}


def pictures(one: Validation, results: Results) -> list[Block]:
    """The figures of one track."""
    slug = SLUG[one.track]
    return [_calibration(slug, one, results), _benefit(slug, one), _instability(slug, one, results)]


def _risks(one: Validation, results: Results) -> Histogram:
    words, found = results.outcome_words, one.calibration
    return Histogram(
        found.edges, (GroupCounts(words["yes"], found.yes), GroupCounts(words["no"], found.no))
    )


def _calibration(slug: str, one: Validation, results: Results) -> Figure:
    found, lines = one.calibration, []
    if found.curve and found.curve.low is not None and found.curve.high is not None:
        errors = found.curve.errors
        lines.append(
            Line(
                "Apparent",
                tuple(found.curve.risk.tolist()),
                tuple(found.curve.observed.tolist()),
                tuple(found.curve.low.tolist()),
                tuple(found.curve.high.tolist()),
                f"ICI {wording.fixed(errors.ici, 3)}",
            )
        )
    slope = one.measures["slope"]
    lines.append(Line("Corrected for optimism", found.grid, found.corrected))
    told = wording.fixed(slope.corrected, 2)
    if slope.interval:
        told += f" ({wording.interval(slope.interval, 2)})"
    points = tuple(
        GroupPoint(
            group.predicted,
            group.observed.estimate,
            group.observed.interval.low if group.observed.interval else 0.0,
            group.observed.interval.high if group.observed.interval else 1.0,
            group.observed.n,
        )
        for group in found.groups
    )
    plan = CalibrationPlot(
        tuple(lines), _risks(one, results), points, notes=(f"Corrected slope {told}",)
    )
    return Figure(
        f"figure-calibration-{slug}",
        f"Calibration, {one.track}",
        f"Observed share over predicted risk; corrected calibration slope {told}.",
        sketch("calibration", plan),
    )


def _benefit(slug: str, one: Validation) -> Figure:
    found = one.benefit
    plan = DecisionPlot(
        (
            Line("Model, apparent", found.thresholds, found.model, found.low, found.high),
            Line("Model, corrected", found.thresholds, found.corrected),
        ),
        Line("Treat all", found.thresholds, found.treat_all),
        one.events / one.n,
    )
    return Figure(
        f"figure-benefit-{slug}",
        f"Decision curve, {one.track}",
        "Net benefit over thresholds: the model as it looks and corrected for optimism, treating"
        " all, and treating nobody at zero.",
        sketch("decision", plan),
    )


def _instability(slug: str, one: Validation, results: Results) -> Figure:
    bands = one.bands
    plan = InstabilityPlot(
        tuple(band.risk for band in bands),
        tuple(band.middle for band in bands),
        (
            Spread(
                "95% of resamples",
                tuple(band.low for band in bands),
                tuple(band.high for band in bands),
            ),
            Spread(
                "50% of resamples",
                tuple(band.lower_quartile for band in bands),
                tuple(band.upper_quartile for band in bands),
            ),
        ),
        _risks(one, results),
        (f"mean move {wording.percent(one.moved)}",),
    )
    return Figure(
        f"figure-instability-{slug}",
        f"Instability of the predicted risks, {one.track}",
        "What models from resamples would have predicted for patients of each original risk;"
        f" on average a patient's risk moves by {wording.percent(one.moved)}.",
        sketch("instability", plan),
    )
