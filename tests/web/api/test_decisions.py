"""A program decides what a person decides on the pages: columns, the plan, an answer, who sees it.

A person and a program decide the same on two studies of the same files; then the files of both
must have the same hash.
"""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from avidity.steps.rehearse import rehearse
from avidity.web.cohorts import look_at
from avidity.web.folders import snapshot_folder
from avidity.web.pages.plan import PlanPage
from avidity.web.pages.refractory import key_of
from avidity.web.plans import Plan
from avidity.web.store.actions import actions_of
from avidity.web.store.notes import notes_of
from avidity.web.store.sessions import begin_session
from made_uploads import EXAMPLE, STUDY, example_zip, small_study
from made_workbench import HOST, Visitor

FRENCH = [
    "N° dossier malade,rair,Âge lors du diagnostic,Taille tumeur max (cm),IRM",
    *[f"P{i},{'yes' if i % 3 == 0 else 'no'},{30 + i},{1 + i % 4},{i % 2}" for i in range(40)],
]
ROW = 64  # of TWIN-063 in patients.csv
REASON = "The avid focus was thymus on CT"


@pytest.fixture
def person(program, bench):
    """Somebody at the same workbench, with the pages."""
    with bench.store.noting() as connection:
        cookie = begin_session(connection, "local", "administrator")
    return Visitor(program.app, base_url=f"http://{HOST}", cookies={bench.settings.cookie: cookie})


def snapshot(program, study):
    return program.get(f"studies/{study}").json()["snapshot"]


def refused(answer, code):
    assert (422, code) == (answer.status_code, answer.json()["exit_code"]), answer.text
    return answer.json()["message"]


def test_columns_are_matched_as_on_the_page(program, person):
    mine, theirs = (program.new_study(small_study(rows=FRENCH)) for _ in range(2))
    shown = program.get(f"studies/{mine}/columns").json()
    (table,) = shown["tables"]
    offered = [one["offered"] for one in table["columns"] if one["offered"]]

    assert ["patient_id", "age_at_diagnosis", "diameter"] == [one["field"] for one in offered]
    assert "the header says cm; the house keeps mm: × 10" in table["columns"][3]["reasons"]
    asked = {"matches": offered, "snapshot": shown["snapshot"]}
    answer = program.post(f"studies/{mine}/columns", json=asked)
    states = [one["state"] for one in answer.json()["tables"][0]["columns"]]
    assert ["told", "outcome", "told", "told", "open"] == states
    person.send_form(
        f"/studies/{theirs}/columns",
        page=f"/studies/{theirs}/data",
        snapshot=snapshot(program, theirs),
        **{
            "field:patients:0": "patient_id",
            "field:patients:2": "age_at_diagnosis",
            "field:patients:3": "diameter",
            "unit:patients:3": "cm",
        },
    )
    assert snapshot(program, theirs) == snapshot(program, mine)


def test_a_match_is_remembered_and_one_that_cannot_be_is_refused_whole(program, bench):
    study = program.new_study(small_study(rows=FRENCH))
    header = "Taille tumeur max (cm)"
    before = snapshot(program, study)
    good = {"table": "patients", "header": header, "ignore": True}
    for bad in ({"header": "no such"}, {"field": "diameter"}, {"table": "labs"}, {}):
        asked = {"matches": [good, {**good, **bad}]}
        refused(program.post(f"studies/{study}/columns", json=asked), 20)
    stale = {"matches": [good], "snapshot": "0" * 64}
    assert "changed" in refused(program.post(f"studies/{study}/columns", json=stale), 20)
    wrong = {"table": "patients", "header": header, "field": "no_such"}
    refused(program.post(f"studies/{study}/columns", json={"matches": [wrong]}), 20)
    assert before == snapshot(program, study)

    program.post(f"studies/{study}/columns", json={"matches": [good]})
    again = program.new_study(small_study(rows=FRENCH, study="# another\n" + STUDY))
    column = program.get(f"studies/{again}/columns").json()["tables"][0]["columns"][3]
    assert (True, "you matched this header so before") == (
        column["offered"]["ignore"],
        column["reasons"][0],
    )
    with bench.store.reading() as connection:
        assert 1 == len(notes_of(connection, "column matched"))


