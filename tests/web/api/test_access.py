"""Who may ask, and in what form everybody is told no."""

from __future__ import annotations

import logging
import re

import pytest
from fastapi.routing import APIRoute

from avidity.web.api.app import create_api, description
from avidity.web.api.bodies import known
from avidity.web.app import create_app
from avidity.web.security.forms import HEADER, form_token
from avidity.web.store.sessions import begin_session, find_session
from avidity.web.store.studies import set_shared
from made_uploads import small_study
from made_workbench import HOST, TOKEN, Program, Visitor, make_bench

OWN = {"origin": f"http://{HOST}"}


FOR_THOSE_IT_IS_SHARED_WITH = {  # results and counts; of a run that is not there they say 404
    "GET studies/{study_id}",
    "GET studies/{study_id}/labels",
    "GET studies/{study_id}/results",
}


def of_a_study():
    """Every address that is about one study, but those of a run, which here there is none of."""
    return [
        (method.upper(), path.lstrip("/"))
        for path, operations in description()["paths"].items()
        for method in operations
        if path.startswith("/studies/{study_id}") and "{run_id}" not in path
    ]


def is_trouble(answer, status):
    assert status == answer.status_code, answer.text
    assert {"kind", "message", "exit_code"} == set(answer.json())
    assert answer.json()["message"].strip()
    return True


def routes(api):
    for route in api.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router)


def unknown(bench, **headers):
    return Program(create_app(bench), base_url=f"http://{HOST}/api/v1", headers=headers)


def test_without_a_session_nothing_is_answered(bench):
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Bearer {TOKEN}x"}):
        stranger = unknown(bench, **headers)
        asked = [("GET", "openapi.json"), ("GET", ""), ("GET", "nothing")]
        for path, operations in description()["paths"].items():
            asked += [(method.upper(), path) for method in operations]
        assert len(asked) > 30
        for method, path in asked:
            answer = stranger.request(method, re.sub(r"\{[^}]*\}", "0" * 32, path).lstrip("/"))
            if method in ("GET", "HEAD") or headers:
                assert is_trouble(answer, 401), path
                assert "Bearer" == answer.headers["www-authenticate"]
            else:
                assert is_trouble(answer, 403), path  # it says neither who asks nor from where


def test_every_address_but_the_entrance_asks_who_it_is():
    api = create_api()
    asking = [one for one in api.routes if hasattr(one, "original_router")]
    for one in asking:
        asked = [each.dependency for each in one.include_context.dependencies]
        paths = {route.path for route in routes(one.original_router)}
        assert known in asked or {"/session"} == paths


def test_the_token_opens_once_for_a_program_or_a_person(program):
    answer = program.post("session", headers={"authorization": f"Bearer {TOKEN}"})

    assert is_trouble(answer, 401)
    person = Visitor(program.app, base_url=f"http://{HOST}")
    assert 403 == person.get("/enter", params={"token": TOKEN}).status_code


def test_a_session_says_who_asks_and_ends(program):
    assert {"account": "local", "role": "administrator"} == program.get("session").json()
    assert 204 == program.delete("session").status_code
    assert is_trouble(program.get("session"), 401)


def test_a_cookie_alone_may_look_and_change_nothing(visitor, bench):
    with bench.store.reading() as connection:
        session = find_session(connection, next(iter(visitor.cookies.values())))
    own = {**OWN, HEADER: form_token(session)}

    assert 200 == visitor.get("/api/v1/studies").status_code
    assert 200 == visitor.get("/api/v1/openapi.json").status_code
    assert is_trouble(visitor.post("/api/v1/example", headers=OWN), 403)
    assert is_trouble(visitor.post("/api/v1/example", headers={**OWN, HEADER: "0" * 64}), 403)
    assert 201 == visitor.post("/api/v1/example", headers=own).status_code


def test_a_cookie_helps_no_wrong_bearer(visitor):
    assert is_trouble(visitor.get("/api/v1/studies", headers={"authorization": "Bearer x"}), 401)


def test_another_site_and_another_name_are_refused(program):
    assert is_trouble(program.get("studies", headers={"host": "evil.example"}), 421)
    assert is_trouble(program.get("studies", headers={"origin": "http://evil.example"}), 403)
    assert is_trouble(program.post("example", headers={"sec-fetch-site": "cross-site"}), 403)


