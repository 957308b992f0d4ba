"""What comes out of evidence: each factor's studies, their pool, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.papers.own_effect import OwnEffect
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.interval import Interval
from avidity.stats.meta.pool import Pooled
from avidity.stats.meta.scale import Measure
from avidity.stats.meta.trim_fill import TrimFill


@dataclass(frozen=True, slots=True)
class PooledStudy:
    """One study as it went into the pool.

    value, std_error  on the scale of analysis
    estimate          on the measure's own scale, with the interval of that standard error
    printed           as the paper has it: "2.28 (1.43 to 3.64)", "12/40 against 3/50"
    std_errors        what rounding leaves open; None from counts
    centred           False: the estimate does not lie midway between its printed limits
    share             of the weight in the random-effects pool; None without a pool
    """

    label: str
    value: float
    std_error: float
    estimate: Estimate
    n: int | None
    printed: str
    std_errors: tuple[float, float] | None
    centred: bool | None
    share: float | None
    adjusted: str
    citation: str
    doi: str
    note: str


@dataclass(frozen=True, slots=True)
class OutOfPool:
    """A study that says nothing of this measure, and why."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class OnItsScale:
    """A pool turned back to the measure's own scale."""

    estimate: float
    interval: Interval
    prediction: Interval | None
    pool: Pooled


@dataclass(frozen=True, slots=True)
class Without:
    """The pool without one study."""

    label: str
    estimate: float
    interval: Interval
    i2: float


@dataclass(frozen=True, slots=True)
class FromTables:
    """The pool of the 2 × 2 tables themselves, where every study printed its counts.

    common  Mantel–Haenszel, of the factor's measure
    peto    Peto's odds ratio; None for other measures
    test    Cochran–Mantel–Haenszel, no continuity correction
    tarone  whether the tables share one odds ratio; None where that cannot be asked
    """

    common: Estimate
    peto: Estimate | None
    test: TestResult
    tarone: TestResult | None


@dataclass(frozen=True, slots=True)
class SmallStudies:
    """Whether small studies find more; None where there are fewer than three."""

    egger: TestResult
    egger_mixed: TestResult
    trim_fill: TrimFill
    enough: bool


@dataclass(frozen=True, slots=True)
class PublishedPool:
    """A pool somebody else printed.

    value, std_error  on the scale of analysis, from its printed limits
    centred           False: the estimate does not lie midway between its printed limits
    """

    label: str
    estimate: float
    interval: Interval
    value: float
    std_error: float
    centred: bool
    i2: str
    studies: int | None
    patients: int | None
    citation: str
    doi: str
    note: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Your own odds ratio against a pool it is no part of.

    against     which pool: "this pool", or the label of a printed one
    times       yours over the pool's, with the interval of both errors
    predicted   whether yours lies where a new study is expected; None without such an interval
    """

    own: OwnEffect
    against: str
    pooled: float
    pooled_interval: Interval
    times: Estimate
    predicted: bool | None


@dataclass(frozen=True, slots=True)
class FactorPool:
    """One factor: who printed it, what they say together, what stands beside it.

    scale     on which it was pooled: "logarithm", "logit", "as it is"
    random    None with fewer than two studies
    cautions  sentences of doubt
    """

    name: str
    label: str
    measure: Measure
    meaning: str
    scale: str
    nothing: float | None
    studies: tuple[PooledStudy, ...]
    left: tuple[OutOfPool, ...]
    random: OnItsScale | None
    common: OnItsScale | None
    tables: FromTables | None
    small_studies: SmallStudies | None
    without: tuple[Without, ...]
    published: tuple[PublishedPool, ...]
    own: tuple[OwnEffect, ...]
    beside: tuple[Beside, ...]
    cautions: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class PooledEvidence:
    """Every factor of an evidence file, pooled.

    evidence_sha256  digest of the file
    rules            how it was pooled, in words
    """

    program: str
    title: str
    source: str
    made_data: str
    evidence_sha256: str
    level: float
    rules: str
    own_title: str
    factors: tuple[FactorPool, ...]
