"""Three answers: yes, no, and *the record cannot say*. Kleene's logic is written here alone.

`True` is yes, `False` is no, `None` is *cannot say*. Missing is never no.
A `Judgement` is an answer with what a reader needs to check it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

Answer = bool | None


def any_of(*answers: Answer) -> Answer:
    """One yes is enough; without a yes, one unknown keeps it open; of nothing at all it is no.

    >>> any_of(False, None) is None, any_of(True, None), any_of(False, False), any_of()
    (True, True, False, False)
    """
    if True in answers:
        return True
    return None if None in answers else False


def all_of(*answers: Answer) -> Answer:
    """One no is enough; without a no, one unknown keeps it open; of nothing at all it is yes.

    >>> all_of(True, None) is None, all_of(False, None), all_of(True, True), all_of()
    (True, False, True, True)
    """
    if False in answers:
        return False
    return None if None in answers else True


def negate(answer: Answer) -> Answer:
    """Yes becomes no and no yes; what is unknown stays unknown.

    >>> negate(True), negate(False), negate(None) is None
    (False, True, True)
    """
    return None if answer is None else not answer


class RecordRef(NamedTuple):
    """Where a deciding record stands: table, row as a person counts it, and what it is in words."""

    table: str
    row: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer, since when it holds, the records that decided, and what is missing.

    answer            yes, no or cannot say
    date_first_held   for a yes: the first day on which the records show it; None if undated
    records           for a yes or a no: what decided
    missing           for cannot say: each missing item, in words
    """

    answer: Answer
    date_first_held: date | None = None
    records: tuple[RecordRef, ...] = ()
    missing: tuple[str, ...] = ()


def either(judgements: Iterable[Judgement]) -> Judgement:
    """Kleene's *or*: the records of what decided; a yes holds since the first of them held."""
    parts = tuple(judgements)
    answer = any_of(*(part.answer for part in parts))
    deciding = tuple(part for part in parts if part.answer is answer)
    dates = [part.date_first_held for part in deciding if part.date_first_held]
    first = min(dates) if answer and dates else None
    return _joined(answer, first, deciding)


def both(judgements: Iterable[Judgement]) -> Judgement:
    """Kleene's *and*: a yes holds since the last of its parts held, if every part is dated."""
    parts = tuple(judgements)
    answer = all_of(*(part.answer for part in parts))
    deciding = tuple(part for part in parts if part.answer is answer)
    dates = [part.date_first_held for part in deciding if part.date_first_held]
    last = max(dates) if answer and dates and len(dates) == len(deciding) else None
    return _joined(answer, last, deciding)


def once(records: Iterable[RecordRef]) -> tuple[RecordRef, ...]:
    """Each record once, in the order given (a chart is in order already)."""
    return tuple(dict.fromkeys(records))


def in_order(records: Iterable[RecordRef]) -> tuple[RecordRef, ...]:
    """Each record once, by table and row."""
    return tuple(sorted(set(records), key=lambda ref: (ref.table, ref.row or 0, ref.what)))


def _joined(answer: Answer, held: date | None, parts: tuple[Judgement, ...]) -> Judgement:
    records = once(ref for part in parts for ref in part.records)
    words = dict.fromkeys(item for part in parts for item in part.missing)
    return Judgement(answer, held, records, tuple(words) if answer is None else ())
