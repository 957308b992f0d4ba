"""What the fields of results mean, read from the words of their own classes, for the manual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from inspect import getdoc
from typing import Any, get_args, get_type_hints

ENTRY = re.compile(r"(\w+(?:, \w+)*) {2,}(\S.*)")


def shapes(kind: type) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each dataclass a result is made of, itself first: name, what it is, words of its fields.

    A field the class says nothing of has empty words: its name says it.
    """
    for one in _reachable(kind, []):
        told = _told(getdoc(one) or "")
        yield (
            one.__name__,
            _summary(one),
            {field.name: told.get(field.name, "") for field in fields(one)},
        )


def _reachable(kind: Any, seen: list[type]) -> list[type]:  # noqa: ANN401  # any type hint
    if isinstance(kind, type) and is_dataclass(kind):
        if kind in seen:
            return seen
        seen.append(kind)
        for hint in get_type_hints(kind).values():
            _reachable(hint, seen)
    for part in get_args(kind):
        _reachable(part, seen)
    return seen


def _summary(kind: type) -> str:
    return (getdoc(kind) or "").split("\n\n")[0].replace("\n", " ")


def _told(text: str) -> dict[str, str]:
    """The aligned lines of a docstring: ``low, high   the ends``, with what runs on below."""
    told: dict[str, str] = {}
    names: list[str] = []
    for line in text.splitlines():
        match = ENTRY.match(line)
        if match:
            names = match[1].split(", ")
            told |= dict.fromkeys(names, match[2])
        elif line.startswith("    ") and names:
            told |= {name: f"{told[name]} {line.strip()}" for name in names}
        else:
            names = []
    return told
