"""The model as an R function of base R, with its test vectors: the script checks itself."""

from __future__ import annotations

import json

from avidity.riskmodel.exports.expression import (
    Dialect,
    columns,
    guards,
    half_width,
    literal,
    preface,
)
from avidity.riskmodel.model import RiskModel, Vector
from avidity.riskmodel.predict import needed

R = Dialect(
    cut="({x} {sign} {v})",
    cubed="pmax({x} - {v}, 0)^3",
    answer="as.numeric({x})",
    indicator="({x} == {v})",
    equal="{x} == {v}",
    known="!is.na({x})",
    within="({x} >= {low} & {x} <= {high})",
    yes="1",
    no="0",
    both=" & ".join,
    either=lambda parts: f"({' | '.join(parts)})",
    quote=lambda text: json.dumps(text, ensure_ascii=False),
)

ANSWERS = (
    "A yes/no input is TRUE or FALSE, or 1 or 0. Where an input is missing, or lies outside what"
    " the model has seen, the answer is NA; beyond = TRUE answers there, at your risk."
)


def to_r(model: RiskModel) -> str:
    """A script that defines one function and stops with an error if it answers wrongly.

    raises  RiskModelError for a partial model
    """
    names = {one.name: one.name for one in model.inputs}
    function = "risk_" + model.name.replace("-", "_")
    equation = needed(model)
    lines = [
        *(f"# {line}" for line in preface(model, ANSWERS)),
        "",
        f"{function} <- function({', '.join(names)}, beyond = FALSE) {{",
        f"  x <- cbind(1,\n    {_lines(columns(model, R, names))})",
        f"  b <- c({_lines([literal(value) for value in equation.coef.tolist()])})",
        "  eta <- as.vector(x %*% b)",
        "  found <- data.frame(log_odds = eta, risk = plogis(eta))",
        *_interval(model),
        f"  seen <- {R.both(guards(model, R, names))}",
        f"  possible <- {R.both(guards(model, R, names, beyond=True))}",
        "  found[!((if (beyond) possible else seen) %in% TRUE), ] <- NA",
        "  found",
        "}",
        "",
        *_check(model, function),
    ]
    return "\n".join(lines) + "\n"


def _lines(parts: list[str]) -> str:
    return ",\n    ".join(parts)


def _interval(model: RiskModel) -> list[str]:
    covariance = needed(model).covariance
    if covariance is None:
        return []
    rows = _lines([", ".join(literal(value) for value in row) for row in covariance])
    return [
        f"  v <- matrix(c({rows}), nrow = {len(covariance)}, byrow = TRUE)",
        f"  half <- {half_width()} * sqrt(rowSums((x %*% v) * x))",
        "  found$low <- plogis(eta - half)",
        "  found$high <- plogis(eta + half)",
    ]


def _check(model: RiskModel, function: str) -> list[str]:
    vectors = model.vectors
    asked = [
        f"{one.name} = c({', '.join(_value(vector, one.name) for vector in vectors)})"
        for one in model.inputs
    ]
    told = ", ".join(literal(vector.risk) for vector in vectors)
    return [
        "# The model's own test vectors; nothing is printed when all agree.",
        "local({",
        f"  found <- {function}(",
        f"    {_lines([*asked, 'beyond = TRUE'])})",
        f"  told <- c({told})",
        "  stopifnot(all(abs(found$risk - told) < 1e-9))",
        "})",
    ]


def _value(vector: Vector, name: str) -> str:
    value = vector.inputs[name]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return R.quote(value) if isinstance(value, str) else literal(value)
