"""What surrounds every page: stages, language, person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a study on the way to its results."""

    name: str
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a page.

    said   the key of a sentence about what was just done, or ""
    token  what every form carries
    """

    name: str
    language: str
    languages: tuple[str, ...]
    here: str
    stages: tuple[Stage, ...]
    said: str
    account: str
    role: str
    token: str
    version: str
