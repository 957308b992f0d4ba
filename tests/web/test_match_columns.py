"""A person matches the columns of a table; study.toml says so, and the next table is asked less."""

from __future__ import annotations

import re
import tomllib

import pytest

from avidity.web.folders import snapshot_folder
from avidity.web.store.actions import actions_of
from avidity.web.store.notes import notes_of
from avidity.web.store.studies import find_study
from made_uploads import STUDY, small_study

HEADERS = ["N° dossier malade", "rair", "Âge lors du diagnostic", "Taille tumeur max (cm)", "IRM"]
ROWS = [
    ",".join(HEADERS),
    *[f"P{i},{'yes' if i % 3 == 0 else 'no'},{30 + i},{1 + i % 4},{i % 2}" for i in range(40)],
]
REMARKED = "# the board's study\n" + STUDY


@pytest.fixture
def small(visitor):
    return visitor.new_study(small_study(rows=ROWS, study=REMARKED))


def toml_of(bench, path):
    with bench.store.reading() as connection:
        study = find_study(connection, path.rpartition("/")[2])
    folder = snapshot_folder(bench.data, study.id, study.snapshot)
    return (folder / "study.toml").read_text("utf-8")


def form_of(page, **changed):
    """What the browser would send: each select's chosen option and each unit."""
    fields = {"snapshot": re.search(r'name="snapshot" value="(\w+)"', page)[1]}
    for name, inside in re.findall(r'<select name="(field:[^"]+)"(.*?)</select>', page, re.DOTALL):
        fields[name] = re.search(r'<option value="([^"]*)"[^>]* selected', inside)[1]
    fields |= dict(re.findall(r'name="(unit:[^"]+)" value="([^"]*)"', page))
    return {**fields, **changed}


def keep(visitor, path, **changed):
    page = visitor.get(f"{path}/data").text
    form = form_of(page, **changed)
    return visitor.send_form(f"{path}/columns", page=f"{path}/data", **form)


def test_suggestions_are_shown_with_their_reasons(visitor, small):
    told = visitor.get(f"{small}/data").text

    assert "3 columns may be fields of the dictionary" in told
    assert "the header says cm; the house keeps mm: × 10" in told
    assert "its words are those of “Largest tumour diameter”" in told


def test_the_reasons_are_said_in_french_too(visitor, small):
    told = visitor.get(f"{small}/data", headers={"accept-language": "fr"}).text

    assert "l’en-tête dit cm\N{NO-BREAK SPACE}; on garde ici des mm\N{NO-BREAK SPACE}: × 10" in told
    assert "vouliez-vous dire" in told


def test_what_is_kept_stands_in_study_toml_and_remarks_stay(visitor, bench, small):
    told = keep(visitor, small)
    kept = tomllib.loads(toml_of(bench, small))["columns"]["patients"]

    assert "The columns are kept" in told.text
    assert {
        "N° dossier malade": {"field": "patient_id"},
        "Âge lors du diagnostic": {"field": "age_at_diagnosis"},
        "Taille tumeur max (cm)": {"field": "diameter"},
    } == kept
    assert toml_of(bench, small).startswith(REMARKED.rstrip())
    assert "may be fields of the dictionary" not in told.text
    assert "study.toml says so" in told.text


def test_a_suggestion_is_corrected_by_hand(visitor, bench, small):
    keep(visitor, small, **{"field:patients:3": "-own", "field:patients:4": "-ignore"})
    kept = tomllib.loads(toml_of(bench, small))["columns"]["patients"]

    assert {"ignore": True} == kept["IRM"]
    assert "Taille tumeur max (cm)" not in kept


def test_keeping_again_changes_no_byte(visitor, bench, small):
    keep(visitor, small)
    first = toml_of(bench, small)
    keep(visitor, small)

    assert first == toml_of(bench, small)


def test_a_match_is_taken_back(visitor, bench, small):
    keep(visitor, small)
    keep(visitor, small, **{"field:patients:2": "-own"})
    kept = tomllib.loads(toml_of(bench, small))["columns"]["patients"]

    assert "Âge lors du diagnostic" not in kept


def test_what_was_matched_is_remembered_for_the_next_table(visitor, bench, small):
    keep(visitor, small, **{"field:patients:4": "multifocal"})
    path = visitor.new_study(small_study(rows=ROWS))
    told = visitor.get(f"{path}/data").text

    assert "4 columns may be fields" in told
    assert "you matched this header so before" in told
    keep(visitor, path)
    kept = tomllib.loads(toml_of(bench, path))["columns"]["patients"]
    assert {"field": "multifocal"} == kept["IRM"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"field:patients:4": "diameter"}, "both stand for diameter"),
        ({"unit:patients:3": "mm"}, "the header says cm, study.toml says mm"),
        ({"field:patients:4": "nonsense"}, "must be matched to a field of patients"),
        ({"snapshot": "0" * 64}, "were changed since this page was opened"),
    ],
)
def test_a_match_that_cannot_be_is_refused_and_the_form_stays(visitor, bench, small, changed, said):
    told = keep(visitor, small, **{"field:patients:2": "-ignore", **changed})

    assert 422 == told.status_code
    assert said in told.text
    assert REMARKED == toml_of(bench, small)
    assert "-ignore" == form_of(told.text)["field:patients:2"]


def test_what_is_remembered_holds_headers_and_no_value(visitor, bench, small, caplog):
    keep(visitor, small)
    with bench.store.reading() as connection:
        notes = notes_of(connection, "column matched")
        last = actions_of(connection, small.rpartition("/")[2])[-1]

    assert "columns matched: 3" == last.action
    assert {
        "patients/no dossier malade",
        "patients/age lors du diagnostic",
        "patients/taille tumeur max cm",
    } == {note.subject for note in notes}
    assert "P1" not in repr(notes) + caplog.text
