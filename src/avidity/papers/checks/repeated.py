"""Whether a figure printed in several places is the same figure."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import YES, Sheet, meet
from avidity.papers.checks.words import percent
from avidity.papers.paper import Statement
from avidity.papers.paper_numbers import OVERALL
from avidity.said import joined, say, term
from avidity.stats.rounded import Rounded

SUBJECT = "the same fact twice"


def check_repeated(sheet: Sheet) -> Checked:
    """Each statement against its figure, and against other statements of the same figure."""
    found: list[Finding] = []
    unanswered: list[str] = []
    looked_at = 0
    seen: dict[str, Statement] = {}
    contrary: dict[str, list[str]] = defaultdict(list)
    for index, one in enumerate(sheet.paper.statements):
        line = sheet.paper.line(("statement", index, "printed"))
        fact = sheet.facts.get(one.fact)
        if fact is not None:
            looked_at += 1
            if not _same(one.fact, one.printed, fact.number):
                found.append(_differs(one, fact.number.text, fact.where, line))
        elif (told := _from_counts(sheet, one)) is not None:
            looked_at += 1
            if not _holds(one, told[0]):
                contrary[f"{one.fact.split('.')[1]}|{one.where}"].append(_said(sheet, one, told))
        elif one.fact in seen:
            looked_at += 1
            if not _same(one.fact, one.printed, seen[one.fact].printed):
                first = seen[one.fact]
                found.append(_differs(one, first.printed.text, first.where, line))
        else:
            unanswered.append(
                say(
                    "{fact}, printed {printed}: nothing to compare it with",
                    fact=one.fact,
                    printed=term(one.printed.text),
                )
            )
        seen.setdefault(one.fact, one)
    found += [_distribution(sheet, key, lines) for key, lines in contrary.items()]
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def _same(path: str, one: Rounded, other: Rounded) -> bool:
    if ".count." in path or path.startswith(("group.", "flow.")) or path.endswith(".n"):
        return one.value == other.value
    return meet(one, other)


def _differs(one: Statement, other: str, where: str, line: int) -> Finding:
    return Finding(
        "inconsistent",
        SUBJECT,
        say(
            "{fact} is printed twice and differs: {printed} in {where}, {other} in {place}.",
            fact=one.fact,
            printed=term(one.printed.text),
            where=one.where,
            other=term(other),
            place=where or term("another place"),
        ),
        one.fact,
        one.where,
        line,
        (
            say("{where}: {printed}", where=one.where, printed=term(one.printed.text)),
            say("{where}: {printed}", where=where or term("elsewhere"), printed=term(other)),
        ),
        ("a misprint in one place", "the figures are from different stages of the study"),
    )


def _from_counts(sheet: Sheet, one: Statement) -> tuple[Fraction, int, int] | None:
    """Count or share that follows from printed counts: value, count, of how many."""
    match one.fact.split("."):
        case ["row", name, "count" | "percent" as what, answer, group]:
            counted_of = _count(sheet, name, answer, group)
        case _:
            return None
    if counted_of is None or counted_of[1] == 0:
        return None
    count, n = counted_of
    return (Fraction(count) if what == "count" else Fraction(100 * count, n)), count, n


def _count(sheet: Sheet, name: str, answer: str, group: str) -> tuple[int, int] | None:
    row = sheet.paper.row(name)
    if row is not None:
        count, n = sheet.count(name, answer, group), sheet.counted(row, group)
        return None if count is None or n is None else (count, n)
    level = sheet.of_level(name, answer)
    count = None if level is None else sheet.count(level.name, YES, group)
    if count is not None:
        return count, sheet.size(group)
    if answer in sheet.paper.variable(name).levels:
        return _nobody_left(sheet, name, group)
    return None


def _nobody_left(sheet: Sheet, category: str, group: str) -> tuple[int, int] | None:
    """A level without a row holds nobody where the levels with rows hold everybody."""
    every = [sheet.of_level(category, level) for level in sheet.paper.variable(category).levels]
    counts = [sheet.count(one.name, YES, group) for one in every if one is not None]
    known = [count for count in counts if count is not None]
    return (0, sheet.size(group)) if known and sum(known) == sheet.size(group) else None


def _holds(one: Statement, value: Fraction) -> bool:
    if ".count." in one.fact:
        return one.printed.value == value
    return one.printed.holds(value)


def _said(sheet: Sheet, one: Statement, told: tuple[Fraction, int, int]) -> str:
    value, count, n = told
    _, name, what, answer, group = one.fact.split(".")
    level = sheet.of_level(name, answer)
    who = (
        sheet.label(level.name)
        if level
        else say("{label}, {answer}", label=sheet.label(name), answer=term(answer))
    )
    if group != OVERALL:
        who = say("{who}, {group}", who=who, group=sheet.group_label(group))
    if what == "count":
        return say(
            "{who}: printed {printed}, the rows give {count}",
            who=who,
            printed=term(one.printed.text),
            count=count,
        )
    sign = "" if one.printed.text.strip().endswith("%") else " %"
    share = percent(float(value) / 100, max(1, one.printed.decimals))
    return say(
        "{who}: printed {printed}{sign}, the rows give {count} of {n} = {share}",
        who=who,
        printed=term(one.printed.text),
        sign=sign,
        count=count,
        n=n,
        share=share,
    )


def _distribution(sheet: Sheet, key: str, lines: list[str]) -> Finding:
    name, where = key.split("|", 1)
    statements = enumerate(sheet.paper.statements)
    first = next(
        index
        for index, one in statements
        if one.where == where and one.fact.startswith(f"row.{name}.")
    )
    shares = [
        one.printed.value
        for one in sheet.paper.statements
        if one.where == where and one.fact.startswith(f"row.{name}.percent.")
    ]
    more = (
        (say("the percentages printed there add up to {value:g}", value=float(sum(shares))),)
        if shares
        else ()
    )
    rows = sorted({one.where for one in sheet.paper.rows if _about(sheet, one.variable, name)})
    return Finding(
        "inconsistent",
        SUBJECT,
        say(
            "{label}: {where} and {rows} contradict each other in {counted}.",
            label=sheet.label(name),
            where=where,
            rows=joined(rows, " and ") if rows else term("the rows"),
            counted=words_of.figures(len(lines)),
        ),
        sheet.paper.statements[first].fact,
        where,
        sheet.paper.line(("statement", first, "printed")),
        (*lines, *more),
        ("the text is about another set of patients, such as all those screened", "a misprint"),
    )


def _about(sheet: Sheet, row: str, name: str) -> bool:
    return row == name or sheet.paper.variable(row).from_ == name
