"""Whose program asks: on this computer, another user's has no business here, token or not.

A port of the loopback is open to every user of the computer, and so are the command lines of
programs; a browser sends its cookie to every port. Linux tells which user holds the other end of a
connection, so that neither a token nor a cookie that was seen is of use to anybody else.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = Path("/proc/net")
ROOT = 0  # may read everything anyway; relays of virtual machines run as root
Place = tuple[str, int]
_MAPPED = b"\0" * 10 + b"\xff\xff"  # before an older address written as a newer one


def own_user() -> int | None:
    """The user whose programs may ask; None where the system does not tell, or this is root."""
    return (os.getuid() or None) if sys.platform == "linux" else None


def is_anothers(client: Place | None, server: Place | None, own: int | None) -> bool:
    """Whether a connection's other end is held by another user of this computer, or by nobody.

    client, server  addresses and ports of the two ends; ends that are no addresses are not judged
    own             the user who may ask; None: everybody
    """
    if own is None or client is None or server is None:
        return False
    try:
        pairs = list(_written(client, server))
    except ValueError:  # a socket of another kind
        return False
    ours = False
    for table, here, there in pairs:
        lines = _lines(table)
        if row := _row(lines, here, there):
            user, inode = int(row[7]), row[9]
            return inode == "0" or user not in (own, ROOT)  # "0": nobody waits for the answer
        ours = ours or _row(lines, there, here) is not None
    return not ours and _told()  # neither end is there: the asker hung up before it was known


def _told() -> bool:
    """Whether the system tells at all."""
    return any(_lines(table).count("\n") > 1 for table in ("tcp", "tcp6"))


def _lines(table: str) -> str:
    try:
        return (TABLES / table).read_text("ascii")
    except OSError:
        return ""


def _row(lines: str, local: str, remote: str) -> list[str] | None:
    at = lines.find(f" {local} {remote} ")
    if at < 0:
        return None
    start = lines.rfind("\n", 0, at) + 1
    return lines[start : lines.find("\n", at)].split()


def _written(client: Place, server: Place) -> Iterator[tuple[str, str, str]]:
    """Each way the kernel may write the two ends: its table, and both addresses."""
    ends = [(ipaddress.ip_address(host.partition("%")[0]), port) for host, port in (client, server)]
    plain = [(getattr(one, "ipv4_mapped", None) or one, port) for one, port in ends]
    (here, asker), (there, asked) = plain
    if here.version == there.version == 4:
        yield "tcp", _hex(here.packed, asker), _hex(there.packed, asked)
        yield "tcp6", _hex(_MAPPED + here.packed, asker), _hex(_MAPPED + there.packed, asked)
    else:
        yield "tcp6", _hex(here.packed, asker), _hex(there.packed, asked)


def _hex(packed: bytes, port: int) -> str:
    """As in /proc/net/tcp: words of four bytes in the machine's order."""
    words = (packed[at : at + 4] for at in range(0, len(packed), 4))
    whole = "".join(f"{int.from_bytes(one, sys.byteorder):08X}" for one in words)
    return f"{whole}:{port:04X}"


def ends_of(scope: Any) -> tuple[Place | None, Place | None]:  # noqa: ANN401  # an ASGI scope
    """The two ends of a request's connection."""
    client, server = scope.get("client"), scope.get("server")
    return (
        (client[0], client[1]) if client else None,
        (server[0], server[1]) if server and server[1] else None,
    )
