"""The second track: what these patients can carry, and the model as it should be built."""

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
    Ref,
    Row,
    Table,
    said,
    sketch,
)
from avidity.report.figures.inputs import GroupCounts
from avidity.report.figures.inputs_trust import EffectPlot, Histogram, Line
from avidity.report.parts import cells
from avidity.report.parts.cells import traced
from avidity.stats.dichotomising import Form, NoForm
from avidity.steps.capacity import Capacity
from avidity.steps.penalised import NotPenalised, Penalised
from avidity.steps.results import Results
from avidity.steps.sound import Contrast, Curve, Shape, Shrunken, SoundModel


def carried(results: Results) -> list[Block]:
    """Before the model: sample size, stated before any fit is shown."""
    found = results.capacity
    if found is None:
        return []
    return [
        Heading(2, "What these patients can carry", "capacity"),
        Paragraph(said(f"{found.verdict.rstrip('.')} (", Ref("table-capacity"), ").")),
        _capacity(found),
    ]


def _capacity(found: Capacity) -> Table:
    rows = []
    for at, track in enumerate(found.tracks):
        source = f"/capacity/tracks/{at}"
        needed = [
            cells.whole(one.n, f"{source}/needed/requirements/{place}/n")
            for place, one in enumerate(track.needed.requirements)
        ]
        rows.append(
            Row(
                (
                    Cell(wording.sentence(track.name)),
                    cells.whole(track.candidates, f"{source}/candidates"),
                    cells.number(track.events_per_candidate, 1, f"{source}/events_per_candidate"),
                    cells.number(track.shrinkage, 2, f"{source}/shrinkage"),
                    *needed,
                )
            )
        )
    notes = [
        Footnote(
            said(
                f"{wording.sentence(found.support.method)}; {found.support.assumption}. Candidate"
                " parameters: every coefficient that was looked at on the way, not only those of"
                " the final model."
            )
        )
    ]
    if found.support.caution:
        notes.append(Footnote(said(f"{found.support.caution}.")))
    if found.elsewhere:
        told = "; ".join(f"{one.measure}: {one.n:,}" for one in found.elsewhere.precisions)
        notes.append(
            Footnote(
                said(
                    "Patients for an external validation at this share of cases and an AUC of"
                    f" {found.elsewhere.auc:g}: {told} ({found.elsewhere.method})."
                )
            )
        )
    headers = [one.criterion for one in found.tracks[0].needed.requirements] if found.tracks else []
    return Table(
        "table-capacity",
        f"Patients needed: {found.n} patients with {found.events} events are here",
        (
            Column("Way of modelling", width=1.6),
            Column("Candidate parameters", "right"),
            Column("Events for each", "right"),
            Column("Shrinkage to expect", "right"),
            *(Column(header, "right", "Patients needed for") for header in headers),
        ),
        tuple(rows),
        tuple(notes),
        "One row per way of modelling with the patients each criterion asks for.",
    )


def sound(results: Results) -> list[Block]:
    """The model as it should be done, and what the usual way costs."""
    if results.sound is None:
        return []
    blocks: list[Block] = [Heading(2, "The model as it should be done", "sound")]
    if results.sound.model is None:
        blocks.append(
            Notice("warning", "Not fitted", (said(wording.sentence(results.sound.why_none) + "."),))
        )
    else:
        model = results.sound.model
        blocks += [_sentence(model), _contrasts(model)]
        if model.separated:
            told = f"{model.separated} Fitted by {model.estimator}."
            blocks.append(Notice("note", "No ordinary estimate exists", (said(told),)))
    if results.sound.shrunken:
        blocks.append(_shrunken(results.sound.shrunken, results))
    if results.sound.model:
        blocks += [_curve(curve, results) for curve in results.sound.model.curves]
    if results.sound.shapes:
        blocks.append(_shapes(results.sound.shapes))
    return blocks + _penalised(results.sound.penalised)


def _penalised(found: tuple[Penalised | NotPenalised, ...]) -> list[Block]:
    """Lasso and ridge side by side."""
    made = [(at, one) for at, one in enumerate(found) if isinstance(one, Penalised)]
    blocks: list[Block] = [
        Paragraph(said(f"{wording.sentence(one.penalty)}: no model, {one.why}."))
        for one in found
        if isinstance(one, NotPenalised)
    ]
    if not made:
        return blocks
    rows = []
    for place, term in enumerate(made[0][1].terms):
        line = [Cell(term.label)]
        for at, one in made:
            own, source = one.terms[place], f"/sound/penalised/{at}/terms/{place}"
            line.append(cells.number(own.coefficient, 3, f"{source}/coefficient"))
            line.append(
                Cell(wording.percent(own.kept, 0), own.kept, source=f"{source}/kept")
                if own.kept is not None
                else Cell(wording.NOTHING)
            )
        rows.append(Row(tuple(line)))
    columns = [Column("Candidate", width=2.4)]
    for _, one in made:
        columns += [
            Column("β", "right", wording.sentence(one.penalty)),
            Column("Kept in resamples", "right", wording.sentence(one.penalty)),
        ]
    blocks.append(
        Table(
            "table-penalised",
            "What a penalty keeps among all candidates",
            tuple(columns),
            tuple(rows),
            tuple(Footnote(said(_penalty_words(one))) for _, one in made),
            "One row per candidate: coefficient and share of resamples for each penalty.",
        )
    )
    return blocks


