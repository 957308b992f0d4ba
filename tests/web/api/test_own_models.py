"""A program brings a model, asks it beside others, takes it away again; and asks those of runs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.papers.library import find
from avidity.report.risk_page import risk_page
from avidity.riskmodel.file import to_json
from avidity.web.app import create_app
from avidity.web.models import find_models
from avidity.web.pages.calculator import calculator_page
from avidity.web.store.actions import actions_of
from avidity.web.store.runs import files_of
from avidity.web.store.sessions import begin_session, find_session
from made_uploads import STUDY, small_study
from made_workbench import HOST, Program, make_bench

LIBRARY = "bellakhdar-2024"
PATIENT = {"age": 61, "diameter": "3.5 cm", "metastasis": True}
TYPED = {"age": ("61", ""), "diameter": ("3.5", "cm"), "metastasis": ("yes", "")}
MODEL = STUDY + (
    '[report]\nformats = ["json", "model"]\n[sound]\nterms = ["age_at_diagnosis", "diameter"]\n'
    "[model]\nterms = ['age_at_diagnosis', 'diameter']\n"
)


def bring(program):
    answer = program.post("models", content=to_json(find(LIBRARY)))
    assert 201 == answer.status_code, answer.text
    return answer.json()["id"]


def test_a_model_is_brought_listed_asked_and_removed(program, bench):
    own = bring(program)
    listed = {one["id"]: one for one in program.get("models").json()}

    assert ("own", LIBRARY, 90) == tuple(listed[own][key] for key in ("home", "name", "n"))
    assert to_json(find(LIBRARY)) == program.get(f"models/{own}").content
    of_library, of_mine = (
        program.post(f"models/{name}/risk", json={"inputs": PATIENT}).json()
        for name in (LIBRARY, own)
    )
    assert of_library == of_mine
    assert 204 == program.delete(f"models/{own}").status_code
    for answer in (program.get(f"models/{own}"), program.delete(f"models/{own}")):
        assert 404 == answer.status_code
    assert 404 == program.delete(f"models/{LIBRARY}").status_code
    with bench.store.reading() as connection:
        done = [one.action for one in actions_of(connection)]
    assert ["entered", "model brought", "model removed"] == done


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_offline_page_is_that_of_the_report_in_the_language_asked(program, language):
    own = bring(program)
    asked = {"as": "html", "language": language}

    assert (
        risk_page(find(LIBRARY), language)
        == program.get(f"models/{own}/export", params=asked).content
    )


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"not json", b'{"name": "x"}', b"\xff"])
def test_a_file_that_is_no_model_is_refused(program, body):
    answer = program.post("models", content=body)

    assert (422, 18) == (answer.status_code, answer.json()["exit_code"])


def test_a_model_whose_test_vectors_do_not_hold_is_refused(program):
    content = json.loads(to_json(find(LIBRARY)))
    content["vectors"][0]["linear_predictor"] += 0.1
    answer = program.post("models", content=json.dumps(content).encode())

    assert (422, "risk model") == (answer.status_code, answer.json()["kind"])


def test_several_models_answer_as_the_calculator_and_the_command_line_do(program, bench):
    asked = [LIBRARY, bring(program), "nakanishi-2018"]
    body = {"models": asked, "inputs": PATIENT, "prevalence": 0.1}
    answers = program.post("risk", json=body).json()["answers"]
    with bench.store.reading() as connection:
        who = find_session(connection, program.headers["authorization"].removeprefix("Bearer "))
    models, _ = find_models(bench, who, [f"library.{LIBRARY}", asked[1]])
    page = calculator_page((), models, TYPED, "10")
    words = ["age=61", "diameter=3.5cm", "metastasis=yes", "--prevalence", "0.1", "--json"]
    printed = CliRunner().invoke(main, ["risk", LIBRARY, *words])

    assert asked == [one["model"] for one in answers]
    told = json.loads(printed.output)
    told.pop("schema_version")
    assert [told, told] == [one["prediction"] for one in answers[:2]]
    assert [one.found.local.risk for one in page.answers] == [
        one["prediction"]["local"]["risk"] for one in answers[:2]
    ]
    assert None is answers[2]["prediction"]
    assert "nakanishi-2018" in answers[2]["refused"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"models": []}, 422),
        ({"models": [LIBRARY, "none"]}, 404),
        ({"models": ["x"] * 7}, 422),
        ({"inputs": {**PATIENT, "height": 987}}, 422),
        ({"inputs": {**PATIENT, "age": [987]}}, 422),
    ],
)
def test_a_question_that_cannot_be_is_refused_and_no_value_repeated(program, changed, status):
    answer = program.post("risk", json={"models": [LIBRARY], "inputs": PATIENT, **changed})

    assert status == answer.status_code
    assert "987" not in answer.text


def test_a_model_that_must_not_answer_says_why_beside_the_others(program):
    inputs = {**PATIENT, "age": 987}
    (answer,) = program.post("risk", json={"models": [LIBRARY], "inputs": inputs}).json()["answers"]

    assert None is answer["prediction"]
    assert answer["refused"].startswith("age")
    assert "987" not in answer["refused"]


def test_the_models_of_a_run_are_asked_by_whoever_may_see_its_results(tmp_path):
    bench = make_bench(tmp_path, token=None)
    app = create_app(bench)
    people = {}
    for name, role in (("a", "analyst"), ("r", "reader")):
        with bench.store.noting() as connection:
            cookie = begin_session(connection, name, role)
        people[name] = Program(app, base_url=f"http://{HOST}/api/v1")
        people[name].headers["authorization"] = f"Bearer {cookie}"
    owner, reader = people.values()
    study = owner.new_study(small_study(study=MODEL), "Ours")
    run = owner.post(f"studies/{study}/runs", json={"quick": True}).json()["id"]
    assert "done" == owner.ended(study, run)["state"]
    with bench.store.reading() as connection:
        assert "risk-model.json" in {one.name for one in files_of(connection, run)}
    mine = [one for one in owner.get("models").json() if "study" == one["home"]]

    assert ("Ours", 40) == (mine[0]["study"], mine[0]["n"])
    assert f"run.{run}.declared" == mine[0]["id"]
    asked = {"inputs": {"age_at_diagnosis": 40, "diameter": 20}}
    risk = owner.post(f"models/{mine[0]['id']}/risk", json=asked)
    assert 0 < risk.json()["risk"] < 1
    file = owner.get(f"studies/{study}/runs/{run}/files/risk-model.json").content
    assert file == owner.get(f"models/{mine[0]['id']}").content
    assert 404 == reader.get(f"models/{mine[0]['id']}").status_code
    owner.put(f"studies/{study}/share", json={"shared": True})
    assert risk.content == reader.post(f"models/{mine[0]['id']}/risk", json=asked).content
    assert 403 == reader.post("models", content=file).status_code
    own = bring(owner)
    assert 404 == reader.get(f"models/{own}").status_code
    assert 403 == reader.delete(f"models/{own}").status_code
    bench.store.close()