def test_a_plan_is_read_tried_and_kept_as_on_the_page(program, person):
    mine, theirs = (program.new_study(small_study()) for _ in range(2))
    shown = program.get(f"studies/{mine}/plan").json()
    chosen = {"roles": {"terms": ["age_at_diagnosis", "diameter"]}, "policy": "modern"}
    tried = program.post(f"studies/{mine}/plan/look", json=chosen).json()

    assert program.get(f"studies/{mine}/study.toml").text == shown["text"] == STUDY
    assert {"age_at_diagnosis", "diameter"} <= {one["name"] for one in shown["variables"]}
    assert ["age_at_diagnosis", "diameter"] == tomllib.loads(tried["text"])["model"]["terms"]
    assert "" == tried["refused"]
    assert 2 == tried["rehearsal"]["capacity"]["tracks"][0]["candidates"]
    assert shown["snapshot"] == snapshot(program, mine)  # nothing was kept
    kept = program.put(f"studies/{mine}/plan", json=chosen).json()
    assert tried["text"] == kept["text"] == program.get(f"studies/{mine}/study.toml").text
    assert [] == kept["differs"]
    plan = {name: value for name, value in shown["plan"].items() if isinstance(value, str)}
    person.send_form(
        f"/studies/{theirs}/plan",
        page=f"/studies/{theirs}/plan",
        snapshot=snapshot(program, theirs),
        terms=chosen["roles"]["terms"],
        **plan,
    )
    assert snapshot(program, theirs) == snapshot(program, mine)


def test_the_verdict_and_the_doubts_are_the_steps_own(program):
    study = program.new_study(example_zip())
    looked = look_at(EXAMPLE)
    expected = rehearse(looked.cohort, looked.study)
    told = program.get(f"studies/{study}/plan").json()

    assert {"plan", "rehearsal", "text"} <= {*PlanPage.__slots__} & told.keys()
    assert set(Plan.__slots__) == told["plan"].keys()
    rehearsal = told["rehearsal"]
    assert (expected.included, expected.yes) == (rehearsal["included"], rehearsal["yes"])
    assert expected.capacity.verdict == rehearsal["capacity"]["verdict"]
    assert list(expected.doubts) == rehearsal["doubts"]


def test_rows_and_settings_of_a_plan_are_added_changed_and_taken_out(program):
    study = program.new_study(small_study())
    address = f"studies/{study}/plan"
    made = {"name": "large", "source": "diameter", "way": "above", "value": "20"}
    rule = {"reason": "too young", "field": "age_at_diagnosis", "way": "below", "value": "18"}
    asked = {"new_variable": made, "new_rule": rule, "settings": {"study.seed": "7"}}
    plan = program.put(address, json=asked).json()["plan"]

    content = tomllib.loads(program.get(f"studies/{study}/study.toml").text)
    assert (["large"], ["too young"], 7) == (
        [one["name"] for one in content["variable"]],
        [one["reason"] for one in content["eligibility"]],
        content["study"]["seed"],
    )
    before = program.get(f"studies/{study}/study.toml").text
    same = {name: plan[name] for name in ("variables", "rules", "settings")}
    program.put(address, json=same)
    assert before == program.get(f"studies/{study}/study.toml").text
    (row,) = plan["variables"]
    program.put(address, json={"variables": [{**row, "value": "25"}]})
    program.put(address, json={"rules": [{**plan["rules"][0], "gone": "yes"}]})
    content = tomllib.loads(program.get(f"studies/{study}/study.toml").text)
    assert 25 == content["variable"][0]["above"]
    assert "eligibility" not in content


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"roles": {"terms": ["no_such"]}}, 11),
        ({"policy": "whatever"}, 11),
        ({"resamples": "many"}, 11),
        ({"roles": {"no role": []}}, 20),
        ({"settings": {"no.setting": "x"}}, 20),
        ({"new_rule": {"no key": "x"}}, 20),
        ({"variables": [{"no key": "x"}]}, 20),
        ({"settings": {"study.confidence": "much"}}, 11),
        ({"variables": [{}]}, 11),
        ({"definition": "ata-2025", "decided": {"switches": {"no_such": "x"}}}, 14),
        ({"tests": {"no_such": "x"}, "per": {"x": "y"}}, 11),
        ({"new_variable": {"name": "big", "source": "no_such", "way": "above", "value": "3"}}, 11),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_the_steps_words(program, chosen, code):
    study = program.new_study(small_study())
    before = snapshot(program, study)
    said = refused(program.put(f"studies/{study}/plan", json=chosen), code)

    assert before == snapshot(program, study)
    if code != 20:
        assert said == program.post(f"studies/{study}/plan/look", json=chosen).json()["refused"]
    stale = program.put(f"studies/{study}/plan", json={}, params={"snapshot": "0" * 64})
    assert "changed" in refused(stale, 20)
    assert 422 == program.put(f"studies/{study}/plan", json={"terms": []}).status_code


