"""Intervals of corrected measures that carry the noise of the correction as well."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats import newton
from avidity.stats.batched.chunks import in_chunks, spread
from avidity.stats.batched.models import Rule
from avidity.stats.batched.optimism import (
    ORDINARY,
    STAGED,
    apparent_of,
    checked,
    corrected,
    percentiles,
)
from avidity.stats.batched.replicate import Grouped, joined_replicates, replicate
from avidity.stats.interval import Interval
from avidity.stats.newton import Floats
from avidity.stats.resampling import Resamples, Weights, from_indices

Stage = dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Resamples of the patients, and how many are drawn from each of those in turn.

    seed  of the inner ones: NumPy PCG64, one stream for each outer resample
    """

    outer: Resamples
    inner: int
    seed: int


def two_stage_intervals(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    stages: Stages,
    rule: Rule = ORDINARY,
    level: float = 0.95,
    executor: Executor | None = None,
) -> dict[str, Interval]:
    """The whole correction repeated in every outer resample; percentiles of what comes out.

    X, y, names, rule  as `optimism`
    returns            an interval for each measure; outer resamples without a model are left out
    raises             as `optimism`
    source             Noma, Shinozaki, Iba, Teramukai & Furukawa, Stat Med 2021;40:5691-5701
    """
    rows = newton.design(X, y, names)
    data = checked(rows, stages.outer)
    tasks = [(place, weights) for place, weights in enumerate(stages.outer.weights)]
    found = spread(partial(_stage, data, stages.inner, stages.seed, rule), tasks, executor)
    made = [stage for stage in found if stage is not None]
    if not made:
        raise AnalysisError("no resample has a model; the data carry too little for it")
    method = f"{STAGED}, {len(made)} x {stages.inner} resamples"
    intervals = {}
    for name in made[0]:
        values = np.array([stage[name] for stage in made])
        values = values[np.isfinite(values)]
        if len(values):
            intervals[name] = percentiles(values, level, method)
    return intervals


def _stage(
    data: Grouped, inner: int, seed: int, rule: Rule, task: tuple[int, Weights]
) -> Stage | None:
    """The corrected measures with one outer resample in the place of the patients."""
    place, weights = task
    outer: Floats = weights.astype(np.float64)
    try:
        apparent, start = apparent_of(data, outer, rule)
    except AnalysisError:
        return None
    rows = np.repeat(np.arange(len(weights)), weights)
    drawn = np.random.default_rng([seed, place]).integers(0, len(rows), (inner, len(rows)))
    everyone = data.patients(outer[np.newaxis])
    work = partial(replicate, data, everyone, rule, start)
    done = joined_replicates(in_chunks(work, from_indices(rows[drawn], len(weights)).weights))
    if not done.usable.any():
        return None
    return {name: each.corrected for name, each in corrected(apparent, done, 0.95).items()}
