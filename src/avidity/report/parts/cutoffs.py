"""Fig. 1: ROC curves and cut-offs of the continuous predictors."""

from __future__ import annotations

from math import isinf

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Row,
    Table,
    said,
    sketch,
)
from avidity.report.figures import inputs
from avidity.report.parts import cells
from avidity.report.parts.cells import traced
from avidity.steps.cutoffs import At, Cutoff
from avidity.steps.results import Results


def cut_offs(results: Results) -> list[Block]:
    """The section on continuous predictors, or nothing when none was asked for."""
    predictors = results.cutoffs.predictors
    if not predictors:
        return []
    blocks: list[Block] = [
        Heading(2, "Cut-offs", "cut-offs"),
        *[_sentence(name, cut) for name, cut in predictors.items()],
        Figure(
            "figure-roc",
            "Receiver operating characteristic curves",
            _curve_words(results),
            sketch("roc", tuple(_curve(cut) for cut in predictors.values())),
            said(
                "Marked: the cut-off with the largest Youden index (and one fixed beforehand, where"
                " there is one). Diagonal: no better than chance."
            ),
        ),
        _table(results),
    ]
    for name, cut in predictors.items():
        blocks.append(_distribution(name, cut, results))
    if results.cutoffs.pairs:
        blocks.append(_pairs(results))
    return blocks


def value_words(at: At, cut: Cutoff) -> str:
    """``≥ 29 mm``."""
    if isinf(at.value):
        return "none (nobody is called positive)"
    return f"{at.sign} {at.value:g} {cut.variable.unit}".strip()


def _sentence(name: str, cut: Cutoff) -> Paragraph:
    at, source = cut.cutoff, f"/cutoffs/predictors/{name}"
    first = f"{source}/optima/0"
    tied = len(cut.optima) - 1
    also = f" ({wording.counted(tied, 'other cut-off')} tied with it)" if tied else ""
    found = at.performance
    return Paragraph(
        said(
            f"{cut.variable.label} had an area under the curve of ",
            traced(wording.fixed(cut.auc, 3), f"{source}/auc"),
            f" ({wording.level(cut.interval)} CI {wording.interval(cut.interval, 3)},"
            f" {cut.interval.method}; n = {cut.n}). The Youden optimum was ",
            traced(value_words(at, cut), f"{first}/value"),
            f"{also}, with a sensitivity of ",
            traced(
                wording.percent(found.sensitivity.estimate),
                f"{first}/performance/sensitivity/estimate",
            ),
            " and a specificity of ",
            traced(
                wording.percent(found.specificity.estimate),
                f"{first}/performance/specificity/estimate",
            ),
            ", found in these same patients and therefore too optimistic.",
        )
    )


def _curve(cut: Cutoff) -> inputs.RocCurve:
    marks = [_mark(at, cut) for at in cut.optima if not isinf(at.value)][:1]
    if cut.fixed:
        marks.append(_mark(cut.fixed, cut, " (fixed)"))
    return inputs.RocCurve(
        cut.variable.label,
        tuple(1 - value for value in cut.curve.specificity),
        cut.curve.sensitivity,
        f"AUC {wording.fixed(cut.auc, 3)} ({wording.interval(cut.interval, 3)})",
        tuple(marks),
    )


def _mark(at: At, cut: Cutoff, more: str = "") -> inputs.CutPoint:
    return inputs.CutPoint(
        1 - at.performance.specificity.estimate,
        at.performance.sensitivity.estimate,
        value_words(at, cut) + more,
    )


def _curve_words(results: Results) -> str:
    return "ROC curves. " + " ".join(
        f"{cut.variable.label}: area {wording.fixed(cut.auc, 3)}, best cut-off"
        f" {value_words(cut.cutoff, cut)} with sensitivity"
        f" {wording.percent(cut.cutoff.sensitivity)} and specificity"
        f" {wording.percent(cut.cutoff.specificity)}."
        for cut in results.cutoffs.predictors.values()
    )


