"""What a check of a printed paper found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["impossible", "inconsistent", "unusual", "remark"]
SEVERITIES: tuple[Severity, ...] = ("impossible", "inconsistent", "unusual", "remark")

MEANING: dict[Severity, str] = {
    "impossible": "no data at all can print these figures",
    "inconsistent": "printed figures contradict each other, or what the paper says it did",
    "unusual": "possible, but not what good practice does or prints",
    "remark": "about the design and what is left unsaid; it can be right and still matter",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader should know.

    subject      the check that found it: "flow", "counts", "moments", …
    what         one sentence
    path         the figure it is about, as `facts` names it; "" for the paper as a whole
    where        where the paper prints it
    line         of paper.toml
    arithmetic   the figures, step by step, in words and numbers
    explanations what would explain it, the likeliest first, none proven; of what is unusual or
                 a remark, what there is to note
    also         further figures it is about, by their paths
    """

    severity: Severity
    subject: str
    what: str
    path: str = ""
    where: str = ""
    line: int = 1
    arithmetic: tuple[str, ...] = ()
    explanations: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: how many figures it looked at, what it found, and what it could not look at.

    unanswered  what could not be checked, and why; never taken as in order
    """

    subject: str
    looked_at: int
    findings: tuple[Finding, ...]
    unanswered: tuple[str, ...] = ()
