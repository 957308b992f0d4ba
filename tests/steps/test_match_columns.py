"""Unknown headers get a suggestion with its reasons; nothing is decided for anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.dictionary.fields import TABLES, dictionary
from avidity.steps.check_headers import match
from avidity.steps.match_columns import _vocabulary, match_columns, suggest, suggestions
from avidity.steps.read import read
from avidity.study import read_study

HEAD = '[study]\ntitle = "t"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'


@pytest.fixture
def matched(tmp_path):
    """The columns of a table of patients, matched."""

    def made(headers, settings=""):
        (tmp_path / "patients.csv").write_text(
            ";".join(headers) + "\n" + ";".join("1" for _ in headers) + "\n", "utf-8"
        )
        (tmp_path / "study.toml").write_text(HEAD + settings, "utf-8")
        study = read_study(tmp_path)
        raw = read(study)
        return {one.header: one for one in match_columns(raw.tables["patients"], study)}

    return made


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Âge lors du diagnostic", "age_at_diagnosis"),
        ("age_at_diag", "age_at_diagnosis"),
        ("Taille tumeur max (cm)", "diameter"),
        ("Taile de la tumeur", "diameter"),
        ("tumor sise", "diameter"),
        ("Diamètre de la tumeur primitive (mm)", "diameter"),
        ("Nb de ganglions envahis", "nodes_positive"),
        ("Envahissement extra thyroïdien", "extrathyroidal_extension"),
        ("Activité cumulée totale (mCi)", "cumulative_activity"),
        ("Date naissance", "birth_date"),
        ("Sexe du patient", "sex"),
        ("stade T", "t_category"),
        ("N° dossier malade", "patient_id"),
    ],
)
def test_a_header_in_other_words_is_recognised(header, field):
    found = suggest(dictionary().tables["patients"], header)

    assert field == found.field
    assert found.reasons


@pytest.mark.parametrize(
    "header", ["poids (kg)", "commentaire", "IRM", "BMI", "rair", "smoking", "x", ""]
)
def test_a_header_of_something_else_gets_no_suggestion(header):
    assert None is suggest(dictionary().tables["patients"], header)


def test_a_unit_of_another_thing_speaks_against_a_field():
    table = dictionary().tables["patients"]

    assert "diameter" == suggest(table, "Taille tumeur max (cm)").field
    assert None is suggest(table, "Taille tumeur max (ng/mL)")


def test_a_field_that_is_taken_is_not_suggested_again():
    table = dictionary().tables["patients"]

    assert None is suggest(table, "Taille tumeur max (cm)", frozenset({"diameter"}))


def test_the_reasons_are_said():
    table = dictionary().tables["patients"]
    said = str(suggest(table, "Taille tumeur max (cm)"))

    assert said == (
        "patients, column 'Taille tumeur max (cm)': did you mean diameter? (its words are those of"
        " 'Largest tumour diameter'; the header says cm; the house keeps mm: × 10)"
    )


def test_every_column_is_told_from_where_it_is_known(matched):
    headers = ["N°", "rair", "Age (ans)", "Taille tumeur max (cm)", "IRM", "note", "Tg préop"]
    settings = (
        "[columns.patients]\nNote = { ignore = true }\n"
        '"Tg preop" = { field = "tg0", unit = "µg/L" }\n'
    )
    found = matched(headers, settings)

    assert {
        "N°": "known",
        "rair": "outcome",
        "Age (ans)": "known",
        "Taille tumeur max (cm)": "suggested",
        "IRM": "open",
        "note": "ignored",
        "Tg préop": "told",
    } == {header: one.state for header, one in found.items()}
    assert ("tg0", "µg/L") == (found["Tg préop"].field, found["Tg préop"].unit)


def test_a_known_column_says_what_becomes_of_its_numbers(matched):
    found = matched(["N°", "rair", "Taille (cm)"])["Taille (cm)"]

    assert ["'Taille' is a name of diameter", "the header says cm; the house keeps mm: × 10"] == [
        str(reason) for reason in found.reasons
    ]


def test_what_study_toml_says_is_no_question_any_more(matched, tmp_path):
    settings = '[columns.patients]\n"taille tumeur max (cm)" = { field = "diameter" }\n'
    found = matched(["N°", "rair", "Taille tumeur max (cm)"], settings)

    assert "told" == found["Taille tumeur max (cm)"].state
    study = read_study(tmp_path)
    assert () == suggestions(read(study), study)


@pytest.mark.parametrize("name", TABLES)
def test_every_spelling_of_the_dictionary_is_its_own_best_match(name):
    """A header that is known needs no suggestion; were it asked, none would contradict."""
    table = dictionary().tables[name]
    wrong = [
        (spelling, known.name, found.field)
        for one in table.fields.values()
        for spelling in one.headers
        if (known := match(table, spelling)[2]) and (found := suggest(table, spelling))
        if found.field != known.name
    ]

    assert [] == wrong


def test_every_word_means_one_thing():
    from avidity.dictionary.fields import fold

    known, left_out = _vocabulary()

    assert all(word == fold(word) for word in known)
    assert not left_out & set(known)


@given(st.text(max_size=200), st.sampled_from(TABLES))
def test_any_header_is_answered(header, name):
    found = suggest(dictionary().tables[name], header)

    assert found is None or (found.field in dictionary().tables[name].fields and str(found))
