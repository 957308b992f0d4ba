"""What goes out about who did what."""

from __future__ import annotations

from pydantic import JsonValue

from avidity.web.api.shape import Shape


class GivenReason(Shape):
    """Why somebody decided; the row of the patient's table where it is about one."""

    row: int | None
    reason: str


class RowChange(Shape):
    """A row of the trail: a row of a table, and its columns before and after."""

    id: int
    about: str
    change: str
    moved: dict[str, list[JsonValue]]


class Deed(Shape):
    """Everything one person changed at one moment."""

    at: str
    actor: str
    outside: bool
    """It was done by another program than the workbench."""
    actions: list[str]
    reasons: list[GivenReason]
    changes: list[RowChange]


class History(Shape):
    """A study's deeds, one page of them, and whether the record is unbroken."""

    total: int
    page: int
    pages: int
    rows: int
    """Of the whole trail that were looked at."""
    broken: int | None
    """The first row that is not as it was sealed; null while the record is unbroken."""
    deeds: list[Deed]


class Logged(Shape):
    """One action."""

    at: str
    actor: str
    action: str
    study: str
    detail: str


class Log(Shape):
    """Everybody's actions, one page of them, and whether the record is unbroken."""

    total: int
    page: int
    pages: int
    rows: int
    broken: int | None
    lines: list[Logged]
