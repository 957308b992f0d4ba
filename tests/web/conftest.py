"""A workbench of its own for each test, and somebody who came in."""

from __future__ import annotations

import os
import uuid

import pytest
from sqlalchemy import create_engine, text

from avidity.web import jobs
from avidity.web.app import create_app
from avidity.web.store.open import address_of
from made_browser import listening, watched
from made_server import Server
from made_workbench import HOST, TOKEN, Program, Visitor, make_bench

POSTGRES = os.environ.get("AVIDITY_TEST_POSTGRES", "")  # the address of an empty server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield address_of(tmp_path)
        return
    if not POSTGRES:
        pytest.skip("AVIDITY_TEST_POSTGRES names no server")
    pytest.importorskip("psycopg")
    server = create_engine(
        POSTGRES.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    name = f"t_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield POSTGRES.rpartition("/")[0] + "/" + name
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def bench(tmp_path):
    made = make_bench(tmp_path)
    yield made
    for process in jobs.processes:
        process.wait(60)
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


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A workbench in a process of its own, for all tests of a file."""
    started = Server(tmp_path_factory.mktemp("data"))
    yield started
    started.stop()


@pytest.fixture
def served(tmp_path):
    """The address of a workbench that listens, and the one that lets a person in."""
    with listening(lambda hosts: make_bench(tmp_path, hosts=hosts), TOKEN) as addresses:
        yield addresses


@pytest.fixture
def page(browser, served, request):
    """A page of somebody who came in; a parameter says how: width, language, colours."""
    how = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}}
    with watched(browser, **{**how, **getattr(request, "param", {})}) as one:
        one.home = served[0]
        one.goto(served[1])
        yield one


@pytest.fixture
def program(bench):
    """A script that sent the token."""
    app = create_app(bench)
    made = Program(app, base_url=f"http://{HOST}/api/v1", raise_server_exceptions=False)
    made.sign_in(TOKEN)
    return made
