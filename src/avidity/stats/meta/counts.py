"""One study's effect from the counts of its 2 × 2 table."""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt

from avidity.errors import AnalysisError
from avidity.stats.meta.study_effect import StudyEffect

HALF = 0.5  # a patient, added to each cell of a study that has an empty one
Cells = tuple[float, float, float, float]


def log_odds_ratio(k1: int, n1: int, k2: int, n2: int) -> StudyEffect:
    """Logarithm of the sample odds ratio, first group over second, with Woolf's variance.

    k1, n1  those with the outcome and all, where the factor is there; k2, n2 where it is not.
            With an empty cell half a patient is added to all four cells of this study; the
            method says so
    source  Woolf, Ann Hum Genet 1955;19:251-253; half a patient: Haldane 1956, Anscombe 1956
    raises  AnalysisError on impossible counts, or when the outcome never varies: such a study
            says nothing of a ratio
    """
    return _ratio("odds ratio", "Woolf", (k1, n1, k2, n2), _odds)


def log_risk_ratio(k1: int, n1: int, k2: int, n2: int) -> StudyEffect:
    """Logarithm of the ratio of shares, with Katz's variance; counts as in `log_odds_ratio`.

    source  Katz and others, Biometrics 1978;34:469-474
    """
    return _ratio("risk ratio", "Katz", (k1, n1, k2, n2), _risks)


def risk_difference(k1: int, n1: int, k2: int, n2: int) -> StudyEffect:
    """Difference of shares with the Wald variance; half a patient where that would be 0.

    A study in which nobody has the outcome, or everybody, still says something of a difference.
    """
    _check(k1, n1, k2, n2)
    a, b, c, d = cells = (float(k1), float(n1 - k1), float(k2), float(n2 - k2))
    words = "risk difference from counts, Wald variance"
    if a * b + c * d == 0:
        a, b, c, d = _helped(cells)
        words += ", half a patient added to each cell"
    first, second = a / (a + b), c / (c + d)
    variance = first * (1 - first) / (a + b) + second * (1 - second) / (c + d)
    return StudyEffect(first - second, sqrt(variance), n1 + n2, words)


def _ratio(
    name: str,
    variance: str,
    counts: tuple[int, int, int, int],
    of: Callable[[Cells], tuple[float, float]],
) -> StudyEffect:
    k1, n1, k2, n2 = counts
    _check(k1, n1, k2, n2)
    if k1 + k2 in (0, n1 + n2):
        who = "nobody" if k1 + k2 == 0 else "everybody"
        raise AnalysisError(f"{who} has the outcome: such a study says nothing of a {name}")
    cells: Cells = (k1, n1 - k1, k2, n2 - k2)
    words = f"log {name} from counts, {variance}'s variance"
    if 0 in cells:
        cells = _helped(cells)
        words += ", half a patient added to each cell"
    value, squared = of(cells)
    return StudyEffect(value, sqrt(squared), n1 + n2, words)


def _odds(cells: Cells) -> tuple[float, float]:
    a, b, c, d = cells
    return log(a) + log(d) - log(b) - log(c), 1 / a + 1 / b + 1 / c + 1 / d


def _risks(cells: Cells) -> tuple[float, float]:
    a, b, c, d = cells
    value = log(a) - log(a + b) - log(c) + log(c + d)
    return value, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def _helped(cells: Cells) -> Cells:
    a, b, c, d = cells
    return a + HALF, b + HALF, c + HALF, d + HALF


def _check(k1: int, n1: int, k2: int, n2: int) -> None:
    for k, n in ((k1, n1), (k2, n2)):
        if n < 1 or not 0 <= k <= n:
            raise AnalysisError(
                f"a group needs at least one patient and no more cases than patients,"
                f" got {k} of {n}"
            )
