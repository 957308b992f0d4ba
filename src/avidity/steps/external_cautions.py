"""What speaks against leaning on a validation, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.steps.applied import Applied, InputCount
from avidity.steps.label import Labelled
from avidity.steps.performance import Performance
from avidity.steps.source_relation import SourceRelation

FEW = 100  # of each outcome (Collins and others, Stat Med 2016;35:214-226)
MANY_GONE = 0.1


def cautions(
    applied: Applied, found: Performance, relation: SourceRelation, labelled: Labelled
) -> tuple[str, ...]:
    """Sentences of doubt, the gravest first."""
    return tuple(_all(applied, found, relation, labelled))


def _all(
    applied: Applied, found: Performance, relation: SourceRelation, labelled: Labelled
) -> Iterator[str]:
    if relation.kind == "same":
        yield relation.words
    if applied.model.status == "reconstructed":
        yield (
            f"{applied.model.name} was reconstructed from what its paper printed; its equation is"
            " as good as that."
        )
    yield from _outcome(applied, labelled)
    yield from _circular(applied)
    few = min(found.events, found.n - found.events)
    if few < FEW:
        yield (
            f"{few} patients of the rarer outcome: below {FEW}, what is found here about"
            " calibration is hardly more than a first look."
        )
    gone = applied.came_in - len(applied.y)
    if gone > MANY_GONE * applied.came_in:
        yield (
            f"{gone} of {applied.came_in} patients lack an input and left; those who stay may not"
            " be like them."
        )
    for count in applied.counts:
        yield from _of_input(count, applied)
    if found.why_none:
        yield f"Calibration intercept and slope do not exist here: {found.why_none}."


def _outcome(applied: Applied, labelled: Labelled) -> Iterator[str]:
    theirs, ours = applied.model.outcome.definition, labelled.outcome.by
    name = ours.split(" ")[0] if labelled.outcome.version else ""
    if not theirs:
        yield (
            f"The model's outcome ({applied.model.outcome.words}) is no definition known here; see"
            f" whether it is what was decided in these patients (by {ours})."
        )
    elif theirs != name:
        yield (
            f"The model predicts the outcome under {theirs}; here it was decided by {ours}."
            " A difference in calibration may be one of definitions."
        )


def _circular(applied: Applied) -> Iterator[str]:
    for one in applied.mapped:
        if one.circular:
            yield (
                f"{one.variable_label} is read by the outcome's own definition"
                f" ({', '.join(one.circular)}), so it goes with the outcome whatever the biology."
            )


def _of_input(count: InputCount, applied: Applied) -> Iterator[str]:
    if count.filled:
        yield (
            f"{count.input}: {count.filled} missing values were given one stated value, which"
            " makes patients more alike than they are."
        )
    if count.impossible:
        yield f"{count.input}: {count.impossible} values lie outside what the model holds possible."
    if count.unseen:
        yield (
            f"{count.input}: {count.unseen} values lie outside what the model has seen; its risks"
            " are drawn on beyond its data there."
        )
    if count.levels:
        told = ", ".join(f"{level} ({n})" for level, n in count.levels.items())
        yield f"{count.input}: the model has no coefficient for {told}; they count as missing."
    if count.unseen is None and _is_number(count, applied):
        yield f"{count.input}: the range in the source is not known, so nothing guards it."


def _is_number(count: InputCount, applied: Applied) -> bool:
    return any(one.name == count.input and one.kind == "number" for one in applied.model.inputs)
