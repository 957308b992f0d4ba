"""Whether odds ratios, intervals, p values and coefficients belong together."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

from avidity.errors import AnalysisError
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import NO, YES, Sheet
from avidity.papers.checks.words import fixed, p_words, ratio_digits, span
from avidity.papers.paper import Model, Term
from avidity.said import say, term
from avidity.stats.forensic.printed_p import p_range
from avidity.stats.forensic.triangle import Triangle, triangle
from avidity.stats.normal import z_of
from avidity.stats.rounded import Rounded

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
        for line in model.term:
            ends = line.low is not None and line.high is not None
            looked_at += ends
            if not ends:
                unanswered.append(
                    say("{name}, {key}: no interval is printed", name=model.name, key=line.key)
                )
            found += _triangle(sheet, model, line)
            found += _coefficient(sheet, model, line)
            if model.kind == "univariable":
                found += _crude(sheet, model, line)
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def _path(model: Model, line: Term, what: str) -> str:
    return f"model.{model.name}.{line.key}.{what}"


def _said(sheet: Sheet, line: Term) -> str:
    level = say(" {level}", level=line.level) if line.level else ""
    return say("{label}{level}", label=sheet.label(line.variable), level=level)


def _triangle(sheet: Sheet, model: Model, line: Term) -> Iterator[Finding]:
    if line.low is None or line.high is None:
        return
    level = float(model.confidence.value) / 100 if model.confidence else 0.95
    path, said = _path(model, line, "odds_ratio"), _said(sheet, line)
    printed = _printed(line)
    try:
        result = triangle(line.odds_ratio, line.low, line.high, line.p, level)
    except AnalysisError as error:
        yield sheet.finding(
            "impossible", SUBJECT, path, say("{said}: {error}.", said=said, error=error), (printed,)
        )
        return
    if not result.inside:
        words = say("{said}: the odds ratio lies outside its interval.", said=said)
        yield sheet.finding("impossible", SUBJECT, path, words, (printed,), ("a misprint",))
        return
    if result.reproduces is False:
        yield _broken(sheet, model, line, result)
    elif result.symmetric is False:
        words = say(
            "{said}: the odds ratio is not in the middle of its interval on the log scale.",
            said=said,
        )
        middle = _middle(line.low, line.high)
        steps = (printed, say("middle of the interval {middle}", middle=middle))
        explained = (PROFILE, "a misprint")
        yield sheet.finding("unusual", SUBJECT, path, words, steps, explained)


def _broken(sheet: Sheet, model: Model, line: Term, result: Triangle) -> Finding:
    assert line.p is not None  # noqa: S101  # a p that is not reproduced was printed
    low, high = result.p or (0.0, 1.0)
    levels = [
        say("it agrees if the interval is one of {value:g} %", value=100 * one)
        for one in result.levels
    ]
    even = [] if result.symmetric is not False else [PROFILE]
    wald = [] if model.method == "logistic" else ["the p is not Wald's"]
    return sheet.finding(
        "unusual" if _same_side(line, result) and _near(line.p, (low, high)) else "inconsistent",
        SUBJECT,
        _path(model, line, "p"),
        say(
            "{said}: the interval gives p {p}, printed {p_2}.",
            said=_said(sheet, line),
            p=p_words(low, high),
            p_2=term(line.p.text),
        ),
        (_printed(line), _implied(result)),
        (*levels, *even, *wald, "p and interval are of different tests", "a misprint"),
    )


def _near(p: Rounded, implied: tuple[float, float]) -> bool:
    """Whether a likelihood-ratio p, or a profile interval beside Wald's p, may differ so much."""
    sizes = [
        [z_of(1 - min(max(one, TINY), 1 - TINY)) for one in ps] for ps in (p_range(p), implied)
    ]
    (smallest, largest), (least, most) = (sorted(one) for one in sizes)
    return smallest - most <= NEAR and least - largest <= NEAR


def _same_side(line: Term, result: Triangle) -> bool:
    """Whether p and interval reject, or do not reject, alike."""
    p, low, high = line.p, line.low, line.high
    if p is None or low is None or high is None or high.high is None:
        return False
    lowest, highest = p_range(p)
    limit = 1 - result.level
    rejects = float(low.low) > 1 or float(high.high) < 1
    may_not = float(low.low) <= 1 <= float(high.high)
    return (rejects and lowest <= limit) or (may_not and highest >= limit)


