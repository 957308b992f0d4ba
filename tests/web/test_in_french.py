"""On a French page the library's sentences are French, and nothing is left in English."""

from __future__ import annotations

import re

import pytest

from avidity.web import jobs
from avidity.web.store.runs import runs_of
from made_uploads import ROWS, STUDY, small_study

WRONG = [
    "patient_id,rair,age_at_diagnosis,diameter (mm),sex,diagnosis_date,surgery_date",
    "P1,yes,fifty,4,F,2015-02-30,2014-01-01",
    "P2,no,210,3,1,03/04/15,",
    "P3,perhaps,45,12,M,2016-05-05,2014-05-01",
    "P3,no,44,25,M,2016-05-05,2016-05-01",
]


@pytest.fixture
def lecteur(visitor):
    """Somebody whose browser asks for French."""
    visitor.headers["accept-language"] = "fr"
    return visitor


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("&#39;", "'").split())


def left_in_english(answer):
    return re.findall(r'<(\w+)[^>]* lang="en"[^>]*>([^<]*)', answer.text.partition("<main")[2])


def troubles(answer):
    return re.findall(r'<p class="trouble"[^>]*>(.*?)</p>', answer.text)


def test_what_the_check_found_is_said_in_french(lecteur):
    path = lecteur.new_study(small_study(WRONG))
    told = lecteur.get(f"{path}/problems")

    assert [] == left_in_english(told)
    assert "pas un nombre" in text_of(told)
    assert "âge au diagnostic : valeurs possibles de 0 à 110 ans" in text_of(told)
    assert "un jour qui n’existe pas" in text_of(told)
    assert "une année à deux chiffres" in text_of(told)
    assert '<option value="possible range">limites possibles</option>' in told.text


def test_a_refused_file_is_refused_in_french(lecteur):
    files = {"files": ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0")}
    told = lecteur.send_form("/studies", title="", files=files)

    assert 422 == told.status_code
    assert "picture.png doit être un classeur (XLSX, XLS, ODS)" in troubles(told)[0]
    assert "lang=" not in troubles(told)[0]


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (STUDY + "seed = 1\n", "outcome.seed : mot inconnu ici, trouvé 1"),
        (STUDY.replace("[outcome]", "seed = 'x'\n[outcome]"), "study.seed : doit être un nombre"),
        (STUDY.replace("[outcome]", "outcome"), "study.toml n’est pas du TOML valide"),
        (STUDY.replace("no = ", "label = "), "une colonne a besoin de yes = et de no ="),
    ],
)
def test_a_study_file_that_cannot_be_read_says_so_in_french(lecteur, study, said):
    told = lecteur.get(f"{lecteur.new_study(small_study(study=study))}/data")

    assert said in text_of(told)
    assert [] == left_in_english(told)


def test_what_cannot_be_asked_is_said_in_french(lecteur):
    study = STUDY.replace('column = "rair"\nyes = "yes"\nno = "no"', 'definition = "ata-2015"')
    path = lecteur.new_study(small_study(study=study))
    told = lecteur.get(f"{path}/refractory")

    assert "la définition « ata-2015 » lit les tables" in text_of(told)


def test_the_verdict_on_a_plan_is_in_french_with_french_numbers(lecteur):
    path = lecteur.send_form("/example").url.path.rpartition("/")[0]
    told = text_of(lecteur.get(f"{path}/plan"))

    assert "peuvent porter 1 paramètre candidat selon les critères de Riley" in told
    assert "Nagelkerke attendu de 0,15" in told
    assert "can carry" not in told


def test_a_refused_answer_of_a_physician_is_refused_in_french(lecteur):
    path = lecteur.send_form("/example").url.path.rpartition("/")[0]
    page = f"{path}/refractory/2"
    fields = {"answer": "yes", "reason": " ", "who": "Dr A", "snapshot": "0" * 64}
    told = lecteur.send_form(f"{page}/answer", page=page, **fields)

    assert 422 == told.status_code
    assert "ont changé depuis l’ouverture de cette page" in troubles(told)[0]


def test_a_run_that_stops_says_why_in_the_readers_language(lecteur, bench):
    rows = [ROWS[0], *(row.replace(",yes,", ",no,") for row in ROWS[1:])]
    path = lecteur.new_study(small_study(rows))
    lecteur.send_form(f"{path}/run", page=f"{path}/run", quick="yes")
    jobs.processes[-1].wait(60)
    with bench.store.reading() as connection:
        run = runs_of(connection, path.rpartition("/")[2])[0]

    assert run.said.startswith("both groups need patients; 40 were screened")
    assert "les deux groupes ont besoin de patients ; 40 examinés" in text_of(
        lecteur.get(f"{path}/run")
    )
    lecteur.headers["accept-language"] = "en"
    assert run.said.replace("'", "&#39;") in lecteur.get(f"{path}/run").text


def test_a_page_of_trouble_says_its_sentence_in_french(lecteur):
    told = lecteur.get("/calculator", params={"model": "nobody.knows"})

    assert "il faut un modèle de ce nom" in text_of(told)


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("fr-MA,fr;q=0.9", "a.png doit être un classeur (XLSX, XLS, ODS)"),
        ("de, en", "a.png must be a workbook (XLSX, XLS, ODS)"),
    ],
)
def test_a_program_is_refused_in_the_language_it_asks_for(program, accepted, said):
    files = {"files": ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0")}
    told = program.post("studies", files=files, headers={"accept-language": accepted})

    assert 422 == told.status_code
    assert "workbench" == told.json()["kind"]
    assert told.json()["message"].startswith(said)
