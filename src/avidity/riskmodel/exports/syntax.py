"""The model as SPSS and as Stata syntax: new variables in the table that is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from avidity.riskmodel.exports.expression import (
    Dialect,
    columns,
    guards,
    half_width,
    literal,
    preface,
)
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import needed

SPSS = Dialect(
    cut="({x} {sign} {v})",
    cubed="MAX.2({x} - {v}, 0)**3",
    answer="{x}",
    indicator="({x} = {v})",
    equal="{x} = {v}",
    known="NOT MISSING({x})",
    within="({x} >= {low} AND {x} <= {high})",
    yes="1",
    no="0",
    both=" AND ".join,
    either=lambda parts: f"({' OR '.join(parts)})",
    quote=lambda text: '"' + text.replace('"', '""') + '"',
)


def _stata_text(text: str) -> str:
    """A text as an expression: signs that Stata would expand, or that would end it, by number."""
    parts = [part for part in re.split(r"([`$\"])", text) if part]
    said = [f"char({ord(part)})" if part in '`$"' else f'"{part}"' for part in parts]
    return said[0] if len(said) == 1 else f"({' + '.join(said)})"


# Stata takes a missing number for a very large one: every guard asks for a largest value.
STATA = Dialect(
    cut="({x} {sign} {v})",
    cubed="max({x} - {v}, 0)^3",
    answer="{x}",
    indicator="({x} == {v})",
    equal="{x} == {v}",
    known="!missing({x})",
    within="({x} >= {low} & {x} <= {high})",
    yes="1",
    no="0",
    both=" & ".join,
    either=lambda parts: f"({' | '.join(parts)})",
    quote=_stata_text,
)


def _commented(lines: Iterable[str]) -> list[str]:
    """Lines for a comment of Stata, which expands macros there too and lets "///" go on."""
    harmless = str.maketrans({"`": "'", "$": "§"})
    return [line.translate(harmless).replace("///", "//") for line in lines]


ANSWERS = (
    "A yes/no variable is 1 for yes and 0 for no. Where a value is missing, or lies outside what"
    " the model has seen, there is no answer."
)


def to_spss(model: RiskModel) -> str:
    """Syntax that computes avidity_logodds, avidity_risk and its interval.

    raises  RiskModelError for a partial model
    """
    names = {one.name: one.name for one in model.inputs}
    parts = columns(model, SPSS, names)
    lines = [
        "* Encoding: UTF-8.",
        *(f"/* {line} */" for line in preface(model, ANSWERS)),
        f"COMPUTE #ok = ({SPSS.both(guards(model, SPSS, names))}).",
        "DO IF (#ok = 1).",
        *(f"COMPUTE #x{at} = {part}." for at, part in enumerate(parts, 1)),
        f"COMPUTE avidity_logodds = {_sum(_line(model, '#x{}'), '')}.",
        "COMPUTE avidity_risk = 1 / (1 + EXP(-avidity_logodds)).",
    ]
    variance = list(_variance(model, "#x{}"))
    if variance:
        lines += [
            f"COMPUTE #half = {half_width()} * SQRT({_sum(variance, '')}).",
            "COMPUTE avidity_low = 1 / (1 + EXP(-(avidity_logodds - #half))).",
            "COMPUTE avidity_high = 1 / (1 + EXP(-(avidity_logodds + #half))).",
        ]
    return "\n".join([*lines, "END IF.", "EXECUTE."]) + "\n"


def to_stata(model: RiskModel) -> str:
    """A do-file that generates avidity_logodds, avidity_risk and its interval.

    raises  RiskModelError for a partial model
    """
    names = {one.name: one.name for one in model.inputs}
    parts = columns(model, STATA, names)
    x, when = "`x{}'", "if `ok'"
    lines = [
        "version 13",
        *(f"* {line}" for line in _commented(preface(model, ANSWERS))),
        f"tempvar ok half {' '.join(f'x{at}' for at, _ in enumerate(parts, 1))}",
        f"generate byte `ok' = {STATA.both(guards(model, STATA, names))}",
        *(f"generate double `x{at}' = {part} {when}" for at, part in enumerate(parts, 1)),
        f"generate double avidity_logodds = {_sum(_line(model, x), ' ///')} {when}",
        f"generate double avidity_risk = 1 / (1 + exp(-avidity_logodds)) {when}",
    ]
    variance = list(_variance(model, x))
    if variance:
        lines += [
            f"generate double `half' = {half_width()} * sqrt({_sum(variance, ' ///')}) {when}",
            f"generate double avidity_low = 1 / (1 + exp(-(avidity_logodds - `half'))) {when}",
            f"generate double avidity_high = 1 / (1 + exp(-(avidity_logodds + `half'))) {when}",
        ]
    return "\n".join(lines) + "\n"


def _sum(parts: Iterator[str] | list[str], on: str) -> str:
    """One summand a line, so that no line grows too long; ``on`` says that a line goes on."""
    return f"{on}\n  + ".join(parts)


def _line(model: RiskModel, x: str) -> Iterator[str]:
    first, *slopes = needed(model).coef.tolist()
    yield literal(first)
    yield from (f"({literal(slope)}) * {x.format(at)}" for at, slope in enumerate(slopes, 1))


def _variance(model: RiskModel, x: str) -> Iterator[str]:
    """The quadratic form of the covariance, each pair of columns once."""
    for i, row in enumerate(needed(model).covariance or ()):
        for j, value in enumerate(row[: i + 1]):
            factors = [x.format(at) for at in (i, j) if at]
            twice = 2 * value if i != j else value
            yield " * ".join([f"({literal(twice)})", *factors])
