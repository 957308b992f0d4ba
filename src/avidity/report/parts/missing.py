"""What is missing, by outcome and by pattern, and the declared model with it imputed."""

from __future__ import annotations

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
from avidity.report.figures.inputs_missing import (
    ChainCourse,
    MissingPattern,
    MissingPatterns,
    MissingVariable,
    VariableTraces,
)
from avidity.report.parts import cells
from avidity.stats.imputation.convergence import Trace
from avidity.stats.missingness import Missingness
from avidity.stats.newton import Floats
from avidity.steps.missing import Imputed, Missing
from avidity.steps.results import Results

MOST_PATTERNS = 12


def missing(results: Results) -> list[Block]:
    """The section, or one sentence when nothing is missing in the declared terms."""
    if results.sound is None or results.sound.missing is None:
        return []
    found = results.sound.missing
    counted = _labelled(found.missingness, results)
    blocks: list[Block] = [
        Heading(2, "Missing values", "missing"),
        Paragraph(said(counted)),
    ]
    if not found.missingness.incomplete:
        return blocks
    blocks += [_by_outcome(found.missingness, results), _patterns(found.missingness, results)]
    if found.imputed:
        blocks += _imputed(found.imputed, results)
    else:
        blocks.append(Notice("warning", "Not imputed", (said(_why(found)),)))
    return blocks


def _why(found: Missing) -> str:
    return f"{wording.sentence(found.why_none)}; the models use complete cases."


def _labelled(found: Missingness, results: Results) -> str:
    words = found.sentence
    for name in found.names:
        words = words.replace(f" {name} ", f" {results.characteristics[name].label} ")
    return words


def _by_outcome(found: Missingness, results: Results) -> Table:
    words = results.outcome_words
    rows = []
    for at, one in enumerate(found.variables):
        source = f"/sound/missing/missingness/variables/{at}"
        rows.append(
            Row(
                (
                    Cell(results.characteristics[one.name].label),
                    Cell(
                        wording.count_of(one.missing, one.n),
                        one.missing,
                        source=f"{source}/missing",
                    ),
                    Cell(wording.count_of(one.missing_cases, one.n_cases), one.missing_cases),
                    Cell(
                        wording.count_of(one.missing - one.missing_cases, one.n - one.n_cases),
                        one.missing - one.missing_cases,
                    ),
                    cells.p_cell(one.test.p_value if one.test else None, f"{source}/test/p_value"),
                )
            )
        )
    test = next((one.test for one in found.variables if one.test), None)
    notes = (Footnote(said(f"{test.method}: missing or not against the outcome.")),) if test else ()
    return Table(
        "table-missing",
        "Missing values of the declared variables, by outcome",
        (
            Column("Variable", width=2),
            Column("Missing", "right"),
            Column(f"{words['yes']} (n = {found.n_cases})", "right"),
            Column(f"{words['no']} (n = {found.n - found.n_cases})", "right"),
            Column("p", "right"),
        ),
        tuple(rows),
        notes,
        "One row per variable.",
    )


def _patterns(found: Missingness, results: Results) -> Figure:
    shown = found.patterns[:MOST_PATTERNS]
    counted = [sum(one.n for one in shown if one.missing[at]) for at in range(len(found.names))]
    plan = MissingPatterns(
        tuple(
            MissingVariable(
                results.characteristics[name].label, count, wording.count_of(count, found.n)
            )
            for name, count in zip(found.names, counted, strict=True)
        ),
        tuple(MissingPattern(one.missing, one.n, one.n_cases) for one in shown),
        results.outcome_words["yes"].lower(),
    )
    return Figure(
        "figure-missing",
        "Which values are missing together",
        "Patterns of missing values: one row per pattern with the number of patients.",
        sketch("missingness", plan),
    )


def _imputed(found: Imputed, results: Results) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(said(f"{found.sentence} {found.pooled}")),
        _effects(found, results),
    ]
    if found.warnings or found.unsettled:
        words = [said(text) for text in found.warnings]
        blocks.append(Notice("warning", "About the imputation", tuple(words)))
    if found.traces:
        blocks.append(_traces(found, results))
    return blocks


def _effects(found: Imputed, results: Results) -> Table:
    level = wording.level(results.study.confidence)
    rows = []
    for at, one in enumerate(found.effects):
        source = f"/sound/missing/imputed/effects/{at}"
        rows.append(
            Row(
                (
                    Cell(one.label),
                    cells.with_interval(
                        one.odds_ratio,
                        one.interval,
                        f"{source}/odds_ratio",
                        f"{source}/interval",
                        None,
                    ),
                    cells.p_cell(one.test.p_value, f"{source}/test/p_value"),
                    cells.number(one.df, 1, f"{source}/df"),
                    cells.number(one.fmi, 2, f"{source}/fmi"),
                    cells.with_interval(
                        one.complete_case,
                        one.complete_interval,
                        f"{source}/complete_case",
                        f"{source}/complete_interval",
                        None,
                    ),
                )
            )
        )
    methods = "; ".join(
        f"{results.characteristics[name].label}: {method}" for name, method in found.methods.items()
    )
    return Table(
        "table-imputed",
        "The declared model over the imputed sets, beside the complete cases",
        (
            Column("Term", width=2),
            Column(f"OR ({level} CI)", "right", f"Imputed, n = {found.n}", width=1.8),
            Column("p", "right", f"Imputed, n = {found.n}"),
            Column("df", "right", f"Imputed, n = {found.n}"),
            Column("fmi", "right", f"Imputed, n = {found.n}"),
            Column(f"OR ({level} CI)", "right", f"Complete cases, n = {found.complete}", width=1.8),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    f"Pooled by Rubin's rules over {found.sets} sets; t interval and test with"
                    " Barnard–Rubin degrees of freedom (df); fmi, fraction of missing information."
                    " Complete cases: Wald intervals."
                )
            ),
            Footnote(said(f"{methods}.")),
        ),
        "One row per term.",
    )


def _traces(found: Imputed, results: Results) -> Figure:
    plans = tuple(
        _trace(trace, results.characteristics[trace.variable].label) for trace in found.traces
    )
    return Figure(
        "figure-traces",
        "How the chains of the imputation ran",
        "Mean and deviation of the imputed values over the iterations, one line per chain.",
        sketch("traces", plans),
    )


def _trace(trace: Trace, label: str) -> VariableTraces:
    def course(what: str, values: Floats, r_hat: float | None) -> ChainCourse:
        lines = tuple(tuple(line) for line in values.T.tolist())
        return ChainCourse(what, lines, f"R-hat {wording.fixed(r_hat, 2)}" if r_hat else "")

    return VariableTraces(
        label,
        course("mean", trace.mean, trace.mean_r_hat),
        course("SD", trace.deviation, trace.deviation_r_hat),
    )
