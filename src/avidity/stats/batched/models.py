"""What becomes of each resample's fit: the estimator, and the stated policy for separation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from avidity.stats.batched.design import Batch
from avidity.stats.batched.firth import firth_batch
from avidity.stats.batched.newton import Bools, State, fit_batch
from avidity.stats.newton import Floats

Estimator = Literal["maximum likelihood", "Firth"]
OnSeparation = Literal["Firth", "drop"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How every resample is fitted.

    estimator   "maximum likelihood", or "Firth" for all fits
    separated   what becomes of a fit that maximum likelihood has no answer for: "Firth" refits
                it by penalised likelihood, "drop" leaves it out; counted either way
    """

    estimator: Estimator = "maximum likelihood"
    separated: OnSeparation = "Firth"

    def __post_init__(self) -> None:
        if self.estimator not in ("maximum likelihood", "Firth"):
            raise ValueError(f"the estimator is maximum likelihood or Firth, got {self.estimator}")
        if self.separated not in ("Firth", "drop"):
            raise ValueError(f"separated fits are refitted by Firth or drop, got {self.separated}")

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        if self.estimator == "Firth":
            return "Every resample was fitted by Firth's penalised likelihood."
        fate = (
            "refitted by Firth's penalised likelihood" if self.separated == "Firth" else "dropped"
        )
        return f"Fitted by maximum likelihood; separated resamples were {fate}."


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The model of each resample.

    coef      shape (p, B), in the units of the data; 0 for a column that is not in it
    state     shape (B,), how the first fit ended (`newton.State`)
    usable    shape (B,), whether there is a model
    by_firth  shape (B,), whether it was fitted by penalised likelihood
    """

    coef: Floats
    state: npt.NDArray[np.int8]
    usable: Bools
    by_firth: Bools


def fit_models(batch: Batch, rule: Rule, start: Floats | None = None) -> Models:
    """Fit every resample of the batch by the rule; start as `newton.fit_batch`."""
    if rule.estimator == "Firth":
        ended = firth_batch(batch)
        fitted = ended.state == State.FITTED
        return Models(batch.original(ended.coef), ended.state, fitted, fitted)
    ended = fit_batch(batch, start)
    usable = ended.state == State.FITTED
    by_firth = np.zeros(batch.size, dtype=bool)
    separated = np.flatnonzero(ended.state == State.SEPARATED)
    if rule.separated == "Firth" and len(separated):
        refitted = firth_batch(batch.pick(separated))
        ended.coef[:, separated] = refitted.coef
        by_firth[separated] = refitted.state == State.FITTED
    return Models(batch.original(ended.coef), ended.state, usable | by_firth, by_firth)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the resamples.

    separated    had no finite estimate by maximum likelihood
    by_firth     were fitted by penalised likelihood
    one_outcome  held cases alone or controls alone
    dependent    had a constant column, or one that follows from others
    unsolved     did not converge
    """

    resamples: int
    used: int
    separated: int
    by_firth: int
    one_outcome: int
    dependent: int
    unsolved: int

    @property
    def dropped(self) -> int:
        """Resamples without a model, left out of every mean."""
        return self.resamples - self.used

    @property
    def words(self) -> str:
        """The counts in a sentence, zeros included."""
        return (
            f"Of {self.resamples} resamples {self.used} were used; {self.separated} were"
            f" separated and {self.by_firth} were fitted by Firth's method;"
            f" {self.one_outcome} had one outcome only, {self.dependent} a constant or dependent"
            f" column, {self.unsolved} did not converge."
        )


def tally(state: npt.NDArray[np.int8], usable: Bools, by_firth: Bools) -> Tally:
    """Count how the resamples ended."""

    def ended(how: State) -> int:
        return int((state == how).sum())

    return Tally(
        resamples=len(state),
        used=int(usable.sum()),
        separated=ended(State.SEPARATED),
        by_firth=int(by_firth.sum()),
        one_outcome=ended(State.ONE_OUTCOME),
        dependent=ended(State.DEPENDENT),
        unsolved=ended(State.UNSOLVED),
    )
