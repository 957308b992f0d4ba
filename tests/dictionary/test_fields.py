"""The dictionary as data: complete, without clashes, and with exact factors."""

from __future__ import annotations

from fractions import Fraction

import pytest

from avidity.dictionary.fields import TABLES, Field, dictionary, fold, fold_unit

FIELDS = [field for table in dictionary().tables.values() for field in table.fields.values()]


def test_every_table_of_the_records_is_there_in_order():
    assert tuple(dictionary().tables) == TABLES
    assert all(table.about and table.label for table in dictionary().tables.values())


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.table}.{f.name}")
def test_a_field_is_described_and_consistent(field: Field):
    assert field.label
    assert field.definition.endswith((".", "?"))
    assert (field.type == "category") == bool(field.values) or field.type == "yes/no"
    assert field.quantity is None or field.unit == field.quantity.house
    assert field.quantity is None or field.quantity.factor(field.unit) == 1
    assert not (field.unit_compulsory and field.quantity is None)
    if field.type == "yes/no" and field.values:
        assert set(field.values) == {"yes", "no"}


@pytest.mark.parametrize("table", dictionary().tables.values(), ids=lambda t: t.name)
def test_no_header_stands_for_two_fields(table):
    seen: dict[str, str] = {}
    for field in table.fields.values():
        for header in {fold(h) for h in (*field.headers, field.label, field.name)}:
            assert seen.setdefault(header, field.name) == field.name, header


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.table}.{f.name}")
def test_no_spelling_stands_for_two_codes(field: Field):
    seen: dict[str, str] = {}
    for code, words in field.values.items():
        for word in {fold(w) for w in (code, *words)}:
            assert seen.setdefault(word, code) == code, word


def test_no_sheet_name_stands_for_two_tables():
    seen: dict[str, str] = {}
    for table in dictionary().tables.values():
        for name in {fold(n) for n in (table.name, table.label, *table.sheets)}:
            assert seen.setdefault(name, table.name) == table.name, name


def test_every_place_that_holds_the_same_fact_exists():
    for field in FIELDS:
        for place in field.same_fact_as:
            table, name = place.split(".")
            assert name in dictionary().tables[table].fields, place
            assert place != f"{field.table}.{field.name}"


def test_keys_are_fields_of_their_table():
    for table in dictionary().tables.values():
        assert set(table.key) <= set(table.fields)
        assert table.name == "patients" or "patient_id" in table.fields


@pytest.mark.parametrize(
    ("quantity", "unit", "factor"),
    [
        # 1 mCi = 37 MBq by definition of the curie (3.7e10 decays per second)
        ("activity", "mCi", Fraction(37)),
        ("activity", "GBq", Fraction(1000)),
        ("activity", "mbq", Fraction(1)),
        ("length", "cm", Fraction(10)),
        ("thyroglobulin", "µg/L", Fraction(1)),
        ("thyroglobulin", "ug_l", Fraction(1)),
        ("thyroglobulin", "ng/dL", Fraction(1, 100)),
        ("tsh", "mUI/L", Fraction(1)),
        ("age", "months", Fraction(1, 12)),
    ],
)
def test_units_have_exact_factors(quantity: str, unit: str, factor: Fraction):
    assert dictionary().quantities[quantity].factor(unit) == factor


def test_a_unit_belongs_to_one_quantity():
    seen: dict[str, str] = {}
    for quantity in dictionary().quantities.values():
        for unit in quantity.folded:
            assert seen.setdefault(unit, quantity.name) == quantity.name, unit


def test_an_unknown_unit_is_none_of_ours():
    assert dictionary().quantity_of("cGy") is None
    assert dictionary().quantities["activity"].factor("Gy") is None


@pytest.mark.parametrize(
    ("written", "table"),
    [("Patients", "patients"), ("RAI courses", "rai_courses"), ("Lésions", "lesions"),
     ("lesion-uptake", "lesion_uptake"), ("suivi", "follow_up"), ("Sheet1", None)],
)  # fmt: skip
def test_a_sheet_is_known_by_its_names(written: str, table: str | None):
    assert dictionary().table_of(written) == table


def test_folding_keeps_signs_and_takes_accents_off():
    assert fold("Thyroïdectomie  TOTALE") == "thyroidectomie totale"
    assert fold("N°") == "no"
    assert fold("œdème") == "oedeme"
    assert fold("ß") == "ss"
    assert fold("<=") == "<"
    assert fold_unit("ng / mL") == fold_unit("NG_ML")


def test_the_dictionary_is_frozen_and_read_once():
    assert dictionary() is dictionary()
    with pytest.raises(TypeError):
        dictionary().tables["patients"] = None  # type: ignore[index]
    with pytest.raises(AttributeError):
        FIELDS[0].label = "x"  # type: ignore[misc]


def test_the_facts_the_guards_stand_on_are_in_the_dictionary():
    patients = dictionary().tables["patients"].fields
    assert "lesions.site" in patients["distant_metastasis"].same_fact_as
    assert "lesions.site" in patients["nodal_metastasis"].same_fact_as
    assert "rai_courses.activity" in patients["cumulative_activity"].same_fact_as
    assert patients["cumulative_activity"].measured == "after"
    assert patients["cumulative_activity"].unit_compulsory
    assert dictionary().tables["labs"].fields["tg"].unit_compulsory
    assert patients["histology"].remarks["micropapillary"]
