"""Chained equations: completed sets in place of missing values, and what to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from avidity.stats.imputation.chain import Chains, Troubles
from avidity.stats.imputation.convergence import SETTLED, Trace, in_words, moments, r_hat
from avidity.stats.imputation.variables import Plan, Variable
from avidity.stats.newton import Floats

CELLS = 2**18  # numbers in the design of one batch of chains: they stay in the cache
SCARCE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Imputations:
    """m completed sets. They hold patients' values: they stay inside the step that made them.

    values      by variable and derived variable, shape (m, n); measured values are untouched
    traces      one for each incomplete variable, in the order of the visits
    methods     by incomplete variable, how it was imputed, in words
    order       of the visits
    seed        of the generator that was passed in, as far as it can be told
    warnings    sentences; what a reader must know
    """

    values: Mapping[str, Floats]
    traces: tuple[Trace, ...]
    methods: Mapping[str, str]
    order: tuple[str, ...]
    m: int
    n: int
    iterations: int
    seed: str
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The method in one sentence, for a Methods section."""
        return (
            f"Missing values were imputed {self.m} times by chained equations with"
            f" {self.iterations} iterations, the outcome among the predictors and never imputed"
            f" itself, visiting {', '.join(self.order) or 'nothing'} in this order"
            f" (seed {self.seed})."
        )


