"""Risk models for tests: one with a term of every kind."""

from __future__ import annotations

from avidity.errors import RiskModelError
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import predict
from avidity.riskmodel.vectors import with_vectors

EVERY_KIND = {
    "name": "every-kind",
    "title": "A made model with a term of every kind",
    "status": "complete",
    "outcome": {"words": "decided by the toss of a coin"},
    "population": {"words": "nobody: a made model"},
    "n": 100,
    "events": 40,
    "provenance": {"citation": "made for a test", "how": "typed in"},
    "inputs": [
        {"name": "age", "label": "Age", "kind": "number", "unit": "years", "seen": (20, 80)},
        {"name": "size", "label": "Size", "kind": "number", "unit": "mm", "seen": (2, 90)},
        {"name": "activity", "label": "Activity", "kind": "number", "unit": "MBq"},
        {"name": "spread", "label": "Spread", "kind": "yes/no", "also": ("metastasis",)},
        {
            "name": "histology",
            "label": "Histology",
            "kind": "category",
            "levels": ("PTC", "FTC", "OCA"),
        },
    ],
    "terms": [
        {"coding": "spline", "name": "age", "input": "age", "knots": (25, 40, 55, 70)},
        {"coding": "cut", "name": "large", "input": "size", "sign": ">", "value": 40},
        {"coding": "linear", "name": "activity", "input": "activity", "per": 1000},
        {"coding": "yes/no", "name": "spread", "input": "spread"},
        {
            "coding": "category",
            "name": "histology",
            "input": "histology",
            "reference": "PTC",
            "levels": ("FTC", "OCA"),
        },
    ],
    "equation": {
        "columns": (
            *("intercept", "age", "age'", "age''", "large", "activity", "spread"),
            *("histology=FTC", "histology=OCA"),
        ),
        "apparent": (-4.0, 0.03, 0.02, -0.05, 0.7, 0.1, 1.5, 0.3, 1.1),
        "shrunken": (-3.6, 0.027, 0.018, -0.045, 0.63, 0.09, 1.35, 0.27, 0.99),
        "predicts": "shrunken",
        "covariance": [[0.01 * (i == j) + 0.001 for j in range(9)] for i in range(9)],
        "estimator": "maximum likelihood",
        "factor": 0.9,
    },
}


def every_kind() -> RiskModel:
    """With its test vectors."""
    return with_vectors(RiskModel.model_validate(EVERY_KIND))


def answer(model, patient):
    """Log odds, risk and interval, or None where the model refuses."""
    told = {name: value for name, value in patient.items() if value is not None}
    try:
        found = predict(model, told)
    except RiskModelError:
        return None
    return found.linear_predictor, found.risk, found.interval.low, found.interval.high
