"""Several people: who comes in, what each may see, and what keeps the others out."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from avidity.cli.main import main
from avidity.errors import WorkbenchError
from avidity.web import jobs
from avidity.web.app import create_app
from avidity.web.security.attempts import FREE, FREE_FROM, WINDOW, Attempts
from avidity.web.server import Wish, refuse_unsafe, serve, settings_of
from avidity.web.store.accounts import accounts, add_account, close_account, role_of
from avidity.web.store.actions import actions_of
from avidity.web.store.open import address_of, open_store
from avidity.web.store.runs import runs_of
from made_uploads import STUDY, small_study
from made_workbench import HOST, Visitor, make_bench

OWN = {"origin": f"http://{HOST}"}
PASSWORD = "a long enough password"
QUICK = STUDY + '[report]\nformats = ["html", "json"]\n'


@pytest.fixture
def shared_bench(tmp_path):
    bench = make_bench(tmp_path, token=None)
    with bench.store.writing("test") as connection:
        for name, role in (("amina", "administrator"), ("youssef", "analyst"), ("nadia", "reader")):
            add_account(connection, name, role, PASSWORD)
    yield bench
    for process in jobs.processes:
        process.wait(60)
    bench.store.close()


@pytest.fixture
def app(shared_bench):
    return create_app(shared_bench)


def knock(app, name="", password=PASSWORD):
    visitor = Visitor(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
    if name:
        answer = visitor.post("/login", data={"name": name, "password": password}, headers=OWN)
        assert 200 == answer.status_code, answer.text
    return visitor


def test_a_person_signs_in_and_out(app, shared_bench):
    visitor = knock(app, "youssef")
    assert "youssef" in visitor.get("/").text
    visitor.send_form("/sign-out")

    assert 401 == visitor.get("/").status_code
    with shared_bench.store.reading() as connection:
        assert ["signed in", "signed out"] == [one.action for one in actions_of(connection)]


def test_without_signing_in_nothing_but_the_form_is_shown(app):
    visitor = knock(app)

    for path in ("/", "/studies/" + "0" * 32 + "/data", "/enter?token=x", "/language"):
        assert 401 == visitor.get(path).status_code
    asked = visitor.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    assert "/login" == asked.headers["location"]
    assert 'type="password"' in visitor.get("/login").text


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("youssef", "wrong password"),
        ("nobody", PASSWORD),
        ("", ""),
        ("youssef", PASSWORD + " "),
        ("youssef", "x" * 5000),
    ],
)
def test_a_wrong_password_is_refused_without_saying_what_was_wrong(app, name, password):
    answer = knock(app).post("/login", data={"name": name, "password": password}, headers=OWN)

    assert answer.status_code in (401, 400)
    assert not answer.cookies
    if answer.status_code == 401:
        assert "do not go together" in answer.text


def test_a_closed_account_is_out_at_once(app, shared_bench):
    visitor = knock(app, "youssef")
    with shared_bench.store.writing("test") as connection:
        close_account(connection, "youssef")

    assert 401 == visitor.get("/").status_code
    with shared_bench.store.reading() as connection:
        assert role_of(connection, "youssef", PASSWORD) is None


def test_after_five_failures_even_the_right_password_waits(app):
    visitor = knock(app)
    for _ in range(FREE):
        visitor.post("/login", data={"name": "youssef", "password": "wrong"}, headers=OWN)
    answer = visitor.post("/login", data={"name": "youssef", "password": PASSWORD}, headers=OWN)

    assert 429 == answer.status_code
    assert not visitor.cookies


def test_failures_are_forgotten_after_a_while_and_do_not_pile_up():
    clock = [0.0]
    attempts = Attempts(lambda: clock[0])
    for _ in range(FREE):
        assert attempts.begin("ann", "1")

    assert not attempts.begin("ann", "2")
    for at in range(FREE_FROM - FREE):
        assert attempts.begin(f"person {at}", "1")
    assert not attempts.begin("bob", "1")
    assert attempts.begin("bob", "2")
    clock[0] = WINDOW + 1
    assert attempts.begin("ann", "1")


def test_attempts_at_the_same_moment_are_counted_before_they_are_tried(app):
    """A burst: every attempt is on its way before the first has failed."""
    visitors = [knock(app) for _ in range(3 * FREE)]

    def attempt(visitor):
        data = {"name": "youssef", "password": "wrong password"}
        return visitor.post("/login", data=data, headers=OWN).status_code

    with ThreadPoolExecutor(len(visitors)) as pool:
        told = list(pool.map(attempt, visitors))

    assert FREE == told.count(401)
    assert 2 * FREE == told.count(429)


def test_a_right_password_is_no_failure_of_its_address():
    attempts = Attempts()
    for at in range(3 * FREE_FROM):
        assert attempts.begin(f"person {at}", "1")
        attempts.passed(f"person {at}", "1")


def test_behind_another_server_one_asker_does_not_shut_out_the_rest(app):
    """The workbench may stand behind a server of this computer, which says who asks."""

    def attempt(name, said):
        visitor = TestClient(app, base_url=f"http://{HOST}", client=("127.0.0.1", 5))
        data = {"name": name, "password": "wrong password"}
        headers = {**OWN, "x-forwarded-for": said}
        return visitor.post("/login", data=data, headers=headers).status_code

    for at in range(FREE_FROM):
        assert 401 == attempt(f"nobody{at}", f"10.9.9.{at}, 203.0.113.7")  # the first part is his
    assert 429 == attempt("amina", "203.0.113.7")
    assert 401 == attempt("amina", "203.0.113.8")


def test_passwords_are_kept_as_argon2_and_an_unknown_name_takes_as_long(shared_bench):
    with shared_bench.store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT password FROM accounts").scalars().all()
        role_of(connection, "nobody", PASSWORD)
        took = []
        for name in ("youssef", "nobody"):
            begun = time.process_time()
            role_of(connection, name, "wrong password")
            took.append(time.process_time() - begun)

    assert all(one.startswith("$argon2id$") for one in kept)
    assert not any(PASSWORD in one for one in kept)
    assert took[1] > took[0] / 3


def test_nobody_sees_anothers_study(app):
    path = knock(app, "youssef").new_study(small_study())

    for name in ("amina", "nadia"):
        visitor = knock(app, name)
        assert path not in visitor.get("/").text
        for page in ("data", "problems", "problems.xlsx", "study.zip", "run", "results"):
            assert visitor.get(f"{path}/{page}").status_code in (403, 404)
        for action in ("run", "files", "remove", "share"):
            assert visitor.send_form(f"{path}/{action}").status_code in (403, 404)


def test_a_shared_study_shows_its_results_and_never_a_row(app, shared_bench):
    owner = knock(app, "youssef")
    path = owner.new_study(small_study(study=QUICK), title="For all")
    owner.send_form(f"{path}/run", page=f"{path}/run", quick="yes")
    for process in jobs.processes:
        process.wait(60)
    with shared_bench.store.reading() as connection:
        run = runs_of(connection, path.rpartition("/")[2])[0]
    assert "done" == run.state
    owner.send_form(f"{path}/share", page=f"{path}/results", shared="yes")
    reader = knock(app, "nadia")

    assert "For all" in reader.get("/").text
    assert 200 == reader.get(f"{path}/results").status_code
    assert 200 == reader.get(f"{path}/runs/{run.id}/report").status_code
    assert 200 == reader.get(f"{path}/runs/{run.id}/files/results.json").status_code
    for page in ("data", "problems", "study.zip", "problems.xlsx", f"runs/{run.id}/study.zip"):
        assert reader.get(f"{path}/{page}").status_code in (403, 404)
    owner.send_form(f"{path}/share", page=f"{path}/results", shared="")
    assert 404 == reader.get(f"{path}/results").status_code


def test_a_reader_makes_no_study(app):
    reader = knock(app, "nadia")

    assert "New study" not in reader.get("/").text
    assert (
        403 == reader.send_form("/studies", files={"files": ("a.zip", small_study())}).status_code
    )
    assert 403 == reader.send_form("/example").status_code


def test_a_run_of_another_study_is_not_reached_through_ones_own(app, shared_bench):
    owner, other = knock(app, "youssef"), knock(app, "amina")
    path, mine = owner.new_study(small_study(study=QUICK)), other.new_study(small_study())
    owner.send_form(f"{path}/run", page=f"{path}/run", quick="yes")
    with shared_bench.store.reading() as connection:
        run = runs_of(connection, path.rpartition("/")[2])[0]

    for page in ("report", "progress", "study.zip", "files/report.html"):
        assert 404 == other.get(f"{mine}/runs/{run.id}/{page}").status_code
    assert 404 == other.send_form(f"{mine}/runs/{run.id}/cancel").status_code


def test_a_session_of_the_local_workbench_is_none_here(app, tmp_path):
    local = make_bench(tmp_path)
    visitor = Visitor(create_app(local), base_url=f"http://{HOST}")
    visitor.get("/enter", params={"token": "the-token-of-this-test"})
    stranger = knock(app)
    stranger.cookies.update(visitor.cookies)

    assert 200 == visitor.get("/").status_code
    assert 401 == stranger.get("/").status_code
    local.store.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "studies.hospital.example"])
def test_another_address_is_refused_without_accounts_and_https(host):
    with pytest.raises(WorkbenchError, match="needs accounts"):
        refuse_unsafe(Wish(host=host))
    with pytest.raises(WorkbenchError, match="in the clear"):
        refuse_unsafe(Wish(host=host, address="https://studies.hospital.example"))


@pytest.mark.parametrize(
    "address", ["http://studies.hospital.example", "studies.example", "ftp://x"]
)
def test_passwords_are_not_taken_over_plain_http(address):
    with pytest.raises(WorkbenchError, match="--address must be"):
        refuse_unsafe(Wish(address=address))


def test_the_server_does_not_start_without_an_administrator(tmp_path):
    wish = Wish(data=tmp_path, address="https://studies.hospital.example")

    with pytest.raises(WorkbenchError, match="account of an administrator"):
        serve(wish, print)


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(tmp_path):
    settings = settings_of(Wish(address="https://Studies.Hospital.example"), tmp_path, "", 1)

    assert ("studies.hospital.example",) == settings.hosts
    assert settings.secure
    assert settings.accounts
    assert "__Host-avidity" == settings.cookie


def account(folder, *words, typed=PASSWORD):
    return CliRunner().invoke(main, ["account", *words, "--data", str(folder)], input=typed + "\n")


def test_accounts_are_made_listed_and_closed_from_the_command_line(tmp_path):
    assert 0 == account(tmp_path, "add", "amina", "--role", "administrator").exit_code
    assert 20 == account(tmp_path, "add", "amina").exit_code
    assert 20 == account(tmp_path, "add", "short", typed="too short").exit_code
    assert 20 == account(tmp_path, "add", "local").exit_code
    assert 0 == account(tmp_path, "password", "amina", typed="another long password").exit_code
    assert 0 == account(tmp_path, "close", "amina").exit_code
    assert 20 == account(tmp_path, "close", "nobody").exit_code
    assert "amina  administrator  closed" in account(tmp_path, "list").output
    store = open_store(address_of(tmp_path))
    with store.reading() as connection:
        assert ["amina"] == [one.name for one in accounts(connection)]
    store.close()


def test_a_password_is_never_printed(tmp_path):
    told = [account(tmp_path, "add", "amina"), account(tmp_path, "add", "amina")]

    assert not any(PASSWORD in one.output for one in told)
    assert re.search("already", told[1].output)
