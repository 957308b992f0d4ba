"""The parts of the report of a rebuilt model."""

from __future__ import annotations

from math import exp, isinf

from avidity.papers.rebuild import RebuiltPaper
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Part,
    Row,
    Span,
    Table,
    said,
)
from avidity.report.parts.cells import number, with_interval, words
from avidity.report.rebuild_words import (
    LABEL,
    culprit_words,
    ends,
    headline,
    how,
    miss_words,
    open_words,
    people,
    risk_words,
)
from avidity.stats.interval import Interval
from avidity.stats.rebuild.result import Pattern, Range, Solution
from avidity.wording import fixed, sentence

AT = "/rebuilt"


def front(found: RebuiltPaper) -> list[Block]:
    """What was rebuilt, the answer, and what it may not be used for."""
    rebuilt = found.rebuilt
    blocks: list[Block] = []
    if found.made_up:
        blocks.append(Notice("made data", "Nobody published this paper", (said(found.made_up),)))
    where = f", {found.where}" if found.where else ""
    blocks += [
        Paragraph(
            said(f"{found.citation or found.title} · paper file {found.sha256[:12]}"), "small"
        ),
        Notice("warning", LABEL),
        Heading(1, "In short", "in-short"),
        Paragraph((Span(headline(rebuilt), bold=True),)),
        Paragraph(
            said(
                f"Model “{found.model}”{where}: ",
                Span(f"{rebuilt.n:,}", f"{AT}/n"),
                " patients, ",
                Span(f"{rebuilt.n_events:,}", f"{AT}/n_events"),
                f" of them {found.outcome}. {how(rebuilt)}",
            )
        ),
    ]
    return blocks


def model(found: RebuiltPaper) -> list[Block]:
    """The equation: whole, or what is known of it."""
    rebuilt = found.rebuilt
    if rebuilt.answer == "none":
        return []
    blocks: list[Block] = [Heading(1, "The model", "model")]
    if rebuilt.answer == "one":
        blocks += [_whole_model(found, rebuilt.only), _covariance(found, rebuilt.only)]
    else:
        blocks.append(_between(found))
    return blocks


def _term(found: RebuiltPaper, term: str) -> str:
    """A term in the paper's words."""
    name, _, level = term.partition(" = ")
    if not level:
        return sentence(term)
    label = found.labels[found.rebuilt.predictors.index(name)]
    return label if level == "yes" else f"{label}: {level}"


def _whole_model(found: RebuiltPaper, only: Solution) -> Table:
    fit = only.fit
    rows = []
    for at, one in enumerate(fit.wald(found.rebuilt.level)):
        source = f"{AT}/solutions/0/fit"
        ratio = Cell("–") if at == 0 else _ratio(one.estimate, one.interval, f"{source}/coef/{at}")
        rows.append(
            Row(
                (
                    words(_term(found, one.term)),
                    number(one.estimate, 4, f"{source}/coef/{at}"),
                    Cell(fixed(one.std_error, 4), one.std_error),
                    ratio,
                )
            )
        )
    fit_words = (
        f"−2 log-likelihood {fixed(fit.deviance, 3)}"
        f" (intercept alone {fixed(fit.null_deviance, 3)});"
        f" Cox and Snell's R² {fixed(fit.cox_snell, 3)}, Nagelkerke's {fixed(fit.nagelkerke, 3)},"
        f" McFadden's {fixed(fit.mcfadden, 3)}. Maximum likelihood; Wald intervals."
    )
    return Table(
        "table-model",
        "The model, rebuilt",
        (
            Column("Term"),
            Column("Coefficient", "right"),
            Column("Standard error", "right"),
            Column(f"Odds ratio ({found.rebuilt.level:.0%} CI)", "right"),
        ),
        tuple(rows),
        (Footnote(said(fit_words)),),
        "One row per coefficient, the intercept first.",
    )


def _ratio(estimate: float, interval: Interval, source: str) -> Cell:
    return with_interval(exp(estimate), interval.map(exp), source, source, 3)


def _covariance(found: RebuiltPaper, only: Solution) -> Table:
    names = [_term(found, term) for term in found.rebuilt.terms]
    rows = tuple(
        Row(
            (
                words(name),
                *(
                    number(float(value), 5, f"{AT}/solutions/0/fit/covariance/{at}/{to}")
                    for to, value in enumerate(only.fit.covariance[at])
                ),
            )
        )
        for at, name in enumerate(names)
    )
    return Table(
        "table-covariance",
        "Covariance of the coefficients",
        (Column("Term"), *(Column(name, "right") for name in names)),
        rows,
        description="A symmetric matrix, in the order of the model's terms.",
    )


