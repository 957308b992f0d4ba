"""Findings on the screen: every place, the same trouble told once."""

from __future__ import annotations

from avidity.report.findings import finding_lines
from avidity.steps.finding import Finding


def finding(row, column="Age", found="x", severity="error"):
    return Finding(
        rule="not a number",
        severity=severity,
        table="patients",
        problem="no number",
        must="it must be a number",
        do="type a number",
        row=row,
        column=column,
        address=f"C{row}",
        found=found,
    )


def test_a_single_finding_shows_its_cell():
    (line,) = finding_lines([finding(7)])

    assert "C7" in line
    assert "(x)" in line


def test_the_same_trouble_is_told_once_with_every_place():
    (line,) = finding_lines([finding(row) for row in (9, 2, 3, 4, 12)])

    assert "5 cells (C2–C4, C9, C12)" in line
    assert "(x)" not in line


def test_errors_come_before_warnings_and_columns_apart():
    lines = finding_lines(
        [finding(2, severity="warning"), finding(3, "Diameter"), finding(4), finding(5)]
    )

    assert 3 == len(lines)
    assert ["error", "error", "warning"] == [line.split(":")[0] for line in lines]
