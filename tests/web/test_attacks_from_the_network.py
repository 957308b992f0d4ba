"""Whoever reaches the port: another user, silent and dripping connections, odd requests, https."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.client import HTTPSConnection

import pytest

from avidity.web import app as web_app
from avidity.web import jobs
from avidity.web.app import create_app
from avidity.web.given_file import disposition
from avidity.web.security import gate, peer
from avidity.web.security.gate import STRANGERS
from avidity.web.security.patience import Patient
from avidity.web.server import LOOPBACK, listen
from avidity.web.store.accounts import add_account
from avidity.web.store.open import address_of, open_store
from avidity.web.store.sessions import begin_session, end_sessions_of
from made_browser import listening
from made_uploads import STUDY, small_study
from made_workbench import HOST, TOKEN, Visitor, make_bench

OWNER, OTHER = 54_321, 54_322  # users of this computer, by number
CURL = shutil.which("curl")
OWN = {"origin": f"http://{HOST}"}


# Another user of this computer


def asked_as(user, address, *words):
    """What a program of that user is told."""
    told = subprocess.run(
        [CURL, "-s", "-o", "-", "-w", "\n%{http_code}", *words, address],
        user=user,
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    return int(told.stdout.rpartition("\n")[2])


def can_be_others():
    import os

    return CURL is not None and hasattr(os, "geteuid") and os.geteuid() == 0


as_others = pytest.mark.skipif(not can_be_others(), reason="needs root, to be two other users")


@as_others
@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]"])
def test_another_users_program_is_refused_even_with_the_token_and_the_cookie(
    tmp_path, monkeypatch, host
):
    """The token stood in a list of processes; the cookie was sent to another port."""
    monkeypatch.setattr(web_app, "own_user", lambda: OWNER)
    bench = None

    def made(hosts):
        nonlocal bench
        bench = make_bench(tmp_path, hosts=hosts)
        return bench

    with listening(made, TOKEN) as (root, enter):
        name = root.removeprefix("http://")
        there = [f"http://{host}:{name.rpartition(':')[2]}", "-H", f"host: {name}"]
        with bench.store.noting() as connection:
            cookie = begin_session(connection, "local", "administrator")
        bearer = ["-H", f"authorization: Bearer {cookie}"]
        stolen = ["-H", f"cookie: {bench.settings.cookie}={cookie}"]

        for words in (stolen, bearer):
            assert 403 == asked_as(OTHER, f"{there[0]}/", *there[1:], *words)
            assert 403 == asked_as(OTHER, f"{there[0]}/api/v1/studies", *there[1:], *words)
        assert 403 == asked_as(OTHER, there[0] + enter.removeprefix(root), *there[1:])
        assert 200 == asked_as(OWNER, f"{there[0]}/", *there[1:], *stolen)
        assert 303 == asked_as(OWNER, there[0] + enter.removeprefix(root), *there[1:])


TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 757999 1
   1: 0100007F:C001 0100007F:1F40 01 00000000:00000000 00:00000000 00000000  1000        0 789047 1
   2: 0100007F:C002 0100007F:1F40 01 00000000:00000000 00:00000000 00000000  1001        0 789048 1
   3: 0100007F:C003 0100007F:1F40 05 00000000:00000000 00:00000000 00000000     0        0 0 3
   4: 0100007F:C004 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 789050 1
   5: 0100007F:1F40 0100007F:C005 01 00000000:00000000 00:00000000 00000000  1000        0 789051 1
"""


@pytest.mark.parametrize(
    ("port", "refused"),
    [
        (0xC001, False),
        (0xC002, True),  # another user
        (0xC003, True),  # closed at once after sending: the kernel calls it nobody's
        (0xC004, False),  # root
        (0xC005, False),  # the other end is of another network space: a relay
        (0xC006, True),  # gone
    ],
)
def test_who_holds_the_other_end_is_read_from_the_kernels_table(
    tmp_path, monkeypatch, port, refused
):
    (tmp_path / "tcp").write_text(TABLE)
    monkeypatch.setattr(peer, "TABLES", tmp_path)
    monkeypatch.setattr(peer.sys, "byteorder", "little")
    ends = ((LOOPBACK, port), (LOOPBACK, 8000))

    assert refused is peer.is_anothers(*ends, 1000)
    assert not peer.is_anothers(*ends, None)


def test_where_the_system_does_not_tell_nobody_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(peer, "TABLES", tmp_path)

    assert not peer.is_anothers((LOOPBACK, 1), (LOOPBACK, 2), 1000)
    assert not peer.is_anothers(("testclient", 1), (LOOPBACK, 2), 1000)


# Connections that say nothing


