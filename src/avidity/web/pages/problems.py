"""Problems: every finding, filtered and put together by its kind; the cells around one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from avidity.steps.finding import Finding, shown
from avidity.steps.read import RawTable
from avidity.web.cohorts import Looked

SEVERITIES = ("error", "warning", "note")
ON_A_PAGE = 100
AT_FIRST = 8  # cells of a kind that are listed before all of them are asked for
ROWS_AROUND, COLUMNS_AROUND = 3, 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader asks for: severity, table, rule, page, and the finding to look at."""

    severity: str = ""
    table: str = ""
    rule: str = ""
    page: int = 1
    at: int | None = None

    def query(self, **changed: str | int | None) -> str:
        """The query of the same wish with something changed; it names no value of a patient."""
        values = {"severity": self.severity, "table": self.table, "rule": self.rule}
        whole: dict[str, str | int | None] = {**values, "page": self.page, **changed}
        return urlencode({name: one for name, one in whole.items() if one not in ("", None)})


@dataclass(frozen=True, slots=True)
class Kind:
    """Findings of one rule: what they have in common, and some of their places.

    problem, must, do  the sentences all of them share; "" where they differ
    columns            where, each table and header once
    shown              place in the whole list, and the finding
    before, after      the neighbours of the finding that is looked at; None at an end
    """

    severity: str
    rule: str
    n: int
    problem: str
    must: str
    do: str
    columns: tuple[tuple[str, str], ...]
    shown: tuple[tuple[int, Finding], ...]
    page: int
    pages: int
    open: bool
    preview: Preview | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell near the finding."""

    text: str
    marked: bool
    header: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows around a finding."""

    finding: Finding
    headers: tuple[PreviewCell, ...]
    rows: tuple[tuple[int, tuple[PreviewCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class ProblemsPage:
    """Findings that fit the wish, errors first: by their kind, and one page of the plain list."""

    kinds: tuple[Kind, ...]
    shown: tuple[tuple[int, Finding], ...]
    pages: int
    total: int
    fitting: int
    counts: Mapping[str, int]
    tables: tuple[str, ...]
    rules: tuple[str, ...]
    wish: Wish
    trouble: str
    can_mark: bool


def problems_page(looked: Looked, wish: Wish) -> ProblemsPage:
    """The findings of a snapshot."""
    findings: Sequence[Finding] = looked.cohort.findings if looked.cohort else ()
    fitting = [(at, one) for at, one in enumerate(findings) if _fits(one, wish)]
    known = {at for at, _ in fitting}
    pages = max(1, -(-len(fitting) // ON_A_PAGE))
    page = min(max(wish.page, 1), pages)
    wish = replace(wish, page=page, at=wish.at if wish.at in known else None)
    together: dict[tuple[str, str], list[tuple[int, Finding]]] = {}
    for at, one in fitting:
        together.setdefault((one.severity, one.rule), []).append((at, one))
    few = len(together) == 1 or len(fitting) <= AT_FIRST
    return ProblemsPage(
        kinds=tuple(_kind(found, looked, wish, opened=few) for found in together.values()),
        shown=tuple(fitting[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]),
        pages=pages,
        total=len(findings),
        fitting=len(fitting),
        counts=Counter(one.severity for one in findings),
        tables=tuple(sorted({one.table for one in findings if one.table})),
        rules=tuple(sorted({one.rule for one in findings})),
        wish=wish,
        trouble=looked.trouble,
        can_mark=looked.cohort is not None,
    )


def _kind(
    found: Sequence[tuple[int, Finding]], looked: Looked, wish: Wish, *, opened: bool
) -> Kind:
    first = found[0][1]
    places = [at for at, _ in found]
    here = places.index(wish.at) if wish.at in places else None
    long = wish.rule == first.rule  # the reader asked for every one
    pages = max(1, -(-len(found) // ON_A_PAGE)) if long else 1
    page = min(wish.page, pages)
    start = (page - 1) * ON_A_PAGE
    return Kind(
        first.severity,
        first.rule,
        len(found),
        _shared(one.problem for _, one in found),
        _shared(one.must for _, one in found),
        _shared(one.do for _, one in found),
        tuple(dict.fromkeys((one.table or one.file, one.column) for _, one in found)),
        tuple(found[start : start + ON_A_PAGE] if long else found[:AT_FIRST]),
        page,
        pages,
        opened or here is not None,
        None if here is None else preview(looked, found[here][1]),
        places[here - 1] if here else None,
        places[here + 1] if here is not None and here + 1 < len(places) else None,
    )


def _shared(sentences: Iterable[str]) -> str:
    """The one sentence, where it is one."""
    different = set(sentences)
    return different.pop() if len(different) == 1 else ""


def _fits(finding: Finding, wish: Wish) -> bool:
    asked = ((wish.severity, finding.severity), (wish.table, finding.table))
    return all(not want or want == has for want, has in (*asked, (wish.rule, finding.rule)))


def preview(looked: Looked, finding: Finding) -> Preview | None:
    """The cells around a finding, as typed; None where it is about no table that was read."""
    table = looked.raw.tables.get(finding.table) if looked.raw else None
    if table is None or not table.headers:
        return None
    column = table.headers.index(finding.column) if finding.column in table.headers else None
    around = _around(column or 0, len(table.headers), COLUMNS_AROUND)
    row = _row_of(table, finding)
    rows = _around(row or 0, len(table.rows), ROWS_AROUND)
    headers = tuple(
        PreviewCell(table.headers[at], row is None and at == column, "") for at in around
    )
    lines = []
    for number in rows:
        whole = number == row
        cells = tuple(
            PreviewCell(
                shown(table.rows[number][at]),
                whole and (column is None or at == column),
                table.headers[at],
            )
            for at in around
        )
        lines.append((table.row_numbers[number], cells))
    return Preview(finding, headers, tuple(lines))


def _row_of(table: RawTable, finding: Finding) -> int | None:
    if finding.row is None or finding.row not in table.row_numbers:
        return None
    return table.row_numbers.index(finding.row)


def _around(middle: int, length: int, reach: int) -> range:
    return range(max(0, middle - reach), min(length, middle + reach + 1))
