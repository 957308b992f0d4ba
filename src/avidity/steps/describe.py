"""What the groups look like: every variable by outcome, with its test (the paper's Table 1).

The same table compares the included with the excluded (selection bias), so the two groups have
general names here: the first group is the one a difference is counted from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from avidity.errors import StudyFileError
from avidity.said import say
from avidity.stats.effect import smd_binary, smd_levels, smd_numbers
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.multiplicity import holm
from avidity.stats.summary import QuantileType, Summary, summarise
from avidity.steps.compare import Compared, compare_counts, compare_numbers
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.variables import APPLIES, Characteristic
from avidity.study import Policy, Study

QUANTILES: dict[Policy, QuantileType] = {"paper": 7, "spss": 6, "modern": 7}


@dataclass(frozen=True, slots=True)
class Shares:
    """A yes/no variable in one group; percentages are of the patients with a value."""

    n: int
    missing: int
    count: int
    other: int
    share: float


@dataclass(frozen=True, slots=True)
class Levels:
    """A category in one group; percentages are of the patients with a value."""

    n: int
    missing: int
    counts: Mapping[str, int]


Part = Summary | Shares | Levels


@dataclass(frozen=True, slots=True)
class Row:
    """One variable: each group, everybody, the difference and its test.

    first, second, overall  `Summary` for numbers, `Shares` for yes/no, `Levels` for categories
    test        the test with its exact variant in words; None when nothing can be tested
    no_test     why there is none
    effect      the difference or odds ratio whose interval follows the test's own principle
    smd         standardised difference, first minus second
    p_adjusted  after Holm over the whole table, where the policy says so
    not_asked   patients the variable does not apply to (``among``), both groups together
    """

    variable: Characteristic
    first: Part
    second: Part
    overall: Part
    test: TestResult | None
    no_test: str
    effect: Estimate | None
    smd: Estimate | None
    p_adjusted: float | None
    not_asked: int
    chosen: str

    @property
    def yes(self) -> Part:
        """The first group under the name it has in Table 1."""
        return self.first

    @property
    def no(self) -> Part:
        """The second group under the name it has in Table 1."""
        return self.second

    @property
    def p_value(self) -> float | None:
        """The test's p, unadjusted."""
        return self.test.p_value if self.test else None


@dataclass(frozen=True, slots=True)
class Table1:
    """Every variable by group, the policy by which tests were chosen, and nothing rounded."""

    policy: Policy
    policy_words: str
    first: str
    second: str
    n_first: int
    n_second: int
    quantile_type: int
    adjusted: str
    rows: Mapping[str, Row]


POLICY_WORDS = {
    "paper": "numbers: t test with pooled variance; categories: Fisher's exact test, two-sided by"
    " minimum likelihood; no adjustment for multiple tests (the starting paper's own practice)",
    "spss": "numbers: Shapiro–Wilk in both groups, then t test with pooled variance when both"
    " p ≥ 0.05, otherwise Mann–Whitney with tie correction and without continuity correction;"
    " categories: Pearson χ² without continuity correction when every expected count is at least"
    " 5, otherwise Fisher's exact test; quartiles of type 6",
    "modern": "numbers: Welch's t test; counts and censored values: exact Mann–Whitney;"
    " yes/no: Fisher's mid-p with its own interval; categories: exact Fisher test;"
    " p values adjusted by Holm over the table and shown beside the unadjusted",
}


def describe(labelled: Labelled) -> Table1:
    """Table 1: the included patients by outcome.

    raises  StudyFileError when study.toml names a variable or a test nobody knows
    """
    study = labelled.study
    split = labelled.patients[OUTCOME]
    groups = labelled.patients.filter(split), labelled.patients.filter(~split)
    names = study.outcome.yes_label, study.outcome.no_label
    return _table(groups, names, chosen_variables(labelled), study)


def compare_included(labelled: Labelled) -> Table1 | None:
    """The included against everybody who left, or None when nobody left."""
    everyone = labelled.everyone
    kept = set(labelled.patients["_row"].to_list())
    inside = pl.Series([row in kept for row in everyone["_row"].to_list()], dtype=pl.Boolean)
    if inside.all():
        return None
    groups = everyone.filter(inside), everyone.filter(~inside)
    rows = [
        variable
        for variable in chosen_variables(labelled)
        if all(group[variable.name].count() for group in groups)
    ]
    return _table(groups, ("Included", "Excluded"), rows, labelled.study)


def chosen_variables(labelled: Labelled) -> list[Characteristic]:
    """Those named in study.toml, or everything the patients table holds that can be described."""
    known, study = labelled.characteristics, labelled.study
    names = study.table1.variables or tuple(
        name for name in known if not _is_rule_or_outcome(name, labelled)
    )
    if unknown := [name for name in names if name not in known]:
        raise StudyFileError(
            say(
                "study.toml, table1.variables: unknown {names}; there are: {names2}",
                names=", ".join(unknown),
                names2=", ".join(known),
            )
        )
    if unknown := [name for name in study.table1.tests if name not in names]:
        raise StudyFileError(
            say("study.toml, table1.tests: not in the table: {names}", names=", ".join(unknown))
        )
    return [known[name] for name in names]


