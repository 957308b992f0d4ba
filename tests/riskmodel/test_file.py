"""The file of a risk model: same bytes, its vectors computed again, every fault on its line."""

from __future__ import annotations

import json
import re

import pytest

from avidity.errors import RiskModelError
from avidity.papers.library import find, find_or_read, names
from avidity.riskmodel.file import digest, from_json, read_model, schema, to_json
from avidity.riskmodel.lines import line_of
from avidity.riskmodel.model import RiskModel


def test_a_model_reads_back_as_it_was_and_writes_the_same_bytes(every_kind):
    data = to_json(every_kind)

    again = from_json(data, "m.json")

    assert every_kind == again
    assert data == to_json(again)
    assert re.fullmatch("[0-9a-f]{64}", digest(again))


def test_the_key_order_of_a_file_does_not_matter(every_kind):
    content = json.loads(to_json(every_kind))
    turned = dict(reversed(content.items()))

    assert every_kind == from_json(json.dumps(turned).encode(), "m.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["equation"]["shrunken"].__setitem__(1, 0.028),
        lambda content: content["equation"]["covariance"][0].__setitem__(0, 0.012),
        lambda content: content["terms"][1].__setitem__("sign", ">="),
        lambda content: content["terms"][0]["knots"].__setitem__(1, 41),
        lambda content: content["vectors"][3].__setitem__("risk", 0.5),
        lambda content: content["vectors"][3].__setitem__("low", None),
    ],
)
def test_a_file_that_was_changed_is_refused(every_kind, change):
    content = json.loads(to_json(every_kind))
    change(content)

    with pytest.raises(RiskModelError, match=r"vectors\.\d+\..*changed by hand or is damaged"):
        from_json(json.dumps(content).encode(), "m.json")


def test_vectors_try_every_place_where_the_equation_turns(every_kind):
    tried = {name: {v.inputs[name] for v in every_kind.vectors} for name in ("age", "size")}

    assert {20, 25, 40, 55, 70, 80} == tried["age"]
    assert {2, 40, 41, 90} == tried["size"]
    assert {"PTC", "FTC", "OCA"} == {v.inputs["histology"] for v in every_kind.vectors}
    assert {True, False} == {v.inputs["spread"] for v in every_kind.vectors}


def test_a_computing_model_without_vectors_is_refused(spec):
    with pytest.raises(RiskModelError, match="has no test vectors"):
        to_json(RiskModel.model_validate(spec))


def fault(spec, **changes):
    text = json.dumps({**RiskModel.model_validate(spec).model_dump(mode="json"), **changes})
    with pytest.raises(RiskModelError) as refused:
        from_json(text.encode(), "m.json")
    return str(refused.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n": 30}, "events cannot outnumber patients"),
        ({"events": 0}, "both outcomes must occur"),
        ({"equation": None}, "needs an equation, n and events"),
        ({"lacking": ["the intercept"]}, "belong to partial models"),
        ({"schema_version": "9"}, "schema_version: must be '1.0', found '9'"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"name": "A Model"}, "name: String should match pattern"),
        ({"patterns": [{"values": [1], "n": 100}]}, "one value for each of the 8 columns"),
        ({"bands": [{"low": 0.1, "high": 0.9, "n": 99}]}, "the bands must hold all 100"),
    ],
)
def test_what_does_not_fit_is_said(spec, changes, said):
    assert said in fault(spec, **changes)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("equation", "columns"), ["intercept"] * 9, "a column must stand once"),
        (("equation", "apparent"), [0.0], "apparent must hold 9 numbers"),
        (("equation", "covariance"), [[1.0]], "9 rows of 9 numbers"),
        (("equation", "shrunken"), None, "shrunken coefficients must be there to predict"),
        (("terms", 0, "knots"), [1, 1, 2], "knots must rise"),
        (("terms", 0, "input"), "size_", "reads an unknown input, size_"),
        (("terms", 3, "input"), "age", "needs a yes/no input"),
        (("terms", 4, "reference"), "ATC", "must know the levels of its input"),
        (("terms", 4, "levels"), ["FTC", "FTC"], "a level must stand once"),
        (("terms", 1, "coding"), "cutt", "cutt"),
        (("inputs", 0, "seen"), [80, 20], "from the smaller to the larger"),
        (("inputs", 3, "unit"), "mm", "only a number has a unit"),
        (("inputs", 3, "levels"), ["a"], "a category, and nothing else, has levels"),
        (("inputs", 3, "also"), ["age"], "two inputs answer to the same name: age"),
    ],
)
def test_what_does_not_fit_inside_is_said(spec, place, value, said):
    content = RiskModel.model_validate(spec).model_dump(mode="json")
    here = content
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value

    with pytest.raises(RiskModelError) as refused:
        from_json(json.dumps(content).encode(), "m.json")

    assert said in str(refused.value)


def test_a_covariance_that_is_none_is_refused(spec):
    spec["equation"]["covariance"] = [[float(i != j) for j in range(9)] for i in range(9)]
    assert "no negative eigenvalue" in _refusal(spec)
    spec["equation"]["covariance"] = [[float(i <= j) for j in range(9)] for i in range(9)]
    assert "is symmetric" in _refusal(spec)


def _refusal(spec):
    with pytest.raises(ValueError, match="covariance") as refused:
        RiskModel.model_validate(spec)
    return str(refused.value)


def test_a_fault_is_told_with_its_line(every_kind):
    lines = to_json(every_kind).decode().splitlines()
    at = next(number for number, line in enumerate(lines) if '"sign"' in line)
    lines[at] = '      "sign": "=>",'

    with pytest.raises(RiskModelError, match=rf"^m.json: line {at + 1}, terms\.1\.cut\.sign: must"):
        from_json("\n".join(lines).encode(), "m.json")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"name": \n oops}', "m.json, line 2: is no JSON"),
        (b'{"a": 1, "a": 2}', "a key must stand once in an object; twice: a"),
        (b'{"n": NaN}', "NaN is no number of JSON"),
        (b"\xff\xfe", "must be UTF-8"),
        (b"[]", "line 1, the file: must be"),
        (b"{}", "name: Field required"),
    ],
)
def test_what_is_no_model_is_said(data, said):
    with pytest.raises(RiskModelError) as refused:
        from_json(data, "m.json")

    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(RiskModelError, match=r"none.json cannot be read: No such file"):
        read_model(tmp_path / "none.json")


def test_the_schema_knows_every_key_of_a_file(every_kind):
    known = schema()
    content = json.loads(to_json(every_kind))

    assert list(content) == list(known["properties"])
    assert set(content["equation"]) == set(known["$defs"]["Equation"]["properties"])


@pytest.mark.parametrize("name", names())
def test_every_model_of_the_library_reads_and_writes_the_same_bytes(name, tmp_path):
    model = find(name)

    assert name == model.name
    (tmp_path / "copy.json").write_bytes(to_json(model))
    assert model == find_or_read(str(tmp_path / "copy.json"))


def test_a_name_the_library_has_not_is_told_with_those_it_has():
    with pytest.raises(RiskModelError, match=r"no model 'li'; it has: .*bellakhdar-2024"):
        find_or_read("li")


@pytest.mark.parametrize(
    ("path", "line"), [(("a",), 1), (("b", 1, "c"), 4), (("b", 9), 2), (("b", "cut", 1), 4)]
)
def test_the_nearest_line_is_found(path, line):
    assert line == line_of('{"a": "}",\n"b": [\n[1, "]"],\n{"x": {}, "c": 1}]}', path)
