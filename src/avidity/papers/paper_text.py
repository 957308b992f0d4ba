"""A paper file's content written as paper.toml: what a form holds becomes a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

ORDER = (
    *("paper", "group", "flow", "variable", "row"),
    *("cross", "roc", "model", "statement", "methods"),
)
BARE = re.compile(r"[A-Za-z0-9_-]+")
Content = Mapping[str, object]


def paper_text(content: Content) -> str:
    """The content as TOML, section by section in the order of the manual.

    content  as `tomllib.loads` gives it: texts, booleans, numbers, lists and tables

    >>> print(paper_text({"group": [{"name": "rair", "n": "32", "event": True}]}), end="")
    [[group]]
    name = "rair"
    n = "32"
    event = true
    """
    ordered = [one for one in ORDER if one in content]
    names = [*ordered, *(one for one in content if one not in ORDER)]
    blocks = []
    loose = [
        f"{written_key(name)} = {written_value(content[name])}"
        for name in names
        if _plain(content[name])
    ]
    if loose:
        blocks.append("\n".join(loose))
    for name in names:
        if not _plain(content[name]):
            blocks += _tables((name,), content[name])
    return "\n\n".join(blocks) + "\n"


def _plain(value: object) -> bool:
    """Whether it stands behind a key; tables and lists of tables have a head of their own."""
    return not isinstance(value, Mapping) and not _several(value)


def _several(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, Mapping) for x in value)


def _of_tables(value: Content) -> bool:
    return all(isinstance(one, Mapping) for one in value.values())


def _tables(way: tuple[str, ...], value: object) -> Iterator[str]:
    """A table or a list of tables, each with what stands below it."""
    name = ".".join(written_key(step) for step in way)
    if isinstance(value, list):
        for one in value:
            yield from _table(way, f"[[{name}]]", one)
    elif isinstance(value, Mapping):
        yield from _table(way, f"[{name}]", value)


def _table(way: tuple[str, ...], head: str, table: Content) -> Iterator[str]:
    lines = [head]
    for key, value in table.items():
        if not _several(value):
            lines += written_lines(written_key(key), value)
    yield "\n".join(lines)
    for key, value in table.items():
        if _several(value):
            yield from _tables((*way, key), value)


def written_lines(name: str, value: object) -> Iterator[str]:
    """``name = value``; a table of tables as ``name.key = { … }``."""
    if isinstance(value, Mapping) and value and _of_tables(value):
        for key, one in value.items():
            yield f"{name}.{written_key(key)} = {written_value(one)}"
        return
    yield f"{name} = {written_value(value)}"


def written_value(value: object) -> str:
    """A value behind its key; a table in braces."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        inside = ", ".join(
            f"{written_key(key)} = {written_value(one)}" for key, one in value.items()
        )
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(written_value(one) for one in value)}]"
    if isinstance(value, str):
        return _quoted(value)
    return str(value)


def written_key(name: str) -> str:
    """A key, in quotation marks where it needs them."""
    return name if BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """A basic string: the escapes of JSON are escapes of TOML; DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