def _is_rule_or_outcome(name: str, labelled: Labelled) -> bool:
    study = labelled.study
    asked = {rule.field for rule in study.eligibility}
    return name == study.outcome.column or name in asked or name.startswith("number_of_")


def _table(
    groups: tuple[pl.DataFrame, pl.DataFrame],
    names: tuple[str, str],
    variables: Sequence[Characteristic],
    study: Study,
) -> Table1:
    policy = study.table1.policy
    rows = {
        variable.name: _row(variable, groups, study, QUANTILES[policy]) for variable in variables
    }
    adjusted = ""
    if policy == "modern":
        adjusted = "Holm, over every test of this table"
        rows = _adjusted(rows)
    return Table1(
        policy,
        POLICY_WORDS[policy],
        *names,
        groups[0].height,
        groups[1].height,
        QUANTILES[policy],
        adjusted,
        rows,
    )


def _adjusted(rows: dict[str, Row]) -> dict[str, Row]:
    tested = [name for name, row in rows.items() if row.test]
    values = holm(np.array([rows[name].p_value for name in tested], dtype=float))
    after = dict(zip(tested, values.tolist(), strict=True))
    return {name: replace(row, p_adjusted=after.get(name)) for name, row in rows.items()}


def _row(
    variable: Characteristic,
    groups: tuple[pl.DataFrame, pl.DataFrame],
    study: Study,
    quantile_type: QuantileType,
) -> Row:
    asked = [_asked(group, variable) for group in groups]
    not_asked = sum(group.height - who.height for group, who in zip(groups, asked, strict=True))
    columns = [who[variable.name] for who in asked]
    wish = study.table1.tests.get(variable.name, "")
    policy, level = study.table1.policy, study.about.confidence
    if variable.kind == "number":
        values = [column.drop_nulls().to_numpy().astype(float) for column in columns]
        everybody = [*columns, pl.concat(columns)]
        parts: list[Part] = [_numbers(column, quantile_type) for column in everybody]
        compared = compare_numbers(values[0], values[1], variable, policy, wish, level)
        smd = smd_numbers(*values, level=level) if _spread(values) else None
    else:
        levels = ("yes", "no") if variable.kind == "yes/no" else variable.levels
        said = [_as_words(column, variable) for column in columns]
        counts = np.array([[known.count(value) for value in levels] for known in said])
        said.append([*said[0], *said[1]])
        everybody = [*columns, pl.concat(columns)]
        parts = [
            _shares_or_levels(variable, known, column)
            for known, column in zip(said, everybody, strict=True)
        ]
        compared = compare_counts(counts, variable, policy, wish, level)
        smd = _smd(counts, level) if _both_have(counts) else None
    return _assembled(variable, parts, compared, smd, not_asked)


def _assembled(
    variable: Characteristic,
    parts: list[Part],
    compared: Compared,
    smd: Estimate | None,
    not_asked: int,
) -> Row:
    return Row(
        variable,
        parts[0],
        parts[1],
        parts[2],
        compared.test,
        compared.why_none,
        compared.effect,
        smd,
        None,
        not_asked,
        compared.chosen,
    )


def _asked(group: pl.DataFrame, variable: Characteristic) -> pl.DataFrame:
    """Those the variable applies to; who cannot be told apart stays, and counts as missing."""
    marker = APPLIES.format(variable.name)
    return group.filter(pl.col(marker).fill_null(value=True)) if variable.among else group


def _numbers(column: pl.Series, quantile_type: QuantileType) -> Summary:
    values = column.drop_nulls().to_numpy().astype(float)
    return summarise(values, missing=column.null_count(), quantile_type=quantile_type)


def _as_words(column: pl.Series, variable: Characteristic) -> list[str]:
    known = column.drop_nulls().to_list()
    if variable.kind == "yes/no":
        return ["yes" if value else "no" for value in known]
    return [str(value) for value in known]


def _shares_or_levels(
    variable: Characteristic, known: list[str], column: pl.Series
) -> Shares | Levels:
    n = len(known)
    if variable.kind == "yes/no":
        count = known.count("yes")
        share = count / n if n else float("nan")
        return Shares(n, column.null_count(), count, n - count, share)
    counts = {value: known.count(value) for value in variable.levels}
    return Levels(n, column.null_count(), counts)


def _spread(values: list[np.ndarray]) -> bool:
    return all(len(group) > 1 for group in values) and any(np.ptp(group) > 0 for group in values)


def _smd(counts: np.ndarray, level: float) -> Estimate:
    (a, b), (n, m) = counts, counts.sum(axis=1)
    if len(a) == 2:
        return smd_binary(int(a[0]), int(n), int(b[0]), int(m), level)
    return smd_levels(a, b, level)


def _both_have(counts: np.ndarray) -> bool:
    return bool((counts.sum(axis=1) > 0).all())
