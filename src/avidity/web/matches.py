"""The form in which columns are matched by hand, turned into changes of study.toml; its memory."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import FormData

from avidity.dictionary.fields import dictionary, fold, fold_unit
from avidity.errors import WorkbenchError
from avidity.said import say
from avidity.steps.check_headers import match
from avidity.steps.match_columns import Matched, match_columns
from avidity.steps.read import Raw
from avidity.study import Study
from avidity.web.security.forms import text_of
from avidity.web.store.notes import Note, notes_of

OWN, IGNORE = "-own", "-ignore"  # no field of the dictionary; left out
KIND = "column matched"
Memory = Mapping[str, tuple[str, str]]
Typed = Mapping[tuple[str, int], tuple[str, str]]


def memory_of(connection: Connection, actor: str) -> Memory:
    """What a person matched before: table and folded header -> choice and unit, the last one."""
    notes = notes_of(connection, KIND, actor=actor)
    return {note.subject: (note.content["field"], note.content["unit"]) for note in notes}


def subject(table: str, header: str) -> str:
    """A header as the memory knows it; a header is no patient's value."""
    return f"{table}/{fold(header)}"[:300]


def choice_of(one: Matched) -> str:
    """What the form shows chosen for a column as it is read now."""
    if one.state == "ignored":
        return IGNORE
    return one.field if one.state in ("known", "told") and one.field else OWN


def typed_matches(form: FormData, raw: Raw) -> Typed:
    """The form as it was left, by table and place of the column; those with a choice."""
    places = [(name, at) for name, one in raw.tables.items() for at in range(len(one.headers))]
    typed = {
        (name, at): (text_of(form, f"field:{name}:{at}"), text_of(form, f"unit:{name}:{at}", 40))
        for name, at in places
    }
    return {place: found for place, found in typed.items() if found[0]}


def matched_by_hand(
    typed: Typed, raw: Raw, study: Study, text: str
) -> tuple[dict[tuple[str, ...], object], tuple[Note, ...]]:
    """The changes of study.toml that the form asks for, and what is to be remembered of them.

    text    study.toml as it is
    raises  WorkbenchError for a field that is none of the table's
    """
    changes: dict[tuple[str, ...], object] = {}
    notes: list[Note] = []
    said = tomllib.loads(text.removeprefix("\ufeff")).get("columns", {})
    for name, table in raw.tables.items():
        for at, one in enumerate(match_columns(table, study)):
            choice, unit = typed.get((name, at), ("", ""))
            same = choice == choice_of(one) and fold_unit(unit) == fold_unit(_unit_now(one))
            if not choice or one.state == "outcome" or same:
                continue
            key, before = _entry(said.get(name, {}), one.header)
            changes["columns", name, key] = _wanted(name, one, choice, unit, before) or None
            notes.append(Note(KIND, subject(name, one.header), {"field": choice, "unit": unit}))
    return changes, tuple(notes)


def _unit_now(one: Matched) -> str:
    return one.unit if one.state in ("known", "told", "open") else ""


def _entry(said: Mapping[str, Any], header: str) -> tuple[str, dict[str, Any]]:
    """How study.toml calls a header, and what it says of it."""
    for name, content in said.items():
        if fold(name) == fold(header):
            return name, dict(content)
    return header, {}


def _wanted(
    table: str, one: Matched, choice: str, unit: str, before: Mapping[str, Any]
) -> dict[str, object]:
    """The entry of a header under [columns]; empty where nothing need be said of it."""
    fields = dictionary().tables[table].fields
    if choice not in (OWN, IGNORE, *fields):
        raise WorkbenchError(
            say("a column must be matched to a field of {table}, or to none", table=table)
        )
    entry = {key: value for key, value in before.items() if key not in ("field", "ignore", "unit")}
    _, in_header, known = match(dictionary().tables[table], one.header)
    if choice == IGNORE:
        return {**entry, "ignore": True}
    if choice != OWN and (known is None or known.name != choice):
        entry = {"field": choice, **entry}
    elif choice == OWN and known is not None:
        entry = {"field": _own_name(one.header), **entry}
    if unit and fold_unit(unit) != fold_unit(in_header):
        entry["unit"] = unit
    return entry


def _own_name(header: str) -> str:
    """A name of the study's own for a header the dictionary would take for another thing."""
    plain = re.sub(r"\W+", "_", fold(header)).strip("_") or "column"
    return f"own_{plain}"


def remembered(found: tuple[Matched, ...], table: str, memory: Memory) -> Memory:
    """The columns of a table that are open and were matched before."""
    return {
        one.header: memory[subject(table, one.header)]
        for one in found
        if one.state in ("open", "suggested") and subject(table, one.header) in memory
    }
