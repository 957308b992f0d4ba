"""A program keeps papers as a person types them: begun, replaced, audited, rebuilt, asked."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.web.app import create_app
from avidity.web.store.actions import actions_of
from avidity.web.store.sessions import begin_session
from made_workbench import HOST, Program, Visitor, make_bench

PAPER = (
    Path(__file__).resolve().parents[3] / "examples" / "papers" / "bellakhdar-2024" / "paper.toml"
)
FAULTY = b'[paper]\ntitle = "Ours"\n[[group]]\nname = "cases"\nevent = true\n'


@pytest.fixture
def person(program, bench):
    with bench.store.noting() as connection:
        cookie = begin_session(connection, "local", "administrator")
    return Visitor(program.app, base_url=f"http://{HOST}", cookies={bench.settings.cookie: cookie})


def begin(program, text=FAULTY):
    answer = program.post("papers", content=text)
    assert 201 == answer.status_code, answer.text
    return answer.json()


def test_a_paper_is_begun_replaced_listed_and_thrown_away(program, person, bench):
    begun = begin(program)
    address = f"papers/{begun['id']}"

    assert ("Ours", False) == (begun["title"], begun["whole"])
    assert begun["faults"]
    assert FAULTY == program.get(f"{address}/paper.toml").content
    assert "Ours" in person.get(f"/papers/{begun['id']}").text
    text = FAULTY.replace(b"Ours", b"Theirs")
    asked = {"version": begun["version"]}
    changed = program.put(f"{address}/paper.toml", content=text, params=asked)
    assert (200, "Theirs") == (changed.status_code, changed.json()["title"])
    late = program.put(f"{address}/paper.toml", content=FAULTY, params=asked)
    assert (409, "state") == (late.status_code, late.json()["kind"])
    (listed,) = program.get("papers").json()
    assert {**changed.json(), **listed} == program.get(address).json()
    assert 204 == program.delete(address).status_code
    assert 404 == program.get(address).status_code
    assert [] == program.get("papers").json()
    with bench.store.reading() as connection:
        done = [one.action for one in actions_of(connection)]
    assert ["entered", "paper begun", "paper removed"] == done


def test_a_text_that_cannot_be_kept_is_refused_and_one_with_faults_says_so(program):
    for wrong in (b"\xff\xfe", b"a = '\x00'"):
        answer = program.post("papers", content=wrong)
        assert (422, 17) == (answer.status_code, answer.json()["exit_code"])
    broken = begin(program, b"this is no TOML")
    assert "no valid TOML" in broken["trouble"]
    for path in ("audit", "audit.docx", "rebuild.json", "rebuilt-model.json"):
        assert 409 == program.get(f"papers/{broken['id']}/{path}").status_code, path
    assert 409 == program.post(f"papers/{broken['id']}/model").status_code
    refused = program.post(f"papers/{broken['id']}/rebuild")
    assert (422, 17) == (refused.status_code, refused.json()["exit_code"])
    assert "none" == program.get(f"papers/{broken['id']}/rebuild").json()["state"]


def test_the_audit_is_that_of_the_command_line_and_of_the_page(program, person):
    paper = program.post("papers/examples/bellakhdar-2024").json()
    address = f"papers/{paper['id']}"
    printed = json.loads(CliRunner().invoke(main, ["paper", "audit", str(PAPER), "--json"]).output)
    told = program.get(f"{address}/audit").json()

    assert "bellakhdar-2024" in program.get("papers/examples").json()
    assert 404 == program.post("papers/examples/none").status_code
    assert paper["whole"]
    assert printed["findings"] == told["findings"]
    assert sum(paper["counts"].values()) == len(told["findings"])
    for kind in ("json", "html", "docx"):
        of_page = person.get(f"/{address}/audit.{kind}").content
        assert of_page == program.get(f"{address}/audit.{kind}").content


def test_a_paper_is_rebuilt_and_its_model_asked(program):
    paper = program.post("papers/examples/bellakhdar-2024").json()
    address = f"papers/{paper['id']}"
    assert 202 == program.post(f"{address}/rebuild").status_code
    ends = time.monotonic() + 90
    while "running" == program.get(f"{address}/rebuild").json()["state"]:
        assert time.monotonic() < ends
        time.sleep(0.1)

    assert ("done", 100) == tuple(
        program.get(address).json()["rebuilding"][key] for key in ("state", "percent")
    )
    printed = CliRunner().invoke(main, ["paper", "rebuild", str(PAPER), "--json"])
    told = program.get(f"{address}/rebuild.json").json()
    assert json.loads(printed.output)["rebuilt"] == told["rebuilt"]
    kept = program.post(f"{address}/model")
    assert (201, "own") == (kept.status_code, kept.json()["home"])
    model = program.get(f"models/{kept.json()['id']}")
    assert program.get(f"{address}/rebuilt-model.json").json() == model.json()


def test_a_rebuilding_is_stopped(program):
    paper = program.post("papers/examples/bellakhdar-2024").json()
    address = f"papers/{paper['id']}/rebuild"
    program.post(address)

    assert 202 == program.post(f"{address}/stop").status_code
    ends = time.monotonic() + 60
    while "running" == program.get(address).json()["state"]:
        assert time.monotonic() < ends
        time.sleep(0.1)
    assert program.get(address).json()["state"] in ("stopped", "done")


def test_a_paper_is_its_owners_alone(tmp_path):
    bench = make_bench(tmp_path, token=None)
    app = create_app(bench)
    people = []
    for name, role in (("a", "analyst"), ("b", "administrator"), ("r", "reader")):
        with bench.store.noting() as connection:
            cookie = begin_session(connection, name, role)
        people.append(Program(app, base_url=f"http://{HOST}/api/v1"))
        people[-1].headers["authorization"] = f"Bearer {cookie}"
    owner, other, reader = people
    address = f"papers/{begin(owner)['id']}"

    for path in ("", "/paper.toml", "/audit", "/audit.json", "/rebuild", "/rebuilt-model.json"):
        assert 404 == other.get(address + path).status_code, path
        assert 403 == reader.get(address + path).status_code, path
    assert 404 == other.put(f"{address}/paper.toml", content=FAULTY).status_code
    assert 404 == other.delete(address).status_code
    assert [] == other.get("papers").json()
    assert 403 == reader.post("papers", content=FAULTY).status_code
    assert 200 == owner.get(address).status_code
    bench.store.close()
