"""Which of a study's variables answers each input of a risk model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt
import polars as pl

from avidity.errors import RiskModelError
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import needed
from avidity.riskmodel.units import number_in
from avidity.stats.newton import Floats
from avidity.steps.label import Labelled
from avidity.steps.variables import Characteristic


@dataclass(frozen=True, slots=True)
class Mapped:
    """One input and the variable that answers it.

    chosen  by the name they share, or as you asked for
    factor  from the variable's unit to the model's
    circular  facts the outcome's definition reads too, as ``table.field``
    """

    input: str
    label: str
    kind: str
    variable: str
    variable_label: str
    chosen: str
    unit: str
    variable_unit: str
    factor: float
    circular: tuple[str, ...]


def map_inputs(
    model: RiskModel, labelled: Labelled, wanted: Mapping[str, str] | None = None
) -> tuple[Mapped, ...]:
    """A variable for every input: the one you name, else the one of the same name.

    wanted  input -> variable, by any of the input's names
    raises  RiskModelError when the model cannot compute, an input or variable is not known, an
            input has no variable, or kinds or units do not fit
    """
    needed(model)
    asked = _wanted(model, wanted or {})
    known = labelled.characteristics
    found, absent = [], []
    for one in model.inputs:
        name = asked.get(one.name) or next((each for each in one.names if each in known), "")
        if not name:
            absent.append(one)
            continue
        if name not in known:
            raise RiskModelError(
                f"--map {one.name}={name}: the study has no variable '{name}'; it has:"
                f" {', '.join(sorted(known))}"
            )
        chosen = "as asked" if one.name in asked else "same name"
        found.append(_fitted(one, known[name], labelled, chosen))
    if absent:
        names = ", ".join(one.name for one in absent)
        raise RiskModelError(
            f"{model.name} needs {names}, and the study has no variable of that name; name one"
            f" with --map {absent[0].name}=VARIABLE, or add a [[variable]] to study.toml."
            f" The study has: {', '.join(sorted(known))}"
        )
    return tuple(found)


def _wanted(model: RiskModel, wanted: Mapping[str, str]) -> dict[str, str]:
    asked = {}
    for name, variable in wanted.items():
        one = model.input(name)
        if one is None:
            names = ", ".join(each.name for each in model.inputs)
            raise RiskModelError(f"{model.name} has no input '{name}'; it asks for {names}")
        asked[one.name] = variable
    return asked


def _fitted(one: Input, variable: Characteristic, labelled: Labelled, chosen: str) -> Mapped:
    if one.kind != variable.kind:
        raise RiskModelError(
            f"{one.name} of the model is a {one.kind}, '{variable.name}' of the study a"
            f" {variable.kind}; name another variable with --map {one.name}=VARIABLE, or make one"
            " with a [[variable]] of study.toml"
        )
    reads = set(labelled.outcome.reads)
    return Mapped(
        one.name,
        one.label,
        one.kind,
        variable.name,
        variable.label,
        chosen,
        one.unit,
        variable.unit,
        _factor(one, variable),
        tuple(fact for fact in variable.facts if fact in reads),
    )


def _factor(one: Input, variable: Characteristic) -> float:
    """How many of the model's units one of the study's is."""
    if one.kind != "number" or one.unit == variable.unit:
        return 1.0
    if not variable.unit:
        raise RiskModelError(
            f"{one.name} of the model is in {one.unit}, and the study does not say the unit of"
            f" '{variable.name}'; write it under [columns] of study.toml"
        )
    return number_in(f"1 {variable.unit}", one.unit, one.name)


def values_of(one: Mapped, asked: Input, rows: pl.DataFrame) -> npt.NDArray[np.generic]:
    """The variable as the model takes it, shape (n,): in its units, NaN or None where missing.

    A level the model does not know is missing to it.
    """
    given = rows[one.variable].to_list()
    if one.kind == "category":
        levels = {level.lower(): level for level in asked.levels}
        said = [None if value is None else levels.get(str(value).lower()) for value in given]
        return np.array(said, dtype=object)
    numbers = np.array([np.nan if value is None else float(value) for value in given])
    return numbers * one.factor


def missing_of(values: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Where nothing is known, shape (n,)."""
    return np.array(
        [value is None or (isinstance(value, float) and isnan(value)) for value in values.tolist()],
        dtype=bool,
    )


def unknown_levels(one: Mapped, asked: Input, rows: pl.DataFrame) -> dict[str, int]:
    """Levels of the study the model has no coefficient for, with how many patients have them."""
    if one.kind != "category":
        return {}
    known = {level.lower() for level in asked.levels}
    said = [str(value) for value in rows[one.variable].drop_nulls().to_list()]
    return {level: said.count(level) for level in sorted(set(said)) if level.lower() not in known}


def beyond(values: Floats, ends: tuple[float, float] | None) -> int | None:
    """How many lie outside a range; None where the range is not known."""
    if ends is None:
        return None
    known = values[~np.isnan(values)]
    return int(((known < ends[0]) | (known > ends[1])).sum())
