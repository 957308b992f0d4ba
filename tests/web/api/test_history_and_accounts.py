"""A program reads who did what; an administrator's program sees to the accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from avidity.web.app import create_app
from avidity.web.store.accounts import accounts, add_account
from avidity.web.store.actions import actions_of
from avidity.web.store.history import history_of
from made_uploads import example_zip, small_study
from made_workbench import HOST, Program, make_bench

PASSWORD = "a long enough password"
PEOPLE = {"zoe": "administrator", "amina": "analyst", "bo": "reader"}


@pytest.fixture
def people(tmp_path):
    """Everybody's program, signed in by password, and how to come in as anybody."""
    bench = make_bench(tmp_path, token=None)
    with bench.store.writing("test") as connection:
        for name, role in PEOPLE.items():
            add_account(connection, name, role, PASSWORD)
    app = create_app(bench)

    def come(name, password=PASSWORD):
        program = Program(app, base_url=f"http://{HOST}/api/v1")
        answer = program.post("session", auth=(name, password))
        if 201 == answer.status_code:
            program.headers["authorization"] = f"Bearer {answer.json()['bearer']}"
        return answer.status_code, program

    yield {name: come(name)[1] for name in PEOPLE}, come, bench
    bench.store.close()


def test_the_history_of_a_study_is_the_trails_and_unbroken(program, bench):
    study = program.new_study(example_zip())
    seen = program.get(f"studies/{study}/refractory/64").json()["snapshot"]
    said = {"answer": "no", "reason": "It was thymus on CT", "who": "Dr A", "snapshot": seen}
    program.put(f"studies/{study}/refractory/64/answer", json=said)
    told = program.get(f"studies/{study}/history").json()
    with bench.store.reading() as connection:
        deeds = history_of(connection, study)

    assert None is told["broken"]
    assert len(deeds) == told["total"]
    assert [one.at for one in deeds] == [one["at"] for one in told["deeds"]]
    answered = next(one for one in told["deeds"] if one["actions"])
    assert ["override, yes to no"] == answered["actions"]
    assert [{"row": 64, "reason": "It was thymus on CT"}] == answered["reasons"]
    assert "TWIN" not in program.get(f"studies/{study}/history").text
    program.delete(f"studies/{study}")
    assert len(deeds) < program.get(f"studies/{study}/history").json()["total"]


def test_a_trail_that_was_changed_says_where(program, bench):
    study = program.new_study(small_study())
    with bench.store.noting() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS trail_update"))
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail'")
        ).scalars()
        for name in list(names):
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE trail SET actor = 'nobody' WHERE id = 2"))

    assert 2 == program.get(f"studies/{study}/history").json()["broken"]
    assert 2 == program.get("log").json()["broken"]


def test_histories_and_the_log_are_for_those_who_may(people):
    (zoe, amina, bo), _, bench = people[0].values(), people[1], people[2]
    study = amina.new_study(small_study())
    amina.put(f"studies/{study}/share", json={"shared": True})

    assert 200 == amina.get(f"studies/{study}/history").status_code
    assert 200 == zoe.get(f"studies/{study}/history").status_code
    assert 403 == bo.get(f"studies/{study}/history").status_code
    for who in (amina, bo):
        assert 403 == who.get("log").status_code
    log = zoe.get("log").json()
    with bench.store.reading() as connection:
        done = [one.action for one in actions_of(connection)]
    assert done[::-1] == [one["action"] for one in log["lines"]]
    assert (len(done), 1) == (log["total"], log["pages"])


def test_an_administrator_makes_lists_and_closes_accounts(people):
    programs, come, bench = people
    zoe = programs["zoe"]
    asked = {"name": "chen", "role": "analyst", "password": PASSWORD}
    made = zoe.post("accounts", json=asked)

    assert (201, "analyst", None) == (made.status_code, made.json()["role"], made.json()["closed"])
    assert PASSWORD not in made.text
    assert ["amina", "bo", "chen", "zoe"] == [one["name"] for one in zoe.get("accounts").json()]
    status, chen = come("chen")
    assert (201, 200) == (status, chen.get("session").status_code)
    for changed in (
        {},
        {"name": "a b"},
        {"password": "short"},
        {"role": "king"},
        {"name": "local"},
    ):
        assert 422 == zoe.post("accounts", json={**asked, **changed}).status_code, changed
    other = {"password": "another long password"}
    assert 204 == zoe.put("accounts/chen/password", json=other).status_code
    assert 401 == chen.get("session").status_code  # let out everywhere
    assert (401, 201) == (come("chen")[0], come("chen", other["password"])[0])
    assert 204 == zoe.delete("accounts/chen").status_code
    assert 401 == come("chen", other["password"])[0]
    for answer in (zoe.delete("accounts/none"), zoe.put("accounts/none/password", json=other)):
        assert (404, "not found") == (answer.status_code, answer.json()["kind"])
    assert 409 == zoe.delete("accounts/zoe").status_code
    with bench.store.reading() as connection:
        closed = {one.name for one in accounts(connection) if one.closed}
        done = [one.action for one in actions_of(connection) if one.actor == "zoe"]
    assert {"chen"} == closed
    assert ["signed in", "account made", "password changed", "account closed"] == done


def test_nobody_else_sees_to_accounts_and_no_key_does(people):
    programs, _, _ = people
    key = programs["zoe"].post("keys", json={"label": "nightly"}).json()["bearer"]
    keyed = Program(programs["zoe"].app, base_url=f"http://{HOST}/api/v1")
    keyed.headers["authorization"] = f"Bearer {key}"
    asked = {"name": "eve", "role": "administrator", "password": PASSWORD}

    for who in (programs["amina"], programs["bo"], keyed):
        for answer in (
            who.get("accounts"),
            who.post("accounts", json=asked),
            who.put("accounts/zoe/password", json={"password": PASSWORD}),
            who.delete("accounts/bo"),
        ):
            assert (403, "access") == (answer.status_code, answer.json()["kind"])
    assert 3 == len(programs["zoe"].get("accounts").json())
    assert 200 == keyed.get("log").status_code


def test_without_accounts_there_are_none_to_see_to(program):
    assert 404 == program.get("accounts").status_code
    asked = {"name": "eve", "role": "administrator", "password": PASSWORD}
    assert 404 == program.post("accounts", json=asked).status_code
