"""One answer from several completed data sets: Rubin's rules.

The same analysis is done in each of m completed sets. Their mean is the estimate; what its
standard error must cover is the mean variance inside the sets and the variance between them,
which is what nobody knows for the values being missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from avidity.errors import AnalysisError
from avidity.stats.coefficients import Coefficient
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval, error_rate
from avidity.stats.newton import Floats, locked
from avidity.stats.pooled_tests import moment_test

Rule = Literal["barnard-rubin", "large-sample", "normal"]

RULES: dict[Rule, str] = {
    "barnard-rubin": "t with the degrees of freedom of Barnard and Rubin",
    "large-sample": "t with Rubin's degrees of freedom for large samples",
    "normal": "normal distribution",
}


@dataclass(frozen=True, slots=True)
class PooledTerm:
    """One pooled number, its interval and test, and how much the missing values cost it.

    within    mean of the variances inside the sets
    between   variance of the estimates between the sets (m-1)
    total     within + (1 + 1/m) between; the standard error is its root
    df        degrees of freedom of interval and test; inf for the normal distribution
    increase  r, the relative increase in variance: (1 + 1/m) between / within
    lambda_   share of the total variance that is due to missing values
    fmi       fraction of missing information, (r + 2 / (df + 3)) / (r + 1)
    m         completed sets
    """

    term: str
    estimate: float
    std_error: float
    interval: Interval
    test: TestResult
    within: float
    between: float
    total: float
    df: float
    increase: float
    lambda_: float
    fmi: float
    m: int

    @property
    def coefficient(self) -> Coefficient:
        """The same as a coefficient of a model, for the tables of models."""
        return Coefficient(self.term, self.estimate, self.std_error, self.interval, self.test)


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """A model pooled over m completed sets.

    coef         shape (p,)
    covariance   shape (p, p), the total: within + (1 + 1/m) between
    within, between  shape (p, p)
    complete_df  degrees of freedom were nothing missing; inf where the rule asks for none
    method       in words
    """

    rows: tuple[PooledTerm, ...]
    names: tuple[str, ...]
    coef: Floats
    covariance: Floats
    within: Floats
    between: Floats
    m: int
    n: int
    complete_df: float
    rule: Rule
    level: float
    method: str

    @property
    def std_error(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(self.covariance.diagonal())

    def test(self, terms: Sequence[str]) -> TestResult:
        """The test that the coefficients of these terms are all zero.

        One term gives the test of its own row; several the moment-based F test (D1).

        raises  AnalysisError on an unknown term, or if the terms follow from each other
        """
        if not terms or not set(terms) <= set(self.names) or len(set(terms)) != len(terms):
            raise AnalysisError(f"terms to test must be among {', '.join(self.names)}, each once")
        at = [self.names.index(term) for term in terms]
        if len(at) == 1:
            return self.rows[at[0]].test
        square = np.ix_(at, at)
        return moment_test(
            self.coef[at],
            self.within[square],
            self.between[square],
            m=self.m,
            n=self.n,
            complete_df=self.complete_df,
        )


def pool(
    estimates: npt.ArrayLike,
    covariances: npt.ArrayLike,
    names: Sequence[str],
    n: int,
    *,
    complete_df: float | None = None,
    rule: Rule = "barnard-rubin",
    level: float = 0.95,
) -> Pooled:
    """Pool the coefficients of one model over m completed sets.

    estimates    shape (m, p), m at least 2
    covariances  shape (m, p, p)
    names        p different names
    n            patients in each set
    complete_df  degrees of freedom were nothing missing; n - p unless given
    rule         "barnard-rubin" (R's mice), "large-sample" (SPSS) or "normal" (R's rms)
    raises       ValueError on wrong shapes; AnalysisError on fewer than two sets or no variance
    source       Rubin, Multiple Imputation for Nonresponse in Surveys, 1987, chapter 3;
                 Barnard & Rubin, Biometrika 1999;86:948-955
    """
    q, u = np.asarray(estimates, dtype=np.float64), np.asarray(covariances, dtype=np.float64)
    if q.ndim != 2 or u.shape != (*q.shape, q.shape[1]):
        raise ValueError(
            f"estimates and covariances must have shapes (m, p) and (m, p, p),"
            f" got {q.shape} and {u.shape}"
        )
    if len(names) != q.shape[1] or len(set(names)) != len(names):
        raise ValueError(f"{q.shape[1]} estimates need as many different names")
    m = _sets(q, u)
    free = float(n - q.shape[1]) if complete_df is None else complete_df
    within = u.mean(axis=0)
    gap = q - q.mean(axis=0)
    between = gap.T @ gap / (m - 1)
    rows = tuple(
        _term(name, _Moments(mean, inside, apart, m, n), free, rule, level)
        for name, mean, inside, apart in zip(
            names,
            q.mean(axis=0).tolist(),
            within.diagonal().tolist(),
            between.diagonal().tolist(),
            strict=True,
        )
    )
    return Pooled(
        rows=rows,
        names=tuple(names),
        coef=locked(q.mean(axis=0)),
        covariance=locked(within + (1 + 1 / m) * between),
        within=locked(within),
        between=locked(between),
        m=m,
        n=n,
        complete_df=free if rule == "barnard-rubin" else inf,
        rule=rule,
        level=level,
        method=in_words(m, rule, free),
    )


def pool_scalar(
    estimates: npt.ArrayLike,
    variances: npt.ArrayLike,
    n: int,
    *,
    complete_df: float = inf,
    rule: Rule = "barnard-rubin",
    level: float = 0.95,
    term: str = "",
) -> PooledTerm:
    """Pool one number over m completed sets, on a scale where it is about normal.

    estimates, variances  shape (m,), m at least 2
    n                     patients in each set
    complete_df           degrees of freedom were nothing missing; inf for a large sample
    raises, source        as `pool`

    >>> q, u = [1.10, 1.25, 0.95, 1.30, 1.05], [0.040, 0.045, 0.038, 0.050, 0.042]
    >>> round(pool_scalar(q, u, 100, complete_df=97).df, 9)
    19.907863399
    """
    q, u = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if q.ndim != 1 or u.shape != q.shape:
        raise ValueError(
            f"estimates and variances must both have shape (m,), got {q.shape} and {u.shape}"
        )
    m = _sets(q, u)
    moments = _Moments(float(q.mean()), float(u.mean()), float(q.var(ddof=1)), m, n)
    return _term(term, moments, complete_df, rule, level)


@dataclass(frozen=True, slots=True)
class _Moments:
    """What the sets said of one number."""

    mean: float
    within: float
    between: float
    m: int
    n: int


def _sets(q: Floats, u: Floats) -> int:
    if len(q) < 2:
        raise AnalysisError("Rubin's rules need two completed sets or more")
    if not (np.isfinite(q).all() and np.isfinite(u).all()):
        raise AnalysisError("an estimate or its variance is not finite in one of the sets")
    return len(q)


def _term(name: str, of: _Moments, complete_df: float, rule: Rule, level: float) -> PooledTerm:
    if rule not in RULES:
        raise ValueError(f"the rule must be one of {', '.join(RULES)}, got {rule}")
    if not of.within > 0:
        raise AnalysisError(f"the variance of {name or 'the estimate'} inside the sets is zero")
    added = (1 + 1 / of.m) * of.between
    total = of.within + added
    increase, share = added / of.within, added / total
    df = inf if rule == "normal" else freedom(share, of.m, _complete(complete_df, rule))
    error = sqrt(total)
    tail = error_rate(level) / 2
    half = error * float(-ndtri(tail) if isinf(df) else -stdtrit(df, tail))
    statistic = of.mean / error
    p_value = 2 * float(ndtr(-abs(statistic)) if isinf(df) else stdtr(df, -abs(statistic)))
    words = in_words(of.m, rule, complete_df)
    kind = "z" if isinf(df) else "t"
    return PooledTerm(
        term=name,
        estimate=of.mean,
        std_error=error,
        interval=Interval(of.mean - half, of.mean + half, level, words),
        test=TestResult(
            p_value, statistic, None if isinf(df) else df, f"{kind} test, {words}", of.n
        ),
        within=of.within,
        between=of.between,
        total=total,
        df=df,
        increase=increase,
        lambda_=share,
        fmi=(increase + (0.0 if isinf(df) else 2 / (df + 3))) / (increase + 1),
        m=of.m,
    )


def _complete(complete_df: float, rule: Rule) -> float:
    if rule == "large-sample":
        return inf
    if not complete_df > 0:
        raise AnalysisError(f"no degrees of freedom are left ({complete_df:g}); fewer terms")
    return complete_df


def freedom(share: float, m: int, complete_df: float = inf) -> float:
    """Degrees of freedom of a pooled number.

    share        lambda, the share of its variance that is due to missing values
    complete_df  were nothing missing; inf gives Rubin's (1987) for large samples
    source       Barnard & Rubin, Biometrika 1999;86:948-955

    >>> freedom(0.0, 5, 97)
    95.06
    """
    lost = share * share / (m - 1)
    if not isinf(complete_df):
        lost += (complete_df + 3) / ((complete_df + 1) * complete_df * (1 - share))
    return 1 / lost if lost > 0 else inf


def in_words(m: int, rule: Rule, complete_df: float = inf) -> str:
    """How a number was pooled, in words; Barnard and Rubin's need an end of complete ones."""
    told: Rule = "large-sample" if rule == "barnard-rubin" and isinf(complete_df) else rule
    return f"Rubin's rules over {m} imputed sets, {RULES[told]}"
