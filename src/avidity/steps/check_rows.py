"""Rules within one row: fields of the same row that cannot, or hardly can, stand together.

Each rule is a line of data: which columns it needs, what is wrong, and the sentence.
A rule speaks only where every field it reads is recorded; missing is never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from avidity.steps.check_answer import Trouble
from avidity.steps.finding import Severity

ROW = "_row"


@dataclass(frozen=True, slots=True)
class Hit:
    """Rows of one table that a rule speaks of, and the column to point at ("" for the row)."""

    table: str
    column: str
    rows: tuple[int, ...]
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class RowRule:
    """One rule: its table, the columns it reads (it points at the first), and when it is bad."""

    name: str
    severity: Severity
    table: str
    columns: tuple[str, ...]
    bad: pl.Expr
    problem: str
    must: str
    do: str = "correct whichever of the two is wrong"

    def trouble(self) -> Trouble:
        """The rule's sentence."""
        return Trouble(self.name, self.severity, self.problem, self.must, self.do)


def within_rows(tables: Mapping[str, pl.DataFrame]) -> Iterator[Hit]:
    """Every rule on every row."""
    for name, frame in tables.items():
        there = set(frame.columns)
        asked = [r for r in RULES if r.table == name and set(r.columns) <= there]
        for index, rows in rows_where(frame, [rule.bad for rule in asked]):
            yield Hit(name, asked[index].columns[0], rows, asked[index].trouble())


