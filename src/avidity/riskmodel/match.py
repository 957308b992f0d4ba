"""Which variables of a cohort a model would use; asked of partial models too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from avidity.riskmodel.model import RiskModel


@dataclass(frozen=True, slots=True)
class Match:
    """The model's predictors against a cohort's variables.

    found   predictor -> the cohort's variable of that meaning
    absent  predictors the cohort has no variable for
    """

    found: Mapping[str, str]
    absent: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every predictor was found."""
        return not self.absent


def match(model: RiskModel, variables: Collection[str]) -> Match:
    """Look for each predictor under all its names, the model's own first.

    variables  names of the cohort's variables, the data dictionary's where it has them

    That two variables have one name does not make them one thing: the model's words and the
    cohort's must be read as well.
    """
    asked = model.printed.predictors if model.printed else model.inputs
    found = {
        one.name: next(name for name in one.names if name in variables)
        for one in asked
        if any(name in variables for name in one.names)
    }
    return Match(found, tuple(one.name for one in asked if one.name not in found))
