"""How far can this be trusted: both tracks side by side, in words a clinician understands."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Bullets,
    Heading,
    Notice,
    Paragraph,
    Ref,
    Text,
    said,
)
from avidity.report.parts.trust_pictures import pictures
from avidity.report.parts.trust_tables import (
    benefit_table,
    calibration_table,
    cutoff_table,
    inclusion_table,
    other_ways_table,
    performance_tables,
)
from avidity.steps.results import Results
from avidity.steps.validate import IMPUTED, Spread, Validation


def trust(results: Results) -> list[Block]:
    """The page, or nothing when nothing was resampled."""
    found = [(at, one) for at, one in enumerate(results.validation) if isinstance(one, Validation)]
    missing = [one for one in results.validation if not isinstance(one, Validation)]
    if not results.validation:
        return []
    blocks: list[Block] = [
        Heading(1, "How far can this be trusted", "trust", new_page=True),
        Bullets(tuple(_plain(results, [one for _, one in found]))),
    ]
    for gone in missing:
        told = f"{wording.sentence(gone.track)} could not be validated: {gone.why}."
        blocks.append(Notice("warning", "Not validated", (said(told),)))
    if not found:
        return blocks
    blocks += performance_tables(found, results)
    blocks += [*other_ways_table(results), *cutoff_table(found, results)]
    if any(len(one.inclusion) > 1 and min(one.inclusion.values()) < 1 for _, one in found):
        blocks.append(inclusion_table(found, results))
    for _, one in found:
        blocks += pictures(one, results)
    blocks += [calibration_table(found), benefit_table(found)]
    blocks.append(_how(found))
    return blocks


def _plain(results: Results, found: list[Validation]) -> list[Text]:
    """What the difference means for this cohort, and what it cannot support."""
    lines = []
    for one in found:
        auc, slope = one.measures["auc"], one.measures["slope"]
        lines.append(
            said(
                f"{wording.sentence(one.track)}: in these patients the model seems to tell apart"
                f" {wording.percent(auc.apparent, 0)} of pairs rightly (AUC"
                f" {wording.fixed(auc.apparent, 3)}); in new patients of the same kind"
                f" {wording.percent(auc.corrected, 0)} are to be expected"
                f" ({wording.fixed(auc.corrected, 3)}). {_slope(slope.corrected)}"
            )
        )
    lines += [_cutoff(spread, results) for one in found for spread in one.cutoffs]
    if results.capacity:
        lines.append(said(results.capacity.verdict))
    tracks = {one.track: one for one in found}
    if {"as usually done", "as it should be done"} <= set(tracks):
        lines.append(_compared(tracks["as usually done"], tracks["as it should be done"]))
    lines.append(
        said(
            "What this cannot support: a decision about a patient; the same performance elsewhere,"
            " since all resamples come from this one cohort; a cause, since factors that go with"
            " the outcome need not bring it about."
        )
    )
    return lines


def _slope(slope: float) -> str:
    if slope < 0.9:
        return (
            f"Its predicted risks will be too extreme: differences between patients must be"
            f" shrunk to {wording.percent(slope, 0)} of what the model says."
        )
    return f"Its predicted risks need little shrinkage (to {wording.percent(slope, 0)})."


def _cutoff(spread: Spread, results: Results) -> Text:
    variable = results.characteristics[spread.variable]
    unit = ""
    if variable.cut:
        source = results.characteristics.get(variable.cut[0])
        unit = f" {source.unit}" if source and source.unit else ""
    ends = (
        f"between {spread.interval.low:g} and {spread.interval.high:g}{unit} in"
        f" {wording.level(spread.interval)} of the resamples"
        if spread.interval
        else "nowhere in the resamples"
    )
    return said(
        f"{variable.label}: searched again in resamples of these patients, the best cut-off fell"
        f" {ends} (here {spread.value:g}{unit}). Its sensitivity of"
        f" {wording.percent(spread.sensitivity.apparent)} and specificity of"
        f" {wording.percent(spread.specificity.apparent)} shrink to"
        f" {wording.percent(spread.sensitivity.corrected)} and"
        f" {wording.percent(spread.specificity.corrected)} once the search is counted."
    )


def _compared(usual: Validation, sound: Validation) -> Text:
    gap = sound.measures["auc"].corrected - usual.measures["auc"].corrected
    more = "more" if gap > 0 else "less"
    gain = wording.fixed(abs(gap), 3)
    lost = usual.measures["auc"].optimism - sound.measures["auc"].optimism
    return said(
        f"Side by side: the usual way flatters itself by {wording.fixed(abs(lost), 3)}"
        f" {'more' if lost > 0 else 'less'} AUC than the sound way, and is to be expected to tell"
        f" patients apart {'worse' if gap > 0 else 'better'} ({gain} {more} AUC for the sound way)."
        " A difference this size is uncertain in so few patients."
    )


def _how(found: list[tuple[int, Validation]]) -> Paragraph:
    shown = [one for _, one in found if one.track != IMPUTED] or [found[-1][1]]
    useful = shown[-1].benefit.useful
    words = (
        f"between {wording.percent(useful[0], 0)} and {wording.percent(useful[-1], 0)}"
        if useful
        else "at no threshold shown"
    )
    return Paragraph(
        said(
            f"{wording.sentence(shown[-1].track)}, corrected for optimism, acting on the model"
            f" would beat both treating all and treating none {words} (",
            Ref("table-benefit"),
            "). Whether such thresholds make sense in the clinic is not a question of statistics.",
        )
    )
