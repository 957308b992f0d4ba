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
from avidity.steps.inert import inert

HEADER = (
    "patient_id",
    "definition",
    "answer",
    "since",
    "criteria_met",
    "records_that_decided",
    "missing",
    "by_definition",
    "override_reason",
    "override_by",
    "override_on",
)
PHYSICIAN = "physician"


def write_labels(path: Path, labels: Labels) -> None:
    """One row per patient and definition, as CSV.

    raises  WriteError
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for label in labels.labels:
        writer.writerow(inert(cell) for cell in _cells(label))
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
        wording.answer(label.by_definition),
        *((given.reason, given.who, given.when) if (given := label.override) else ("", "", "")),
    )


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
        lines.append(f"{label.patient_id}: {wording.answer(label.answer)}{_since_and_by(label)}")
        if given := label.override:
            said = wording.answer(label.by_definition)
            lines.append(f"    overridden by {given.who}, {given.when}: {given.reason}")
            lines.append(f"    the definition says: {said}{_evidence(label)}")
        if label.by_definition is None:
            lines += [f"    {item}" for item in label.missing]
        elif label.records:
            lines.append(f"    {'; '.join(label.records)}")
    return lines


def _since_and_by(label: PatientLabel) -> str:
    """The definition's day and criteria; not beside an answer that is another's."""
    return "" if label.override else _evidence(label)


def _evidence(label: PatientLabel) -> str:
    since = f" since {label.date}" if label.date else ""
    by = f" by {', '.join(label.criteria_met)}" if label.criteria_met else ""
    return f"{since}{by}"


def _several(labels: Labels, names: list[str]) -> list[str]:
    rows: dict[str, dict[str, str]] = {}
    for label in labels.labels:
        said = rows.setdefault(label.patient_id, {})
        said[label.definition] = wording.answer(label.by_definition)
        said[PHYSICIAN] = wording.answer(label.override.answer) if label.override else ""
    last = [PHYSICIAN] if any(label.override for label in labels.labels) else []
    answers = [(who, *(said[name] for name in (*names, *last))) for who, said in rows.items()]
    return _table(("patient", *names, *last), answers)


def _counts(labels: Labels) -> list[str]:
    found = labels.agreement
    rows = [
        (name, str(one.yes), str(one.no), str(one.cannot_say), str(one.moved))
        for name, one in found.answers.items()
    ]
    overridden = len({label.patient_id for label in labels.labels if label.override})
    aside = "" if not overridden else f"the definitions' own answers; overridden: {overridden}"
    moved = f"move against {found.reference}"
    return [*_table(("definition", "yes", "no", "cannot say", moved), rows), *filter(None, [aside])]


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
