"""What a risk model must know of the patients it was fitted to: ranges and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from scipy.special import expit

from avidity.steps.design import NO_KNOTS, Floats, Knots, Term, complete_rows, design
from avidity.steps.label import Labelled

FEWEST = 5  # patients in a band; of a smaller pattern the cases are not told
MOST_BANDS = 10
PLACES = 1000  # the ends of a band are whole thousandths, so that none is one patient's risk


@dataclass(frozen=True, slots=True)
class AlikeCount:
    """Patients with the same values in every column but the intercept.

    events  None where there are fewer than five of them
    """

    values: tuple[int, ...]
    n: int
    events: int | None


@dataclass(frozen=True, slots=True)
class RiskBand:
    """Patients whose predicted risk lies above `low` (the first: from it) up to `high`."""

    low: float
    high: float
    n: int
    events: int


@dataclass(frozen=True, slots=True)
class Basis:
    """The patients a model rests on.

    columns   what stands in each column but the intercept
    ranges    smallest and largest value of each number it reads, among the complete cases
    patterns  for a model without a number as it is; rising
    bands     for the others, about tenths of the predicted risk; each begins where one ends
    """

    columns: tuple[Term, ...]
    ranges: Mapping[str, tuple[float, float]]
    patterns: tuple[AlikeCount, ...]
    bands: tuple[RiskBand, ...]


def basis(
    names: Sequence[str],
    labelled: Labelled,
    coefficients: Sequence[float],
    knots: Mapping[str, Knots] = NO_KNOTS,
) -> Basis:
    """Count the complete cases of these variables.

    coefficients  those that predict, the intercept first
    raises        AnalysisError as `design` does
    """
    arrays, known = design(names, labelled, knots), labelled.characteristics
    rows = complete_rows(names, labelled).rows
    numbers = {}
    for name in names:
        cut = known[name].cut
        if cut or known[name].kind == "number":
            values = rows[cut[0] if cut else name].to_numpy().astype(float)
            numbers[cut[0] if cut else name] = (float(values.min()), float(values.max()))
    if all(known[name].kind != "number" for name in names):
        return Basis(arrays.terms, numbers, _patterns(arrays.X[:, 1:], arrays.y), ())
    risk = expit(arrays.X @ np.array(coefficients))
    return Basis(arrays.terms, numbers, (), _bands(risk, arrays.y))


def _patterns(X: Floats, y: Floats) -> tuple[AlikeCount, ...]:
    found, place, counts = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    events = np.bincount(place.ravel(), weights=y, minlength=len(found))
    return tuple(
        AlikeCount(tuple(int(value) for value in row), int(n), int(had) if n >= FEWEST else None)
        for row, n, had in zip(found, counts, events, strict=True)
    )


def _bands(risk: Floats, y: Floats) -> tuple[RiskBand, ...]:
    """Tenths of the risk, joined until each holds enough patients."""
    count = max(1, min(MOST_BANDS, len(risk) // (2 * FEWEST)))
    inner = np.quantile(risk, np.linspace(0, 1, count + 1)[1:-1])
    last = min(PLACES, floor(risk.max() * PLACES) + 1) / PLACES
    first = min(floor(risk.min() * PLACES), last * PLACES - 1) / PLACES
    ends = sorted({round(end * PLACES) / PLACES for end in inner.tolist()} - {first, last})
    made: list[RiskBand] = []
    low = first
    for high in [*ends, last]:
        inside = (risk > low if made else risk >= low) & (risk <= high)
        if inside.sum() >= FEWEST:
            made.append(RiskBand(low, high, int(inside.sum()), int(y[inside].sum())))
            low = high
    if low < last:  # too few at the top: they go with the band below them
        made = made[:-1] if made else made
        low = made[-1].high if made else first
        inside = (risk > low if made else risk >= low) & (risk <= last)
        made.append(RiskBand(low, last, int(inside.sum()), int(y[inside].sum())))
    return tuple(made)
