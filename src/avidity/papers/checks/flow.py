"""Whether everybody screened is accounted for, and the groups hold everybody included."""

from __future__ import annotations

from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import Sheet, exact
from avidity.papers.paper_numbers import OVERALL
from avidity.said import say

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
            say(
                "More patients were left out ({total}) than were screened ({screened}).",
                total=sum(left),
                screened=screened,
            ),
            (
                say(
                    "{total} = {total_2} > {screened}",
                    total=_sum(left),
                    total_2=sum(left),
                    screened=screened,
                ),
            ),
            ("the reasons overlap, and a patient is counted under several",),
        )
    ]


def _included(sheet: Sheet, screened: int, left: list[int], included: int) -> list[Finding]:
    rest = screened - sum(left)
    if rest == included or rest < 0:
        return []
    gap = words_of.patients(abs(rest - included))
    return [
        sheet.finding(
            "inconsistent",
            SUBJECT,
            "flow.included",
            say(
                "Screened less left out is {rest}, but {included} are said to be included.",
                rest=rest,
                included=included,
            ),
            (
                say(
                    "{screened} − {told} = {rest}, printed {included}",
                    screened=screened,
                    told=" − ".join(map(str, left)),
                    rest=rest,
                    included=included,
                ),
            ),
            (
                say("{gap} were left out for a reason that is not printed", gap=gap)
                if rest > included
                else say("{gap} were counted under two reasons", gap=gap),
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
            say(
                "The groups hold {total} patients, but {included} are said to be included.",
                total=sum(sizes),
                included=included,
            ),
            (
                say(
                    "{total} = {total_2}, printed {included}",
                    total=_sum(sizes),
                    total_2=sum(sizes),
                    included=included,
                ),
            ),
            ("patients without a verdict were left out of the groups",) * (sum(sizes) < included),
        )
    ]


def _sum(numbers: list[int]) -> str:
    return " + ".join(map(str, numbers))
