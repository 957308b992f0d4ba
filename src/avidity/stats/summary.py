"""What a column of numbers looks like."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from avidity.errors import AnalysisError

QuantileType = Literal[6, 7]
NUMPY_NAMES: dict[QuantileType, Literal["weibull", "linear"]] = {6: "weibull", 7: "linear"}


@dataclass(frozen=True, slots=True)
class Summary:
    """Centre, spread and ends of one group's numbers, in the unit of the column.

    n              numbers that were there
    missing        patients without one, as the caller counted them
    sd             n-1 in the denominator; nan for a single patient
    quantile_type  of the median and quartiles, as Hyndman and Fan number them
    method         the convention in words
    """

    n: int
    missing: int
    mean: float
    sd: float
    median: float
    lower_quartile: float
    upper_quartile: float
    minimum: float
    maximum: float
    quantile_type: QuantileType
    method: str


def numbers(values: ArrayLike, what: str = "the group") -> NDArray[np.float64]:
    """A flat array of finite numbers, at least one of them.

    raises  AnalysisError if it is empty, not flat, or holds missing or infinite values
    """
    given = np.asarray(values, dtype=float)
    if given.ndim != 1:
        raise AnalysisError(f"{what} must be one column of numbers, got the shape {given.shape}")
    if given.size == 0:
        raise AnalysisError(f"{what} is empty: no patient in it has a value")
    if not np.all(np.isfinite(given)):
        raise AnalysisError(
            f"{what} holds missing or infinite values; leave them out and count them"
        )
    return given


def summarise(values: ArrayLike, *, missing: int = 0, quantile_type: QuantileType = 7) -> Summary:
    """Mean, SD, median, quartiles and ends.

    values         shape (n,), no missing values
    missing        how many were left out, carried into the result
    quantile_type  7 (R, NumPy) or 6 (SPSS)
    source         Hyndman & Fan, Am Stat 1996;50:361-365
    raises         AnalysisError if there is no value, or another quantile type is asked for

    >>> summarise([1, 2, 3, 4]).upper_quartile
    3.25
    >>> summarise([1, 2, 3, 4], quantile_type=6).upper_quartile
    3.75
    """
    given = numbers(values)
    if quantile_type not in NUMPY_NAMES:
        raise AnalysisError(f"quantiles are of type 6 (SPSS) or 7 (R), got {quantile_type}")
    lower, median, upper = np.quantile(given, [0.25, 0.5, 0.75], method=NUMPY_NAMES[quantile_type])
    return Summary(
        n=given.size,
        missing=missing,
        mean=mean(given),
        sd=standard_deviation(given),
        median=float(median),
        lower_quartile=float(lower),
        upper_quartile=float(upper),
        minimum=float(given.min()),
        maximum=float(given.max()),
        quantile_type=quantile_type,
        method=f"SD with n-1; quantiles of type {quantile_type}",
    )


def mean(values: NDArray[np.float64]) -> float:
    """The mean; of equal values that value itself, without the rounding of a sum."""
    return float(values[0]) if never_varies(values) else float(values.mean())


def standard_deviation(values: NDArray[np.float64]) -> float:
    """The SD with n-1; exactly 0 for equal values, nan for a single one."""
    if values.size == 1:
        return nan
    return 0.0 if never_varies(values) else float(values.std(ddof=1))


def never_varies(values: NDArray[np.float64]) -> bool:
    """All values are the same."""
    return bool(values.min() == values.max())