def _between(found: RebuiltPaper) -> Table:
    rebuilt = found.rebuilt
    rows = tuple(
        Row(
            (
                words(_term(found, term)),
                _ends_cell(rebuilt.coef[at], f"{AT}/coef/{at}"),
                _ends_cell(rebuilt.error[at], f"{AT}/error/{at}"),
            )
        )
        for at, term in enumerate(rebuilt.terms)
    )
    certain = "over every table that fits" if rebuilt.answer == "several" else "proven bounds"
    return Table(
        "table-model",
        "What is known of the model",
        (Column("Term"), Column("Coefficient", "right"), Column("Standard error", "right")),
        rows,
        (Footnote(said(f"Least to greatest, {certain}, rounded outwards.")),),
        "One row per coefficient, the intercept first.",
    )


def _ends_cell(one: Range, source: str) -> Cell:
    if isinf(one.low) or isinf(one.high):
        return words(ends(one))
    return Cell(
        ends(one),
        parts=(Part("low", one.low, f"{source}/low"), Part("high", one.high, f"{source}/high")),
    )


def risks(found: RebuiltPaper) -> list[Block]:
    """The predicted risk of every pattern."""
    rebuilt = found.rebuilt
    if not rebuilt.patterns:
        return []
    known = rebuilt.patterns[0].interval is not None
    head = f"Predicted risk ({rebuilt.level:.0%} CI)" if known else "Predicted risk"
    table = Table(
        "table-risks",
        "Predicted risk by pattern",
        (
            *(Column(label, "center") for label in found.labels),
            Column("Patients", "right"),
            Column(head, "right"),
        ),
        tuple(_risk_row(one, f"{AT}/patterns/{at}") for at, one in enumerate(rebuilt.patterns)),
        (Footnote(said(_risk_note(rebuilt.answer))),),
        "One row per combination of the predictors' levels.",
    )
    return [Heading(1, "Risks", "risks"), table]


def _risk_note(answer: str) -> str:
    return {
        "one": "Patients: how many of the paper's patients have the pattern, as rebuilt.",
        "several": (
            "Least to greatest over every table that fits; the interval reaches from the lowest"
            " lower to the highest upper end."
        ),
    }.get(
        answer,
        "Proven bounds, rounded outwards: if any table gives every figure, its risk lies between"
        " them.",
    )


def _risk_row(one: Pattern, source: str) -> Row:
    low, high = one.n
    return Row(
        (
            *(words(level) for level in one.levels),
            Cell(
                people(one),
                parts=(Part("least", low, f"{source}/n/0"), Part("most", high, f"{source}/n/1")),
            ),
            Cell(
                risk_words(one),
                parts=(
                    Part("least", one.risk.low, f"{source}/risk/low"),
                    Part("greatest", one.risk.high, f"{source}/risk/high"),
                ),
            ),
        )
    )


def contradiction(found: RebuiltPaper) -> list[Block]:
    """Which printed figure breaks it."""
    why = found.rebuilt.contradiction
    if why is None:
        return []
    blocks: list[Block] = [
        Heading(1, "Why no table fits", "contradiction"),
        Paragraph(said(f"{sentence(why.reason)}.")),
    ]
    for head, lead, items in (
        (
            "One misprint would explain it",
            "Each of these figures, left out alone, leaves the others possible.",
            [culprit_words(one) for one in why.culprits],
        ),
        (
            "The nearest table",
            "It gives every figure but these.",
            [miss_words(one) for one in why.nearest],
        ),
        ("Another reading would explain it", "", list(why.other_ways)),
    ):
        if items:
            blocks.append(Heading(2, head, head.lower().replace(" ", "-")))
            if lead:
                blocks.append(Paragraph(said(lead)))
            blocks.append(Bullets(tuple(said(item) for item in items)))
    return blocks


def left_open(found: RebuiltPaper) -> list[Block]:
    """What the tables do not determine, what was assumed, and what to ask."""
    rebuilt = found.rebuilt
    blocks: list[Block] = [Heading(1, "What is not determined", "not-determined")]
    if rebuilt.outcomes is not None:
        blocks.append(Paragraph(said(open_words(rebuilt.outcomes))))
        blocks.append(
            Paragraph(said("No single area under the curve may be given as the paper's."), "small")
        )
    elif rebuilt.answer != "none":
        blocks.append(
            Paragraph(said("The area under the curve and the Brier score were not bounded."))
        )
    asked = [said(sentence(one)) for one in found.questions]
    blocks += [
        Paragraph(said("To settle it, ask the authors for:")),
        Bullets(tuple(asked)),
        Heading(1, "What is assumed", "assumed"),
        Bullets(tuple(said(f"{sentence(one)}.") for one in rebuilt.assumptions)),
        Paragraph(
            said(
                "A logistic model depends on its patients only through how many have each pattern"
                " and through the counts among those with the outcome; the paper prints the second"
                " and the margins of the first."
            )
        ),
    ]
    return blocks