def test_of_data_with_errors_there_is_no_plan_and_nobody_is_judged(program):
    rows = ["patient_id,rair,age_at_diagnosis", "P1,yes,fiftysomething", "P2,no,40"]
    study = program.new_study(small_study(rows))

    assert 1 == program.get(f"studies/{study}/plan").json()["errors"]
    for answer in (
        program.post(f"studies/{study}/plan/look", json={}),
        program.put(f"studies/{study}/plan", json={}),
        program.get(f"studies/{study}/refractory"),
        program.get(f"studies/{study}/answers"),
    ):
        assert "1 place must be put right" in refused(answer, 13)


def test_study_toml_is_replaced_or_refused_with_its_faults(program, bench):
    study = program.new_study(small_study())
    address, before = f"studies/{study}/study.toml", snapshot(program, study)
    said = refused(program.put(address, content=STUDY.replace("yes = ", "yeah = ").encode()), 11)

    assert "yeah" in said
    assert "line 2" in refused(program.put(address, content=b"[study]\ntitle = \n"), 11)
    assert 400 == program.put(address, content=b"").status_code
    stale = program.put(address, content=STUDY.encode(), params={"snapshot": "0" * 64})
    assert "changed" in refused(stale, 20)
    assert before == snapshot(program, study)
    changed = "# by hand\n" + STUDY
    assert 204 == program.put(address, content=changed.encode()).status_code
    assert changed == program.get(address).text
    with bench.store.reading() as connection:
        assert "study.toml changed" == actions_of(connection, study)[-1].action


def test_everybody_and_one_patient_are_as_the_page_has_them(program, bench, person):
    study = program.new_study(example_zip())
    listed = program.get(f"studies/{study}/refractory").json()
    labels = program.get(f"studies/{study}/labels/patients", params={"definition": "all"}).json()
    patient = program.get(f"studies/{study}/refractory/{ROW}").json()

    assert listed["total"] == listed["yes"] + listed["no"] + listed["cannot_say"]
    assert 50 == len(listed["patients"])
    one = program.get(f"studies/{study}/refractory", params={"page": 2}).json()["patients"][12]
    assert (ROW, patient["patient_id"]) == (one["row"], one["patient_id"])
    assert one["said"] == {each["name"]: each["answer"] for each in patient["verdicts"]}
    told = {
        each["definition"]: each["answer"]
        for each in labels["labels"]
        if each["patient_id"] == patient["patient_id"]
    }
    assert {name: key_of(answer) for name, answer in told.items()} == one["said"]
    page = person.get(f"/studies/{study}/refractory/{ROW}").text
    for record in patient["records"]:
        assert record["day"] in page
    assert any(record["decided"] for record in patient["records"])
    for row, status in ((1, 404), (99_999, 404), (0, 422), ("TWIN-063", 422)):
        assert status == program.get(f"studies/{study}/refractory/{row}").status_code


