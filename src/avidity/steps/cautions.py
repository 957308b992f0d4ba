"""What a reader must know before believing a number: the sentences of the report's first page."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.steps.results import Caution, Results
from avidity.steps.validate import Validation

FEW_EVENTS = 10  # events per candidate parameter below which estimates are known to be unstable
MUCH_LEFT = 0.2  # share of the screened left out from which selection deserves a sentence


def cautions(results: Results) -> tuple[Caution, ...]:
    """Every doubt this run gives rise to, in the order of the way of a row."""
    return tuple(
        caution
        for part in (_data, _selection, _outcome, _groups, _cutoffs, _limits, _model)
        for caution in part(results)
    )


def _data(results: Results) -> Iterator[Caution]:
    if results.study.made_data:
        yield Caution("data", "warning", results.study.made_data)
    for seen in results.cohort.checks:
        if seen.severity == "warning":
            place = f"{seen.table}, {seen.column}" if seen.column else seen.table
            times = "once" if seen.count == 1 else f"{seen.count} times"
            said = f"Check of the data ({place}), {times}: {seen.problem}; {seen.must}."
            yield Caution("data", "warning", said)


def _selection(results: Results) -> Iterator[Caution]:
    flow = results.flow
    gone = flow.screened - flow.included
    if gone > MUCH_LEFT * flow.screened:
        yield Caution(
            "selection",
            "warning",
            f"{gone} of {flow.screened} screened patients ({100 * gone / flow.screened:.0f}%) are"
            " not in the analysis; the table of included and excluded patients shows how they"
            " differ.",
        )
    unknown = sum(step.unknown for step in flow.left)
    if unknown:
        yield Caution(
            "selection",
            "warning",
            f"{unknown} patients left because their record cannot say whether they are eligible.",
        )
    moving = [step.reason for step in flow.left if step.depends_on_order]
    if moving:
        yield Caution(
            "selection",
            "note",
            "The counts of these reasons depend on the order in which they are asked:"
            f" {'; '.join(moving)}. The number included does not.",
        )


def _outcome(results: Results) -> Iterator[Caution]:
    outcome = results.outcome
    if outcome.cannot_say:
        fate = {
            "exclude": "they are excluded and counted",
            "yes": "study.toml counts them as yes",
            "no": "study.toml counts them as no",
        }[outcome.rule_for_cannot_say]
        yield Caution(
            "outcome",
            "warning",
            f"For {outcome.cannot_say} eligible patients the outcome cannot be said; {fate}.",
        )
    if outcome.overrides and outcome.overrides.patients:
        given = outcome.overrides
        yield Caution(
            "outcome",
            "warning",
            f"The answer of {given.patients} eligible patients was given by a physician in place"
            f" of {outcome.by}; it changed for {given.changed}. The reasons stand in the section"
            " on the outcome.",
        )
    if outcome.tables_absent:
        yield Caution(
            "outcome",
            "warning",
            f"The definition '{outcome.by}' reads tables this study does not have"
            f" ({', '.join(outcome.tables_absent)}): what hangs on them cannot be said.",
        )
    shared = [overlap for overlap in results.overlaps if overlap.final]
    if shared:
        names = "; ".join(f"{one.label} ({', '.join(one.fields)})" for one in shared)
        yield Caution(
            "outcome",
            "warning",
            f"Circularity: the definition of the outcome reads what the model also reads: {names}."
            " Its association is partly true by definition.",
        )
    if results.agreement and results.agreement.movers:
        yield Caution(
            "outcome",
            "warning",
            f"{results.agreement.movers} of {results.agreement.patients} patients in the analysis"
            " would get another answer under at least one other published definition.",
        )


def _groups(results: Results) -> Iterator[Caution]:
    late = [
        row.variable.label
        for row in results.table1.rows.values()
        if row.variable.measured == "after"
    ]
    if late:
        yield Caution(
            "groups",
            "warning",
            "Measured with or after the outcome, so no predictor of it (leakage): "
            f"{'; '.join(late)}.",
        )
    gaps = {
        row.variable.label: row.overall.missing
        for row in results.table1.rows.values()
        if row.overall.missing
    }
    if gaps:
        worst = max(gaps, key=lambda label: gaps[label])
        yield Caution(
            "groups",
            "warning",
            f"Values are missing in {len(gaps)} of {len(results.table1.rows)} variables (most:"
            f" {worst}, {gaps[worst]} of {results.flow.included}); every analysis uses the patients"
            " with complete values of its own variables and prints their number.",
        )


def _cutoffs(results: Results) -> Iterator[Caution]:
    searched = [
        cut.variable.label for cut in results.cutoffs.predictors.values() if cut.fixed is None
    ]
    if searched:
        yield Caution(
            "cut-offs",
            "warning",
            f"Cut-offs of {', '.join(searched)} were searched in these same patients: sensitivity,"
            " specificity and every p value of the dichotomised variable are too optimistic.",
        )


def _limits(results: Results) -> Iterator[Caution]:
    """Numbers cut in two by a limit nobody says was chosen beforehand."""
    loose = [
        row.variable.label
        for row in results.table1.rows.values()
        if row.variable.cut and not row.variable.fixed_beforehand
    ]
    if loose:
        yield Caution(
            "cut-offs",
            "warning",
            "Cut in two by a limit that study.toml does not call fixed beforehand:"
            f" {'; '.join(loose)}. If these data suggested the limit, their p values and odds"
            " ratios are too extreme.",
        )


def _model(results: Results) -> Iterator[Caution]:
    model = results.model
    named = [
        (f"Univariable model of {_label(results, n)}", f) for n, f in model.univariable.items()
    ]
    if model.multivariable:
        named.append(("Multivariable model", model.multivariable))
    for name, fit in named:
        if fit.separated:
            yield Caution("model", "warning", f"{name}: {fit.separated}")
    for trouble in model.not_fitted:
        yield Caution("model", "warning", f"Not fitted: {trouble.variable}: {trouble.why}.")
    if model.candidates and model.events_per_candidate < FEW_EVENTS:
        yield Caution(
            "model",
            "warning",
            f"{model.events_per_candidate:.1f} events per candidate parameter"
            f" ({min(results.flow.yes, results.flow.no)} events, {model.candidates} candidates):"
            " the estimates are unstable, and the model needs validation before any use.",
        )
    if model.multivariable:
        left = sum(model.multivariable.left.values())
        if left:
            yield Caution(
                "model",
                "warning",
                f"The multivariable model uses {model.multivariable.n} of"
                f" {model.multivariable.came_in} patients; {left} lack a value of one of its"
                " variables.",
            )
        where = (
            "The model has been validated in resamples of these patients only, not in others."
            if any(isinstance(one, Validation) for one in results.validation)
            else "The model has not been validated, neither internally nor in other patients."
        )
        text = f"{where} For research only, not for decisions about a patient."
        yield Caution("model", "warning", text)


def _label(results: Results, name: str) -> str:
    return results.characteristics[name].label
