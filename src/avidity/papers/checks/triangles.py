"""Whether odds ratios, intervals, p values and coefficients belong together."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

from avidity.errors import AnalysisError
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.fingerprints import p_words
from avidity.papers.checks.sheet import NO, YES, Sheet
from avidity.papers.paper import Model, Term
from avidity.stats.forensic.printed_p import p_range
from avidity.stats.forensic.triangle import Triangle, triangle
from avidity.stats.normal import z_of
from avidity.stats.rounded import Rounded
from avidity.wording import fixed, ratio_digits

SUBJECT = "odds ratios"
NEAR = 0.5  # standard errors between Wald's and the likelihood ratio's z
TINY = 1e-12
PROFILE = (
    "the interval is not Wald's: profile likelihood, exact or bootstrap intervals are not even"
)


def check_triangles(sheet: Sheet) -> Checked:
    """Each line of each model: its own arithmetic; crude ratios also against Table 1."""
    found: list[Finding] = []
    looked_at, unanswered = 0, []
    for model in sheet.paper.models:
        for term in model.term:
            ends = term.low is not None and term.high is not None
            looked_at += ends
            if not ends:
                unanswered.append(f"{model.name}, {term.key}: no interval is printed")
            found += _triangle(sheet, model, term)
            found += _coefficient(sheet, model, term)
            if model.kind == "univariable":
                found += _crude(sheet, model, term)
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def _path(model: Model, term: Term, what: str) -> str:
    return f"model.{model.name}.{term.key}.{what}"


def _said(sheet: Sheet, term: Term) -> str:
    level = f" {term.level}" if term.level else ""
    return f"{sheet.label(term.variable)}{level}"


def _triangle(sheet: Sheet, model: Model, term: Term) -> Iterator[Finding]:
    if term.low is None or term.high is None:
        return
    level = float(model.confidence.value) / 100 if model.confidence else 0.95
    path, said = _path(model, term, "odds_ratio"), _said(sheet, term)
    printed = _printed(term)
    try:
        result = triangle(term.odds_ratio, term.low, term.high, term.p, level)
    except AnalysisError as error:
        yield sheet.finding("impossible", SUBJECT, path, f"{said}: {error}.", (printed,))
        return
    if not result.inside:
        words = f"{said}: the odds ratio lies outside its interval."
        yield sheet.finding("impossible", SUBJECT, path, words, (printed,), ("a misprint",))
        return
    if result.reproduces is False:
        yield _broken(sheet, model, term, result)
    elif result.symmetric is False:
        words = f"{said}: the odds ratio is not in the middle of its interval on the log scale."
        middle = _middle(term.low, term.high)
        steps = (printed, f"middle of the interval {middle}")
        explained = (PROFILE, "a misprint")
        yield sheet.finding("unusual", SUBJECT, path, words, steps, explained)


def _broken(sheet: Sheet, model: Model, term: Term, result: Triangle) -> Finding:
    assert term.p is not None  # noqa: S101  # a p that is not reproduced was printed
    low, high = result.p or (0.0, 1.0)
    levels = [f"it agrees if the interval is one of {100 * one:g} %" for one in result.levels]
    even = [] if result.symmetric is not False else [PROFILE]
    wald = [] if model.method == "logistic" else ["the p is not Wald's"]
    return sheet.finding(
        "unusual" if _same_side(term, result) and _near(term.p, (low, high)) else "inconsistent",
        SUBJECT,
        _path(model, term, "p"),
        f"{_said(sheet, term)}: the interval gives p {p_words(low, high)}, printed {term.p.text}.",
        (_printed(term), _implied(result)),
        (*levels, *even, *wald, "p and interval are of different tests", "a misprint"),
    )


def _near(p: Rounded, implied: tuple[float, float]) -> bool:
    """Whether a likelihood-ratio p, or a profile interval beside Wald's p, may differ so much."""
    sizes = [
        [z_of(1 - min(max(one, TINY), 1 - TINY)) for one in ps] for ps in (p_range(p), implied)
    ]
    (smallest, largest), (least, most) = (sorted(one) for one in sizes)
    return smallest - most <= NEAR and least - largest <= NEAR


