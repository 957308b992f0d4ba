"""A workbench of its own for each test, and somebody who came in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient  # only where the extra is installed

from avidity.web.app import create_app
from avidity.web.bench import Bench
from avidity.web.settings import Settings
from avidity.web.store.open import address_of, open_store

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "bellakhdar-2024"
HOST = "127.0.0.1:8000"
TOKEN = "the-token-of-this-test"
STUDY = '[study]\ntitle = "Small"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'


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


def make_bench(folder, **changed):
    address = changed.pop("store", address_of(folder))
    settings = Settings(folder, address, (HOST,), **{"token": TOKEN, **changed})
    return Bench(settings, open_store(address))


@pytest.fixture
def bench(tmp_path):
    made = make_bench(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def stranger(bench):
    """Somebody without the token."""
    return Visitor(create_app(bench), base_url=f"http://{HOST}", raise_server_exceptions=False)


@pytest.fixture
def visitor(stranger):
    """Somebody who opened the printed address."""
    assert 200 == stranger.get("/enter", params={"token": TOKEN}).status_code
    return stranger
