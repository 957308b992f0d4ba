"""The area under the ROC curve that risks promise: what it would be were they right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError


def promised_auc(risk: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """The area to be expected in these patients if every risk were true.

    It hangs on how unlike the patients are, and on nothing that happened to them. Against the
    source's it tells how much of a change in discrimination is only the mix of patients.

    risk     shape (n,), probabilities, none missing
    weights  shape (n,), how many patients have each risk; None for one each
    source   van Klaveren and others, Stat Med 2016;35:4136-4152 (model-based concordance), pairs
             of one patient with himself left out
    raises   AnalysisError with fewer than two patients; ValueError on wrong shapes

    >>> round(promised_auc([0.2, 0.8]), 12)
    0.941176470588
    """
    p = np.asarray(risk, dtype=np.float64)
    w = np.ones(len(p)) if weights is None else np.asarray(weights, dtype=np.float64)
    if p.ndim != 1 or w.shape != p.shape or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("risks must be one row of probabilities, with one weight each")
    if w.sum() < 2:
        raise AnalysisError("an area needs two patients or more")
    _, group = np.unique(p, return_inverse=True)
    cases, controls = (np.bincount(group, w * each) for each in (p, 1 - p))
    own = np.bincount(group, w * p * (1 - p))
    below = np.concatenate([[0.0], np.cumsum(controls)[:-1]])
    right = float((cases * below).sum() + 0.5 * (cases * controls - own).sum())
    pairs = float(cases.sum() * controls.sum() - own.sum())
    if pairs <= 0:
        raise AnalysisError("with every risk at 0 or at 1 no area is promised")
    return right / pairs
