"""Models and patients to export: the reconstructed one, and one with a term of every kind."""

from __future__ import annotations

import pytest

import made_models
from avidity.papers.library import find

PATIENTS = {  # within the range, at its edges, outside it, with something missing
    "bellakhdar-2024": [
        {"age": 61.0, "diameter": 35.0, "metastasis": True},
        {"age": 54.0, "diameter": 28.9, "metastasis": False},
        {"age": 53.9, "diameter": 29.0, "metastasis": True},
        {"age": 130.0, "diameter": 29.0, "metastasis": True},
        {"age": None, "diameter": 29.0, "metastasis": True},
        {"age": 61.0, "diameter": 35.0, "metastasis": None},
    ],
    "every-kind": [
        {"age": 61.0, "size": 40.0, "activity": 3700.0, "spread": False, "histology": "OCA"},
        {"age": 20.0, "size": 40.5, "activity": 0.0, "spread": True, "histology": "PTC"},
        {"age": 74.5, "size": 90.0, "activity": 11100.0, "spread": True, "histology": "FTC"},
        {"age": 81.0, "size": 40.0, "activity": 3700.0, "spread": True, "histology": "OCA"},
        {"age": 61.0, "size": 40.0, "activity": None, "spread": True, "histology": "OCA"},
        {"age": 61.0, "size": 40.0, "activity": 3700.0, "spread": True, "histology": "ATC"},
    ],
}


@pytest.fixture(params=PATIENTS)
def model(request):
    return made_models.every_kind() if request.param == "every-kind" else find(request.param)


@pytest.fixture
def patients(model):
    return PATIENTS[model.name]
