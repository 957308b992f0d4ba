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
    return {**fields, "snapshot": folder.parent.name, "variable:new:way": "at_least", **changed}


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
    assert "<ins" not in told


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
    keep(visitor, bench, small, **{f"variable:new:{key}": value for key, value in made.items()})

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
        (
            {
                "variable:new:name": "Old one",
                "variable:new:source": "diameter",
                "variable:new:value": "3",
            },
            "pattern",
        ),
        (
            {"variable:new:name": "old", "variable:new:source": "", "variable:new:value": "3"},
            "needs either any_of",
        ),
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


WITH_BLOCKS = (
    STUDY
    + """
# the board's
[[eligibility]]
reason = "too young"   # by law
field = "age_at_diagnosis"
below = 32

[[variable]]
name = "old"
from = "age_at_diagnosis"
at_least = 55
[sound]
draws = ""
resamples = 20
"""
)


@pytest.fixture
def blocks(visitor):
    return visitor.new_study(small_study(study=WITH_BLOCKS))


def row(kind, at, **typed):
    return {f"{kind}:{at}:here": "yes", **{f"{kind}:{at}:{key}": v for key, v in typed.items()}}


OLD = {"source": "age_at_diagnosis", "way": "at_least", "value": "55"}
YOUNG = {"reason": "too young", "field": "age_at_diagnosis", "way": "below", "value": "32"}


def test_rows_left_as_they_are_change_no_byte(visitor, bench, blocks):
    young = {**YOUNG, "unknown": "exclude"}
    told = keep(visitor, bench, blocks, **row("variable", 0, **OLD), **row("rule", 0, **young))

    assert "The plan is kept" in told.text
    assert WITH_BLOCKS == toml_of(bench, blocks)


def test_a_variable_is_changed_and_a_reason_added(visitor, bench, blocks):
    new = {"reason": "small", "field": "diameter", "way": "at_most", "value": "11,5"}
    new |= {"unknown": "keep"}
    keep(
        visitor,
        bench,
        blocks,
        **row("variable", 0, **{**OLD, "value": "45", "label": "Older"}, beforehand="yes"),
        **row("rule", "new", **new),
    )
    kept = tomllib.loads(toml_of(bench, blocks))

    assert 'reason = "too young"   # by law\n' in toml_of(bench, blocks)
    assert {"reason": "small", "field": "diameter", "at_most": 11.5, "unknown": "keep"} == (
        kept["eligibility"][1]
    )
    assert {
        "name": "old",
        "label": "Older",
        "from": "age_at_diagnosis",
        "at_least": 45,
        "fixed_beforehand": True,
    } == kept["variable"][0]


def test_a_variable_that_is_taken_out_is_named_nowhere(visitor, bench, blocks):
    keep(visitor, bench, blocks, terms=["old", "diameter"], table1=["old"])
    keep(visitor, bench, blocks, terms=["old", "diameter"], **row("variable", 0, **OLD, gone="yes"))
    kept = tomllib.loads(toml_of(bench, blocks))

    assert "variable" not in kept
    assert ["diameter"] == kept["model"]["terms"]


def test_table_1_its_tests_steps_and_settings_are_chosen(visitor, bench, small):
    typed = {"set:sound.imputations": "5", "set:study.seed": "7", "set:sound.penalised": "lasso"}
    typed |= {"set:sound.penalised:here": "yes", "set:study.setting": "Rabat"}
    keep(
        visitor,
        bench,
        small,
        table1=["diameter", "age_at_diagnosis"],
        **typed,
        **{"table1:here": "yes", "tests:diameter": "pooled t", "per:diameter": "10"},
    )
    kept = tomllib.loads(toml_of(bench, small))

    assert ["diameter", "age_at_diagnosis"] == kept["table1"]["variables"]
    assert {"diameter": "pooled t"} == kept["table1"]["tests"]
    assert {"diameter": 10} == kept["model"]["per"]
    assert {"imputations": 5, "penalised": ["lasso"]} == kept["sound"]
    assert {"title": "Small", "setting": "Rabat", "seed": 7} == kept["study"]


