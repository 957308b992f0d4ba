"""Where people have accounts a program signs in by password, or comes with a key."""

from __future__ import annotations

import pytest

from avidity.web.app import create_app
from avidity.web.store.accounts import add_account, close_account, set_password
from avidity.web.store.tables import TRAIL
from made_uploads import small_study
from made_workbench import HOST, Program, make_bench

PASSWORD = "a long enough password"


@pytest.fixture
def shared_bench(tmp_path):
    made = make_bench(tmp_path, token=None)
    with made.store.writing("test") as connection:
        add_account(connection, "amina", "analyst", PASSWORD)
        add_account(connection, "bo", "reader", PASSWORD)
    yield made
    made.store.close()


@pytest.fixture
def anybody(shared_bench):
    app = create_app(shared_bench)
    return lambda: Program(app, base_url=f"http://{HOST}/api/v1")


def signed_in(program, name="amina"):
    answer = program.post("session", auth=(name, PASSWORD))
    assert 201 == answer.status_code, answer.text
    program.headers["authorization"] = f"Bearer {answer.json()['bearer']}"
    return program


def with_key(program, bearer):
    program.headers["authorization"] = f"Bearer {bearer}"
    return program


def test_a_password_begins_a_session(anybody):
    program = signed_in(anybody())

    assert {"account": "amina", "role": "analyst"} == program.get("session").json()
    assert 201 == program.post("example").status_code


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic x",
        "Basic ÿ".encode("latin-1"),
        "Basic YW1pbmE6",
        "Basic YW1pbmE6bm8=",
        "Bearer x",
    ],
)
def test_a_wrong_password_begins_none(anybody, header):
    answer = anybody().post(
        "session", headers={"authorization": header, "origin": f"http://{HOST}"}
    )

    assert (401, "access") == (answer.status_code, answer.json()["kind"])


def test_passwords_are_not_tried_without_end(anybody):
    program = anybody()
    tried = [program.post("session", auth=("amina", "wrong")).status_code for _ in range(7)]

    assert [401] * 5 + [429] * 2 == tried
    assert 429 == program.post("session", auth=("amina", PASSWORD)).status_code


def test_a_key_does_what_its_account_may_until_it_is_withdrawn(anybody, shared_bench):
    person = signed_in(anybody())
    made = person.post("keys", json={"label": "nightly", "days": 30})
    key = made.json()
    program = with_key(anybody(), key["bearer"])

    assert 201 == made.status_code
    assert {"account": "amina", "role": "analyst"} == program.get("session").json()
    study = program.new_study(small_study())
    assert [study] == [one["id"] for one in person.get("studies").json()]
    listed = person.get("keys").json()
    assert [(key["id"], "nightly", None)] == [(x["id"], x["label"], x["withdrawn"]) for x in listed]
    assert key["bearer"] not in person.get("keys").text
    assert 204 == person.delete(f"keys/{key['id']}").status_code
    assert 401 == program.get("studies").status_code
    assert 404 == person.delete(f"keys/{key['id']}").status_code


def test_a_key_makes_no_other_key(anybody):
    person = signed_in(anybody())
    program = with_key(anybody(), person.post("keys", json={"label": "a"}).json()["bearer"])

    for answer in (program.get("keys"), program.post("keys", json={"label": "b"})):
        assert (403, "access") == (answer.status_code, answer.json()["kind"])


def test_a_key_of_another_is_neither_seen_nor_withdrawn(anybody):
    person, other = signed_in(anybody()), signed_in(anybody(), "bo")
    key = person.post("keys", json={"label": "a"}).json()

    assert [] == other.get("keys").json()
    assert 404 == other.delete(f"keys/{key['id']}").status_code
    reader = with_key(anybody(), other.post("keys", json={"label": "r"}).json()["bearer"])
    assert 403 == reader.post("example").status_code


@pytest.mark.parametrize(
    "change",
    [
        lambda connection: close_account(connection, "amina"),
        lambda connection: set_password(connection, "amina", "another long password"),
    ],
)
def test_a_closed_account_and_another_password_end_its_keys(anybody, shared_bench, change):
    person = signed_in(anybody())
    program = with_key(anybody(), person.post("keys", json={"label": "a"}).json()["bearer"])
    assert 200 == program.get("studies").status_code
    with shared_bench.store.writing("test") as connection:
        change(connection)

    assert 401 == program.get("studies").status_code


def test_no_secret_of_a_key_stands_in_the_store(anybody, shared_bench):
    made = signed_in(anybody()).post("keys", json={"label": "a"}).json()
    with shared_bench.store.reading() as connection:
        told = str(connection.execute(TRAIL.select()).all())

    assert "keys" in told
    assert made["bearer"] not in told
    assert "digest" not in told
    for file in shared_bench.data.glob("avidity.sqlite*"):
        assert made["bearer"].encode() not in file.read_bytes()


def test_without_accounts_there_are_no_keys(program):
    assert 404 == program.post("keys", json={"label": "a"}).status_code
