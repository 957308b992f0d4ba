"""A person sees how each table was read: encoding, commas, units, first rows, what fits nothing."""

from __future__ import annotations

import re

import pytest

from made_uploads import STUDY, small_study, zipped

ROWS = [
    "patient_id;rair;Âge au diagnostic;Activité cumulée (mCi);humeur",
    *[f"P{i};{'yes' if i % 3 == 0 else 'no'};{30 + i};{100 + i},5;bonne" for i in range(12)],
]


def words_of(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def told(visitor):
    table = "\n".join(ROWS).encode("cp1252")
    path = visitor.new_study(zipped({"study.toml": STUDY, "patients.csv": table}))
    return visitor.get(f"{path}/data").text


def test_encoding_rows_and_columns_are_told(told):
    said = words_of(told)

    assert "12 rows, 5 columns" in said
    assert "read as cp1252, separated by" in said


def test_decimal_commas_and_units_that_were_brought_home_are_told(told):
    assert "Decimal commas: Activité cumulée (mCi)" in words_of(told)
    assert "mCi → MBq (× 37)" in words_of(told)


def test_the_first_rows_stand_as_typed_beside_what_they_became(told):
    first = told[told.index('class="cells first-rows"') :].partition("</table>")[0]

    assert 5 == first.count('<th scope="row">')
    assert 'scope="row">2</th><td>P0</td>' in first
    assert '<td>100,5 <span class="hint">→ 3719</span></td>' in first
    assert "<code>cumulative_activity</code>" in first
    assert "P11" not in told


def test_a_column_that_fits_nothing_is_told(told):
    said = words_of(told)

    assert "No field of the dictionary, so columns of their own: humeur" in said


def test_a_column_of_another_table_that_fits_nothing_is_not_used(visitor):
    labs = "patient_id,date,tg (ng/mL),humeur\nP1,2020-01-01,2,bonne\n"
    patients = "patient_id,rair\n" + "".join(f"P{i},no\n" for i in range(4))
    files = {"study.toml": STUDY, "patients.csv": patients, "labs.csv": labs}
    path = visitor.new_study(zipped(files))

    assert "so not used: humeur" in words_of(visitor.get(f"{path}/data").text)


def test_the_preview_is_the_owners_alone(visitor, stranger, bench):
    path = visitor.new_study(small_study())
    stranger.cookies.clear()

    assert "P1" not in stranger.get(f"{path}/data").text
