"""The data dictionary: what each table and field of the records means.

The dictionary is data: one TOML file per table beside this module, and ``units.toml``.
This module only reads those files into frozen objects. Nothing here looks at patients.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

FieldType = Literal["yes/no", "number", "integer", "category", "date", "text"]
Role = Literal["identifier", "predictor", "outcome", "date", "completeness", "record"]
Origin = Literal["dictionary", "study", "inferred"]

TABLES = (
    "patients",
    "rai_courses",
    "lesions",
    "scans",
    "lesion_uptake",
    "structural_assessments",
    "labs",
    "fdg_pet",
    "molecular",
    "follow_up",
)
NOTHING: Mapping[str, Any] = MappingProxyType({})
_NEGATIVE = re.compile(r"\s*[-−–]\s*\d")  # a minus sign is no punctuation
LETTERS = {ord("œ"): "oe", ord("Œ"): "oe", ord("°"): "o"}  # what Unicode does not take apart


@dataclass(frozen=True, slots=True)
class Limits:
    """From where to where a number may lie, in the house's unit; None is open."""

    low: float | None = None
    high: float | None = None
    low_excluded: bool = False  # "above 0" rather than "from 0"

    def allow(self, value: float) -> bool:
        """True when the value lies inside."""
        if self.low is not None and (value < self.low or (self.low_excluded and value == self.low)):
            return False
        return self.high is None or value <= self.high


