"""Which field each column holds, and in which unit: the header's word, and study.toml's."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from avidity.dictionary.fields import (
    NOTHING,
    Field,
    FieldType,
    Limits,
    Table,
    dictionary,
    fold,
)
from avidity.said import say
from avidity.steps.check_answer import Trouble, clean
from avidity.steps.check_headers import match
from avidity.steps.check_numbers import Typing
from avidity.steps.check_units import two_units, unit_of, unit_unsaid
from avidity.steps.read import RawTable
from avidity.study import Column, Study

_YES = frozenset({"yes", "true", "1", "oui", "y"})
_NO = frozenset({"no", "false", "0", "non", "n"})


@dataclass(frozen=True, slots=True)
class Planned:
    """One column that will be read.

    place     index in the rows of the raw table
    field     what it holds; type None in ``kind`` means: to be inferred from the cells
    typing    the column's unit and its factor
    """

    header: str
    place: int
    field: Field
    typing: Typing
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of a table that will be read, and what is to be said of the others."""

    columns: tuple[Planned, ...]
    troubles: tuple[tuple[str, Trouble], ...]  # header, sentence


def plan(raw: RawTable, study: Study) -> Plan:
    """Which field each column of a table holds."""
    table = dictionary().tables[raw.table]
    told = _told(raw, study)
    columns: list[Planned] = []
    troubles: list[tuple[str, Trouble]] = list(_told_but_absent(raw, study))
    for place, header in enumerate(raw.headers):
        column = told.get(header)
        if column is not None and column.ignore:
            continue
        planned = _planned(table, header, place, column, study)
        if isinstance(planned, Trouble):
            troubles.append((header, planned))
        else:
            columns.append(planned[0])
            troubles.extend((header, trouble) for trouble in planned[1])
    once, twice = _each_field_once(columns)
    return Plan(tuple(once), (*troubles, *twice))


def _told(raw: RawTable, study: Study) -> dict[str, Column]:
    """What study.toml says of each header that is there."""
    by_fold = {fold(header): header for header in raw.headers}
    said = study.columns.get(raw.table, {})
    found = ((by_fold.get(fold(header)), column) for header, column in said.items())
    return {header: column for header, column in found if header is not None}


def _told_but_absent(raw: RawTable, study: Study) -> Iterator[tuple[str, Trouble]]:
    there = {fold(header) for header in raw.headers}
    for header in study.columns.get(raw.table, {}):
        if fold(header) not in there:
            near = difflib.get_close_matches(header[:60], raw.headers, n=1)
            yield (
                header,
                Trouble(
                    "column of study.toml",
                    "error",
                    "study.toml describes a column the table does not have",
                    say(
                        '[columns.{table}."{header}"] must name a header of the table',
                        table=raw.table,
                        header=header,
                    ),
                    say("correct the name (is it {near!r}?) or remove it", near=near[0])
                    if near
                    else "correct the name or remove it",
                ),
            )


def _planned(
    table: Table, header: str, place: int, column: Column | None, study: Study
) -> tuple[Planned, list[Trouble]] | Trouble:
    """The column's field and unit, with remarks; or why it is left out."""
    stem, unit, known = match(table, header)
    if table.name == "patients" and is_outcome(header, column, study):
        name = (column.field if column else "") or header
        return Planned(header, place, outcome_field(name, header, column, study), Typing()), []
    if column is None and known is None:
        return _undeclared(table, header, stem, unit, place)
    field, inferred = _declared(table, header, unit, column, known)
    if field.quantity is None:
        typed = Typing(unit=field.unit or unit)
        clash = two_units(unit, column.unit if column else "")
        planned = Planned(header, place, field, typed, inferred)
        return clash or (planned, [])
    typing = unit_of(field, unit, column.unit if column else "")
    if isinstance(typing, Trouble):
        return typing
    return Planned(header, place, field, typing), unit_unsaid(field, typing)


def is_outcome(header: str, column: Column | None, study: Study) -> bool:
    """True when [outcome] column names this header, or the name study.toml gives it."""
    named = study.outcome.column
    return bool(named) and (
        fold(named) == fold(header) or (column is not None and column.field == named)
    )


def outcome_field(name: str, header: str, column: Column | None, study: Study) -> Field:
    """The outcome that was decided already, under its own name and in its own words.

    Where study.toml says yes = "yes" (or 1, true, oui) and no = "no", any word for yes and no
    will do; else each cell must be one of the values study.toml names.
    """
    yes, no = _texts(study.outcome.yes), _texts(study.outcome.no)
    plain = {fold(word) for word in yes} <= _YES and {fold(word) for word in no} <= _NO
    return Field(
        name=name,
        table="patients",
        label=(column.label if column else "") or study.outcome.label or header,
        type="yes/no" if plain else "category",
        role="outcome",
        origin="study",
        values=NOTHING if plain else MappingProxyType({word: (word,) for word in (*yes, *no)}),
        measured="after",
    )