def told_of(address, sent, seconds=5.0):
    """What a raw connection hears until it is closed, and how long that took."""
    begun, heard = time.monotonic(), b""
    with socket.create_connection(address, timeout=seconds) as connection:
        connection.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                heard += piece
    return heard, time.monotonic() - begun


@pytest.fixture
def port(tmp_path, monkeypatch):
    """A workbench for a few seconds of patience, run as the command line runs it."""
    import uvicorn

    monkeypatch.setattr(Patient, "patience", 0.4)
    monkeypatch.setattr(gate, "PATIENCE", 0.4)
    listener = listen(LOOPBACK, 0)
    number = listener.getsockname()[1]
    bench = make_bench(tmp_path, token=None, hosts=(f"{LOOPBACK}:{number}",))
    config = uvicorn.Config(
        create_app(bench), http=Patient, log_level="warning", timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join(10)
    listener.close()
    bench.store.close()


HEAD = b"GET /login HTTP/1.1\r\nhost: %s\r\n"


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET /login HTTP/1.1\r\nhost: x\r\nx-a: "])
def test_a_connection_that_stays_silent_is_closed(port, said):
    heard, took = told_of((LOOPBACK, port), said)

    assert b"" == heard
    assert took < 3


def test_a_second_request_that_never_ends_is_closed_as_well(port):
    host = f"{LOOPBACK}:{port}".encode()
    heard, took = told_of((LOOPBACK, port), HEAD % host + b"\r\n" + HEAD % host)

    assert heard.startswith(b"HTTP/1.1 200")
    assert took < 3


def test_a_strangers_body_that_drips_is_heard_no_longer(port):
    host = f"{LOOPBACK}:{port}"
    head = (
        f"POST /login HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n"
        "content-type: application/x-www-form-urlencoded\r\ncontent-length: 50\r\n\r\nname="
    )
    heard, took = told_of((LOOPBACK, port), head.encode())

    assert heard.startswith(b"HTTP/1.1 408")
    assert took < 3


def test_a_stranger_may_send_a_name_and_a_password_and_no_more(tmp_path):
    bench = make_bench(tmp_path, token=None)
    stranger = Visitor(create_app(bench), base_url=f"http://{HOST}")

    def endless():
        for _ in range(100):
            yield b"name=" + b"x" * 995

    form = {**OWN, "content-type": "application/x-www-form-urlencoded"}
    assert 413 == stranger.post("/login", content=b"x" * (STRANGERS + 1), headers=form).status_code
    assert 413 == stranger.post("/login", content=endless(), headers=form).status_code
    bench.store.close()


# Odd requests


@pytest.mark.parametrize("length", ["-1", "+5", "1e3", "²", "9" * 5000, "0x10", "1, 1"])
def test_a_length_that_is_no_number_is_refused(visitor, length):
    answer = visitor.post("/example", headers={**OWN, "content-length": length.encode("latin-1")})

    assert 413 == answer.status_code


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "HEAD", "PUT", "PATCH", "CONNECT", "X"])
def test_other_methods_show_nothing_and_carry_the_policy(visitor, stranger, method):
    for who in (visitor, stranger):
        answer = who.request(method, "/", headers={**OWN, "cookie2": "secret-echo"})
        assert answer.status_code in (403, 404, 405)
        assert "secret-echo" not in answer.text
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert "access-control-allow-origin" not in answer.headers


def test_no_header_of_a_forwarding_server_changes_who_we_are(visitor):
    for name in ("x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url", "x-host"):
        answer = visitor.get("/", headers={name: "evil.example"})
        assert 200 == answer.status_code
        assert "evil.example" not in answer.text
    for name in ("x-http-method-override", "x-method-override"):
        assert 405 == visitor.put("/", headers={name: "GET", **OWN}).status_code


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET http://evil.example/login HTTP/1.1", (200, 404, 401)),
        ("GET //evil.example/login HTTP/1.1", (401, 404)),
        ("GET /login/../../etc/passwd HTTP/1.1", (401, 404)),
        ("GET /static/..%2f..%2fapp.py HTTP/1.1", (401, 404)),
        ("GET /login\0 HTTP/1.1", (400, 401)),
    ],
)
def test_an_odd_target_leads_nowhere(port, line, status):
    host = f"{LOOPBACK}:{port}"
    asked = f"{line}\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    heard, _ = told_of((LOOPBACK, port), asked.encode())

    assert int(heard.split()[1]) in status
    assert b"evil.example" not in heard
    assert b"root:" not in heard


def test_a_body_with_two_lengths_or_two_codings_is_refused(port):
    """Request smuggling: one server before us, and the two disagree where a request ends."""
    host = f"{LOOPBACK}:{port}"
    own = f"POST /login HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n"
    both = f"{own}content-length: 4\r\ncontent-length: 40\r\n\r\nname"
    heard, _ = told_of((LOOPBACK, port), both.encode())
    assert heard.startswith(b"HTTP/1.1 400")
    hidden = f"GET /hidden HTTP/1.1\r\nhost: {host}\r\n\r\n"
    mixed = f"{own}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n{hidden}"
    heard, _ = told_of((LOOPBACK, port), mixed.encode())
    assert heard.startswith(b"HTTP/1.1 400")
    assert 1 == heard.count(b"HTTP/1.1 ")


