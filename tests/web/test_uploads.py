"""Files that mean harm: bombs, ways out, links, entities, formulas. Each is sent for real."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile

import pytest
from openpyxl import load_workbook

from avidity.errors import WorkbenchError
from avidity.web.archive import LARGEST_INSIDE, look_through, pack
from avidity.web.folders import files_in, keep_snapshot, run_folder, snapshot_folder
from avidity.web.uploads import Dropped, safe_name, study_files
from made_uploads import ROWS, STUDY, small_study, zipped


def refused(content, name="a.zip"):
    with pytest.raises(WorkbenchError) as told:
        study_files([Dropped(name, content)], "")
    return str(told.value)


def test_a_bomb_is_refused_by_what_it_claims():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("study.toml", STUDY)
        with archive.open("patients.csv", "w", force_zip64=True) as member:
            for _ in range(60):
                member.write(b"0" * 1_000_000)

    assert "many times its own size" in refused(out.getvalue())


def test_a_bomb_of_overlapping_members_is_refused():
    """Many entries of the directory that point at the same packed bytes."""
    inner = zipped({"patients.csv": b"0" * 8_000_000})
    start = inner.index(b"PK\x01\x02")
    entry = inner[start : inner.index(b"PK\x05\x06")]
    many = 300
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, many, many, len(entry) * many, start, 0)

    assert "many times its own size" in refused(inner[:start] + entry * many + end)


def test_a_member_that_lies_about_its_size_is_refused():
    raw = bytearray(zipped({"study.toml": STUDY, "patients.csv": b"0" * 5_000_000}))
    at = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[at + 24 : at + 28] = struct.pack("<I", 100)  # the size when unpacked, as claimed

    assert "sound archive" in refused(bytes(raw))


def test_too_many_members_are_refused():
    assert "claims more" in refused(zipped({f"t{i}.csv": "x" for i in range(2001)}))


def test_a_large_claim_is_refused_before_anything_is_unpacked(monkeypatch):
    raw = zipped({"study.toml": STUDY})
    infos = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    infos[0].file_size = LARGEST_INSIDE + 1
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda _: infos)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("unpacked"))

    with pytest.raises(WorkbenchError, match="claims more"):
        look_through(raw, "a.zip")


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_that_declares_entities_is_refused(coding, where):
    """A billion laughs: ten entities that each name the one before ten times."""
    laughs = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    book = {"[Content_Types].xml": "<Types/>", where: (laughs + "]><l>&j;</l>").encode(coding)}

    assert "declares entities" in refused(zipped(book), "a.xlsx")


def test_a_declaration_across_two_pieces_is_seen():
    text = b"<x>" + b" " * ((1 << 20) - 8) + b'<!ENTITY a "b">'
    book = {"[Content_Types].xml": "<Types/>", "xl/a.xml": text + os.urandom(200_000)}

    assert "declares entities" in refused(zipped(book), "a.xlsx")


@pytest.mark.parametrize(
    "name",
    [
        *("../patients.csv", "a/../../patients.csv", "/etc/cron.d/x.csv", "..\\patients.csv"),
        *("C:\\x.csv", "C:x.csv", "a//b.csv", "con.csv", "LPT1.csv", "nul.toml", "a\0b.csv"),
        *("a/b/c/d.csv", "x .csv/y.csv ", "a\u202ecsv.csv", "a\nb.csv", "~/x.csv", "a/.b.csv"),
    ],
)
def test_no_name_leads_out_of_the_folder(name):
    with pytest.raises(WorkbenchError, match="plain file names"):
        safe_name(name, "a.zip")


@pytest.mark.parametrize(
    "name", ["patients.csv", "données (2).csv", "tables/labs v2.xlsx", "a&b-c.csv"]
)
def test_ordinary_names_stay(name):
    assert name == safe_name(name, "a.zip")


def test_a_zip_with_a_way_out_is_refused_and_writes_nothing(visitor, bench):
    evil = zipped({"study.toml": STUDY, "patients.csv": "x", "../../evil.csv": "x"})
    answer = visitor.send_form("/studies", files={"files": ("a.zip", evil)})

    assert 422 == answer.status_code
    assert [] == list(bench.data.rglob("evil*"))
    assert [] == list(bench.data.parent.glob("evil*"))


def test_a_link_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("patients.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr("study.toml", STUDY)
        archive.writestr(link, "/etc/passwd")

    assert "holds a link" in refused(out.getvalue())


def test_the_clients_name_is_never_a_path(visitor, bench):
    csv = "\n".join(ROWS).encode()
    answer = visitor.send_form("/studies", files={"files": ("../../../evil.csv", csv)})

    assert 200 == answer.status_code
    assert ["patients.csv"] == [path.name for path in bench.data.rglob("*.csv")]


def test_the_same_name_in_two_spellings_is_refused():
    assert "each file once" in refused(zipped({"study.toml": STUDY, "a.csv": "x", "A.csv": "y"}))


def test_a_locked_archive_is_refused():
    raw = bytearray(zipped({"study.toml": STUDY}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1

    assert "must not be locked" in refused(bytes(raw))


@pytest.mark.parametrize("name", ["../x", "x", "", "0" * 33, "G" * 32, "0" * 32 + "/.."])
def test_no_id_but_ours_becomes_a_path(tmp_path, name):
    with pytest.raises(ValueError, match="no id of ours"):
        run_folder(tmp_path, "0" * 32, name)
    with pytest.raises(ValueError, match="no id of ours"):
        snapshot_folder(tmp_path, name, "0" * 64)


def test_even_a_wrong_name_cannot_be_kept_outside(tmp_path):
    with pytest.raises(ValueError, match="out of the folder"):
        keep_snapshot(tmp_path, "0" * 32, {"../evil.csv": b"x"})
    assert [] == list(tmp_path.rglob("evil*"))


def test_what_is_kept_is_the_owners_alone(visitor, bench):
    visitor.new_study(small_study())
    kept = list((bench.data / "studies").rglob("*"))

    assert any(path.name == "patients.csv" for path in kept)
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_file()}
    assert {0o700} == {stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_dir()}
    assert 0o700 == stat.S_IMODE((bench.data / "studies").stat().st_mode)


FORMULAS = ("=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", '=HYPERLINK("http://evil.example")')


def test_no_formula_reaches_the_marked_workbook(visitor):
    rows = [
        "patient_id,rair,age_at_diagnosis,=2+3",
        *[f'"{f.replace(chr(34), chr(34) * 2)}",yes,{f[:4]},x' for f in FORMULAS],
    ]
    path = visitor.new_study(small_study(rows))
    book = load_workbook(io.BytesIO(visitor.get(f"{path}/problems.xlsx").content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert any(cell.value == FORMULAS[0] for cell in cells)
    assert [] == [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_archives_are_the_same_for_the_same_files():
    files = {"b.csv": b"2", "a.csv": b"1"}

    assert pack(files) == pack(dict(reversed(files.items())))
    assert ["a.csv", "b.csv"] == zipfile.ZipFile(io.BytesIO(pack(files))).namelist()


def test_the_downloaded_study_is_what_was_uploaded(visitor):
    path = visitor.new_study(small_study())
    archive = zipfile.ZipFile(io.BytesIO(visitor.get(f"{path}/study.zip").content))

    assert STUDY.encode() == archive.read("study.toml")
    assert "\n".join(ROWS) + "\n" == archive.read("patients.csv").decode()


def test_new_files_take_the_place_of_the_old_and_settings_stay(visitor, bench):
    path = visitor.new_study(small_study())
    new = "\n".join(ROWS[:21]).encode()
    answer = visitor.send_form(
        f"{path}/files", page=f"{path}/data", files={"files": ("p.csv", new)}
    )

    assert "<strong>20</strong> patients" in answer.text
    folders = list((bench.data / path[1:] / "snapshots").glob("*/study"))
    assert 2 == len(folders)  # the state before is still there
    assert {STUDY.encode()} == {files_in(folder)["study.toml"] for folder in folders}
