"""results.json: every number as it was, in a shape that is written down."""

from __future__ import annotations

import datetime
import json
import math
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.report.results_json import (
    SCHEMA_VERSION,
    as_number,
    as_plain,
    from_json,
    lookup,
    pointer,
    to_json,
    to_text,
)
from avidity.stats.interval import Interval


class Answer(Enum):
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Result:
    ratio: float
    interval: Interval
    when: datetime.date
    levels: dict[str, tuple[int, ...]]
    missing: float | None = None


RESULT = Result(
    6.502099999999999,
    Interval(1.28, math.inf, 0.95, "profile likelihood"),
    datetime.date(2022, 1, 31),
    {"T3/T4": (3, 4), "a~b": (1,)},
)


def test_every_number_comes_back_to_the_last_digit():
    tree = from_json(to_json(RESULT))

    assert tree["ratio"] == RESULT.ratio
    assert as_number(lookup(tree, "/interval/high")) == math.inf
    assert tree["interval"]["method"] == "profile likelihood"
    assert tree["when"] == "2022-01-31"
    assert tree["missing"] is None


@settings(deadline=None, max_examples=60)
@given(st.floats())
def test_any_float_survives(value):
    back = as_number(from_json(to_text([value]))[0])

    assert back == value or (math.isnan(back) and math.isnan(value))


def test_the_schema_version_stands_first():
    assert next(iter(from_json(to_json(RESULT)))) == "schema_version"
    assert from_json(to_json(RESULT))["schema_version"] == SCHEMA_VERSION


def test_arrays_sets_enums_and_paths_have_a_plain_form():
    thing = {
        "array": np.array([[1.5, np.nan], [np.inf, 2.0]]),
        "single": np.int64(3),
        "truth": np.bool_(True),
        "set": {"b", "a"},
        "answer": Answer.YES,
        Answer.YES: PurePosixPath("a/b"),
        1: (),
    }

    assert as_plain(thing) == {
        "array": [[1.5, None], ["Infinity", 2.0]],
        "single": 3,
        "truth": True,
        "set": ["a", "b"],
        "answer": "yes",
        "yes": "a/b",
        "1": [],
    }


def test_what_has_no_plain_form_is_refused():
    with pytest.raises(TypeError, match="complex"):
        to_json({"z": 1j})
    with pytest.raises(TypeError, match="bytes"):
        to_json(b"raw")
    with pytest.raises(TypeError, match="key"):
        to_json({(1, 2): 3})
    with pytest.raises(TypeError, match="not a number"):
        as_number([1])


def test_the_file_is_valid_json_to_the_letter():
    def refuse(constant):
        raise AssertionError(constant)

    json.loads(to_json(RESULT), parse_constant=refuse)


def test_the_same_results_give_the_same_bytes():
    assert to_json(RESULT) == to_json(RESULT)


def test_a_place_is_found_by_its_pointer_even_with_slashes_in_names():
    tree = from_json(to_json(RESULT))

    assert lookup(tree, pointer("levels", "T3/T4", 1)) == 4
    assert lookup(tree, pointer("levels", "a~b", 0)) == 1
    for nowhere in ("/levels/none", "/levels/a~0b/7", "/ratio/deeper"):
        with pytest.raises(KeyError, match="nothing at"):
            lookup(tree, nowhere)
