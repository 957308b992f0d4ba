"""A program has a paper's model rebuilt: begun, watched, fetched, cancelled."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from click.testing import CliRunner

from avidity.cli.main import main
from avidity.web import rebuilding
from avidity.web.api import long_work

PAPERS = Path(__file__).resolve().parents[3] / "examples" / "papers"
PAPER = PAPERS / "bellakhdar-2024" / "paper.toml"
LONG = PAPERS / "invented-c" / "paper.toml"  # its model takes seconds


def begin(program, paper=PAPER):
    answer = program.post("papers/rebuild", content=paper.read_bytes())
    assert 202 == answer.status_code, answer.text
    return answer.json()["id"]


def ended(program, job):
    ends = time.monotonic() + 90
    while time.monotonic() < ends:
        found = program.get(f"jobs/{job}").json()
        if found["state"] != "running":
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def test_a_rebuilt_model_is_that_of_the_command_line(program):
    told = CliRunner().invoke(main, ["paper", "rebuild", str(PAPER), "--json"])
    job = begin(program)

    assert {"done"} == {ended(program, job)["state"]}
    assert json.loads(told.output) == program.get(f"jobs/{job}/result").json()
    assert [job] == [one["id"] for one in program.get("jobs").json()]


def test_it_is_cancelled_and_only_so_many_are_worked_on(program):
    jobs = [begin(program, LONG) for _ in range(long_work.AT_ONCE)]
    refused = program.post("papers/rebuild", content=PAPER.read_bytes())
    too_early = [program.get(f"jobs/{job}/result") for job in jobs]

    assert (409, "state") == (refused.status_code, refused.json()["kind"])
    assert [409] * len(jobs) == [one.status_code for one in too_early]
    assert [202] * len(jobs) == [program.post(f"jobs/{job}/cancel").status_code for job in jobs]
    assert ["cancelled"] * len(jobs) == [ended(program, job)["state"] for job in jobs]


def test_a_fault_of_the_file_is_told_at_once(program):
    answer = program.post("papers/rebuild", content=b"[about]\n")
    missing = program.post("papers/rebuild?model=none", content=PAPER.read_bytes())

    assert (422, 17) == (answer.status_code, answer.json()["exit_code"])
    assert (422, 15) == (missing.status_code, missing.json()["exit_code"])
    assert [] == program.get("jobs").json()


def test_work_of_another_is_not_there_and_silent_work_was_interrupted(program, bench):
    folder = bench.data / "jobs" / ("0" * 32)
    folder.mkdir(parents=True)
    rebuilding.tell(folder, rebuilding.Rebuilding("running"))
    long_work.write_about(folder, "somebody")

    assert 404 == program.get(f"jobs/{'0' * 32}").status_code
    assert [] == program.get("jobs").json()
    long_work.write_about(folder, "local")
    assert "running" == program.get(f"jobs/{'0' * 32}").json()["state"]
    long_ago = time.time() - 2 * rebuilding.SILENCE
    os.utime(folder / rebuilding.PROGRESS, (long_ago, long_ago))
    assert "interrupted" == program.get(f"jobs/{'0' * 32}").json()["state"]
    for name in ("x", "..", "0" * 31, "%2e%2e"):
        assert 404 == program.get(f"jobs/{name}/result").status_code
