"""Every printed p against every test its row can have had."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.papers.checks.sheet import Sheet
from avidity.papers.paper import Row
from avidity.said import say, term
from avidity.stats.forensic.count_candidates import (
    count_candidates,
)
from avidity.stats.forensic.fingerprint import Candidate, Fingerprint, Kind, fingerprint
from avidity.stats.forensic.mean_candidates import PrintedMoments, mean_candidates
from avidity.stats.forensic.policy import Policy, policies
from avidity.stats.forensic.rank_candidates import (
    auc_candidates,
    doubled_wins,
)
from avidity.stats.rounded import Rounded


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Every row with a p against every test, and the tests that explain them."""

    rows: tuple[Fingerprint, ...]
    policies: tuple[Policy, ...]
    unanswered: tuple[str, ...]


def fingerprints(sheet: Sheet) -> Fingerprints:
    """The fingerprint of each row that prints a p and what it was computed from."""
    rows: list[Fingerprint] = []
    unanswered: list[str] = []
    for row in sheet.paper.rows:
        if row.p is None:
            continue
        made = _of_row(sheet, row, row.p)
        if made is None:
            unanswered.append(
                say(
                    "{label}: p {p}, {why_not}",
                    label=sheet.label(row.variable),
                    p=term(row.p.text),
                    why_not=term(_why_not(sheet, row)),
                )
            )
        else:
            rows.append(made)
    return Fingerprints(tuple(rows), policies(rows), tuple(unanswered))


def _of_row(sheet: Sheet, row: Row, p: Rounded) -> Fingerprint | None:
    table = sheet.table(row)
    if table is not None:
        kind: Kind = "2 × 2 counts" if len(table) == len(table[0]) == 2 else "r × c counts"
        n = sum(map(sum, table))
        return fingerprint(row.variable, kind, p, count_candidates(table), n) if n else None
    moments = _moments(sheet, row)
    candidates: tuple[Candidate, ...] = mean_candidates(*moments) if moments else ()
    candidates += _by_ranks(sheet, row)
    sizes = [sheet.patients(row, group) for group in sheet.groups]
    n = sum(size or 0 for size in sizes)
    return fingerprint(row.variable, "numbers", p, candidates, n) if candidates else None


def _moments(sheet: Sheet, row: Row) -> tuple[PrintedMoments, PrintedMoments] | None:
    made = []
    for group in sheet.groups:
        mean, sd, n = row.mean.get(group), row.sd.get(group), sheet.patients(row, group)
        usable = mean and sd and not mean.bound and not sd.bound and sd.value >= 0
        if usable and mean and sd and n and n > 1:
            made.append(PrintedMoments(n, mean, sd))
    return (made[0], made[1]) if len(made) == len(sheet.groups) == 2 else None


def _by_ranks(sheet: Sheet, row: Row) -> tuple[Candidate, ...]:
    """Mann–Whitney's test from the area under the variable's ROC curve, where it is printed."""
    event = sheet.paper.event
    if event is None or len(sheet.groups) != 2:
        return ()
    other = next(group for group in sheet.groups if group != event.name)
    with_outcome, without = sheet.patients(row, event.name), sheet.patients(row, other)
    if not with_outcome or not without:
        return ()
    for roc in sheet.paper.rocs:
        usable = roc.variable == row.variable and roc.auc is not None and not roc.auc.bound
        if usable and roc.auc and doubled_wins(roc.auc, with_outcome, without):
            return auc_candidates(roc.auc, with_outcome, without)
    return ()


def _why_not(sheet: Sheet, row: Row) -> str:
    if len(sheet.groups) != 2 and (row.mean or row.median):
        return "tests of more than two groups of numbers are not redone"
    if row.median and not row.mean:
        return "medians only limit what a rank test can give"
    return "what it was computed from is not printed in full"
