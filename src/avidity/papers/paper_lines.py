"""On which line each part of a TOML file stands.

The standard library reads TOML and forgets the lines. This looks at a text already known to be
valid and notes, for every key, table and element, the line where it begins.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass

Place = tuple[str | int, ...]

KEY = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
LONG = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}', re.DOTALL)
SHORT = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
PLAIN = re.compile(r"[^,\]}#\n]*")
SPACE = re.compile(r"[ \t]*")
BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


def lines_of(text: str) -> dict[Place, int]:
    r"""Line numbers, from 1, of every place in a valid TOML text.

    A place is the way to a value through keys (texts) and positions (numbers from 0):
    ``("row", 2, "count", "yes")``. A table that is opened several times (``[a.b]``, ``[a.c]``,
    dotted keys) stands where it was first named.

    >>> lines_of('[[row]]\nvariable = "age"\nmean = { rair = "5" }')[("row", 0, "mean", "rair")]
    3
    """
    return _Walk(text).places


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a key with its value.

    place        of the table a header opens, or of the value
    start, end   in the text, from the header or key to the last sign of what it says
    value        where the value begins; -1 for a header
    """

    place: Place
    start: int
    end: int
    value: int = -1


def statements_of(text: str) -> list[Statement]:
    r"""Every header and every key with its value of a valid TOML text, in their order.

    text  lines end with a line feed alone
    """
    return _Walk(text).statements


class _Walk:
    """One pass over the text; ``at`` is how far it has come."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text.replace("\r\n", "\n"), 0
        self.ends = [match.start() for match in re.finditer("\n", self.text)]
        self.places: dict[Place, int] = {}
        self.several: dict[Place, int] = {}  # arrays of tables -> how many so far
        self.statements: list[Statement] = []
        table: Place = ()
        while self._skip(BLANK):
            begins = self.at
            if self._peek() == "[":
                table = self._header()
                self.statements.append(Statement(table, begins, self.at))
            else:
                here, value = self._pair(table)
                said = value + len(self.text[value : self.at].rstrip(" \t"))
                self.statements.append(Statement(here, begins, said, value))

    def _header(self) -> Place:
        """``[a.b]`` or ``[[a.b]]``: the table that the pairs below belong to."""
        array = self.text.startswith("[[", self.at)
        begins = self.at
        self.at += 2 if array else 1
        keys = self._keys()
        self.at += 2 if array else 1
        here: Place = ()
        for depth, key in enumerate(keys):
            here = (*here, key)
            last = depth == len(keys) - 1
            if last and array:
                self.several[here] = self.several.get(here, 0) + 1
            self._note(here, begins)
            if here in self.several:
                here = (*here, self.several[here] - 1)
                self._note(here, begins)
        return here

    def _pair(self, table: Place) -> tuple[Place, int]:
        """``key = value`` in a table; the place of the value, and where it begins."""
        begins, here = self.at, table
        for key in self._keys():
            here = (*here, key)
            self._note(here, begins)
        self.at += 1  # the equals sign
        self._take(SPACE)
        value = self.at
        self._value(here)
        return here, value

    def _value(self, here: Place) -> None:
        if self._peek() == "[":
            self._array(here)
        elif self._peek() == "{":
            self._inline(here)
        elif not self._take(LONG) and not self._take(SHORT):
            self._take(PLAIN)

    def _array(self, here: Place) -> None:
        self.at += 1
        number = 0
        while self._skip(BLANK) and self._peek() != "]":
            place = (*here, number)
            self._note(place, self.at)
            self._value(place)
            self._skip(BLANK)
            if self._peek() == ",":
                self.at += 1
            number += 1
        self.at += 1

    def _inline(self, here: Place) -> None:
        self.at += 1
        while self._skip(BLANK) and self._peek() != "}":
            self._pair(here)
            self._skip(BLANK)
            if self._peek() == ",":
                self.at += 1
        self.at += 1

    def _keys(self) -> list[str]:
        """A dotted key."""
        found = []
        while match := KEY.match(self.text, self.at):
            self.at = match.end()
            found.append(_plain(match[1]))
            if self._peek() != ".":
                break
            self.at += 1
        return found

    def _note(self, place: Place, position: int) -> None:
        self.places.setdefault(place, bisect_left(self.ends, position) + 1)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, what: re.Pattern[str]) -> bool:
        match = what.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match is not None

    def _skip(self, what: re.Pattern[str]) -> bool:
        """Go past it; whether anything is left."""
        self._take(what)
        return self.at < len(self.text)


def _plain(key: str) -> str:
    """A key without its quotation marks."""
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
