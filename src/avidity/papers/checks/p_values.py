"""Whether printed p values come from the tests the paper names, and from one choice of test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from avidity.errors import AnalysisError
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.fingerprints import Fingerprints, p_words
from avidity.papers.checks.sheet import Sheet
from avidity.papers.paper import Row
from avidity.stats.forensic.count_candidates import (
    FISHER,
    LIKELIHOOD_RATIO,
    LINEAR,
    OR_FISHER,
    PEARSON,
    WALD,
    YATES,
)
from avidity.stats.forensic.fingerprint import Fingerprint
from avidity.stats.forensic.mean_candidates import POOLED, WELCH
from avidity.stats.forensic.policy import Policy
from avidity.stats.forensic.printed_p import p_range
from avidity.stats.forensic.rank_bounds import RankBounds, rank_bounds
from avidity.stats.forensic.rank_candidates import (
    EXACT,
    WITH,
    WITHOUT,
    largest_p,
)
from avidity.stats.rounded import Rounded
from avidity.wording import counted, fixed, listed

SUBJECT = "p values"

NAMED: dict[str, tuple[str, ...]] = {  # the test a paper names → the tests it can have meant
    "t": (POOLED, WELCH),
    "pooled t": (POOLED,),
    "welch t": (WELCH,),
    "mann-whitney": (WITHOUT, WITH, EXACT),
    "t or mann-whitney": (POOLED, WELCH, WITHOUT, WITH, EXACT),
    "chi-square": (PEARSON, YATES),
    "pearson": (PEARSON,),
    "yates": (YATES,),
    "fisher": (FISHER,),
    "chi-square or fisher": (PEARSON, YATES, FISHER),
    "likelihood ratio": (LIKELIHOOD_RATIO,),
    "trend": LINEAR,
    "logistic wald": (WALD,),
    "logistic likelihood ratio": (LIKELIHOOD_RATIO,),
}


def check_p_values(sheet: Sheet, found: Fingerprints) -> Checked:
    """Rows that no test explains, rows that fall out of the table's policy, tests misnamed."""
    findings = [*_unexplained(sheet, found), *_beyond_quantiles(sheet)]
    for policy in found.policies:
        findings += _outsiders(sheet, found, policy)
    told = {finding.path for finding in findings}
    findings += [one for one in _misnamed(sheet, found) if one.path not in told]
    return Checked(SUBJECT, len(found.rows), tuple(findings), found.unanswered)


def _unexplained(sheet: Sheet, found: Fingerprints) -> Iterator[Finding]:
    for one in found.rows:
        if one.reproduced_by:
            continue
        told = tuple(f"{match.test}: {p_words(match.low, match.high)}" for match in one.matches)
        if one.kind == "numbers" and named_test(sheet, one) not in ("t", "pooled t", "welch t"):
            yield sheet.finding(
                "remark",
                SUBJECT,
                f"row.{one.row}.p",
                f"{sheet.label(one.row)}: p {one.printed.text} is not that of a t test.",
                told,
                ("a rank test, which means and SDs do not determine", "missing values"),
            )
            continue
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"row.{one.row}.p",
            f"{sheet.label(one.row)}: no test gives the printed p {one.printed.text}.",
            told,
            (
                *_same_in_model(sheet, one),
                "a misprint",
                "values are missing, or a test or a correction that is not tried here",
            ),
        )


def _beyond_quantiles(sheet: Sheet) -> Iterator[Finding]:
    """A p larger than a rank test can give with the printed quantiles."""
    for row in sheet.paper.rows:
        sizes = [sheet.patients(row, group) for group in sheet.groups]
        if row.p is None or not row.median or len(sizes) != 2 or not sizes[0] or not sizes[1]:
            continue
        try:
            first, second = (_quantiles(row, group) for group in sheet.groups)
            bounds = rank_bounds(first, sizes[0], second, sizes[1])
        except AnalysisError:
            continue  # quantiles that fall are told among the means
        most = largest_p(bounds)
        if p_range(row.p)[0] > most:
            yield sheet.finding(
                "inconsistent",
                SUBJECT,
                f"row.{row.variable}.p",
                f"{sheet.label(row.variable)}: with the printed quantiles a rank test's p is at"
                f" most {fixed(most, 4)}, printed {row.p.text}.",
                (f"the first group wins {_span(bounds)} of {sizes[0] * sizes[1]} pairs",),
                ("the p is of another test", "missing values", "a misprint"),
            )


def _span(bounds: RankBounds) -> str:
    return f"{fixed(bounds.low, 0)} to {fixed(bounds.high, 0)}"


def _quantiles(row: Row, group: str) -> dict[float, Rounded]:
    shares = {0.0: row.minimum, 0.25: row.q1, 0.5: row.median, 0.75: row.q3, 1.0: row.maximum}
    return {
        share: by_group[group]
        for share, by_group in shares.items()
        if group in by_group and not by_group[group].bound
    }


