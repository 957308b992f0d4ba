"""Run: how far the study has come, and the runs before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avidity.web.store.runs import Run
from avidity.web.store.studies import KeptStudy
from avidity.web.words import has


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the list."""

    id: str
    state: str
    asked: str
    ended: str | None
    said: str
    quick: bool
    outdated: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """The run on its way, if there is one, and those before."""

    now: Run | None
    step_key: str
    earlier: tuple[RunLine, ...]
    errors: int
    trouble: str
    patients: int


def run_page(
    study: KeptStudy, runs: Sequence[Run], errors: int, trouble: str, patients: int
) -> RunPage:
    """The page of a study's runs, latest first."""
    alive = next((run for run in runs if run.alive), None)
    earlier = tuple(_line(run, study) for run in runs if not run.alive)
    return RunPage(alive, step_key(alive), earlier, errors, trouble, patients)


def step_key(run: Run | None) -> str:
    """The catalogue's key for the words of a step; "" for a step it does not know."""
    if run is None:
        return ""
    key = f"step.{run.words.replace(' ', '-') or 'beginning'}"
    return key if has(key) else ""


def _line(run: Run, study: KeptStudy) -> RunLine:
    outdated = run.snapshot != study.snapshot
    return RunLine(run.id, run.state, run.asked, run.ended, run.said, run.quick, outdated)
