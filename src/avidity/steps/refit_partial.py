"""A partial model's predictors laid out on a cohort's variables, without coefficients."""

from __future__ import annotations

import re
from collections.abc import Mapping

from avidity.errors import RiskModelError
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.printed import PrintedPredictor
from avidity.riskmodel.terms import Category, Cut, Linear, Term, YesNo
from avidity.riskmodel.units import number_in
from avidity.riskmodel.vectors import with_vectors
from avidity.steps.label import Labelled
from avidity.steps.variables import Characteristic

CUT = re.compile(r"\s*(≥|>=|>)\s*(\d+(?:[.,]\d+)?)\s*")


def outlined(model: RiskModel, labelled: Labelled, wanted: Mapping[str, str]) -> RiskModel:
    """The model with an input and a term for each printed predictor, and zeros for coefficients.

    A predictor is answered by the variable you name, else by one of its names. A number enters
    cut where the paper printed its cut-off, else as it is.

    wanted  predictor -> variable
    raises  RiskModelError when a predictor has no variable, a name is not known, or nothing was
            printed of the predictors
    """
    predictors = model.printed.predictors if model.printed else ()
    if not predictors:
        raise RiskModelError(f"nothing is known of the predictors of {model.name}")
    names = [one.name for one in predictors]
    if unknown := [name for name in wanted if name not in names]:
        raise RiskModelError(
            f"{model.name} has no predictor '{unknown[0]}'; it has: {', '.join(names)}"
        )
    known = labelled.characteristics
    chosen = {
        one.name: wanted.get(one.name) or next((each for each in one.names if each in known), "")
        for one in predictors
    }
    if absent := [name for name, variable in chosen.items() if variable not in known]:
        raise RiskModelError(
            f"{model.name} has predictors without a variable here: {', '.join(absent)}; name one"
            f" with --map {absent[0]}=VARIABLE. The study has: {', '.join(sorted(known))}"
        )
    pairs = [_laid_out(one, known[chosen[one.name]]) for one in predictors]
    terms = tuple(term for _, term in pairs)
    columns = ("intercept", *(column for term in terms for column in term.columns))
    flow = labelled.flow
    made = {
        **model.model_dump(exclude={"printed", "lacking", "patterns", "bands"}),
        "status": "complete",
        "n": flow.included,
        "events": flow.yes,
        "inputs": tuple(one for one, _ in pairs),
        "terms": terms,
        "equation": {
            "columns": columns,
            "apparent": (0.0,) * len(columns),
            "estimator": "none yet",
        },
    }
    return with_vectors(RiskModel.model_validate(made))


def _laid_out(one: PrintedPredictor, variable: Characteristic) -> tuple[Input, Term]:
    number = variable.kind == "number"
    asked = Input(
        name=one.name,
        label=one.label,
        kind=variable.kind,
        unit=variable.unit if number else "",
        levels=_levels(variable) if variable.kind == "category" else (),
        also=tuple(dict.fromkeys(n for n in (*one.also, variable.name) if n != one.name)),
        meaning=one.note,
    )
    return asked, _term(one, variable)


def _levels(variable: Characteristic) -> tuple[str, ...]:
    others = tuple(level for level in variable.levels if level != variable.reference)
    return (variable.reference, *others)


def _term(one: PrintedPredictor, variable: Characteristic) -> Term:
    if variable.kind == "yes/no":
        return YesNo(name=one.name, input=one.name)
    if variable.kind == "category":
        reference, *levels = _levels(variable)
        return Category(name=one.name, input=one.name, reference=reference, levels=tuple(levels))
    cut = CUT.fullmatch(one.cut)
    if cut is None:
        return Linear(name=one.name, input=one.name)
    value = number_in(f"{cut[2]} {one.unit}".strip(), variable.unit, one.name)
    return Cut(name=one.name, input=one.name, sign=">" if cut[1] == ">" else ">=", value=value)