def test_a_reader_sees_shared_results_and_no_patient(tmp_path):
    bench = make_bench(tmp_path, token=None)
    app = create_app(bench)
    owner, reader, other = (Program(app, base_url=f"http://{HOST}/api/v1") for _ in range(3))
    people = ((owner, "a", "administrator"), (reader, "r", "reader"), (other, "o", "analyst"))
    for who, account, role in people:
        with bench.store.noting() as connection:
            cookie = begin_session(connection, account, role)
        who.headers["authorization"] = f"Bearer {cookie}"
    study = owner.new_study(small_study())
    for path in (f"studies/{study}", f"studies/{study}/labels", f"studies/{study}/results"):
        assert is_trouble(reader.get(path), 404)
    with bench.store.writing("a") as connection:
        set_shared(connection, study, shared=True)

    assert [study] == [one["id"] for one in reader.get("studies").json()]
    assert [] == reader.get(f"studies/{study}").json()["tables"]
    assert is_trouble(reader.get(f"studies/{study}/results"), 409)
    for method, path in of_a_study():
        address = path.replace("{study_id}", study).replace("{row}", "2").replace("{number}", "0")
        for who, status in ((reader, 403), (other, 404)):
            answer = who.request(method, re.sub(r"\{[^}]*\}", "0" * 32, address))
            seen = f"{method} {path}" in FOR_THOSE_IT_IS_SHARED_WITH
            assert (status != answer.status_code) if seen else is_trouble(answer, status), path
    assert is_trouble(reader.post("example"), 403)
    bench.store.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "", 404),
        ("GET", "docs", 404),
        ("GET", "studies/a%0Ab/runs/c", 404),
        ("PUT", "studies", 405),
        ("GET", f"studies/{'0' * 32}", 404),
        ("GET", "studies/..%2f..%2fetc", 404),
        ("GET", f"studies/{'0' * 32}/runs/{'0' * 32}/files/../../x", 404),
        ("GET", "models/bellakhdar-2024/export?as=exe", 422),
        ("GET", "models/bellakhdar-2024/export", 422),
        ("GET", "studies?answr=no", 422),
    ],
)
def test_every_no_has_the_same_form(program, method, path, status):
    assert is_trouble(program.request(method, path), status)


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff", b"null", b'{"inputs": 1}', b""])
def test_a_body_that_is_no_json_as_described_is_refused(program, body):
    headers = {"content-type": "application/json"}
    answer = program.post("models/bellakhdar-2024/risk", content=body, headers=headers)

    assert answer.status_code in (400, 422)
    assert is_trouble(answer, answer.status_code)


def test_too_much_is_refused_with_and_without_a_length(tmp_path):
    bench = make_bench(tmp_path, largest=10_000)
    program = Program(create_app(bench), base_url=f"http://{HOST}/api/v1")
    program.sign_in(TOKEN)

    def endless():
        for _ in range(100):
            yield b"x" * 1000

    risk = "models/bellakhdar-2024/risk"
    json = {"content-type": "application/json"}
    form = {"content-type": "multipart/form-data; boundary=b"}
    assert is_trouble(program.post(risk, content=b"x" * 20_000, headers=json), 413)
    assert is_trouble(program.post(risk, content=endless(), headers=json), 413)
    assert is_trouble(program.post("studies", content=endless(), headers=form), 413)
    assert is_trouble(program.post("papers/audit", content=endless()), 413)
    bench.store.close()


def test_no_log_and_no_error_holds_a_patients_value(program, caplog):
    rows = ["patient_id,rair,age_at_diagnosis", "PATIENT-XY-77,yes,fiftysomething", "P2,no,40"]
    with caplog.at_level(logging.DEBUG):
        study = program.new_study(small_study(rows))
        for path in ("findings", "labels", "labels/patients"):
            program.get(f"studies/{study}/{path}")
        answer = program.get(f"studies/{study}/labels/patients", params={"definition": "all"})

    assert is_trouble(answer, 422)
    assert "XY-77" not in answer.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert any("/api/v1/studies/{study_id}/findings" in line for line in ours)
    assert not any("XY-77" in line or "fiftysomething" in line or study in line for line in ours)


def test_a_fault_is_one_object_without_a_value(program, monkeypatch, caplog):
    from avidity.web.api import studies

    def broken(*_):
        raise RuntimeError("PATIENT-XY-77")

    study = program.new_study(small_study())
    monkeypatch.setattr(studies, "look", broken)
    with caplog.at_level(logging.DEBUG):
        answer = program.get(f"studies/{study}")

    assert is_trouble(answer, 500)
    assert (1, "fault") == (answer.json()["exit_code"], answer.json()["kind"])
    assert "XY-77" not in answer.text + caplog.text
    assert "fault RuntimeError at test_access.py" in caplog.text
