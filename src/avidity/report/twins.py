"""Twins of a paper as files: patients, figures beside figures, and what stays open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from avidity.papers.paper import Paper
from avidity.papers.twin import Twin
from avidity.papers.twin_cohort import Value, answer_of
from avidity.report.files import make_folder, write_bytes
from avidity.steps.inert import inert
from avidity.wording import counted

MADE = "These patients are made by a program. None of them exists."
OPEN = "open.csv"
ABOUT = "about.txt"


def write_twins(paper: Paper, made: Sequence[Twin], seed: int, folder: Path) -> tuple[Path, ...]:
    """Two files for each twin, one on what they leave open, one that says what all of it is.

    raises  WriteError; nothing is written before everything is ready
    """
    files = {}
    for twin in made:
        files[f"twin-{twin.number}.csv"] = _table(_patients(twin))
        files[f"twin-{twin.number}-figures.csv"] = _table(_figures(twin))
    files[OPEN] = _table(_open(made))
    files[ABOUT] = "\n".join(about(paper, made, seed)) + "\n"
    make_folder(folder)
    for name, text in files.items():
        write_bytes(folder / name, text.encode())
    return tuple(folder / name for name in files)


def _table(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([inert(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _patients(twin: Twin) -> Iterable[Sequence[object]]:
    cohort = twin.cohort
    yield ("patient", "group", *cohort.columns)
    for at, group in enumerate(cohort.groups):
        values = (column[at] for column in cohort.columns.values())
        yield (at + 1, group, *(_cell(value) for value in values))


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else answer_of(value)


def _figures(twin: Twin) -> Iterable[Sequence[object]]:
    yield ("figure", "where", "printed", "twin", "verdict", "because")
    for line in twin.lines:
        yield (line.path, line.where, line.printed, line.ours, line.verdict, line.because)


def _open(made: Sequence[Twin]) -> Iterable[Sequence[object]]:
    """Figures the paper does not print: least and greatest over the twins."""
    yield ("figure not printed", "least", "greatest", "the same in every twin")
    paths = [path for path in made[0].others if all(path in twin.others for twin in made)]
    for path in paths:
        values = [twin.others[path] for twin in made]
        low, high = min(values), max(values)
        same = "yes" if abs(high - low) <= 1e-9 * max(1.0, abs(high)) else "no"
        yield (path, f"{low:.10g}", f"{high:.10g}", same if len(made) > 1 else "")


def about(paper: Paper, made: Sequence[Twin], seed: int) -> list[str]:
    """What the files are, and what could not be met, line by line."""
    lines = [
        MADE,
        f"They carry the printed figures of: {paper.about.title}",
        "They show what these figures allow, never who the paper's patients were.",
        f"Seed {seed}; the same seed makes the same twins.",
        "",
    ]
    lines += [tally(twin) for twin in made]
    for title, verdict in (("Figures that differ", "differs"), ("Not computed", "not computed")):
        found = _told(made, verdict)
        lines += ["", f"{title}:", *found] if found else []
    notes = dict.fromkeys(note for twin in made for note in twin.notes)
    lines += ["", "Notes:", *(f"- {note}" for note in notes)] if notes else []
    lines += [
        "",
        f"{OPEN}: figures the paper does not print. What differs between twins is not settled by",
        (
            f"the printed figures; {counted(len(made), 'twin')} cannot show the whole range."
            " What is the same in all of them need not be settled either."
        ),
    ]
    return lines


def tally(twin: Twin) -> str:
    """One twin in one line."""
    same, differs = twin.count("same"), twin.count("differs")
    rest = twin.count("not computed")
    return (
        f"twin {twin.number}: of {len(twin.lines)} printed figures {same} are the same,"
        f" {differs} differ, {rest} are not computed"
    )


def _told(made: Sequence[Twin], verdict: str) -> list[str]:
    """Each figure with this verdict once, with the reason of the first twin that has it."""
    found: dict[tuple[str, str], tuple[str, list[int]]] = {}
    for twin in made:
        for line in twin.lines:
            if line.verdict == verdict:
                words = f"printed {line.printed}, {line.because}"
                _, numbers = found.setdefault((line.path, line.where), (words, []))
                numbers.append(twin.number)
    lines = []
    for (path, where), (words, numbers) in found.items():
        some = "" if len(numbers) == len(made) else f" (twin {', '.join(map(str, numbers))})"
        lines.append(f"- {path} ({where}){some}: {words}")
    return lines
