"""A person runs a study: the bytes of the command line; cancelled, killed, closed meanwhile."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from http.cookiejar import CookieJar

import pytest

from avidity.cli.main import main
from avidity.web import jobs
from avidity.web.app import create_app
from avidity.web.counting import Counting
from avidity.web.store.history import find_any_study
from avidity.web.store.runs import add_run, find_run, runs_of, set_state
from avidity.web.store.trail import verify
from avidity.web.work import AT_ONCE, WAITING
from made_server import Server
from made_uploads import ROWS, STUDY, small_study
from made_workbench import HOST, TOKEN, Visitor, make_bench

QUICK = STUDY + '[report]\nformats = ["html", "json"]\n'
SLOW = QUICK + (
    '[model]\nterms = ["age_at_diagnosis", "diameter"]\n'
    '[sound]\nterms = ["age_at_diagnosis", "diameter"]\nresamples = 100000\n'
)


def wait_for(seen, seconds=60.0):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := seen():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def run_of(bench, run_id):
    with bench.store.reading() as connection:
        return find_run(connection, run_id)


def last_run(bench, path):
    with bench.store.reading() as connection:
        return runs_of(connection, path.rpartition("/")[2])[0]


def ended(bench, run_id):
    return wait_for(lambda: (run := run_of(bench, run_id)) and not run.alive and run)


def begin(visitor, bench, path, **fields):
    answer = visitor.send_form(f"{path}/run", page=f"{path}/run", **fields)
    assert 200 == answer.status_code
    return last_run(bench, path).id


def test_the_downloaded_folder_run_by_the_command_line_gives_the_same_bytes(
    visitor, bench, tmp_path
):
    path = visitor.new_study(small_study())
    run = ended(bench, begin(visitor, bench, path, quick="yes"))
    assert "done" == run.state, run.said

    archive = zipfile.ZipFile(io.BytesIO(visitor.get(f"{path}/runs/{run.id}/study.zip").content))
    folder, out = tmp_path / "taken away", tmp_path / "again"
    archive.extractall(folder)
    with pytest.raises(SystemExit) as code:
        main(["study", str(folder), "--out", str(out), "--quick"])

    assert not code.value.code
    written = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert {"report.html", "report.docx", "report.pdf", "tables.xlsx", "results.json"} <= set(
        written
    )
    assert written == {
        name.removeprefix("report/"): archive.read(name)
        for name in archive.namelist()
        if name.startswith("report/")
    }


def test_the_results_page_offers_every_file_and_nothing_else(visitor, bench):
    path = visitor.new_study(small_study(study=QUICK))
    run = ended(bench, begin(visitor, bench, path, quick="yes"))
    told = visitor.get(f"{path}/results").text
    links = re.findall(rf'href="({path}/runs/{run.id}/[^"]+)"', told)

    assert len(links) > 3
    for link in links:
        answer = visitor.get(link)
        assert 200 == answer.status_code
        assert link.endswith("/report") or "attachment" in answer.headers["content-disposition"]
    report = visitor.get(f"{path}/runs/{run.id}/report")
    assert "sandbox" in report.headers["content-security-policy"]
    for name in ("../../../avidity.sqlite", "..%2f..%2fstudy.toml", "nothing.html", "/etc/passwd"):
        assert 404 == visitor.get(f"{path}/runs/{run.id}/files/{name}").status_code


def test_a_study_that_stops_says_why(visitor, bench):
    path = visitor.new_study(
        small_study([ROWS[0], *(row.replace(",yes,", ",no,") for row in ROWS[1:])])
    )
    run = ended(bench, begin(visitor, bench, path, quick="yes"))

    assert "failed" == run.state
    assert run.said
    assert run.said.split(";")[0].replace("'", "&#39;") in visitor.get(f"{path}/run").text


def test_a_run_cancelled_before_its_process_is_there_is_cancelled_by_it(visitor, bench):
    path = visitor.new_study(small_study(study=SLOW))
    study = path.rpartition("/")[2]
    with bench.store.writing("test") as connection:
        run_id = add_run(connection, study, find_any_study(connection, study).snapshot, quick=True)
        assert set_state(connection, run_id, "cancelling")
    command = [sys.executable, "-m", "avidity.web.work", str(bench.data), run_id]
    subprocess.run(command, input=bench.settings.store, text=True, check=True)

    assert "cancelled" == run_of(bench, run_id).state


def test_a_run_can_be_watched_and_cancelled(visitor, bench):
    path = visitor.new_study(small_study(study=SLOW))
    run_id = begin(visitor, bench, path)
    wait_for(lambda: run_of(bench, run_id).resamples > 0)
    told = visitor.get(f"{path}/run").text
    again = begin(visitor, bench, path)

    assert "<progress" in told
    assert "resamples" in told
    assert run_id == again  # one at a time
    visitor.send_form(f"{path}/runs/{run_id}/cancel", page=f"{path}/run")
    assert "cancelled" == ended(bench, run_id).state
    assert "Cancelled" in visitor.get(f"{path}/run").text
    assert "There are no results yet" in visitor.get(f"{path}/results").text


def test_only_so_many_runs_are_worked_on_and_the_others_wait_in_turn(visitor, bench):
    others = visitor.new_study(small_study(study=QUICK)).rpartition("/")[2]
    with bench.store.writing("x") as connection:
        earlier = [add_run(connection, others, "0" * 64, quick=True) for _ in range(AT_ONCE)]
    path = visitor.new_study(small_study(study=QUICK))
    run_id = begin(visitor, bench, path, quick="yes")
    wait_for(lambda: WAITING == run_of(bench, run_id).words)
    told = visitor.get(f"{path}/run").text
    waiting = visitor.new_study(small_study(study=QUICK))
    behind = begin(visitor, bench, waiting, quick="yes")
    wait_for(lambda: WAITING == run_of(bench, behind).words)
    visitor.send_form(f"{waiting}/runs/{behind}/cancel", page=f"{waiting}/run")

    assert "Waiting for its turn" in told
    assert "cancelled" == ended(bench, behind).state  # also while it waits
    assert 0 == run_of(bench, run_id).step
    with bench.store.writing("x") as connection:
        set_state(connection, earlier[0], "done")
    assert "done" == ended(bench, run_id).state


def test_progress_is_told_as_events_until_the_end(visitor, bench):
    path = visitor.new_study(small_study(study=QUICK))
    run_id = begin(visitor, bench, path, quick="yes")
    events = visitor.get(f"{path}/runs/{run_id}/progress")

    assert events.headers["content-type"].startswith("text/event-stream")
    assert "event: progress\ndata: " in events.text
    assert events.text.endswith("event: ended\ndata: .\n\n")


def test_a_killed_worker_is_noticed_and_the_study_can_run_again(visitor, bench, monkeypatch):
    path = visitor.new_study(small_study(study=SLOW))
    run_id = begin(visitor, bench, path)
    wait_for(lambda: run_of(bench, run_id).step > 0)
    os.killpg(jobs.processes[-1].pid, signal.SIGKILL)
    monkeypatch.setattr("avidity.web.store.runs.SILENCE", 1.0)
    wait_for(lambda: run_of(bench, run_id).silent)
    told = visitor.get(f"{path}/run").text

    assert "Interrupted" in told
    assert "start it again" in told
    assert "interrupted" == run_of(bench, run_id).state
    again = begin(visitor, bench, path, quick="yes")
    assert again != run_id
    assert "done" == ended(bench, again).state


class Person:
    """Somebody who opened the address of a server, without a browser."""

    def __init__(self, server):
        self.root = server.root
        self.open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        self.first = self.open(server.address).read().decode()

    def get(self, path):
        with self.open(self.root + path) as answer:
            return answer.read().decode()

    def post(self, path, page="/"):
        token = re.search(r'form_token" value="(\w+)"', self.get(page))[1]
        asked = urllib.request.Request(
            self.root + path, data=f"form_token={token}".encode(), headers={"Origin": self.root}
        )
        with self.open(asked) as answer:
            return answer.url.removeprefix(self.root), answer.read().decode()


def test_a_server_killed_in_mid_run_loses_nothing(tmp_path):
    server = Server(tmp_path)
    try:
        person = Person(server)
        path, _ = person.post("/example")
        study = path.rpartition("/")[0]
        person.post(f"{study}/run", page=f"{study}/run")
        wait_for(lambda: re.search(r"Step [1-9]", person.get(f"{study}/run")))
    finally:
        server.stop(signal.SIGKILL)  # nothing could be put in order
    server = Server(tmp_path)
    try:
        again = Person(server)
        assert "reproduced from a twin cohort" in again.first
        assert "<strong>300</strong> patients" in again.get(f"{study}/data")
        told = wait_for(
            lambda: (page := again.get(f"{study}/run")) and 'class="badge ' in page and page, 120
        )
    finally:
        server.stop()
    bench = make_bench(tmp_path)
    run = last_run(bench, study)
    with bench.store.reading() as connection:
        assert verify(connection).broken is None
    bench.store.close()

    assert "done" == run.state  # the run's own process went on
    assert "badge done" in told


def test_the_whole_way_goes_on_either_database(address, tmp_path):
    bench = make_bench(tmp_path, store=address)
    try:
        visitor = Visitor(create_app(bench), base_url=f"http://{HOST}")
        visitor.get("/enter", params={"token": TOKEN})
        path = visitor.new_study(small_study(study=QUICK))
        run = ended(bench, begin(visitor, bench, path, quick="yes"))
        results = visitor.get(f"{path}/results")
        with bench.store.reading() as connection:
            broken = verify(connection).broken
    finally:
        for process in jobs.processes:
            process.wait(60)
        bench.store.close()

    assert "done" == run.state, run.said
    assert 200 == results.status_code
    assert broken is None


def test_counting_does_each_task_and_counts_its_resamples():
    import numpy as np

    counting = Counting()

    assert 6 == counting.submit(lambda chunk: int(chunk.sum()), np.ones((3, 2))).result()
    assert 3 == counting.done


def test_a_run_that_ended_cannot_be_cancelled(visitor, bench):
    path = visitor.new_study(small_study(study=QUICK))
    run = ended(bench, begin(visitor, bench, path, quick="yes"))
    visitor.send_form(f"{path}/runs/{run.id}/cancel", page=f"{path}/run")

    assert "done" == run_of(bench, run.id).state
    with bench.store.writing("x") as connection:
        assert not set_state(connection, run.id, "cancelled")
