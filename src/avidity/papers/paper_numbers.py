"""How a printed number stands in paper.toml: as text, so that every printed digit is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf

from avidity.stats.rounded import Rounded, rounded

BARE = (
    'must be text in quotation marks ("0.30", not 0.30), because a bare number loses its'
    " printed digits"
)
NUMBER = (
    "must be a number as printed, such as 53.06, .30, 59.4% or <0.001; no units and no separators"
    " of thousands, and >0.05 where the paper says not significant"
)
WHOLE = "must be a whole number as printed, such as 18; no separators of thousands"


def _as_printed(value: object) -> Rounded:
    if isinstance(value, Rounded):
        return value
    if isinstance(value, bool | int | float):
        raise ValueError(BARE)  # noqa: TRY004  # pydantic turns a ValueError into a fault
    if not isinstance(value, str):
        raise ValueError(NUMBER)  # noqa: TRY004
    try:
        return rounded(value.strip().removesuffix("%").rstrip())
    except ValueError:
        raise ValueError(NUMBER) from None


def _as_count(value: object) -> Rounded:
    if isinstance(value, str):
        try:
            one = rounded(value)
        except ValueError:
            raise ValueError(WHOLE) from None
        if one.decimals or one.value < 0 or one.bound:
            raise ValueError(WHOLE)
    return _as_printed(value)


Number = Annotated[InstanceOf[Rounded], BeforeValidator(_as_printed)]
"""Any printed number. A percent sign after it is taken off."""

Count = Annotated[InstanceOf[Rounded], BeforeValidator(_as_count)]
"""A printed number of patients."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
"""A short name the other parts of the file use; small letters, digits, - and _."""

OVERALL = "all"
"""Stands where a group's name stands, for everybody together."""

ByGroup = Mapping[str, Number]
"""Group name (or "all") -> what is printed for it."""

CountsByGroup = Mapping[str, Count]
"""Group name (or "all") -> patients."""

TestName = Literal[
    "",
    "t",
    "pooled t",
    "welch t",
    "mann-whitney",
    "t or mann-whitney",
    "anova",
    "kruskal-wallis",
    "chi-square",
    "pearson",
    "yates",
    "fisher",
    "chi-square or fisher",
    "likelihood ratio",
    "trend",
    "logistic wald",
    "logistic likelihood ratio",
    "delong",
    "other",
]
"""The test the paper names; the vaguer words ("t", "chi-square", "t or mann-whitney") where it
does not say which variant. Empty: it names none. The others are those of ``steps.compare``."""


class PaperPart(BaseModel):
    """Every part of a paper file: frozen, and a word it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
