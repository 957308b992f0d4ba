"""Whatever a person does on a page a program can do: no page without its address, or a reason."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from avidity.web import routes
from avidity.web.api.app import description

STUDY, RUN, PAPER = "/studies/{study_id}", "/studies/{study_id}/runs/{run_id}", "/papers/{paper_id}"
COUNTERPARTS = {  # the name of a page's route: what a program asks
    "start": "GET /studies",
    "new_study": "POST /studies",
    "open_example": "POST /example",
    "remove_study": f"DELETE {STUDY}",
    "data": f"GET {STUDY}/columns",
    "new_files": f"POST {STUDY}/files",
    "study_zip": f"GET {STUDY}/study.zip",
    "match_columns": f"POST {STUDY}/columns",
    "problems": f"GET {STUDY}/findings",
    "marked": f"GET {STUDY}/findings.xlsx",
    "refractory": f"GET {STUDY}/refractory",
    "patient": f"GET {STUDY}/refractory/{{row}}",
    "answer": f"PUT {STUDY}/refractory/{{row}}/answer",
    "plan": f"GET {STUDY}/plan",
    "look_at_plan": f"POST {STUDY}/plan/look",
    "keep_plan": f"PUT {STUDY}/plan",
    "keep_plan_text": f"PUT {STUDY}/study.toml",
    "run": f"GET {STUDY}/runs",
    "start_run": f"POST {STUDY}/runs",
    "cancel_run": f"POST {RUN}/cancel",
    "progress": f"GET {RUN}",
    "results": f"GET {STUDY}/results",
    "run_results": f"GET {RUN}/results.json",
    "table_file": f"GET {RUN}/tables/{{name}}",
    "picture": f"GET {RUN}/pictures/{{name}}",
    "share": f"PUT {STUDY}/share",
    "report": f"GET {RUN}/files/{{name}}",
    "result_file": f"GET {RUN}/files/{{name}}",
    "run_zip": f"GET {RUN}/study.zip",
    "calculator": "GET /models",
    "calculator_asked": "POST /risk",
    "calculator_risk": "POST /models/{name}/risk",
    "add_model": "POST /models",
    "remove_model": "DELETE /models/{name}",
    "calculator_page": "GET /models/{name}/export",
    "calculator_model": "GET /models/{name}",
    "paper": "GET /papers",
    "new_paper": "POST /papers",
    "typed": f"GET {PAPER}",
    "type_text": f"PUT {PAPER}/paper.toml",
    "remove_paper": f"DELETE {PAPER}",
    "paper_file": f"GET {PAPER}/paper.toml",
    "paper_audit": f"GET {PAPER}/audit.{{kind}}",
    "begin_rebuild": f"POST {PAPER}/rebuild",
    "stop_rebuild": f"POST {PAPER}/rebuild/stop",
    "watch_rebuild": f"GET {PAPER}/rebuild",
    "rebuild_file": f"GET {PAPER}/rebuild.{{kind}}",
    "rebuilt_model": f"GET {PAPER}/rebuilt-model.json",
    "rebuilt_page": "GET /models/{name}/export",
    "ask_rebuilt": f"POST {PAPER}/model",
    "history": f"GET {STUDY}/history",
    "log": "GET /log",
    "enter": "POST /session",
    "let_in": "POST /session",
    "sign_out": "DELETE /session",
}
ONLY_FOR_PEOPLE = {  # the name of a page's route: why no program asks it
    "study": "it leads on to the study's first page",
    "asset": "a page's styles and scripts",
    "choose_language": "a program reads one language, in sentences that carry their kind",
    "sign_in": "the form of a password; a program sends it",
    "type_paper": "the form's fields; a program sends the text they write",
    "paste": "a box to paste into; a program sends the text of the table it has split",
    "split_paste": "as paste",
    "take_paste": "as paste",
    "choose_against": "it leads on to the page of two runs",
    "against": "both runs' results.json hold every number that stands side by side",
}


def routes_of_pages():
    for found in pkgutil.iter_modules(routes.__path__):
        yield from importlib.import_module(f"{routes.__name__}.{found.name}").router.routes


@pytest.mark.parametrize("route", [pytest.param(one, id=one.name) for one in routes_of_pages()])
def test_a_page_has_its_counterpart_or_a_reason(route):
    asked = {
        f"{method.upper()} {path}"
        for path, operations in description()["paths"].items()
        for method in operations
    }

    assert (COUNTERPARTS.get(route.name) in asked) != (route.name in ONLY_FOR_PEOPLE), (
        f"{route.path}: give it an address in web/api/, or say here why no program asks for it"
    )


def test_every_address_of_a_program_is_described_with_its_errors():
    for path, operations in description()["paths"].items():
        for method, one in operations.items():
            assert one["description"].strip(), (method, path)
            assert {"401", "403", "404", "422", "500"} <= one["responses"].keys(), (method, path)
            content = one.get("requestBody", {}).get("content", {})
            assert "{" not in path or "parameters" in one, (method, path)
            assert all("schema" in each for each in content.values()), (method, path)
