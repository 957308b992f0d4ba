"""study.toml with the blocks of one [[table]] changed, added, taken out or put in another order.

As in `rewrite`, every other line stays as it was typed, and so does each block that is not changed.
The result is read again and must say exactly what was meant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avidity.errors import StudyFileError
from avidity.said import say
from avidity.steps.rewrite import Statement, filled, key_name, key_of, statements_of, written


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it is wanted.

    at       which of the file's blocks it was, from 0; None for a new one
    content  what it is to say; None for what it says
    """

    at: int | None
    content: Mapping[str, object] | None = None


def rewrite_blocks(text: str, table: str, wanted: Sequence[Block]) -> str:
    """The study file with these blocks of a table in place of those it has.

    raises  StudyFileError when the file is no TOML, or is laid out so that it cannot be changed
            without touching more
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    line_end = "\r\n" if "\r\n" in text else "\n"
    plain = text.removeprefix(mark).replace("\r\n", "\n")
    try:
        before = tomllib.loads(plain)
        found = list(statements_of(plain))
        made = "".join(_put_together(found, table, before.get(table, []), wanted))
        faithful = filled(tomllib.loads(made)) == filled(_meant(before, table, wanted))
    except tomllib.TOMLDecodeError as error:
        raise StudyFileError(say("study.toml is no valid TOML: {error}", error=error)) from None
    if not faithful:
        raise StudyFileError(
            f"study.toml is laid out in a way in which [[{table}]] cannot be changed here without"
            " touching more than was asked; change it in its text"
        )
    return mark + made.replace("\n", line_end)


def _meant(before: Mapping[str, Any], table: str, wanted: Sequence[Block]) -> dict[str, Any]:
    old = before.get(table, [])
    blocks = [_content(one, old) for one in wanted]
    rest = {key: value for key, value in before.items() if key != table}
    return {**rest, table: blocks} if blocks else rest


def _content(one: Block, old: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    content = one.content if one.content is not None else old[one.at or 0]
    return {
        key: [*value] if isinstance(value, tuple) else value
        for key, value in content.items()
        if value is not None
    }


def _put_together(
    found: Sequence[Statement],
    table: str,
    old: Sequence[Mapping[str, Any]],
    wanted: Sequence[Block],
) -> list[str]:
    """The file's pieces: the wanted blocks fill the places of the old ones, in order."""
    spans = _spans(found, table)
    texts = [
        _text(one, table, found[slice(*spans[one.at])] if one.at is not None else (), old)
        for one in wanted
    ]
    kept = [one.at for one in wanted if one.at is not None]
    in_place = kept == sorted(kept)
    pieces: list[str] = []
    last = 0
    for at, (start, end) in enumerate(spans):
        pieces += [one.text for one in found[last:start]]
        here = kept.index(at) if in_place and at in kept else None if in_place else at
        if here is not None and here < len(kept):
            pieces.append(texts[here])
        elif pieces and not pieces[-1].strip():
            pieces.pop()  # the empty line above a block that is gone
        last = end
    new = texts[len(kept) :]
    tail = [one.text for one in found[last:]] if spans else []
    if not spans:
        pieces = [one.text for one in found]
    for one in new:
        if pieces and not pieces[-1].endswith("\n"):
            pieces[-1] += "\n"
        pieces += ["\n" if pieces and pieces[-1].strip() else "", one]
    return [*pieces, *tail]


def _spans(found: Sequence[Statement], table: str) -> list[tuple[int, int]]:
    """Where each block begins and ends: at its last value, so that remarks after it stay."""
    spans: list[tuple[int, int]] = []
    inside = False
    for at, one in enumerate(found):
        if one.kind == "header":
            inside = one.path[:1] == (table,)
            if inside and len(one.path) == 1 and one.many:
                spans.append((at, at + 1))
        if inside and spans and one.kind in ("header", "value"):
            spans[-1] = (spans[-1][0], at + 1)
    return spans


def _text(
    one: Block, table: str, lines: Sequence[Statement], old: Sequence[Mapping[str, Any]]
) -> str:
    """A block's lines: those whose value stays are kept as they are."""
    if one.at is None or one.content is None:
        if one.content is None:
            return "".join(line.text for line in lines)
        return f"[[{table}]]\n" + "".join(_line(*pair) for pair in one.content.items())
    before, left = old[one.at], dict(_content(one, old))
    kept: list[str] = []
    under: list[str] = []  # tables of the block's own, which must stand behind its plain values
    for line in lines:
        key = line.path[1] if len(line.path) > 1 else ""
        stays = not key or (key in left and left[key] == before.get(key))
        if stays:
            (under if len(line.path) > 2 or (key and line.kind == "header") else kept).append(
                line.text
            )
        elif line.kind == "value" and len(line.path) == 2 and key in left:
            kept.append(f"{key_of(line.text)} = {written(left[key])}{line.tail}\n")
            before = {**before, key: left[key]}
    shown = {key for key, value in left.items() if before.get(key) == value}
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    kept += [_line(key, value) for key, value in left.items() if key not in shown]
    return "".join([*kept, *under])


def _line(key: str, value: object) -> str:
    return "" if value is None else f"{key_name(key)} = {written(value)}\n"
