"""The report of a study: its parts in reading order."""

from __future__ import annotations

from avidity.papers.printed import Comparison
from avidity.report.document import Block, Document, Heading, Paragraph, Properties, said
from avidity.report.parts.appendix import appendix
from avidity.report.parts.baseline import groups
from avidity.report.parts.checklists import checklists
from avidity.report.parts.cutoffs import cut_offs
from avidity.report.parts.definitions import under_definitions
from avidity.report.parts.flow import patients
from avidity.report.parts.front import front
from avidity.report.parts.methods import BLANK, methods
from avidity.report.parts.missing import missing
from avidity.report.parts.model import factors
from avidity.report.parts.outcome import outcome
from avidity.report.parts.reproduction import reproduced
from avidity.report.parts.score import score
from avidity.report.parts.sound import carried, sound
from avidity.report.parts.trust import trust
from avidity.steps.results import Results


def build(results: Results, comparison: Comparison | None = None) -> Document:
    """The whole report: first page, methods, results, the paper, checklists, appendix."""
    blocks: list[Block] = [
        *front(results, comparison),
        *methods(results),
        Heading(1, "Results", "results", new_page=True),
        *patients(results),
        *outcome(results),
        *groups(results),
        *cut_offs(results),
        *carried(results),
        *factors(results),
        *sound(results),
        *score(results),
        *missing(results),
        *under_definitions(results),
        *trust(results),
        Heading(1, "Discussion", "discussion"),
        Paragraph(said(BLANK)),
        *reproduced(comparison),
        *checklists(results, comparison),
        *appendix(results),
    ]
    return Document(
        title=results.study.title,
        blocks=tuple(blocks),
        subtitle=f"Study of predictive factors · outcome: {results.outcome_words['label']}",
        properties=Properties(
            author=results.study.authors,
            subject=f"Predictive factors of: {results.outcome_words['label']}",
            description=results.study.made_data or "Report made from a department's records",
            keywords=("radioiodine", "thyroid cancer", "predictive factors"),
            made_with=results.program,
        ),
    )
