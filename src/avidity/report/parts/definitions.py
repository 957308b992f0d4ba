"""How much hangs on the definition: the model under each of them, side by side."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Ref,
    Row,
    Table,
    said,
    sketch,
)
from avidity.report.figures import inputs
from avidity.report.parts import cells
from avidity.steps.definitions import UnderDefinition
from avidity.steps.results import Results


def under_definitions(results: Results) -> list[Block]:
    """The section, or nothing when there is one definition only."""
    found = results.definitions
    if len(found) < 2:
        return []
    own = found[0]
    return [
        Heading(2, "How much hangs on the definition", "definitions"),
        Paragraph(
            said(
                "The same records, eligibility and terms, with the outcome decided under each"
                " definition the records allow (",
                Ref("table-under"),
                ", ",
                Ref("figure-under"),
                f"). {_spread(found, own)}",
            )
        ),
        _table(found, results),
        _forest(found, results),
    ]


def _spread(found: tuple[UnderDefinition, ...], own: UnderDefinition) -> str:
    parts = []
    for term, effect in own.effects.items():
        values = [one.effects[term].odds_ratio for one in found if term in one.effects]
        if len(values) > 1:
            parts.append(
                f"{effect.term.label}: odds ratio {wording.ratio_digits(min(values))} to"
                f" {wording.ratio_digits(max(values))}"
            )
    return ("Across definitions: " + "; ".join(parts) + ".") if parts else ""


def _terms(found: tuple[UnderDefinition, ...]) -> list[str]:
    return list(dict.fromkeys(term for one in found for term in one.effects))


def _label(term: str, found: tuple[UnderDefinition, ...]) -> str:
    return next(one.effects[term].term.label for one in found if term in one.effects)


def _table(found: tuple[UnderDefinition, ...], results: Results) -> Table:
    terms = _terms(found)
    rows = []
    for at, one in enumerate(found):
        source = f"/definitions/{at}"
        effects = [
            cells.with_interval(
                one.effects[term].odds_ratio,
                one.effects[term].interval,
                f"{source}/effects/{term}/odds_ratio",
                f"{source}/effects/{term}/interval",
                None,
            )
            if term in one.effects
            else Cell(wording.NOTHING)
            for term in terms
        ]
        marks = ("firth",) if one.estimator.startswith("Firth") else ()
        rows.append(
            Row(
                (
                    Cell(one.definition, notes=marks),
                    Cell(f"{one.yes} / {one.no}"),
                    cells.whole(one.cannot_say, f"{source}/cannot_say"),
                    cells.whole(one.moved, f"{source}/moved"),
                    *effects,
                )
            )
        )
    notes = [
        Footnote(
            said(
                "Yes / no: patients analysed under the definition. Move: another answer than under"
                f" {found[0].definition}, cannot say counting as an answer."
            )
        )
    ]
    if any(one.estimator.startswith("Firth") for one in found):
        notes.append(Footnote(said("Separated: fitted by Firth's penalised likelihood."), "firth"))
    notes += [
        Footnote(said(f"{one.definition} not fitted: {one.why_none}."))
        for one in found
        if one.why_none
    ]
    level = wording.level(results.study.confidence)
    return Table(
        "table-under",
        "The multivariable model under each definition",
        (
            Column("Definition", width=1.6),
            Column("Yes / no", "right"),
            Column("Cannot say", "right", width=0.7),
            Column("Move", "right", width=0.7),
            *(
                Column(_label(term, found), "right", f"OR ({level} CI)", width=1.7)
                for term in terms
            ),
        ),
        tuple(rows),
        tuple(notes),
        "One row per definition, one column of odds ratios per term.",
    )


def _forest(found: tuple[UnderDefinition, ...], results: Results) -> Figure:
    rows = []
    for term in _terms(found):
        rows.append(inputs.ForestRow(_label(term, found)))
        for one in found:
            if term not in one.effects:
                continue
            effect = one.effects[term]
            rows.append(
                inputs.ForestRow(
                    one.definition,
                    effect.odds_ratio,
                    effect.interval.low,
                    effect.interval.high,
                    f"{wording.ratio_digits(effect.odds_ratio)}"
                    f" ({wording.interval(effect.interval)})",
                    wording.p_value(effect.p_value),
                    firth=one.estimator.startswith("Firth"),
                    indent=True,
                )
            )
    level = wording.level(results.study.confidence)
    return Figure(
        "figure-under",
        "Odds ratios under each definition",
        "Forest plot of the odds ratios of the multivariable model, grouped by variable, one row"
        " per definition.",
        sketch("forest", inputs.Forest(tuple(rows), text_header=f"OR ({level} CI)")),
    )
