"""Text that every file format can hold: no control signs, and none that turn the reading order."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

Thing = TypeVar("Thing")

# XML knows no control signs but tab and line ends; the marks of direction could make a
# sentence read otherwise than it is stored; half characters cannot be stored at all.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def legible(thing: Thing) -> Thing:
    r"""The same thing with every text in it, however deep, free of signs no file can hold.

    Looks into tuples and frozen dataclasses; what needs no change is given back as it is.

    >>> legible(("Tg\x07 < 0.1", 3))
    ('Tg < 0.1', 3)
    """
    if isinstance(thing, str):
        return cast(Thing, _UNFIT.sub("", thing)) if _UNFIT.search(thing) else thing
    if isinstance(thing, tuple):
        clean = tuple(legible(part) for part in thing)
        same = all(new is old for new, old in zip(clean, thing, strict=True))
        return thing if same else cast(Thing, clean)
    if is_dataclass(thing) and not isinstance(thing, type):
        return cast(Thing, _clean_fields(thing))
    return thing


def _clean_fields(thing: Any) -> Any:  # noqa: ANN401  # any frozen dataclass at all
    old = {field.name: getattr(thing, field.name) for field in fields(thing)}
    changed = {name: new for name, was in old.items() if (new := legible(was)) is not was}
    return replace(thing, **changed) if changed else thing
