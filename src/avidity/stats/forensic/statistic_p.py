"""The p values that a printed test statistic allows."""

from __future__ import annotations

from typing import Literal

from scipy.special import chdtrc, fdtrc, ndtr, stdtr

from avidity.errors import AnalysisError
from avidity.stats.rounded import Rounded

Law = Literal["t", "z", "chi-square", "F"]


def statistic_p(
    law: Law, statistic: Rounded, df: float | None = None, df2: float | None = None
) -> tuple[float, float]:
    """Lowest and highest p of a printed t, z, chi-square or F; t and z two-sided.

    df, df2  degrees of freedom; z has none, F has two
    raises   AnalysisError if degrees of freedom are missing or not above 0, or the statistic is a
             limit only, or a chi-square or F is negative

    >>> from avidity.stats.rounded import rounded
    >>> low, high = statistic_p("t", rounded("2.20"), 28)
    >>> f"{low:.4f} {high:.4f}"
    '0.0358 0.0366'
    """
    needed = {"t": (df,), "z": (), "chi-square": (df,), "F": (df, df2)}[law]
    if any(one is None or not one > 0 for one in needed):
        raise AnalysisError(f"the degrees of freedom of {law} must be above 0")
    if statistic.bound or statistic.high is None:
        raise AnalysisError(f"{law} must be printed as a number, found {statistic.text}")
    low, high = float(statistic.low), float(statistic.high)
    if law in ("t", "z"):
        sizes = sorted((abs(low), abs(high)))
        ends = (0.0 if low <= 0 <= high else sizes[0], sizes[1])
    elif high < 0:
        raise AnalysisError(f"{law} cannot be negative, found {statistic.text}")
    else:
        ends = (max(0.0, low), high)
    return _p(law, ends[1], df, df2), _p(law, ends[0], df, df2)


def _p(law: Law, size: float, df: float | None, df2: float | None) -> float:
    if law == "z":
        return 2 * float(ndtr(-size))
    if law == "t":
        return 2 * float(stdtr(df, -size))
    if law == "chi-square":
        return float(chdtrc(df, size))
    return float(fdtrc(df, df2, size))
