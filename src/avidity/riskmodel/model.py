"""The risk model: one object, whether it was fitted here, rebuilt from a paper or typed in.

It holds aggregates and words, no patient's row. `avidity.riskmodel.file` reads and writes it,
`avidity.riskmodel.predict` answers with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from avidity.riskmodel.equation import INTERCEPT, Equation
from avidity.riskmodel.frozen import Count, Frozen
from avidity.riskmodel.printed import PrintedModel
from avidity.riskmodel.source import Ancestor, Outcome, Population, Provenance
from avidity.riskmodel.terms import Kind, Term

SCHEMA_VERSION: Literal["1.0"] = "1.0"
LABEL: Literal["research use; not validated"] = "research use; not validated"

Status = Literal["complete", "reconstructed", "partial"]


class Input(Frozen):
    """One thing the model asks of a patient.

    unit      of a number, the one the coefficients are for; empty for a count or a score
    levels    of a category, the reference first
    seen      smallest and largest value among the patients of the source; None: not known
    possible  beyond these a number is a slip of the pen, whatever the model has seen
    also      other names it goes by, those of the data dictionary among them
    meaning   what is asked, in words, where the label does not say it
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    kind: Kind
    unit: str = ""
    levels: tuple[str, ...] = ()
    seen: tuple[float, float] | None = None
    possible: tuple[float, float] | None = None
    also: tuple[str, ...] = ()
    meaning: str = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Input:
        if (self.kind == "category") != bool(self.levels):
            raise ValueError("a category, and nothing else, has levels")
        if not all(level.isprintable() for level in self.levels):
            raise ValueError("a level is one line of text")  # it becomes part of a program's text
        if self.kind != "number" and (self.unit or self.seen or self.possible):
            raise ValueError("only a number has a unit and a range")
        for ends in (self.seen, self.possible):
            if ends and ends[0] > ends[1]:
                raise ValueError("a range goes from the smaller to the larger value")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to."""
        return (self.name, *self.also)


class Pattern(Frozen):
    """Patients of the source who are alike in all columns of the equation but the intercept."""

    values: tuple[Literal[0, 1], ...]
    n: Count
    events: Count | None = None  # None where the source does not tell

    @model_validator(mode="after")
    def _counts_fit(self) -> Pattern:
        if self.events is not None and self.events > self.n:
            raise ValueError("events cannot outnumber patients")
        return self


class Band(Frozen):
    """Patients of the source whose predicted risk lies between two ends, both included."""

    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    n: Count
    events: Count | None = None


class Vector(Frozen):
    """Inputs, and what every reader of the file must find for them.

    inputs     by name, in the model's units: a number, true or false, or a level
    low, high  of the risk's interval; null without a covariance
    """

    inputs: Mapping[str, bool | float | str]
    linear_predictor: float
    risk: float
    low: float | None = None
    high: float | None = None
    level: float = Field(default=0.95, gt=0, lt=1)


class RiskModel(Frozen):
    """A model of the risk of becoming refractory.

    status    "complete": fitted, or published whole; "reconstructed": parts of the equation were
              rebuilt from what was printed; "partial": it cannot compute, and says what is missing
    terms     how the inputs enter the equation, in the order of its columns
    n, events of the patients the coefficients were estimated in; None where not known
    patterns  for models of cuts, answers and categories; bands for those with a number as it is
    printed   of a partial model: its predictors as they stand in the paper
    lacking   of a partial model: what is missing before it could compute
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    version: str = Field(default="1", min_length=1)
    status: Status
    label: Literal["research use; not validated"] = LABEL
    outcome: Outcome
    population: Population
    n: int | None = Field(default=None, ge=1)
    events: int | None = Field(default=None, ge=0)
    provenance: Provenance
    lineage: tuple[Ancestor, ...] = ()
    inputs: tuple[Input, ...] = ()
    terms: tuple[Term, ...] = ()
    equation: Equation | None = None
    patterns: tuple[Pattern, ...] = ()
    bands: tuple[Band, ...] = ()
    notes: tuple[str, ...] = ()
    printed: PrintedModel | None = None
    lacking: tuple[str, ...] = ()
    vectors: tuple[Vector, ...] = ()

    @property
    def computes(self) -> bool:
        """Whether it has an equation."""
        return self.equation is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the equation's columns, the intercept first."""
        return (INTERCEPT, *(column for term in self.terms for column in term.columns))

    def input(self, name: str) -> Input | None:
        """The input that answers to this name, or None."""
        return next((one for one in self.inputs if name in one.names), None)

    @model_validator(mode="after")
    def _whole(self) -> RiskModel:
        if self.n is not None and self.events is not None and self.events > self.n:
            raise ValueError("events cannot outnumber patients")
        names = [name for one in self.inputs for name in one.names]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two inputs answer to the same name: {', '.join(twice)}")
        self._partial() if self.status == "partial" else self._computing()
        return self

    def _partial(self) -> None:
        if self.equation or self.terms or self.inputs or self.vectors:
            raise ValueError(
                "a partial model has no inputs, terms, equation or vectors; what was printed of"
                " its predictors stands in printed"
            )
        if not self.lacking:
            raise ValueError("a partial model must say what is lacking")

    def _computing(self) -> None:
        if self.equation is None or self.n is None or self.events is None:
            raise ValueError(f"a {self.status} model needs an equation, n and events")
        if not 0 < self.events < self.n:
            raise ValueError("both outcomes must occur: 0 < events < n")
        if self.lacking or self.printed:
            raise ValueError("printed and lacking belong to partial models alone")
        if self.equation.columns != self.columns:
            raise ValueError(
                f"the equation's columns must be those of the terms, in their order:"
                f" {', '.join(self.columns)}"
            )
        self._terms_read_inputs()
        width = len(self.columns) - 1
        if any(len(pattern.values) != width for pattern in self.patterns):
            raise ValueError(f"a pattern has one value for each of the {width} columns")
        self._counts_add_up(self.n)

    def _counts_add_up(self, n: int) -> None:
        for kind, parts in (("patterns", self.patterns), ("bands", self.bands)):
            if parts and sum(part.n for part in parts) != n:
                raise ValueError(f"the {kind} must hold all {n} patients")
        if any(one.high != other.low for one, other in pairwise(self.bands)):
            raise ValueError("each band must begin where the one before it ends")
        if len({pattern.values for pattern in self.patterns}) < len(self.patterns):
            raise ValueError("a pattern must stand once")

    def _terms_read_inputs(self) -> None:
        kinds = {one.name: one for one in self.inputs}
        for term in self.terms:
            if term.input not in kinds:
                raise ValueError(f"the term {term.name} reads an unknown input, {term.input}")
            asked = kinds[term.input]
            if asked.kind != term.reads:
                raise ValueError(f"the term {term.name} needs a {term.reads} input")
            if term.coding == "category" and {term.reference, *term.levels} != set(asked.levels):
                raise ValueError(f"the term {term.name} must know the levels of its input")
        if idle := sorted(set(kinds) - {term.input for term in self.terms}):
            raise ValueError(f"no term reads {', '.join(idle)}")
