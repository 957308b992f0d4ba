"""Papers a person types: begun, kept, thrown away; the audit of one as a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from avidity.errors import PaperError
from avidity.papers.paper_template import template
from avidity.report.write_audit import write_audit
from avidity.web import rebuilding
from avidity.web.bench import Bench
from avidity.web.paper_check import check_text
from avidity.web.paper_typing import LARGEST, title_of
from avidity.web.store.actions import note_action
from avidity.web.store.drafts import Draft, add_draft, remove_draft

EXAMPLES = ("bellakhdar-2024", "invented-a", "invented-b", "invented-c")
TEMPLATE = "template"


def examples() -> dict[str, Path]:
    """The papers that came along."""
    here = Path(__file__).resolve().parent
    homes = (here / "papers", here.parents[2] / "examples" / "papers")
    found = [(name, home / name / "paper.toml") for name in EXAMPLES for home in homes]
    there = {name: file for name, file in reversed(found) if file.is_file()}
    return {name: there[name] for name in EXAMPLES if name in there}


def text_of_example(name: str) -> str:
    """The text of a paper that came along, or of the commented template. Raises PaperError."""
    if name == TEMPLATE:
        return template()
    known = examples()
    if name not in known:
        raise PaperError("there is no such example; choose one of the list")
    return known[name].read_text("utf-8")


def text_of_file(raw: bytes) -> str:
    """The text of a paper's file, whatever it says. Raises PaperError when it is no such text."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PaperError("a paper file must be UTF-8 text; save it as UTF-8") from None
    if len(raw) > LARGEST or "\0" in text:
        raise PaperError("a paper file must be a text of at most a million signs; it is not")
    return text


def begin_paper(bench: Bench, account: str, text: str) -> str:
    """A new paper of this person; its id."""
    with bench.store.writing(account) as connection:
        paper = add_draft(connection, account, "paper", title_of(text), text)
        note_action(connection, account, "paper begun")
    return paper


def drop_paper(bench: Bench, account: str, paper: str) -> None:
    """Throw a paper away."""
    with bench.store.writing(account) as connection:
        remove_draft(connection, paper)
        note_action(connection, account, "paper removed")


def rebuild_draft(bench: Bench, account: str, draft: Draft) -> None:
    """Begin to rebuild the paper's model; a paper with faults is told them on its page."""
    if not check_text(draft.content).whole:
        return
    rebuilding.begin(rebuilding.folder_of(bench.data, draft.id, draft.content), draft.content)
    with bench.store.writing(account) as connection:
        note_action(connection, account, "rebuilding begun")


def audit_file(bench: Bench, draft: Draft, kind: str) -> bytes | None:
    """The audit as a report of this kind; None of a paper with faults, or for another kind."""
    checked = check_text(draft.content)
    if checked.paper is None or checked.found is None or not checked.whole:
        return None
    with tempfile.TemporaryDirectory(dir=bench.data) as folder:
        written = write_audit(checked.found, checked.paper, Path(folder))
        return next((file.read_bytes() for file in written if file.suffix == f".{kind}"), None)
