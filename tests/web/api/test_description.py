"""The description is true: requests made up from it, right and wrong ones, are answered as it says.

Schemathesis makes the requests, the same ones every time.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi import checks

from avidity.web.api.app import description
from avidity.web.app import create_app
from made_uploads import small_study
from made_workbench import HOST, Program, make_bench

schemathesis.serializer.alias("application/toml", "text/plain")
ROOT = Path(__file__).resolve().parents[3]
ASKED = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.ignored_auth,
]
ENDS = {
    "DELETE /session",
    "DELETE /studies/{study_id}",
    "DELETE /papers/{paper_id}",
    "POST /studies/{study_id}/runs",
}
KEPT_AS_TYPED = {  # a text with faults is kept and its faults are told: no text is refused
    "POST /papers",
    "PUT /papers/{paper_id}/paper.toml",
}
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, operations in description()["paths"].items()
    for method in operations
]
QUICK = """\
[study]
title = "Small"
[outcome]
column = "rair"
yes = "yes"
no = "no"
[report]
formats = ["html", "json"]
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A workbench with one study whose run is done; its description; how to ask; what is there."""
    bench = make_bench(tmp_path_factory.mktemp("bench"))
    app = create_app(bench)
    program = Program(app, base_url=f"http://{HOST}/api/v1")
    program.sign_in("the-token-of-this-test")
    study = program.new_study(small_study(study=QUICK))
    run = program.post(f"studies/{study}/runs", json={"quick": True}).json()["id"]
    assert "done" == program.ended(study, run)["state"]
    paper = program.post("papers", content=b'[paper]\ntitle = "Ours"\n').json()["id"]
    there = {"study_id": study, "run_id": run, "name": "report.html", "paper_id": paper}
    headers = {"Host": HOST, "Authorization": program.headers["authorization"]}
    found = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)
    yield found, headers, there
    bench.store.close()


def operation(found, label):
    return next(one.ok() for one in found.get_all_operations() if label == one.ok().label)


def ask(found, label, headers, there, examples=8):
    """Requests for one operation, in turn as made up and with ids that are there."""
    mode = schemathesis.GenerationMode
    turn = 0
    untried = checks.negative_data_rejection if label in KEPT_AS_TYPED else None
    checked = [one for one in ASKED if one is not untried]

    def one(case):
        nonlocal turn
        turn += 1
        if turn % 2 and there and case.path_parameters:
            for name in case.path_parameters:
                case.path_parameters[name] = there.get(name, case.path_parameters[name])
        case.call_and_validate(headers=headers, checks=checked)

    for way in (mode.POSITIVE, mode.NEGATIVE):
        cases = operation(found, label).as_strategy(generation_mode=way)
        limits = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        seed(1)(limits(given(cases)(one)))()
    return turn


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_answers_as_the_description_says(described, label):
    found, headers, there = described
    inside = {} if label in ENDS else there

    assert ask(found, label, headers, inside)


def test_over_a_real_connection_the_same_holds(served):
    """HTTP as it is: what a client library and the server make of it is in between."""
    address, entrance = served
    with httpx2.Client(base_url=address, trust_env=False) as client:
        token = {"authorization": f"Bearer {entrance.partition('token=')[2]}"}
        signed = client.post("/api/v1/session", headers=token).json()
        headers = {"Authorization": f"Bearer {signed['bearer']}"}
        made = client.get("/api/v1/openapi.json", headers=headers).json()
    found = schemathesis.openapi.from_dict(made)
    found.config.update(base_url=f"{address}/api/v1")

    assert description()["paths"] == made["paths"]
    for label in (
        "GET /studies",
        "POST /studies",
        "POST /models/{name}/risk",
        "POST /papers/audit",
    ):
        assert ask(found, label, headers, {}, examples=6)


def test_the_script_of_the_manual_runs(served):
    text = (ROOT / "docs" / "how-to" / "from-a-script.md").read_text("utf-8")
    script = re.search(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1]
    told = subprocess.run(
        [sys.executable, "-c", script, served[1]], capture_output=True, text=True, check=False
    )

    assert "" == told.stderr
    risk, answers, verdict, computed, included = told.stdout.splitlines()
    assert "can carry" in verdict
    assert "yes" == computed
    assert risk.startswith("0.978")
    assert "ata-2025" in answers
    assert "90" == included
