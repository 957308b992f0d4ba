"""results.json: every number of a run at full precision, in a shape that is written down.

The conventions, which also stand in the file's schema:

- An object has the fields of the result it came from, in their order, under their names.
- A number is written with as many digits as it takes to read the same number back.
- An infinite number is the text "Infinity" or "-Infinity"; one that does not exist is null.
- A date is a text, year-month-day. A set is a sorted list. An array is a list (of lists).
- Nothing is rounded, and nothing depends on the clock or the machine.

A number is named by its place: a JSON Pointer (RFC 6901) such as `/model/terms/0/estimate`.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from typing import Any, SupportsFloat, TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

SCHEMA_VERSION = "1.0"
_INFINITE = {"Infinity": math.inf, "-Infinity": -math.inf}


def to_json(results: object) -> bytes:
    """The results as the bytes of results.json, its schema version first."""
    return (to_text(results) + "\n").encode("utf-8")


def to_text(results: object) -> str:
    """The results as JSON text, for a file or for another program."""
    tree = as_plain(results)
    if isinstance(tree, dict):
        tree = {"schema_version": SCHEMA_VERSION, **tree}
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)


def from_json(data: bytes | str) -> Json:
    """What `to_json` wrote, as plain lists, texts and numbers."""
    return cast(Json, json.loads(data))


def as_plain(thing: object) -> Json:  # noqa: PLR0911  # one line per kind of thing
    """Results as plain lists, texts and numbers; raises TypeError for what has no plain form."""
    if thing is None or (isinstance(thing, bool | str) and not isinstance(thing, Enum)):
        return thing
    if isinstance(thing, Enum):
        return as_plain(thing.value)
    if isinstance(thing, int):
        return int(thing)
    if isinstance(thing, float | Fraction):
        return _number(float(thing))
    if isinstance(thing, datetime.date):
        return thing.isoformat()
    if isinstance(thing, PurePath):
        return thing.as_posix()
    if is_dataclass(thing) and not isinstance(thing, type):
        return {field.name: as_plain(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, Mapping):
        return {_key(key): as_plain(value) for key, value in thing.items()}
    return _many(thing)


def _many(thing: object) -> Json:
    """Lists, sets and arrays; and the single numbers of arrays."""
    if isinstance(thing, Set):
        return sorted((as_plain(part) for part in thing), key=repr)
    if isinstance(thing, Sequence) and not isinstance(thing, bytes | bytearray):
        return [as_plain(part) for part in thing]
    if hasattr(thing, "tolist"):  # arrays and their numbers, without loading their library
        return as_plain(cast(Any, thing).tolist())
    raise TypeError(f"results.json has no place for a {type(thing).__name__}")


def _number(value: SupportsFloat) -> Json:
    number = float(value)
    if math.isnan(number):
        return None
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def _key(key: object) -> str:
    plain = as_plain(key)
    if plain is None or isinstance(plain, list | dict):
        raise TypeError(f"results.json has no key for {key!r}")
    return plain if isinstance(plain, str) else json.dumps(plain)


def pointer(*parts: str | int) -> str:
    """The JSON Pointer to a place, from its parts.

    >>> pointer("table", "n (%)", "T3/T4", 0)
    '/table/n (%)/T3~1T4/0'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def lookup(tree: Json, place: str) -> Json:
    """What stands at this place; raises KeyError where there is nothing."""
    here = tree
    for part in place.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and key in here:
            here = here[key]
        elif isinstance(here, list) and key.isdigit() and int(key) < len(here):
            here = here[int(key)]
        else:
            raise KeyError(f"results.json has nothing at {place}")
    return here


def as_number(plain: Json) -> float:
    """A number as it was before it became JSON: null is not a number, a text may be infinite."""
    if plain is None:
        return math.nan
    if isinstance(plain, str):
        return _INFINITE[plain]
    if isinstance(plain, int | float):
        return float(plain)
    raise TypeError(f"not a number: {type(plain).__name__}")
