"""What one cell was read as, and the sentence for a cell that was not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from avidity.dictionary.fields import Field, fold
from avidity.said import term
from avidity.steps.finding import Severity
from avidity.steps.read_shape import Cell

Value = bool | int | float | str | dt.date | None

# Folded spellings that say nothing was recorded.
MISSING = frozenset(
    fold(word)
    for word in (
        *("na", "n/a", "#n/a", "nan", "null", ".", "..", "...", "?", "??", "-", "--", "—", "–"),
        *("nd", "nr", "nk", "nc", "nsp", "unk", "unknown", "not known", "missing", "no data"),
        *("not available", "not recorded", "inconnu", "inconnue", "manquant", "manquante"),
        *("non connu", "non connue", "non disponible", "non renseigné", "non renseignée"),
        *("non précisé", "non précisée", "donnée manquante", "sans objet"),
    )
)
_EDGES = " \t\r\n\v\f\u00a0\u2007\u2009\u200b\u202f\ufeff"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence in three parts, still without a place."""

    rule: str
    severity: Severity
    problem: str
    must: str
    do: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell's value in the house's unit (None is missing), its sign, and what was wrong.

    sign  "<" or ">" before a number beyond the reach of an assay
    """

    value: Value = None
    sign: str | None = None
    trouble: Trouble | None = None


Reader = Callable[[Cell], Answer]
NOT_KNOWN = Answer()


def clean(cell: Cell) -> str:
    r"""A cell as text without outer spaces of any kind; whole numbers without '.0'.

    >>> clean(3.0), clean("\u00a0 a  b "), clean(True), clean(None)
    ('3', 'a  b', 'true', '')
    """
    if isinstance(cell, str):
        return cell.strip(_EDGES)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def is_missing(text: str) -> bool:
    """True when a cleaned text says that nothing was recorded."""
    if not text:
        return True
    if text[0].isdigit() or text[-1].isdigit() or len(text) > 24:  # no word for missing has one
        return False
    return fold(text) in MISSING


def refuse(rule: str, problem: str, must: str, do: str) -> Answer:
    """No value, and an error."""
    return Answer(trouble=Trouble(rule, "error", problem, must, do))


def doubt(value: Value, rule: str, problem: str, must: str, do: str) -> Answer:
    """A value, and a warning."""
    return Answer(value, None, Trouble(rule, "warning", problem, must, do))


def called(field: Field) -> str:
    """The field's label as it stands inside a sentence."""
    label = field.label
    inside = label[:2].isupper() or label[1:2].isupper()
    return term(label if inside else label[:1].lower() + label[1:])
