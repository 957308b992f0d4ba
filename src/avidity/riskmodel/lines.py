"""On which line of a JSON text a place stands, so that a message can say so."""

from __future__ import annotations

import json
import re

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    r"""The line, from 1, where the value at this path begins.

    text  valid JSON
    path  keys and places; a step that leads nowhere is passed over, so that the path of a fault
          leads to the nearest thing that is there

    >>> line_of('{"a": [\n1,\n{"b": 2}]}', ("a", 1, "b"))
    3
    """
    at = _skip(text, 0)
    for step in path:
        at = _into(text, at, step)
    return text.count("\n", 0, at) + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _into(text: str, at: int, step: str | int) -> int:
    """Where the member begins; the same place when there is none."""
    ends = {"{": "}", "[": "]"}.get(text[at])
    if ends is None or (text[at] == "[") != isinstance(step, int):
        return at
    here, place = _skip(text, at + 1), 0
    while text[here] != ends:
        key: str | int = place
        if ends == "}":
            key, here = _DECODER.raw_decode(text, here)
            here = _skip(text, _skip(text, here) + 1)
        if key == step:
            return here
        _, here = _DECODER.raw_decode(text, here)
        here = _skip(text, here)
        if text[here] == ",":
            here = _skip(text, here + 1)
        place += 1
    return at
