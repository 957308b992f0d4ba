"""Whether the chains have settled: their course, iteration by iteration, and one number for it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from avidity.stats.imputation.chain import Chains
from avidity.stats.imputation.polytomous_draw import commonest
from avidity.stats.imputation.variables import Variable
from avidity.stats.newton import Floats

SETTLED = 1.2  # Gelman and Rubin's own bound


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The course of the values drawn of one variable.

    what   what the mean and the deviation are of, in words
    mean, deviation  shape (iterations, m), of the drawn values of each chain. Lines that mix
           freely, with no trend, are what is hoped for
    gaps   values drawn in each set
    mean_r_hat, deviation_r_hat  see `r_hat`; None where nothing moves or too little is known
    """

    variable: str
    what: str
    mean: Floats
    deviation: Floats
    gaps: int
    mean_r_hat: float | None
    deviation_r_hat: float | None

    @property
    def settled(self) -> bool:
        """Neither number is above 1.2."""
        return all(x is None or x <= SETTLED for x in (self.mean_r_hat, self.deviation_r_hat))


def in_words(variable: Variable) -> str:
    """What a trace of this variable follows."""
    if variable.kind == "yes/no":
        return "share of yes"
    if variable.kind == "category":
        return f"share of {variable.levels[_commonest(variable)]}"
    return "natural logarithm" if variable.log else "values"


def moments(chains: Chains, variable: Variable) -> tuple[Floats, Floats]:
    """Mean and deviation (n-1; 0 for a single value) of what each chain has drawn, shape (C,)."""
    drawn = chains.drawn(variable.name)
    if variable.kind == "category":
        drawn = (drawn == _commonest(variable)).astype(np.float64)
    elif variable.log:
        drawn = np.log(drawn)
    single = drawn.shape[1] == 1
    deviation = np.zeros(len(drawn)) if single else drawn.std(axis=1, ddof=1)
    return drawn.mean(axis=1), deviation


def _commonest(variable: Variable) -> int:
    return commonest(
        variable.values[variable.measured].astype(np.intp), levels=len(variable.levels)
    )


def r_hat(course: Floats) -> float | None:
    """Potential scale reduction over the later half of the iterations.

    course   shape (iterations, m)
    returns  about 1 where the chains cannot be told apart; above 1.2 they have not met yet. None
             with a single chain, fewer than three later iterations, or nothing that moves
    source   Gelman & Rubin, Stat Sci 1992;7:457-472, without the correction for the degrees of
             freedom; with few iterations it is a rough guide beside the picture

    >>> round(r_hat(np.array([[1.0, 5.0], [2.0, 6.0]] * 3)), 3)
    4.967
    """
    later = course[len(course) // 2 :]
    length, chains = later.shape
    if chains < 2 or length < 3:
        return None
    within = float(later.var(axis=0, ddof=1).mean())
    between = float(later.mean(axis=0).var(ddof=1))
    if within == 0:
        return inf if between > 0 else None
    return sqrt((length - 1) / length + between / within)
