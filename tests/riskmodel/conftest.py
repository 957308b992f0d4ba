"""Risk models for tests."""

from __future__ import annotations

import pytest

import made_models
from avidity.riskmodel.model import RiskModel


@pytest.fixture
def every_kind():
    return made_models.every_kind()


@pytest.fixture
def spec():
    """The same without vectors, as plain words and numbers, to be changed."""
    return RiskModel.model_validate(made_models.EVERY_KIND).model_dump()
