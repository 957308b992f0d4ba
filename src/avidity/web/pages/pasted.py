"""A pasted table before it is taken over: each row and column with what it seems to be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.datastructures import FormData

from avidity.web.paper_form import entries, word
from avidity.web.paper_paste import (
    LONGEST,
    MEANINGS,
    MOST_COLUMNS,
    MOST_ROWS,
    Pasted,
    PastedRow,
    slug,
)
from avidity.web.security.forms import text_of
from avidity.web.store.drafts import Draft


@dataclass(frozen=True, slots=True)
class PastedPage:
    """The box to paste into, and the table as it was split; None before that.

    groups    place ("@0") and label
    known     names of variables that are there already
    """

    draft: Draft
    text: str
    table: Pasted | None
    groups: tuple[tuple[str, str], ...]
    known: tuple[str, ...]
    where: str
    meanings: tuple[str, ...] = MEANINGS


def pasted_page(
    draft: Draft, content: object, text: str = "", table: Pasted | None = None, where: str = ""
) -> PastedPage:
    """The page."""
    named = [word(one, "label") or word(one, "name") for one in entries(content, "group")]
    groups = tuple((f"@{at}", one or str(at + 1)) for at, one in enumerate(named))
    known = tuple(word(one, "name") for one in entries(content, "variable"))
    return PastedPage(draft, text, table, groups, known, where)


def table_of(form: FormData) -> Pasted:
    """The table as a person left it."""
    columns = [at for at in range(MOST_COLUMNS) if f"column.{at}" in form]
    rows = [at for at in range(MOST_ROWS) if f"meaning.{at}" in form]
    return Pasted(
        heads=tuple(text_of(form, f"head.{at}", LONGEST) for at in columns),
        columns=tuple(text_of(form, f"column.{at}") for at in columns),
        sizes=tuple(text_of(form, f"size.{at}") for at in columns),
        rows=tuple(
            PastedRow(
                text_of(form, f"label.{row}", LONGEST),
                text_of(form, f"meaning.{row}"),
                _name(text_of(form, f"name.{row}") or text_of(form, f"label.{row}")),
                tuple(text_of(form, f"cell.{row}.{at}", LONGEST) for at in columns),
            )
            for row in rows
        ),
    )


def _name(typed: str) -> str:
    """A short name as a file may have it; "" of nothing."""
    return typed if re.fullmatch(r"[a-z][a-z0-9_-]*", typed) else slug(typed) if typed else ""
