"""A person plans a study: what so many patients can carry, and study.toml as it would be."""

from __future__ import annotations

import logging
import tomllib

import pytest

from avidity.study import read_study
from avidity.web.folders import snapshot_folder
from avidity.web.plans import plan_of
from avidity.web.store.actions import actions_of
from avidity.web.store.studies import find_study
from made_uploads import EXAMPLE, ROWS, STUDY, small_study

REMARKED = STUDY.replace("[outcome]", "# decided at the board\n[outcome]")


@pytest.fixture
def small(visitor):
    return visitor.new_study(small_study(study=REMARKED))


def folder_of(bench, path):
    with bench.store.reading() as connection:
        study = find_study(connection, path.rpartition("/")[2])
    return snapshot_folder(bench.data, study.id, study.snapshot)


def form_of(folder, **changed):
    """The form as the page shows it, with something changed."""
    plan = plan_of(read_study(folder))
    names = ("definition", "cannot_say", "policy", "principle")
    fields = {name: getattr(plan, name) for name in (*names, "p_below", "selection", "resamples")}
    fields |= {role: list(chosen) for role, chosen in plan.roles.items()}
    fields |= {f"fixed:{name}": text for name, text in plan.fixed.items()}
    fields |= {f"knots:{name}": text for name, text in plan.knots.items()}
    return {**fields, "snapshot": folder.parent.name, "made:way": "at_least", **changed}


def keep(visitor, bench, path, where="plan", **changed):
    form = form_of(folder_of(bench, path), **changed)
    return visitor.send_form(f"{path}/{where}", page=f"{path}/plan", **form)


def toml_of(bench, path):
    return (folder_of(bench, path) / "study.toml").read_text("utf-8")


def test_the_page_shows_the_plan_of_the_file(visitor):
    path = visitor.send_form("/example").url.path.rpartition("/")[0]
    told = visitor.get(f"{path}/plan").text

    assert '<option value="bellakhdar-2024" selected>' in told
    assert "90 patients: 32 yes, 58 no." in told
    assert "can carry 1 candidate parameter" in told
    assert "asked again of a twin cohort" in told
    assert "not kept yet" not in told


def test_a_plan_that_is_kept_as_it_is_changes_no_byte(visitor, bench):
    path = visitor.send_form("/example").url.path.rpartition("/")[0]
    keep(visitor, bench, path)

    assert (EXAMPLE / "study.toml").read_text("utf-8") == toml_of(bench, path)


def test_what_comes_of_a_choice_is_seen_before_it_is_kept(visitor, bench, small):
    before = toml_of(bench, small)
    told = keep(visitor, bench, small, "plan/look", terms=["age_at_diagnosis", "diameter"])

    assert "not kept yet" in told.text
    assert "terms = [&#34;age_at_diagnosis&#34;, &#34;diameter&#34;]" in told.text
    assert "looks at 2 and would need" in told.text
    assert before == toml_of(bench, small)


def test_htmx_gets_what_comes_of_it_alone(visitor, bench, small):
    form = form_of(folder_of(bench, small), terms=["diameter"])
    page = visitor.get(f"{small}/plan").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    headers = {"hx-request": "true", "origin": str(visitor.base_url)}
    told = visitor.post(f"{small}/plan/look", data={**form, "form_token": token}, headers=headers)

    assert told.text.lstrip().startswith('<aside id="outcome-of-plan"')
    assert "looks at 1 and would need" in told.text


def test_a_plan_is_kept_and_remarks_stay(visitor, bench, small):
    told = keep(
        visitor,
        bench,
        small,
        policy="spss",
        principle="profile",
        terms=["age_at_diagnosis"],
        candidates=["age_at_diagnosis", "diameter"],
        p_below="0,1",
        sound=["diameter"],
        search=["diameter"],
        resamples="200",
        selection="backward p",
        **{"knots:diameter": "3", "fixed:age_at_diagnosis": "54,5"},
    )
    text = toml_of(bench, small)
    kept = tomllib.loads(text)

    assert "The plan is kept in study.toml" in told.text
    assert "# decided at the board\n[outcome]" in text
    assert {"policy": "spss"} == kept["table1"]
    screen = {"candidates": ["age_at_diagnosis", "diameter"], "p_below": 0.1}
    assert {"terms": ["age_at_diagnosis"], "principle": "profile", "screen": screen} == kept[
        "model"
    ]
    assert {"fields": ["diameter"], "fixed": {"age_at_diagnosis": 54.5}} == kept["cutoffs"]
    assert {
        "terms": ["diameter"],
        "knots": {"diameter": 3},
        "resamples": 200,
        "selection": "backward p",
    } == kept["sound"]
    assert "study" == next(iter(kept))


