"""study.toml with some of its keys set anew; every other line stays as it was typed.

Only the statements that change are touched: remarks, order and spacing of the rest are kept. The
result is read again and must say exactly what was meant, or nothing is changed at all.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avidity.errors import StudyFileError
from avidity.said import say

Path = tuple[str, ...]
Changes = Mapping[Path, object]

WIDE = 96  # characters of a line beyond which a list is written item by item
SECTIONS = {("model", "screen"), ("cutoffs", "fixed"), ("sound", "knots")}  # written as [a.b]
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(slots=True)
class Statement:
    """Some lines of the file: a header, a key with its value, or what is neither.

    path    of the table for a header, of the key for a value; () for remarks and empty lines
    many    whether it stands in an array of tables, which is never touched
    table   of a value: the header it stands under
    tail    the remark after a value
    """

    text: str
    kind: str
    path: Path = ()
    many: bool = False
    tail: str = ""
    table: Path = ()


def rewrite(text: str, changes: Changes) -> str:
    """The study file with values set, or keys taken out where the value is None.

    changes  path of a key -> its new value: text, number, yes/no, list, or table
    raises   StudyFileError when the file is no TOML, or is laid out so that it cannot be
             changed without touching more
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    line_end = "\r\n" if "\r\n" in text else "\n"
    plain = text.removeprefix(mark).replace("\r\n", "\n")
    try:
        before = tomllib.loads(plain)
    except tomllib.TOMLDecodeError as error:
        raise StudyFileError(say("study.toml is no valid TOML: {error}", error=error)) from None
    found = list(statements_of(plain))
    wanted = before
    for path, value in changes.items():
        wanted = _with(wanted, path, value)
        _set(found, path, _at(before, path), value)
    made = "".join(one.text for one in found)
    try:
        faithful = filled(tomllib.loads(made)) == filled(wanted)
    except tomllib.TOMLDecodeError:
        faithful = False
    if not faithful:
        raise StudyFileError(
            say(
                "study.toml is laid out in a way that cannot be changed here without touching more"
                " than was asked ({names}); change it in an editor",
                names=", ".join(".".join(path) for path in changes),
            )
        )
    return mark + made.replace("\n", line_end)


def filled(content: object) -> object:
    """The content without empty tables: a header alone says nothing."""
    if isinstance(content, Mapping):
        kept = {key: filled(value) for key, value in content.items()}
        return {key: value for key, value in kept.items() if value != {}}
    return [filled(one) for one in content] if isinstance(content, list) else content


def _at(content: Mapping[str, Any], path: Path) -> object:
    here: Any = content
    for step in path:
        if not isinstance(here, Mapping) or step not in here:
            return None
        here = here[step]
    return here