def _same_side(term: Term, result: Triangle) -> bool:
    """Whether p and interval reject, or do not reject, alike."""
    p, low, high = term.p, term.low, term.high
    if p is None or low is None or high is None or high.high is None:
        return False
    lowest, highest = p_range(p)
    limit = 1 - result.level
    rejects = float(low.low) > 1 or float(high.high) < 1
    may_not = float(low.low) <= 1 <= float(high.high)
    return (rejects and lowest <= limit) or (may_not and highest >= limit)


def _printed(term: Term) -> str:
    ratio = term.odds_ratio.text if term.odds_ratio else "–"
    ends = f"{term.low.text if term.low else '–'} to {term.high.text if term.high else '–'}"
    return f"printed: {ratio} ({ends}), p {term.p.text if term.p else '–'}"


def _middle(low: Rounded, high: Rounded) -> str:
    product = float(low.value * (high.value or 0))
    return ratio_digits(product**0.5) if product > 0 else "0"


def _implied(result: Triangle) -> str:
    if result.beta is None or result.se is None:
        return "nothing follows from the interval"
    beta = " to ".join(dict.fromkeys(fixed(one, 3) for one in result.beta))
    se = " to ".join(dict.fromkeys(fixed(one, 3) for one in result.se))
    return f"implied log odds ratio {beta}, standard error {se}"


def _coefficient(sheet: Sheet, model: Model, term: Term) -> Iterator[Finding]:
    """The coefficient against the ratio, and against its Wald chi-square."""
    beta, ratio = term.beta, term.odds_ratio
    said = _said(sheet, term)
    if beta and ratio and beta.high is not None and ratio.high is not None:
        low, high = exp(beta.low), exp(beta.high)
        if low > float(ratio.high) + 1e-9 or high < float(ratio.low) - 1e-9:
            value = ratio_digits(exp(beta.value))
            words = f"{said}: exp of the coefficient is {value}, printed odds ratio {ratio.text}."
            steps = (f"exp({beta.text}) = {value}",)
            other = (
                -1 if low > 0 and abs(log(low) + log(max(1e-9, float(ratio.value)))) < 0.05 else 1
            )
            explained = ("the reference group was turned round",) if other < 0 else ("a misprint",)
            path = _path(model, term, "beta")
            yield sheet.finding("inconsistent", SUBJECT, path, words, steps, explained)
    if beta and term.se and term.wald and term.se.low > 0 and term.wald.high is not None:
        sizes = sorted(abs(float(one)) for one in (beta.low, beta.high or beta.low))
        smallest = 0.0 if beta.low <= 0 <= (beta.high or beta.low) else sizes[0]
        ends = (smallest / float(term.se.high or 1)) ** 2, (sizes[1] / float(term.se.low)) ** 2
        if ends[0] > float(term.wald.high) + 1e-9 or ends[1] < float(term.wald.low) - 1e-9:
            words = (
                f"{said}: (coefficient / SE)² is not the printed Wald chi-square {term.wald.text}."
            )
            steps = (f"({beta.text} / {term.se.text})² = {fixed(ends[0])} to {fixed(ends[1])}",)
            yield sheet.finding("inconsistent", SUBJECT, _path(model, term, "wald"), words, steps)


def _crude(sheet: Sheet, model: Model, term: Term) -> Iterator[Finding]:
    """A univariable odds ratio of a yes/no variable follows from the counts of Table 1."""
    row, event, ratio = sheet.paper.row(term.variable), sheet.paper.event, term.odds_ratio
    table = sheet.table(row) if row else None
    if table is None or event is None or ratio is None or ratio.high is None:
        return
    if len(table) != 2 or len(table[0]) != 2 or term.level not in ("", YES, NO):
        return
    at = sheet.groups.index(event.name)
    (a, b), (c, d) = ((line[at], line[1 - at]) for line in table)
    if 0 in (a, b, c, d):
        return
    true = a * d / (b * c)
    if ratio.holds(true, slack=1e-6):
        return
    explained = ["missing values", "a penalised or adjusted estimate"]
    if ratio.holds(1 / true, slack=1e-6):
        explained.insert(0, "the reference group was turned round")
    yield sheet.finding(
        "inconsistent",
        SUBJECT,
        _path(model, term, "odds_ratio"),
        f"{_said(sheet, term)}: the counts give an odds ratio of {ratio_digits(true)}, printed"
        f" {ratio.text}.",
        (f"({a} × {d}) / ({b} × {c}) = {ratio_digits(true)}",),
        tuple(explained),
    )
