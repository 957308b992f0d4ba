"""A workbench for a test, and a browser of a kind."""

from __future__ import annotations

import re
import time

from starlette.testclient import TestClient

from avidity.web import jobs
from avidity.web.bench import Bench
from avidity.web.settings import Settings
from avidity.web.store.open import address_of, open_store
from avidity.web.store.runs import runs_of

HOST = "127.0.0.1:8000"
TOKEN = "the-token-of-this-test"


class Visitor(TestClient):
    """A browser: it sends the origin of its pages, and the token of the form it stands on."""

    def send_form(self, path, *, page="/", files=None, **fields):
        token = re.search(r'name="form_token" value="(\w+)"', self.get(page).text)[1]
        data = {"form_token": token, **fields}
        return self.post(path, data=data, files=files, headers={"origin": f"http://{HOST}"})

    def new_study(self, folder_zip, title=""):
        answer = self.send_form("/studies", title=title, files={"files": ("s.zip", folder_zip)})
        assert 200 == answer.status_code, answer.text
        return answer.url.path.rpartition("/")[0]


class Program(TestClient):
    """A script: no cookie, no origin, a bearer token."""

    def sign_in(self, token):
        answer = self.post("session", headers={"authorization": f"Bearer {token}"})
        assert 201 == answer.status_code, answer.text
        self.headers["authorization"] = f"Bearer {answer.json()['bearer']}"

    def new_study(self, folder_zip, title=""):
        files = {"files": ("s.zip", folder_zip)}
        answer = self.post("studies", data={"title": title}, files=files)
        assert 201 == answer.status_code, answer.text
        return answer.json()["id"]

    def ended(self, study, run):
        """A run once it is no longer on its way."""
        ends = time.monotonic() + 90
        while time.monotonic() < ends:
            found = self.get(f"studies/{study}/runs/{run}").json()
            if found["state"] not in ("running", "cancelling"):
                return found
            time.sleep(0.1)
        raise AssertionError("waited in vain")


def ran(visitor, bench, path):
    """A quick run of a study, once it is done."""
    visitor.send_form(f"{path}/run", page=f"{path}/run", quick="yes")
    jobs.processes[-1].wait(60)
    with bench.store.reading() as connection:
        run = runs_of(connection, path.rpartition("/")[2])[0]
    assert run.state == "done", run.said
    return run


def make_bench(folder, **changed):
    address = changed.pop("store", address_of(folder))
    hosts = changed.pop("hosts", (HOST,))
    settings = Settings(folder, address, hosts, **{"token": TOKEN, **changed})
    return Bench(settings, open_store(address))
