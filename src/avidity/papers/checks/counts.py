"""Whether printed counts fit their groups and their percentages."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import Sheet, exact
from avidity.papers.checks.words import listed, percent
from avidity.papers.paper import Row
from avidity.papers.paper_numbers import OVERALL
from avidity.said import joined, say, term
from avidity.stats.forensic.shares import counts_printing
from avidity.stats.rounded import Rounded

SUBJECT = "counts and percentages"


def check_counts(sheet: Sheet) -> Checked:
    """Counts within their group, answers that add up, totals of the groups, percentages."""
    found: list[Finding] = []
    looked_at, unanswered = 0, []
    for row in sheet.paper.rows:
        looked_at += sum(len(one) for one in (*row.count.values(), *row.percent.values()))
        found += _within(sheet, row)
        found += _totals(sheet, row)
        found += _shares(sheet, row)
        if row.percent and row.percent_of == "level" and not row.count:
            unanswered.append(
                say("{label}: percentages of rows without counts", label=sheet.label(row.variable))
            )
    found += _levels(sheet)
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def _within(sheet: Sheet, row: Row) -> Iterator[Finding]:
    """The answers of a group together are no more than the group, and no fewer without a word."""
    answers = sheet.paper.variable(row.variable).answers
    for group in (*sheet.groups, OVERALL):
        printed = {
            answer: exact(row.count[answer][group])
            for answer in answers
            if group in row.count.get(answer, {})
        }
        n = sheet.patients(row, group)
        if not printed or n is None:
            continue
        total, path = sum(printed.values()), f"row.{row.variable}.count"
        told = say(
            "{told} = {total}, group of {n}",
            told=" + ".join(map(str, printed.values())),
            total=total,
            n=n,
        )
        said = say(
            "{label}, {group}", label=sheet.label(row.variable), group=sheet.group_label(group)
        )
        if total > n:
            yield sheet.finding(
                "impossible",
                SUBJECT,
                f"{path}.{next(iter(printed))}.{group}",
                say("{said}: the counts add up to more patients than the group has.", said=said),
                (told,),
                ("the groups' sizes, or one count, are misprinted",),
            )
        elif total < n and len(printed) == len(answers):
            yield sheet.finding(
                "unusual",
                SUBJECT,
                f"{path}.{next(iter(printed))}.{group}",
                say(
                    "{said}: {counted} of the group not counted, and the paper does not say"
                    " that a value is missing.",
                    said=said,
                    counted=words_of.patients(n - total),
                ),
                (told,),
                ("missing values",),
            )


def _totals(sheet: Sheet, row: Row) -> Iterator[Finding]:
    """The column of everybody is the sum of the groups."""
    for answer, by_group in row.count.items():
        if OVERALL not in by_group or not all(group in by_group for group in sheet.groups):
            continue
        parts = [exact(by_group[group]) for group in sheet.groups]
        if sum(parts) != exact(by_group[OVERALL]):
            yield sheet.finding(
                "inconsistent",
                SUBJECT,
                f"row.{row.variable}.count.{answer}.all",
                say(
                    "{label}, {answer}: the groups do not add up to the total.",
                    label=sheet.label(row.variable),
                    answer=term(answer),
                ),
                (
                    say(
                        "{told} = {total}, printed {printed}",
                        told=" + ".join(map(str, parts)),
                        total=sum(parts),
                        printed=term(by_group["all"].text),
                    ),
                ),
            )


def _shares(sheet: Sheet, row: Row) -> Iterator[Finding]:
    for answer, by_group in row.percent.items():
        for group, share in by_group.items():
            n = _whole(sheet, row, answer, group)
            if n is None:
                continue
            printed = row.count.get(answer, {}).get(group)
            if printed is not None:
                yield from _one_share(sheet, row, (answer, group), (exact(printed), n, share))
            elif not counts_printing(share, n):
                yield _no_count(sheet, row, (answer, group), n, share)


def _whole(sheet: Sheet, row: Row, answer: str, group: str) -> int | None:
    """How many patients 100 % are."""
    if row.percent_of == "group":
        return sheet.counted(row, group)
    if row.percent_of == "everybody":
        return sheet.counted(row, OVERALL)
    return sheet.count(row.variable, answer, OVERALL)


def _one_share(
    sheet: Sheet, row: Row, cell: tuple[str, str], printed: tuple[int, int, Rounded]
) -> Iterator[Finding]:
    count, n, share = printed
    if count in counts_printing(share, n):
        return
    fits = [m for m in range(max(1, count), n) if count in counts_printing(share, m)]
    true = percent(count / n, max(1, share.decimals)) if n else term("no percentage")
    yield sheet.finding(
        "inconsistent",
        SUBJECT,
        f"row.{row.variable}.percent.{cell[0]}.{cell[1]}",
        say(
            "{label}, {answer}, {group}: {count} of {n} is {true}, printed {share}.",
            label=sheet.label(row.variable),
            answer=term(cell[0]),
            group=sheet.group_label(cell[1]),
            count=count,
            n=n,
            true=true,
            share=term(share.text),
        ),
        (say("{count} / {n} = {true}", count=count, n=n, true=true),),
        _denominators(fits, n),
    )


def _no_count(sheet: Sheet, row: Row, cell: tuple[str, str], n: int, share: Rounded) -> Finding:
    sure = sheet.says_n(row, cell[1])
    fits = [m for m in range(1, n) if counts_printing(share, m)]
    near = listed([percent(k / n, max(1, share.decimals)) for k in _around(share, n)])
    return sheet.finding(
        "impossible" if sure or not fits else "inconsistent",
        SUBJECT,
        f"row.{row.variable}.percent.{cell[0]}.{cell[1]}",
        say(
            "{label}, {answer}, {group}: no count of {n} patients is {share} %.",
            label=sheet.label(row.variable),
            answer=term(cell[0]),
            group=sheet.group_label(cell[1]),
            n=n,
            share=term(share.text),
        ),
        (say("the nearest possible are {near}", near=near),),
        () if sure else _denominators(fits[::-1][:5][::-1], n),
    )


def _around(share: Rounded, n: int) -> list[int]:
    below = min(n, int(share.value / 100 * n))
    return [below, min(n, below + 1)] if below < n else [n]


def _denominators(fits: list[int], n: int) -> tuple[str, ...]:
    if not fits:
        return ("a misprint",)
    most = fits[-1]
    return (
        say(
            "it fits {most} patients, so that {counted} may be missing unsaid",
            most=most,
            counted=words_of.values(n - most),
        ),
        "a misprint",
    )


def _levels(sheet: Sheet) -> Iterator[Finding]:
    """Levels of one category that are printed as rows of their own do not hold anybody twice."""
    for category in sheet.paper.variables:
        parts = [
            one
            for one in sheet.paper.variables
            if one.from_ == category.name and len(one.one_of) == 1
        ]
        for group in sheet.groups:
            counts = {
                one.label or one.name: count
                for one in parts
                if (count := sheet.count(one.name, "yes", group)) is not None
            }
            if sum(counts.values()) > sheet.size(group):
                yield sheet.finding(
                    "impossible",
                    SUBJECT,
                    f"row.{parts[0].name}.count.yes.{group}",
                    say(
                        "{group}: the levels of {category} hold more patients than the group.",
                        group=sheet.group_label(group),
                        category=category.label or category.name,
                    ),
                    (
                        say(
                            "{parts} = {total} > {size}",
                            parts=joined(
                                (
                                    say("{count} {name}", count=count, name=name)
                                    for name, count in counts.items()
                                ),
                                " + ",
                            ),
                            total=sum(counts.values()),
                            size=sheet.size(group),
                        ),
                    ),
                )