def test_a_column_is_named_in_the_place_of_a_definition(visitor, bench):
    rows = [f"{one},{'oui' if at % 3 else 'non'}" for at, one in enumerate(ROWS[1:])]
    study = '[study]\ntitle = "Small"\n[outcome]\ndefinition = "ata-2015"\n'
    path = visitor.new_study(small_study([f"{ROWS[0]},refr", *rows], study=study))
    column = {"outcome:column": "refr", "outcome:yes": "oui", "outcome:no": "non"}
    told = keep(visitor, bench, path, definition="", **column)

    assert "The plan is kept" in told.text
    kept = tomllib.loads(toml_of(bench, path))
    assert {"column": "refr", "yes": "oui", "no": "non"} == kept["outcome"]
    assert "40 patients" in visitor.get(f"{path}/plan").text


def test_a_column_whose_words_do_not_fit_is_refused(visitor, bench, small):
    column = {"outcome:column": "rair", "outcome:yes": "perhaps", "outcome:no": "no"}
    told = keep(visitor, bench, small, definition="", **column)

    assert 422 == told.status_code
    assert 'name="outcome:yes" value="perhaps"' in told.text


def test_a_switch_is_turned_and_belongs_to_its_definition(visitor, bench):
    path = visitor.send_form("/example").url.path.rpartition("/")[0]
    switch = {"switch:progression_last_day_counts": "no", "switch:activity_threshold_mbq": "20000"}
    keep(visitor, bench, path, switches_of="bellakhdar-2024", **switch)
    turned = tomllib.loads(toml_of(bench, path))["outcome"]["switches"]
    assert {"progression_last_day_counts": False, "activity_threshold_mbq": 20000} == turned

    typed = {"definition": "ata-2015", "switches_of": "bellakhdar-2024"}
    keep(visitor, bench, path, **typed, **switch)
    assert "switches" not in tomllib.loads(toml_of(bench, path))["outcome"]


def test_what_no_field_shows_is_told_as_kept(visitor, blocks):
    told = visitor.get(f"{blocks}/plan").text

    assert "<code>[sound] draws</code>" in told
    assert "<code>[sound] resamples</code>" not in told


def send_text(visitor, bench, path, text, **changed):
    seen = {"snapshot": folder_of(bench, path).parent.name, **changed}
    return visitor.send_form(f"{path}/plan/text", page=f"{path}/plan", text=text, **seen)


def test_the_text_is_changed_by_hand(visitor, bench, small):
    text = REMARKED + "[table1]\npolicy = 'paper' # as printed\n"
    told = send_text(visitor, bench, small, text.replace("\n", "\r\n"))

    assert "The plan is kept" in told.text
    assert text == toml_of(bench, small)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (REMARKED + "terms = \n", '<a href="#study-text" data-line="8">Line 8</a> Invalid value'),
        (REMARKED + "[sound]\nresamples = -1\n", "Line 9</a> sound.resamples: must be greater"),
        (REMARKED + '[[variable]]\nname = "A"\n', "Line 9</a> variable.0.name"),
        (REMARKED + '[model]\nterms = ["nobody"]\n', "nobody"),
    ],
)
def test_a_text_that_cannot_be_is_refused_with_its_lines(visitor, bench, small, text, said):
    told = send_text(visitor, bench, small, text)

    assert 422 == told.status_code
    assert said in told.text
    assert REMARKED == toml_of(bench, small)
    assert text.splitlines()[-1].replace('"', "&#34;") in told.text


def test_a_text_looked_at_before_another_change_is_refused(visitor, bench, small):
    told = send_text(visitor, bench, small, REMARKED + "[records]\n", snapshot="0" * 64)

    assert 422 == told.status_code
    assert "was changed since" in told.text


def test_a_study_file_with_faults_is_put_right_as_a_text(visitor, bench):
    path = visitor.new_study(small_study(study=STUDY + "nonsense = 1\n"))
    send_text(visitor, bench, path, STUDY)

    assert "40 patients" in visitor.get(f"{path}/plan").text


def test_what_the_data_do_not_have_is_taken_out_at_once(visitor, bench):
    study = WITH_BLOCKS.replace(
        "below = 32",
        "below = 32\n[[eligibility]]\nreason = 'r'\nfield = 'received_rai'\nis = false",
    ).replace("[sound]", "[model]\nterms = ['nobody', 'diameter']\n[sound]")
    path = visitor.new_study(small_study(study=study))
    told = visitor.get(f"{path}/plan").text
    assert 'name="unknown" value="received_rai"' in told
    assert 'name="unknown" value="nobody"' in told

    keep(visitor, bench, path, forget="yes", unknown=["nobody", "received_rai"])
    kept = tomllib.loads(toml_of(bench, path))
    assert ["diameter"] == kept["model"]["terms"]
    assert ["too young"] == [one["reason"] for one in kept["eligibility"]]
