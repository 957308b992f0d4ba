"""Who knocks wrongly stays outside: token, host, origin, form, size, policy."""

from __future__ import annotations

import logging
import re

import pytest
from fastapi.routing import APIRoute

from avidity.web.app import create_app
from avidity.web.security.forms import posted
from made_uploads import small_study
from made_workbench import HOST, TOKEN, Visitor, make_bench

OWN = {"origin": f"http://{HOST}"}


def routes(app):
    """Every route with its dependencies, routers inside routers too."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router)


def depends_on(dependant, wanted):
    return dependant.call is wanted or any(
        depends_on(one, wanted) for one in dependant.dependencies
    )


def test_without_the_token_nothing_is_served(stranger, bench):
    paths = [route.path for route in routes(create_app(bench)) if route.path != "/enter"]

    assert len(paths) > 10
    for path in ("/", "/static/workbench.css", "/openapi.json", "/docs", *paths):
        answer = stranger.get(re.sub(r"\{[^}]*\}", "0" * 32, path))
        assert 403 == answer.status_code, path
        assert "avidity serve" in answer.text


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", TOKEN[:-1]])
def test_a_wrong_token_lets_nobody_in(stranger, token):
    assert 403 == stranger.get("/enter", params={"token": token}).status_code
    assert not stranger.cookies


def test_the_token_opens_once(visitor, bench):
    second = Visitor(visitor.app, base_url=f"http://{HOST}")

    assert 403 == second.get("/enter", params={"token": TOKEN}).status_code
    assert 200 == visitor.get("/").status_code


def test_the_cookie_is_for_this_site_and_no_script(stranger):
    answer = stranger.get("/enter", params={"token": TOKEN}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:9", "evil.example:8000", f"{HOST}.evil.example", ""],
)
def test_a_rebound_name_is_refused(visitor, host):
    """DNS rebinding: the browser believes that evil.example is this computer."""
    assert 421 == visitor.get("/", headers={"host": host}).status_code


def test_two_hosts_are_refused(visitor):
    headers = [("host", HOST), ("host", "evil.example")]

    assert 421 == visitor.get("/", headers=headers).status_code


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9", f"https://{HOST}", ""]
)
def test_a_form_from_another_site_is_refused(visitor, origin):
    token = re.search(r'form_token" value="(\w+)"', visitor.get("/").text)[1]
    answer = visitor.post("/example", data={"form_token": token}, headers={"origin": origin})

    assert 403 == answer.status_code


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_calls_foreign_is_refused(visitor, site):
    asked = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}

    assert 403 == visitor.get("/", headers=asked).status_code
    assert 403 == visitor.post("/example", headers={**OWN, **asked}).status_code


def test_a_form_that_names_no_page_is_refused(visitor):
    token = re.search(r'form_token" value="(\w+)"', visitor.get("/").text)[1]

    assert 403 == visitor.post("/example", data={"form_token": token}).status_code


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(visitor, token):
    data = {} if token is None else {"form_token": token}

    assert 403 == visitor.post("/example", data=data, headers=OWN).status_code


def test_a_token_of_another_session_is_refused(visitor, bench, tmp_path):
    other = make_bench(tmp_path / "other") if (tmp_path / "other").mkdir() is None else None
    stranger = Visitor(create_app(other), base_url=f"http://{HOST}")
    stranger.get("/enter", params={"token": TOKEN})
    token = re.search(r'form_token" value="(\w+)"', stranger.get("/").text)[1]

    assert 403 == visitor.post("/example", data={"form_token": token}, headers=OWN).status_code
    other.store.close()


def test_every_route_that_changes_something_checks_its_form(bench):
    changing = [one for one in routes(create_app(bench)) if one.methods - {"GET", "HEAD"}]

    assert len(changing) > 5
    for route in changing:
        if not route.path.startswith("/api/") and route.path != "/login":  # nobody is here yet
            assert depends_on(route.dependant, posted), route.path


def test_the_frameworks_own_pages_are_not_there(visitor):
    """They would load from elsewhere."""
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert 404 == visitor.get(path).status_code


def test_no_page_allows_a_script_of_another_or_in_the_page(visitor):
    path = visitor.new_study(small_study())
    for page in (
        "/",
        f"{path}/data",
        f"{path}/problems",
        f"{path}/run",
        f"{path}/results",
        "/none",
    ):
        answer = visitor.get(page)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert "no-store" == answer.headers["cache-control"]
        assert [] == re.findall(r"<script(?![^>]*\bsrc=)", answer.text)
        assert [] == re.findall(
            r"\s(on\w+|style|hx-on[\w:-]*)=", re.sub(r'"[^"]*"', '""', answer.text)
        )


def test_the_report_may_run_no_script(visitor):
    from avidity.web.security.headers import REPORT_POLICY

    assert "default-src 'none'" in REPORT_POLICY
    assert "script-src" not in REPORT_POLICY
    assert "sandbox" in REPORT_POLICY
    assert "allow-scripts" not in REPORT_POLICY


def test_too_much_is_refused_by_its_length(tmp_path):
    bench = make_bench(tmp_path, largest=10_000)
    visitor = Visitor(create_app(bench), base_url=f"http://{HOST}")
    visitor.get("/enter", params={"token": TOKEN})

    answer = visitor.send_form("/studies", files={"files": ("a.csv", b"x" * 20_000)})

    assert 413 == answer.status_code
    bench.store.close()


def test_too_much_is_refused_without_a_length_as_well(tmp_path):
    bench = make_bench(tmp_path, largest=10_000)
    visitor = Visitor(create_app(bench), base_url=f"http://{HOST}")
    visitor.get("/enter", params={"token": TOKEN})
    sent = 0

    def endless():
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        while sent < 1_000_000:
            sent += 1000
            yield b"x" * 1000

    headers = {**OWN, "content-type": "multipart/form-data; boundary=b"}
    answer = visitor.post("/studies", content=endless(), headers=headers)

    assert 413 == answer.status_code
    bench.store.close()


def test_markup_in_a_title_stays_text(visitor):
    path = visitor.new_study(small_study(), title="<script>alert(1)</script>")
    told = visitor.get(f"{path}/data").text

    assert "<script>alert" not in told
    assert "&lt;script&gt;alert" in told


def test_markup_in_a_cell_stays_text(visitor):
    rows = [
        "patient_id,rair,age_at_diagnosis",
        "<img src=x onerror=alert(1)>,yes,<b>old</b>",
        "P2,no,40",
    ]
    path = visitor.new_study(small_study(rows))
    told = visitor.get(f"{path}/problems", params={"at": 0}).text

    assert "<b>old" not in told
    assert "<img" not in told
    assert "&lt;b&gt;old" in told


@pytest.mark.parametrize(
    "name",
    ["../settings.py", "..%2f..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "nothing.css", "."],
)
def test_no_path_leads_out_of_the_assets(visitor, name):
    assert 404 == visitor.get(f"/static/{name}").status_code


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""]
)
def test_after_a_choice_one_stays_here(visitor, back):
    token = re.search(r'form_token" value="(\w+)"', visitor.get("/").text)[1]
    answer = visitor.post(
        "/language",
        data={"form_token": token, "language": "fr", "back": back},
        headers=OWN,
        follow_redirects=False,
    )

    assert "/" == answer.headers["location"]


@pytest.mark.parametrize(
    "name", ["x", "0" * 31, "../../etc", "0" * 32, "'; DROP TABLE studies; --"]
)
def test_a_study_that_is_not_there_is_not_found(visitor, name):
    assert 404 == visitor.get(f"/studies/{name}/data").status_code


def test_no_log_and_no_address_holds_a_patients_value(visitor, caplog):
    rows = [
        "patient_id,rair,age_at_diagnosis,secretword",
        "PATIENT-XY-77,yes,fiftysomething,9",
        "P2,no,40,1",
    ]
    with caplog.at_level(logging.DEBUG):
        path = visitor.new_study(small_study(rows), title="Named")
        for page in ("data", "problems", "problems?at=0", "run", "problems.xlsx"):
            told = visitor.get(f"{path}/{page}")
            addresses = re.findall(r'(?:href|action|hx-get)="([^"]*)"', told.text)
            assert not any("XY-77" in one or "fiftysomething" in one for one in addresses)

    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert any("/studies/{study_id}/problems" in line for line in ours)
    assert not any("XY-77" in line or "fiftysomething" in line or path in line for line in ours)


def test_a_fault_shows_no_value_and_no_traceback(visitor, monkeypatch, caplog):
    from avidity.web.routes import data

    def broken(*_):
        raise RuntimeError("PATIENT-XY-77")

    path = visitor.new_study(small_study())
    monkeypatch.setattr(data, "look", broken)
    with caplog.at_level(logging.DEBUG):
        answer = visitor.get(f"{path}/data")

    assert 500 == answer.status_code
    assert "XY-77" not in answer.text + caplog.text
    assert "Traceback" not in answer.text + caplog.text
    assert "fault RuntimeError at test_gate.py" in caplog.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
