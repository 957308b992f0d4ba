"""Did the structure progress? The clinician's verdict, or RECIST 1.1 from diameters without one.

Progression: the sum of diameters is up by at least 20 % over the smallest on study and by at least
5 mm, or there is a new lesion. Partial response: at least 30 % below baseline. Source: RECIST 1.1
as a thyroid table quotes it (doi 10.1186/s41824-018-0037-z, Table 1; second hand).
Diameters are compared to 0.1 mm, in whole tenths, so that 12.0 against 10.0 is exactly 20 %.
Two parts are left out because a row cannot show them: the short axis of a node in a complete
response, and unequivocal progression of what cannot be measured. A verdict given outweighs both.
"""

from __future__ import annotations

from avidity.refractory.answers import Answer
from avidity.refractory.records import Assessment


def verdict_of(assessment: Assessment) -> str | None:
    """CR, PR, SD, PD or NE as given, else as computed; None if neither is possible.

    >>> verdict_of(Assessment(nadir_diameter=10, diameter=15, new_lesion=False))
    'PD'
    """
    if assessment.verdict is not None:
        return assessment.verdict
    if _progressed(assessment):
        return "PD"
    if _progressed(assessment) is None:
        return None
    return _response(assessment)


def is_progression(assessment: Assessment) -> Answer:
    """Yes for PD; no for CR, PR and SD; cannot say for NE, and where nothing can be computed."""
    if assessment.verdict is not None:
        return {"PD": True, "SD": False, "PR": False, "CR": False}.get(assessment.verdict)
    return _progressed(assessment)


def _progressed(assessment: Assessment) -> Answer:
    """A *no* needs the smallest diameter on study and the word that no lesion is new."""
    if assessment.new_lesion:
        return True
    if assessment.diameter is None:
        return None
    # The baseline is on study too: growth over it is growth over the smallest, whatever that was.
    earlier = (assessment.nadir_diameter, assessment.baseline_diameter)
    known = [value for value in earlier if value is not None]
    if known and _grew(min(known), assessment.diameter):
        return True
    settled = assessment.nadir_diameter is not None and assessment.new_lesion is False
    return False if settled else None


def _grew(smallest: float, now: float) -> bool:
    before, after = _tenths(smallest), _tenths(now)
    return after - before >= 50 and 5 * (after - before) >= before


def _response(assessment: Assessment) -> str | None:
    """CR, PR or SD of an assessment known to show no progression."""
    if assessment.diameter is None:
        return None
    now = _tenths(assessment.diameter)
    if now == 0:
        return "CR"
    if assessment.baseline_diameter is None:
        return None
    return "PR" if 10 * now <= 7 * _tenths(assessment.baseline_diameter) else "SD"


def _tenths(millimetres: float) -> int:
    return round(millimetres * 10)