def _texts(value: object) -> tuple[str, ...]:
    many = value if isinstance(value, tuple) else (value,)
    return tuple(clean(one) for one in many if one is not None)


def _undeclared(
    table: Table, header: str, stem: str, unit: str, place: int
) -> tuple[Planned, list[Trouble]] | Trouble:
    """A column neither the dictionary nor study.toml knows."""
    if table.name == "patients":
        quantity = dictionary().quantity_of(unit) if unit else None
        field = Field(
            name=header,
            table="patients",
            label=header,
            type="text",
            role="predictor",
            origin="inferred",
            unit=unit,
            censored=_like_thyroglobulin(unit, stem),
        )
        return Planned(header, place, field, Typing(unit if quantity else ""), True), []
    near = difflib.get_close_matches(fold(stem)[:60], table.spellings, n=1, cutoff=0.75)
    return Trouble(
        "unknown column",
        "warning",
        "a column the dictionary does not know",
        say("the columns of {table} must be those of the dictionary", table=table.name),
        say(
            "if it is {field}, rename it, or name its field in study.toml; until then it is left"
            " out",
            field=table.fields[table.spellings[near[0]]].name,
        )
        if near
        else "rename it, or name its field in study.toml; until then it is left out",
    )


def _like_thyroglobulin(unit: str, stem: str) -> bool:
    """A laboratory value that may stand behind '<': by its unit, or by its name."""
    quantity = dictionary().quantity_of(unit) if unit else None
    if quantity is not None:
        return quantity.name in ("thyroglobulin", "tsh", "antibody")
    return bool({"tg", "thyroglobulin", "thyroglobuline"} & set(fold(stem).split()))


def _declared(
    table: Table, header: str, unit: str, column: Column | None, known: Field | None
) -> tuple[Field, bool]:
    """The field a column holds, and whether its type is still to be inferred."""
    if column is None and known is not None:
        return known, False
    if column is None:  # pragma: no cover - the caller has sent it elsewhere
        raise ValueError(header)
    base = table.fields.get(column.field) if column.field else known
    kind = column.type or (base.type if base else _type_of(column))
    field = base or Field(
        name=column.field or header,
        table=table.name,
        label=header,
        type=kind or "text",
        role="predictor" if table.name == "patients" else "record",
        origin="study",
        unit=column.unit or unit,
        censored=_like_thyroglobulin(column.unit or unit, column.field or header),
    )
    values = {code: (*field.values.get(code, ()), *said) for code, said in column.values.items()}
    low, high = field.hard.low, field.hard.high
    measured = "measured" in column.model_fields_set
    return replace(
        field,
        type=kind or "text",
        quantity=field.quantity if kind in ("number", "integer") else None,
        label=column.label or field.label,
        values=MappingProxyType({**field.values, **_yes_no_codes(kind, values)}),
        hard=Limits(
            low if column.low is None else column.low,
            high if column.high is None else column.high,
            field.hard.low_excluded and column.low is None,
        ),
        measured=column.measured if measured else field.measured,
    ), kind is None


def _type_of(column: Column) -> FieldType | None:
    """The type a column's other settings imply, or None."""
    if column.values:
        return "yes/no" if {fold(c) for c in column.values} <= {"yes", "no"} else "category"
    return "number" if column.low is not None or column.high is not None else None


def _yes_no_codes(
    kind: FieldType | None, values: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    return {fold(code): said for code, said in values.items()} if kind == "yes/no" else values


def _each_field_once(
    columns: list[Planned],
) -> tuple[list[Planned], list[tuple[str, Trouble]]]:
    first: dict[str, Planned] = {}
    troubles = []
    for planned in columns:
        name = planned.field.name
        if name in first:
            trouble = Trouble(
                "one column per field",
                "error",
                say(
                    "columns '{first}' and '{second}' both stand for {field}",
                    first=first[name].header,
                    second=planned.header,
                    field=name,
                ),
                "each field must have one column",
                say(
                    "rename one, or in study.toml give it a field of its own or ignore = true:"
                    ' [columns.{table}."{header}"]',
                    table=planned.field.table,
                    header=planned.header,
                ),
            )
            troubles.append((planned.header, trouble))
        first.setdefault(name, planned)
    return list(first.values()), troubles
