"""Which field an unknown header may stand for: a suggestion with its reasons, never a decision.

The dictionary's own spellings are read without asking (`check_headers`). Here are the others: words
in another order, French words, short forms, slips of the pen. A suggestion changes nothing until a
person writes it under ``[columns]`` in study.toml.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources

from avidity.dictionary.fields import Field, Table, dictionary, fold
from avidity.steps.check_columns import is_outcome
from avidity.steps.check_headers import match
from avidity.steps.read import Raw, RawTable
from avidity.study import Column, Study

ENOUGH = 0.72  # likeness below which nothing is suggested
CLOSE = 0.84  # two words that are one with a slip
SLIP = 0.82  # two whole headers that are one with a slip
APART = 0.04  # the best must be better than the second by so much
SHORT = 4  # letters up to which a word must be exact
LONGEST = 60  # characters that are compared


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the kind of reason, and the names in it (headers, fields, units; no patient's value).

    words  the header's words are those of a spelling; slip  but for a letter or two
    unit   the unit in the header fits, and what becomes of the numbers
    """

    kind: str
    names: Mapping[str, str]

    def __str__(self) -> str:
        """The reason in English."""
        return _SAID[self.kind].format(**self.names)


_SAID = {
    "known": "'{spelling}' is a name of {field}",
    "words": "its words are those of '{spelling}'",
    "slip": "it is close to '{spelling}'",
    "same_unit": "the header says {unit}, as the house does",
    "unit": "the header says {unit}; the house keeps {house}: × {factor}",
    "no_unit": "no unit is stated; the house keeps {house}",
    "remembered": "you matched this header so before",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field an unknown header may stand for.

    likeness  from 0 to 1
    unit      the one the header names, or ""
    """

    table: str
    header: str
    field: str
    label: str
    unit: str
    likeness: float
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        """One sentence for a person."""
        why = "; ".join(map(str, self.reasons))
        return f"{self.table}, column '{self.header}': did you mean {self.field}? ({why})"


@dataclass(frozen=True, slots=True)
class Matched:
    """One column: where its field comes from.

    state  "known": the dictionary knows the header; "told": study.toml says so; "ignored" by it;
           "outcome"; "suggested"; "open": nothing fits
    field  the field that is read, or that is suggested; "" for none
    """

    header: str
    state: str
    field: str
    unit: str
    reasons: tuple[Reason, ...] = ()
    suggestion: Suggestion | None = None


def match_columns(raw: RawTable, study: Study) -> tuple[Matched, ...]:
    """Every column of a table: what it is taken for, or might be, and why."""
    table = dictionary().tables[raw.table]
    settled = {one.header: one for one in _settled(raw, table, _told(raw, study), study)}
    taken = frozenset(one.field for one in settled.values())
    found = []
    for header in raw.headers:
        if header in settled:
            found.append(settled[header])
        elif likely := suggest(table, header, taken):
            found.append(
                Matched(header, "suggested", likely.field, likely.unit, likely.reasons, likely)
            )
        else:
            found.append(Matched(header, "open", "", match(table, header)[1]))
    return tuple(found)


def suggestions(raw: Raw, study: Study) -> tuple[Suggestion, ...]:
    """What the unknown headers of every table may stand for."""
    matched = (one for table in raw.tables.values() for one in match_columns(table, study))
    return tuple(one.suggestion for one in matched if one.suggestion)


def _told(raw: RawTable, study: Study) -> dict[str, Column]:
    said = {fold(name): column for name, column in study.columns.get(raw.table, {}).items()}
    return {header: said[fold(header)] for header in raw.headers if fold(header) in said}


def _settled(
    raw: RawTable, table: Table, told: Mapping[str, Column], study: Study
) -> Iterator[Matched]:
    """The columns about which there is no question."""
    for header in raw.headers:
        column = told.get(header)
        stem, unit, known = match(table, header)
        if column is not None and column.ignore:
            yield Matched(header, "ignored", "", "")
        elif raw.table == "patients" and is_outcome(header, column, study):
            yield Matched(header, "outcome", "", "")
        elif column is not None:
            name = column.field or (known.name if known else "")
            field = table.fields.get(name)
            said = column.unit or unit
            yield Matched(header, "told", name, said, tuple(_units(field, said)) if field else ())
        elif known is not None:
            why = Reason("known", {"spelling": stem, "field": known.name})
            yield Matched(header, "known", known.name, unit, (why, *_units(known, unit)))


def suggest(table: Table, header: str, taken: frozenset[str] = frozenset()) -> Suggestion | None:
    """The field of a table a header most likely stands for; None where none is likely enough.

    taken  fields that other columns hold already
    """
    stem, unit, _ = match(table, header)
    found = [
        (likeness, reason, field)
        for name, field in table.fields.items()
        if name not in taken and _unit_fits(field, unit)
        for likeness, reason in [_likeness(table, field, stem[:LONGEST])]
        if likeness >= ENOUGH
    ]
    if not found:
        return None
    found.sort(key=lambda one: -one[0])
    if len(found) > 1 and found[0][0] - found[1][0] < APART:
        return None
    likeness, reason, field = found[0]
    reasons = (reason, *_units(field, unit))
    return Suggestion(table.name, header, field.name, field.label, unit, likeness, reasons)


def _unit_fits(field: Field, unit: str) -> bool:
    """A measured field takes no unit of another thing; a unit we do not know says nothing."""
    quantity = dictionary().quantity_of(unit) if unit else None
    return quantity is None or field.quantity is None or field.quantity.factor(unit) is not None


def _units(field: Field, unit: str) -> Iterator[Reason]:
    """What becomes of the numbers."""
    quantity = field.quantity
    if quantity is None:
        return
    factor = quantity.factor(unit) if unit else None
    if factor is None:
        if field.unit_compulsory or quantity.name not in ("age", "days"):
            yield Reason("no_unit", {"house": quantity.house})
    elif factor == 1:
        yield Reason("same_unit", {"unit": unit})
    else:
        names = {"unit": unit, "house": quantity.house, "factor": _shown(factor)}
        yield Reason("unit", names)


def _shown(factor: Fraction) -> str:
    return f"{float(factor):g}"


def _likeness(table: Table, field: Field, stem: str) -> tuple[float, Reason]:
    """How like a header is to the likest spelling of a field, and why."""
    words, whole = _words(stem), fold(stem)
    best, reason = 0.0, Reason("words", {"spelling": field.label})
    for spelling, meant in _spellings(table.name, field.name):
        shared = len(words & meant)
        alike = 2 * shared / (len(words) + len(meant)) if words and meant else 0.0
        if alike > best:
            best, reason = alike, Reason("words", {"spelling": spelling})
        slip = difflib.SequenceMatcher(None, whole, fold(spelling), autojunk=False)
        if len(whole) > SHORT and slip.real_quick_ratio() > max(best, SLIP):
            ratio = slip.ratio()
            if ratio > max(best, SLIP):
                best, reason = ratio, Reason("slip", {"spelling": spelling})
    return best, reason


@functools.cache
def _spellings(table: str, field: str) -> tuple[tuple[str, frozenset[str]], ...]:
    one = dictionary().tables[table].fields[field]
    spellings = dict.fromkeys((one.label, one.name.replace("_", " "), *one.headers))
    return tuple((spelling, _words(spelling)) for spelling in spellings)


@functools.cache
def _vocabulary() -> tuple[Mapping[str, str], frozenset[str]]:
    """Each word and what it means; and the words that say nothing."""
    source = resources.files("avidity.dictionary").joinpath("header_words.toml")
    content = tomllib.loads(source.read_text("utf-8"))
    known = {word: meant for meant, words in content["words"].items() for word in (meant, *words)}
    return known, frozenset(content["left_out"]["words"])


@functools.lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """What the words of a header mean, without those that say nothing."""
    known, left_out = _vocabulary()
    meant = {_meaning(word, known) for word in fold(text).split() if word not in left_out}
    alone = meant <= {"patient", "count"}  # else "of the patient" says nothing
    return frozenset(meant if alone else meant - {"patient"})


def _meaning(word: str, known: Mapping[str, str]) -> str:
    if word in known:
        return known[word]
    if len(word) <= SHORT:
        return word
    near = difflib.get_close_matches(word, known, n=1, cutoff=CLOSE)
    return known[near[0]] if near else word