def _penalty_words(one: Penalised) -> str:
    told = (
        f"{wording.sentence(one.penalty)}: {one.method}; {one.n} patients, {one.events} events"
        f" ({one.came_in - one.n} left for a missing value). Log-odds on the original scale,"
        f" intercept {wording.fixed(one.intercept, 3)}. Apparent AUC {wording.fixed(one.auc, 3)}"
    )
    if one.corrected is not None:
        failed = f", {one.failed} without a model" if one.failed else ""
        told += (
            f", corrected {wording.fixed(one.corrected, 3)} (strength chosen anew in"
            f" {one.resamples} resamples{failed})"
        )
    if one.left_out:
        told += f"; without {wording.listed(one.left_out)}, not asked of everybody"
    if one.models and one.penalty == "lasso":
        told += f"; the most frequent set of candidates came in {wording.percent(one.models[0][1])}"
    return f"{told}. No p values or intervals: they do not hold after such a choice."


def _sentence(model: SoundModel) -> Paragraph:
    return Paragraph(
        said(
            "Terms declared beforehand, numbers kept as numbers: ",
            traced(wording.counted(model.n, "patient"), "/sound/model/n"),
            ", ",
            traced(wording.counted(model.events, "event"), "/sound/model/events"),
            f", {wording.counted(model.candidates, 'parameter')}; {model.estimator};"
            f" {model.selection_words}. Apparent area under the curve ",
            traced(wording.fixed(model.auc, 3), "/sound/model/auc"),
            ".",
        )
    )


def _contrasts(model: SoundModel) -> Table:
    rows = [_contrast(at, one) for at, one in enumerate(model.contrasts)]
    interval = model.contrasts[0].interval
    level = wording.level(interval) if interval else "95%"
    return Table(
        "table-sound",
        "The declared model: what each variable does",
        (
            Column("Variable", width=1.8),
            Column("Form", width=1.2),
            Column("Compared", width=2.2),
            Column(f"OR ({level} CI)", "right", width=1.6),
            Column("p", "right", width=0.8, notes=("chunk",)),
            Column("p, curved", "right", width=0.8, notes=("curved",)),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Odds ratio with Wald interval for the comparison named; for a number between"
                    " its third and first quartile, which is one number and no cut-off."
                )
            ),
            Footnote(
                said(
                    "Likelihood-ratio test of all coefficients of the variable together"
                    f" ({model.contrasts[0].test.method})."
                ),
                "chunk",
            ),
            Footnote(said("Test of the curved parts of a spline alone."), "curved"),
        ),
        "One row per variable or level.",
    )


def _contrast(at: int, one: Contrast) -> Row:
    source = f"/sound/model/contrasts/{at}"
    nonlinear = one.nonlinear.p_value if one.nonlinear else None
    return Row(
        (
            Cell(one.label),
            Cell(one.form),
            Cell(one.against),
            cells.with_interval(
                one.odds_ratio, one.interval, f"{source}/odds_ratio", f"{source}/interval", None
            ),
            cells.p_cell(one.test.p_value, f"{source}/test/p_value"),
            cells.p_cell(nonlinear, f"{source}/nonlinear/p_value"),
        )
    )


def _shrunken(found: Shrunken, results: Results) -> Table:
    rows = [
        Row(
            (
                Cell("Intercept" if name == "intercept" else name),
                cells.number(found.apparent[at], 4, f"/sound/shrunken/apparent/{at}"),
                cells.number(found.coefficients[at], 4, f"/sound/shrunken/coefficients/{at}"),
            )
        )
        for at, name in enumerate(found.names)
    ]
    told = [f"used: {wording.fixed(found.factor, 3)} ({found.method})"]
    if found.heuristic is not None:
        told.append(f"heuristic: {wording.fixed(found.heuristic, 3)}")
    if found.bootstrap is not None:
        told.append(f"bootstrap: {wording.fixed(found.bootstrap, 3)}")
    return Table(
        "table-shrunken",
        "The declared model's equation, as fitted and shrunken",
        (
            Column("Term", width=2),
            Column("β, apparent", "right"),
            Column("β, shrunken", "right"),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    f"Shrinkage factor {'; '.join(told)}. Heuristic: (χ² − candidate parameters)"
                    " / χ² (van Houwelingen and le Cessie). The intercept beside shrunken slopes is"
                    " found anew, so that the mean predicted risk equals the share of cases."
                )
            ),
            *_knots(results),
        ),
        "One row per term: coefficient as fitted and shrunken.",
    )


