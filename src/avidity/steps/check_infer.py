"""The type of a column nobody declared, from its distinct contents. Values are never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from types import MappingProxyType

from avidity.dictionary.fields import Field, FieldType, fold
from avidity.said import say, term
from avidity.steps.check_answer import Trouble, clean, is_missing
from avidity.steps.check_dates import date_reader, order_of
from avidity.steps.check_numbers import Typing, decimal_comma, number_reader
from avidity.steps.read_shape import Cell

MOST_LEVELS = 20  # more distinct words than this are free text
_PAIRS = tuple(
    frozenset(pair.split())
    for pair in (
        *("yes no", "oui non", "true false", "vrai faux", "positive negative"),
        *("positif negatif", "present absent", "0 1"),
    )
)
_LETTERS = tuple(frozenset(pair.split()) for pair in ("y n", "o n", "t f", "v f"))


@dataclass(frozen=True, slots=True)
class Inferred:
    """The field with its type, and what is to be said about it."""

    field: Field
    troubles: tuple[Trouble, ...]


def infer(field: Field, distinct: Collection[Cell], typing: Typing) -> Inferred:
    """The type of a column: yes/no, number, date, category (at most 20 levels) or text."""
    known = [cell for cell in distinct if not is_missing(clean(cell))]
    kind, trouble = _type(field, known, typing)
    made = replace(field, type=kind)
    if kind == "category":
        levels = sorted({clean(cell) for cell in known})
        made = replace(made, values=MappingProxyType(dict.fromkeys(levels, ())))
    said = [_note(kind, bool(known)), *([trouble] if trouble else [])]
    if kind == "category" and (alike := _alike(list(made.values))):
        said.append(alike)
    return Inferred(made, tuple(said))


def _type(field: Field, known: list[Cell], typing: Typing) -> tuple[FieldType, Trouble | None]:
    if not known:
        return "text", None
    if _yes_no(known):
        return "yes/no", None
    numbers = _share_of_numbers(field, known, typing)
    if numbers == 1:
        return "number", None
    if _dates(field, known):
        return "date", None
    levels = len({clean(cell) for cell in known})
    kind: FieldType = "category" if levels <= MOST_LEVELS else "text"
    return kind, _nearly_numbers(kind) if numbers >= 0.8 else None


def _yes_no(known: list[Cell]) -> bool:
    if len(known) > 12:  # even with every capital and blank, two words have fewer spellings
        return False
    words = frozenset(fold(clean(cell)) for cell in known)
    return any(words <= pair for pair in _PAIRS) or words in _LETTERS


def _share_of_numbers(field: Field, known: list[Cell], typing: Typing) -> float:
    """The share that are numbers, or would be if their comma were not doubtful."""
    read = number_reader(
        replace(field, type="number"), replace(typing, decimal_comma=decimal_comma(known))
    )
    fits = 0
    for cell in known:
        trouble = read(cell).trouble
        fits += trouble is None or trouble.rule in (
            "comma or thousands",
            "not detected or not done",
        )
    return fits / len(known)


def _dates(field: Field, known: list[Cell]) -> bool:
    if all(isinstance(cell, dt.date) for cell in known):
        return True
    if not any(isinstance(cell, str | dt.date) for cell in known):
        return False
    read = date_reader(replace(field, type="date"), order_of(known))
    return all(read(cell).value is not None for cell in known)


def _note(kind: FieldType, anything: bool) -> Trouble:
    read = say(
        "a column the dictionary does not know; its cells were read as {kind}", kind=term(kind)
    )
    return Trouble(
        "type inferred",
        "note",
        read if anything else "a column the dictionary does not know; it is empty",
        "a column of the study's own should be described in study.toml",
        "nothing, if that is right; else give its type under [columns.patients]",
    )


def _nearly_numbers(kind: FieldType) -> Trouble:
    return Trouble(
        "nearly a number",
        "warning",
        say(
            "most cells are numbers and some are not, so the column was read as {kind}",
            kind=term(kind),
        ),
        "a column of numbers must hold numbers only",
        "correct the other cells, or declare the type of the column in study.toml",
    )


def _alike(levels: list[str]) -> Trouble | None:
    if len({fold(level) for level in levels}) == len(levels):
        return None
    return Trouble(
        "levels alike",
        "warning",
        "levels that differ only in capitals, accents or punctuation",
        "one level must be written in one way",
        "write them alike, or declare the values of the column in study.toml",
    )
