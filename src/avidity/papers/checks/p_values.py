"""Whether printed p values come from the tests the paper names, and from one choice of test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from avidity.errors import AnalysisError
from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.fingerprints import Fingerprints
from avidity.papers.checks.sheet import Sheet
from avidity.papers.checks.words import fixed, listed, p_words, span
from avidity.papers.paper import Row
from avidity.said import joined, say, term
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
        told = tuple(
            say("{test}: {p}", test=term(match.test), p=p_words(match.low, match.high))
            for match in one.matches
        )
        if one.kind == "numbers" and named_test(sheet, one) not in ("t", "pooled t", "welch t"):
            yield sheet.finding(
                "remark",
                SUBJECT,
                f"row.{one.row}.p",
                say(
                    "{label}: p {printed} is not that of a t test.",
                    label=sheet.label(one.row),
                    printed=term(one.printed.text),
                ),
                told,
                ("a rank test, which means and SDs do not determine", "missing values"),
            )
            continue
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"row.{one.row}.p",
            say(
                "{label}: no test gives the printed p {printed}.",
                label=sheet.label(one.row),
                printed=term(one.printed.text),
            ),
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
                say(
                    "{label}: with the printed quantiles a rank test's p is at most {value},"
                    " printed {p}.",
                    label=sheet.label(row.variable),
                    value=fixed(most, 4),
                    p=term(row.p.text),
                ),
                (
                    say(
                        "the first group wins {span} of {value} pairs",
                        span=_span(bounds),
                        value=sizes[0] * sizes[1],
                    ),
                ),
                ("the p is of another test", "missing values", "a misprint"),
            )


def _span(bounds: RankBounds) -> str:
    return span(fixed(bounds.low, 0), fixed(bounds.high, 0))


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
            say(
                "{label}: p {printed} is not from the test of {counted} ({best}).",
                label=sheet.label(one.row),
                printed=term(one.printed.text),
                counted=words_of.other_rows(len(policy.best_rows)),
                best=term(policy.best),
            ),
            tuple(
                say("{test}: {p}", test=term(match.test), p=p_words(match.low, match.high))
                for match in one.matches
            ),
            (
                say("it is the p of: {told}", told=joined(map(term, one.reproduced_by), "; ")),
                *_same_in_model(sheet, one),
                *_not_named(sheet, one),
            ),
        )


def _same_in_model(sheet: Sheet, one: Fingerprint) -> tuple[str, ...]:
    for model in sheet.paper.models:
        for line in model.term:
            same = line.variable == one.row and line.p and line.p.text == one.printed.text
            if same and model.kind == "multivariable":
                return (
                    say(
                        "it is also the p printed in {where} for the same variable and may be"
                        " copied from there",
                        where=model.where or model.name,
                    ),
                )
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
                say(
                    "{label}: the paper names ‘{named}’, which does not give {printed}.",
                    label=sheet.label(one.row),
                    named=term(named),
                    printed=term(one.printed.text),
                ),
                _values(one, meant) + _values(one, one.reproduced_by),
                (say("it is the p of: {told}", told=joined(map(term, one.reproduced_by), "; ")),),
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
    return (say("the paper names ‘{named}’, which does not give it", named=term(named)),)


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
        say(
            "The paper names ‘{named}’; every p of counts that either gives is Fisher's, also"
            " where no expected count is below 5 ({names}).",
            named=term(named),
            names=listed([sheet.label(one.row) for one in ample]),
        ),
        tuple(
            say(
                "{label}: printed {printed}; {told}",
                label=sheet.label(one.row),
                printed=term(one.printed.text),
                told=joined(_values(one, (FISHER, PEARSON, YATES)), "; "),
            )
            for one in only
        ),
        ("the exact test was asked for everywhere",),
    )
    others = tuple(f"row.{one.row}.p" for one in only if one is not ample[0])
    yield replace(found, also=others)


def _values(one: Fingerprint, tests: tuple[str, ...]) -> tuple[str, ...]:
    values = {match.test: match for match in one.matches}
    return tuple(
        say("{test} {p}", test=term(test), p=p_words(values[test].low, values[test].high))
        for test in tests
        if test in values
    )
