"""PMML, read back by a small interpreter of the elements it uses."""

from __future__ import annotations

import math
import operator
from xml.etree import ElementTree

import pytest

from avidity.riskmodel.exports.pmml import NAMESPACE, to_pmml
from made_models import answer

FUNCTIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "max": max,
    "pow": math.pow,
    "equal": operator.eq,
    "greaterOrEqual": operator.ge,
    "greaterThan": operator.gt,
    "if": lambda asked, yes, no: yes if asked else no,
}


def tag(element):
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def find_all(top, name):
    return [element for element in top.iter() if tag(element) == name]


def value_of(element, known):
    if tag(element) == "FieldRef":
        return known[element.get("field")]
    if tag(element) == "Constant":
        return float(element.text) if element.get("dataType") == "double" else element.text
    return FUNCTIONS[element.get("function")](*(value_of(part, known) for part in element))


def valid(field, value):
    if value is None:
        return False
    ends = [part for part in field if tag(part) == "Interval"]
    values = [part.get("value") for part in field if tag(part) == "Value"]
    if ends:
        return float(ends[0].get("leftMargin")) <= value <= float(ends[0].get("rightMargin"))
    return not values or value in values


def score(top, patient):
    known = {
        name: {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        for name, value in patient.items()
    }
    fields = {field.get("name"): field for field in find_all(top, "DataField")}
    for field in find_all(top, "MiningField"):
        if field.get("usageType") == "active":
            assert "returnInvalid" == field.get("missingValueTreatment")
            if not valid(fields[field.get("name")], known[field.get("name")]):
                return None
    for derived in find_all(top, "DerivedField"):
        known[derived.get("name")] = value_of(derived[0], known)
    (regression,) = find_all(top, "RegressionModel")
    assert "logit" == regression.get("normalizationMethod")
    table = next(t for t in find_all(top, "RegressionTable") if t.get("targetCategory") == "yes")
    line = float(table.get("intercept")) + sum(
        float(one.get("coefficient")) * known[one.get("name")] for one in table
    )
    return 1 / (1 + math.exp(-line))


def test_pmml_gives_the_model_s_own_risks_and_none_where_it_refuses(model, patients):
    top = ElementTree.fromstring(to_pmml(model))

    assert "4.4" == top.get("version")
    for patient in patients:
        expected, found = answer(model, patient), score(top, patient)
        assert (expected is None) == (found is None), patient
        assert expected is None or pytest.approx(expected[1], rel=1e-12) == found


def test_the_test_vectors_are_inside_and_hold(model):
    top = ElementTree.fromstring(to_pmml(model))
    rows = find_all(top, "row")
    (verification,) = find_all(top, "ModelVerification")

    assert len(rows) == int(verification.get("recordCount")) > 5
    for row in rows:
        told = {tag(cell): cell.text for cell in row}
        risk = float(told.pop("risk"))
        patient = {
            name: float(text) if model.input(name).kind == "number" else text
            for name, text in told.items()
        }
        assert risk == pytest.approx(score(top, patient), rel=1e-9)


def test_names_are_used_once_and_the_elements_stand_in_the_order_of_the_schema(model):
    top = ElementTree.fromstring(to_pmml(model))
    names = [
        one.get("name") for kind in ("DataField", "DerivedField") for one in find_all(top, kind)
    ]
    (regression,) = find_all(top, "RegressionModel")

    assert len(names) == len(set(names))
    assert ["Header", "DataDictionary", "TransformationDictionary", "RegressionModel"] == [
        tag(part) for part in top
    ]
    assert [
        "MiningSchema",
        "Output",
        "RegressionTable",
        "RegressionTable",
        "ModelVerification",
    ] == [tag(part) for part in regression]


def test_same_model_same_bytes(model):
    assert to_pmml(model) == to_pmml(model)
