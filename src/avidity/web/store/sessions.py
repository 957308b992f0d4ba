"""Sessions: the cookie is a secret, the store holds its digest only."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from avidity.web.store.tables import KEYS, SESSIONS
from avidity.web.store.trail import now

LASTS = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who was let in."""

    account: str
    role: str
    secret: str
    made: str


def digest(cookie: str) -> str:
    """What the store keeps of a cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def begin_session(connection: Connection, account: str, role: str) -> str:
    """Let somebody in; the cookie."""
    cookie = secrets.token_urlsafe(32)
    ends = (dt.datetime.now(dt.UTC) + LASTS).isoformat(timespec="milliseconds")
    values = {"digest": digest(cookie), "account": account, "role": role, "ends": ends}
    connection.execute(
        insert(SESSIONS).values(**values, secret=secrets.token_urlsafe(32), made=now())
    )
    return cookie


def find_session(connection: Connection, cookie: str) -> Session | None:
    """Who the cookie belongs to, while it lasts."""
    asked = select(SESSIONS).where(SESSIONS.c.digest == digest(cookie), SESSIONS.c.ends > now())
    row = connection.execute(asked).first()
    return None if row is None else Session(row.account, row.role, row.secret, row.made)


def end_session(connection: Connection, cookie: str) -> None:
    """Let somebody out."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(cookie)))


def end_sessions_of(connection: Connection, account: str | None = None) -> None:
    """Let an account out everywhere, its keys too, or everybody."""
    gone = delete(SESSIONS)
    connection.execute(gone if account is None else gone.where(SESSIONS.c.account == account))
    keys = update(KEYS).where(KEYS.c.withdrawn.is_(None)).values(withdrawn=now())
    connection.execute(keys if account is None else keys.where(KEYS.c.account == account))
