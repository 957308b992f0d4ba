"""Whether everybody screened is accounted for, and the groups hold everybody included."""

from __future__ import annotations

from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import Sheet, exact
from avidity.papers.paper_numbers import OVERALL
from avidity.wording import counted

SUBJECT = "flow"


def check_flow(sheet: Sheet) -> Checked:
    """Screened less those left out is included; the groups add up to the included."""
    flow = sheet.paper.flow
    left = [exact(one.n) for one in flow.left]
    found: list[Finding] = []
    looked_at, unanswered = 0, []
    if flow.screened is not None and flow.left:
        looked_at += 1
        found += _left(sheet, exact(flow.screened), left)
    if flow.screened is not None and flow.left and flow.included is not None:
        found += _included(sheet, exact(flow.screened), left, exact(flow.included))
    elif flow.screened is None or flow.included is None:
        unanswered.append(
            "screened or included patients are not printed, so nothing adds up to them"
        )
    if flow.included is not None:
        looked_at += 1
        found += _groups(sheet, exact(flow.included))
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def _left(sheet: Sheet, screened: int, left: list[int]) -> list[Finding]:
    if sum(left) <= screened:
        return []
    return [
        sheet.finding(
            "impossible",
            SUBJECT,
            "flow.screened",
            f"More patients were left out ({sum(left)}) than were screened ({screened}).",
            (f"{_sum(left)} = {sum(left)} > {screened}",),
            ("the reasons overlap, and a patient is counted under several",),
        )
    ]


def _included(sheet: Sheet, screened: int, left: list[int], included: int) -> list[Finding]:
    rest = screened - sum(left)
    if rest == included or rest < 0:
        return []
    gap = counted(abs(rest - included), "patient")
    return [
        sheet.finding(
            "inconsistent",
            SUBJECT,
            "flow.included",
            f"Screened less left out is {rest}, but {included} are said to be included.",
            (f"{screened} − {' − '.join(map(str, left))} = {rest}, printed {included}",),
            (
                f"{gap} were left out for a reason that is not printed"
                if rest > included
                else f"{gap} were counted under two reasons",
            ),
        )
    ]


def _groups(sheet: Sheet, included: int) -> list[Finding]:
    sizes = [sheet.size(group) for group in sheet.groups]
    if sheet.size(OVERALL) == included:
        return []
    return [
        sheet.finding(
            "inconsistent",
            SUBJECT,
            "flow.included",
            f"The groups hold {sum(sizes)} patients, but {included} are said to be included.",
            (f"{_sum(sizes)} = {sum(sizes)}, printed {included}",),
            ("patients without a verdict were left out of the groups",) * (sum(sizes) < included),
        )
    ]


def _sum(numbers: list[int]) -> str:
    return " + ".join(map(str, numbers))
