"""A searched cut-off, searched again in every resample: how it scatters, and what it is worth."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.batched.chunks import in_chunks
from avidity.stats.batched.cutpoint import CutAt, Number, Searched, Table, Ties, number
from avidity.stats.batched.optimism import SHIFTED, Corrected, percentiles
from avidity.stats.interval import Interval
from avidity.stats.newton import Floats, locked
from avidity.stats.resampling import Resamples, Weights

SHARES = ("sensitivity", "specificity", "youden")


@dataclass(frozen=True, slots=True)
class Search:
    """How a cut-off is searched.

    lower_means_case  the direction; given, never guessed
    at                "observed": a value that was seen, positive is `>=` (cutpointr);
                      "midpoint": half-way to its neighbour that is not positive (pROC)
    ties              which of equally good cut-offs
    """

    lower_means_case: bool = False
    at: CutAt = "observed"
    ties: Ties = "lowest"

    @property
    def words(self) -> str:
        """The convention in words."""
        sign = "<=" if self.lower_means_case else ">="
        kind = "an observed value" if self.at == "observed" else "half-way between observed values"
        return f"largest Youden index, the {self.ties} of equals; positive is {sign} {kind}"


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """The cut-off of each resample, shape (B,), and its tables in three groups of patients.

    value  infinite where it is best to call nobody positive; nan where one outcome is absent
    """

    value: Floats
    own: Table
    original: Table
    left_out: Table
    auc: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CutoffValidation:
    """The cut-off found in all patients, and what became of it in the resamples.

    value         found in all patients
    values        shape (B,), found in the resamples; infinite: nobody positive; nan: no search
    interval      percentiles of the resamples' cut-offs: how far the number itself is uncertain
    sensitivity, specificity, youden  apparent, and corrected for the search
    left_out      the three in the patients each resample leaves out, means over the resamples
    auc           of the number in all patients, uncut; its interval from the resamples
    impossible    resamples with one outcome only
    nowhere       resamples in which calling nobody positive was best
    """

    name: str
    search: Search
    value: float
    values: Floats
    interval: Interval | None
    sensitivity: Corrected
    specificity: Corrected
    youden: Corrected
    left_out: tuple[float, float, float]
    auc: float
    auc_interval: Interval | None
    impossible: int
    nowhere: int
    method: str

    def frequencies(self) -> tuple[tuple[float, float], ...]:
        """Each different cut-off with its share of the resamples, the most frequent first."""
        found = self.values[~np.isnan(self.values)]
        values, counts = np.unique(found, return_counts=True)
        order = np.lexsort((values, -counts))
        shares = counts[order] / max(1, len(found))
        return tuple(zip(values[order].tolist(), shares.tolist(), strict=True))


def validate_cutpoint(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    resamples: Resamples,
    search: Search = Search(),
    *,
    level: float = 0.95,
    name: str = "",
    executor: Executor | None = None,
) -> CutoffValidation:
    """Search Youden's cut-off anew in every resample, and hold each against all patients.

    score, outcome  shape (n,); no missing values; 1 is a case
    returns         sensitivity and specificity less their optimism; their intervals are
                    percentiles in the resamples, shifted by it
    raises          as `stats.scores.scores_of`; AnalysisError if no resample can be searched
    source          Youden, Cancer 1950;3:32-35; Harrell, Lee & Mark, Stat Med 1996;15:361-387
    """
    prepared = number(score, outcome, lower_means_case=search.lower_means_case)
    if resamples.n != len(prepared.case):
        raise ValueError(f"resamples of {resamples.n} patients, scores of {len(prepared.case)}")
    done = in_chunks(partial(cut_anew, prepared, search), resamples.weights, executor)
    return cutoff_validation(name, prepared, search, joined_cuts(done), resamples.method, level)


def cut_anew(prepared: Number, search: Search, weights: Weights) -> Cuts:
    """The cut-offs of a chunk of resamples, weights of shape (b, n), held against all patients."""
    found = prepared.search(weights, search.ties)
    value = chosen(found, search)
    nobody = np.isnan(value)
    known = np.where(nobody, np.inf, value)
    everyone = np.ones((1, weights.shape[1]), dtype=np.int64)
    return Cuts(
        value,
        found.table,
        prepared.table(everyone, known),
        prepared.table((weights == 0).astype(np.int64), known),
        found.auc,
    )


def chosen(found: Searched, search: Search) -> Floats:
    """The cut-offs by the convention that was asked."""
    if search.at == "observed":
        return found.value
    # where nobody is positive at all there is no neighbour; a midpoint below all is everybody
    return np.where(np.isinf(found.value), found.value, found.midpoint)


def joined_cuts(parts: list[Cuts]) -> Cuts:
    """The chunks, one after the other."""

    def tables(which: str) -> Table:
        columns = [getattr(part, which) for part in parts]
        return Table(
            *(
                np.concatenate([getattr(each, field) for each in columns])
                for field in ("tp", "fp", "n_cases", "n_controls")
            )
        )

    return Cuts(
        np.concatenate([part.value for part in parts]),
        tables("own"),
        tables("original"),
        tables("left_out"),
        np.concatenate([part.auc for part in parts]),
    )


def cutoff_validation(
    name: str, prepared: Number, search: Search, done: Cuts, how: str, level: float
) -> CutoffValidation:
    """The cut-off of all patients, corrected by what became of it in the resamples.

    raises  AnalysisError if no resample can be searched
    """
    apparent = cut_anew(prepared, search, np.ones((1, len(prepared.case)), dtype=np.int64))
    there = ~np.isnan(done.value)
    if not there.any():
        raise AnalysisError("every resample has one outcome only; nothing can be searched")
    shares = {share: _corrected(share, apparent, done, there, level) for share in SHARES}
    finite = done.value[np.isfinite(done.value)]
    words = "percentiles of the cut-offs found in the resamples"
    areas = done.auc[np.isfinite(done.auc)]
    return CutoffValidation(
        name=name,
        search=search,
        value=float(apparent.value[0]),
        values=locked(done.value),
        interval=percentiles(finite, level, words) if len(finite) else None,
        left_out=_means(done.left_out, there),
        auc=float(apparent.auc[0]),
        auc_interval=percentiles(areas, level, "bootstrap percentiles") if len(areas) else None,
        impossible=int((~there).sum()),
        nowhere=int(np.isinf(done.value).sum()),
        method=f"{search.words}; searched anew in {len(done.value)} resamples by {how}",
        **shares,
    )


def _corrected(share: str, apparent: Cuts, done: Cuts, there: Floats, level: float) -> Corrected:
    trained = getattr(done.own, share)[there]
    tested = getattr(done.original, share)[there]
    gap = float(trained.mean() - tested.mean())
    return Corrected(
        measure=share,
        apparent=float(getattr(apparent.own, share)[0]),
        trained=float(trained.mean()),
        tested=float(tested.mean()),
        interval=percentiles(trained - gap, level, SHIFTED),
        resamples=int(there.sum()),
    )


def _means(table: Table, there: Floats) -> tuple[float, float, float]:
    """Means over the resamples that leave out patients of the kind that is asked about."""
    found = []
    for share in SHARES:
        values = getattr(table, share)[there]
        values = values[np.isfinite(values)]
        found.append(float(values.mean()) if len(values) else float("nan"))
    return found[0], found[1], found[2]
