"""The model on one page: what it asks, its equation, whom it comes from, how far to trust it."""

from __future__ import annotations

from math import exp

from avidity import wording
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Footnote,
    Notice,
    Paragraph,
    Properties,
    Row,
    Table,
    said,
)
from avidity.riskmodel.model import Input, Pattern, RiskModel
from avidity.riskmodel.predict import from_columns, logit, needed, predict, source_prevalence

MOST_PATTERNS = 16  # a page holds no more


def card(model: RiskModel) -> Document:
    """A printable page; raises RiskModelError for a partial model."""
    needed(model)
    blocks: list[Block] = [
        Notice("warning", f"{wording.sentence(model.label)}: not for decisions about a patient"),
        Paragraph(said(_from(model)), "small"),
        equation_table(model),
        Paragraph(said(_how(model))),
        *_patterns(model),
        Bullets(tuple(said(note) for note in model.notes)),
    ]
    return Document(
        title=model.title,
        blocks=tuple(block for block in blocks if block != Bullets(())),
        subtitle=f"Risk of: {model.outcome.label} · {model.status} model",
        properties=Properties(subject=model.title, keywords=("radioiodine", "risk model")),
    )


def _from(model: RiskModel) -> str:
    source = model.provenance
    doi = f", doi {source.doi}" if source.doi else ""
    return (
        f"{source.citation}{doi}. {model.population.words}. {model.n} patients, {model.events}"
        f" with the outcome ({wording.percent(source_prevalence(model))}): {model.outcome.words}."
        f" Model {model.name}, version {model.version}."
    )


def equation_table(model: RiskModel) -> Table:
    """What each term asks, its coefficient and its odds ratio."""
    equation = needed(model)
    coefficients = dict(zip(equation.columns, equation.coef.tolist(), strict=True))
    rows = [Row((Cell("Intercept"), Cell(), Cell(), _log_odds(coefficients["intercept"]), Cell()))]
    asked = {one.name: one for one in model.inputs}
    for term in model.terms:
        one = asked[term.input]
        unit = f" {one.unit}" if one.unit and term.coding != "category" else ""
        for column in term.columns:
            part = f"{term.words}{unit if term.coding == 'cut' else ''}"
            if term.coding == "category":
                part = f"{column.partition('=')[2]} {term.words}"
            elif term.coding == "linear":
                part = _step(term.per, one.unit or "units")
            elif term.coding == "spline":
                part = f"{column}: {term.words}" if column == term.columns[0] else column
            value = coefficients[column]
            odds = "" if term.coding == "spline" else wording.ratio_digits(exp(value))
            cells = (one.label, part, _range(one), _log_odds(value), odds)
            rows.append(Row(tuple(c if isinstance(c, Cell) else Cell(c) for c in cells)))
    kind = "shrunken" if equation.predicts == "shrunken" else "as fitted"
    note = f"Coefficients {kind}, {equation.estimator}."
    if any(term.coding == "spline" for term in model.terms):
        note += " Names with a prime are the cubic parts of a spline in Harrell's basis."
    return Table(
        "table-equation",
        "The equation",
        (
            Column("What is asked", width=2.2),
            Column("Enters as", width=2.0),
            Column("Seen", width=1.6),
            Column("Log odds", "right", width=1.0),
            Column("Odds ratio", "right", width=1.0),
        ),
        tuple(rows),
        (Footnote(said(note)),),
        "One row per coefficient.",
    )


def _step(per: float, unit: str) -> str:
    """``as it is, per year``."""
    return (
        f"as it is, per {unit.removesuffix('s')}" if per == 1 else f"as it is, per {per:g} {unit}"
    )


def _log_odds(value: float) -> Cell:
    return Cell(wording.fixed(value, 5), value)


def _range(one: Input) -> str:
    if one.kind != "number":
        return "yes or no" if one.kind == "yes/no" else ", ".join(one.levels)
    if one.seen is None:
        return "not known"
    return f"{one.seen[0]:g} to {one.seen[1]:g} {one.unit}".strip()


def _how(model: RiskModel) -> str:
    moved = -logit(source_prevalence(model))
    return (
        "Add the intercept and, line by line, the log odds times the value (1 where it holds, else"
        " 0); risk = 1 / (1 + exp(−sum))."
        " Where the outcome is more or less common than among these patients, with a share q, add"
        f" ln(q / (1 − q)) {'+' if moved >= 0 else '−'} {abs(moved):.4f} to the sum; this assumes"
        " that every odds ratio holds there. Do not use it where something is missing or outside"
        " what was seen."
    )


def _patterns(model: RiskModel) -> list[Block]:
    """The risk of every pattern of a small model, so that nobody has to reckon."""
    if not model.patterns or len(model.patterns) > MOST_PATTERNS:
        return _example(model)
    columns = tuple(Column(name, width=1.3) for name in _heads(model))
    rows = tuple(_pattern(model, one) for one in model.patterns)
    return [
        Table(
            "table-risks",
            "The risk of every combination",
            (
                *columns,
                Column("Patients", "right", width=0.8),
                Column("Risk (95% CI)", "right", width=1.6),
            ),
            rows,
            (
                Footnote(
                    said(
                        "Patients: of the source, with this combination. Interval: delta method"
                        " from the covariance of the coefficients."
                    )
                ),
            ),
            "One row per combination of the terms.",
        )
    ]


def _heads(model: RiskModel) -> list[str]:
    asked = {one.name: one for one in model.inputs}
    heads = []
    for term in model.terms:
        one = asked[term.input]
        for column in term.columns:
            if term.coding == "cut":
                heads.append(f"{one.label} {term.words} {one.unit}".strip())
            elif term.coding == "category":
                heads.append(f"{one.label}: {column.partition('=')[2]}")
            else:
                heads.append(one.label)
    return heads


def _pattern(model: RiskModel, one: Pattern) -> Row:
    risk, interval = from_columns(model, one.values)
    ends = f" ({wording.interval(interval, 3)})" if interval else ""
    answers = [Cell("yes" if value else "no") for value in one.values]
    told = Cell(f"{wording.fixed(risk, 3)}{ends}", risk)
    return Row((*answers, Cell(f"{one.n}", one.n), told))


def _example(model: RiskModel) -> list[Block]:
    """A made patient to check one's reckoning with."""
    vector = model.vectors[len(model.vectors) // 2]
    told = ", ".join(
        f"{one.label.lower()} {_said(vector.inputs[one.name])}{' ' + one.unit if one.unit else ''}"
        for one in model.inputs
    )
    found = predict(model, vector.inputs, beyond=True)
    return [
        Paragraph(
            said(
                f"To check by hand, a patient nobody is: {told}. Log odds"
                f" {wording.fixed(found.linear_predictor, 4)}, risk {wording.fixed(found.risk, 4)}."
            )
        )
    ]


def _said(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"
