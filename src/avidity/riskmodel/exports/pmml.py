"""The model as PMML 4.4: a regression with a logit, its ranges and test vectors inside.

source  Data Mining Group, PMML 4.4: Regression, Transformations, Model Verification
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from avidity.riskmodel.exports.expression import limits, literal
from avidity.riskmodel.model import Input, RiskModel, Vector
from avidity.riskmodel.predict import needed
from avidity.riskmodel.terms import Spline, Term

NAMESPACE = "http://www.dmg.org/PMML-4_4"
TARGET, RISK = "outcome", "risk"


def to_pmml(model: RiskModel) -> bytes:
    """The model as PMML; a value outside the range seen is invalid there, and so unanswered.

    The interval is not in it: PMML has no place for a covariance.

    raises  RiskModelError for a partial model
    """
    equation = needed(model)
    top = Element("PMML", {"xmlns": NAMESPACE, "version": "4.4"})
    source = model.provenance
    words = f"{model.title}; {model.label}; {model.status}; {source.citation} {source.doi}".strip()
    header = SubElement(top, "Header", {"description": words})
    SubElement(header, "Application", {"name": "avidity"})
    _dictionary(top, model)
    _transformations(top, model)
    about = {
        "modelName": model.name,
        "functionName": "classification",
        "algorithmName": equation.estimator,
        "normalizationMethod": "logit",
        "targetFieldName": TARGET,
    }
    regression = SubElement(top, "RegressionModel", about)
    _schema(regression, model)
    first, *slopes = equation.coef.tolist()
    attributes = {"intercept": literal(first), "targetCategory": "yes"}
    table = SubElement(regression, "RegressionTable", attributes)
    for at, slope in enumerate(slopes, 1):
        predictor = {"name": f"x{at}", "exponent": "1", "coefficient": literal(slope)}
        SubElement(table, "NumericPredictor", predictor)
    SubElement(regression, "RegressionTable", {"intercept": "0", "targetCategory": "no"})
    _verification(regression, model)
    indent(top, "  ")
    text: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _dictionary(top: Element, model: RiskModel) -> None:
    fields = SubElement(top, "DataDictionary", {"numberOfFields": str(len(model.inputs) + 1)})
    for one in model.inputs:
        unit = f", {one.unit}" if one.unit else ""
        number = one.kind == "number"
        about = {
            "name": one.name,
            "displayName": f"{one.label}{unit}",
            "optype": "continuous" if number else "categorical",
            "dataType": "double" if number else "string",
        }
        field = SubElement(fields, "DataField", about)
        if ends := limits(one):
            low, high = (literal(end) for end in ends)
            margins = {"closure": "closedClosed", "leftMargin": low, "rightMargin": high}
            SubElement(field, "Interval", margins)
        for value in _values(one):
            SubElement(field, "Value", {"value": value})
    about = {"name": TARGET, "displayName": model.outcome.label}
    target = SubElement(
        fields, "DataField", about | {"optype": "categorical", "dataType": "string"}
    )
    for value in ("yes", "no"):
        SubElement(target, "Value", {"value": value})


def _values(one: Input) -> tuple[str, ...]:
    return ("yes", "no") if one.kind == "yes/no" else one.levels


def _transformations(top: Element, model: RiskModel) -> None:
    parts = SubElement(top, "TransformationDictionary")
    at = 0
    for term in model.terms:
        for column, derived in zip(term.columns, _columns(term), strict=True):
            at += 1
            about = {"name": f"x{at}", "displayName": column}
            about |= {"optype": "continuous", "dataType": "double"}
            SubElement(parts, "DerivedField", about).append(derived)


def _columns(term: Term) -> list[Element]:
    x = _field(term.input)
    if term.coding == "spline":
        return _curve(term)
    if term.coding == "cut":
        asked = "greaterOrEqual" if term.sign == ">=" else "greaterThan"
        return [_indicator(_apply(asked, x, _number(term.value)))]
    if term.coding == "category":
        levels = [_constant("string", level) for level in term.levels]
        return [_indicator(_apply("equal", _field(term.input), level)) for level in levels]
    if term.coding == "yes/no":
        return [_indicator(_apply("equal", x, _constant("string", "yes")))]
    return [x if term.per == 1 else _apply("/", x, _number(term.per))]


def _curve(term: Spline) -> list[Element]:
    """Harrell's basis, as `avidity.stats.splines.Spline.basis` computes it."""
    *inner, before, last = term.knots

    def cube(knot: float, times: float = 1.0) -> Element:
        over = _apply("-", _field(term.input), _number(knot))
        cubed = _apply("pow", _apply("max", over, _number(0)), _number(3))
        return cubed if times == 1 else _apply("*", _number(times), cubed)

    parts = [_field(term.input)]
    for knot in inner:
        down = cube(before, (last - knot) / (last - before))
        up = cube(last, (before - knot) / (last - before))
        bent = _apply("+", _apply("-", cube(knot), down), up)
        parts.append(_apply("/", bent, _number((last - term.knots[0]) ** 2)))
    return parts


def _field(name: str) -> Element:
    return Element("FieldRef", {"field": name})


def _constant(kind: str, text: str) -> Element:
    made = Element("Constant", {"dataType": kind})
    made.text = text
    return made


def _number(value: float) -> Element:
    return _constant("double", literal(value))


def _apply(function: str, *arguments: Element) -> Element:
    made = Element("Apply", {"function": function})
    made.extend(arguments)
    return made


def _indicator(condition: Element) -> Element:
    return _apply("if", condition, _number(1), _number(0))


def _schema(regression: Element, model: RiskModel) -> None:
    fields = SubElement(regression, "MiningSchema")
    for one in model.inputs:
        about = {"name": one.name, "usageType": "active"}
        about |= {"missingValueTreatment": "returnInvalid"}
        SubElement(fields, "MiningField", about | {"invalidValueTreatment": "returnInvalid"})
    SubElement(fields, "MiningField", {"name": TARGET, "usageType": "target"})
    output = SubElement(regression, "Output")
    about = {"name": RISK, "optype": "continuous", "dataType": "double"}
    SubElement(output, "OutputField", about | {"feature": "probability", "value": "yes"})


def _verification(regression: Element, model: RiskModel) -> None:
    """The test vectors a PMML reader may try itself: those within the ranges."""
    vectors = [one for one in model.vectors if _inside(model, one)]
    if not vectors:
        return
    names = [one.name for one in model.inputs]
    counts = {"recordCount": str(len(vectors)), "fieldCount": str(len(names) + 1)}
    made = SubElement(regression, "ModelVerification", counts)
    fields = SubElement(made, "VerificationFields")
    for name in names:
        SubElement(fields, "VerificationField", {"field": name, "column": name})
    close = {"field": RISK, "column": RISK, "precision": "1e-9", "zeroThreshold": "1e-12"}
    SubElement(fields, "VerificationField", close)
    table = SubElement(made, "InlineTable")
    for vector in vectors:
        row = SubElement(table, "row")
        for name in names:
            SubElement(row, name).text = _said(vector.inputs[name])
        SubElement(row, RISK).text = literal(vector.risk)


def _inside(model: RiskModel, vector: Vector) -> bool:
    ends = {one.name: limits(one) for one in model.inputs}
    return all(
        between is None or between[0] <= float(vector.inputs[name]) <= between[1]
        for name, between in ends.items()
    )


def _said(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else literal(value)
