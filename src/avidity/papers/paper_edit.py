"""A paper file changed where its content changed; every other line stays as it was typed.

Remarks, order and spacing are kept. A remark right above an entry goes with it; one with an empty
line below it is a heading and stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from avidity.papers.paper_blocks import Block, Line, blocks_of, home_of, is_several, slot, written
from avidity.papers.paper_lines import Place
from avidity.papers.paper_text import paper_text, written_key, written_lines, written_value

NAMES = ("name", "variable", "fact", "reason")
Content = Mapping[str, Any]


def edited(text: str, wanted: Content) -> str:
    r"""The file with this content.

    text     a valid TOML text
    wanted   the content it shall have, as `tomllib.loads` gives it

    >>> edited('# mine\n[paper]\ntitle = "a"  # the title\n', {"paper": {"title": "b"}})
    '# mine\n[paper]\ntitle = "b"  # the title\n'
    """
    plain = text.replace("\r\n", "\n")
    before = tomllib.loads(plain)
    if before == wanted:
        return text
    blocks, tail = blocks_of(plain)
    _table(blocks, (), before, wanted)
    made = "".join(block.text for block in blocks) + tail
    try:
        faithful = tomllib.loads(made) == wanted
    except tomllib.TOMLDecodeError:
        faithful = False
    # A file laid out otherwise, with lists of tables behind a key, is written anew.
    made = made if faithful else paper_text(wanted)
    return made.replace("\n", "\r\n") if "\r\n" in text else made


def _table(blocks: list[Block], place: Place, before: Content, wanted: Content) -> None:
    """Change what differs within one table."""
    for key, old in before.items():
        new = wanted.get(key)
        if new == old:
            continue
        here = (*place, key)
        if _opened(blocks, here) and _same_kind(old, new):
            if isinstance(old, list):
                _entries(blocks, here, old, new or [])
            else:
                _table(blocks, here, old, new or {})
        elif isinstance(old, dict) and isinstance(new, dict) and _dotted(blocks, here):
            _table(blocks, here, old, new)
        else:
            _value(blocks, here, new)
    for key, new in wanted.items():
        if key not in before:
            _add(blocks, (*place, key), new)


def _opened(blocks: Sequence[Block], place: Place) -> bool:
    """Whether a header stands for it or for something in it."""
    return any(block.place[: len(place)] == place for block in blocks)


def _same_kind(old: object, new: object) -> bool:
    if isinstance(old, list):
        return new is None or (isinstance(new, list) and all(isinstance(x, dict) for x in new))
    return isinstance(old, dict) and isinstance(new, dict)


def _dotted(blocks: Sequence[Block], place: Place) -> bool:
    """Whether it is written as ``count.yes = …``."""
    return any(
        line.place[: len(place)] == place and len(line.place) > len(place)
        for block in blocks
        for line in block.lines
    )


def _value(blocks: list[Block], place: Place, new: object) -> None:
    """A value, written anew in its place or taken out."""
    homes = [(block, line) for block in blocks for line in block.lines if line.place == place]
    if new is not None and homes and not is_several(new):
        line = homes[0][1]
        typed = written_value(new)
        line.text = line.text[: line.start] + typed + line.text[line.end :]
        line.end = line.start + len(typed)
        return
    _drop(blocks, place)
    if new is not None:
        _add(blocks, place, new)


def _drop(blocks: list[Block], place: Place) -> None:
    for block in list(blocks):
        if block.place[: len(place)] == place and place:
            _take_away(blocks, block)
            continue
        for line in list(block.lines):
            if line.place[: len(place)] == place:
                _take_out(block, line)


def _take_out(block: Block, line: Line) -> None:
    """Take a line out; its remarks stay."""
    said = re.sub(r"^[ \t]*", "", line.text[line.end :])
    kept = "".join(takewhile(_is_remark, line.text[: line.start].splitlines(keepends=True)))
    kept += said if said.startswith("#") else ""
    at = block.lines.index(line)
    del block.lines[at]
    if at < len(block.lines):
        after = block.lines[at]
        after.text = kept + after.text
        after.start, after.end = after.start + len(kept), after.end + len(kept)
    elif at:
        block.lines[at - 1].text += kept
    else:
        block.head += kept


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _take_away(blocks: list[Block], block: Block) -> None:
    """Take an entry away; the headings above it stay."""
    at = blocks.index(block)
    lines = block.above.splitlines(keepends=True)
    while lines and lines[-1].strip():
        lines.pop()  # the remark that belongs to it
    above = "".join(lines) if any(line.strip() for line in lines) else ""
    del blocks[at]
    if at < len(blocks):
        after = blocks[at]
        after.above = above.rstrip("\n") + "\n" * bool(above) + after.above
    elif above:
        blocks[-1].head += "" if blocks[-1].lines else above
        if blocks[-1].lines:
            blocks[-1].lines[-1].text += above


def _entries(blocks: list[Block], place: Place, old: Sequence[Any], new: Sequence[Any]) -> None:
    """A list of tables: entries are known again by what they are called."""
    pairs = _pairs([_called(one) for one in old], [_called(one) for one in new])
    for at in reversed(range(len(old))):
        if at not in pairs.values():
            _drop(blocks, (*place, at))
    for at, from_ in pairs.items():
        _table(blocks, (*place, from_), old[from_], new[at])
    groups: dict[int, list[Block]] = {}
    for at, one in enumerate(new):  # places are given anew, in the new order
        if at in pairs:
            found = [x for x in blocks if x.place[: len(place) + 1] == (*place, pairs[at])]
            groups[at] = found
        else:
            text = "".join(f"\n{piece}\n" for piece in written(place, [one]))
            groups[at] = [Block((*place, at), "", text)]
    _put_down(blocks, place, groups)


def _put_down(blocks: list[Block], place: Place, groups: Mapping[int, list[Block]]) -> None:
    """The entries of a list in their order, where the list stood."""
    held = [block for found in groups.values() for block in found]
    known = [at for at, one in enumerate(blocks) if any(one is x for x in held)]
    if known:
        start = known[0]
        rest = blocks[: known[-1] + 1]
        between = [x for x in rest[start:] if all(x is not one for one in held)]
        blocks[start : known[-1] + 1] = [*held, *between]
    else:
        start = home_of(blocks, place)
        blocks[start:start] = held
    for at, found in groups.items():
        for block in found:
            block.place = (*place, at, *block.place[len(place) + 1 :])
            for line in block.lines:
                line.place = (*place, at, *line.place[len(place) + 1 :])


def _called(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return next((f"{key} {entry[key]}" for key in NAMES if entry.get(key)), "")


def _pairs(old: list[str], new: list[str]) -> dict[int, int]:
    """The new place of each entry that was there -> its old one; each used once."""
    if len(old) == len(new):
        return dict(zip(range(len(new)), range(len(old)), strict=True))
    found: dict[int, int] = {}
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind in ("equal", "replace"):
            found |= dict(zip(range(c, d), range(a, b), strict=False))
    return found


def _add(blocks: list[Block], place: Place, new: object) -> None:
    """A key that was not there: a line of its table, or blocks of its own."""
    if len(place) == 1 or is_several(new):
        text = "".join(f"\n{piece}\n" for piece in written(place, new))
        at = home_of(blocks, place)
        blocks[at:at] = [Block((*place, 0) if isinstance(new, list) else place, "", text)]
        return
    home = next((x for x in blocks if x.place == place[:-1]), None)
    if home is None:  # a table within a table, written with points
        beside = [(b, x) for b in blocks for x in b.lines if x.place[:-1] == place[:-1]]
        home = beside[-1][0] if beside else _above(blocks, place)
    key = ".".join(written_key(str(step)) for step in place[len(home.place) :])
    lines = [Line(place, f"{text}\n", 0, 0) for text in written_lines(key, new)]
    for line in lines:
        line.start = line.end = len(line.text) - 1
    at = slot(home, place)
    home.lines[at:at] = lines


def _above(blocks: list[Block], place: Place) -> Block:
    """The innermost table that is opened above a place; made when there is none."""
    for depth in range(len(place) - 1, 0, -1):
        found = next((x for x in blocks if x.place == place[:depth]), None)
        if found is not None:
            return found
    made = Block(place[:1], "", f"\n[{written_key(str(place[0]))}]\n")
    blocks.insert(home_of(blocks, place), made)
    return made