def test_what_is_unchosen_leaves_the_file(visitor, bench, small):
    first = toml_of(bench, small)
    keep(visitor, bench, small, terms=["diameter"], candidates=["diameter"])
    keep(visitor, bench, small, terms=[], candidates=[])

    assert tomllib.loads(first) == {
        k: v for k, v in tomllib.loads(toml_of(bench, small)).items() if v
    }


def test_a_variable_is_made_and_stands_among_the_predictors(visitor, bench, small):
    made = {"name": "old", "source": "age_at_diagnosis", "way": "at_least", "value": "55"}
    keep(visitor, bench, small, **{f"made:{key}": value for key, value in made.items()})

    told = visitor.get(f"{small}/plan").text
    assert toml_of(bench, small).endswith(
        '[[variable]]\nname = "old"\nfrom = "age_at_diagnosis"\nat_least = 55\n'
    )
    assert 'name="terms" value="old"' in told


def test_another_definition_takes_the_place_of_the_column(visitor, bench):
    path = visitor.send_form("/example").url.path.rpartition("/")[0]
    keep(visitor, bench, path, definition="ata-2015")

    assert "ata-2015" == tomllib.loads(toml_of(bench, path))["outcome"]["definition"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"resamples": "many"}, "sound.resamples: must be a valid integer"),
        ({"resamples": "-1"}, "sound.resamples: must be greater than or equal to 0"),
        ({"candidates": ["diameter"], "p_below": "2"}, "p_below: must be less than or equal to 1"),
        ({"policy": "mine"}, "table1.policy"),
        ({"terms": ["nobody"]}, "unknown variable"),
        ({"sound": ["diameter"], "knots:diameter": "7"}, "knots.diameter: must be 3, 4 or 5"),
        ({"made:name": "Old one", "made:source": "diameter", "made:value": "3"}, "pattern"),
        ({"made:name": "old", "made:source": "", "made:value": "3"}, "needs either any_of"),
        ({"definition": "ata-2015"}, "this study has none of them"),
        ({"definition": "ata-1066"}, "ata-1066"),
        ({"snapshot": "0" * 64}, "the study was changed since this page was opened"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_the_steps_own_words(
    visitor, bench, small, changed, said
):
    before = toml_of(bench, small)
    told = keep(visitor, bench, small, **{"search": ["age_at_diagnosis"], **changed})

    assert 422 == told.status_code
    assert said in told.text
    assert before == toml_of(bench, small)
    assert 'name="search" value="age_at_diagnosis"' in told.text
    assert 'aria-label="Search: Age at diagnosis" checked' in told.text


def test_what_was_typed_wrongly_stays_in_the_form(visitor, bench, small):
    told = keep(visitor, bench, small, resamples="many", **{"fixed:diameter": "a lot"})

    assert 'name="resamples" value="many"' in told.text
    assert 'name="fixed:diameter" value="a lot"' in told.text


def test_what_cannot_be_fitted_is_said_and_may_be_kept(visitor, bench):
    rows = [ROWS[0] + ",same", *(f"{row},yes" for row in ROWS[1:])]
    path = visitor.new_study(small_study(rows=rows, study=STUDY))
    told = keep(visitor, bench, path, terms=["same"])

    assert 200 == told.status_code
    assert 'class="doubts"' in told.text


def test_errors_in_the_data_come_first(visitor):
    rows = [*ROWS[:-1], ROWS[-1].replace(",69,", ",3000,")]
    path = visitor.new_study(small_study(rows=rows))

    assert "must be put right first" in visitor.get(f"{path}/plan").text


def test_a_study_file_with_faults_is_said(visitor):
    path = visitor.new_study(small_study(study=STUDY + "nonsense = 1\n"))

    assert "nonsense" in visitor.get(f"{path}/plan").text


def test_the_action_is_logged_without_a_value(visitor, bench, small, caplog):
    with caplog.at_level(logging.DEBUG):
        keep(visitor, bench, small, terms=["diameter"], **{"fixed:diameter": "23.75"})
    with bench.store.reading() as connection:
        last = actions_of(connection, small.rpartition("/")[2])[-1]

    assert "plan changed" == last.action
    assert "23.75" not in caplog.text