def _with(content: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    """The content with one place set anew."""
    made = dict(content)
    step, rest = path[0], path[1:]
    if rest:
        inner = made.get(step, {})
        made[step] = _with(inner if isinstance(inner, Mapping) else {}, rest, value)
    elif value is None:
        made.pop(step, None)
    else:
        made[step] = plain_value(value)
    return made


def plain_value(value: object) -> object:
    """A value as TOML reads it back: lists for tuples, nothing for None."""
    if isinstance(value, Mapping):
        return {str(key): plain_value(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    return value


def _set(statements: list[Statement], path: Path, old: object, value: object) -> None:
    """Change, add or take out one key."""
    if plain_value(value) == old and type(value) is not bool:
        return
    whole = next((one for one in statements if one.kind == "value" and one.path == path), None)
    inside = [one for one in statements if one.path[: len(path)] == path and not one.many]
    if whole is not None:
        if value is None:
            statements.remove(whole)
        else:
            whole.text = f"{key_of(whole.text)} = {written(value)}{whole.tail}\n"
    elif value is None:
        for one in inside:
            statements.remove(one)
    elif inside and isinstance(value, Mapping):
        known = old if isinstance(old, Mapping) else {}
        # New keys first: what is taken out afterwards still shows where they belong.
        for name in (*value, *(name for name in known if name not in value)):
            _set(statements, (*path, name), known.get(name), value.get(name))
    else:
        _add(statements, path, value)


def _add(statements: list[Statement], path: Path, value: object) -> None:
    """A new key at the end of its table; a new table at the end of the file."""
    if path in SECTIONS and isinstance(value, Mapping):
        end = _end_of(statements, path[:-1])
        place = len(statements) if end is None else end
        lines = [_header(statements[:place], path)]
        lines += [
            Statement(f"{key_name(key)} = {written(one)}\n", "value", (*path, key), table=path)
            for key, one in value.items()
            if one is not None
        ]
        statements[place:place] = lines
        return
    home = path[:-1]
    if beside := [at for at, one in enumerate(statements) if _dotted(one, home)]:
        last = statements[beside[-1]]
        key = ".".join(map(key_name, path[len(last.table) :]))
        made = Statement(f"{key} = {written(value)}\n", "value", path, table=last.table)
        statements.insert(beside[-1] + 1, made)
        return
    line = Statement(f"{key_name(path[-1])} = {written(value)}\n", "value", path, table=home)
    at = _end_of(statements, home)
    if at is None:
        statements.append(_header(statements, home))
        at = len(statements)
    statements.insert(at, line)


def _header(before: Sequence[Statement], path: Path) -> Statement:
    """The header of a new table, an empty line above it."""
    apart = "\n" if before and before[-1].text.strip() else ""
    return Statement(f"{apart}[{'.'.join(map(key_name, path))}]\n", "header", path)


def _dotted(statement: Statement, home: Path) -> bool:
    """Whether a value of this table is written with points, under a header further out."""
    inside = statement.kind == "value" and not statement.many and statement.path[:-1][: len(home)]
    return inside == home and len(statement.table) < len(home)


def _end_of(statements: list[Statement], table: Path) -> int | None:
    """Where a table's last value ends; None for a table that is not there."""
    found = None if table else 0
    here: Path = ()
    for at, one in enumerate(statements):
        if one.kind == "header":
            here = one.path if not one.many else ("\0",)
        if here == table and one.kind in ("header", "value"):
            found = at + 1
    if found is not None and found > 0 and not statements[found - 1].text.endswith("\n"):
        statements[found - 1].text += "\n"
    elif statements and not statements[-1].text.endswith("\n"):
        statements[-1].text += "\n"
    return found


def key_name(key: str) -> str:
    """A key as TOML writes it, in quotation marks where it must be."""
    return key if _BARE.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def written(value: object) -> str:
    """A value as TOML; a long list item by item."""
    if isinstance(value, Mapping):
        pairs = (
            f"{key_name(key)} = {_short(one)}" for key, one in value.items() if one is not None
        )
        return f"{{ {', '.join(pairs)} }}"
    short = _short(value)
    if isinstance(value, list | tuple) and len(short) > WIDE:
        return "[\n" + "".join(f"    {_short(one)},\n" for one in value) + "]"
    return short


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return written(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(_short(one) for one in value)}]"
    return repr(value)


def statements_of(text: str) -> Iterator[Statement]:
    """The file cut into statements, each with its whole lines."""
    table: Path = ()
    many = False
    for piece, value_end in _pieces(text):
        bare = piece.strip()
        if not bare or bare.startswith("#"):
            yield Statement(piece, "remark")
        elif bare.startswith("["):
            many = bare.startswith("[[")
            inner = bare[: value_end - (len(piece) - len(piece.lstrip()))]
            table = _path(tomllib.loads(inner))
            yield Statement(piece, "header", table, many)
        else:
            key = key_of(piece)
            path = (*table, *_path(tomllib.loads(f"{key} = 0")))
            tail = piece[value_end:].rstrip("\n")
            yield Statement(piece, "value", path, many, tail if tail.strip() else "", table)


def key_of(piece: str) -> str:
    """What stands before the first equals sign outside quotation marks."""
    found = re.match(r"""\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^="'])+""", piece)
    return found[0].strip() if found else ""


def _path(content: Mapping[str, Any]) -> Path:
    """The one path a header or a key alone leads to."""
    steps: list[str] = []
    here: Any = content
    while isinstance(here, Mapping | list) and here:
        if isinstance(here, list):
            here = here[0]
            continue
        step = next(iter(here))
        steps.append(step)
        here = here[step]
    return tuple(steps)


_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'|"
    r"#[^\n]*|[\[\]{}]|\n|[^\"'#\[\]{}\n]+|.",
    re.DOTALL,
)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Each statement with its line ends, and where what it says ends before a remark."""
    start, depth, said = 0, 0, 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in ("[", "{"):
            depth += 1
        elif sign in ("]", "}"):
            depth -= 1
        if sign == "\n" and depth <= 0:
            yield text[start : token.end()], said - start
            start = said = token.end()
        elif not sign.startswith("#") and sign.strip():
            said = token.start() + len(sign.rstrip())
    if start < len(text):
        yield text[start:], said - start
