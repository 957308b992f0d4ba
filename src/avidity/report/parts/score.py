"""The declared model for the bedside: points, the risk of each total, and the nomogram."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Ref,
    Row,
    Span,
    Table,
    said,
)
from avidity.report.parts import cells
from avidity.report.parts.cells import traced
from avidity.report.parts.score_pictures import nomogram_figure, points_figure
from avidity.stats.points.optimism import ScoreOptimism
from avidity.steps.points import PointsScore
from avidity.steps.results import Results
from avidity.steps.score import Nomogram

POINTS = "/sound/score/points"
NOMOGRAM = "/sound/score/nomogram"


def score(results: Results) -> list[Block]:
    """Points first, then the nomogram; nothing where no model was declared."""
    if results.sound is None or results.sound.score is None:
        return []
    made = results.sound.score
    blocks: list[Block] = [
        Heading(2, "Points and nomogram", "score"),
        Notice(
            "warning",
            "For research only",
            (
                said(
                    "Points and nomogram repeat the declared model; they have not been tested in"
                    " other patients and must not decide about one."
                ),
            ),
        ),
    ]
    if made.points is None:
        blocks.append(Paragraph(said(f"No points score: {made.why_no_points}.")))
    else:
        blocks += [
            _lost(made.points),
            points_figure(made.points, results.outcome_words["label"]),
            _card(made.points),
            _risks(made.points, results),
        ]
    if made.nomogram is None:
        blocks.append(Paragraph(said(f"No nomogram: {made.why_no_nomogram}.")))
    else:
        blocks += [
            nomogram_figure(made.nomogram, results.outcome_words["label"]),
            _worked(made.nomogram),
            _scales(made.nomogram),
            _totals(made.nomogram, results),
        ]
    return blocks


def _lost(made: PointsScore) -> Paragraph:
    loss = made.loss
    counted = (
        f" ({wording.counted(made.n, 'patient')}, {wording.counted(made.events, 'event')},"
        " apparent). For "
    )
    text: list[str | Span | Ref] = [
        "Whole points instead of the equation: AUC ",
        traced(wording.fixed(loss.auc_score, 3), f"{POINTS}/loss/auc_score"),
        " against ",
        traced(wording.fixed(loss.auc_equation, 3), f"{POINTS}/loss/auc_equation"),
        ", Brier score ",
        traced(wording.fixed(loss.brier_score, 3), f"{POINTS}/loss/brier_score"),
        " against ",
        traced(wording.fixed(loss.brier_equation, 3), f"{POINTS}/loss/brier_equation"),
        counted,
        traced(wording.percent(loss.within[1]), f"{POINTS}/loss/within/1"),
        " of the patients the two risks differ by no more than 10 percentage points, at most by ",
        traced(wording.percent(loss.largest_gap), f"{POINTS}/loss/largest_gap"),
        ".",
    ]
    if made.optimism:
        auc, equation = made.optimism.auc, made.optimism.equation_auc
        text += [
            " Corrected for the making of the points: AUC ",
            traced(wording.fixed(auc.corrected, 3), f"{POINTS}/optimism/auc/corrected"),
            " (equation ",
            traced(
                wording.fixed(equation.corrected, 3), f"{POINTS}/optimism/equation_auc/corrected"
            ),
            "); the very same points came out in ",
            traced(wording.percent(made.optimism.same), f"{POINTS}/optimism/same"),
            " of the resamples.",
        ]
    return Paragraph(said(*text))


def _card(made: PointsScore) -> Table:
    rows = []
    place = 0
    for at, item in enumerate(made.items):
        rows.append(Row((Cell(item.name),), "group"))
        for level, label in enumerate(item.labels):
            points = item.points[level]
            source = f"{POINTS}/items/{at}/points/{level}"
            rows.append(
                Row(
                    (
                        Cell(label),
                        cells.whole(points, source),
                        Cell(_seen(made.optimism, place, points)),
                    ),
                    "level",
                )
            )
            place += 1
    notes = [
        Footnote(
            said(
                f"{wording.sentence(made.method)}. Numbers are cut at their quartiles, rounded and"
                " found without the outcome. One point stands for"
                f" {wording.fixed(made.unit, 3)} log-odds, 0 points for"
                f" {wording.fixed(made.constant, 3)}."
            )
        )
    ]
    if made.optimism:
        notes.append(
            Footnote(
                said(
                    "Resamples: share in which the level got as many points, and the range over"
                    f" all. {wording.sentence(made.optimism.method)}."
                )
            )
        )
    else:
        notes.append(Footnote(said(f"Not repeated in resamples: {made.why_none}.")))
    return Table(
        "table-points",
        "The points of each level",
        (
            Column("Level", width=2.4),
            Column("Points", "right"),
            Column("Same in resamples (range)", "right", width=1.6),
        ),
        tuple(rows),
        tuple(notes),
        "One row per level, grouped by variable.",
    )


def _seen(found: ScoreOptimism | None, place: int, points: int) -> str:
    if found is None:
        return wording.NOTHING
    seen = dict(found.wobble[place].seen)
    share = seen.get(points, 0) / sum(seen.values())
    return f"{wording.percent(share, 0)} ({min(seen)} to {max(seen)})"


def _risks(made: PointsScore, results: Results) -> Table:
    rows = []
    for at, row in enumerate(made.rows):
        source = f"{POINTS}/rows/{at}"
        line = [
            cells.whole(row.total, f"{source}/total"),
            cells.whole(row.n, f"{source}/n"),
            cells.whole(row.n_events, f"{source}/n_events"),
            Cell(
                f"{wording.percent(row.risk)} ({_ends(row.interval.low, row.interval.high)})",
                row.risk,
                source=f"{source}/risk",
            ),
        ]
        if made.optimism:
            own = made.optimism.rows[at]
            told = wording.percent(own.risk)
            if own.interval:
                told += f" ({_ends(own.interval.low, own.interval.high)})"
            line.append(Cell(told, own.risk, source=f"{POINTS}/optimism/rows/{at}/risk"))
        rows.append(Row(tuple(line)))
    level = wording.level(results.study.confidence)
    columns = [
        Column("Points", "right"),
        Column("Patients", "right"),
        Column(results.outcome_words["yes"], "right"),
        Column(f"Risk ({level} CI)", "right", "Apparent", width=1.8),
    ]
    notes = [
        Footnote(
            said(
                f"Apparent: {made.line}; {made.rows[0].interval.method}. It is the share with the"
                " outcome among patients like these, in whom it was frequent."
            )
        )
    ]
    if made.optimism:
        columns.append(Column(f"Risk ({level} of resamples)", "right", "Corrected", width=1.8))
        notes.append(
            Footnote(
                said(
                    "Corrected: the line flattened to the calibration slope to expect in new"
                    f" patients ({wording.fixed(made.optimism.slope.corrected)}); percentiles of"
                    " the risks that the scores of the resamples give to the patients with this"
                    " total, none where nobody has it."
                )
            )
        )
    return Table(
        "table-risk-of-points",
        "From points to risk",
        tuple(columns),
        tuple(rows),
        tuple(notes),
        "One row per total: patients, cases, risk.",
    )


def _ends(low: float, high: float) -> str:
    return f"{wording.percent(low)} to {wording.percent(high)}"


def _scales(found: Nomogram) -> Table:
    rows = []
    for at, scale in enumerate(found.scales):
        unit = f", {scale.unit}" if scale.unit else ""
        rows.append(Row((Cell(f"{scale.label}{unit}"),), "group"))
        for place, mark in enumerate(scale.marks):
            source = f"{NOMOGRAM}/scales/{at}/marks/{place}/points"
            rows.append(Row((Cell(mark.label), cells.number(mark.points, 1, source)), "level"))
    return Table(
        "table-nomogram",
        "The nomogram in numbers: points of each variable",
        (Column("Value", width=2.4), Column("Points", "right")),
        tuple(rows),
        (
            Footnote(
                said(
                    f"Equation: {found.equation}. Points are log-odds in another unit"
                    f" ({wording.fixed(found.points_per_logit, 2)} points for 1), 0 at the least"
                    " risk of a variable and 100 at the far end of the widest; between two marks"
                    " of a straight term they rise evenly."
                )
            ),
        ),
        "One row per mark of a scale, grouped by variable.",
    )


def _totals(found: Nomogram, results: Results) -> Table:
    rows = [
        Row(
            (
                Cell(wording.percent(risk, 0), risk, source=f"{NOMOGRAM}/risks/{at}/0"),
                cells.number(total, 1, f"{NOMOGRAM}/risks/{at}/1"),
            )
        )
        for at, (risk, total) in enumerate(found.risks)
    ]
    return Table(
        "table-nomogram-risk",
        f"The nomogram in numbers: risk of {results.outcome_words['label']}",
        (Column("Risk"), Column("Total points", "right")),
        tuple(rows),
        (),
        "One row per risk with its total of points.",
    )


def _worked(found: Nomogram) -> Paragraph:
    worked = found.worked
    parts = "; ".join(
        f"{name}: {value}, {wording.fixed(points, 1)}" for name, value, points in worked.values
    )
    return Paragraph(
        said(
            f"To check by hand, a patient nobody is. {parts} points: together ",
            traced(wording.fixed(worked.total, 1), f"{NOMOGRAM}/worked/total"),
            ", a risk of ",
            traced(wording.percent(worked.risk), f"{NOMOGRAM}/worked/risk"),
            f" by the equation; with whole points {worked.by_hand} and"
            f" {wording.percent(worked.risk_by_hand)} (",
            Ref("figure-nomogram"),
            "; in numbers: ",
            Ref("table-nomogram"),
            ", ",
            Ref("table-nomogram-risk"),
            ").",
        )
    )
