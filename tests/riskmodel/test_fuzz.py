"""Whatever stands in a file or is typed: an answer, or one sentence; never a traceback."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_models
from avidity.errors import RiskModelError
from avidity.riskmodel.file import from_json, to_json
from avidity.riskmodel.predict import predict
from avidity.riskmodel.units import number_in

MODEL = made_models.every_kind()
CONTENT = json.loads(to_json(MODEL))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([1e308, -1e308, 10**400, "intercept", "age"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def places(tree, above=()):
    """Every place of a JSON tree."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in children:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


def changed(place, value):
    tree = copy.deepcopy(CONTENT)
    here = tree
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value
    return tree


def read_or_refused(data):
    """The model, or the sentence."""
    try:
        return from_json(data, "m.json"), ""
    except RiskModelError as error:
        return None, str(error)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_refused_in_a_sentence(data):
    model, said = read_or_refused(data)

    assert model is None
    assert said.startswith("m.json")


@given(st.sampled_from(sorted(places(CONTENT), key=str)), JSON)
def test_any_change_is_refused_or_changes_no_answer(place, value):
    model, said = read_or_refused(json.dumps(changed(place, value)).encode())

    assert model or said.startswith("m.json") or "vectors" in said
    if model and place[0] != "vectors":
        for vector in MODEL.vectors:
            found = predict(model, vector.inputs, level=vector.level, beyond=True)
            assert pytest.approx(vector.risk, abs=1e-8) == found.risk


@given(st.text(max_size=20) | st.from_regex(r"[-+]?\d{1,500}([.,]\d+)? ?(mm|cm|years)?"))
def test_any_typed_number_is_read_or_refused_without_its_value(text):
    said = ""
    try:
        assert isinstance(number_in(text, "mm", "size"), float)
    except RiskModelError as error:
        said = str(error)

    digits = "".join(sign for sign in text if sign.isdigit())
    assert len(digits) < 3 or digits not in said


@given(st.sampled_from([one.name for one in MODEL.inputs]), JSON)
def test_any_input_is_answered_or_refused(name, value):
    told = {"age": 61, "size": 30, "activity": 3700, "spread": "no", "histology": "OCA"}
    try:
        found = predict(MODEL, {**told, name: value}, beyond=True)
    except RiskModelError:
        return

    assert 0 <= found.interval.low <= found.risk <= found.interval.high <= 1


@given(st.floats(2, 90), st.sampled_from(["mm", "cm", " mm", " MM"]))
def test_another_unit_is_the_same_patient(size, unit):
    told = {"age": 61, "activity": "3.7GBq", "spread": "no", "histology": "OCA"}
    text = f"{size / 10 if 'cm' in unit else size:.6f}{unit}"
    millimetres = float(text[: -len(unit)]) * (10 if "cm" in unit else 1)

    typed = predict(MODEL, {**told, "size": text}, beyond=True)
    meant = predict(MODEL, {**told, "size": millimetres}, beyond=True)

    assert pytest.approx(meant.risk, abs=1e-12) == typed.risk
