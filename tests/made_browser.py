"""A real browser for tests: the system's Chromium, a workbench that listens, axe on its pages."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "web" / "axe" / "axe-4.14.1.min.js"


@contextmanager
def chromium():
    """The browser, while the block lasts; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched(browser, **how):
    """A page that remembers what it asked for from elsewhere, and every error of its scripts."""
    context = browser.new_context(**how)
    page = context.new_page()
    page.faults, page.asked = [], []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "console",
        lambda said: page.faults.append(said.text) if said.type == "error" else None,
    )
    page.on("request", lambda request: page.asked.append(request.url))
    try:
        yield page
    finally:
        context.close()


@contextmanager
def listening(bench_of, token):
    """A workbench on a free port; ``bench_of`` makes it from the names it answers to."""
    import uvicorn

    from avidity.web.app import create_app
    from avidity.web.server import LOOPBACK, listen, names

    listener = listen(LOOPBACK, 0)
    port = listener.getsockname()[1]
    bench = bench_of(names(LOOPBACK, port))
    server = uvicorn.Server(uvicorn.Config(create_app(bench), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{port}/enter?token={token}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        bench.store.close()


def axe_faults(page):
    """What axe finds on the page: rule and place, each."""
    page.evaluate(AXE.read_text("utf-8") + ";0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], node["target"], node.get("failureSummary", ""))
        for one in found["violations"]
        for node in one["nodes"]
    ]
