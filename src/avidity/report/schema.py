"""The shape of results.json as a JSON Schema, read from the types the results are made of.

So the schema cannot fall behind: a field of a result is a field of the file, its description
the first sentence of the result's own words.
"""

from __future__ import annotations

import datetime
import types
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from inspect import getdoc
from pathlib import PurePath
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from avidity.report.results_json import SCHEMA_VERSION

Schema: TypeAlias = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CONVENTIONS = (
    "Numbers are written with all their digits. An infinite number is the text Infinity or"
    " -Infinity; one that does not exist is null. Dates are year-month-day. A number is named by"
    " its JSON Pointer (RFC 6901)."
)
_FLOAT: Schema = {
    "anyOf": [{"type": "number"}, {"enum": ["Infinity", "-Infinity"]}, {"type": "null"}]
}
_PLAIN: dict[Any, Schema] = {
    float: {"$ref": "#/$defs/number"},
    Fraction: {"$ref": "#/$defs/number"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    type(None): {"type": "null"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    object: {},
    Any: {},
}


def schema(kind: type, title: str = "results.json") -> Schema:
    """The JSON Schema of what `to_json` writes for results of this dataclass.

    Raises TypeError for a field whose type has no plain form.
    """
    definitions: dict[str, Schema] = {"number": _FLOAT}
    top = _object(kind, definitions)
    version: Schema = {"schema_version": {"const": SCHEMA_VERSION}}
    top["properties"] = {**version, **top["properties"]}
    top["required"] = ["schema_version", *top["required"]]
    about = f"{top.pop('description', '')} {_CONVENTIONS}".strip()
    return {"$schema": _DIALECT, "title": title, "description": about, **top, "$defs": definitions}


def _object(kind: type, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    made: Schema = {"type": "object"}
    if about := _sentence(kind):
        made["description"] = about
    made["properties"] = {
        field.name: _schema(hints[field.name], definitions) for field in fields(kind)
    }
    made["required"] = list(made["properties"])  # a default is written out too
    made["additionalProperties"] = False
    return made


def _sentence(kind: type) -> str:
    """The first sentence a class says about itself; dataclasses say their signature unasked."""
    words = (getdoc(kind) or "").split("\n\n")[0].replace("\n", " ")
    return "" if words.startswith(f"{kind.__name__}(") else words


def _schema(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401  # any type hint
    if (isinstance(kind, type) and kind in _PLAIN) or kind in (Any, None):
        return _PLAIN[kind] if kind is not None else {"type": "null"}
    if is_dataclass(kind) and isinstance(kind, type):
        return _referred(kind, definitions)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if isinstance(kind, type) and issubclass(kind, PurePath):
        return {"type": "string"}
    return _made_of(kind, definitions)


def _referred(kind: type, definitions: dict[str, Schema]) -> Schema:
    """A named shape, written once; a shape may hold itself."""
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        definitions[kind.__name__] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _made_of(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401  # a type hint
    """What is made of other types: choices, lists, mappings."""
    whole, parts = get_origin(kind), get_args(kind)
    if whole is Literal:
        return {"enum": list(parts)}
    if whole in (Union, types.UnionType):
        return {"anyOf": [_schema(part, definitions) for part in parts]}
    if whole is tuple and (len(parts) != 2 or parts[1] is not Ellipsis):
        items = [_schema(part, definitions) for part in parts]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    if isinstance(whole, type) and issubclass(whole, Mapping):
        return {"type": "object", "additionalProperties": _schema(parts[1], definitions)}
    if isinstance(whole, type) and issubclass(whole, Sequence | Set):
        return {"type": "array", "items": _schema(parts[0], definitions)}
    if getattr(whole or kind, "__name__", "") == "ndarray":
        return {"type": "array"}
    raise TypeError(f"results.json has no shape for {kind!r}")