def impute(
    plan: Plan, m: int = 20, *, rng: np.random.Generator, iterations: int = 10
) -> Imputations:
    """Complete the data m times by chained equations.

    Every incomplete variable is regressed in turn on the outcome and the others, coefficients
    are drawn from their posterior, and its gaps are drawn anew; so on, in m independent chains.

    m           completed sets
    rng         the generator; the same seed gives the same sets
    iterations  visits of each variable
    raises      ValueError unless m and iterations are at least 1
    source      van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011;45(3); White, Royston & Wood,
                Stat Med 2011;30:377-399
    """
    if m < 1 or iterations < 1:
        raise ValueError(f"sets and iterations must be at least 1, got {m} and {iterations}")
    seed = seed_of(rng)
    batches, course = [], []
    for size in _batches(plan, m):
        chains = Chains(plan, size, None, rng)
        steps = []
        for _ in range(iterations if plan.order else 0):
            chains.visit_all()
            steps.append([moments(chains, plan.variable(name)) for name in plan.order])
        batches.append(chains)
        course.append(np.array(steps))  # iterations, variables, two, chains
    traces = _traces(plan, np.concatenate(course, axis=-1)) if plan.order else ()
    return Imputations(
        values=_gathered(plan, batches),
        traces=traces,
        methods=MappingProxyType(
            {name: method_of(plan.variable(name), plan.donors) for name in plan.order}
        ),
        order=plan.order,
        m=m,
        n=plan.n,
        iterations=iterations,
        seed=seed,
        warnings=(*_warnings(plan, batches), *_unsettled(traces)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class ResampledImputations:
    """Completed values of every resample, for a bootstrap that imputes inside.

    values    by incomplete variable and derived variable, shape (B, m, n), in all rows: those a
              resample does not hold are drawn from its regressions too
    warnings  sentences, over all resamples together
    """

    values: Mapping[str, Floats]
    m: int
    iterations: int
    warnings: tuple[str, ...]


def impute_resamples(
    plan: Plan,
    weights: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    m: int = 1,
    iterations: int = 5,
) -> ResampledImputations:
    """Impute anew in each bootstrap resample: bootstrap first, then few imputations in each.

    A row of weight 2 counts twice in every regression and is two donors, but it is drawn once:
    its copies share what was imputed, as they share what was measured.

    weights     shape (B, n), how often each resample holds each patient; whole numbers, 0 or more
    m           completed sets for each resample
    iterations  fewer than `impute` does, since nobody looks at a trace here
    raises      ValueError on wrong shapes or weights
    """
    weight = np.asarray(weights, dtype=np.float64)
    if weight.ndim != 2 or weight.shape[1] != plan.n:
        raise ValueError(f"weights must have shape (B, {plan.n}), got {weight.shape}")
    if not (np.isfinite(weight) & (weight >= 0) & (weight % 1 == 0)).all():
        raise ValueError("weights must be whole numbers, 0 or more")
    if m < 1 or iterations < 1:
        raise ValueError(f"sets and iterations must be at least 1, got {m} and {iterations}")
    each = np.repeat(weight, m, axis=0)
    batches, at = [], 0
    for size in _batches(plan, len(each)):
        chains = Chains(plan, size, each[at : at + size], rng)
        for _ in range(iterations):
            chains.visit_all()
        batches.append(chains)
        at += size
    names = (*plan.order, *(derived.name for derived in plan.derived))
    values = {
        name: np.concatenate([chains.values[name] for chains in batches]).reshape(-1, m, plan.n)
        for name in names
    }
    return ResampledImputations(
        MappingProxyType(_closed(values)), m, iterations, tuple(_warnings(plan, batches))
    )


def seed_of(rng: np.random.Generator) -> str:
    """The seed a generator was made with, and its place among those spawned from it.

    >>> seed_of(np.random.default_rng(7)), seed_of(np.random.default_rng(7).spawn(2)[1])
    ('7', '7, spawned 1')
    """
    sequence = rng.bit_generator.seed_seq
    if not isinstance(sequence, np.random.SeedSequence):
        return "unknown"
    spawned = ".".join(str(key) for key in sequence.spawn_key)
    return f"{sequence.entropy}, spawned {spawned}" if spawned else f"{sequence.entropy}"


def method_of(variable: Variable, donors: int) -> str:
    """How a variable of this kind is imputed, in words."""
    if variable.kind == "yes/no":
        return (
            "logistic regression with coefficients drawn from their posterior; by Firth's"
            " penalised likelihood with corrected intercept where it is separated"
        )
    if variable.kind == "category":
        return (
            "polytomous logistic regression by one logistic regression per level against the"
            " commonest (Begg and Gray), coefficients drawn from their posterior; by Firth's"
            " penalised likelihood with corrected intercept where one is separated"
        )
    scale = " of the logarithm" if variable.log else ""
    matching = (
        f"predictive mean matching{scale}, type 1, {donors} donors, coefficients drawn from"
        " their posterior"
    )
    between = (
        f"values outside the assay's reach drawn between their known ends from the linear"
        f" regression{scale} with normal residuals"
    )
    parts = [matching] * bool(variable.missing.any()) + [between] * bool(variable.bounded.any())
    return "; ".join(parts)


def _batches(plan: Plan, chains: int) -> list[int]:
    """How many chains to run together; depends on the data's shape alone, so seeds repeat."""
    width = 2 + sum(max(1, len(each.levels) - 1) for each in plan.variables)
    most = max(1, CELLS // (plan.n * width))
    return [min(most, chains - at) for at in range(0, chains, most)]


def _closed(values: dict[str, Floats]) -> dict[str, Floats]:
    for array in values.values():
        array.setflags(write=False)
    return values


def _gathered(plan: Plan, batches: list[Chains]) -> Mapping[str, Floats]:
    names = [each.name for each in plan.variables] + [each.name for each in plan.derived]
    return MappingProxyType(
        _closed({name: np.concatenate([each.values[name] for each in batches]) for name in names})
    )


def _traces(plan: Plan, course: Floats) -> tuple[Trace, ...]:
    """Course has shape (iterations, variables, mean and deviation, m)."""
    found = []
    for at, name in enumerate(plan.order):
        mean, deviation = course[:, at, 0].copy(), course[:, at, 1].copy()
        _closed({"mean": mean, "deviation": deviation})
        variable = plan.variable(name)
        found.append(
            Trace(
                variable=name,
                what=in_words(variable),
                mean=mean,
                deviation=deviation,
                gaps=variable.to_impute,
                mean_r_hat=r_hat(mean),
                deviation_r_hat=r_hat(deviation),
            )
        )
    return tuple(found)


def _warnings(plan: Plan, batches: list[Chains]) -> list[str]:
    told = []
    for name in plan.order:
        met = Troubles()
        for each in batches:
            met.add(each.troubles[name])
        told += _of_variable(plan.variable(name), met)
    return told


def _of_variable(variable: Variable, met: Troubles) -> list[str]:
    name, n = variable.name, len(variable.values)
    told = []
    if variable.to_impute > SCARCE * n:
        told.append(f"{name} is drawn in {variable.to_impute} of {n} patients: more than half.")
    if met.separated:
        told.append(
            f"{name} was separated by its predictors in {met.separated} of {met.fits} fits;"
            " Firth's penalised likelihood was used there."
        )
    if met.left_out:
        told.append(
            f"{name}: in {met.left_out} of {met.fits} fits a predictor was left out that the"
            " others determine."
        )
    if met.no_donor:
        told.append(
            f"{name} had no measured value in {met.no_donor} of {met.fits} fits; all measured"
            " patients were used there."
        )
    return told


def _unsettled(traces: tuple[Trace, ...]) -> list[str]:
    names = [trace.variable for trace in traces if not trace.settled]
    if not names:
        return []
    return [
        (
            f"The chains of {', '.join(names)} may not have settled (R-hat above {SETTLED:g}):"
            " look at the traces and allow more iterations."
        )
    ]
