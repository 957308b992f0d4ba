"""Tests and prints that are possible but not good practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from avidity.errors import AnalysisError
from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.fingerprints import Fingerprints
from avidity.papers.checks.sheet import Sheet
from avidity.papers.checks.words import fixed, listed, p_phrase, p_words, span
from avidity.papers.paper import Row
from avidity.said import joined, say, term
from avidity.stats.fisher import fisher_2x2
from avidity.stats.forensic.count_candidates import CENTRAL, FISHER, fishers_p
from avidity.stats.forensic.fingerprint import Fingerprint
from avidity.stats.forensic.mean_candidates import POOLED, WELCH
from avidity.stats.forensic.variance_ratio import variance_ratio
from avidity.stats.means import Moments
from avidity.stats.rounded import Rounded

SUBJECT = "practice"
FEW = 5  # patients with the property, in both groups together
SD_RATIO = 1.5


def check_practice(sheet: Sheet, prints: Fingerprints) -> Checked:
    """P of 0.000, pooled t with unequal SDs, skewed means, verdicts that hang on the variant."""
    found = [*_zero(sheet)]
    looked_at = len(prints.rows)
    for one in prints.rows:
        if one.kind == "numbers":
            found += _pooled(sheet, one)
        if one.kind == "2 × 2 counts":
            found += _hangs(sheet, one)
    for row in sheet.paper.rows:
        found += _skewed(sheet, row)
    return Checked(SUBJECT, looked_at, tuple(found))


def _zero(sheet: Sheet) -> Iterator[Finding]:
    """No p is 0."""
    zero = [
        path
        for path, fact in sheet.facts.items()
        if path.rsplit(".", 1)[-1].endswith("p") and path.rsplit(".", 1)[-1] in ("p", "lr_p")
        if fact.number.value == 0 and not fact.number.bound
    ]
    if not zero:
        return
    names = [_where_printed(sheet, path) for path in zero]
    text = sheet.facts[zero[0]].number
    found = sheet.finding(
        "unusual",
        SUBJECT,
        zero[0],
        say(
            "P is printed as {text} in {counted}; no p is zero.",
            text=term(text.text),
            counted=words_of.places(len(zero)),
        ),
        (
            say(
                "{names}: every one stands for a p below {value:g}",
                names=listed(names),
                value=float(text.high or 0),
            ),
        ),
        ("the program's rounding was copied; <0.001 is meant",),
    )
    yield replace(found, also=tuple(zero[1:]))


def _where_printed(sheet: Sheet, path: str) -> str:
    """A p by its variable and its table."""
    kind, *names, _ = path.split(".")
    where = sheet.facts[path].where or kind
    known = {one.name for one in sheet.paper.variables}
    name = names[-1].split("=")[0]
    return say("{name} ({where})", name=sheet.label(name) if name in known else kind, where=where)


def _groups(sheet: Sheet, row: Row) -> tuple[Moments, Moments] | None:
    made = []
    for group in sheet.groups:
        mean, sd, n = row.mean.get(group), row.sd.get(group), sheet.patients(row, group)
        if mean is None or sd is None or not n or sd.value < 0:
            return None
        made.append(Moments(n, float(mean.value), float(sd.value)))
    return (made[0], made[1]) if len(made) == 2 else None


def _pooled(sheet: Sheet, one: Fingerprint) -> Iterator[Finding]:
    """The pooled test where the SDs differ, or where Welch's would print another p."""
    row = sheet.paper.row(one.row)
    pair = _groups(sheet, row) if row else None
    if pair is None or POOLED not in one.reproduced_by:
        return
    values = {match.test: match for match in one.matches}
    told = tuple(
        say("{test}: p {p}", test=term(test), p=p_words(values[test].low, values[test].high))
        for test in (POOLED, WELCH)
    )
    said, path = sheet.label(one.row), f"row.{one.row}.p"
    try:
        spread = variance_ratio(*pair)
    except AnalysisError:
        return
    larger = max(pair, key=lambda group: group.sd)
    ratio = larger.sd / min(group.sd for group in pair)
    step = say(
        "SDs {value} and {value_2}: ratio {value_3}; F test of equal variances {p}",
        value=fixed(pair[0].sd, 2),
        value_2=fixed(pair[1].sd, 2),
        value_3=fixed(ratio, 2),
        p=p_phrase(spread.p_value),
    )
    if ratio >= SD_RATIO and spread.p_value < 0.05:
        words = say(
            "{said}: the SDs differ {value}-fold, which speaks against a pooled t test.",
            said=said,
            value=fixed(ratio, 1),
        )
        explained = ("a Welch or rank test was due; p may hardly change",)
        yield sheet.finding("unusual", SUBJECT, path, words, (step, *told), explained)
    elif WELCH not in one.reproduced_by:
        others = [test for test in one.reproduced_by if test != POOLED]
        also = say(" (or of: {told})", told=joined(map(term, others), "; ")) if others else ""
        words = say(
            "{said}: p {printed} is that of the pooled t test{also}; Welch's differs.",
            said=said,
            printed=term(one.printed.text),
            also=also,
        )
        yield sheet.finding("remark", SUBJECT, path, words, (step, *told))


def _skewed(sheet: Sheet, row: Row) -> Iterator[Finding]:
    """A quantity that cannot be negative and whose mean is below two SDs is skewed."""
    found = [
        (group, mean, sd)
        for group in sheet.groups
        if (mean := row.mean.get(group)) and (sd := row.sd.get(group)) and _below(mean, sd)
    ]
    if not found or any(one.value < 0 for one in row.minimum.values()):
        return
    group, mean, sd = found[0]
    low = float(mean.value - 2 * sd.value)
    yield sheet.finding(
        "remark",
        SUBJECT,
        f"row.{row.variable}.sd.{group}",
        say(
            "{label} is skewed if it cannot be negative: in {names} the mean is below two SDs.",
            label=sheet.label(row.variable),
            names=listed([sheet.group_label(one) for one, _, _ in found]),
        ),
        (
            say(
                "{mean} − 2 × {sd} = {value}",
                mean=term(mean.text),
                sd=term(sd.text),
                value=fixed(low, 1),
            ),
        ),
        ("medians and a rank test would describe it better",),
    )


def _below(mean: Rounded, sd: Rounded) -> bool:
    return mean.value > 0 and mean.value < 2 * sd.value


def _hangs(sheet: Sheet, one: Fingerprint) -> Iterator[Finding]:
    """A verdict at 0.05 that another usual reading of the same exact test would turn."""
    row = sheet.paper.row(one.row)
    table = sheet.table(row) if row else None
    if table is None or FISHER not in one.reproduced_by:
        return
    ps = fishers_p(table)
    few = min(map(sum, table))
    if not ps[FISHER] < 0.05 <= ps[CENTRAL]:
        return
    central = fisher_2x2(table, "central")
    ends = span(fixed(central.interval.low, 2), fixed(central.interval.high, 2))
    yield sheet.finding(
        "unusual",
        SUBJECT,
        f"row.{one.row}.p",
        say(
            "{label}: p {printed} rests on {counted} and on how the two sides of Fisher's"
            " test are counted.",
            label=sheet.label(one.row),
            printed=term(one.printed.text),
            counted=words_of.patients(few),
        ),
        (
            say("minimum likelihood p {value}", value=fixed(ps[FISHER], 4)),
            say(
                "smaller tail doubled p {value}, odds ratio {ends}",
                value=fixed(central.p_value, 4),
                ends=ends,
            ),
        ),
        ("too few patients for a verdict",) if few <= FEW else (),
    )
