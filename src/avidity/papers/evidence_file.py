"""Reading evidence.toml: the frozen evidence, or every fault of the file with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from avidity.errors import AnalysisError, PaperError, StudyFileError
from avidity.papers.evidence import evidence_names
from avidity.papers.evidence_library import from_library, told
from avidity.papers.evidence_studies import EvidenceFile, Factor, Pooled
from avidity.papers.paper_lines import Place, lines_of
from avidity.papers.study_effects import effect_of, uninformative
from avidity.stats.meta.printed_effect import from_interval
from avidity.study import load_toml

FILE = "evidence.toml"
OWN = ("folder", "sha256")  # set here, never typed
Fault = tuple[Place, str]


def find_or_read(name_or_file: str) -> EvidenceFile:
    """A pooling of the library by its name, or an evidence file.

    raises  PaperError
    """
    if name_or_file in evidence_names():
        return from_library(name_or_file)
    return read_evidence(Path(name_or_file))


def read_evidence(path: Path) -> EvidenceFile:
    """The evidence in a file, or in the evidence.toml of a folder.

    raises  PaperError with every fault of the file, each with its line and what must hold
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise PaperError(
            f"there must be an evidence file at {file}; none was found. The manual's page"
            " on evidence files holds one to begin with; the library has"
            f" {', '.join(evidence_names())}"
        )
    try:
        raw, content = load_toml(file)
    except StudyFileError as error:
        raise PaperError(str(error)) from None
    evidence, faults = checked(content)
    if evidence is None or faults:
        lines = lines_of(raw.decode("utf-8-sig"))
        told = sorted((_line(place, lines), said) for place, said in faults)
        raise PaperError("\n".join(f"{file.name}, line {line}: {said}" for line, said in told))
    digest = hashlib.sha256(raw).hexdigest()
    return evidence.model_copy(update={"folder": file.parent, "sha256": digest})


def checked(content: dict[str, Any]) -> tuple[EvidenceFile | None, list[Fault]]:
    """An evidence file's content as evidence, and its faults."""
    faults: list[Fault] = [
        ((name,), f"{name} is no word of an evidence file; take it out")
        for name in OWN
        if name in content
    ]
    try:
        evidence = EvidenceFile.model_validate(content)
    except ValidationError as error:
        return None, [*faults, *_unread(error)]
    return evidence, [*faults, *sense(evidence)]


def sense(evidence: EvidenceFile) -> Iterator[Fault]:
    """Every place that reads well and cannot be meant: names used twice, limits the wrong way."""
    names = [factor.name for factor in evidence.factor]
    unknown = [at for at, name in enumerate(evidence.library) if name not in evidence_names()]
    for at in unknown:
        yield (
            ("library", at),
            f"the library has no {evidence.library[at]!r}; it has: {', '.join(evidence_names())}",
        )
    for at, factor in enumerate(evidence.factor):
        if factor.name in names[:at]:
            yield ("factor", at, "name"), f"the name {factor.name!r} must be used once"
        if not (factor.study or factor.pooled or unknown or told(evidence.library, factor)):
            yield ("factor", at), f"{factor.name} needs a study or a pool somebody printed"
        yield from _of_factor(factor, at)


def _of_factor(factor: Factor, at: int) -> Iterator[Fault]:
    labels = [study.label for study in factor.study]
    for place, study in enumerate(factor.study):
        here: Place = ("factor", at, "study", place)
        if study.label in labels[:place]:
            yield (*here, "label"), f"{factor.name}: the study {study.label!r} stands there twice"
        if uninformative(factor.measure, study):
            continue
        try:
            effect_of(factor.measure, study)
        except AnalysisError as error:
            yield here, f"{factor.name}, {study.label}: {error}"
    for place, pool in enumerate(factor.pooled):
        if fault := _of_pool(factor, pool):
            yield ("factor", at, "pooled", place), f"{factor.name}, {pool.label}: {fault}"


def _of_pool(factor: Factor, pool: Pooled) -> str:
    try:
        from_interval(factor.measure, pool.estimate, pool.interval, pool.level)
    except AnalysisError as error:
        return str(error)
    return ""


def _unread(error: ValidationError) -> Iterator[Fault]:
    for fault in error.errors(include_url=False):
        place = fault["loc"]
        name = ".".join(step for step in place if isinstance(step, str)) or "the file"
        found = fault["input"]
        plain = isinstance(found, bool | int | float | str)
        if fault["type"] == "extra_forbidden":
            yield place, f"{name} is no word of an evidence file"
        elif fault["type"] == "missing":
            yield place, f"{name} must be there; nothing was found"
        else:
            said = fault["msg"].removeprefix("Value error, ").replace("Input should", "must")
            yield place, f"{name} {said}" + (f", found {found!r}" if plain else "")


def _line(place: Place, lines: dict[Place, int]) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