# Names in headers


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("study.zip", "study.zip", ""),
        ('a"; b="c', "a__ b__c", "a%22%3B%20b%3D%22c"),
        ("a\r\nset-cookie: x=1.svg", "aset-cookie_ x_1.svg", "aset-cookie%3A%20x%3D1.svg"),
        ("étude ⚕.svg", "_tude _.svg", "%C3%A9tude%20%E2%9A%95.svg"),
        ("../../x\\y", ".._.._x_y", "..%2F..%2Fx%5Cy"),
        ("\u202egpj.exe", "gpj.exe", ""),
    ],
)
def test_a_file_name_stays_inside_its_header(name, plain, whole):
    extended = f"; filename*=UTF-8''{whole}" if whole else ""

    assert f'attachment; filename="{plain}"{extended}' == disposition(name)
    disposition(name).encode("ascii")


# A long answer


def test_a_progress_that_is_watched_ends_with_the_session(visitor, bench, monkeypatch):
    path = visitor.new_study(small_study(study=STUDY + '[report]\nformats = ["json"]\n'))
    monkeypatch.setattr(jobs, "work", lambda *_: None)  # a run that does not end by itself
    visitor.send_form(f"{path}/run", page=f"{path}/run", quick="yes")
    with bench.store.reading() as connection:
        run_id = jobs.runs_of(connection, path.rpartition("/")[2])[0].id
    ending = threading.Timer(0.6, lambda: end_all(bench))
    ending.start()
    begun = time.monotonic()
    told = visitor.get(f"{path}/runs/{run_id}/progress").text

    assert told.startswith("event: progress")
    assert told.rstrip().endswith("event: ended\ndata: .")
    assert time.monotonic() - begun < 5
    ending.join()


def end_all(bench):
    with bench.store.noting() as connection:
        end_sessions_of(connection)


# Beyond the loopback


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own for 127.0.0.1, made as an administrator would."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    proof, key = folder / "proof.pem", folder / "key.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=studies"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    out = ["-keyout", str(key), "-out", str(proof)]
    subprocess.run([openssl, *words, *names, *out], check=True, capture_output=True)
    return proof, key


def test_over_https_people_sign_in_and_nothing_goes_in_the_clear(tmp_path, certificate):
    import sys

    data = tmp_path / "data"
    data.mkdir()
    store = open_store(address_of(data))
    with store.writing("test") as connection:
        add_account(connection, "amina", "administrator", "a long enough password")
    store.close()
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        number = found.getsockname()[1]
    home = f"https://{LOOPBACK}:{number}"
    proof, key = map(str, certificate)
    words = ["--host", "0.0.0.0", "--port", str(number), "--address", home, "--no-browser"]
    words += ["--certificate", proof, "--key", key, "--data", str(data)]
    server = subprocess.Popen(
        [sys.executable, "-m", "avidity", "serve", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert home == server.stdout.readline().strip()
        trusting = ssl.create_default_context(cafile=proof)
        signed = _asked(number, trusting, "POST", "/login", home, _form("amina"))
        cookie = signed.headers["set-cookie"]

        assert 303 == signed.status
        assert cookie.startswith("__Host-avidity=")
        for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
            assert part in cookie
        assert "domain" not in cookie.lower()
        assert signed.headers["strict-transport-security"].startswith("max-age=31536000")
        inside = {"cookie": cookie.partition(";")[0]}
        assert 200 == _asked(number, trusting, "GET", "/", home, None, inside).status
        plain = {"cookie": inside["cookie"].replace("__Host-", "")}
        assert 401 == _asked(number, trusting, "GET", "/", home, None, plain).status
        assert (
            403
            == _asked(
                number, trusting, "POST", "/login", home.replace("https", "http"), _form("amina")
            ).status
        )
        other = {"host": "evil.example"}
        assert 421 == _asked(number, trusting, "GET", "/login", home, None, other).status
        heard, _ = told_of((LOOPBACK, number), b"GET /login HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b"password" not in heard
    finally:
        server.terminate()
        said = server.communicate(timeout=20)[1]
    assert "a long enough password" not in said


def _form(name):
    return f"name={name}&password=a+long+enough+password"


def _asked(number, trusting, method, path, origin, body=None, headers=None):
    connection = HTTPSConnection(LOOPBACK, number, context=trusting, timeout=20)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, {"origin": origin, **kind, **(headers or {})})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer
