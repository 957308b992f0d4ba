"""Pooling what an evidence file holds, factor by factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from avidity import __version__
from avidity.errors import AnalysisError
from avidity.papers.beside import beside
from avidity.papers.evidence_library import as_pooled, told, without_value
from avidity.papers.evidence_studies import EvidenceFile, Factor, Rules, Study
from avidity.papers.own_effect import own_effects
from avidity.papers.pool_cautions import cautions
from avidity.papers.pooled import (
    FactorPool,
    FromTables,
    OnItsScale,
    OutOfPool,
    PooledEvidence,
    PooledStudy,
    PublishedPool,
    SmallStudies,
    Without,
)
from avidity.papers.study_effects import ReadEffect, cells, effect_of, uninformative
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval
from avidity.stats.meta.heterogeneity import NAMES
from avidity.stats.meta.leave_one_out import leave_one_out
from avidity.stats.meta.mantel_haenszel import common_risk_difference, common_risk_ratio
from avidity.stats.meta.peto import peto_odds_ratio
from avidity.stats.meta.pool import Pooled, Test, pool_common, pool_random
from avidity.stats.meta.printed_effect import from_interval
from avidity.stats.meta.scale import Scale, scale_of
from avidity.stats.meta.small_studies import ENOUGH, egger, egger_mixed
from avidity.stats.meta.study_effect import Floats
from avidity.stats.meta.tarone import tarone_test
from avidity.stats.meta.trim_fill import trim_fill
from avidity.stats.normal import z_of
from avidity.stats.rounded import rounded
from avidity.stats.strata import mantel_haenszel

Read = tuple[Study, ReadEffect]
TESTS: Mapping[str, Test] = {"knapp-hartung": "Knapp–Hartung", "normal": "normal"}


def pool_evidence(evidence: EvidenceFile, own: Mapping[str, Any] | None = None) -> PooledEvidence:
    """Every factor pooled; your own results, when given, stand beside and are never mixed in.

    own     the content of a study's results.json
    raises  PaperError when own results cannot be matched
    """
    rules = evidence.pool
    return PooledEvidence(
        f"avidity {__version__}",
        evidence.title,
        evidence.source,
        evidence.made_data,
        evidence.sha256,
        rules.level,
        _rules_in_words(rules),
        str(own["study"].get("title", "")) if own else "",
        tuple(_factor(_with_library(evidence, factor), rules, own) for factor in evidence.factor),
    )


def _with_library(evidence: EvidenceFile, factor: Factor) -> Factor:
    """The factor with what the library's poolings printed of it."""
    found = told(evidence.library, factor)
    pools = [pool for one in found if (pool := as_pooled(*one))]
    notes = [factor.note, *(without_value(*one) for one in found)]
    note = " ".join(each for each in notes if each)
    return factor.model_copy(update={"pooled": (*factor.pooled, *pools), "note": note})


def _rules_in_words(rules: Rules) -> str:
    around = {
        "k-1": "t with k − 1 degrees of freedom",
        "k-2": "t with k − 2 degrees of freedom",
        "normal": "the normal distribution",
    }[rules.prediction]
    return (
        f"random effects, tau² by {NAMES[rules.tau2]}, {TESTS[rules.interval]} interval,"
        f" prediction interval by {around}; the common effect by inverse variance"
    )


def _factor(factor: Factor, rules: Rules, own: Mapping[str, Any] | None) -> FactorPool:
    asked = (factor.own or factor.name) if own else ""
    scale = scale_of(factor.measure)
    left = tuple(
        OutOfPool(study.label, why)
        for study in factor.study
        if (why := uninformative(factor.measure, study))
    )
    gone = {one.label for one in left}
    read = [(one, effect_of(factor.measure, one)) for one in factor.study if one.label not in gone]
    y = np.array([one.effect.value for _, one in read])
    se = np.array([one.effect.std_error for _, one in read])
    test = TESTS[rules.interval]
    random = (
        pool_random(y, se, rules.tau2, test, rules.prediction, rules.level)
        if len(read) > 1
        else None
    )
    shares: Sequence[float | None] = random.shares if random else [None] * len(read)
    published = tuple(_published(factor, at) for at in range(len(factor.pooled)))
    made = FactorPool(
        factor.name,
        factor.label,
        factor.measure,
        factor.meaning,
        scale.name,
        scale.nothing,
        tuple(
            _study(one, effect, scale, share, rules.level)
            for (one, effect), share in zip(read, shares, strict=True)
        ),
        left,
        _back(random, scale) if random else None,
        _back(pool_common(y, se, rules.level), scale) if len(read) > 1 else None,
        _tables(factor, read, rules.level),
        _small_studies(y, se, rules, test),
        _without(read, y, se, rules, scale),
        published,
        own_effects(own, factor) if own else (),
        (),
        (),
        factor.note,
    )
    return _completed(made, asked=asked)


