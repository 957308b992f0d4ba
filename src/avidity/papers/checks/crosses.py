"""Whether cross tables fit their group, their margins and their p."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import Sheet, exact
from avidity.papers.checks.words import p_words
from avidity.papers.paper import Cross
from avidity.said import say, term
from avidity.stats.forensic.count_candidates import count_candidates
from avidity.stats.forensic.printed_p import prints

SUBJECT = "cross tables"


def check_crosses(sheet: Sheet) -> Checked:
    """Total against the group, margins against their rows, p against every test of counts."""
    found: list[Finding] = []
    for cross in sheet.paper.crosses:
        found += _total(sheet, cross)
        found += _margins(sheet, cross)
        found += _p(sheet, cross)
    return Checked(SUBJECT, len(sheet.paper.crosses), tuple(found))


def _cells(sheet: Sheet, cross: Cross) -> list[list[int]] | None:
    """Counts in the order of the answers; None where one is not printed."""
    down, along = (sheet.paper.variable(name).answers for name in (cross.rows, cross.columns))
    cells = [[cross.count.get(one, {}).get(two) for two in along] for one in down]
    if not cells or not cells[0] or any(cell is None for line in cells for cell in line):
        return None
    return [[exact(cell) for cell in line if cell is not None] for line in cells]


def _first(cross: Cross) -> str:
    for row, columns in cross.count.items():
        for column in columns:
            return f"cross.{cross.name}.count.{row}.{column}"
    return f"cross.{cross.name}"


def _total(sheet: Sheet, cross: Cross) -> Iterator[Finding]:
    total = sum(exact(cell) for line in cross.count.values() for cell in line.values())
    size = sheet.size(cross.group)
    if total > size:
        yield sheet.finding(
            "impossible",
            SUBJECT,
            _first(cross),
            say("{said}: the table holds more patients than the group.", said=_said(sheet, cross)),
            (say("{total} > {size}", total=total, size=size),),
        )


def _margins(sheet: Sheet, cross: Cross) -> Iterator[Finding]:
    """An answer cannot be more frequent in the cross table than in its own row."""
    for name, sums in (
        (cross.rows, {one: sum(map(exact, line.values())) for one, line in cross.count.items()}),
        (cross.columns, _column_sums(cross)),
    ):
        for answer, total in sums.items():
            known = sheet.count(name, answer, cross.group)
            if known is not None and total > known:
                yield sheet.finding(
                    "inconsistent",
                    SUBJECT,
                    _first(cross),
                    say(
                        "{said}: {total} with {label} {answer}, but its row has {known}.",
                        said=_said(sheet, cross),
                        total=total,
                        label=sheet.label(name),
                        answer=term(answer),
                        known=known,
                    ),
                )


def _column_sums(cross: Cross) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in cross.count.values():
        for column, cell in line.items():
            sums[column] = sums.get(column, 0) + exact(cell)
    return sums


def _p(sheet: Sheet, cross: Cross) -> Iterator[Finding]:
    cells = _cells(sheet, cross)
    if cross.p is None or cells is None or not any(map(sum, cells)):
        return
    candidates = count_candidates(cells)
    if any(prints(one.low, one.high, cross.p) for one in candidates):
        return
    yield sheet.finding(
        "inconsistent",
        SUBJECT,
        f"cross.{cross.name}.p",
        say(
            "{said}: no test gives the printed p {p}.",
            said=_said(sheet, cross),
            p=term(cross.p.text),
        ),
        tuple(
            say("{test}: {p}", test=term(one.test), p=p_words(one.low, one.high))
            for one in candidates
        ),
        ("a misprint", "a test that is not tried here"),
    )


def _said(sheet: Sheet, cross: Cross) -> str:
    return say(
        "{label} by {label_2}", label=sheet.label(cross.rows), label_2=sheet.label(cross.columns)
    )
