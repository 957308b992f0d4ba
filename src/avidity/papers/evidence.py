"""Pooled figures other people published, as printed: TOML files in `library/evidence`.

They are bands to hold a result against; nothing here enters a model by itself.
"""

from __future__ import annotations

import functools
import tomllib
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from avidity.errors import PaperError
from avidity.stats.rounded import Rounded, rounded
from avidity.study import faults


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceSource(_Frozen):
    """Where the figures were read, and how much of it was read."""

    citation: str = Field(min_length=1)
    doi: str = ""
    read: Literal["whole", "abstract", "second hand"]


class PooledFactor(_Frozen):
    """One factor's pooled figure; texts, so that the printed digits are kept.

    also   names of the data dictionary's fields that mean the same
    found  "pooled" with estimate, low and high, or "not significant" where no value was found
    i2     heterogeneity in percent
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    also: tuple[str, ...] = ()
    meaning: str = ""
    found: Literal["pooled", "not significant"] = "pooled"
    estimate: str = ""
    low: str = ""
    high: str = ""
    level: float = Field(default=0.95, gt=0, lt=1)
    i2: str = ""

    @field_validator("estimate", "low", "high", "i2")
    @classmethod
    def _as_printed(cls, text: str) -> str:
        if text:
            rounded(text)
        return text

    @model_validator(mode="after")
    def _has_figures(self) -> PooledFactor:
        given = [bool(text) for text in (self.estimate, self.low, self.high)]
        if given != [self.found == "pooled"] * 3:
            raise ValueError("estimate, low and high stand with found = pooled, and only there")
        return self

    @property
    def figures(self) -> tuple[Rounded, Rounded, Rounded] | None:
        """Estimate, low and high as all they can stand for; None where no value was found."""
        if self.found != "pooled":
            return None
        return rounded(self.estimate), rounded(self.low), rounded(self.high)


class Evidence(_Frozen):
    """A published pooling.

    kind     "meta-analysis" of a literature search, or "pooled series" of chosen ones
    measure  what is pooled
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    kind: Literal["meta-analysis", "pooled series"]
    measure: Literal["odds ratio"]
    outcome: str = Field(min_length=1)
    studies: int = Field(ge=1)
    patients: int = Field(ge=1)
    cases: int | None = Field(default=None, ge=0)
    searched_until: date | None = None
    note: str = ""
    source: EvidenceSource
    factors: tuple[PooledFactor, ...] = Field(alias="factor", min_length=1)


@functools.cache
def evidence_names() -> tuple[str, ...]:
    """The names of the library's poolings, in alphabetical order."""
    return tuple(sorted(Path(one.name).stem for one in _folder().iterdir()))


@functools.cache
def find_evidence(name: str) -> Evidence:
    """A pooling of the library.

    raises  PaperError when there is none of that name
    """
    if name not in evidence_names():
        raise PaperError(f"the library has no '{name}'; it has: {', '.join(evidence_names())}")
    text = _folder().joinpath(f"{name}.toml").read_text("utf-8")
    try:
        return Evidence.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise PaperError(f"{name}.toml: {'; '.join(faults(error))}") from None


def _folder() -> Traversable:
    return resources.files("avidity.papers").joinpath("library", "evidence")
