"""What one study brings to a pool: a value near normal, and its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from avidity.errors import AnalysisError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudyEffect:
    """One study on the scale of analysis.

    value      a log ratio, a logit of an area, a difference
    std_error  above 0
    n          patients behind it, None where the paper does not say
    method     where it comes from, conventions included
    """

    value: float
    std_error: float
    n: int | None
    method: str

    def __post_init__(self) -> None:
        if not (isfinite(self.value) and 0 < self.std_error < float("inf")):
            raise AnalysisError(
                f"a study needs a finite effect and a standard error above 0,"
                f" got {self.value:g} and {self.std_error:g}"
            )


def effects_and_variances(effects: ArrayLike, std_errors: ArrayLike) -> tuple[Floats, Floats]:
    """Two arrays of one length, checked: effects and their variances.

    raises  AnalysisError if there is no study, lengths differ, or a standard error is not above 0
    """
    y, se = np.asarray(effects, dtype=float), np.asarray(std_errors, dtype=float)
    if y.ndim != 1 or y.shape != se.shape or len(y) == 0:
        raise AnalysisError(
            f"a pool needs one effect and one standard error per study,"
            f" got the shapes {y.shape} and {se.shape}"
        )
    if not (np.isfinite(y).all() and np.isfinite(se).all() and (se > 0).all()):
        raise AnalysisError("effects must be finite and standard errors above 0")
    return y, se**2
