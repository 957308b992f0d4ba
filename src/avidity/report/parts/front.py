"""The first page: what data these are, what to be careful about, what was found."""

from __future__ import annotations

from avidity import wording
from avidity.papers.printed import Comparison
from avidity.report.document import Block, Bullets, Heading, Notice, Paragraph, Ref, Text, said
from avidity.report.parts.cells import traced
from avidity.report.parts.cutoffs import value_words
from avidity.steps.results import Results
from avidity.steps.validate import Validation


def front(results: Results, comparison: Comparison | None) -> list[Block]:
    """Notices first, then the findings in a few lines."""
    blocks: list[Block] = []
    if results.study.made_data:
        blocks.append(
            Notice("made data", "These are not real patients", (said(results.study.made_data),))
        )
    blocks.append(Paragraph(said(_facts(results)), "small"))
    warnings = [
        said(caution.text)
        for caution in results.cautions
        if caution.weight == "warning" and caution.text != results.study.made_data
    ]
    if warnings:
        title = f"Read first: {wording.counted(len(warnings), 'warning')}"
        blocks.append(Notice("warning", title, tuple(warnings)))
    blocks += [Heading(1, "In short", "in-short"), Bullets(tuple(_short(results, comparison)))]
    return blocks


def _facts(results: Results) -> str:
    study = results.study
    parts = [part for part in (study.authors, study.setting, study.period) if part]
    parts += [
        f"cohort {results.cohort.sha256[:12]}",
        f"study file {results.study_sha256[:12]}",
        results.program,
    ]
    return " · ".join(parts)


def _short(results: Results, comparison: Comparison | None) -> list[Text]:
    flow, words = results.flow, results.outcome_words
    lines = [
        said(
            traced(f"{flow.included:,}", "/flow/included"),
            " of ",
            traced(f"{flow.screened:,}", "/flow/screened"),
            " screened patients analysed: ",
            traced(f"{flow.yes:,}", "/flow/yes"),
            f" {words['yes'].lower()} (",
            wording.percent(flow.yes / flow.included),
            ") and ",
            traced(f"{flow.no:,}", "/flow/no"),
            f" {words['no'].lower()} (",
            Ref("figure-flow"),
            "); outcome by ",
            f"{results.outcome.by}.",
        )
    ]
    for name, cut in results.cutoffs.predictors.items():
        source = f"/cutoffs/predictors/{name}"
        lines.append(
            said(
                f"{cut.variable.label}: AUC ",
                traced(wording.fixed(cut.auc, 3), f"{source}/auc"),
                f" ({wording.level(cut.interval)} CI {wording.interval(cut.interval, 3)});"
                f" Youden optimum {value_words(cut.cutoff, cut)}, sensitivity"
                f" {wording.percent(cut.cutoff.sensitivity)}, specificity"
                f" {wording.percent(cut.cutoff.specificity)} (",
                Ref("figure-roc"),
                ").",
            )
        )
    if results.model.multivariable:
        lines.append(_model(results))
    lines += [
        _validated(one, at)
        for at, one in enumerate(results.validation)
        if isinstance(one, Validation)
    ]
    if comparison:
        lines.append(
            said(
                f"{comparison.same} of {len(comparison.lines)} figures printed in the paper are the"
                " same here to the last digit (",
                Ref("table-paper"),
                ").",
            )
        )
    return lines


def _model(results: Results) -> Text:
    fit = results.model.multivariable
    if fit is None:
        return said("")
    told = "; ".join(
        f"{effect.term.label} OR {wording.ratio_digits(effect.odds_ratio)}"
        f" ({wording.interval(effect.interval)})"
        for effect in fit.effects.values()
    )
    return said(
        f"Multivariable model ({fit.n} patients, {fit.events} events, {fit.estimator}): {told} (",
        Ref("table-factors"),
        ").",
    )


def _validated(one: Validation, at: int) -> Text:
    auc, source = one.measures["auc"], f"/validation/{at}/measures/auc"
    ends = (
        f" ({wording.level(auc.interval)} CI {wording.interval(auc.interval, 3)})"
        if auc.interval
        else ""
    )
    return said(
        f"Modelling {one.track}, the whole path repeated in {one.resamples:,} resamples: AUC ",
        traced(wording.fixed(auc.apparent, 3), f"{source}/apparent"),
        " as it looks, ",
        traced(wording.fixed(auc.corrected, 3), f"{source}/corrected"),
        f"{ends} corrected for optimism (",
        Ref("table-validation"),
        ").",
    )
