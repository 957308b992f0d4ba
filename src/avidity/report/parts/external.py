"""A model in other patients: who they are, what was found, and how far it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Row,
    Table,
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
from avidity.report.parts import cells
from avidity.stats.estimate import TestResult
from avidity.steps.compare_models import ModelComparison
from avidity.steps.external import External, ModelValidation
from avidity.steps.performance import Performance

MOST = 4  # models one picture can hold
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


def model_blocks(one: ModelValidation, at: int, found: External) -> Iterator[Block]:
    """The section of one model."""
    slug = f"{at + 1}"
    yield Heading(2, f"{one.model}: {one.title}", f"model-{slug}")
    yield Paragraph(
        said(
            f"Version {one.version}, {one.status}. It predicts: {one.predicts}."
            f" {wording.counted(one.came_in, 'patient')} came in,"
            f" {one.left} left for a missing input, {one.performance.n} remain ({one.handled})."
        )
    )
    if one.cautions:
        yield Notice("warning", "Before leaning on it", tuple(said(each) for each in one.cautions))
    yield _inputs(one, at)
    yield _mix(one, at)
    yield Paragraph(said(size_words(one)))
    yield _calibration(one, slug, found)
    yield _benefit(one, slug)


def size_words(one: ModelValidation) -> str:
    """What a validation of the usual precision would need, against what is here."""
    if one.needed is None:
        return "How many patients a validation would need cannot be told here."
    have = one.performance.n
    parts = [
        f"{each.measure} to a width of {each.width:g}: {each.n:,}"
        f" ({'enough' if each.n <= have else 'too few'} here)"
        for each in one.needed.precisions
    ]
    return (
        f"Patients needed at the prevalence and the spread found here, {'; '.join(parts)}."
        f" There are {have:,} ({one.needed.method})."
    )


def _inputs(one: ModelValidation, at: int) -> Table:
    rows = []
    for place, (mapped, count) in enumerate(zip(one.mapped, one.inputs, strict=True)):
        source = f"/models/{at}/inputs/{place}"
        unit = mapped.unit
        if mapped.factor != 1:
            unit = f"{mapped.variable_unit} → {mapped.unit}"
        rows.append(
            Row(
                (
                    Cell(mapped.label),
                    Cell(f"{mapped.variable_label} ({mapped.variable}, {mapped.chosen})"),
                    Cell(unit or wording.NOTHING),
                    cells.whole(count.missing, f"{source}/missing"),
                    cells.whole(count.left, f"{source}/left"),
                    _outside(count.unseen, f"{source}/unseen", mapped.kind),
                )
            )
        )
    return Table(
        f"table-inputs-{at + 1}",
        f"What {one.model} asks for, and what answers it here",
        (
            Column("Input", width=1.6),
            Column("Variable of the study", width=2.2),
            Column("Unit", width=1),
            Column("Missing", "right", width=0.8),
            Column("Left for it", "right", width=0.8),
            Column("Outside the source's range", "right", width=1.1),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "A patient who lacks several inputs is counted as left at the first of them, so"
                    " that the counts add up."
                )
            ),
        ),
        "One row per input of the model.",
    )


def _outside(count: int | None, source: str, kind: str) -> Cell:
    if count is None:
        return Cell("not known" if kind == "number" else wording.NOTHING)
    return cells.whole(count, source)


def _mix(one: ModelValidation, at: int) -> Table:
    mix, source = one.case_mix, f"/models/{at}/case_mix"
    rows = [
        _mix_row("Share with the outcome", mix.prevalence, mix.source_prevalence, source, 3),
        *(
            Row(
                (
                    Cell(column.label),
                    cells.number(column.mean, 3, f"{source}/columns/{place}/mean"),
                    _told(column.source, f"{source}/columns/{place}/source", 3),
                )
            )
            for place, column in enumerate(mix.columns)
        ),
        _mix_row("Linear predictor, mean", mix.mean, mix.source_mean, source, 2, "mean"),
        _mix_row("Linear predictor, SD", mix.sd, mix.source_sd, source, 2, "sd"),
        _mix_row(
            "Area the risks promise", mix.promised, mix.source_promised, source, 3, "promised"
        ),
    ]
    return Table(
        f"table-mix-{at + 1}",
        f"These patients against those {one.model} was made from",
        (
            Column("", width=2.6),
            Column("Here", "right", width=1),
            Column("Source", "right", width=1),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Numbers as means, answers and cuts as shares."
                    " The area the risks promise is the one to be expected if every risk were true."
                    " Where it differs from the source's, the patients differ; where the area found"
                    f" differs from it, the model does. {wording.sentence(mix.method)}."
                )
            ),
        ),
        "One row per number, here and in the source.",
    )


def _mix_row(  # one line of a table
    words: str,
    here: float | None,
    there: float | None,
    source: str,
    decimals: int,
    name: str = "prevalence",
) -> Row:
    return Row(
        (
            Cell(words),
            _told(here, f"{source}/{name}", decimals),
            _told(there, f"{source}/source_{name}", decimals),
        )
    )


def _told(value: float | None, source: str, decimals: int) -> Cell:
    if value is None:
        return Cell("not known")
    return cells.number(value, decimals, source)


def _calibration(one: ModelValidation, slug: str, found: External) -> Figure:
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


def _benefit(one: ModelValidation, slug: str) -> Figure:
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
