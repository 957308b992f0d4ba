"""Accounts: a name, a role, and the argon2 hash of a password."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, insert, select, update

from avidity.errors import WorkbenchError
from avidity.said import say
from avidity.web.store.sessions import end_sessions_of
from avidity.web.store.tables import ACCOUNTS
from avidity.web.store.trail import now

ROLES = ("reader", "analyst", "administrator")
SHORTEST, LONGEST = 12, 200  # signs of a password
_NAME = re.compile(r"[^\W_][\w.@-]{0,79}")
_AT_ONCE = threading.Semaphore(2)  # each verification takes 64 MB for a moment
_HASHER = PasswordHasher()  # argon2id with the library's own costs (RFC 9106, low memory)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may come in."""

    name: str
    role: str
    made: str
    closed: str | None


def add_account(connection: Connection, name: str, role: str, password: str) -> None:
    """A new account.

    raises  WorkbenchError for a name that is taken or odd, and for a short password
    """
    if not _NAME.fullmatch(name) or name == "local" or role not in ROLES:
        raise WorkbenchError(
            say(
                "a name must be letters, digits and . _ @ - (and not 'local'), a role one of"
                " {names}",
                names=", ".join(ROLES),
            )
        )
    known = connection.execute(select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == name)).first()
    if known is not None:
        raise WorkbenchError(
            say("there is an account {name} already; choose another name", name=name)
        )
    values = {"name": name, "role": role, "password": hashed(password), "made": now()}
    connection.execute(insert(ACCOUNTS).values(**values))


def set_password(connection: Connection, name: str, password: str) -> None:
    """Another password; whoever is signed in is let out. Opens a closed account again."""
    changed = connection.execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.name == name)
        .values(password=hashed(password), closed=None)
    )
    _known(changed.rowcount, name)
    end_sessions_of(connection, name)


def close_account(connection: Connection, name: str) -> None:
    """Nobody comes in under this name any more; what the person did stays in the trail."""
    changed = connection.execute(
        update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(closed=now())
    )
    _known(changed.rowcount, name)
    end_sessions_of(connection, name)


def _known(rows: int, name: str) -> None:
    if not rows:
        raise WorkbenchError(
            say("there is no account {name}; 'avidity account list' names them", name=name)
        )


def accounts(connection: Connection) -> tuple[Account, ...]:
    """All accounts by name."""
    rows = connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name))
    return tuple(Account(row.name, row.role, row.made, row.closed) for row in rows)


def hashed(password: str) -> str:
    """The hash that is kept. Raises WorkbenchError for a password of the wrong length."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WorkbenchError(
            say(
                "a password must have {shortest} to {longest} signs",
                shortest=SHORTEST,
                longest=LONGEST,
            )
        )
    return _HASHER.hash(password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash to compare with when there is no such account, so that both take as long."""
    return _HASHER.hash("nobody has this password")


def role_of(connection: Connection, name: str, password: str) -> str | None:
    """The role of whoever knows the password of an open account, else None."""
    asked = select(ACCOUNTS).where(ACCOUNTS.c.name == name, ACCOUNTS.c.closed.is_(None))
    row = connection.execute(asked).first()
    try:
        with _AT_ONCE:
            _HASHER.verify(row.password if row else _nobody(), password[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return None
    return str(row.role) if row else None