def _table(results: Results) -> Table:
    predictors = results.cutoffs.predictors
    columns = [Column("Measure", width=1.5)]
    shown: list[tuple[str, Cutoff, At, str]] = []
    for name, cut in predictors.items():
        source = f"/cutoffs/predictors/{name}"
        for number, at in enumerate(cut.optima):
            shown.append((name, cut, at, f"{source}/optima/{number}"))
        if cut.fixed:
            shown.append((name, cut, cut.fixed, f"{source}/fixed"))
    columns += [
        Column(value_words(at, cut), "right", group=cut.variable.label) for _, cut, at, _ in shown
    ]
    rows = [
        ("How it was chosen", [Cell(_chosen(at)) for _, _, at, _ in shown]),
        ("Mid-point convention", [Cell(_mid(at, cut)) for _, cut, at, _ in shown]),
        ("True / false positive", [_counts(at, "tp", "fp") for _, _, at, _ in shown]),
        ("False / true negative", [_counts(at, "fn", "tn") for _, _, at, _ in shown]),
    ]
    for words, field in (
        ("Sensitivity, % (CI)", "sensitivity"),
        ("Specificity, % (CI)", "specificity"),
        ("Positive predictive value, % (CI)", "ppv"),
        ("Negative predictive value, % (CI)", "npv"),
    ):
        rows.append(
            (
                words,
                [
                    cells.share_cell(
                        getattr(at.performance, field), f"{source}/performance/{field}"
                    )
                    for _, _, at, source in shown
                ],
            )
        )
    for words, field in (
        ("Likelihood ratio + (CI)", "positive_ratio"),
        ("Likelihood ratio − (CI)", "negative_ratio"),
    ):
        rows.append(
            (
                words,
                [
                    cells.estimate_cell(
                        getattr(at.performance, field), f"{source}/performance/{field}"
                    )
                    for _, _, at, source in shown
                ],
            )
        )
    rows.append(
        (
            "Youden index",
            [
                cells.number(
                    at.performance.youden.estimate, 3, f"{source}/performance/youden/estimate"
                )
                for _, _, at, source in shown
            ],
        )
    )
    first = next(iter(predictors.values()))
    return Table(
        "table-cutoffs",
        "Cut-offs and what they do to these patients",
        tuple(columns),
        tuple(Row((Cell(words), *line)) for words, line in rows),
        (
            Footnote(said(f"Convention: {first.convention}.")),
            Footnote(
                said(
                    f"Intervals at {wording.level(first.interval)}: Wilson for shares, log method"
                    " (Simel) for likelihood ratios. They take the cut-off as given; where it was"
                    " searched in these patients the search is not in them. Predictive values hold"
                    " for this sample's share of cases only."
                )
            ),
            *_left(results),
        ),
        "One column per cut-off, one row per measure.",
    )


def _left(results: Results) -> list[Footnote]:
    gone = [
        f"{cut.variable.label}: {wording.counted(cut.missing, 'patient')} without a value left out"
        for cut in results.cutoffs.predictors.values()
        if cut.missing
    ]
    return [Footnote(said("; ".join(gone) + "."))] if gone else []


def _chosen(at: At) -> str:
    return "Youden, in these data" if at.found else "fixed beforehand"


def _mid(at: At, cut: Cutoff) -> str:
    if at.midpoint is None or isinf(at.midpoint):
        return wording.NOTHING
    sign = "<" if cut.lower_means_case else ">"
    return f"{sign} {at.midpoint:g}"


def _counts(at: At, one: str, two: str) -> Cell:
    table = at.performance.table
    return Cell(f"{getattr(table, one)} / {getattr(table, two)}")


def _distribution(name: str, cut: Cutoff, results: Results) -> Figure:
    words = results.outcome_words
    at = cut.cutoff
    unit = cut.variable.unit
    middle = at.midpoint if at.midpoint is not None and not isinf(at.midpoint) else None
    return Figure(
        f"figure-{name.replace('_', '-')}",
        f"{cut.variable.label} by outcome",
        f"Histogram of {cut.variable.label} by outcome, with the cut-off {value_words(at, cut)}.",
        sketch(
            "distribution",
            inputs.Distribution(
                cut.variable.label,
                unit,
                cut.histogram.edges,
                (
                    inputs.GroupCounts(words["yes"], cut.histogram.yes),
                    inputs.GroupCounts(words["no"], cut.histogram.no),
                ),
                middle,
                value_words(at, cut),
            ),
        ),
    )


def _pairs(results: Results) -> Table:
    predictors = results.cutoffs.predictors
    rows = []
    for at, pair in enumerate(results.cutoffs.pairs):
        source = f"/cutoffs/pairs/{at}"
        name = (
            f"{predictors[pair.first].variable.label} less {predictors[pair.second].variable.label}"
        )
        rows.append(
            Row(
                (
                    Cell(name),
                    cells.whole(pair.n, f"{source}/n"),
                    cells.with_interval(
                        pair.difference,
                        pair.interval,
                        f"{source}/difference",
                        f"{source}/interval",
                        3,
                    ),
                    cells.p_cell(
                        pair.test.p_value if pair.test else None, f"{source}/test/p_value"
                    ),
                )
            )
        )
    return Table(
        "table-roc-pairs",
        "Areas under the curve compared in the same patients",
        (
            Column("Predictors"),
            Column("n", "right"),
            Column("Difference of areas (CI)", "right"),
            Column("p", "right"),
        ),
        tuple(rows),
        (Footnote(said("Paired test of DeLong, two-sided.")),),
        "One row per pair of predictors.",
    )
