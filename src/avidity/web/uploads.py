"""What a person dropped: looked at by its bytes, never by its name, and turned into study files.

A zip of a study folder brings its own study.toml; a workbook or tables as text get one.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from avidity.dictionary.fields import dictionary
from avidity.errors import WorkbenchError
from avidity.said import say
from avidity.steps.read_workbook import OLE, ZIP
from avidity.steps.template import WORKBOOK, study_text
from avidity.web.archive import look_through

STUDY_FILE = "study.toml"
OVERRIDES = "overrides.csv"  # answers given by a physician
ENDINGS = (
    ".toml",
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
    ".json",
    ".md",
)
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
DEEPEST = 3  # folders in folders
_PART = re.compile(r"[^\W_][\w .,()+&'\-]{0,90}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]) *(\..*)?", re.IGNORECASE)
_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file as it came; the name is for the reader's eye only."""

    name: str
    content: bytes


def study_files(dropped: Sequence[Dropped], title: str) -> dict[str, bytes]:
    """The files of a new study folder.

    raises  WorkbenchError when they are no study, no workbook and no tables
    """
    files = _only_files(dropped)
    if STUDY_FILE not in files:
        files[STUDY_FILE] = _study_toml(files, title).encode()
    return files


def with_new_files(old: Mapping[str, bytes], dropped: Sequence[Dropped]) -> dict[str, bytes]:
    """A study's files with new ones in place of those they stand for.

    A whole study replaces the whole; a corrected workbook or table takes the place of the old
    one, and study.toml stays as it is.
    """
    new = _only_files(dropped)
    if STUDY_FILE in new:
        return new
    kept = dict(old)
    books = [name for name in old if _ending(name) in TABLES[3:]]
    for name, content in new.items():
        if name == WORKBOOK and len(books) == 1:
            kept[books[0]] = content
        else:
            kept[name] = content
    return kept


def _only_files(dropped: Sequence[Dropped]) -> dict[str, bytes]:
    given = [one for one in dropped if one.content or one.name]
    if not given:
        raise WorkbenchError("choose a file first: a workbook, tables as CSV, or a zipped study")
    files: dict[str, bytes] = {}
    for one in given:
        for name, content in _opened(one, alone=len(given) == 1).items():
            if name in files:
                raise WorkbenchError(
                    say("two of the files would both be {name}; give one of them", name=name)
                )
            files[name] = content
    return files


def _opened(one: Dropped, *, alone: bool) -> dict[str, bytes]:
    """A dropped file as study files: what it is, its first bytes say."""
    shown = shown_name(one.name)
    if not one.content.strip():
        raise WorkbenchError(say("{shown} must hold something; it is empty", shown=shown))
    if one.content.startswith(ZIP):
        archive = look_through(one.content, shown)
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            kind = ".xlsb" if "xl/workbook.bin" in names else ".xlsx"
            return {f"records{kind}": one.content}
        if "mimetype" in names and "content.xml" in names:
            return {"records.ods": one.content}
        return _study_of(archive, shown)
    if one.content.startswith(OLE):
        return {"records.xls": one.content}
    if b"\0" in one.content[:4096] and not one.content.startswith(_BOMS):
        raise WorkbenchError(
            say(
                "{shown} must be a workbook (XLSX, XLS, ODS), a table as CSV, or a zipped study"
                " folder; it is something else",
                shown=shown,
            )
        )
    return {_text_name(one.name, alone=alone): one.content}


def _text_name(name: str, *, alone: bool) -> str:
    """A name of ours for a text file: study.toml, or the table it is called after."""
    stem = PurePosixPath(name.replace("\\", "/")).name.rpartition(".")[0]
    if name.lower().endswith(".toml"):
        return "published.toml" if stem.lower() == "published" else STUDY_FILE
    if stem.lower() == "overrides":
        return OVERRIDES
    table = dictionary().table_of(stem)
    if table is None and not alone:
        known = ", ".join(dictionary().tables)
        raise WorkbenchError(
            say(
                "{what} must be called after one of the tables when several files are given at"
                " once ({known})",
                what=shown_name(name),
                known=known,
            )
        )
    return f"{table or 'patients'}.csv"


def _study_of(archive: zipfile.ZipFile, shown: str) -> dict[str, bytes]:
    """The files beside the one study.toml of an archive, under checked names."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members]
    if any(".." in name.replace("\\", "/").split("/") or name.startswith("/") for name in names):
        raise _unusual(shown)
    homes = sorted(name[: -len(STUDY_FILE)] for name in names if _is_study_file(name))
    if not homes:
        raise WorkbenchError(
            say(
                "{shown} must be a zipped study folder, with a study.toml in it; none was found",
                shown=shown,
            )
        )
    home = min(homes, key=lambda path: path.count("/"))
    files: dict[str, bytes] = {}
    for member in members:
        if not member.filename.startswith(home):
            continue
        inside = member.filename[len(home) :]
        if _ending(inside) not in ENDINGS or inside.startswith(("report/", ".", "__MACOSX/")):
            continue  # an old report, a picture, a program's own notes
        name = safe_name(inside, shown)
        if name.lower() in {known.lower() for known in files}:
            raise WorkbenchError(
                say(
                    "{shown} must hold each file once; {name} is in it twice",
                    shown=shown,
                    name=name,
                )
            )
        files[name] = archive.read(member)
    return files


def _is_study_file(name: str) -> bool:
    return name == STUDY_FILE or name.endswith(f"/{STUDY_FILE}")


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def safe_name(name: str, shown: str) -> str:
    """A name from an archive that may become a path inside the study's folder, and nothing else.

    raises  WorkbenchError for a way out of the folder, a hidden file, a drive, a device
    """
    plain = unicodedata.normalize("NFC", name)
    parts = plain.split("/")
    sound = all(
        _PART.fullmatch(part) and not part.endswith((" ", ".")) and not _RESERVED.fullmatch(part)
        for part in parts
    )
    if not sound or len(parts) > DEEPEST:
        raise _unusual(shown)
    return plain


def _unusual(shown: str) -> WorkbenchError:
    return WorkbenchError(
        say(
            "{shown} must hold plain file names; one of them leads out of the folder, is hidden,"
            " or holds unusual signs. Rename it and pack again",
            shown=shown,
        )
    )


def shown_name(name: str) -> str:
    """A client's file name for a sentence: the last part, printable, not long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:80] or "the file"


def _study_toml(files: Mapping[str, bytes], title: str) -> str:
    """The commented study file of the command line, with its first lines filled in."""
    text = study_text()
    if title:
        plain = "".join(sign for sign in title if sign.isprintable())
        quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
        text = re.sub(r'^title = ".*"$', lambda _: f'title = "{quoted}"', text, flags=re.MULTILINE)
    books = [name for name in files if _ending(name) in TABLES[3:]]
    line = f'workbook = "{books[0]}"' if books else f'# {"workbook"} = "{WORKBOOK}"'
    return re.sub(r'^workbook = ".*"$', lambda _: line, text, flags=re.MULTILINE)
