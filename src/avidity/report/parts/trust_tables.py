"""The tables of the page on trust: performance, cut-offs, inclusion, calibration, benefit."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Footnote,
    Row,
    Table,
    said,
)
from avidity.report.parts import cells
from avidity.steps.results import Results
from avidity.steps.validate import IMPUTED, Measure, Validation

NAMES = {
    "auc": ("Area under the ROC curve", 3),
    "slope": ("Calibration slope (1 is right)", 2),
    "intercept": ("Calibration intercept at that slope (0 is right)", 2),
    "brier": ("Brier score (0 is perfect)", 3),
    "r2": ("Nagelkerke R²", 3),
}


def performance_tables(found: list[tuple[int, Validation]], results: Results) -> list[Block]:
    """The two tracks side by side, and apart from them what imputing does to the second."""
    imputed = [(at, one) for at, one in found if one.track == IMPUTED]
    beside = [(at, one) for at, one in found if one.track != IMPUTED]
    tables: list[Block] = []
    if beside:
        caption = "Performance as it looks, and corrected for the whole path"
        tables.append(_performance("table-validation", caption, beside, results))
    if imputed:
        caption = "The same with missing values imputed anew in every resample"
        tables.append(_performance("table-validation-imputed", caption, imputed, results))
    return tables


def _performance(
    anchor: str, caption: str, found: list[tuple[int, Validation]], results: Results
) -> Table:
    level = wording.level(results.study.confidence)
    rows = []
    for name, (label, decimals) in NAMES.items():
        line = [Cell(label)]
        for at, one in found:
            line += _measure(one.measures[name], f"/validation/{at}/measures/{name}", decimals)
        rows.append(Row(tuple(line)))
    columns = [Column("Measure", width=3.0)]
    for _, one in found:
        group = wording.sentence(one.track)
        columns += [
            Column("apparent", "right", group),
            Column("optimism", "right", group),
            Column(f"corrected ({level} CI)", "right", group, width=1.8),
        ]
    return Table(
        anchor,
        caption,
        tuple(columns),
        tuple(rows),
        (*(_how_validated(one) for _, one in found), _interval_note(found[0][1])),
        "One row per measure; for each track apparent value, optimism and corrected value.",
    )


def other_ways_table(results: Results) -> list[Block]:
    """The .632 estimators and cross-validation, or nothing where a selection was made."""
    ways = results.sound.other_ways if results.sound else ()
    if not ways:
        return []
    rows = [
        Row(
            (
                Cell(way.name),
                cells.number(way.auc, 3, f"/sound/other_ways/{at}/auc"),
                cells.number(way.brier, 3, f"/sound/other_ways/{at}/brier"),
            )
        )
        for at, way in enumerate(ways)
    ]
    return [
        Table(
            "table-other-ways",
            "The declared model by other ways of validation",
            (Column("Way", width=2.6), Column("AUC", "right"), Column("Brier score", "right")),
            tuple(rows),
            (
                *(Footnote(said(words)) for words in dict.fromkeys(way.method for way in ways)),
                *_without_intervals(results),
            ),
            "One row per way of validation.",
        )
    ]


def _without_intervals(results: Results) -> list[Footnote]:
    model = results.sound.model if results.sound else None
    if model is None:
        return []
    told = f"{model.n} patients, {model.events} events. No intervals are computed for these."
    return [Footnote(said(told))]


def _how_validated(one: Validation) -> Footnote:
    left = f"; {one.left} of {one.came_in} lack a value" if one.left else ""
    gaps = "".join(f" {wording.sentence(part)}." for part in one.not_walked)
    if one.cutoffs:
        gaps += (
            " Apparent: with the cut-offs this path finds in all patients, which need not be the"
            " limits the variables have elsewhere in the report."
        )
    return Footnote(
        said(
            f"{wording.sentence(one.track)}: {one.words} {one.tally} {one.n} patients,"
            f" {one.events} events{left}.{gaps}"
        )
    )


def _interval_note(one: Validation) -> Footnote:
    interval = one.measures["auc"].interval
    slope = one.measures["slope"].interval
    told = f"Intervals: {interval.method}" if interval else "Intervals: none"
    if slope:
        told += f"; for slope and intercept {slope.method}"
    caution = (
        " They are approximate and somewhat too narrow: in simulated studies of 120 to 300 patients"
        " the 95% intervals of the corrected AUC, Brier score and slope held the true value in 85"
        " to 90%."
        if interval
        else ""
    )
    return Footnote(said(f"{told}.{caution}"))


def _measure(one: Measure, source: str, decimals: int) -> list[Cell]:
    return [
        cells.number(one.apparent, decimals, f"{source}/apparent"),
        cells.number(one.optimism, decimals, f"{source}/optimism"),
        cells.with_interval(
            one.corrected, one.interval, f"{source}/corrected", f"{source}/interval", decimals
        ),
    ]


def cutoff_table(found: list[tuple[int, Validation]], results: Results) -> list[Block]:
    """Where each searched cut-off fell in the resamples, and what it is then worth."""
    rows = []
    for at, one in found:
        for place, spread in enumerate(one.cutoffs):
            source = f"/validation/{at}/cutoffs/{place}"
            rows.append(
                Row(
                    (
                        Cell(results.characteristics[spread.variable].label),
                        cells.with_interval(
                            spread.value,
                            spread.interval,
                            f"{source}/value",
                            f"{source}/interval",
                            1,
                        ),
                        Cell(
                            "; ".join(
                                f"{value:g} ({wording.percent(share, 0)})"
                                for value, share in spread.frequent[:3]
                            )
                        ),
                        *_shares(spread.sensitivity, f"{source}/sensitivity"),
                        *_shares(spread.specificity, f"{source}/specificity"),
                    )
                )
            )
    if not rows:
        return []
    return [
        Table(
            "table-cutoff-validation",
            "The searched cut-offs, searched again in every resample",
            (
                Column("Variable", width=1.8),
                Column("Cut-off (percentiles)", "right", width=1.6),
                Column("Found most often", "right", width=1.8),
                Column("apparent", "right", "Sensitivity"),
                Column("corrected", "right", "Sensitivity"),
                Column("apparent", "right", "Specificity"),
                Column("corrected", "right", "Specificity"),
            ),
            tuple(rows),
            (
                Footnote(
                    said(
                        "Largest Youden index, the lowest of equals; positive is at or beyond an"
                        " observed value. Corrected: less the optimism of the search."
                    )
                ),
            ),
            "One row per searched cut-off.",
        )
    ]


def _shares(one: Measure, source: str) -> tuple[Cell, Cell]:
    return (
        Cell(wording.percent(one.apparent), one.apparent, source=f"{source}/apparent"),
        Cell(wording.percent(one.corrected), one.corrected, source=f"{source}/corrected"),
    )


def inclusion_table(found: list[tuple[int, Validation]], results: Results) -> Table:
    """How often each candidate entered, by track, and the most frequent model."""
    rows = []
    for at, one in found:
        rows.append(Row((Cell(wording.sentence(one.track)),), "group"))
        for name, share in sorted(one.inclusion.items(), key=lambda item: -item[1]):
            cell = Cell(wording.percent(share), share, source=f"/validation/{at}/inclusion/{name}")
            rows.append(Row((Cell(results.characteristics[name].label), cell), "level"))
        names, share = one.models[0]
        words = wording.listed([results.characteristics[name].label for name in names]) or "none"
        rows.append(
            Row((Cell(f"most frequent model: {words}"), Cell(wording.percent(share))), "level")
        )
    return Table(
        "table-inclusion",
        "How often each candidate enters the model when the path is repeated",
        (Column("Candidate", width=4), Column("Share of resamples", "right")),
        tuple(rows),
        (),
        "One row per candidate, grouped by track.",
    )


def calibration_table(found: list[tuple[int, Validation]]) -> Table:
    """Observed against predicted risk, by track: apparent, and its largest gap corrected."""
    rows = []
    for at, one in found:
        source = f"/validation/{at}/calibration"
        errors, legacy = one.calibration.errors, one.calibration.hosmer_lemeshow
        rows.append(
            Row(
                (
                    Cell(wording.sentence(one.track)),
                    cells.estimate_cell(
                        one.calibration.observed_to_expected,
                        f"{source}/observed_to_expected",
                        2,
                    ),
                    cells.number(errors.ici if errors else None, 3, f"{source}/errors/ici"),
                    cells.number(errors.e50 if errors else None, 3, f"{source}/errors/e50"),
                    cells.number(errors.e90 if errors else None, 3, f"{source}/errors/e90"),
                    cells.number(errors.e_max if errors else None, 3, f"{source}/errors/e_max"),
                    cells.number(one.calibration.emax, 3, f"{source}/emax"),
                    cells.p_cell(
                        legacy.test.p_value if legacy else None,
                        f"{source}/hosmer_lemeshow/test/p_value",
                    ),
                )
            )
        )
    notes = [
        Footnote(
            said(
                "ICI, E50, E90 and Emax: mean, median, 90th percentile and largest distance between"
                " predicted risk and the flexible curve, apparent. Corrected Emax: largest change"
                " of a risk by the corrected intercept and slope. The apparent O:E of a model"
                " fitted by maximum likelihood is 1 by construction. The intercept of the table of"
                " performance is that beside the estimated slope, not calibration in the large."
            )
        )
    ]
    groups = [len(test.groups) for _, one in found if (test := one.calibration.hosmer_lemeshow)]
    if groups:
        counts = wording.listed([str(count) for count in dict.fromkeys(groups)])
        notes.append(
            Footnote(
                said(
                    f"Hosmer–Lemeshow with {counts} groups by quantile cut-points of the predicted"
                    " risk (ten where so many different risks allow it); apparent, shown for"
                    " comparison with older papers only."
                )
            )
        )
    notes += [
        Footnote(said(f"{wording.sentence(one.track)}: no curve, {one.calibration.why_none}."))
        for _, one in found
        if one.calibration.why_none
    ]
    return Table(
        "table-calibration",
        "Calibration",
        (
            Column("Track", width=1.6),
            Column("O:E (CI)", "right", "Apparent", width=1.6),
            Column("ICI", "right", "Apparent"),
            Column("E50", "right", "Apparent"),
            Column("E90", "right", "Apparent"),
            Column("Emax", "right", "Apparent"),
            Column("Emax", "right", "Corrected"),
            Column("Hosmer–Lemeshow p", "right"),
        ),
        tuple(rows),
        tuple(notes),
        "One row per track.",
    )


def benefit_table(found: list[tuple[int, Validation]]) -> Table:
    """Net benefit at every tenth threshold, by track."""
    rows = []
    for at, one in found:
        benefit = one.benefit
        rows.append(Row((Cell(wording.sentence(one.track)),), "group"))
        for place, threshold in enumerate(benefit.thresholds):
            if round(100 * threshold) % 10:
                continue
            source = f"/validation/{at}/benefit"
            rows.append(
                Row(
                    (
                        Cell(wording.percent(threshold, 0)),
                        cells.number(benefit.model[place], 3, f"{source}/model/{place}"),
                        cells.number(benefit.corrected[place], 3, f"{source}/corrected/{place}"),
                        cells.number(benefit.treat_all[place], 3, f"{source}/treat_all/{place}"),
                        cells.number(benefit.avoided[place], 1, f"{source}/avoided/{place}"),
                    ),
                    "level",
                )
            )
    return Table(
        "table-benefit",
        "Net benefit at some thresholds",
        (
            Column("Act from a risk of", width=1.8),
            Column("Model, apparent", "right"),
            Column("Model, corrected", "right"),
            Column("Treat all", "right"),
            Column("Avoided per 100 (corrected)", "right"),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Net benefit: true positives per patient less false positives at the odds of"
                    " the threshold; treating nobody is 0. Avoided: interventions avoided per 100"
                    f" patients against treating all. {found[0][1].benefit.method}."
                )
            ),
        ),
        "One row per threshold, grouped by track.",
    )
