"""A file that is given to keep: its name, its kind, what a browser may do with it."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi.responses import Response

from avidity.web.security.headers import FILE_POLICY

KINDS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "zip": "application/zip",
}


def disposition(name: str) -> str:
    """The header that names a file to keep: in plain signs, and whole where they do not suffice.

    Source: RFC 6266; what is not plain is written as in RFC 8187.
    """
    printable = "".join(sign for sign in name if sign.isprintable())
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", printable)
    whole = "" if plain == printable else f"; filename*=UTF-8''{quote(printable, safe='')}"
    return f'attachment; filename="{plain}"{whole}'


def attachment(content: bytes, name: str, kind: str) -> Response:
    """A file to keep."""
    headers = {
        "content-disposition": disposition(name),
        "content-security-policy": FILE_POLICY,
    }
    return Response(content, media_type=kind, headers=headers)
