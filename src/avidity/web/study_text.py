"""study.toml as a text: its lines beside the kept ones, its faults by line, what no form says."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from avidity.errors import StudyFileError
from avidity.steps.rewrite import statements_of
from avidity.study import Study, faults, study_of, toml_of
from avidity.web.plan_settings import SETTINGS

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_FORM = {
    *((one.section, one.key) for one in SETTINGS),
    *(("outcome", key) for key in ("definition", "column", "yes", "no", "switches", "cannot_say")),
    *(("table1", key) for key in ("policy", "variables", "tests")),
    *(("cutoffs", key) for key in ("fields", "fixed", "lower_means_case")),
    *(("model", key) for key in ("terms", "univariable", "screen", "principle", "per")),
    *(("sound", key) for key in ("terms", "knots", "selection", "resamples")),
}
_BLOCKS = ("variable", "eligibility")


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``sign`` is "+" for a new one, "-" for one that goes, " " for one that stays."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no study file; ``line`` counts from 1, None where no line is to blame."""

    line: int | None
    sentence: str


def lines_beside(kept: str, text: str) -> tuple[Line, ...]:
    """The text line by line, with those that differ from the kept one."""
    old, new = kept.splitlines(), text.splitlines()
    found: list[Line] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line(" ", line) for line in new[c:d]]
        else:
            found += [Line("-", line) for line in old[a:b]]
            found += [Line("+", line) for line in new[c:d]]
    return tuple(found)


def beyond_the_form(text: str) -> tuple[str, ...]:
    """What study.toml says that no field of the form shows: kept as it stands."""
    try:
        content = toml_of(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return ()
    found: list[str] = []
    for name, value in content.items():
        if name in _BLOCKS:
            continue
        if not isinstance(value, dict):
            found.append(name)
        elif name in ("columns", "tables", "published"):
            found += [f"[{name}]"] if value else []
        else:
            found += [f"[{name}] {key}" for key in value if (name, key) not in _FORM]
    return tuple(found)


def faults_of(text: str, folder: Path) -> tuple[Fault, ...]:
    """Every fault that keeps the text from being a study file, with its line where it has one."""
    plain = text.removeprefix("\ufeff")
    try:
        content = toml_of(plain)
    except tomllib.TOMLDecodeError as error:
        said = _AT_LINE.search(str(error))
        line = int(said[1]) if said and said[1] else len(plain.splitlines())
        return (Fault(line, _AT_LINE.sub("", str(error)).strip()),)
    except RecursionError:
        return (Fault(None, "lists in lists without end"),)
    try:
        study_of(text.encode(), folder)
    except StudyFileError as error:
        try:
            Study.model_validate(content)
        except ValidationError as found:
            return tuple(_faults(found, plain))
        return (Fault(None, str(error)),)
    return ()


def _faults(error: ValidationError, text: str) -> Iterator[Fault]:
    places = _places(text)
    for fault, sentence in zip(error.errors(include_url=False), faults(error), strict=True):
        yield Fault(_line_of(fault["loc"], places), sentence)


def _places(text: str) -> list[tuple[tuple[str | int, ...], int]]:
    """Each key's path, blocks of a table counted, and its line."""
    found: list[tuple[tuple[str | int, ...], int]] = []
    counted: dict[str, int] = {}
    line = 1
    for one in statements_of(text):
        if one.path:
            name = one.path[0]
            if one.kind == "header" and one.many and len(one.path) == 1:
                counted[name] = counted.get(name, -1) + 1
            nth = (counted[name],) if name in counted else ()
            skipped = len(one.text) - len(one.text.lstrip("\n"))
            found.append(((name, *nth, *one.path[1:]), line + skipped))
        line += one.text.count("\n")
    return found


def _line_of(
    place: Sequence[str | int], places: list[tuple[tuple[str | int, ...], int]]
) -> int | None:
    """The line of a place, or of what it stands in; None where the file says nothing of either."""
    for length in range(len(place), 0, -1):
        for path, line in places:
            if path[:length] == tuple(place[:length]):
                return line
    return None
