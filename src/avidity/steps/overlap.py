"""A guard against circularity: what the outcome's definition reads and the model reads too.

A factor that is part of the outcome's own definition will go with the outcome whatever the
biology (PROBAST 3.3). It is named, not removed: whether it matters is the reader's judgement.
"""

from __future__ import annotations

from dataclasses import dataclass

from avidity.steps.label import Labelled
from avidity.steps.model import Modelling


@dataclass(frozen=True, slots=True)
class Overlap:
    """One variable of a model that shares facts with the outcome's definition.

    fields   the shared facts, as ``table.field`` of the definition
    final    whether the variable stands in the multivariable model
    """

    variable: str
    label: str
    fields: tuple[str, ...]
    final: bool


def overlaps(labelled: Labelled, model: Modelling) -> tuple[Overlap, ...]:
    """Every modelled variable whose facts the definition of the outcome reads."""
    reads = set(labelled.outcome.reads)
    final = (
        {effect.term.variable for effect in model.multivariable.effects.values()}
        if (model.multivariable)
        else set()
    )
    found = []
    for name in dict.fromkeys((*model.univariable, *sorted(final))):
        variable = labelled.characteristics[name]
        if shared := tuple(fact for fact in variable.facts if fact in reads):
            found.append(Overlap(name, variable.label, shared, name in final))
    return tuple(found)
