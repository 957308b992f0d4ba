"""The report of pooled evidence: one document, and its words for the terminal."""

from __future__ import annotations

from pathlib import Path

from avidity import wording
from avidity.papers.pooled import FactorPool, PooledEvidence
from avidity.report.document import Block, Document, Heading, Notice, Paragraph, Properties, said
from avidity.report.parts.pooled import all_together, factor_blocks
from avidity.report.parts.pooled_tables import overview
from avidity.report.parts.pooled_words import value_words


def build_pooled(found: PooledEvidence) -> Document:
    """Notices, all factors in one table, then factor by factor."""
    blocks: list[Block] = []
    if found.made_data:
        blocks.append(Notice("made data", "These are not real studies", (said(found.made_data),)))
    digest = found.evidence_sha256[:12]
    facts = [found.source, f"evidence file {digest}" if digest else "", found.program]
    if found.own_title:
        facts.insert(1, f"beside: {found.own_title}")
    blocks += [
        Paragraph(said(" · ".join(part for part in facts if part)), "small"),
        Heading(1, "In short", "in-short"),
        overview(found),
        *all_together(found),
        Heading(1, "Factor by factor", "factors", new_page=True),
    ]
    for at, factor in enumerate(found.factors):
        blocks += factor_blocks(factor, at)
    return Document(
        title=found.title,
        blocks=tuple(blocks),
        subtitle="Pooled evidence",
        properties=Properties(
            subject="Pooled evidence on predictive factors",
            description=found.made_data or "Pooled from what papers printed",
            keywords=("meta-analysis", "predictive factors"),
            made_with=found.program,
        ),
    )


def pooled_lines(found: PooledEvidence, out: Path | None, files: tuple[Path, ...]) -> list[str]:
    """What the command line says."""
    lines = [found.title]
    if found.made_data:
        lines.append(found.made_data)
    if any(factor.random for factor in found.factors):
        lines.append(f"Pooled: {found.rules}.")
    for factor in found.factors:
        lines += ["", *_factor_lines(factor)]
    if out:
        lines += ["", f"report: {out / 'report.html'}"]
        lines.append(f"in {out}: {', '.join(path.name for path in files if path.parent == out)}")
    return lines


def _factor_lines(factor: FactorPool) -> list[str]:
    lines = [f"{factor.label} ({factor.measure})"]
    if random := factor.random:
        found = random.pool.heterogeneity
        lines.append(
            f"  {wording.counted(len(factor.studies), 'study', 'studies')}:"
            f" {value_words(factor.measure, random.estimate, random.interval)},"
            f" {wording.p_phrase(random.pool.test.p_value)}"
            + (f", I² {wording.percent(found.i2, 0)}" if found else "")
        )
        if random.prediction:
            words = value_words(factor.measure, random.estimate, random.prediction)
            lines.append(f"  new study expected in {words.split('(', 1)[1].rstrip(')')}")
    elif factor.studies:
        one = factor.studies[0]
        words = value_words(factor.measure, one.estimate.estimate, one.estimate.interval)
        lines.append(f"  {one.label}: {words}")
    for pool in factor.published:
        i2 = f", I² {pool.i2}" if pool.i2 else ""
        words = value_words(factor.measure, pool.estimate, pool.interval)
        lines.append(f"  printed by {pool.label}: {words}{i2}")
    if factor.note:
        lines.append(f"  {factor.note}")
    if factor.own and not factor.beside:
        for own in factor.own:
            words = value_words(factor.measure, own.odds_ratio, own.interval)
            lines.append(f"  yours {own.kind}: {words}")
    for one_beside in factor.beside:
        own = one_beside.own
        yours = value_words(factor.measure, own.odds_ratio, own.interval)
        times = value_words(factor.measure, one_beside.times.estimate, one_beside.times.interval)
        lines.append(f"  yours {own.kind}: {yours}, {times} times that of {one_beside.against}")
    return [*lines, *(f"  - {caution}" for caution in factor.cautions)]
