"""Findings in words: one paragraph per kind of trouble, with every place it was met."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from avidity import wording
from avidity.steps.finding import Finding, finding_line


def finding_lines(findings: Iterable[Finding]) -> list[str]:
    """One line per finding; the same trouble in many cells of one column is told once.

    All places are listed, runs of rows as ``I2–I48``; the cell's content stands with a single
    finding only.
    """
    lines = []
    for _, group in groupby(sorted(findings, key=_order), key=_kind):
        alike = list(group)
        lines.append(finding_line(alike[0]) if len(alike) == 1 else _together(alike))
    return lines


SEVERITIES = ("error", "warning", "note")


def _kind(found: Finding) -> tuple[object, ...]:
    severity = SEVERITIES.index(found.severity)
    return severity, found.table, found.column, found.rule, found.problem, found.must, found.do


def _order(found: Finding) -> tuple[object, ...]:
    return *_kind(found), found.row or 0


def _together(alike: Sequence[Finding]) -> str:
    first = alike[0]
    column = f" '{first.column}'" if first.column else ""
    what = "cells" if first.column else "rows"
    return (
        f"{first.severity}: {first.table}{column}, {len(alike)} {what}"
        f" ({_places([found.address for found in alike])}): {first.problem};"
        f" {first.must}. To do: {first.do}"
    )


def _places(addresses: Sequence[str]) -> str:
    """``I2–I4, I7`` from the single addresses, which come in the order of rows."""
    runs: list[list[tuple[str, int]]] = []
    for address in addresses:
        match = re.fullmatch(r"([A-Z]*)(\d+)", address)
        if match is None:
            return wording.listed(sorted(set(addresses) - {""})) or "whole column"
        letters, row = match[1], int(match[2])
        if runs and runs[-1][-1] in ((letters, row - 1), (letters, row)):
            runs[-1].append((letters, row))
        else:
            runs.append([(letters, row)])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[tuple[str, int]]) -> str:
    (letters, first), (_, last) = run[0], run[-1]
    return f"{letters}{first}" if first == last else f"{letters}{first}–{letters}{last}"
