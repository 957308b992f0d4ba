"""Test vectors: inputs with their answers, so that a reader who computes otherwise finds out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from avidity.errors import AvidityError, RiskModelError
from avidity.riskmodel.model import Input, RiskModel, Vector
from avidity.riskmodel.predict import Prediction, predict

CLOSE = 1e-9  # relative for the linear predictor, absolute for risks
FEW = 32  # so many are all tried; of more, each input is moved by itself


def with_vectors(model: RiskModel, level: float = 0.95) -> RiskModel:
    """The model with test vectors made from itself: what a writer does once.

    Every place where the equation changes its course is tried: both sides of a cut, the knots of
    a curve, every level, the ends of the range seen.

    raises  RiskModelError for a partial model
    """
    made = tuple(_answered(model, inputs, level) for inputs in _patients(model))
    return RiskModel.model_validate({**dict(model), "vectors": made})


def check_vectors(model: RiskModel) -> None:
    """Compute every vector again.

    raises  RiskModelError when there is none, or one gives another answer: then the coefficients,
            the terms or the vectors were changed
    """
    if not model.vectors:
        raise RiskModelError(
            f"{model.name} has no test vectors, so nobody can see that it is read rightly;"
            " it needs at least one"
        )
    for at, vector in enumerate(model.vectors):
        try:
            found = predict(model, vector.inputs, level=vector.level, beyond=True)
        except AvidityError as error:
            raise RiskModelError(f"vectors.{at} of {model.name} has no answer: {error}") from None
        for what, told, ours in _figures(vector, found):
            room = CLOSE * (max(1.0, abs(told or 0.0)) if what == "linear_predictor" else 1.0)
            gap = abs((told or 0.0) - (ours or 0.0))
            if (told is None) != (ours is None) or not gap <= room:  # a gap that is no number too
                raise RiskModelError(
                    f"vectors.{at}.{what} of {model.name} is {told!r}, but its terms and"
                    f" coefficients give {ours!r}; the file was changed by hand or is damaged"
                )


def _figures(vector: Vector, found: Prediction) -> Iterator[tuple[str, float | None, float | None]]:
    yield "linear_predictor", vector.linear_predictor, found.linear_predictor
    yield "risk", vector.risk, found.risk
    yield "low", vector.low, found.interval.low if found.interval else None
    yield "high", vector.high, found.interval.high if found.interval else None


def _answered(model: RiskModel, inputs: dict[str, bool | float | str], level: float) -> Vector:
    found = predict(model, inputs, level=level, beyond=True)
    ends = found.interval
    return Vector(
        inputs=inputs,
        linear_predictor=found.linear_predictor,
        risk=found.risk,
        low=ends.low if ends else None,
        high=ends.high if ends else None,
        level=level,
    )


def _patients(model: RiskModel) -> Iterator[dict[str, bool | float | str]]:
    probes = {one.name: _probes(one, model) for one in model.inputs}
    if prod(len(values) for values in probes.values()) <= FEW:
        for chosen in product(*probes.values()):
            yield dict(zip(probes, chosen, strict=True))
        return
    first = {name: values[0] for name, values in probes.items()}
    yield first
    yield {name: values[-1] for name, values in probes.items()}
    for name, values in probes.items():
        for value in values[1:]:
            yield {**first, name: value}


def _probes(one: Input, model: RiskModel) -> list[bool | float | str]:
    if one.kind == "yes/no":
        return [False, True]
    if one.kind == "category":
        return [*one.levels]
    places: set[float] = set(one.seen or ())
    for term in model.terms:
        if term.input != one.name:
            continue
        if term.coding == "cut":
            # One unit below or above is as good as any: a cut knows no nearness.
            places |= {term.value, term.value + (-1 if term.sign == ">=" else 1)}
        elif term.coding == "spline":
            places |= set(term.knots)
        elif term.coding == "linear" and not one.seen:
            places |= {0.0, term.per}
    if one.possible:
        low, high = one.possible
        places = {min(max(place, low), high) for place in places}
    return sorted(places)
