"""Archives: looked through before anything reads them, and written the same every time."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from avidity.errors import WorkbenchError
from avidity.said import say

MOST_MEMBERS = 2000
LARGEST_INSIDE = 400_000_000  # bytes, unpacked
LARGEST_RATIO = 200  # times the packed size; spreadsheets reach about 60
FREE = 10_000_000  # unpacked bytes that are no bomb at any ratio
PIECE = 1 << 20
# XML that declares entities can grow without end; no spreadsheet program writes any.
_DECLARATIONS = tuple(
    word.encode(coding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("utf-8", "utf-16-le", "utf-16-be")
)
_BEFORE = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"  # marks and spaces that may come first
_XML = (".xml", ".rels", ".vml")
_DAY = (2000, 1, 1, 0, 0, 0)


def look_through(raw: bytes, name: str) -> zipfile.ZipFile:
    """The archive, once every member was unpacked to nowhere and found sound.

    raises  WorkbenchError for a damaged archive, a bomb, a link, a locked member, declared entities
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = archive.infolist()
        total = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS or total > LARGEST_INSIDE:
            raise _bomb(name)
        if total > FREE and total > LARGEST_RATIO * len(raw):
            raise _bomb(name)
        for member in members:
            _look_at(archive, member, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise WorkbenchError(
            say("{name} must be a sound archive; it is damaged. Save or pack it again", name=name)
        ) from None
    except (RuntimeError, NotImplementedError):  # a password, or a packing of another kind
        raise WorkbenchError(
            say("{name} must not be locked or packed in an unusual way; save it plainly", name=name)
        ) from None
    return archive


def _look_at(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Unpack a member piece by piece: a false size or a wrong checksum shows at the end."""
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        raise WorkbenchError(say("{name} must hold files only; it holds a link", name=name))
    is_xml = member.filename.lower().endswith(_XML)
    with archive.open(member) as content:
        tail = b""
        while piece := content.read(PIECE):
            is_xml = is_xml or piece.lstrip(_BEFORE).startswith(b"<")  # whatever it is called
            if is_xml:
                looked_at = (tail + piece).upper()
                if any(word in looked_at for word in _DECLARATIONS):
                    raise WorkbenchError(
                        say(
                            "{name} must hold plain XML; a part of it declares entities, which no"
                            " spreadsheet program does. Save it again in yours",
                            name=name,
                        )
                    )
                tail = piece[-32:]


def _bomb(name: str) -> WorkbenchError:
    return WorkbenchError(
        say(
            "{name} must hold at most {largest_inside:,} bytes in {most_members:,} files when it"
            " is unpacked, and not many times its own size; it claims more",
            name=name,
            largest_inside=LARGEST_INSIDE,
            most_members=MOST_MEMBERS,
        )
    )


def pack(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files: the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            archive.writestr(member, files[name])
    return out.getvalue()
