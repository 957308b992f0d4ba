"""History: who did what to a study, when and why; whether the record of it is whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avidity.web.store.actions import Action
from avidity.web.store.history import Change, Deed, LoggedPage
from avidity.web.store.trail import OUTSIDE, Verdict
from avidity.web.words import has

ON_A_PAGE = 50
SHORT = 12  # signs of an id or a hash that are shown
_COUNTED = re.compile(r"(columns matched): (\d+)")
_ANSWERED = re.compile(r"(override|override taken back), ([a-z-]+) to ([a-z-]+)")
_SUBJECT = re.compile(r"row (\d+) of ([0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was done: a key of the catalogues with its values, or the log's own words.

    values   what is filled in
    answers  keys of answers among them: before and after
    words    where the catalogues have no key
    """

    key: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody decided; the row is that of the patients' table, never an id."""

    text: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed as it is shown."""

    at: str
    actor: str
    outside: bool
    told: tuple[Told, ...]
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    broken: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A study's deeds, the latest first.

    own  whether whoever looks is the owner
    """

    entries: tuple[Entry, ...]
    verdict: Verdict
    total: int
    page: int
    pages: int
    own: bool


def history_page(deeds: Sequence[Deed], verdict: Verdict, page: int, *, own: bool) -> HistoryPage:
    """The page of a study's history."""
    pages = max(1, -(-len(deeds) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    shown = deeds[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    entries = tuple(_entry(one, verdict) for one in shown)
    return HistoryPage(entries, verdict, len(deeds), page, pages, own)


def _entry(deed: Deed, verdict: Verdict) -> Entry:
    told = tuple(told_action(one) for one in deed.actions) or _by_rows(deed.changes)
    reasons = tuple(
        Reason(note.reason, found[1] if (found := _SUBJECT.fullmatch(note.subject)) else "")
        for note in deed.notes
        if note.reason
    )
    broken = any(one.id == verdict.broken for one in deed.changes)
    outside = deed.actor in ("", OUTSIDE)
    return Entry(deed.at, deed.actor, outside, told, reasons, deed.changes, broken)


def told_action(action: Action) -> Told:
    """A line of the log of actions in words."""
    said = action.action
    if found := _COUNTED.fullmatch(said):
        return Told(_key(found[1]), {"n": int(found[2])})
    if found := _ANSWERED.fullmatch(said):
        answers = {"before": f"answer.{found[2]}", "after": f"answer.{found[3]}"}
        if all(map(has, answers.values())):
            return Told(_key(found[1]), answers=answers)
    return Told(_key(said)) if has(_key(said)) else Told(words=said)


def _key(said: str) -> str:
    return f"deed.{said.replace(' ', '-')}"


def _by_rows(changes: Sequence[Change]) -> tuple[Told, ...]:
    """What the program itself did, read from the rows it wrote; files of a run are one thing."""
    told = [found for one in changes if (found := _by_row(one))]
    return tuple(told) or (Told("deed.rows", {"n": len(changes)}),)


def _by_row(change: Change) -> Told | None:
    moved = change.moved
    if change.about == "runs" and "state" in moved and has(f"deed.run-{change.new.get('state')}"):
        return Told(f"deed.run-{change.new['state']}")
    if change.about == "snapshots" and change.change == "update" and "cohort" in moved:
        return Told("deed.read", {"n": change.new.get("patients") or 0})
    return None


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """A line of the whole log; ``study`` is an id of ours."""

    at: str
    actor: str
    told: Told
    study: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Everybody's actions, the latest first."""

    lines: tuple[LoggedLine, ...]
    verdict: Verdict
    total: int
    page: int
    pages: int


def log_page(found: LoggedPage, verdict: Verdict, page: int, pages: int) -> LogPage:
    """The page of the whole log."""
    lines = tuple(LoggedLine(one.at, one.actor, told_action(one), one.study) for one in found.lines)
    return LogPage(lines, verdict, found.total, page, pages)
