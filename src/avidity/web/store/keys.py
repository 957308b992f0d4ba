"""Keys: an account's programs come in with one; the store holds its digest only."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from avidity.web.store.sessions import Session, digest
from avidity.web.store.tables import ACCOUNTS, KEYS
from avidity.web.store.trail import now

BEGINS = "avidity-key-"  # so that a key is known for one wherever it is found
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its owner sees it: never the secret."""

    id: str
    label: str
    made: str
    ends: str
    withdrawn: str | None


def add_key(connection: Connection, account: str, label: str, days: int) -> tuple[str, str]:
    """A new key: its id, and the secret, which is shown this once.

    days  until it ends, 1 to `LONGEST_DAYS`
    """
    name, secret = uuid.uuid4().hex, BEGINS + secrets.token_urlsafe(32)
    ends = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).isoformat(timespec="milliseconds")
    values = {"id": name, "account": account, "label": label, "digest": digest(secret)}
    connection.execute(insert(KEYS).values(**values, made=now(), ends=ends))
    return name, secret


def keys_of(connection: Connection, account: str) -> tuple[Key, ...]:
    """An account's keys, the latest first."""
    asked = select(KEYS).where(KEYS.c.account == account).order_by(KEYS.c.made.desc())
    rows = connection.execute(asked)
    return tuple(Key(row.id, row.label, row.made, row.ends, row.withdrawn) for row in rows)


def withdraw_key(connection: Connection, account: str, key: str) -> bool:
    """Let a key in no more; False where the account has none of this id."""
    mine = (KEYS.c.id == key) & (KEYS.c.account == account) & KEYS.c.withdrawn.is_(None)
    return connection.execute(update(KEYS).where(mine).values(withdrawn=now())).rowcount == 1


def find_key(connection: Connection, secret: str) -> Session | None:
    """Who a key belongs to, with the role of today, while it lasts and the account is open.

    A key made before the account's password was changed is withdrawn by that change.
    """
    if not secret.startswith(BEGINS):
        return None
    asked = (
        select(KEYS, ACCOUNTS.c.role)
        .join(ACCOUNTS, ACCOUNTS.c.name == KEYS.c.account)
        .where(KEYS.c.digest == digest(secret), KEYS.c.ends > now())
        .where(KEYS.c.withdrawn.is_(None), ACCOUNTS.c.closed.is_(None))
    )
    row = connection.execute(asked).first()
    return None if row is None else Session(row.account, row.role, digest(row.digest), row.made)
