"""A document as JSON and back: what a reader of a later day needs to show the same report.

Every block is an object that says what it is; fields at their defaults are left out. Pictures keep
their size alone: their bytes are files of their own.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, cast

from avidity.report import document as words
from avidity.report.document import Document, Picture
from avidity.report.numbering import number

IS = "is"
KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(words.Span, words.Ref, words.Heading, words.Paragraph, words.Bullets, words.Notice),
        *(words.Part, words.Cell, words.Row, words.Column, words.Footnote, words.Table),
        *(words.Figure, words.Item, words.Checklist, words.Properties, words.Document, Picture),
    )
}


def to_json(document: Document) -> bytes:
    """The document, numbered, in UTF-8. Raises TypeError for what no document holds."""
    tree = _plain(number(document))
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Document:
    """What `to_json` wrote. Raises ValueError for anything else."""
    try:
        found = _back(json.loads(data))
    except (KeyError, TypeError) as error:
        raise ValueError("this is no document") from error
    if not isinstance(found, Document):
        raise ValueError("this is no document")  # noqa: TRY004  # its content, not its type
    return found


def _plain(thing: object) -> object:
    if thing is None or isinstance(thing, str | bool):
        return thing
    if isinstance(thing, tuple):
        return [_plain(one) for one in thing]
    if isinstance(thing, Picture):  # a sketch that was drawn is one too
        return {IS: "Picture", "width_mm": thing.width_mm, "height_mm": thing.height_mm}
    if is_dataclass(thing) and type(thing).__name__ in KINDS:
        told: dict[str, object] = {IS: type(thing).__name__}
        for field in fields(thing):
            value = getattr(thing, field.name)
            if field.default is MISSING or value != field.default:
                told[field.name] = _plain(value)
        return told
    if hasattr(thing, "item"):  # a number of an array
        return cast(object, thing.item())
    if isinstance(thing, int | float):
        return thing
    raise TypeError(f"a document has no place for a {type(thing).__name__}")


def _back(thing: object) -> object:
    if isinstance(thing, list):
        return tuple(map(_back, thing))
    if not isinstance(thing, dict):
        return thing
    kind = KINDS[thing.pop(IS)]
    if kind is Picture:
        return Picture(b"", b"", b"", **thing)
    return kind(**{name: _back(value) for name, value in thing.items()})
