"""Sentences that remember how they were made, so that the workbench can say them in French.

A sentence of the library is English. It reaches a page as the finished text, which is equal to
any other text of the same letters; beside that it keeps its pattern and the values in it. The
catalogue ``web/catalogues/sentences.fr.toml`` holds a French pattern for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

Value = str | int | float


class Said(str):
    """A finished English text.

    pattern  the text with its places open, as ``str.format`` reads it
    values   what stands in them: numbers, words, or other sentences; None for a term
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: Mapping[str, Value] | None

    def __new__(cls, pattern: str, values: Mapping[str, object] | None = None) -> Said:
        """The text; a pattern and its values must fit each other."""
        kept = None if values is None else {name: _plain(one) for name, one in values.items()}
        made = super().__new__(cls, pattern if kept is None else pattern.format_map(kept))
        made.pattern = pattern
        made.values = None if kept is None else MappingProxyType(kept)
        return made

    def __str__(self) -> Said:  # so that str(error) is still the sentence it was raised with
        """Itself."""
        return self

    def __copy__(self) -> Said:
        """Itself: it never changes."""
        return self

    def __deepcopy__(self, _: object) -> Said:
        """Itself: it never changes."""
        return self

    def __reduce__(self) -> tuple[type[Said], tuple[str, dict[str, Value] | None]]:
        """How to make it again in another process."""
        return Said, (self.pattern, None if self.values is None else dict(self.values))


def _plain(value: object) -> Value:
    """What can be kept: a number stays a number, so that each language can write it its way."""
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value if isinstance(value, str) else str(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    return str(value)


def say(pattern: str, /, **values: object) -> Said:
    """A sentence.

    pattern  a literal, so that a test can find it and ask for its French
    values   by name; a number as it is, with its format in the pattern (``{share:.1%}``)

    >>> say("{n} rows, {share:.1%} of them blank", n=1200, share=0.5)
    '1200 rows, 50.0% of them blank'
    """
    return Said(pattern, values)


def term(word: str) -> Said:
    """A word with a meaning: a field's label, a definition's title. Unknown ones stay as typed."""
    return word if isinstance(word, Said) else Said(word)


def sentence(text: str) -> Said:
    """A finished text as a sentence, so that it can stand inside another and be said in French."""
    return text if isinstance(text, Said) else Said(text.replace("{", "{{").replace("}", "}}"), {})


def joined(parts: Iterable[str], by: str = ", ") -> Said:
    """Sentences or words with a sign between them (no word: that would need a sentence).

    >>> joined(["a", "b"], "; ")
    'a; b'
    """
    values = {f"part{at}": part for at, part in enumerate(parts)}
    return Said(by.join(f"{{{name}}}" for name in values), values)


def either(words: Iterable[str]) -> str:
    """Words in a row, the last after "or".

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    listed = list(words)
    if len(listed) < 2:
        return listed[0] if listed else ""
    return say("{words} or {last}", words=joined(listed[:-1]), last=listed[-1])


def to_json(text: str) -> str:
    """A text with what it remembers, for a store.

    >>> to_json(say("{n} rows", n=3))
    '{"say": "{n} rows", "with": {"n": 3}}'
    """
    return json.dumps(_told(text), ensure_ascii=False)


def from_json(kept: str) -> str:
    """The text that was kept by `to_json`."""
    return _again(json.loads(kept))  # type: ignore[return-value]  # a text went in


def _told(value: Value) -> object:
    if not isinstance(value, Said):
        return value
    if value.values is None:
        return {"term": value.pattern}
    return {"say": value.pattern, "with": {name: _told(one) for name, one in value.values.items()}}


def _again(kept: Any) -> Value:  # noqa: ANN401  # JSON
    if not isinstance(kept, dict):
        return kept  # type: ignore[no-any-return]
    if "term" in kept:
        return Said(kept["term"])
    return Said(kept["say"], {name: _again(one) for name, one in kept["with"].items()})
