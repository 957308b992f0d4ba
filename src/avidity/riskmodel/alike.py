"""The patients of the source who looked like this one."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.terms import Floats


@dataclass(frozen=True, slots=True)
class Alike:
    """So many patients of the source were like this one.

    events  how many of them had the outcome; None where the source does not tell
    words   what alike means: the same in every term, or a near risk
    """

    n: int
    events: int | None
    words: str


def alike(model: RiskModel, row: Floats, risk: float) -> Alike | None:
    """Count them; None where the model holds no counts.

    row   shape (p,), the intercept's one first, no missing values
    risk  as the model predicts it
    """
    if model.patterns:
        same = [one for one in model.patterns if one.values == tuple(row[1:].tolist())]
        if not same:
            return Alike(0, 0, "nobody of the source had the same answer to every term")
        return Alike(same[0].n, same[0].events, "the same answer to every term")
    if not model.bands:
        return None
    low, high = model.bands[0].low, model.bands[-1].high
    if not low <= risk <= high:
        return Alike(0, 0, f"nobody of the source had so {'low' if risk < low else 'high'} a risk")
    band = next(one for one in model.bands if risk <= one.high)
    words = f"a predicted risk between {band.low:.3f} and {band.high:.3f}"
    return Alike(band.n, band.events, words)
