"""Whether a cohort is another than the one a model was made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from avidity.riskmodel.model import RiskModel
from avidity.steps.label import Labelled


@dataclass(frozen=True, slots=True)
class SourceRelation:
    """What is known of the patients against those of the source.

    kind  "same": what is found is apparent performance, no validation; "not the same as far as
          known": nothing in the files says otherwise, which only the authors can vouch for
    """

    kind: Literal["same", "not the same as far as known"]
    words: str


def source_relation(model: RiskModel, labelled: Labelled, paper_doi: str = "") -> SourceRelation:
    """Look for the cohort among what the model was made from.

    paper_doi  of the paper whose figures the study reproduces; empty when there is none
    """
    digests = {labelled.cohort_sha256, labelled.study.sha256}
    told = model.provenance
    own = told.sha256 in digests if told.sha256 else False
    if own or any(digest in source for source in told.sources for digest in digests if digest):
        return SourceRelation(
            "same",
            f"{model.name} was made from this very cohort: what follows is apparent performance,"
            " no validation.",
        )
    doi = paper_doi.strip().lower()
    if doi and doi == model.provenance.doi.strip().lower():
        return SourceRelation(
            "same",
            f"This study reproduces the paper {model.name} comes from ({model.provenance.citation},"
            f" doi {model.provenance.doi}): its patients are the model's own, or were made after"
            " them. What follows is apparent performance, no external validation.",
        )
    return SourceRelation(
        "not the same as far as known",
        "Nothing in the files says that these patients are among those of the source; only those"
        " who know both cohorts can vouch for it.",
    )