@dataclass(frozen=True, slots=True)
class Quantity:
    """A thing that is measured: the house's unit, and exact factors from the accepted ones."""

    name: str
    house: str
    units: Mapping[str, Fraction]  # as written -> factor to the house's unit
    folded: Mapping[str, Fraction]  # the same by folded spelling
    usual: tuple[float, float] | None = None  # a single value's usual range, house's unit

    def factor(self, unit: str) -> Fraction | None:
        """The factor of a unit however it is spelled, or None when it is none of ours."""
        return self.folded.get(fold_unit(unit))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one table.

    ``values`` maps each allowed code to the other spellings accepted for it (for a yes/no
    field the codes are "yes" and "no", beside the general words). ``remarks`` are sentences
    shown when a certain spelling is met although it is accepted; ``hints`` are sentences that
    help with a spelling that is not. ``same_fact_as`` names other places ("table.field") that
    hold the same fact. ``measured`` says whether the value is known before the outcome.
    """

    name: str
    table: str
    label: str
    type: FieldType
    role: Role = "record"
    origin: Origin = "dictionary"
    definition: str = ""
    unit: str = ""  # the house's unit
    quantity: Quantity | None = None
    unit_compulsory: bool = False
    rounded: bool = False  # converted values go to the nearest whole number, halves up
    censored: bool = False  # "<0.1" is kept as a comparator beside the number
    hard: Limits = field(default_factory=Limits)
    soft: Limits = field(default_factory=Limits)
    suspects: tuple[float, ...] = ()  # numbers that often stand for "missing"
    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    remarks: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    hints: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    headers: tuple[str, ...] = ()
    measured: Literal["before", "after"] = "before"
    same_fact_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its key, whether a key may occur once only, and its fields in order."""

    name: str
    label: str
    about: str
    key: tuple[str, ...]
    unique: bool
    fields: Mapping[str, Field]
    spellings: Mapping[str, str]  # folded header (unit taken off) -> field name
    sheets: tuple[str, ...] = ()  # other names a sheet or a file may bear

    def field_of(self, header: str) -> Field | None:
        """The field a header (its unit taken off) stands for, or None."""
        name = self.spellings.get(fold(header))
        return None if name is None else self.fields[name]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Every table and quantity, in the order a person fills them."""

    tables: Mapping[str, Table]
    quantities: Mapping[str, Quantity]
    sheets: Mapping[str, str]  # folded name of a sheet or file -> table

    def quantity_of(self, unit: str) -> Quantity | None:
        """The quantity that is measured in this unit, or None."""
        found = (q for q in self.quantities.values() if q.factor(unit) is not None)
        return next(found, None)

    def table_of(self, name: str) -> str | None:
        """The table a sheet's or a file's name stands for, or None."""
        return self.sheets.get(fold(name))


def fold(text: str) -> str:
    """A spelling without case, accents, punctuation and double spaces, for comparing.

    >>> fold("  Hürthle-cell  (variant)"), fold("+"), fold("-")
    ('hurthle cell variant', '+', '-')
    >>> fold("-1"), fold("T-1")
    ('-1', 't 1')
    """
    bare = text.lower()
    if not bare.isascii():
        plain = unicodedata.normalize("NFKD", text.translate(LETTERS))
        bare = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    elif bare.isalnum():
        return bare
    words = re.sub(r"[^\w+<>%]+|_+", " ", bare).strip()
    return f"-{words}" if _NEGATIVE.match(bare) else words or text.strip()


def fold_unit(text: str) -> str:
    """A unit's spelling without case, micro signs and separators.

    >>> fold_unit("µg / L") == fold_unit("ug_l") == fold_unit("μG/l")
    True
    """
    plain = unicodedata.normalize("NFKD", text.strip()).replace("μ", "u").casefold()
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\s/_.·]+", "_", bare).strip("_")


@functools.cache
def dictionary() -> Dictionary:
    """The dictionary of the package, read once."""
    quantities = {name: _quantity(name, raw) for name, raw in _load("units").items()}
    tables = {name: _table(_load(name), quantities) for name in TABLES}
    sheets = {
        fold(spelling): name
        for name, table in tables.items()
        for spelling in (name, table.label, *table.sheets)
    }
    return Dictionary(
        MappingProxyType(tables), MappingProxyType(quantities), MappingProxyType(sheets)
    )


def _load(name: str) -> dict[str, Any]:
    source = resources.files("avidity.dictionary").joinpath(f"{name}.toml")
    return tomllib.loads(source.read_text("utf-8"))


def _quantity(name: str, raw: Mapping[str, Any]) -> Quantity:
    units = {unit: Fraction(factor) for unit, factor in raw["units"].items()}
    folded = {fold_unit(unit): factor for unit, factor in units.items()}
    usual = tuple(raw["usual"]) if "usual" in raw else None
    return Quantity(name, raw["house"], MappingProxyType(units), MappingProxyType(folded), usual)


def _table(raw: dict[str, Any], quantities: Mapping[str, Quantity]) -> Table:
    fields = {
        name: _field(name, raw["name"], content, quantities)
        for name, content in raw["fields"].items()
    }
    spellings = {
        fold(spelling): name
        for name, one in fields.items()
        for spelling in (*one.headers, one.label, name)
    }
    return Table(
        name=raw["name"],
        label=raw["label"],
        about=raw["about"],
        key=tuple(raw["key"]),
        unique=raw["unique"],
        fields=MappingProxyType(fields),
        spellings=MappingProxyType(spellings),
        sheets=tuple(raw.get("sheets", ())),
    )


def _field(name: str, table: str, raw: dict[str, Any], quantities: Mapping[str, Quantity]) -> Field:
    quantity = quantities[raw["quantity"]] if "quantity" in raw else None
    made: dict[str, Any] = {
        **raw,
        "name": name,
        "table": table,
        "quantity": quantity,
        "unit": quantity.house if quantity else raw.get("unit", ""),
        "hard": Limits(**raw.get("hard", {})),
        "soft": Limits(**raw.get("soft", {})),
        "values": MappingProxyType({k: tuple(v) for k, v in raw.get("values", {}).items()}),
        "remarks": MappingProxyType({fold(k): v for k, v in raw.get("remarks", {}).items()}),
        "hints": MappingProxyType({fold(k): v for k, v in raw.get("hints", {}).items()}),
    }
    for many in ("suspects", "headers", "same_fact_as"):
        made[many] = tuple(raw.get(many, ()))
    return Field(**made)
