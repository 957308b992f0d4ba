"""Table 2: which factors go with the outcome, alone and together."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Footnote,
    Heading,
    Inline,
    Notice,
    Paragraph,
    Row,
    Table,
    Text,
    said,
    sketch,
)
from avidity.report.figures import inputs
from avidity.report.parts import cells
from avidity.report.parts.cells import traced
from avidity.steps.model import Effect, Fit
from avidity.steps.results import Results

FIRTH = "firth"


def factors(results: Results) -> list[Block]:
    """The section on univariable and multivariable models, or nothing when none was asked for."""
    model = results.model
    if not model.univariable and not model.multivariable:
        return []
    blocks: list[Block] = [Heading(2, "Independent factors", "factors")]
    if model.screen:
        blocks.append(_screen_sentence(results))
    if model.multivariable:
        blocks.append(_sentence(model.multivariable))
    blocks += [_table(results), _forest(results)]
    if model.multivariable:
        blocks += [_whole(model.multivariable), _covariance(model.multivariable)]
    if separated := _separated(results):
        blocks.append(Notice("note", "No ordinary estimate exists", separated))
    return blocks


def _separated(results: Results) -> tuple[Text, ...]:
    fits = [*results.model.univariable.values(), results.model.multivariable]
    return tuple(said(fit.separated) for fit in fits if fit and fit.separated)


def _screen_sentence(results: Results) -> Paragraph:
    passed = [line.variable for line in results.model.screen if line.passed]
    names = [results.characteristics[name].label for name in passed]
    return Paragraph(
        said(
            f"Screen: {results.model.screen_words}."
            f" {len(passed)} of {len(results.model.screen)} candidates entered the model"
            f" ({wording.listed(names) if names else 'none'})."
            " Screening on p values in the same patients makes the estimates too extreme."
        )
    )


def _sentence(fit: Fit) -> Paragraph:
    parts: list[str | Inline] = []
    for name, effect in fit.effects.items():
        source = f"/model/multivariable/effects/{name}"
        parts += [
            f"{effect.term.label} (OR ",
            traced(wording.ratio_digits(effect.odds_ratio), f"{source}/odds_ratio"),
            f", {wording.level(effect.interval)} CI {wording.interval(effect.interval)}, ",
            traced(wording.p_phrase(effect.p_value), f"{source}/p_value"),
            "), ",
        ]
    parts[-1] = ")."
    return Paragraph(
        said(
            "In the multivariable model (",
            traced(wording.counted(fit.n, "patient"), "/model/multivariable/n"),
            ", ",
            traced(wording.counted(fit.events, "event"), "/model/multivariable/events"),
            f"; {fit.estimator}; {fit.principle}): ",
            *parts,
        )
    )


def _table(results: Results) -> Table:
    model = results.model
    rows = []
    for name in _names(results):
        alone = model.univariable.get(name)
        together = model.multivariable
        effects = {
            term: effect
            for fit in (alone, together)
            if fit
            for term, effect in fit.effects.items()
            if effect.term.variable == name
        }
        label = results.characteristics[name].label
        several = len(effects) > 1
        if several:
            reference = next(iter(effects.values())).term.reference
            rows.append(Row((Cell(f"{label} (reference: {reference})"), *[Cell("")] * 6)))
        for term, effect in effects.items():
            rows.append(_row(term, effect, alone, together, name, level=several))
    level = wording.level(results.study.confidence)
    return Table(
        "table-factors",
        f"Factors that go with the outcome ({results.outcome_words['label']}): logistic regression",
        (
            Column("Factor", width=2.6),
            Column("n", "right", "Univariable", width=0.6),
            Column("events", "right", "Univariable", width=0.7),
            Column(f"OR ({level} CI)", "right", "Univariable", width=1.8),
            Column("p", "right", "Univariable", width=0.8),
            Column(f"OR ({level} CI)", "right", "Multivariable", width=1.8),
            Column("p", "right", "Multivariable", width=0.8),
        ),
        tuple(rows),
        tuple(_notes(results)),
        "One row per factor or level: patients and events of its univariable model, odds ratios"
        " with intervals and p values, alone and in the multivariable model.",
    )


def _names(results: Results) -> list[str]:
    together = results.model.multivariable
    final = [effect.term.variable for effect in together.effects.values()] if together else []
    return list(dict.fromkeys((*results.model.univariable, *final)))


def _row(
    term: str,
    effect: Effect,
    alone: Fit | None,
    together: Fit | None,
    name: str,
    *,
    level: bool,
) -> Row:
    single = alone.effects.get(term) if alone else None
    joint = together.effects.get(term) if together else None
    label = effect.term.level if level else _with_reference(effect)
    at = f"/model/univariable/{name}"
    counts = (
        (cells.whole(alone.n, f"{at}/n"), cells.whole(alone.events, f"{at}/events"))
        if alone
        else (Cell(wording.NOTHING), Cell(wording.NOTHING))
    )
    return Row(
        (
            Cell(label),
            *counts,
            *_effect_cells(single, f"{at}/effects/{term}"),
            *_effect_cells(joint, f"/model/multivariable/effects/{term}"),
        ),
        "level" if level else "body",
    )


def _with_reference(effect: Effect) -> str:
    """A category of two levels says what its odds ratio is against."""
    term = effect.term
    return f"{term.label} (reference: {term.reference})" if "=" in term.name else term.label


def _effect_cells(effect: Effect | None, source: str) -> tuple[Cell, Cell]:
    if effect is None:
        return Cell(wording.NOTHING), Cell(wording.NOTHING)
    cell = cells.with_interval(
        effect.odds_ratio, effect.interval, f"{source}/odds_ratio", f"{source}/interval", None
    )
    notes = (FIRTH,) if effect.estimator.startswith("Firth") else ()
    marked = Cell(cell.text, parts=cell.parts, notes=notes)
    return marked, cells.p_cell(effect.p_value, f"{source}/p_value")


def _notes(results: Results) -> list[Footnote]:
    model = results.model
    notes = [
        Footnote(
            said(
                "OR, odds ratio; CI, confidence interval."
                f" {wording.sentence(model.principle_words)}: interval and p of one principle in"
                " every row. n and events are those of the complete cases of the univariable model."
            )
        )
    ]
    fits = [*model.univariable.values(), model.multivariable]
    if any(fit and fit.separated for fit in fits):
        notes.append(
            Footnote(
                said(
                    "Separated: the ordinary odds ratio does not exist. Firth's penalised"
                    " likelihood, profile penalised-likelihood interval and penalised"
                    " likelihood-ratio p value."
                ),
                FIRTH,
            )
        )
    notes += [
        Footnote(said(f"Not fitted: {trouble.variable}: {trouble.why}."))
        for trouble in model.not_fitted
    ]
    return notes


def _forest(results: Results) -> Figure:
    rows = []
    for title, fits in (
        ("Univariable", list(results.model.univariable.values())),
        ("Multivariable", [results.model.multivariable]),
    ):
        effects = [effect for fit in fits if fit for effect in fit.effects.values()]
        if effects:
            rows.append(inputs.ForestRow(title))
            rows += [_forest_row(effect) for effect in effects]
    level = wording.level(results.study.confidence)
    return Figure(
        "figure-forest",
        f"Odds ratios for the outcome ({results.outcome_words['label']})",
        "Forest plot of the odds ratios of the table of factors, on a logarithmic axis.",
        sketch(
            "forest",
            inputs.Forest(
                tuple(rows),
                text_header=f"OR ({level} CI)",
                lower_means="less often",
                higher_means="more often",
            ),
        ),
    )


def _forest_row(effect: Effect) -> inputs.ForestRow:
    return inputs.ForestRow(
        effect.term.label,
        effect.odds_ratio,
        effect.interval.low,
        effect.interval.high,
        f"{wording.ratio_digits(effect.odds_ratio)} ({wording.interval(effect.interval)})",
        wording.p_value(effect.p_value),
        firth=effect.estimator.startswith("Firth"),
        indent=True,
    )


def _whole(fit: Fit) -> Table:
    source = "/model/multivariable"
    lines: list[tuple[str, Cell]] = [
        ("Patients / events", Cell(f"{fit.n} / {fit.events}")),
        ("Patients left out for missing values", Cell(str(sum(fit.left.values())))),
        ("Estimator", Cell(fit.estimator)),
        (
            "−2 log-likelihood",
            cells.number(-2 * fit.log_likelihood, 4, f"{source}/minus_2_log_likelihood"),
        ),
        (
            f"{wording.sentence(fit.lr_method)}, χ² on {fit.lr_df} df",
            cells.number(fit.lr_chi2, 3, f"{source}/lr_chi2"),
        ),
        ("p of the whole model", cells.p_cell(fit.lr_p_value, f"{source}/lr_p_value")),
        ("Cox–Snell R²", cells.number(fit.cox_snell_r2, 3, f"{source}/cox_snell_r2")),
        ("Nagelkerke R²", cells.number(fit.nagelkerke_r2, 3, f"{source}/nagelkerke_r2")),
        ("Apparent area under the curve", cells.number(fit.auc, 3, f"{source}/auc")),
    ]
    return Table(
        "table-model",
        "The multivariable model as a whole",
        (Column("Measure"), Column("Value", "right")),
        tuple(Row((Cell(words), cell)) for words, cell in lines),
        (
            Footnote(
                said(
                    "Apparent: measured in the very patients the model was fitted to, hence too"
                    " optimistic. R² are not defined for a penalised fit."
                )
            ),
        ),
        "One row per measure of the whole model.",
    )


def _covariance(fit: Fit) -> Table:
    source = "/model/multivariable"
    labels = ["Intercept", *(effect.term.label for effect in fit.effects.values())]
    rows = []
    for at, label in enumerate(labels):
        coefficient = cells.number(fit.coefficients[at], 6, f"{source}/coefficients/{at}")
        error = fit.covariance[at][at] ** 0.5
        spread = Cell(wording.fixed(error, 6), error)  # the root of a number that has its place
        covariances = [
            cells.number(value, 6, f"{source}/covariance/{at}/{other}")
            for other, value in enumerate(fit.covariance[at])
        ]
        rows.append(Row((Cell(label), coefficient, spread, *covariances)))
    return Table(
        "table-equation",
        "The full equation: coefficients and their covariance",
        (
            Column("Term", width=2.2),
            Column("β", "right"),
            Column("SE", "right"),
            *(Column(f"{at + 1}", "right", "Covariance with term") for at in range(len(labels))),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "log odds = intercept + Σ β × term (yes = 1, no = 0; numbers in the step"
                    " named with the term)."
                    " Covariance: inverse information at the estimate. Full precision in"
                    " results.json."
                )
            ),
        ),
        "One row per term: coefficient, standard error, and covariances in the order of the rows.",
    )
