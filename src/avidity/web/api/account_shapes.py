"""What goes in and out about who may come in: sessions, keys, accounts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from avidity.web.api.shape import Shape, example


class Signed(Shape):
    """A session that has begun."""

    bearer: str
    """Send it as ``Authorization: Bearer ...``. It is shown once and ends after twelve hours."""
    account: str
    role: str


class Somebody(Shape):
    """Who asks."""

    account: str
    role: str


class KeyAsked(Shape):
    """A key to be made."""

    label: str = Field(min_length=1, max_length=100)
    """What it is for, in your words."""
    days: int = Field(default=90, ge=1, le=366)
    """Until it ends."""


class NewKey(Shape):
    """A key that was made."""

    id: str
    bearer: str
    """Send it as ``Authorization: Bearer ...``. It is shown once."""


class KnownKey(Shape):
    """A key of one's own."""

    id: str
    label: str
    made: str
    ends: str
    withdrawn: str | None
    """When it was withdrawn: by you, or by another password."""


class KnownAccount(Shape):
    """Somebody who may come in."""

    name: str
    role: str
    made: str
    closed: str | None


class AccountAsked(Shape):
    """An account to be made."""

    name: str = Field(min_length=1, max_length=80)
    role: Literal["reader", "analyst", "administrator"] = "analyst"
    password: str = Field(max_length=200)
    """At least twelve signs."""

    model_config = example(name="amina", role="analyst", password="a long enough password")  # noqa: S106  # an example in the description


class PasswordAsked(Shape):
    """Another password."""

    password: str = Field(max_length=200)
    """At least twelve signs."""
