"""The report of pooled evidence: numbers traceable, pictures without collisions."""

from pathlib import Path

import pytest

from avidity.papers.evidence_file import find_or_read, read_evidence
from avidity.papers.pool_evidence import pool_evidence
from avidity.papers.pooled import PooledEvidence
from avidity.report.document import Span, Table
from avidity.report.draw import drawn
from avidity.report.html import to_html
from avidity.report.numbering import number
from avidity.report.pooled_report import build_pooled, pooled_lines
from avidity.report.results_json import as_number, as_plain, lookup
from avidity.report.schema import schema

MADE_UP = Path(__file__).resolve().parents[2] / "examples" / "evidence" / "made-up.toml"


@pytest.fixture(scope="module")
def found():
    return pool_evidence(read_evidence(MADE_UP))


def sources(document):
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield cell.source, cell.value
                    yield from ((part.source, part.value) for part in cell.parts)
        for part in getattr(block, "text", ()):
            if isinstance(part, Span) and part.source:
                yield part.source, None


def test_every_number_leads_to_its_place_in_the_results(found):
    tree = as_plain(found)
    led = 0
    for place, value in sources(build_pooled(found)):
        if place is None:
            continue
        there = lookup(tree, place)
        led += 1
        if isinstance(value, float) and not isinstance(there, list):
            assert value == as_number(there), place
    assert led > 60


def test_the_document_can_be_numbered_drawn_and_written(found):
    page = to_html(number(drawn(build_pooled(found)))).decode()

    assert "These are not real studies" in page
    assert "Random effects" in page
    assert 2 <= page.count("<svg")


def test_a_pooling_of_the_library_needs_no_studies():
    document = build_pooled(pool_evidence(find_or_read("luo-2020")))

    assert ["figure-all"] == [figure.anchor for figure in document.figures()]
    assert "not significant" in "\n".join(
        pooled_lines(pool_evidence(find_or_read("luo-2020")), None, ())
    )


def test_the_terminal_says_the_pool_and_the_cautions(found):
    lines = "\n".join(pooled_lines(found, None, ()))

    assert "6 studies: 2.18 (1.29 to 3.69)" in lines
    assert "printed by luo-2020: 2.28 (1.43 to 3.64), I² 14%" in lines
    assert "- Gondal 2023 is left out" in lines


def test_the_results_have_a_schema():
    assert "factors" in schema(PooledEvidence)["properties"]
