"""Labels and definitions in words: what ``avidity label`` and ``avidity definitions`` print.

This is the department's own list of its own patients, printed where it was asked for; it is no
log and no part of the report.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from avidity import wording
from avidity.report.files import write_bytes
from avidity.steps.agreement import Labels, PatientLabel

HEADER = (
    "patient_id",
    "definition",
    "answer",
    "since",
    "criteria_met",
    "records_that_decided",
    "missing",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one


def write_labels(path: Path, labels: Labels) -> None:
    """One row per patient and definition, as CSV.

    raises  WriteError
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for label in labels.labels:
        writer.writerow(_inert(cell) for cell in _cells(label))
    write_bytes(path, text.getvalue().encode("utf-8-sig"))


def _cells(label: PatientLabel) -> tuple[str, ...]:
    return (
        label.patient_id,
        label.definition,
        wording.answer(label.answer),
        label.date,
        "; ".join(label.criteria_met),
        "; ".join(label.records),
        "; ".join(label.missing),
    )


def _inert(cell: str) -> str:
    """A cell no spreadsheet will run."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def label_lines(labels: Labels, out: Path | None) -> list[str]:
    """Patient by patient under one definition; as a table of answers under several."""
    names = list(labels.agreement.answers)
    lines = _one(labels) if len(names) == 1 else _several(labels, names)
    lines += ["", *_counts(labels)]
    if len(names) > 1:
        lines += ["", *_kappas(labels, names)]
    for name, tables in labels.agreement.skipped.items():
        lines.append(f"not asked: {name} (none of its tables is here: {tables})")
    if out:
        lines.append(f"wrote {out}")
    elif len(names) > 1:
        lines.append("--out labels.csv writes the evidence for every patient and definition")
    return lines


def _one(labels: Labels) -> list[str]:
    lines = []
    for label in labels.labels:
        since = f" since {label.date}" if label.date else ""
        by = f" by {', '.join(label.criteria_met)}" if label.criteria_met else ""
        lines.append(f"{label.patient_id}: {wording.answer(label.answer)}{since}{by}")
        if label.answer is None:
            lines += [f"    {item}" for item in label.missing]
        elif label.records:
            lines.append(f"    {'; '.join(label.records)}")
    return lines


def _several(labels: Labels, names: list[str]) -> list[str]:
    rows: dict[str, dict[str, str]] = {}
    for label in labels.labels:
        rows.setdefault(label.patient_id, {})[label.definition] = wording.answer(label.answer)
    answers = [(who, *(said[name] for name in names)) for who, said in rows.items()]
    return _table(("patient", *names), answers)


def _counts(labels: Labels) -> list[str]:
    found = labels.agreement
    rows = [
        (name, str(one.yes), str(one.no), str(one.cannot_say), str(one.moved))
        for name, one in found.answers.items()
    ]
    moved = f"move against {found.reference}"
    return _table(("definition", "yes", "no", "cannot say", moved), rows)


def _kappas(labels: Labels, names: list[str]) -> list[str]:
    found = labels.agreement
    rows = [
        (name, *(wording.fixed(kappa, 2) for kappa in found.kappa[at]))
        for at, name in enumerate(names)
    ]
    return ["Cohen's kappa, patients both definitions decide", *_table(("", *names), rows)]


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]


def definition_lines(content: Mapping[str, object]) -> list[str]:
    """A nested plain description as indented lines."""
    return list(_lines(content, 0))


def _lines(content: object, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(content, Mapping):
        lines = []
        for key, value in content.items():
            if isinstance(value, Mapping | list | tuple):
                lines += [f"{pad}{key}", *_lines(value, depth + 1)]
            else:
                lines.append(f"{pad}{key}: {wording.NOTHING if value is None else value}")
        return lines
    if isinstance(content, list | tuple):
        return [line for item in content for line in _item(item, depth)]
    return [f"{pad}{content}"]


def _item(item: object, depth: int) -> list[str]:
    lines = _lines(item, depth + 1)
    if lines:
        lines[0] = "  " * depth + "- " + lines[0].lstrip()
    return lines
