"""Reading paper.toml: the frozen paper, or every fault of the file with its line."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from avidity.errors import PaperError, StudyFileError
from avidity.papers.paper import Paper, Row
from avidity.papers.paper_lines import Place, lines_of
from avidity.papers.paper_sense import Fault, sense
from avidity.study import load_toml

OWN = ("folder", "sha256", "lines")  # set here, never typed
FILE = "paper.toml"


def read_paper(path: Path) -> Paper:
    """The paper in a file, or in the paper.toml of a folder.

    raises  PaperError with every fault of the file, each with its line and what must hold
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise PaperError(
            f"there must be a paper file at {file}; none was found."
            f" 'avidity paper init {path}' makes one"
        )
    try:
        raw, content = load_toml(file)
    except StudyFileError as error:
        raise PaperError(str(error)) from None
    lines = lines_of(raw.decode("utf-8-sig"))
    paper, faults = checked(content)
    if paper is None or faults:
        raise PaperError(_told(file.name, faults, lines))
    digest = hashlib.sha256(raw).hexdigest()
    return paper.model_copy(update={"folder": file.parent, "sha256": digest, "lines": lines})


def checked(content: dict[str, Any]) -> tuple[Paper | None, list[Fault]]:
    """A paper file's content as a paper, and its faults.

    When single values are wrong the rest is still read, so that all faults are told at once.
    """
    faults = [Fault((name,), "is no word of a paper file; take it out") for name in OWN]
    faults = [fault for fault in faults if fault.place[0] in content]
    content = {name: value for name, value in content.items() if name not in OWN}
    try:
        paper = Paper.model_validate(content)
    except ValidationError as error:
        found = [_fault(one) for one in error.errors(include_url=False)]
        rest = _rest(content, error.errors(include_url=False))
        parts = {fault.place[:2] for fault in found}
        more = [fault for fault in sense(rest) if fault.place[:2] not in parts] if rest else []
        return None, [*faults, *found, *more]
    return paper, [*faults, *sense(paper)]


def _rest(content: dict[str, Any], errors: Iterable[ErrorDetails]) -> Paper | None:
    """The paper without the values that are wrong, if it can be read without them.

    A number that has to be there is taken as "0": what it is does not matter to the file's sense.
    """
    wrong = {error["loc"]: error["type"] == "extra_forbidden" for error in errors}
    for needed in (False, True):
        with contextlib.suppress(ValidationError):
            return Paper.model_validate(_without(content, wrong, (), needed))
    return None


def _without(value: object, wrong: dict[Place, bool], here: Place, needed: bool) -> object:
    if isinstance(value, dict):
        kept = {}
        for key, one in value.items():
            place = (*here, key)
            if place not in wrong:
                kept[key] = _without(one, wrong, place, needed)
            elif needed and not wrong[place]:
                kept[key] = "0"
        return kept
    if isinstance(value, list):
        return [_without(one, wrong, (*here, index), needed) for index, one in enumerate(value)]
    return value


def _fault(error: ErrorDetails) -> Fault:
    place = tuple(step for step in error["loc"] if step != "[key]")
    found = error["input"]
    plain = isinstance(found, bool | int | float | str)
    if error["type"] == "extra_forbidden":
        return Fault(place, f"is no word of a paper file{_meant(place)}")
    if error["type"] == "missing":
        return Fault(place, "must be there; nothing was found")
    if error["type"] in ("tuple_type", "dict_type", "mapping_type", "model_type"):
        return Fault(place, _shape(place, error["type"]), _shown(found) if plain else "")
    said = error["msg"].removeprefix("Value error, ").replace("Input should", "must")
    said = said.replace("String should match pattern", "must be a name that matches")
    said = said.replace("String should", "must")
    return Fault(place, said, _shown(found) if plain else "")


def _shape(place: Place, kind: str) -> str:
    """How a part has to be typed that was typed as something else."""
    name = ".".join(step for step in place if isinstance(step, str))
    if kind == "model_type":
        return f"must be a section with keys of its own: [{name}] on a line, the keys below it"
    if kind == "tuple_type" and _part(_field(place)) is not None:
        return f"must stand once for each: [[{name}]] on a line, the keys below it"
    if kind == "tuple_type":
        return 'must be a list of names, such as ["i", "ii"]'
    last = [step for step in place if isinstance(step, str)][-1]
    if str(_field(place)).count("Mapping[") > 1 or last not in Row.model_fields:
        return 'must be by answer and then by group, such as count.yes = { GROUP = "18" }'
    return f'must be by group, such as {last} = {{ GROUP = "5" }}'


def _field(place: Place) -> object:
    """The type of what may stand at a place; None where nothing may."""
    kind: object = Paper
    for step in place:
        if isinstance(step, str):
            part = _part(kind)
            if not isinstance(part, type) or not issubclass(part, BaseModel):
                return None
            fields = {(one.alias or name): one for name, one in part.model_fields.items()}
            kind = fields[step].annotation if step in fields else None
    return kind


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _meant(place: Place) -> str:
    """The words that may stand there, the likeliest first."""
    kind = _part(_field(place[:-1]))
    if not isinstance(kind, type) or not issubclass(kind, BaseModel):
        return ""
    words = [(one.alias or name) for name, one in kind.model_fields.items() if name not in OWN]
    close = difflib.get_close_matches(str(place[-1]), words, n=1)
    return f"; did you mean {close[0]}?" if close else f"; it may be {', '.join(words)}"


def _part(annotation: object) -> object:
    """The part of a paper that a type holds, if it holds one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((one for part in typing.get_args(annotation) if (one := _part(part))), None)


def _told(name: str, faults: Iterable[Fault], lines: dict[Place, int]) -> str:
    """One line for each fault: file, line, what must hold, what was there."""
    numbered = sorted((_line(fault.place, lines), _sentence(fault)) for fault in faults)
    return "\n".join(f"{name}, line {line}: {sentence}" for line, sentence in numbered)


def _line(place: Place, lines: dict[Place, int]) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _sentence(fault: Fault) -> str:
    place = ".".join(step for step in fault.place if isinstance(step, str)) or "the file"
    return f"{place} {fault.must}" + (f", found {fault.found!r}" if fault.found else "")
