"""What a model's risks were worth: all measures of all models, and their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Footnote,
    Notice,
    Row,
    Table,
    said,
)
from avidity.report.parts import cells
from avidity.stats.estimate import TestResult
from avidity.steps.compare_models import ModelComparison
from avidity.steps.external import External
from avidity.steps.performance import Performance

Show = Callable[[Performance, str], Cell]


def performance_table(found: External) -> Table:
    """Measures down, models across."""
    rows = []
    for words, show in _MEASURES:
        shown = (
            show(one.performance, f"/models/{at}/performance")
            for at, one in enumerate(found.models)
        )
        rows.append(Row((Cell(words), *shown)))
    methods = _methods(found.models[0].performance)
    return Table(
        "table-performance",
        "What the risks were worth in these patients",
        (
            Column("Measure", width=2.4),
            *(Column(one.model, "right", width=1.6) for one in found.models),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    f"Intervals: {wording.level(found.level)}. In the large: above 0, the risks are"
                    " too low on the whole. Slope: below 1, they are too extreme. The intercept"
                    " beside the estimated slope is no measure of its own."
                )
            ),
            Footnote(said(methods)),
        ),
        "One row per measure, one column per model.",
    )


def _methods(found: Performance) -> str:
    parts = [found.auc.method, found.observed_to_expected.method]
    parts += [one.method for one in (found.in_the_large, found.slope) if one]
    return wording.sentence("; ".join(parts)) + "."


def _estimate(name: str, decimals: int) -> Show:
    def show(found: Performance, source: str) -> Cell:
        return cells.estimate_cell(getattr(found, name), f"{source}/{name}", decimals)

    return show


def _number(name: str, decimals: int) -> Show:
    def show(found: Performance, source: str) -> Cell:
        return cells.number(getattr(found, name), decimals, f"{source}/{name}")

    return show


def _count(name: str) -> Show:
    def show(found: Performance, source: str) -> Cell:
        return cells.whole(getattr(found, name), f"{source}/{name}")

    return show


def _test(name: str) -> Show:
    def show(found: Performance, source: str) -> Cell:
        test: TestResult | None = getattr(found, name)
        if test is None:
            return Cell(wording.NOTHING)
        return cells.p_cell(test.p_value, f"{source}/{name}/p_value")

    return show


_MEASURES: tuple[tuple[str, Show], ...] = (
    ("Patients", _count("n")),
    ("With the outcome", _count("events")),
    ("Expected by the model", _number("expected", 1)),
    ("Area under the curve", _estimate("auc", 3)),
    ("Observed over expected", _estimate("observed_to_expected", 2)),
    ("Calibration in the large", _estimate("in_the_large", 2)),
    ("Calibration slope", _estimate("slope", 2)),
    ("p of slope 1", _test("slope_test")),
    ("p of intercept 0 and slope 1", _test("unreliability")),
    ("Intercept beside that slope", _estimate("intercept_at_slope", 2)),
    ("Brier score", _number("brier", 4)),
    ("Scaled Brier score", _number("scaled_brier", 3)),
    ("p of Spiegelhalter's test", _test("spiegelhalter")),
)


def comparison_blocks(found: External) -> Iterator[Block]:
    """Each later model against the first."""
    for at, one in enumerate(found.comparisons):
        yield _comparison(one, at)
    if found.not_compared:
        yield Notice("note", "Not compared", tuple(said(why) for why in found.not_compared))


def _comparison(one: ModelComparison, at: int) -> Table:
    source, area = f"/comparisons/{at}", one.area
    rows = [
        Row(
            (
                Cell("Area under the curve"),
                cells.with_interval(
                    area.difference,
                    area.interval,
                    f"{source}/area/difference",
                    f"{source}/area/interval",
                    3,
                ),
                cells.p_cell(
                    area.test.p_value if area.test else None, f"{source}/area/test/p_value"
                ),
            )
        ),
        Row(
            (
                Cell("Brier score (below 0: the first is better)"),
                cells.with_interval(
                    one.brier.difference,
                    one.brier.interval,
                    f"{source}/brier/difference",
                    f"{source}/brier/interval",
                    4,
                ),
                cells.p_cell(
                    one.brier.test.p_value if one.brier.test else None,
                    f"{source}/brier/test/p_value",
                ),
            )
        ),
    ]
    for place, (threshold, gap) in enumerate(one.net_benefit):
        here = f"{source}/net_benefit/{place}/1"
        rows.append(
            Row(
                (
                    Cell(f"Net benefit at {wording.percent(threshold, 0)}"),
                    cells.with_interval(
                        gap.difference,
                        gap.interval,
                        f"{here}/difference",
                        f"{here}/interval",
                        4,
                    ),
                    cells.p_cell(gap.test.p_value if gap.test else None, f"{here}/test/p_value"),
                )
            )
        )
    return Table(
        f"table-comparison-{at + 1}",
        f"{one.first} less {one.second}, in the {one.n} patients both answer for",
        (
            Column("", width=2.4),
            Column("Difference", "right", width=1.8),
            Column("p", "right", width=0.8),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Area: DeLong's paired test. Brier score and net benefit: means of paired"
                    " differences with their normal interval. Not corrected for several"
                    " comparisons."
                )
            ),
        ),
        "One row per measure.",
    )
