"""Who these patients are against those a model was made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import needed, source_prevalence
from avidity.stats.model_concordance import promised_auc
from avidity.stats.newton import Floats
from avidity.steps.applied import Applied


@dataclass(frozen=True, slots=True)
class ColumnMix:
    """One column of the equation: its mean (a share, for yes/no and cuts) here and in the source.

    source  None where the model's file does not tell
    """

    column: str
    label: str
    mean: float
    sd: float
    source: float | None


@dataclass(frozen=True, slots=True)
class CaseMix:
    """Prevalence, columns, spread of the linear predictor, and the area the risks promise.

    sd            of the linear predictor: a cohort more alike has less of it, and a lower area
                  though the model be right
    promised      area to be expected here were every risk true
    source_*      None where the model's file holds no patterns of its patients
    """

    prevalence: float
    source_prevalence: float
    columns: tuple[ColumnMix, ...]
    mean: float
    sd: float
    source_mean: float | None
    source_sd: float | None
    promised: float | None
    source_promised: float | None
    method: str


def case_mix(applied: Applied) -> CaseMix:
    """Means over the completed sets, where there are several."""
    model = applied.model
    X = np.mean(applied.sets, axis=0)
    line = np.mean(applied.lines, axis=0)
    source, labels = _source(model), _labels(model)
    columns = tuple(
        ColumnMix(
            name,
            labels[name],
            float(X[:, at].mean()),
            float(X[:, at].std(ddof=1)),
            float(source[1] @ source[0][:, at] / source[1].sum()) if source else None,
        )
        for at, name in enumerate(model.columns)
        if at
    )
    told = _spread(source[0] @ needed(model).coef, source[1]) if source else (None, None, None)
    return CaseMix(
        prevalence=float(applied.y.mean()),
        source_prevalence=source_prevalence(model),
        columns=columns,
        mean=float(line.mean()),
        sd=float(line.std(ddof=1)),
        source_mean=told[0],
        source_sd=told[1],
        promised=_promised(expit(line), np.ones(len(line))),
        source_promised=told[2],
        method="promised area: model-based concordance (van Klaveren and others 2016)",
    )


def _labels(model: RiskModel) -> dict[str, str]:
    """Each column in words: the input, and what of it."""
    asked = {one.name: one for one in model.inputs}
    found = {}
    for term in model.terms:
        one = asked[term.input]
        unit = f" {one.unit}" if one.unit else ""
        for name in term.columns:
            if term.coding == "cut":
                found[name] = f"{one.label} {term.words}{unit}"
            elif term.coding == "category":
                found[name] = f"{one.label}: {name.partition('=')[2]}"
            elif term.coding == "linear" and term.per != 1:
                found[name] = f"{one.label}, per {term.per:g}{unit}"
            elif term.coding == "spline" and name != term.name:
                found[name] = f"{one.label}, part of its spline ({name})"
            else:
                found[name] = one.label
    return found


def _source(model: RiskModel) -> tuple[Floats, Floats] | None:
    """The source's patterns as rows of the design, and how many patients have each."""
    if not model.patterns:
        return None
    values = np.array([pattern.values for pattern in model.patterns], dtype=np.float64)
    n = np.array([pattern.n for pattern in model.patterns], dtype=np.float64)
    return np.column_stack([np.ones(len(values)), values]), n


def _spread(line: Floats, n: Floats) -> tuple[float, float, float | None]:
    mean = float(n @ line / n.sum())
    sd = float(np.sqrt(n @ (line - mean) ** 2 / (n.sum() - 1)))
    return mean, sd, _promised(expit(line), n)


def _promised(risk: Floats, n: Floats) -> float | None:
    try:
        return promised_auc(risk, n)
    except AnalysisError:
        return None