def _knots(results: Results) -> list[Footnote]:
    """Where each spline bends and how its columns are made; no risk can be computed without."""
    model = results.sound.model if results.sound else None
    found = []
    for name, knots in (model.knots if model else {}).items():
        variable = results.characteristics[name]
        places = wording.listed([f"{knot:g}" for knot in knots])
        found.append(
            Footnote(
                said(
                    f"{variable.label}: restricted cubic spline with knots at {places}"
                    f"{' ' + variable.unit if variable.unit else ''} (Harrell's quantiles); curved"
                    " columns divided by the squared distance of the outer knots."
                )
            )
        )
    return found


def _curve(curve: Curve, results: Results) -> Figure:
    words, found = results.outcome_words, curve.curve
    plan = EffectPlot(
        curve.label,
        curve.unit,
        "Odds ratio",
        (
            Line(
                "Declared model",
                tuple(found.x.tolist()),
                tuple(found.estimate.tolist()),
                tuple(found.low.tolist()),
                tuple(found.high.tolist()),
            ),
        ),
        Histogram(
            curve.edges, (GroupCounts(words["yes"], curve.yes), GroupCounts(words["no"], curve.no))
        ),
        curve.reference,
    )
    return Figure(
        f"figure-effect-{curve.variable.replace('_', '-')}",
        f"What {curve.label} does in the declared model",
        f"Odds ratio over {curve.label} against its median with a pointwise band; counts of"
        " patients below. Outside the central 95% of patients the curve may leave the panel.",
        sketch("effect", plan),
    )


def _shapes(shapes: tuple[Shape, ...]) -> Table:
    rows = []
    for at, shape in enumerate(shapes):
        source = f"/sound/shapes/{at}"
        rows.append(Row((Cell(f"{shape.label}, cut at {shape.cut:g}"),), "group"))
        for name, form in (
            ("as a number, straight", shape.loss.linear),
            ("as a number, spline", shape.loss.spline),
            ("cut in two", shape.loss.cut),
        ):
            key = {"as a number, straight": "linear", "as a number, spline": "spline"}.get(
                name, "cut"
            )
            rows.append(_form(name, form, f"{source}/loss/{key}", shape, key))
    return Table(
        "table-shapes",
        "What cutting a number in two costs, and the search for the cut-off",
        (
            Column("Number", width=2.0),
            Column("χ² of the number", "right"),
            Column("AUC", "right"),
            Column("Nagelkerke R²", "right"),
            Column("p as printed", "right", "p of the cut-off"),
            Column("p corrected for the search", "right", "p of the cut-off"),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Each number alone, maximum likelihood, same patients; all figures apparent, so"
                    " that a cut-off searched here is flattered and its true cost is larger."
                )
            ),
            Footnote(
                said(
                    "Corrected: how often the best cut-off of a number that says nothing would look"
                    " as good (Youden index, exact permutation distribution of the maximally"
                    " selected statistic). As printed: Pearson χ² at the cut-off, as if it had"
                    " been given."
                )
            ),
        ),
        "For each number three forms: straight, spline and cut in two.",
    )


def _form(name: str, form: Form | NoForm, source: str, shape: Shape, key: str) -> Row:
    if isinstance(form, NoForm):
        return Row((Cell(name), Cell(form.why), *[Cell("")] * 4), "level")
    naive = corrected = Cell("")
    if key == "cut" and shape.searched:
        at = source.replace("/loss/cut", "/searched")
        naive = cells.p_cell(shape.searched.naive.p_value, f"{at}/naive/p_value")
        corrected = cells.p_cell(shape.searched.corrected.p_value, f"{at}/corrected/p_value")
    elif key == "cut":
        corrected = Cell(shape.why_none)
    return Row(
        (
            Cell(name),
            cells.number(form.gain.statistic, 2, f"{source}/gain/statistic"),
            cells.number(form.auc.estimate, 3, f"{source}/auc/estimate"),
            cells.number(form.nagelkerke, 3, f"{source}/nagelkerke"),
            naive,
            corrected,
        ),
        "level",
    )
