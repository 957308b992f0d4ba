"""What a window of a browser sends of a paper: the file with it, and whether it came too late.

A form brings the text it was made from (``base``) and the name of its window. It may write while
that text still stands, or while nobody else has written since its own last word. It also brings how
many changes were made in it (``nth``): what it sent earlier and arrives later changes nothing.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
import uuid
from dataclasses import dataclass

from starlette.datastructures import FormData

from avidity.papers.paper_edit import edited
from avidity.study import toml_of
from avidity.web.paper_form import FIELD, filled, fits_the_form, with_new, with_rows, without, word
from avidity.web.paper_names import WAS, carried
from avidity.web.paper_places import from_shape, to_shape
from avidity.web.security.forms import text_of
from avidity.web.store.drafts import Draft

LARGEST = 1_000_000  # characters of a paper file
LONGEST = 2000  # of a field
MOST_LINES = 60  # that differ are shown


@dataclass(frozen=True, slots=True)
class Late:
    """A window that came too late: what it says is kept as a paper of its own.

    kept     that paper
    differs  lines of its text and of the one that stands: "+" ours, "-" the other's; not all
    more     lines that are not shown
    """

    other: Draft
    kept: str
    differs: tuple[str, ...]
    more: int


def version_of(text: str) -> str:
    """A short name of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def lines_of_form(form: FormData, name: str) -> str | None:
    """A text with its lines, as a browser sends it; None where the form has none."""
    given = form.get(name)
    return given.replace("\r\n", "\n")[:LARGEST] if isinstance(given, str) else None


def came_late(draft: Draft, form: FormData) -> bool:
    """Whether somebody else wrote since this form was made."""
    base = lines_of_form(form, "base")
    known = version_of(base) if base is not None else text_of(form, "version")
    other = _window(form) != draft.window.partition(":")[0]
    return bool(known) and known != version_of(draft.content) and other


def was_outrun(draft: Draft, form: FormData) -> bool:
    """Whether this window's own later words are kept already."""
    window, _, nth = draft.window.partition(":")
    return bool(window) and window == _window(form) and _nth(form) < int(nth or 0)


def writer(form: FormData) -> str:
    """The window that writes, and how many changes were made in it: what a draft remembers."""
    return f"{_window(form)}:{_nth(form)}"


def _window(form: FormData) -> str:
    return text_of(form, "window").replace(":", "")


def _nth(form: FormData) -> int:
    given = text_of(form, "nth")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def second_paper(draft: Draft, form: FormData) -> str:
    """The id of the paper in which a late window's words are kept: always the same."""
    return uuid.uuid5(uuid.UUID(draft.id), text_of(form, "window")).hex


def late(draft: Draft, kept: str, text: str) -> Late:
    """What is told of it."""
    pairs = list(difflib.unified_diff(draft.content.split("\n"), text.split("\n"), n=0))
    lines = [one for one in pairs[2:] if not one.startswith("@@") and one[1:].strip()]
    return Late(draft, kept, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES))


def typed_text(text: str, form: FormData) -> str:
    """The file with what the form says; the same text where it is no valid file."""
    try:
        content = toml_of(text)
    except tomllib.TOMLDecodeError:
        return text
    if not fits_the_form(content):
        return text
    told = [(name, str(value)[:LONGEST]) for name, value in form.multi_items()]
    fields = [(name.removeprefix(FIELD), value) for name, value in told if name.startswith(FIELD)]
    was = {name: value for name, value in told if name.startswith(WAS)}
    before = to_shape(content)
    shape = carried(before, filled(before, fields), was)
    do, _, place = text_of(form, "do").partition(":")
    if do == "add":
        shape = with_new(shape, place, text_of(form, f"new.{place}"))
    elif do == "remove":
        shape = without(shape, place)
    elif do == "rows":
        shape = with_rows(shape)
    changed = from_shape(shape)
    return text if changed == content else edited(text, changed)


def title_of(text: str) -> str:
    """The title in a paper's text; "" where there is none yet."""
    try:
        return word(toml_of(text), "paper", "title")[:200]
    except tomllib.TOMLDecodeError:
        return ""
