"""What the library's poolings say of a factor of one's own evidence."""

from __future__ import annotations

from collections.abc import Sequence

from avidity import wording
from avidity.papers.evidence import Evidence, PooledFactor, find_evidence
from avidity.papers.evidence_studies import EvidenceFile, Factor, Pooled


def told(library: Sequence[str], factor: Factor) -> tuple[tuple[Evidence, PooledFactor], ...]:
    """Each pooling that has this factor under any of its names, with what it says of it."""
    return tuple(
        (evidence, one)
        for evidence in map(find_evidence, library)
        if evidence.measure == factor.measure
        for one in evidence.factors
        if factor.name in (one.name, *one.also)
    )


def as_pooled(evidence: Evidence, one: PooledFactor) -> Pooled | None:
    """The library's figure as one somebody printed; None where no value was found."""
    if one.found != "pooled":
        return None
    return Pooled(
        label=evidence.name,
        estimate=one.estimate,
        interval=(one.low, one.high),
        level=one.level,
        i2=f"{one.i2}%" if one.i2 else "",
        citation=evidence.source.citation,
        doi=evidence.source.doi,
        note=" ".join(part for part in (one.meaning, evidence.note) if part),
    )


def without_value(evidence: Evidence, one: PooledFactor) -> str:
    """That it was pooled and its value is not known; empty where it is."""
    if one.found == "pooled":
        return ""
    return f"{evidence.name} pooled it too and calls it {one.found}; the value was not found."


def from_library(name: str) -> EvidenceFile:
    """A pooling of the library as evidence without studies of its own.

    raises  PaperError when there is none of that name
    """
    evidence = find_evidence(name)
    patients = f"{evidence.studies} studies, {evidence.patients:,} patients"
    return EvidenceFile(
        title=evidence.title,
        source=f"{evidence.source.citation} ({patients}; read: {evidence.source.read})",
        library=(name,),
        factor=tuple(
            Factor(
                name=one.name,
                label=one.label,
                measure=evidence.measure,
                meaning=wording.sentence(one.meaning) + "." if one.meaning else "",
                own=one.also[0] if one.also else "",
            )
            for one in evidence.factors
        ),
    )