def test_an_answer_is_given_listed_and_taken_back_as_on_the_page(program, person, bench):
    mine, theirs = (program.new_study(example_zip()) for _ in range(2))
    address = f"studies/{mine}/refractory/{ROW}"
    seen = program.get(address).json()
    asked = {"answer": "no", "reason": REASON, "who": "Dr A", "snapshot": seen["snapshot"]}
    answered = program.put(f"{address}/answer", json=asked).json()
    page = f"/studies/{theirs}/refractory/{ROW}"
    person.send_form(f"{page}/answer", page=page, **asked)

    assert ("yes", "no") == (answered["computed"], answered["answer"])
    assert snapshot(program, mine) == snapshot(program, theirs) == answered["snapshot"]
    (given,) = program.get(f"studies/{mine}/answers").json()
    today = dt.datetime.now().astimezone().date().isoformat()
    assert (ROW, "no", REASON, "Dr A") == tuple(
        given[k] for k in ("row", "answer", "reason", "who")
    )
    assert today == given["when"]
    taken = program.request(
        "DELETE", f"{address}/answer", params={"snapshot": answered["snapshot"]}
    ).json()
    assert (None, "yes") == (taken["override"], taken["answer"])
    assert [] == program.get(f"studies/{mine}/answers").json()
    again = program.delete(f"{address}/answer", params={"snapshot": taken["snapshot"]})
    assert 404 == again.status_code
    with bench.store.reading() as connection:
        done = [one.action for one in actions_of(connection, mine)]
        assert [REASON] == [one.reason for one in notes_of(connection, "override", mine)]
    assert ["override, yes to no", "override taken back, no to yes"] == done[-2:]


def test_an_answer_that_cannot_stand_changes_nothing_and_repeats_no_value(program):
    study = program.new_study(example_zip())
    address = f"studies/{study}/refractory/{ROW}/answer"
    before = snapshot(program, study)
    asked = {"answer": "no", "reason": REASON, "who": "Dr A", "snapshot": before}
    for changed, code in (
        ({"reason": "like TWIN-012"}, 14),
        ({"who": " "}, 14),
        ({"snapshot": "0" * 64}, 20),
        ({"reason": ""}, 2),
        ({"answer": "perhaps"}, 2),
    ):
        said = refused(program.put(address, json={**asked, **changed}), code)
        assert "TWIN" not in said
    assert before == snapshot(program, study)


def test_where_people_have_accounts_the_account_answers(tmp_path):
    from avidity.web.app import create_app
    from made_workbench import Program, make_bench

    bench = make_bench(tmp_path, token=None)
    program = Program(create_app(bench), base_url=f"http://{HOST}/api/v1")
    with bench.store.noting() as connection:
        cookie = begin_session(connection, "amina", "analyst")
    program.headers["authorization"] = f"Bearer {cookie}"
    study = program.new_study(example_zip())
    asked = {"answer": "no", "reason": REASON, "who": "Dr Z", "snapshot": snapshot(program, study)}
    answer = program.put(f"studies/{study}/refractory/{ROW}/answer", json=asked)

    assert "amina" == answer.json()["override"]["who"]
    bench.store.close()


def test_results_are_shared_and_no_longer(program, bench):
    study = program.new_study(small_study())
    for shared in (True, False):
        told = program.put(f"studies/{study}/share", json={"shared": shared})
        assert {"shared": shared} == told.json()
        assert shared is program.get(f"studies/{study}").json()["shared"]
    with bench.store.reading() as connection:
        done = [one.action for one in actions_of(connection, study)]
    assert ["shared", "no longer shared"] == done[-2:]
    assert snapshot_folder(bench.data, study, snapshot(program, study)).is_dir()
