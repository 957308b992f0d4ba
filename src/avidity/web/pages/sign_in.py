"""Sign in: a name and a password."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form; the name comes back when it was refused."""

    name: str = ""
    refused: bool = False
