"""An updated model in words, for the terminal."""

from __future__ import annotations

from pathlib import Path

from avidity import wording
from avidity.steps.update import Updated, UpdateRow

HEADER = ("update", "estimated", "shift", "factor", "−2 log L", "AUC", "O:E", "Brier")


def update_lines(found: Updated, out: Path | None, report: Path | None = None) -> list[str]:
    """Every update side by side, the closed test, the choice, and what speaks against it."""
    lines = [
        found.title,
        (
            f"{found.model}: {found.n} of {found.came_in} patients have all inputs,"
            f" {found.events} with the outcome"
        ),
    ]
    if found.made_data:
        lines.append(found.made_data)
    lines += ["", *_table([HEADER, *(_row(row) for row in found.rows)])]
    lines.append("in the patients of the update, which flatters the later ones")
    if found.steps:
        lines += ["", f"closed test, alpha {found.alpha:g}:"]
    for step in found.steps:
        test = step.test
        verdict = "kept" if step.kept else "not enough"
        lines.append(
            f"  refit against {step.against}: χ² {wording.fixed(test.statistic, 2)} on"
            f" {test.df:g} df, {wording.p_phrase(test.p_value)}: {verdict}"
        )
    lines += ["", f"chosen ({found.asked}): {found.chosen}"]
    if found.made and found.made.equation:
        equation = found.made.equation
        lines += [
            f"  {name} {wording.fixed(value, 6)}"
            for name, value in zip(equation.columns, equation.coef.tolist(), strict=True)
        ]
    lines += [f"  - {caution}" for caution in found.cautions]
    if found.made is None:
        lines.append("the model is kept as it is; nothing was written")
    elif out:
        lines.append(f"wrote {out}")
    else:
        lines.append("--out model.json writes the updated model")
    return [*lines, f"report: {report / 'report.html'}"] if report else lines


def _row(row: UpdateRow) -> tuple[str, ...]:
    return (
        row.method,
        str(row.parameters),
        wording.fixed(row.shift, 3),
        wording.fixed(row.factor, 3),
        wording.fixed(-2 * row.log_likelihood, 2),
        wording.fixed(row.auc, 3),
        wording.fixed(row.observed_to_expected, 2),
        wording.fixed(row.brier, 4),
    )


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADER))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