def rows_where(
    frame: pl.DataFrame, conditions: list[pl.Expr]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """For each condition that holds anywhere: its index, and the source rows it holds in.

    All conditions are asked in one pass, as most of them hold nowhere.
    """
    if not conditions:
        return
    names = [f"_{index}" for index in range(len(conditions))]
    bad = frame.select(
        ROW, *(c.fill_null(value=False).alias(n) for c, n in zip(conditions, names, strict=True))
    )
    for index, name in enumerate(names):
        if bad[name].any():
            yield index, tuple(bad[ROW].filter(bad[name]).sort().to_list())


def _col(name: str) -> pl.Expr:
    return pl.col(name)


def _years_between(first: str, then: str) -> pl.Expr:
    return (pl.col(then) - pl.col(first)).dt.total_days() / 365.25


_AGE_BY_DATES = _years_between("birth_date", "diagnosis_date")
_NOT_TYPED_LIKE_PTC = ("FTC", "OCA", "MTC", "ATC", "NIFTP")

RULES: tuple[RowRule, ...] = (
    RowRule(
        "born before diagnosis",
        "error",
        "patients",
        ("birth_date", "diagnosis_date"),
        _col("birth_date") >= _col("diagnosis_date"),
        "a date of birth on or after the date of diagnosis",
        "the date of birth must be before the date of diagnosis",
    ),
    RowRule(
        "age fits the dates",
        "warning",
        "patients",
        ("age_at_diagnosis", "birth_date", "diagnosis_date"),
        (_col("age_at_diagnosis") - _AGE_BY_DATES).abs() > 1.5,
        "an age more than a year away from the age the two dates give",
        "age at diagnosis must fit the dates of birth and of diagnosis",
    ),
    RowRule(
        "diagnosis before surgery",
        "error",
        "patients",
        ("diagnosis_date", "surgery_date"),
        (_col("diagnosis_date") - _col("surgery_date")).dt.total_days() > 90,
        "a diagnosis more than 90 days after the operation",
        "the date of diagnosis must not be long after the date of thyroidectomy",
    ),
    RowRule(
        "diagnosis soon after surgery",
        "warning",
        "patients",
        ("diagnosis_date", "surgery_date"),
        (_col("diagnosis_date") - _col("surgery_date")).dt.total_days().is_between(1, 90),
        "a diagnosis in the 90 days after the operation",
        "the date of diagnosis should not be after the date of thyroidectomy",
        "nothing, where the pathologist's report dates the diagnosis; else correct one of the two",
    ),
    RowRule(
        "operated on a date",
        "warning",
        "patients",
        ("surgery_date", "surgery_extent"),
        _col("surgery_date").is_not_null() & (_col("surgery_extent") == "none"),
        "a date of thyroidectomy where the extent says none",
        "only patients who were operated on may have a date of thyroidectomy",
    ),
    RowRule(
        "positive nodes among those removed",
        "error",
        "patients",
        ("nodes_positive", "nodes_removed"),
        _col("nodes_positive") > _col("nodes_removed"),
        "more positive lymph nodes than were removed",
        "positive lymph nodes must be at most as many as lymph nodes removed",
    ),
    RowRule(
        "nodes and nodal metastasis",
        "warning",
        "patients",
        ("nodal_metastasis", "nodes_positive"),
        _col("nodal_metastasis").not_() & (_col("nodes_positive") > 0),
        "no lymph node metastasis where positive nodes are counted",
        "lymph node metastasis must agree with the number of positive nodes",
    ),
    RowRule(
        "N category and nodal metastasis",
        "warning",
        "patients",
        ("n_category", "nodal_metastasis"),
        (_col("n_category").str.starts_with("N1") & _col("nodal_metastasis").not_())
        | (_col("n_category").str.starts_with("N0") & _col("nodal_metastasis")),
        "an N category that contradicts lymph node metastasis",
        "the N category must agree with lymph node metastasis",
    ),
    RowRule(
        "M category and distant metastasis",
        "warning",
        "patients",
        ("m_category", "distant_metastasis"),
        ((_col("m_category") == "M1") & _col("distant_metastasis").not_())
        | ((_col("m_category") == "M0") & _col("distant_metastasis")),
        "an M category that contradicts distant metastasis",
        "the M category must agree with distant metastasis",
    ),
    RowRule(
        "T category and diameter",
        "warning",
        "patients",
        ("t_category", "diameter"),
        ((_col("t_category") == "T1a") & (_col("diameter") > 10))
        | ((_col("t_category") == "T1b") & ~_col("diameter").is_between(10, 20, closed="right"))
        | ((_col("t_category") == "T1") & (_col("diameter") > 20))
        | ((_col("t_category") == "T2") & ~_col("diameter").is_between(20, 40, closed="right"))
        | ((_col("t_category") == "T3a") & (_col("diameter") <= 40)),
        "a T category that contradicts the diameter",
        "the T category (AJCC 8) must agree with the largest diameter",
        "correct the T category, or the diameter and its unit",
    ),
    RowRule(
        "subtype of a papillary carcinoma",
        "warning",
        "patients",
        ("histology_subtype", "histology"),
        _col("histology_subtype").is_not_null() & _col("histology").is_in(_NOT_TYPED_LIKE_PTC),
        "a subtype of papillary carcinoma where the histology is another",
        "only a papillary carcinoma may have one of these subtypes",
    ),
    RowRule(
        "activity without radioiodine",
        "error",
        "patients",
        ("cumulative_activity", "received_rai"),
        (_col("cumulative_activity") > 0) & _col("received_rai").not_(),
        "a cumulative activity where no radioiodine was given",
        "only patients who received radioiodine may have a cumulative activity",
    ),
    RowRule(
        "courses and radioiodine",
        "error",
        "patients",
        ("number_of_courses", "received_rai"),
        (_col("number_of_courses") > 0) != _col("received_rai"),
        "a number of courses that contradicts whether radioiodine was given",
        "the number of courses must be 0 without radioiodine, and at least 1 with it",
    ),
    RowRule(
        "scan after a course",
        "warning",
        "scans",
        ("course", "kind"),
        _col("course").is_null() & (_col("kind") == "post-therapy"),
        "a post-therapy scan without the number of its course",
        "a post-therapy scan must name the course it was made after",
        "write the course number",
    ),
    RowRule(
        "smallest diameter so far",
        "warning",
        "structural_assessments",
        ("nadir_diameter", "baseline_diameter"),
        _col("nadir_diameter") > _col("baseline_diameter"),
        "a smallest diameter above the one at baseline",
        "the smallest diameter since baseline must be at most the diameter at baseline",
    ),
    RowRule(
        "sign without a number",
        "error",
        "labs",
        ("tg_censored", "tg"),
        _col("tg_censored").is_not_null() & _col("tg").is_null(),
        "a sign without a thyroglobulin value",
        "a sign must stand with the assay's limit",
        "write the limit, or take the sign off",
    ),
    RowRule(
        "TSH when stimulated",
        "warning",
        "labs",
        ("tsh", "tsh_condition"),
        ((_col("tsh_condition") == "stimulated") & (_col("tsh") < 5))
        | ((_col("tsh_condition") == "suppressed") & (_col("tsh") > 30)),
        "a TSH that contradicts its condition",
        "TSH must be high when stimulated, and low when suppressed",
    ),
    RowRule(
        "remission and its date",
        "error",
        "follow_up",
        ("remission_date", "remission"),
        _col("remission_date").is_not_null() & _col("remission").not_(),
        "a date of remission where remission is no",
        "only patients who reached remission may have a date of remission",
    ),
    RowRule(
        "date of remission without remission",
        "warning",
        "follow_up",
        ("remission_date", "remission"),
        _col("remission_date").is_not_null() & _col("remission").is_null(),
        "a date of remission where remission is not recorded",
        "remission must be recorded as yes beside its date",
        "write yes under remission, or remove the date",
    ),
    RowRule(
        "remission without a date",
        "warning",
        "follow_up",
        ("remission", "remission_date"),
        _col("remission") & _col("remission_date").is_null(),
        "remission without its date",
        "remission must have a date: the definitions ask what came after it",
        "write the day remission was first stated",
    ),
)
