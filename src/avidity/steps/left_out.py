"""The declared model held against patients left out: .632, .632+ and cross-validation.

Alternatives to the optimism bootstrap, for readers who expect one of them; only for a model whose
terms are fixed, since they do not repeat a selection.
"""

from __future__ import annotations

from dataclasses import dataclass

from avidity.errors import AnalysisError
from avidity.stats.batched.left_out import cross_validated, six_three_two
from avidity.stats.batched.models import Rule
from avidity.stats.resampling import bootstrap, k_fold
from avidity.steps.design import design
from avidity.steps.label import Labelled
from avidity.steps.sound import SoundModel

FOLDS = 10
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class OtherWay:
    """AUC and Brier score of the declared model by one other way of validation.

    auc, brier  None where there is none
    """

    name: str
    auc: float | None
    brier: float | None
    method: str


def other_ways(model: SoundModel, labelled: Labelled) -> tuple[OtherWay, ...]:
    """All of them, from resamples with the study's seed; empty where a selection was made."""
    wishes, seed = labelled.study.sound, labelled.study.about.seed
    if wishes.selection != "declared" or not model.kept:
        return ()
    arrays = design(model.kept, labelled, model.knots)
    rule = Rule(separated="Firth" if wishes.separated == "firth" else "drop")
    given = (arrays.X, arrays.y, model.names)
    n, folds = len(arrays.y), int(min(FOLDS, model.events, model.n - model.events))
    found: list[OtherWay] = []
    try:
        left = six_three_two(*given, bootstrap(n, wishes.resamples, seed), rule)
        found.append(OtherWay(".632 bootstrap", left.auc.plain, left.brier.plain, left.method))
        found.append(OtherWay(".632+ bootstrap", left.auc.plus, left.brier.plus, left.method))
    except AnalysisError:
        pass
    try:
        held = cross_validated(*given, k_fold(n, folds, seed, ROUNDS, arrays.y), rule)
        auc, brier = held.measures["auc"].tested, held.measures["brier"].tested
        name = f"{folds}-fold cross-validation"
        found.append(OtherWay(name, auc, brier, held.method))
        within = f"{name}, pairs within a fold"
        found.append(OtherWay(within, held.auc_within_folds, None, held.method))
    except AnalysisError:
        pass
    return tuple(found)
