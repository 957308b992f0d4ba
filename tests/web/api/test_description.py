"""The description is true: requests made up from it, right and wrong ones, are answered as it says.

Schemathesis makes the requests, the same ones every time.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi import checks

from avidity.web.api.app import description
from avidity.web.app import create_app
from made_uploads import small_study
from made_workbench import HOST, Program, make_bench

schemathesis.serializer.alias("application/toml", "text/plain")
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
ENDS = {"DELETE /session", "DELETE /studies/{study_id}", "POST /studies/{study_id}/runs"}
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
def served(tmp_path_factory):
    """A workbench with one study whose run is done; its description; how to ask; what is there."""
    bench = make_bench(tmp_path_factory.mktemp("bench"))
    app = create_app(bench)
    program = Program(app, base_url=f"http://{HOST}/api/v1")
    program.sign_in("the-token-of-this-test")
    study = program.new_study(small_study(study=QUICK))
    run = program.post(f"studies/{study}/runs", json={"quick": True}).json()["id"]
    assert "done" == program.ended(study, run)["state"]
    there = {"study_id": study, "run_id": run, "name": "report.html"}
    headers = {"Host": HOST, "Authorization": program.headers["authorization"]}
    found = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)
    yield found, headers, there
    bench.store.close()


def operation(found, label):
    return next(one.ok() for one in found.get_all_operations() if label == one.ok().label)


def ask(found, label, headers, there, examples=12):
    """Requests for one operation, in turn as made up and with ids that are there."""
    mode = schemathesis.GenerationMode
    turn = 0

    def one(case):
        nonlocal turn
        turn += 1
        if turn % 2 and there and case.path_parameters:
            for name in case.path_parameters:
                case.path_parameters[name] = there.get(name, case.path_parameters[name])
        case.call_and_validate(headers=headers, checks=ASKED)

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
def test_every_operation_answers_as_the_description_says(served, label):
    found, headers, there = served
    inside = {} if label in ENDS else there

    assert ask(found, label, headers, inside)
