"""Start: a new study, the example, the studies there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avidity.web.store.sessions import Session
from avidity.web.store.studies import KeptStudy


@dataclass(frozen=True, slots=True)
class StartPage:
    """What the first page shows; ``trouble`` and ``title`` come back when a file was refused."""

    studies: tuple[KeptStudy, ...]
    account: str
    may_add: bool
    example: bool
    title: str = ""
    trouble: str = ""


def start_page(
    studies: Sequence[KeptStudy], who: Session, *, example: bool, title: str = "", trouble: str = ""
) -> StartPage:
    """The first page for this person."""
    may_add = who.role in ("analyst", "administrator")
    return StartPage(tuple(studies), who.account, may_add, example and may_add, title, trouble)
