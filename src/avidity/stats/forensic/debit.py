"""Whether a printed mean and SD of a yes-or-no variable are possible together."""

from __future__ import annotations

from avidity.stats.forensic.grimmer import Grimmer, Scale, grimmer
from avidity.stats.rounded import Rounded

YES_OR_NO = Scale(low=0, high=1)


def debit(mean: Rounded, sd: Rounded, n: int) -> Grimmer:
    """Descriptive binary test (DEBIT): the mean is the share of ones, SD with n - 1.

    The sums give the counts of ones that print so.

    source  Heathers & Brown 2019, https://osf.io/5vb3u
    raises  AnalysisError as `grimmer`

    >>> from avidity.stats.rounded import rounded
    >>> debit(rounded(".53"), rounded(".50"), 1683).possible
    True
    """
    return grimmer(mean, sd, n, YES_OR_NO)
