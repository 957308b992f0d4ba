"""The schema says what results.json holds, field by field."""

from __future__ import annotations

import datetime
import math
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

import numpy as np
import pytest

from avidity.report.results_json import as_number, from_json, to_json
from avidity.report.schema import schema
from avidity.stats.interval import Interval
from avidity.steps.results import Results


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    """A leaf. It is green.

    More words.
    """

    size: float
    next: Leaf | None = None


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    pair: tuple[int, str]
    by_name: Mapping[str, Interval | None]
    kind: Literal["oak", "elm"]
    colour: Colour
    when: datetime.date
    where: pathlib.Path
    rings: np.ndarray
    tags: frozenset[str]
    anything: Any = None


TREE = Tree(
    (Leaf(math.inf, Leaf(math.nan)),),
    (1, "a"),
    {"x": Interval(0.5, 2.0), "y": None},
    "oak",
    Colour.RED,
    datetime.date(2022, 1, 31),
    pathlib.Path("a/b"),
    np.array([1.5]),
    frozenset({"b", "a"}),
)


def fits(value, shape, definitions):  # noqa: PLR0911  # one line per keyword
    """A small reader of the part of JSON Schema we write."""
    if "$ref" in shape:
        return fits(value, definitions[shape["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in shape:
        return any(fits(value, each, definitions) for each in shape["anyOf"])
    if "enum" in shape:
        return value in shape["enum"]
    if "const" in shape:
        return value == shape["const"]
    kinds = {
        "object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
        "null": type(None), "number": (int, float),
    }  # fmt: skip
    if "type" in shape and not isinstance(value, kinds[shape["type"]]):
        return False
    if shape.get("type") == "object":
        known, others = shape.get("properties", {}), shape.get("additionalProperties", True)
        if not set(shape.get("required", [])) <= set(value):
            return False
        return all(
            fits(part, known[name], definitions)
            if name in known
            else others is not False and fits(part, {} if others is True else others, definitions)
            for name, part in value.items()
        )
    if shape.get("type") == "array":
        items = shape.get("prefixItems") or [shape.get("items", {})] * len(value)
        return len(items) == len(value) and all(
            fits(part, each, definitions) for part, each in zip(value, items, strict=True)
        )
    return True


def test_what_is_written_fits_its_schema():
    shape = schema(Tree)
    tree = from_json(to_json(TREE))

    assert fits(tree, shape, shape["$defs"])
    assert math.isnan(as_number(tree["leaves"][0]["next"]["size"]))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("kind", "ash"), ("pair", [1]), ("pair", ["a", 1]), ("colour", "blue"), ("leaves", {})],
)
def test_what_differs_does_not_fit(field, wrong):
    shape = schema(Tree)
    tree = from_json(to_json(TREE)) | {field: wrong}

    assert not fits(tree, shape, shape["$defs"])
    del tree[field]
    assert not fits(tree, shape, shape["$defs"])


def test_descriptions_are_the_results_own_first_sentences():
    shape = schema(Tree)

    assert shape["$defs"]["Leaf"]["description"] == "A leaf. It is green."
    assert shape["description"].startswith("Numbers are written with all their digits.")


def test_a_type_without_a_plain_form_is_refused():
    @dataclass
    class Bad:
        z: complex

    with pytest.raises(TypeError, match="complex"):
        schema(Bad)


def test_the_results_of_a_study_have_a_schema():
    shape = schema(Results)

    assert shape["required"][0] == "schema_version"
    assert "Interval" in shape["$defs"]
