"""A program does what a person does: a study from its files to its results."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.web.store.actions import actions_of
from made_uploads import EXAMPLE, ROWS, STUDY, example_zip, small_study

QUICK = STUDY + '[report]\nformats = ["html", "json"]\n'
BAD = ["patient_id,rair,age_at_diagnosis", "P1,yes,fiftysomething", "P2,no,40"]


def test_a_study_is_made_looked_at_and_taken_away(program):
    study = program.new_study(small_study(), "Ours")
    shown = program.get(f"studies/{study}").json()

    assert ["Ours"] == [one["title"] for one in program.get("studies").json()]
    assert (40, 0, True) == (shown["patients"], shown["errors"], shown["own"])
    assert {"patients": 40} == {one["name"]: one["rows"] for one in shown["tables"]}
    assert "diameter" == shown["tables"][0]["columns"]["diameter (mm)"]
    assert 204 == program.delete(f"studies/{study}").status_code
    assert [] == program.get("studies").json()
    assert 404 == program.get(f"studies/{study}").status_code


def test_findings_are_those_of_the_command_line(program, tmp_path):
    study = program.new_study(small_study(BAD))
    with zipfile.ZipFile(io.BytesIO(small_study(BAD))) as archive:
        archive.extractall(tmp_path / "study")
    told = json.loads(CliRunner().invoke(main, ["check", str(tmp_path / "study"), "--json"]).output)
    found = program.get(f"studies/{study}/findings").json()

    assert told["findings"] == found["findings"]
    assert "fiftysomething" in [one["found"] for one in found["findings"]]
    one = program.get(f"studies/{study}/findings", params={"severity": "error"}).json()
    assert {"error"} == {each["severity"] for each in one["findings"]}
    numbered = [program.get(f"studies/{study}/findings/{at}").json() for at in found["numbers"]]
    assert found["findings"] == [each["finding"] for each in numbered]
    wrong = next(each for each in numbered if "fiftysomething" == each["finding"]["found"])
    marks = [cell["text"] for row in wrong["rows"] for cell in row["cells"] if cell["marked"]]
    assert ["fiftysomething"] == marks
    assert 404 == program.get(f"studies/{study}/findings/{len(numbered)}").status_code
    marked = program.get(f"studies/{study}/findings.xlsx").content
    assert zipfile.is_zipfile(io.BytesIO(marked))


def test_corrected_files_take_the_place_of_the_old(program):
    study = program.new_study(small_study(BAD))
    files = {"files": ("patients.csv", "\n".join(ROWS) + "\n")}
    answer = program.post(f"studies/{study}/files", files=files)

    assert (200, 0, 40) == (answer.status_code, answer.json()["errors"], answer.json()["patients"])
    taken = zipfile.ZipFile(io.BytesIO(program.get(f"studies/{study}/study.zip").content))
    assert {"study.toml", "patients.csv"} == set(taken.namelist())
    assert STUDY.encode() == taken.read("study.toml")


def test_a_run_leaves_the_bytes_of_the_command_line(program, tmp_path):
    packed = small_study(study=QUICK)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "study")
    out = tmp_path / "out"
    told = CliRunner().invoke(
        main, ["study", str(tmp_path / "study"), "--out", str(out), "--quick"]
    )
    assert 0 == told.exit_code, told.output
    study = program.new_study(packed)
    assert 409 == program.get(f"studies/{study}/results").status_code
    begun = program.post(f"studies/{study}/runs", json={"quick": True})
    assert (202, True) == (begun.status_code, begun.json()["quick"])
    run = begun.json()["id"]

    assert "done" == program.ended(study, run)["state"]
    assert [run] == [one["id"] for one in program.get(f"studies/{study}/runs").json()]
    finished = program.get(f"studies/{study}/results").json()
    assert run == finished["run"]["id"]
    assert finished["files"] == program.get(f"studies/{study}/runs/{run}/files").json()
    for file in finished["files"]:
        content = program.get(f"studies/{study}/runs/{run}/files/{file['name']}").content
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    pieces = program.get(f"studies/{study}/runs/{run}/exhibits").json()
    assert pieces["tables"]
    for name in pieces["tables"][:6]:
        assert program.get(f"studies/{study}/runs/{run}/tables/{name}").content, name
    for name in pieces["pictures"][:3]:
        assert program.get(f"studies/{study}/runs/{run}/pictures/{name}").content, name
    for path in ("tables/none.csv", "pictures/none.svg"):
        assert 404 == program.get(f"studies/{study}/runs/{run}/{path}").status_code
    results = program.get(f"studies/{study}/runs/{run}/results.json").content
    assert (out / "results.json").read_bytes() == results
    whole = program.get(f"studies/{study}/runs/{run}/study.zip").content
    assert "report/report.html" in zipfile.ZipFile(io.BytesIO(whole)).namelist()


def test_a_run_is_cancelled(program):
    slow = QUICK + '[sound]\nterms = ["age_at_diagnosis", "diameter"]\nresamples = 100000\n'
    study = program.new_study(small_study(study=slow))
    run = program.post(f"studies/{study}/runs").json()["id"]

    assert run == program.post(f"studies/{study}/runs").json()["id"]  # one at a time
    assert 202 == program.post(f"studies/{study}/runs/{run}/cancel").status_code
    assert "cancelled" == program.ended(study, run)["state"]
    assert 409 == program.get(f"studies/{study}/runs/{run}/results.json").status_code


def test_labels_are_counted_and_listed_as_the_command_line_does(program):
    study = program.new_study(example_zip())
    told = CliRunner().invoke(main, ["label", str(EXAMPLE), "--definition", "all", "--json"])
    expected = json.loads(told.output)
    counted = program.get(f"studies/{study}/labels").json()
    listed = program.get(f"studies/{study}/labels/patients", params={"definition": "all"}).json()

    assert expected["agreement"] == counted["agreement"]
    assert "labels" not in counted
    assert expected["labels"] == listed["labels"]
    answer = program.get(f"studies/{study}/labels", params={"definition": "nobodys-2001"})
    assert (404, "not found") == (answer.status_code, answer.json()["kind"])


def test_the_example_is_opened(program):
    opened = program.post("example").json()

    assert [opened["id"]] == [one["id"] for one in program.get("studies").json()]
    assert {"patients.csv"} <= {
        one["file"] for one in program.get(f"studies/{opened['id']}").json()["tables"]
    }


def test_two_studies_of_the_same_files_are_both_counted(program):
    for study in [program.new_study(small_study()) for _ in range(2)]:
        assert 40 == program.get(f"studies/{study}").json()["patients"]


def test_what_a_program_does_is_written_down(program, bench):
    study = program.new_study(small_study())
    program.delete(f"studies/{study}")
    with bench.store.reading() as connection:
        told = [one.action for one in actions_of(connection)]

    assert ["entered", "study made", "study removed"] == told


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"files": ("a.bin", b"\x00\x01")}, 422),
        ({"files": ("a.csv", b"")}, 422),
        ({"files": ("a.zip", b"PK\x03\x04 broken")}, 422),
        ({"other": ("a.csv", b"x")}, 422),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(program, files, status):
    answer = program.post("studies", files=files)

    assert (status, "workbench", 20) == (
        answer.status_code,
        answer.json()["kind"],
        answer.json()["exit_code"],
    )


def test_a_body_that_is_no_form_is_refused(program):
    for kind in ("application/json", "text/plain", ""):
        answer = program.post("studies", content=b"{}", headers={"content-type": kind})
        assert (415, "request") == (answer.status_code, answer.json()["kind"])
