"""What is wrong, or worth knowing, in the data: one finding per place, and how many there are.

A finding may show the cell's content (``found``) to the person who owns the data. Logs take
``counts``, which hold no content and no row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from avidity.errors import CheckError
from avidity.said import say

Severity = Literal["error", "warning", "note"]
LONGEST_FOUND = 60  # characters of a cell that are shown


@dataclass(frozen=True, slots=True)
class Finding:
    """One place and what is to be done there.

    rule      the name of the rule, stable from release to release
    severity  an error stops the study; a warning goes to the report; a note says how the
              data were read
    problem   what was found, in words that hold no patient's value
    must      what must hold
    do        what to do
    row       the row as a person counts, header included; None for a whole column or table
    column    the header as it stands in the file ("" for a whole row or table)
    address   the cell as Excel names it ("C7"), or the column ("C"), or ""
    found     the cell's content, at most 60 characters of it
    """

    rule: str
    severity: Severity
    table: str
    problem: str
    must: str
    do: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    address: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How often a rule spoke in a column: all that a log may hold."""

    severity: Severity
    rule: str
    table: str
    column: str
    n: int


_ORDER = {"error": 0, "warning": 1, "note": 2}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by table, row and column."""
    return tuple(
        sorted(findings, key=lambda f: (_ORDER[f.severity], f.table, f.row or 0, f.column, f.rule))
    )


def counts(findings: Iterable[Finding]) -> tuple[Count, ...]:
    """Findings without content and rows: counts per rule, table and column."""
    tally = Counter((f.severity, f.rule, f.table, f.column) for f in findings)
    keys = sorted(tally, key=lambda key: (_ORDER[key[0]], *key[1:]))
    return tuple(Count(*key, n=tally[key]) for key in keys)


def number_of(findings: Iterable[Finding], severity: Severity) -> int:
    """How many findings have this severity."""
    return sum(f.severity == severity for f in findings)


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, str | int | None]]:
    """Findings as plain rows, for JSON or a table on the screen."""
    return [asdict(finding) for finding in findings]


def finding_line(finding: Finding) -> str:
    """One finding as one line for the screen, with the cell's content."""
    place = ", ".join(part for part in (finding.table, finding.address) if part)
    column = f" '{finding.column}'" if finding.column else ""
    found = f" ({finding.found})" if finding.found else ""
    return (
        f"{finding.severity}: {place}{column}: {finding.problem}{found};"
        f" {finding.must}. To do: {finding.do}"
    )


def stop_on_errors(findings: Iterable[Finding]) -> None:
    """Nothing, unless there is an error.

    raises  CheckError with the number of errors, and no patient's value
    """
    errors = number_of(findings, "error")
    if errors:
        if errors == 1:
            raise CheckError(
                "the data must be free of errors; 1 place must be put right first."
                " 'avidity check' lists each of them"
            )
        raise CheckError(
            say(
                "the data must be free of errors; {errors} places must be put right first."
                " 'avidity check' lists each of them",
                errors=errors,
            )
        )


def address(column: int | None, row: int | None = None) -> str:
    """A place as Excel names it; columns and rows count from 1.

    >>> address(1, 7), address(28, 2), address(3), address(None, 4)
    ('A7', 'AB2', 'C', '4')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{'' if row is None else row}"


def shown(cell: object) -> str:
    """A cell's content for a finding: one line, printable, at most 60 characters."""
    text = "" if cell is None else cell if isinstance(cell, str) else str(cell)
    line = "".join(c if c.isprintable() else "·" for c in text[: LONGEST_FOUND + 1])
    return line if len(line) <= LONGEST_FOUND else line[: LONGEST_FOUND - 1] + "…"
