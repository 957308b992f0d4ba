"""Who is in and who is a case: three answers until the study's own rule resolves them."""

from __future__ import annotations

import pytest

from avidity.errors import AnalysisError, LabelError, StudyFileError
from avidity.steps.label import _unnamed
from small_studies import rows_of

FEW = [(3, "yes"), (4, "no"), (2, "")]
HEAD = '[study]\ntitle = "t"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'


def test_a_missing_outcome_is_left_out_and_counted(labelled):
    flow = labelled(rows_of(("rair",), *FEW)).flow

    assert (9, 2, 7, 3, 4) == (flow.screened, flow.undecided, flow.included, flow.yes, flow.no)
    assert flow.adds_up()


@pytest.mark.parametrize(("rule", "yes", "no"), [("yes", 5, 4), ("no", 3, 6)])
def test_a_study_may_decide_for_those_nobody_can_tell(labelled, rule, yes, no):
    study = labelled(rows_of(("rair",), *FEW), head=HEAD + f'cannot_say = "{rule}"\n')

    assert (yes, no, 0) == (study.flow.yes, study.flow.no, study.flow.undecided)
    assert 2 == study.outcome.cannot_say


@pytest.mark.parametrize(
    ("yes", "no"), [('"Refractory"', '"Avid"'), ('["refractory", "R"]', '"avid"')]
)
def test_the_words_of_a_column_are_the_studys(labelled, yes, no):
    head = f'[study]\ntitle = "t"\n[outcome]\ncolumn = "class"\nyes = {yes}\nno = {no}\n'
    rows = rows_of(("class",), (2, "Refractory"), (3, "Avid"))

    flow = labelled(rows, head=head).flow

    assert (2, 3) == (flow.yes, flow.no)


def test_numbers_may_be_the_words(labelled):
    head = '[study]\ntitle = "t"\n[outcome]\ncolumn = "class"\nyes = 2\nno = 1\n'

    flow = labelled(rows_of(("class",), (2, 2), (3, 1)), head=head).flow

    assert (2, 3) == (flow.yes, flow.no)


def test_yes_and_no_may_be_turned_round(labelled):
    head = HEAD.replace('yes = "yes"\nno = "no"', 'yes = "no"\nno = "yes"')

    flow = labelled(rows_of(("rair",), *FEW), head=head).flow

    assert (4, 3) == (flow.yes, flow.no)


def test_a_word_that_is_neither_is_an_error_of_the_data(labelled):
    head = '[study]\ntitle = "t"\n[outcome]\ncolumn = "class"\nyes = "R"\nno = "A"\n'
    rows = rows_of(("class",), (2, "R"), (3, "A"), (1, "else"))

    findings = labelled(rows, head=head).findings

    assert [("error", 7)] == [(f.severity, f.row) for f in findings if f.severity == "error"]


def test_an_absent_outcome_column_names_those_there_are(labelled):
    head = HEAD.replace('"rair"', '"refractory"')

    with pytest.raises(StudyFileError, match=r"no column 'refractory'.*rair"):
        labelled(rows_of(("rair",), *FEW), head=head)


def test_one_group_alone_is_no_study(labelled):
    with pytest.raises(AnalysisError, match="0 no"):
        labelled(rows_of(("rair",), (3, "yes")))


def test_a_definition_without_its_tables_cannot_be_asked(labelled):
    head = '[study]\ntitle = "t"\n[outcome]\ndefinition = "ata-2015"\n'

    with pytest.raises(LabelError, match="this study has none of them"):
        labelled(rows_of(("rair",), *FEW), head=head)


def test_any_of_is_no_only_when_all_are(labelled):
    rows = rows_of(
        ("rair", "nodal_metastasis", "distant_metastasis"),
        (1, "yes", "yes", ""),
        (1, "yes", "no", "no"),
        (1, "no", "no", ""),
        (1, "no", "", ""),
    )
    settings = '[[variable]]\nname = "m"\nany_of = ["nodal_metastasis", "distant_metastasis"]\n'

    made = labelled(rows, settings).patients["m"].to_list()

    assert [True, False, None, None] == made


def test_age_is_worked_out_in_completed_years(labelled):
    rows = [
        ("patient_id", "rair", "birth_date", "diagnosis_date"),
        ("a", "yes", "1970-06-15", "2020-06-14"),
        ("b", "no", "1970-06-15", "2020-06-15"),
        ("c", "no", "", "2020-06-15"),
    ]
    study = labelled(rows)

    assert [49.0, 50.0, None] == study.patients["age_at_diagnosis"].to_list()
    assert "completed years" in study.characteristics["age_at_diagnosis"].how


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ('[[variable]]\nname = "x"\nany_of = ["absent"]\n', "no field 'absent'"),
        ('[[variable]]\nname = "x"\nfrom = "rair"\nat_least = 3\n', "a limit needs a number"),
        ('[[variable]]\nname = "rair"\nfrom = "rair"\none_of = [true]\n', "exists already"),
    ],
)
def test_a_variable_that_cannot_be_made_is_told(labelled, settings, word):
    with pytest.raises(StudyFileError, match=word):
        labelled(rows_of(("rair",), *FEW), settings)


def test_what_is_missing_names_no_lesion_and_no_scan():
    ids = frozenset({"left neck", "KLM", "a"})
    for told, kept in (
        ("uptake of lesion left neck on scan KLM is missing", "uptake of lesion n on scan n is"),
        ("post-therapy scan a is missing", "post-therapy scan n is"),
        ("a structural assessment of lesion KLM, later is", "a structural assessment of lesion n,"),
        ("a lesion without an id is read", "a lesion without an id is"),
    ):
        assert _unnamed(told, ids).startswith(kept)