def _completed(made: FactorPool, *, asked: str) -> FactorPool:
    """With what needs the whole: the comparison with one's own, and the cautions."""
    made = replace(made, beside=beside(made))
    absent = (
        (f"Your results hold no odds ratio of {asked}; own can name another variable.",)
        if asked and not made.own and made.measure == "odds ratio"
        else ()
    )
    return replace(made, cautions=(*cautions(made), *absent))


def _study(
    study: Study, read: ReadEffect, scale: Scale, share: float | None, level: float
) -> PooledStudy:
    effect = read.effect
    half = z_of(level) * effect.std_error
    ends = Interval(effect.value - half, effect.value + half, level, "normal").map(scale.back)
    counts = cells(study)
    return PooledStudy(
        study.label,
        effect.value,
        effect.std_error,
        Estimate(scale.back(effect.value), ends, effect.n or 0, effect.method),
        effect.n,
        _printed(study, counts),
        read.std_errors,
        read.centred,
        share,
        study.adjusted,
        study.citation,
        study.doi,
        study.note,
    )


def _printed(study: Study, counts: tuple[int, int, int, int] | None) -> str:
    if counts:
        return "{}/{} against {}/{}".format(*counts)
    if study.interval:
        return f"{study.estimate} ({study.interval[0]} to {study.interval[1]})"
    if study.estimate:
        return f"{study.estimate}, {study.cases} cases, {study.controls} controls"
    return f"{study.observed} observed, {study.expected:g} expected of {study.patients}"


def _back(pool: Pooled, scale: Scale) -> OnItsScale:
    return OnItsScale(
        scale.back(pool.estimate),
        pool.interval.map(scale.back),
        pool.prediction.map(scale.back) if pool.prediction else None,
        pool,
    )


def _tables(factor: Factor, read: list[Read], level: float) -> FromTables | None:
    counts = [cells(study) for study, _ in read]
    ways = {
        "odds ratio": lambda strata: mantel_haenszel(strata, level=level).odds_ratio,
        "risk ratio": lambda strata: common_risk_ratio(strata, level),
        "risk difference": lambda strata: common_risk_difference(strata, level),
    }
    if factor.measure not in ways or len(counts) < 2 or any(one is None for one in counts):
        return None
    strata = [[[k1, n1 - k1], [k2, n2 - k2]] for k1, n1, k2, n2 in filter(None, counts)]
    try:
        tarone = tarone_test(strata)
    except AnalysisError:
        tarone = None
    return FromTables(
        ways[factor.measure](strata),
        peto_odds_ratio(strata, level) if factor.measure == "odds ratio" else None,
        mantel_haenszel(strata, continuity=False).test,
        tarone,
    )


def _small_studies(y: Floats, se: Floats, rules: Rules, test: Test) -> SmallStudies | None:
    if len(y) < 3 or np.ptp(se) == 0:
        return None
    return SmallStudies(
        egger(y, se),
        egger_mixed(y, se, rules.tau2),
        trim_fill(y, se, rules.tau2, test),
        len(y) >= ENOUGH,
    )


def _without(
    read: list[Read], y: Floats, se: Floats, rules: Rules, scale: Scale
) -> tuple[Without, ...]:
    if len(read) < 3:
        return ()
    pools = leave_one_out(y, se, rules.tau2, TESTS[rules.interval], rules.level)
    return tuple(
        Without(
            study.label,
            scale.back(pool.estimate),
            pool.interval.map(scale.back),
            pool.heterogeneity.i2 if pool.heterogeneity else 0.0,
        )
        for (study, _), pool in zip(read, pools, strict=True)
    )


def _published(factor: Factor, at: int) -> PublishedPool:
    one = factor.pooled[at]
    read = from_interval(factor.measure, one.estimate, one.interval, one.level)
    low, high = (float(rounded(end).value) for end in one.interval)
    return PublishedPool(
        one.label,
        scale_of(factor.measure).back(read.effect.value),
        Interval(low, high, one.level, "as printed"),
        read.effect.value,
        read.effect.std_error,
        read.centred,
        one.i2,
        one.studies,
        one.patients,
        one.citation,
        one.doi,
        one.note,
    )
