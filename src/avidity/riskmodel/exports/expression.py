"""A model's columns and guards as expressions of another language, from a few templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import wrap

from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import needed
from avidity.riskmodel.terms import Spline, Term
from avidity.stats.normal import z_of

WIDE = 92  # signs in a line of a comment
LEVEL = 0.95  # of every exported interval


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a language writes what a model needs; ``{x}`` is the input, ``{v}`` a value.

    cut      1 where x stands to v as ``{sign}`` says, else 0
    cubed    the cube of x - v where that is positive, else 0
    answer   a yes/no input as 1 and 0
    indicator  1 where x is v, else 0
    equal    true where x is v
    known    true where x is not missing
    within   true where x lies between ``{low}`` and ``{high}``
    yes, no  the values of a yes/no input
    both, either  the words between conditions
    quote    a text as a constant
    """

    cut: str
    cubed: str
    answer: str
    indicator: str
    equal: str
    known: str
    within: str
    yes: str
    no: str
    both: Callable[[list[str]], str]
    either: Callable[[list[str]], str]
    quote: Callable[[str], str]


def literal(value: float) -> str:
    """A number with all its digits: ``54``, ``-3.0847466831``.

    >>> literal(54.0), literal(0.1)
    ('54', '0.1')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def columns(model: RiskModel, dialect: Dialect, names: Mapping[str, str]) -> list[str]:
    """An expression for each column but the intercept.

    names   what stands for each input: a variable, a cell
    raises  RiskModelError for a partial model
    """
    needed(model)
    return [
        expression
        for term in model.terms
        for expression in _columns(term, dialect, names[term.input])
    ]


def _columns(term: Term, dialect: Dialect, x: str) -> list[str]:
    if term.coding == "spline":
        return _curve(term, dialect, x)
    if term.coding == "cut":
        return [dialect.cut.format(x=x, sign=term.sign, v=literal(term.value))]
    if term.coding == "category":
        values = [dialect.quote(level) for level in term.levels]
        return [dialect.indicator.format(x=x, v=value) for value in values]
    if term.coding == "yes/no":
        return [dialect.answer.format(x=x)]
    return [x if term.per == 1 else f"{x} / {literal(term.per)}"]


def _curve(term: Spline, dialect: Dialect, x: str) -> list[str]:
    """Harrell's basis, as `avidity.stats.splines.Spline.basis` computes it."""
    *inner, before, last = term.knots
    cubes = {knot: dialect.cubed.format(x=x, v=literal(knot)) for knot in term.knots}
    parts = [x]
    for knot in inner:
        down = literal((last - knot) / (last - before))
        up = literal((before - knot) / (last - before))
        bent = f"{cubes[knot]} - {down} * {cubes[before]} + {up} * {cubes[last]}"
        parts.append(f"({bent}) / {literal((last - term.knots[0]) ** 2)}")
    return parts


def guards(
    model: RiskModel, dialect: Dialect, names: Mapping[str, str], *, beyond: bool = False
) -> list[str]:
    """A condition for each input that must hold before the model answers.

    beyond   let numbers through that lie outside what the model has seen, not outside the possible
    """
    return [_guard(one, dialect, names[one.name], beyond=beyond) for one in model.inputs]


def _guard(one: Input, dialect: Dialect, x: str, *, beyond: bool) -> str:
    if one.kind == "yes/no":
        values = [dialect.yes, dialect.no]
        return dialect.either([dialect.equal.format(x=x, v=value) for value in values])
    if one.kind == "category":
        values = [dialect.quote(level) for level in one.levels]
        return dialect.either([dialect.equal.format(x=x, v=value) for value in values])
    ends = limits(one, beyond=beyond)
    if ends is None:
        return dialect.known.format(x=x)
    return dialect.within.format(x=x, low=literal(ends[0]), high=literal(ends[1]))


def limits(one: Input, *, beyond: bool = False) -> tuple[float, float] | None:
    """Between which the model answers: what it has seen, or else what is possible."""
    return one.possible if beyond or one.seen is None else one.seen


def half_width() -> str:
    """How many standard errors the interval reaches, with all digits."""
    return literal(z_of(LEVEL))


def comment(text: str) -> list[str]:
    """Words as short lines that may stand in a comment: nothing opens or closes one."""
    plain = text.replace("*/", "* /").replace("/*", "/ *")
    return wrap(plain, WIDE, break_long_words=False, break_on_hyphens=False)


def about(model: RiskModel) -> list[str]:
    """What every export says of the model, one paragraph each."""
    source = model.provenance
    return [
        f"{model.title} ({model.name}, version {model.version}, {model.status})",
        f"{model.label[0].upper()}{model.label[1:]}.",
        f"Risk of: {model.outcome.label}; {model.outcome.words}",
        f"From {model.n} patients, {model.events} with the outcome: {model.population.words}",
        f"Source: {source.citation}{', doi ' + source.doi if source.doi else ''}",
    ]


def preface(model: RiskModel, *more: str) -> list[str]:
    """The lines of a script's opening comment: what the model is, and what it asks for."""
    asks = [f"{one.name}: {one.label}{_unit(one)}" for one in model.inputs]
    words = [*about(model), "It asks for:", *asks, *more]
    return [line for paragraph in words for line in comment(paragraph)]


def _unit(one: Input) -> str:
    if one.kind == "yes/no":
        return ""
    if one.kind == "category":
        return f" ({', '.join(one.levels)})"
    ends = limits(one)
    told = [one.unit] if one.unit else []
    if ends:
        told.append(f"{'seen' if one.seen else 'possible'} {ends[0]:g} to {ends[1]:g}")
    return f" ({', '.join(told)})" if told else ""
