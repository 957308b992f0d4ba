"""What each patient is described by: recorded fields, fields worked out, and the study's own.

Recorded fields come from the checked patients table. Worked-out fields fill a gap in it from the
records (age from two dates, cumulative activity from the courses). The study's own are the
``[[variable]]`` of study.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Literal

import polars as pl

from avidity.dictionary.fields import dictionary
from avidity.errors import StudyFileError
from avidity.said import say
from avidity.steps.check import Cohort
from avidity.steps.flow import holds, in_words, is_one_of
from avidity.study import Study, Variable

Kind = Literal["number", "yes/no", "category"]
APPLIES = "{}:applies"  # beside a variable with `among`: whether it has a value to ask for


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One thing a patient is described by.

    levels      the values of a category, in the dictionary's order
    reference   the level others are compared with in a model: the dictionary's first that occurs,
                or the most frequent one of a column the dictionary does not know
    facts       the fields it was made from, as ``table.field``, itself included
    how         one sentence for a footnote when it is not simply recorded
    among       whom it is asked of, in words; empty for everybody
    cut         (field, sign, limit) when it is a number cut in two
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    levels: tuple[str, ...] = ()
    reference: str = ""
    measured: str = "before"
    facts: tuple[str, ...] = ()
    how: str = ""
    among: str = ""
    censored: bool = False
    cut: tuple[str, str, float] | None = None
    fixed_beforehand: bool = False


def complete_patients(cohort: Cohort) -> tuple[pl.DataFrame, dict[str, str]]:
    """The patients table with gaps filled from the records, and how each new field was found."""
    patients, how = cohort.tables["patients"], {}
    has = set(patients.columns)
    if "age_at_diagnosis" not in has and {"birth_date", "diagnosis_date"} <= has:
        how["age_at_diagnosis"] = "completed years between birth_date and diagnosis_date"
        patients = patients.with_columns(_completed_years().alias("age_at_diagnosis"))
    if "rai_courses" in cohort.tables and "patient_id" in has:
        courses = cohort.tables["rai_courses"]
        if "cumulative_activity" not in has and "activity" in courses.columns:
            how["cumulative_activity"] = (
                "sum over rai_courses where every course's activity is recorded and"
                " number_of_courses, where given, agrees"
            )
            patients = _with_cumulative_activity(patients, courses)
        if "received_rai" not in has:
            how["received_rai"] = "a row in rai_courses, or number_of_courses"
            patients = _with_received_rai(patients, courses)
    return patients, how


def _completed_years() -> pl.Expr:
    birth, then = pl.col("birth_date"), pl.col("diagnosis_date")
    before_birthday = (then.dt.month() < birth.dt.month()) | (
        (then.dt.month() == birth.dt.month()) & (then.dt.day() < birth.dt.day())
    )
    years = then.dt.year() - birth.dt.year() - before_birthday.cast(pl.Int32)
    return years.cast(pl.Float64)


def _with_cumulative_activity(patients: pl.DataFrame, courses: pl.DataFrame) -> pl.DataFrame:
    """Null wherever a course or its activity may be missing: a sum of what is left is no sum."""
    per_patient = courses.group_by("patient_id").agg(
        pl.col("activity").sum().alias("_sum"),
        pl.col("activity").null_count().alias("_unknown"),
        pl.len().cast(pl.Int64).alias("_rows"),
    )
    joined = patients.join(per_patient, on="patient_id", how="left", maintain_order="left")
    whole = (pl.col("_unknown") == 0) & pl.col("_rows").is_not_null()
    if "number_of_courses" in patients.columns:
        whole = whole & (pl.col("_rows") == pl.col("number_of_courses"))
    total = pl.when(whole).then(pl.col("_sum").cast(pl.Int64))
    return joined.with_columns(total.alias("cumulative_activity")).drop("_sum", "_unknown", "_rows")


def _with_received_rai(patients: pl.DataFrame, courses: pl.DataFrame) -> pl.DataFrame:
    """A row is a yes; a declared total of 0 is a no; silence is neither."""
    treated = pl.col("patient_id").is_in(courses["patient_id"].unique().to_list())
    silent = (
        pl.col("number_of_courses") > 0
        if "number_of_courses" in patients.columns
        else pl.lit(None, pl.Boolean)
    )
    answer = pl.when(treated).then(pl.lit(value=True)).otherwise(silent)
    return patients.with_columns(answer.alias("received_rai"))


def add_variables(patients: pl.DataFrame, study: Study) -> pl.DataFrame:
    """The patients table with the study's own yes/no variables."""
    for variable in study.variables:
        where = say("study.toml, variable '{name}'", name=variable.name)
        if variable.name in patients.columns:
            raise StudyFileError(
                say("{where}: a field of that name exists already; choose another", where=where)
            )
        said = _made(variable, patients.schema, where)
        if variable.among is None:
            patients = patients.with_columns(said.alias(variable.name))
            continue
        asked = holds(variable.among, patients.schema, where)
        patients = patients.with_columns(
            pl.when(asked).then(said).alias(variable.name),
            asked.alias(APPLIES.format(variable.name)),
        )
    return patients


