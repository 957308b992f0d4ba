"""A paper as far as it is typed: its faults, and the audit of what can be read already."""

from __future__ import annotations

import copy
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avidity.errors import AvidityError
from avidity.papers.audit import Audit, audit
from avidity.papers.paper import Paper
from avidity.papers.paper_file import checked
from avidity.papers.paper_lines import Place, lines_of
from avidity.papers.paper_sense import Fault
from avidity.study import toml_of

ROUNDS = 4  # of leaving out what is wrong


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """What a draft's text gives.

    content  as TOML reads it; None where it is no TOML, and ``trouble`` says why
    faults   what is wrong or still missing
    paper    what was audited; left_out tells how many entries had to be left aside for it
    """

    text: str
    content: Mapping[str, Any] | None
    faults: tuple[Fault, ...] = ()
    paper: Paper | None = None
    found: Audit | None = None
    left_out: int = 0
    trouble: str = ""

    @property
    def whole(self) -> bool:
        """Whether the file is without fault: only then are there reports and a rebuilding."""
        return self.paper is not None and not self.faults and not self.left_out


def check_text(text: str) -> CheckedPaper:
    """Read, check and audit a draft."""
    try:
        content = toml_of(text)
    except tomllib.TOMLDecodeError as error:
        return CheckedPaper(text, None, trouble=f"paper.toml is no valid TOML: {error}")
    paper, faults = checked(content)
    left_out = 0
    lines = lines_of(text)
    if paper is None:
        paper, left_out = _rest(content, faults)
        lines = {}  # the places have moved
    if paper is None:
        return CheckedPaper(text, content, tuple(faults))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    paper = paper.model_copy(update={"folder": Path("paper"), "sha256": sha256, "lines": lines})
    try:
        found = audit(paper)
    except AvidityError as error:
        return CheckedPaper(text, content, tuple(faults), paper, None, left_out, str(error))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        if not faults:
            raise
        found = None  # half a paper: names that lead nowhere
    return CheckedPaper(text, content, tuple(faults), paper, found, left_out)


def _rest(content: Mapping[str, Any], faults: Sequence[Fault]) -> tuple[Paper | None, int]:
    """The paper without the entries that are wrong, as far as it can be read then."""
    rest: Any = copy.deepcopy(dict(content))
    left_out = 0
    if isinstance(rest.get("paper"), dict) and not rest["paper"].get("title"):
        rest["paper"]["title"] = "–"  # what it is called does not matter to its figures
        faults = checked(rest)[1]
    for _ in range(ROUNDS):
        if not faults:
            return checked(rest)[0], left_out
        places = {fault.place for fault in faults}
        gone = sum(_drop(rest, place) for place in places)
        rest = _compact(rest)
        left_out += gone
        paper, faults = checked(rest)
        if paper is not None:
            return paper, left_out
        if not gone:
            return None, left_out
    return None, left_out


def _drop(content: object, place: Place) -> bool:
    """Leave out what stands there; where something is missing, the entry it is missing in."""
    here: Any = content
    ways: list[tuple[Any, Any]] = []
    for step in place:
        inside = isinstance(here, dict) and step in here
        inside = inside or (isinstance(here, list) and isinstance(step, int) and step < len(here))
        if not inside:
            break
        ways.append((here, step))
        here = here[step]
    missing = len(ways) < len(place)
    for above, step in reversed(ways):
        if missing and not isinstance(above, list):
            continue
        above[step] = _GONE
        return True
    return False


_GONE = object()


def _compact(value: object) -> object:
    if isinstance(value, dict):
        return {key: _compact(one) for key, one in value.items() if one is not _GONE}
    if isinstance(value, list):
        return [_compact(one) for one in value if one is not _GONE]
    return value
