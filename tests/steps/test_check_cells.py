"""What one cell is read as: numbers, dates, yes and no, categories, text."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.dictionary.fields import Field, Limits, dictionary
from avidity.steps.check_answer import Answer
from avidity.steps.check_dates import Order, date_reader, order_of
from avidity.steps.check_numbers import Typing, decimal_comma, in_words, number_reader
from avidity.steps.check_words import category_reader, text_reader, yes_no_reader

TABLES = dictionary().tables


def field(place: str) -> Field:
    table, name = place.split(".")
    return TABLES[table].fields[name]


def number(cell, place="patients.diameter", unit="", factor=1, comma=False) -> Answer:
    return number_reader(field(place), Typing(unit, Fraction(factor), comma))(cell)


# ---- numbers


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12.0),
        ("12.5", 12.5),
        ("12,5", 12.5),
        (" 12.5 ", 12.5),
        ("\u00a012,5\u202f", 12.5),
        ("0,123", 0.123),
        ("+12.5", 12.5),
        ("1.25e1", 12.5),
        (12.5, 12.5),
        (12, 12.0),
        ("12.", 12.0),
    ],
)
def test_numbers_are_read_as_people_type_them(cell, value):
    assert number(cell).value == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1'234.5", 1234.5),
        ("1 234", 1234.0),
        ("12 345 678,9", 12345678.9),
    ],
)
def test_thousands_are_read_where_only_one_reading_is_possible(cell, value):
    plain = Field("x", "patients", "X", "number")
    assert number_reader(plain, Typing())(cell) == Answer(value)


@pytest.mark.parametrize("cell", ["1,234", "12,345", "-1,000"])
def test_a_comma_before_three_digits_is_an_error_and_not_a_guess(cell):
    plain = Field("x", "patients", "X", "number")
    answer = number_reader(plain, Typing())(cell)
    assert answer.value is None
    assert answer.trouble.rule == "comma or thousands"


def test_a_comma_before_three_digits_is_decimal_where_its_column_proves_it():
    assert decimal_comma(["1,234", "5"]) is False
    assert decimal_comma(["1,234", "5,1"]) is True
    assert decimal_comma(["<0,1"]) is True
    plain = Field("x", "patients", "X", "number")
    assert number_reader(plain, Typing(decimal_comma=True))("1,234").value == 1.234
    point = number_reader(plain, Typing(decimal_comma=True))("1.234")
    assert point.trouble.rule == "comma or thousands"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("fifty", "not a number"),
        ("5-6", "not a number"),
        ("12 34", "not a number"),
        ("~12", "not a number"),
        ("12%", "percent"),
        ("12 cm", "a unit of its own"),
        ("12/03/2015", "a date in place of a number"),
        (dt.date(2020, 2, 1), "a date or time in place of a number"),
        (dt.time(1, 2), "a date or time in place of a number"),
        (True, "true or false"),
        ("1e999", "beyond all measure"),
        ("9" * 59, "beyond all measure"),
        ("x" * 100_000, "a long text"),
        ("=1+1", "not a number"),
        ("<12", "behind the sign <"),
    ],
)
def test_what_is_no_number_is_an_error_with_its_reason(cell, words):
    answer = number(cell)
    assert answer.value is None
    assert answer.trouble.severity == "error"
    assert words in answer.trouble.problem


@pytest.mark.parametrize("cell", ["12 mm", "12mm", "12 MM"])
def test_the_columns_own_unit_may_stand_behind_a_number(cell):
    assert number(cell, unit="mm").value == 12.0


@pytest.mark.parametrize(
    ("cell", "unit", "factor", "value"),
    [
        ("3.7", "GBq", 1000, 3700),
        ("1,11", "GBq", 1000, 1110),
        ("100", "mCi", 37, 3700),
        ("149.0", "mCi", 37, 5513),
        ("147.2", "mCi", 37, 5446),  # 5446.4
        ("30,5", "mCi", 37, 1129),  # 1128.5, halves go up
        (3.7, "GBq", 1000, 3700),
        ("1110.4", "MBq", 1, 1110),
    ],
)
def test_activity_is_whole_megabecquerel_by_exact_arithmetic(cell, unit, factor, value):
    answer = number(cell, "rai_courses.activity", unit, factor)
    assert answer == Answer(value)
    assert isinstance(answer.value, int)


@given(st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_activity_in_gigabecquerel_returns_the_megabecquerel_it_was_made_from(kbq: int):
    mbq = kbq % 39_000 + 1
    answer = number(f"{mbq / 1000:.3f}", "rai_courses.activity", "GBq", 1000)
    assert answer.value == mbq


@pytest.mark.parametrize(
    ("cell", "unit", "factor", "value"),
    [("4.2", "cm", 10, 42.0), ("0.29", "cm", 10, 2.9), ("1,5", "cm", 10, 15.0)],
)
def test_lengths_are_converted_without_a_trace_of_floating_point(cell, unit, factor, value):
    assert number(cell, "patients.diameter", unit, factor).value == value


@pytest.mark.parametrize(
    ("cell", "value", "sign"),
    [
        ("<0.1", 0.1, "<"),
        ("< 0,1", 0.1, "<"),
        ("≤0.1", 0.1, "<"),
        ("<=0.1", 0.1, "<"),
        (">500", 500.0, ">"),
        ("≥ 500", 500.0, ">"),
        ("5.2", 5.2, None),
        (5.2, 5.2, None),
        ("0", 0.0, None),
    ],
)
def test_thyroglobulin_beyond_the_assay_keeps_its_sign(cell, value, sign):
    assert number(cell, "labs.tg", "ng/mL") == Answer(value, sign)


def test_thyroglobulin_per_decilitre_is_a_hundredth():
    assert number("<10", "labs.tg", "ng/dL", Fraction(1, 100)) == Answer(0.1, "<")


def test_not_detected_or_not_done_is_asked_and_not_guessed():
    answer = number("ND", "labs.tg", "ng/mL")
    assert answer.value is None
    assert answer.trouble.rule == "not detected or not done"


@pytest.mark.parametrize(
    ("place", "cell", "severity"),
    [
        ("patients.age_at_diagnosis", "0", "warning"),
        ("patients.age_at_diagnosis", "110", "warning"),
        ("patients.age_at_diagnosis", "110.1", "error"),
        ("patients.age_at_diagnosis", "-1", "error"),
        ("patients.age_at_diagnosis", "99", "warning"),
        ("patients.age_at_diagnosis", "15", None),
        ("patients.age_at_diagnosis", "90", None),
        ("patients.diameter", "0", "error"),
        ("patients.diameter", "200", "warning"),
        ("patients.diameter", "200.1", "error"),
        ("rai_courses.activity", "150", "warning"),
        ("rai_courses.activity", "1000", None),
        ("rai_courses.activity", "11100", None),
        ("rai_courses.activity", "11101", "warning"),
        ("rai_courses.activity", "40000", "warning"),
        ("rai_courses.activity", "40001", "error"),
        ("labs.tg", "10000", None),
        ("labs.tg", "10001", "warning"),
        ("labs.tg", "-0.1", "error"),
    ],
)
def test_hard_limits_are_errors_and_soft_limits_warnings(place, cell, severity):
    answer = number(cell, place)
    assert (answer.trouble.severity if answer.trouble else None) == severity
    assert (answer.value is None) == (severity == "error")


def test_99_as_an_age_is_asked_whether_it_means_missing():
    assert number("99", "patients.age_at_diagnosis").trouble.rule == "code for missing"


@pytest.mark.parametrize(
    ("cell", "value"), [("12", 12), ("12.0", 12), (12.0, 12), ("12,0", 12), ("0", 0)]
)
def test_whole_numbers_may_have_an_empty_decimal(cell, value):
    answer = number(cell, "patients.nodes_removed")
    assert answer.value == value
    assert type(answer.value) is int


def test_half_a_lymph_node_is_an_error():
    assert number("12.5", "patients.nodes_removed").trouble.problem == "a number with decimals"


@pytest.mark.parametrize(
    "cell", ["", " ", None, "NA", "n/a", "N/A", ".", "NR", "unknown", "Inconnu", "?", "-", "#N/A"]
)
def test_words_for_missing_are_missing_everywhere(cell):
    assert number(cell) == Answer()
    assert date_reader(field("labs.date"), Order(0, 0))(cell) == Answer()
    assert category_reader(field("patients.sex"))(cell) == Answer()
    assert text_reader(field("labs.assay"))(cell) == Answer()
    if cell != "-":
        assert yes_no_reader(field("patients.multifocal"))(cell) == Answer()


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(), ""),
        (Limits(low=0), "at least 0 mm"),
        (Limits(low=0, low_excluded=True), "above 0 mm"),
        (Limits(high=1000), "at most 1,000 mm"),
        (Limits(1, 2), "from 1 to 2 mm"),
    ],
)
def test_limits_in_words(limits, words):
    assert in_words(limits, "mm") == words


# ---- dates

DATE = field("rai_courses.date")
NO_PROOF = Order(0, 0)
MARCH = dt.date(2015, 3, 28)


@pytest.mark.parametrize(
    "cell",
    [
        "2015-03-28",
        "2015/03/28",
        "2015-3-28",
        "28/03/2015",
        "28.03.2015",
        "28-03-2015",
        "28 / 03 / 2015",
        "03/28/2015",
        "28 mars 2015",
        "28 March 2015",
        "28-Mar-2015",
        "March 28, 2015",
        "28th March 2015",
        "2015-03-28 00:00:00",
        "2015-03-28T10:11:12",
        "28/03/2015 10:11",
        dt.date(2015, 3, 28),
        dt.datetime(2015, 3, 28, 10, 11),  # noqa: DTZ001 - as a spreadsheet gives it
    ],
)
def test_dates_are_read_as_people_type_them(cell):
    assert date_reader(DATE, NO_PROOF)(cell) == Answer(MARCH)


def test_accented_months_are_read():
    assert date_reader(DATE, NO_PROOF)("1er août 2019").value == dt.date(2019, 8, 1)
    assert date_reader(DATE, NO_PROOF)("12 févr 2019").value == dt.date(2019, 2, 12)


def test_a_date_that_may_be_both_is_read_day_first():
    assert date_reader(DATE, order_of(["03/04/2015"]))("03/04/2015").value == dt.date(2015, 4, 3)


def test_a_column_that_proves_month_first_is_read_so():
    order = order_of(["03/04/2015", "03/28/2015"])
    assert order.month
    assert date_reader(DATE, order)("03/04/2015").value == dt.date(2015, 3, 4)


def test_a_column_that_proves_both_makes_doubtful_dates_errors():
    order = order_of(["03/28/2015", "28/03/2015"])
    read = date_reader(DATE, order)
    assert read("03/28/2015").value == MARCH
    assert read("28/03/2015").value == MARCH
    assert read("05/05/2015").value == dt.date(2015, 5, 5)
    assert "holds both kinds" in read("03/04/2015").trouble.problem


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2015", "a part of a date"),
        ("03/2015", "a part of a date"),
        ("mars 2015", "a part of a date"),
        ("28/03/15", "two digits"),
        ("31/02/2015", "does not exist"),
        ("2015-13-01", "does not exist"),
        ("12/2015/03", "not a date"),
        ("1815-03-28", "a year before 1900"),
        ("2915-03-28", "after 2100"),
        ("soon", "not a date"),
        (3.5, "a number, not a date"),
        (dt.time(3, 4), "a time of day"),
        (dt.timedelta(days=3), "a time of day"),
        ("x" * 100_000, "a long text, not a date"),
    ],
)
def test_what_is_no_date_is_an_error_with_its_reason(cell, words):
    answer = date_reader(DATE, NO_PROOF)(cell)
    assert answer.value is None
    assert words in answer.trouble.problem


@pytest.mark.parametrize("cell", [42091, 42091.0, 42091.75, "42091", "42091.5"])
def test_a_serial_number_is_a_date_with_a_warning(cell):
    # Excel: 42091 shown as a date is 2015-03-28 (1900 calendar)
    answer = date_reader(DATE, NO_PROOF)(cell)
    assert answer.value == MARCH
    assert answer.trouble.severity == "warning"


def test_a_serial_number_of_the_calendar_of_1904_is_four_years_off():
    assert date_reader(DATE, NO_PROOF, epoch_1904=True)(42091 - 1462).value == MARCH


# ---- yes and no


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((word, True) for word in ("yes", "Yes ", "Y", "OUI", "o", "1", 1.0, 1, "1.0", "true")),
        *((word, True) for word in (True, "vrai", "Positif", "positive", "+", "présent")),
        *((word, False) for word in ("no", "N", "Non", "0", 0.0, "0.0", False, "FAUX", "négatif")),
        ("Multi-Focal", True),
        ("unifocal", False),
    ],
)
def test_yes_and_no_in_two_languages(cell, value):
    assert yes_no_reader(field("patients.multifocal"))(cell) == Answer(value)


@pytest.mark.parametrize(
    "cell", ["maybe", "2", "-1", "1-0", "1.5", "x" * 100_000, dt.date(2020, 1, 1)]
)
def test_what_is_neither_yes_nor_no_is_an_error(cell):
    answer = yes_no_reader(field("patients.multifocal"))(cell)
    assert answer.value is None
    assert answer.trouble.severity == "error"


def test_a_dash_for_no_or_for_missing_is_an_error():
    answer = yes_no_reader(field("patients.multifocal"))("-")
    assert "may mean no or not known" in answer.trouble.problem


# ---- categories


@pytest.mark.parametrize(
    ("place", "cell", "value"),
    [
        ("patients.sex", "F", "female"),
        ("patients.sex", "Féminin", "female"),
        ("patients.sex", "HOMME", "male"),
        ("patients.sex", "m", "male"),
        ("patients.histology", "Hürthle cell carcinoma", "OCA"),
        ("patients.histology", "Hurthel cell", "OCA"),
        ("patients.histology", "oxyphilic", "OCA"),
        ("patients.histology", "carcinome papillaire", "PTC"),
        ("patients.histology", "vésiculaire", "FTC"),
        ("patients.t_category", "pT1a(m)", "T1a"),
        ("patients.t_category", 2.0, "T2"),
        ("patients.surgery_extent", "none", "none"),
        ("patients.ata_risk", "Intermédiaire", "intermediate"),
        ("lesions.site", "Poumon", "lung"),
        ("lesion_uptake.uptake", "non fixante", "not avid"),
        ("follow_up.vital_status", "unknown", "unknown"),
        ("molecular.ras", "WT", "wild-type"),
        ("rai_courses.preparation", "sevrage", "withdrawal"),
        ("scans.kind", "post-thérapeutique", "post-therapy"),
    ],
)
def test_old_and_french_words_are_understood(place, cell, value):
    assert category_reader(field(place))(cell) == Answer(value)


def test_micropapillary_is_read_as_microcarcinoma_with_a_warning():
    answer = category_reader(field("patients.histology"))("Micropapillary")
    assert answer.value == "PTC"
    assert "not the micropapillary (hobnail) pattern" in answer.trouble.problem


def test_micropapillary_as_a_subtype_is_not_guessed():
    answer = category_reader(field("patients.histology_subtype"))("micropapillary")
    assert answer.value is None
    assert "two meanings" in answer.trouble.do


@pytest.mark.parametrize(
    ("place", "cell", "hint"),
    [
        ("patients.histology", "FVPTC", "say which follicular variant"),
        ("patients.histology", "papilary", "did you mean PTC?"),
        ("patients.sex", "1", "a number does not say which sex"),
        ("lesions.site", "node", "central node or lateral node"),
        ("patients.m_category", "MX", "AJCC 8 has no MX"),
        ("follow_up.vital_status", "dead", "say of what"),
    ],
)
def test_a_word_that_is_not_allowed_is_an_error_with_a_hint(place, cell, hint):
    answer = category_reader(field(place))(cell)
    assert answer.value is None
    assert hint in answer.trouble.do


# ---- text


@pytest.mark.parametrize(
    ("cell", "value"), [(12.0, "12"), ("012", "012"), (" P  1 ", "P 1"), ("P-1", "P-1")]
)
def test_identifiers_lose_only_what_a_spreadsheet_added(cell, value):
    assert text_reader(field("patients.patient_id"))(cell).value == value


def test_an_identifier_that_is_no_name_is_an_error():
    read = text_reader(field("patients.patient_id"))
    assert read("P" * 101).trouble.severity == "error"
    assert read("P\x001").trouble.rule == "unprintable characters"


def test_long_remarks_are_kept_with_a_warning():
    answer = text_reader(field("labs.assay"))("a" * 100_000)
    assert len(answer.value) == 100_000
    assert answer.trouble.severity == "warning"


# ---- anything at all

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=30),
    st.text(alphabet="0123456789.,'<>≤≥-+/ eE%mCiGBqcNA\u00a0\u202f", max_size=15),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(CELLS)
@settings(max_examples=60, deadline=None)
def test_no_cell_whatever_it_holds_raises(cell):
    for place in ("patients.diameter", "rai_courses.activity", "labs.tg", "patients.nodes_removed"):
        for typing in (Typing(), Typing("cm", Fraction(10)), Typing(decimal_comma=True)):
            answer = number_reader(field(place), typing)(cell)
            assert answer.value is None or isinstance(answer.value, int | float)
    for order in (Order(0, 0), Order(1, 1), Order(0, 1)):
        answer = date_reader(DATE, order)(cell)
        assert answer.value is None or type(answer.value) is dt.date
    assert yes_no_reader(field("patients.multifocal"))(cell).value in (True, False, None)
    assert category_reader(field("patients.sex"))(cell).value in ("female", "male", None)
    assert isinstance(text_reader(field("labs.assay"))(cell).value, str | None)
