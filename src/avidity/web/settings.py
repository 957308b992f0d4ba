"""How a workbench was started: where its data are, who may come in, by which names it is called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOCAL = "local"  # the one person of a workbench without accounts
LARGEST_UPLOAD = 64_000_000  # bytes of one request


@dataclass(frozen=True, slots=True)
class Settings:
    """What the pages need to know of the server.

    data      the folder of studies
    store     the store's address
    hosts     what the Host header may say, port included
    token     the secret in the opened address; None when people have accounts
    secure    whether the address begins with https
    largest   bytes of one request
    """

    data: Path
    store: str
    hosts: tuple[str, ...]
    token: str | None
    secure: bool = False
    largest: int = LARGEST_UPLOAD

    @property
    def accounts(self) -> bool:
        """Whether people come in by name and password."""
        return self.token is None

    @property
    def cookie(self) -> str:
        """The cookie's name; two workbenches on one machine do not take each other's place.

        With https the browser itself sees to it that no other host can set it.
        """
        if self.secure:
            return "__Host-avidity"
        return f"avidity-{self.hosts[0].rpartition(':')[2]}"
