"""A risk model asked about every patient of a cohort, and whom it could not answer for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.errors import AnalysisError, RiskModelError
from avidity.riskmodel.inputs import Given, understand
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import columns_of, needed
from avidity.stats.imputation.impute import impute
from avidity.stats.imputation.variables import plan
from avidity.stats.newton import Floats
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.mapped import (
    Mapped,
    beyond,
    map_inputs,
    missing_of,
    unknown_levels,
    values_of,
)
from avidity.steps.missing import completed, variable_of

Handling = Literal["complete cases", "imputed"]
EDGE = 1e-9  # a risk of exactly 0 or 1 has no log odds


@dataclass(frozen=True, slots=True)
class Asked:
    """How a model is put to a cohort.

    wanted    input -> the study's variable, where the names differ
    stand_in  input -> the value that stands in for a missing one
    handling  of what is missing still: those patients leave, or are imputed
    """

    wanted: Mapping[str, str] = field(default_factory=dict)
    stand_in: Mapping[str, Given] = field(default_factory=dict)
    handling: Handling = "complete cases"


@dataclass(frozen=True, slots=True)
class InputCount:
    """One input among the patients that came in.

    missing      not recorded, or a level the model does not know
    filled       of those, given the stated value
    left         patients who left for it; they are counted at the first input they lack
    unseen       outside the range of the source; None where it is not known
    impossible   outside what is possible; None where the model does not say
    levels       of the study that the model has no coefficient for, with their patients
    """

    input: str
    missing: int
    filled: int
    left: int
    unseen: int | None
    impossible: int | None
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """The model's columns for those it answers for. It holds patients' rows: it stays in steps.

    place  shape (n,), the patients' places in the labelled cohort
    sets   completed sets, each shape (n, p), a column of ones first; one set where none is imputed
    """

    model: RiskModel
    mapped: tuple[Mapped, ...]
    counts: tuple[InputCount, ...]
    came_in: int
    place: npt.NDArray[np.intp]
    y: Floats
    sets: tuple[Floats, ...]
    handling: Handling
    sentence: str

    @property
    def lines(self) -> tuple[Floats, ...]:
        """The linear predictors of each set, shape (n,).

        To ten decimals: patients of equal log odds stay tied, whatever order the sum was taken in.
        """
        coef = needed(self.model).coef
        return tuple(np.round(X @ coef, 10) for X in self.sets)

    @property
    def risks(self) -> tuple[Floats, ...]:
        """The risks of each set, kept off 0 and 1 by a billionth."""
        return tuple(np.clip(expit(line), EDGE, 1 - EDGE) for line in self.lines)


def apply(model: RiskModel, labelled: Labelled, asked: Asked | None = None) -> Applied:
    """Map the inputs, handle what is missing, and lay out the model's columns.

    raises  RiskModelError as `mapped.map_inputs`, or on a stand-in that cannot be read;
            AnalysisError when nobody or only one outcome is left, or imputation is impossible
    """
    asked = asked or Asked()
    if asked.handling == "imputed" and asked.stand_in:
        raise AnalysisError(
            "missing inputs are imputed or given a stated value, not both; leave one of them out"
        )
    mapped = map_inputs(model, labelled, asked.wanted)
    stand_in = _stand_in(model, asked.stand_in)
    y = labelled.patients[OUTCOME].to_numpy().astype(float)
    values, counts = _gathered(model, mapped, labelled, stand_in)
    gaps = {name: missing_of(given) for name, given in values.items()}
    if asked.handling == "imputed" and any(gone.any() for gone in gaps.values()):
        sets, told = _imputed(model, mapped, labelled)
        place = np.arange(len(y))
        return Applied(model, mapped, counts, len(y), place, y, sets, "imputed", told)
    keep = np.ones(len(y), dtype=bool)
    left = {}
    for name, gone in gaps.items():
        left[name] = int((gone & keep).sum())
        keep &= ~gone
    place = np.flatnonzero(keep)
    _both_outcomes(model, y[place])
    columns = columns_of(model, {name: given[place] for name, given in values.items()})
    counts = tuple(replace(count, left=left[count.input]) for count in counts)
    told = "patients lacking an input leave and are counted"
    return Applied(
        model, mapped, counts, len(y), place, y[place], (columns,), "complete cases", told
    )


def _gathered(
    model: RiskModel,
    mapped: tuple[Mapped, ...],
    labelled: Labelled,
    stand_in: Mapping[str, Given],
) -> tuple[dict[str, npt.NDArray[np.generic]], tuple[InputCount, ...]]:
    """Each input's values over all patients, stated values filled in, and the counts."""
    values, counts = {}, []
    for one, asked in zip(mapped, model.inputs, strict=True):
        given = values_of(one, asked, labelled.patients)
        gone = missing_of(given)
        filled = int(gone.sum()) if one.input in stand_in else 0
        number = asked.kind == "number"
        counts.append(
            InputCount(
                one.input,
                int(gone.sum()),
                filled,
                0,
                beyond(given.astype(float), asked.seen) if number else None,
                beyond(given.astype(float), asked.possible) if number else None,
                unknown_levels(one, asked, labelled.patients),
            )
        )
        if filled:
            given[gone] = stand_in[one.input]
        values[one.input] = given
    return values, tuple(counts)


def _both_outcomes(model: RiskModel, y: Floats) -> None:
    if not 0 < y.sum() < len(y):
        raise AnalysisError(
            f"both outcomes must occur among the patients {model.name} can answer for;"
            f" there are {int(y.sum())} with the outcome and {int(len(y) - y.sum())} without"
        )


def _stand_in(model: RiskModel, given: Mapping[str, Given]) -> dict[str, Given]:
    """The stated values as the model reads them: the rules of one patient's inputs hold."""
    found: dict[str, Given] = {}
    for name, value in given.items():
        one = model.input(name)
        if one is None:
            names = ", ".join(each.name for each in model.inputs)
            raise RiskModelError(f"{model.name} has no input '{name}'; it asks for {names}")
        alone = model.model_copy(update={"inputs": (one,)})
        found[one.name] = understand(alone, {one.name: value}, beyond=True).values[one.name]
    return found


def _imputed(
    model: RiskModel, mapped: tuple[Mapped, ...], labelled: Labelled
) -> tuple[tuple[Floats, ...], str]:
    """The columns of each completed set: the inputs' variables imputed with the outcome's help."""
    study, rows = labelled.study, labelled.patients
    names = tuple(dict.fromkeys(one.variable for one in mapped))
    if any(labelled.characteristics[name].among for name in names):
        raise AnalysisError("a variable is not asked of everybody, so it cannot be imputed")
    try:
        asked = plan([variable_of(name, labelled) for name in names], rows[OUTCOME].to_numpy())
        found = impute(
            asked,
            max(2, study.sound.imputations),
            rng=np.random.default_rng(study.about.seed),
            iterations=study.sound.iterations,
        )
    except ValueError as error:
        raise AnalysisError(str(error)) from None
    sets = []
    for at in range(found.m):
        frame = completed(names, labelled, found, at)
        pairs = zip(mapped, model.inputs, strict=True)
        sets.append(columns_of(model, {one.input: values_of(one, of, frame) for one, of in pairs}))
    if any(np.isnan(each).any() for each in sets):
        raise AnalysisError(
            "a level the model does not know cannot be imputed; those patients must leave:"
            " take complete cases"
        )
    return tuple(sets), found.sentence