def _outsiders(sheet: Sheet, found: Fingerprints, policy: Policy) -> Iterator[Finding]:
    """Rows whose p comes from another test than most rows of their kind."""
    if policy.one or len(policy.best_rows) < 2:
        return
    for one in found.rows:
        if one.kind != policy.kind or one.row in policy.best_rows or not one.reproduced_by:
            continue
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"row.{one.row}.p",
            f"{sheet.label(one.row)}: p {one.printed.text} is not from the test of"
            f" {counted(len(policy.best_rows), 'other row')} ({policy.best}).",
            tuple(f"{match.test}: {p_words(match.low, match.high)}" for match in one.matches),
            (
                f"it is the p of: {'; '.join(one.reproduced_by)}",
                *_same_in_model(sheet, one),
                *_not_named(sheet, one),
            ),
        )


def _same_in_model(sheet: Sheet, one: Fingerprint) -> tuple[str, ...]:
    for model in sheet.paper.models:
        for term in model.term:
            same = term.variable == one.row and term.p and term.p.text == one.printed.text
            if same and model.kind == "multivariable":
                where = model.where or model.name
                words = f"it is also the p printed in {where} for the same variable"
                return (f"{words} and may be copied from there",)
    return ()


def _misnamed(sheet: Sheet, found: Fingerprints) -> Iterator[Finding]:
    """Rows that the test the paper names does not reproduce, but another does."""
    rest: dict[str, list[Fingerprint]] = {}
    for one in found.rows:
        named = named_test(sheet, one)
        meant = NAMED.get(named, ())
        known = {match.test for match in one.matches}
        if not one.reproduced_by or not set(meant) & known:
            continue
        if _tied(one, meant):
            continue
        if not set(meant) & set(one.reproduced_by):
            yield sheet.finding(
                "inconsistent",
                SUBJECT,
                f"row.{one.row}.p",
                f"{sheet.label(one.row)}: the paper names ‘{named}’, which does not give"
                f" {one.printed.text}.",
                _values(one, meant) + _values(one, one.reproduced_by),
                (f"it is the p of: {'; '.join(one.reproduced_by)}",),
            )
        elif named == "chi-square or fisher":
            rest.setdefault(named, []).append(one)
    for named, rows in rest.items():
        yield from _always_fisher(sheet, named, rows)


def _not_named(sheet: Sheet, one: Fingerprint) -> tuple[str, ...]:
    """That the test the paper names does not give it either."""
    named = named_test(sheet, one)
    if not NAMED.get(named) or set(NAMED[named]) & set(one.reproduced_by):
        return ()
    return (f"the paper names ‘{named}’, which does not give it",)


def _tied(one: Fingerprint, meant: tuple[str, ...]) -> bool:
    """Whether a rank test that was meant may give the print if values are tied.

    Ties only make its p smaller, by as much as the printed area does not tell.
    """
    low = p_range(one.printed)[0]
    ranks = {WITHOUT, WITH, EXACT} & set(meant)
    return any(match.test in ranks and match.high >= low for match in one.matches)


def named_test(sheet: Sheet, one: Fingerprint) -> str:
    """The test the paper names for a row, at the row or in its Methods; "" if none."""
    row, methods = sheet.paper.row(one.row), sheet.paper.methods
    general = methods.counts if one.kind.endswith("counts") else methods.numbers
    return (row.test if row else "") or general


def _always_fisher(sheet: Sheet, named: str, rows: list[Fingerprint]) -> Iterator[Finding]:
    """Chi-square is named first and never used, though no expected count is small."""
    if not all(FISHER in one.reproduced_by for one in rows):
        return
    ample = [
        one
        for one in rows
        if PEARSON + OR_FISHER not in one.reproduced_by
        and YATES + OR_FISHER not in one.reproduced_by
    ]
    only = [one for one in rows if PEARSON not in one.reproduced_by]
    if not ample:
        return
    found = sheet.finding(
        "unusual",
        SUBJECT,
        f"row.{ample[0].row}.p",
        f"The paper names ‘{named}’; every p of counts that either gives is Fisher's, also where no"
        f" expected count is below 5 ({listed([sheet.label(one.row) for one in ample])}).",
        tuple(
            f"{sheet.label(one.row)}: printed {one.printed.text};"
            f" {'; '.join(_values(one, (FISHER, PEARSON, YATES)))}"
            for one in only
        ),
        ("the exact test was asked for everywhere",),
    )
    others = tuple(f"row.{one.row}.p" for one in only if one is not ample[0])
    yield replace(found, also=others)


def _values(one: Fingerprint, tests: tuple[str, ...]) -> tuple[str, ...]:
    values = {match.test: match for match in one.matches}
    return tuple(
        f"{test} {p_words(values[test].low, values[test].high)}" for test in tests if test in values
    )
