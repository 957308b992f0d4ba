"""Every printed p against every test of its row: which give the print, and which do not."""

from __future__ import annotations

from avidity.papers.audit import Audit
from avidity.papers.checks.words import p_words
from avidity.papers.paper import Paper
from avidity.report.audit_lines import policy_words
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Footnote,
    Heading,
    Paragraph,
    Ref,
    Row,
    Table,
    said,
)
from avidity.stats.forensic.fingerprint import Fingerprint, Kind, Match
from avidity.wording import NOTHING

ACROSS = 5  # printed rows side by side


def fingerprint_tables(audit: Audit, paper: Paper) -> list[Block]:
    """For each kind of row a table of tests by rows, then the tests that explain all."""
    if not audit.fingerprints:
        return []
    blocks: list[Block] = [
        Heading(1, "Which test each p came from", "fingerprints"),
        Paragraph(
            said(
                "Each printed p stands for every number that rounds to it; means and SDs are"
                " rounded themselves, so their tests give a range. Bold: the test gives the print."
            )
        ),
    ]
    for kind in dict.fromkeys(one.kind for one in audit.fingerprints):
        numbered = [(at, one) for at, one in enumerate(audit.fingerprints) if one.kind == kind]
        parts = range(0, len(numbered), ACROSS)
        for part, start in enumerate(parts, 1):
            some = numbered[start : start + ACROSS]
            more = f", part {part} of {len(parts)}" if len(parts) > 1 else ""
            blocks.append(_table(paper, kind, some, (f"{_slug(kind)}-{part}", more)))
    explained = tuple(said(policy_words(one)) for one in audit.policies)
    blocks += [
        Heading(2, "One choice for the whole table?", "policies"),
        Paragraph(
            said(
                "A paper usually chooses one test for each kind of row. These are the fewest tests"
                " that explain every p; where several are named, the prints cannot tell them apart"
                " (",
                Ref(f"table-fingerprints-{_slug(audit.fingerprints[0].kind)}-1"),
                ").",
            )
        ),
        Bullets(explained),
    ]
    return blocks


def _table(
    paper: Paper, kind: Kind, numbered: list[tuple[int, Fingerprint]], words: tuple[str, str]
) -> Table:
    tests = dict.fromkeys(match.test for _, one in numbered for match in one.matches)
    names = [paper.variable(one.row).label or one.row for _, one in numbered]
    rows = [Row((Cell("Printed p"), *(Cell(one.printed.text) for _, one in numbered)), "total")]
    for test in tests:
        cells = (_cell(at, one, test) for at, one in numbered)
        rows.append(Row((Cell(test), *cells)))
    return Table(
        f"table-fingerprints-{words[0]}",
        f"Tests of rows of {kind}{words[1]}",
        (Column("Test", width=2.6), *(Column(name, "right", width=1.0) for name in names)),
        tuple(rows),
        (Footnote(said(f"{NOTHING}: the test does not exist for this row (an empty cell).")),)
        if any(cell.text == NOTHING for row in rows for cell in row.cells)
        else (),
        "Tests down, printed rows along; bold where the test gives the printed p.",
    )


def _cell(at: int, one: Fingerprint, test: str) -> Cell:
    for place, match in enumerate(one.matches):
        if match.test == test:
            return _p(match, f"/fingerprints/{at}/matches/{place}")
    return Cell(NOTHING)


def _p(match: Match, source: str) -> Cell:
    text = p_words(match.low, match.high)
    return Cell(text, match.low, source=f"{source}/low", emphasis=match.reproduces)


def _slug(kind: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in kind.replace("×", "x")).replace(
        "---", "-"
    )