def _made(variable: Variable, columns: Mapping[str, pl.DataType], where: str) -> pl.Expr:
    for name in variable.any_of or (variable.from_,):
        if name not in columns:
            raise StudyFileError(
                say("{where}: there is no field '{name}' in patients", where=where, name=name)
            )
    if variable.any_of:
        if wrong := [name for name in variable.any_of if columns[name] != pl.Boolean]:
            raise StudyFileError(
                say(
                    "{where}: any_of needs yes/no fields; not: {names}",
                    where=where,
                    names=", ".join(wrong),
                )
            )
        return reduce(or_, [pl.col(name) for name in variable.any_of])  # polars' or is Kleene's
    source, kind = pl.col(variable.from_), columns[variable.from_]
    if variable.one_of:
        return is_one_of(source, kind, variable.one_of, where)
    if not kind.is_numeric():
        raise StudyFileError(
            say(
                "{where}: a limit needs a number; '{from_}' holds {kind}",
                where=where,
                from_=variable.from_,
                kind=kind,
            )
        )
    return source >= variable.at_least if variable.at_least is not None else source > variable.above


def characteristics(
    cohort: Cohort, patients: pl.DataFrame, study: Study, how: Mapping[str, str]
) -> dict[str, Characteristic]:
    """Everything in the patients table that can stand in a table of results, by name."""
    known: dict[str, Characteristic] = {}
    fields = cohort.fields["patients"]
    for name in patients.columns:
        if name in fields and fields[name].type in ("number", "integer", "yes/no", "category"):
            known[name] = _recorded(name, cohort, patients)
        elif name in how:
            known[name] = _worked_out(name, how[name])
    for variable in study.variables:
        known[variable.name] = _own(variable, known)
    return known


def _recorded(name: str, cohort: Cohort, patients: pl.DataFrame) -> Characteristic:
    field = cohort.fields["patients"][name]
    kind: Kind = "number" if field.type in ("number", "integer") else field.type  # type: ignore[assignment]
    levels: tuple[str, ...] = ()
    reference = ""
    if kind == "category":
        seen = set(patients[name].drop_nulls().unique().to_list())
        listed = tuple(level for level in field.values if level in seen)
        levels = listed + tuple(sorted(seen - set(listed)))
        counts = patients[name].drop_nulls().to_list()
        known = bool(listed) and field.origin != "inferred"
        reference = levels[0] if known or not levels else max(levels, key=counts.count)
    return Characteristic(
        name=name,
        label=field.label or name,
        kind=kind,
        unit=field.unit or "",
        levels=levels,
        reference=reference,
        measured=field.measured,
        facts=(f"patients.{name}", *field.same_fact_as),
        censored=f"{name}_censored" in patients.columns,
    )


WORKED_OUT: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "age_at_diagnosis": ("number", ("patients.birth_date",)),
    "cumulative_activity": ("number", ("patients.cumulative_activity", "rai_courses.activity")),
    "received_rai": ("yes/no", ("rai_courses.course",)),
}


def _worked_out(name: str, how: str) -> Characteristic:
    kind, facts = WORKED_OUT[name]
    field = dictionary().tables["patients"].fields[name]  # it means what the recorded one means
    return Characteristic(
        name, field.label, kind, field.unit, measured=field.measured, facts=facts, how=how
    )


def _own(variable: Variable, known: Mapping[str, Characteristic]) -> Characteristic:
    sources = variable.any_of or (variable.from_,)
    facts = tuple(
        dict.fromkeys(
            fact
            for name in sources
            for fact in (known[name].facts if name in known else (f"patients.{name}",))
        )
    )
    cut = None
    if variable.at_least is not None:
        cut = (variable.from_, "≥", variable.at_least)
    elif variable.above is not None:
        cut = (variable.from_, ">", variable.above)
    late = any(name in known and known[name].measured == "after" for name in sources)
    return Characteristic(
        name=variable.name,
        label=variable.label or _label_of(variable, known),
        kind="yes/no",
        measured="after" if late else "before",
        facts=facts,
        how=_how(variable),
        among=in_words(variable.among) if variable.among else "",
        cut=cut,
        fixed_beforehand=variable.fixed_beforehand,
    )


def _label_of(variable: Variable, known: Mapping[str, Characteristic]) -> str:
    if variable.at_least is None and variable.above is None:
        return variable.name.replace("_", " ").capitalize()
    source = known.get(variable.from_)
    sign, limit = (
        ("≥", variable.at_least) if variable.at_least is not None else (">", variable.above)
    )
    name, unit = (source.label, source.unit) if source else (variable.from_, "")
    return f"{name} {sign} {limit:g} {unit}".strip()


def _how(variable: Variable) -> str:
    if variable.any_of:
        return f"yes if any of {', '.join(variable.any_of)} is yes; no only if all are no"
    if variable.one_of:
        return f"yes if {variable.from_} is {' or '.join(map(str, variable.one_of))}"
    chosen = ", a limit fixed beforehand" if variable.fixed_beforehand else ""
    if variable.at_least is not None:
        return f"yes if {variable.from_} ≥ {variable.at_least:g}{chosen}"
    return f"yes if {variable.from_} > {variable.above:g}{chosen}"
