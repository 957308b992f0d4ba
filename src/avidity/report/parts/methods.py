"""Methods, in sentences that say what this run did and nothing else."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import Block, Heading, Paragraph, Ref, Span, Text, said
from avidity.steps.results import Results
from avidity.steps.validate import IMPUTED, Validation

BLANK = "[to be written by the authors]"


def methods(results: Results) -> list[Block]:
    """The Methods section; what the run cannot know is left visibly blank."""
    return [
        Heading(1, "Methods", "methods"),
        _titled("Design and setting", _design(results)),
        _titled("Participants", _participants(results)),
        _titled("Outcome", _outcome(results)),
        _titled("Variables", _variables(results)),
        _titled("Data and their checks", _data(results)),
        _titled("Statistics", _statistics(results)),
        _titled("Missing data", _missing(results)),
        _titled("Ethics, funding, registration", said(BLANK)),
    ]


def _titled(title: str, text: Text) -> Paragraph:
    return Paragraph((Span(f"{title}. ", bold=True), *text))


def _design(results: Results) -> Text:
    study = results.study
    setting = study.setting or BLANK
    period = study.period or BLANK
    return said(f"Setting: {setting}. Period: {period}. Design: {BLANK}.")


def _participants(results: Results) -> Text:
    rules = results.flow.left
    if not rules:
        return said(
            "Every record in the patients table was eligible; no rule of exclusion was set."
        )
    told = "; ".join(f"({at}) {rule.reason} [{rule.rule}]" for at, rule in enumerate(rules, 1))
    return said(
        f"Patients were left out, in this order, for: {told}. A patient whose record could not"
        " say whether a reason holds was treated as the study file declares and counted apart (",
        Ref("table-flow"),
        ").",
    )


def _outcome(results: Results) -> Text:
    decided = results.outcome
    fate = {
        "exclude": "were left out and counted",
        "yes": "were counted as having it",
        "no": "were counted as not having it",
    }[decided.rule_for_cannot_say]
    if not decided.criteria:
        return said(
            f"The outcome ({results.outcome_words['label']}) was taken from {decided.by}, decided"
            f" before this study. Patients without it {fate}.",
            *_overridden(results),
        )
    return said(
        f"The outcome ({results.outcome_words['label']}) was computed from dated records by the"
        f" definition '{decided.by}', version {decided.version} ({decided.source}), in"
        " three-valued logic: any criterion met decides for yes; every criterion must be"
        " answered no by a record to decide for no; otherwise the record cannot say. A missing"
        f" record never counts as no. Patients for whom the records cannot say {fate} (",
        Ref("table-criteria"),
        ").",
        *_overridden(results),
    )


def _overridden(results: Results) -> tuple[str | Ref, ...]:
    given = results.outcome.overrides
    if given is None or not given.patients:
        return ()
    told = f" A physician's answer, given with a reason, stands for {given.patients} of them ("
    return (told, Ref("table-overrides"), ").")


def _variables(results: Results) -> Text:
    own = [
        f"{row.variable.label} ({row.variable.how})"
        for row in results.table1.rows.values()
        if row.variable.how
    ]
    recorded = [row.variable.label for row in results.table1.rows.values() if not row.variable.how]
    text = f"As recorded: {wording.listed(recorded)}." if recorded else ""
    if own:
        text += f" Made from recorded fields: {'; '.join(own)}."
    return said(text.strip())


def _data(results: Results) -> Text:
    checks = results.cohort.checks
    warnings = sum(check.count for check in checks if check.severity == "warning")
    files = wording.counted(len(results.cohort.sources), "table")
    return said(
        f"Read: {files}. Every cell was checked against the data dictionary (type, unit,"
        f" limits, allowed values) and across fields; no errors remained and"
        f" {wording.counted(warnings, 'warning')} stood when the study was run."
        f" The data are identified by the SHA-256 digest {results.cohort.sha256}."
    )


def _statistics(results: Results) -> Text:
    table, model, study = results.table1, results.model, results.study
    level = wording.level(study.confidence)
    parts = [
        (
            f"Groups were compared by the policy '{table.policy}': {table.policy_words}. The exact"
            " test stands under the table at each p value."
        )
    ]
    if results.cutoffs.predictors:
        parts.append(
            "Continuous predictors were assessed by the area under the ROC curve with DeLong's"
            f" {level} interval (a logit or exact one near the edge, as stated at each) and cut at"
            " the largest Youden index; all ties are shown. The direction was declared, not"
            " searched."
        )
    if model.univariable or model.multivariable:
        chosen = {
            "declared list": "a list declared in the study file",
            "screen": f"a screen: {model.screen_words}",
            "none": "no multivariable model was asked for",
        }[model.chosen_by]
        parts.append(
            f"Odds ratios come from logistic regression ({model.principle_words}; {level}), by"
            " maximum likelihood; where a variable separates the outcome, the model was fitted by"
            " Firth's penalised likelihood with profile penalised-likelihood intervals instead."
            f" Variables of the multivariable model: {chosen}. {model.candidates} candidate"
            f" parameters were looked at ({wording.fixed(model.events_per_candidate, 1)} events"
            " each)."
        )
    parts += _second_track(results)
    parts.append(
        f"All tests are two-sided. Computed with {results.program}; the study file has the SHA-256"
        f" digest {results.study_sha256}."
    )
    return said(" ".join(parts))


def _second_track(results: Results) -> list[str]:
    """Size, the declared model, and how both were validated."""
    parts = []
    if results.capacity:
        parts.append(
            "How many candidate parameters these patients can carry was worked out before any"
            f" model was fitted ({results.capacity.support.method})."
        )
    if results.sound and results.sound.model:
        model = results.sound.model
        parts.append(
            f"A second model was declared beforehand, numbers kept as numbers ({model.estimator};"
            f" {model.selection_words})."
        )
    if results.sound and any(shape.searched for shape in results.sound.shapes):
        parts.append(
            "The p value of a searched cut-off was corrected for the search by the exact"
            " permutation distribution of the maximally selected statistic."
        )
    found = [one for one in results.validation if isinstance(one, Validation)]
    if found:
        parts.append(
            f"Internal validation: {found[0].resamples:,} resamples ({found[0].drawn}), in each of"
            " which everything that led to the model was repeated; performance is reported as it"
            " looks and corrected for the mean optimism (Harrell)."
        )
    return parts


def _missing(results: Results) -> Text:
    told = (
        "Each analysis used the patients with complete values of its own variables; their number"
        " and the number left out are printed with each result."
    )
    filled = results.sound.missing if results.sound else None
    if filled and filled.imputed:
        again = any(one.track == IMPUTED for one in results.validation)
        inside = " The validation imputes anew in every resample." if again else ""
        return said(f"{told} {filled.imputed.sentence}{inside}")
    return said(f"{told} Nothing was imputed.")
