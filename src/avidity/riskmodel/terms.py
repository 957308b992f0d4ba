"""How an input enters the equation: a line, a curve, a cut, a yes or the level of a category.

Each kind of term says which columns it makes and what stands in them. A missing value stays
missing in every column of its term.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from avidity.riskmodel.frozen import Frozen
from avidity.stats import splines

Floats = npt.NDArray[np.float64]
Kind = Literal["number", "yes/no", "category"]


class Linear(Frozen):
    """A number as it is: the coefficient is for `per` of its units."""

    coding: Literal["linear"] = "linear"
    name: str = Field(min_length=1)
    input: str
    per: float = Field(default=1.0, gt=0)

    @property
    def reads(self) -> Kind:
        """The kind of input it takes."""
        return "number"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return (self.name,)

    def basis(self, values: npt.ArrayLike) -> Floats:
        """Shape (n, 1), from numbers of shape (n,) in the input's unit."""
        return (np.asarray(values, dtype=np.float64) / self.per)[:, np.newaxis]

    @property
    def words(self) -> str:
        """What the coefficient is for."""
        return "linear" if self.per == 1 else f"linear, per {self.per:g}"


class Spline(Frozen):
    """A number as a restricted cubic spline in Harrell's basis (see `avidity.stats.splines`)."""

    coding: Literal["spline"] = "spline"
    name: str = Field(min_length=1)
    input: str
    knots: tuple[float, ...] = Field(min_length=splines.FEWEST)

    @field_validator("knots")
    @classmethod
    def _rise(cls, knots: tuple[float, ...]) -> tuple[float, ...]:
        return splines.Spline(knots).knots

    @property
    def reads(self) -> Kind:
        """The kind of input it takes."""
        return "number"

    @property
    def columns(self) -> tuple[str, ...]:
        """The name, then one prime more for each cubic part."""
        return splines.Spline(self.knots).names(self.name)

    def basis(self, values: npt.ArrayLike) -> Floats:
        """Shape (n, knots - 1), from numbers of shape (n,) in the input's unit."""
        return splines.Spline(self.knots).basis(values)

    @property
    def words(self) -> str:
        """The curve, with its knots."""
        knots = ", ".join(f"{knot:g}" for knot in self.knots)
        return f"restricted cubic spline, knots at {knots}"


class Cut(Frozen):
    """A number cut in two: 1 at or above (``>=``), or above (``>``), the value."""

    coding: Literal["cut"] = "cut"
    name: str = Field(min_length=1)
    input: str
    sign: Literal[">=", ">"]
    value: float

    @property
    def reads(self) -> Kind:
        """The kind of input it takes."""
        return "number"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return (self.name,)

    def basis(self, values: npt.ArrayLike) -> Floats:
        """Shape (n, 1) of 0 and 1, from numbers of shape (n,) in the input's unit."""
        given = np.asarray(values, dtype=np.float64)
        above = given >= self.value if self.sign == ">=" else given > self.value
        return np.where(np.isnan(given), np.nan, above)[:, np.newaxis]

    @property
    def words(self) -> str:
        """The cut, without the unit."""
        return f"{'≥' if self.sign == '>=' else '>'} {self.value:g}"


class YesNo(Frozen):
    """A yes/no input: 1 for yes."""

    coding: Literal["yes/no"] = "yes/no"
    name: str = Field(min_length=1)
    input: str

    @property
    def reads(self) -> Kind:
        """The kind of input it takes."""
        return "yes/no"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return (self.name,)

    def basis(self, values: npt.ArrayLike) -> Floats:
        """Shape (n, 1), from answers of shape (n,): True, False, or None for a missing one."""
        return np.asarray(values, dtype=np.float64)[:, np.newaxis]

    @property
    def words(self) -> str:
        """What the coefficient is for."""
        return "yes against no"


class Category(Frozen):
    """A category: one column for each level but the reference."""

    coding: Literal["category"] = "category"
    name: str = Field(min_length=1)
    input: str
    reference: str
    levels: tuple[str, ...] = Field(min_length=1)  # with a coefficient, in the order of columns

    @field_validator("levels")
    @classmethod
    def _once(cls, levels: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(levels)) < len(levels):
            raise ValueError("a level must stand once")
        return levels

    @property
    def reads(self) -> Kind:
        """The kind of input it takes."""
        return "category"

    @property
    def columns(self) -> tuple[str, ...]:
        """One name for each level with a coefficient."""
        return tuple(f"{self.name}={level}" for level in self.levels)

    def basis(self, values: npt.ArrayLike) -> Floats:
        """Shape (n, levels), from levels of shape (n,).

        A level the model does not know is missing: it has no coefficient.
        """
        given = np.asarray(values, dtype=object)
        known = np.isin(given, [self.reference, *self.levels])
        columns = np.column_stack([given == level for level in self.levels]).astype(np.float64)
        columns[~known] = np.nan
        return columns

    @property
    def words(self) -> str:
        """What the coefficients are for."""
        return f"against {self.reference}"


Term = Annotated[Linear | Spline | Cut | YesNo | Category, Field(discriminator="coding")]
