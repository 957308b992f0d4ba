"""Resamples of the patients, written as how often each patient is in them.

A resample is one row of whole numbers, one for each patient: the same data with other weights.
So a thousand refits are one calculation on matrices, a run can be handed to another program or
taken over from one, and who was left out is plain: the zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError

Weights = npt.NDArray[np.int64]

PARK_MILLER = 16807
MODULUS = 2147483647  # 2**31 - 1, a prime: every start but 0 has the full period


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """How often each patient is in each resample.

    weights  shape (B, n), whole numbers, 0 or more; closed for writing
    method   how they were drawn, in words
    folds    of a k-fold plan, how many rows make one round; 0 for bootstraps
    """

    weights: Weights
    method: str
    folds: int = 0

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def n(self) -> int:
        """Patients they are drawn from."""
        return int(self.weights.shape[1])

    @property
    def out_of_bag(self) -> npt.NDArray[np.bool_]:
        """Shape (B, n): true for a patient the resample leaves out. Of a k-fold plan: the fold."""
        out: npt.NDArray[np.bool_] = self.weights == 0
        return out

    def rows(self, resample: int) -> npt.NDArray[np.intp]:
        """The patients of one resample, each as often as it is in it, in the order of the data."""
        return np.repeat(np.arange(self.n), self.weights[resample])


def bootstrap(n: int, resamples: int, seed: int, strata: npt.ArrayLike | None = None) -> Resamples:
    """Draw n of n patients with replacement, again and again; more resamples keep the first ones.

    seed    of NumPy's default generator (PCG64)
    strata  shape (n,), any labels (such as the outcome): each stratum keeps its size, as in pROC;
            None draws from all patients, as in rms
    raises  AnalysisError if there is nothing to draw; ValueError on a wrong shape

    >>> bootstrap(4, 2, seed=1).weights.sum(axis=1).tolist()
    [4, 4]
    """
    _some(n, resamples)
    if strata is None:
        drawn = np.random.default_rng(seed).integers(0, n, (resamples, n))
        return Resamples(
            _counted(drawn, n), f"bootstrap of all patients together, NumPy PCG64 seed {seed}"
        )
    weights = np.zeros((resamples, n), dtype=np.int64)
    for place, members in enumerate(_members(strata, n)):
        chance = np.random.default_rng([seed, place])
        drawn = chance.integers(0, len(members), (resamples, len(members)))
        weights[:, members] = _counted(drawn, len(members))
    return Resamples(_closed(weights), f"bootstrap within strata, NumPy PCG64 seed {seed}")


def portable_bootstrap(n: int, resamples: int, first: int = 1) -> Resamples:
    """A bootstrap that any program can repeat to the last patient, from Park and Miller's numbers.

    Resample r starts at s = 1000 + r; each draw is s <- 16807 s mod 2147483647, and the patient
    floor(n s / 2147483647), counted from 0.

    first   the r of the first resample
    source  Park & Miller, Commun ACM 1988;31:1192-1201
    raises  AnalysisError if there is nothing to draw

    >>> drawn = portable_bootstrap(189, 1)
    >>> int((drawn.weights > 0).sum()), drawn.weights[0, [1, 126, 68, 20]].tolist()
    (121, [1, 1, 3, 2])
    """
    _some(n, resamples)
    power, jumps = 1, np.empty(n, dtype=np.int64)
    for draw in range(n):
        power = power * PARK_MILLER % MODULUS
        jumps[draw] = power
    starts = np.arange(1000 + first, 1000 + first + resamples, dtype=np.int64)
    state = starts[:, np.newaxis] * jumps % MODULUS  # below 2**62: no overflow
    method = f"bootstrap, Park-Miller numbers started at {1000 + first} and up"
    return Resamples(_counted(n * state // MODULUS, n), method)


def k_fold(
    n: int, folds: int, seed: int, rounds: int = 1, strata: npt.ArrayLike | None = None
) -> Resamples:
    """Part the patients into folds; each row holds all but one fold. Rounds part them anew.

    strata  shape (n,), any labels: every fold gets its share of each
    raises  AnalysisError unless there are 2 to n folds; ValueError on a wrong shape
    """
    _some(n, rounds)
    if not 2 <= folds <= n:
        raise AnalysisError(f"{n} patients can be parted into 2 to {n} folds, not {folds}")
    groups = [np.arange(n)] if strata is None else _members(strata, n)
    weights = np.ones((rounds, folds, n), dtype=np.int64)
    for turn in range(rounds):
        chance = np.random.default_rng([seed, turn])
        # one after the other round the table, each stratum going on where the last one stopped
        dealt = np.concatenate([chance.permutation(group) for group in groups])
        weights[turn, np.arange(n) % folds, dealt] = 0
    within = "" if strata is None else " within strata"
    method = f"{folds}-fold cross-validation{within}, {rounds} rounds, NumPy PCG64 seed {seed}"
    return Resamples(_closed(weights.reshape(rounds * folds, n)), method, folds)


def from_weights(weights: npt.ArrayLike, method: str = "given as weights") -> Resamples:
    """Resamples drawn elsewhere, as how often each patient is in them.

    weights  shape (B, n), whole numbers, 0 or more, none of the rows empty
    raises   ValueError if they are not
    """
    given = np.asarray(weights)
    if given.ndim != 2 or given.size == 0:
        raise ValueError(f"weights must have shape (B, n), got {given.shape}")
    whole = given.astype(np.int64)
    if not (whole == given).all() or (whole < 0).any() or not whole.any(axis=1).all():
        raise ValueError("weights must be whole numbers, 0 or more, and no row all zero")
    return Resamples(_closed(whole), method)


def from_indices(indices: npt.ArrayLike, n: int, method: str = "given as indices") -> Resamples:
    """Resamples drawn elsewhere, as the patients drawn, counted from 0.

    indices  shape (B, draws), whole numbers from 0 to n - 1
    raises   ValueError if they are not
    """
    given = np.asarray(indices)
    if given.ndim != 2 or given.size == 0 or not np.issubdtype(given.dtype, np.integer):
        raise ValueError(f"indices must be whole numbers of shape (B, draws), got {given.shape}")
    if given.min() < 0 or given.max() >= n:
        raise ValueError(f"indices must lie between 0 and {n - 1}")
    return Resamples(_counted(given, n), method)


def _some(n: int, resamples: int) -> None:
    if n < 1 or resamples < 1:
        raise AnalysisError(f"nothing to draw: {resamples} resamples of {n} patients")


def _members(strata: npt.ArrayLike, n: int) -> list[npt.NDArray[np.intp]]:
    labels = np.asarray(strata)
    if labels.shape != (n,):
        raise ValueError(f"strata must have shape ({n},), got {labels.shape}")
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _counted(drawn: npt.NDArray[np.int64], n: int) -> Weights:
    """How often each of n is drawn, row by row: one count over all rows, each with its own bins."""
    own = drawn + n * np.arange(len(drawn))[:, np.newaxis]
    return _closed(np.bincount(own.ravel(), minlength=len(drawn) * n).reshape(len(drawn), n))


def _closed(weights: Weights) -> Weights:
    weights.setflags(write=False)
    return weights