def _printed(line: Term) -> str:
    ratio, low, high, p = (
        term("–" if one is None else one.text)
        for one in (line.odds_ratio, line.low, line.high, line.p)
    )
    return say("printed: {ratio} ({ends}), p {p}", ratio=ratio, ends=span(low, high), p=p)


def _middle(low: Rounded, high: Rounded) -> str:
    product = float(low.value * (high.value or 0))
    return ratio_digits(product**0.5) if product > 0 else "0"


def _implied(result: Triangle) -> str:
    if result.beta is None or result.se is None:
        return "nothing follows from the interval"
    beta = _ends(result.beta)
    se = _ends(result.se)
    return say("implied log odds ratio {beta}, standard error {se}", beta=beta, se=se)


def _ends(values: tuple[float, float]) -> str:
    low, high = (fixed(one, 3) for one in values)
    return low if low == high else span(low, high)


def _coefficient(sheet: Sheet, model: Model, line: Term) -> Iterator[Finding]:
    """The coefficient against the ratio, and against its Wald chi-square."""
    beta, ratio = line.beta, line.odds_ratio
    said = _said(sheet, line)
    if beta and ratio and beta.high is not None and ratio.high is not None:
        low, high = exp(beta.low), exp(beta.high)
        if low > float(ratio.high) + 1e-9 or high < float(ratio.low) - 1e-9:
            value = ratio_digits(exp(beta.value))
            words = say(
                "{said}: exp of the coefficient is {value}, printed odds ratio {ratio}.",
                said=said,
                value=value,
                ratio=term(ratio.text),
            )
            steps = (say("exp({beta}) = {value}", beta=term(beta.text), value=value),)
            other = (
                -1 if low > 0 and abs(log(low) + log(max(1e-9, float(ratio.value)))) < 0.05 else 1
            )
            explained = ("the reference group was turned round",) if other < 0 else ("a misprint",)
            path = _path(model, line, "beta")
            yield sheet.finding("inconsistent", SUBJECT, path, words, steps, explained)
    if beta and line.se and line.wald and line.se.low > 0 and line.wald.high is not None:
        sizes = sorted(abs(float(one)) for one in (beta.low, beta.high or beta.low))
        smallest = 0.0 if beta.low <= 0 <= (beta.high or beta.low) else sizes[0]
        ends = (smallest / float(line.se.high or 1)) ** 2, (sizes[1] / float(line.se.low)) ** 2
        if ends[0] > float(line.wald.high) + 1e-9 or ends[1] < float(line.wald.low) - 1e-9:
            words = say(
                "{said}: (coefficient / SE)² is not the printed Wald chi-square {wald}.",
                said=said,
                wald=term(line.wald.text),
            )
            steps = (
                say(
                    "({beta} / {se})² = {value} to {value_2}",
                    beta=term(beta.text),
                    se=term(line.se.text),
                    value=fixed(ends[0]),
                    value_2=fixed(ends[1]),
                ),
            )
            yield sheet.finding("inconsistent", SUBJECT, _path(model, line, "wald"), words, steps)


def _crude(sheet: Sheet, model: Model, line: Term) -> Iterator[Finding]:
    """A univariable odds ratio of a yes/no variable follows from the counts of Table 1."""
    row, event, ratio = sheet.paper.row(line.variable), sheet.paper.event, line.odds_ratio
    table = sheet.table(row) if row else None
    if table is None or event is None or ratio is None or ratio.high is None:
        return
    if len(table) != 2 or len(table[0]) != 2 or line.level not in ("", YES, NO):
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
        _path(model, line, "odds_ratio"),
        say(
            "{said}: the counts give an odds ratio of {ratio}, printed {ratio_2}.",
            said=_said(sheet, line),
            ratio=ratio_digits(true),
            ratio_2=term(ratio.text),
        ),
        (say("({a} × {d}) / ({b} × {c}) = {ratio}", a=a, d=d, b=b, c=c, ratio=ratio_digits(true)),),
        tuple(explained),
    )
