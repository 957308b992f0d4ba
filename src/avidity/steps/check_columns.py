"""Which field each column holds, and in which unit: the header's word, and study.toml's."""

from __future__ import annotations

import difflib
import re
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
    fold_unit,
)
from avidity.steps.check_answer import Trouble, called, clean
from avidity.steps.check_numbers import Typing
from avidity.steps.read import RawTable
from avidity.study import Column, Study

_BRACKET = re.compile(r"(.+?)[\s_]*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_AFTER = re.compile(r"(.+?)(?:\s*[,;:]\s*|\s+(?:in|en)\s+)([^\s,;:]+(?:\s?/\s?\S+)?)\s*")
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
            near = difflib.get_close_matches(header, raw.headers, n=1)
            yield (
                header,
                Trouble(
                    "column of study.toml",
                    "error",
                    "study.toml describes a column the table does not have",
                    f'[columns.{raw.table}."{header}"] must name a header of the table',
                    f"correct the name{f' (is it {near[0]!r}?)' if near else ''} or remove it",
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
        clash = _two_units(unit, column.unit if column else "")
        planned = Planned(header, place, field, typed, inferred)
        return clash or (planned, [])
    typing = _unit(field, unit, column.unit if column else "")
    if isinstance(typing, Trouble):
        return typing
    return Planned(header, place, field, typing), _unsaid(field, typing)


def match(table: Table, header: str) -> tuple[str, str, Field | None]:
    """A header's stem, the unit it names ("" when none), and the field it stands for.

    "Activity (mCi)", "activity_mci", "Activity, mCi" and "activity in mCi" all name both.
    """
    if whole := table.field_of(header):
        return header, "", whole
    readings = list(_readings(header))
    for stem, unit in readings:
        if field := table.field_of(stem):
            return stem, unit, field
    known = ((s, u) for s, u in readings if dictionary().quantity_of(u) and len(u) > 1)
    stem, unit = next(known, (header, ""))
    return stem, unit, None


def _readings(header: str) -> Iterator[tuple[str, str]]:
    """Ways to take a unit off a header, the surest first."""
    if found := _BRACKET.fullmatch(header):
        yield found[1], _unit_or_nothing(found[2])
    if (found := _AFTER.fullmatch(header)) and dictionary().quantity_of(found[2]):
        yield found[1], found[2]
    words = re.sub(r"[\W_]+", " ", header.replace("µ", "u").replace("μ", "u")).split()
    for n in (2, 1, 3):
        if len(words) > n:
            unit = "_".join(words[-n:])
            if dictionary().quantity_of(unit):
                yield " ".join(words[:-n]), "/".join(words[-n:])


def _unit_or_nothing(text: str) -> str:
    """A bracket's content when it looks like a unit; '(F/M)' or '(at diagnosis)' is a remark."""
    if dictionary().quantity_of(text):
        return text.strip()
    return text.strip() if len(text) <= 8 and not re.search(r"\d", text) else ""


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
    near = difflib.get_close_matches(fold(stem), table.spellings, n=1, cutoff=0.75)
    meant = f"if it is {table.fields[table.spellings[near[0]]].name}, " if near else ""
    return Trouble(
        "unknown column",
        "warning",
        "a column the dictionary does not know",
        f"the columns of {table.name} must be those of the dictionary",
        f"{meant}rename it, or name its field in study.toml; until then it is left out",
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


def _two_units(header: str, told: str) -> Trouble | None:
    if header and told and fold_unit(header) != fold_unit(told):
        first, second = dictionary().quantity_of(header), dictionary().quantity_of(told)
        if first and second and (first, first.factor(header)) != (second, second.factor(told)):
            return Trouble(
                "one unit",
                "error",
                f"the header says {header}, study.toml says {told}",
                "a column must have one unit",
                "correct the header or study.toml",
            )
    return None


def _unit(field: Field, header: str, told: str) -> Typing | Trouble:
    """The unit of a measured field, from its header or study.toml; never a guess."""
    quantity = field.quantity
    if quantity is None:
        return Typing()
    if clash := _two_units(header, told):
        return clash
    said = told or header
    factor = quantity.factor(said) if said else None
    if factor is not None:
        return Typing(said, factor)
    accepted = ", ".join(quantity.units)
    if said:
        return Trouble(
            "unit not accepted",
            "error",
            f"the unit {said[:20]!r} is none of the units accepted",
            f"the unit of {called(field)} must be one of {accepted}",
            "correct the unit in the header or in study.toml",
        )
    if field.unit_compulsory:
        return Trouble(
            "unit missing",
            "error",
            "no unit in the header, and none in study.toml",
            f"the unit of {called(field)} must be stated; it is never guessed",
            f"write it in the header, for example '{field.label} ({quantity.house})', or"
            f' unit = under [columns.{field.table}."…"] in study.toml; accepted: {accepted}',
        )
    return Typing()


def _unsaid(field: Field, typing: Typing) -> list[Trouble]:
    if typing.unit or field.quantity is None or field.quantity.name in ("age", "days"):
        return []
    return [
        Trouble(
            "unit assumed",
            "note",
            f"no unit is stated; the numbers were read as {field.unit}",
            f"the unit of {called(field)} should stand in the header",
            f"write it in the header, for example '{field.label} ({field.unit})'",
        )
    ]


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
                f"columns '{first[name].header}' and '{planned.header}' both stand for {name}",
                "each field must have one column",
                f"rename one, or in study.toml give it a field of its own or ignore = true:"
                f' [columns.{planned.field.table}."{planned.header}"]',
            )
            troubles.append((planned.header, trouble))
        first.setdefault(name, planned)
    return list(first.values()), troubles
