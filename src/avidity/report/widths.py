"""How wide the columns of a table are, for the formats that do not find it themselves."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.report.document import Table
from avidity.report.heads import Head, heads

# Widths are counted in digits of table type: close enough for every font of ours.
LINE = 104.0  # digits that stand side by side on a page of text width
_SPACE = 2.4  # the room between two columns
_UNBROKEN = 28.0  # a number and its interval stay on one line up to this width
_LONGEST = 42.0  # no column asks for more in one line than this before it wraps
_NARROW, _WIDE = set(" .,;:()[]/|!'-ijlrtfI"), set("mwMW%@—±≥≤")


def shares(table: Table) -> tuple[float, ...]:
    """Declared widths in proportion; else what the longest texts ask for and the page allows."""
    least, liked = _wishes(table)
    if any(column.width for column in table.columns):
        asked = _declared([column.width or 1.0 for column in table.columns], least)
    else:
        asked = _fitted(least, liked)
    return tuple(width / sum(asked) for width in asked)


def width(table: Table) -> float:
    """The part of the page's width the table needs, at least a half."""
    if any(column.width for column in table.columns):
        return 1.0
    return min(1.0, max(0.5, sum(_fitted(*_wishes(table))) / LINE))


def _declared(widths: list[float], least: list[float]) -> list[float]:
    """The page in the declared proportions, but no column below what it needs."""
    if sum(least) >= LINE:
        return least
    short: set[int] = set()
    while True:
        room = LINE - sum(least[at] for at in short)
        free = sum(width for at, width in enumerate(widths) if at not in short)
        given = [
            least[at] if at in short else room * width / free for at, width in enumerate(widths)
        ]
        more = {at for at, width in enumerate(given) if width < least[at] - 1e-9}
        if not more:
            return given
        short |= more


def _wishes(table: Table) -> tuple[list[float], list[float]]:
    """For each column the least it needs and what it would like, in digits."""
    least, liked = [], []
    for at in range(len(table.columns)):
        texts = list(_texts(table, at))
        whole = [measure(text) for text in texts]
        longest = max(whole, default=1.0)
        words = [measure(word) for text in texts for word in text.split()]
        if table.columns[at].align == "right":
            words += [width for width in whole[1:] if width <= _UNBROKEN]
        least.append(min(max(words, default=1.0), _LONGEST) + _SPACE)
        liked.append(min(longest, _LONGEST) + _SPACE)
    for head in heads(table):
        _widen(least, head)
    return least, [max(like, low) for like, low in zip(liked, least, strict=True)]


def _widen(least: list[float], head: Head) -> None:
    """See to it that the longest word of a spanning header fits over its columns."""
    over = slice(head.column, head.column + head.columns)
    word = max((measure(word) for word in head.text.split()), default=0.0)
    lacking = min(word, _LONGEST) + _SPACE - sum(least[over])
    if lacking > 0:
        least[over] = [width + lacking / head.columns for width in least[over]]


def measure(text: str) -> float:
    """How wide the text is, in digits."""
    narrow = sum(letter in _NARROW for letter in text)
    wide = sum(letter in _WIDE or letter.isupper() for letter in text)
    return len(text) - 0.45 * narrow + 0.4 * wide


def _texts(table: Table, at: int) -> Iterator[str]:
    yield table.columns[at].header
    for row in table.rows:
        if len(row.cells) == len(table.columns):
            cell = row.cells[at]
            indent = "    " if at == 0 and row.kind == "level" else ""
            yield indent + cell.text + "," * len(cell.notes)


def _fitted(least: list[float], liked: list[float]) -> list[float]:
    """What each column gets: its wish, or its least and a fair part of what is left."""
    if sum(liked) <= LINE:
        return liked
    spare = max(LINE - sum(least), 0.0)
    wanted = sum(liked) - sum(least)
    part = spare / wanted if wanted else 0.0
    return [low + part * (like - low) for low, like in zip(least, liked, strict=True)]
