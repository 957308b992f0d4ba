"""Who is refractory under which definition: in counts, and for the owner patient by patient."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from avidity.refractory.catalogue import DEFINITIONS, find
from avidity.refractory.describe import describe
from avidity.steps.agreement import Labels, label_all, label_cohort
from avidity.web.api import model_shapes
from avidity.web.api.answers import LabelSummary, gives, result
from avidity.web.api.trouble import Refused
from avidity.web.bench import Bench
from avidity.web.cohorts import look
from avidity.web.folders import snapshot_folder
from avidity.web.security.people import OwnStudy, SeenStudy, TheBench
from avidity.web.store.studies import KeptStudy

router = APIRouter(tags=["definitions"])
Definition = Annotated[
    str,
    Query(max_length=80, description="A definition's name, or all; empty: the study's own."),
]


@router.get("/studies/{study_id}/labels", responses=gives("LabelSummary", "Counts by definition."))
def summary(bench: TheBench, study: SeenStudy, definition: Definition = "all") -> Response:
    """How many patients each definition calls refractory; every patient, eligible or not."""
    found = _labels(bench, study, definition)
    return result(LabelSummary(found.cohort_sha256, found.agreement))


@router.get(
    "/studies/{study_id}/labels/patients",
    responses=gives("Labels", "Patient by patient, with the evidence."),
)
def patients(bench: TheBench, study: OwnStudy, definition: Definition = "") -> Response:
    """Every patient's answer with the records that decide it. The owner's alone.

    What `avidity label --json` prints.
    """
    return result(_labels(bench, study, definition))


def _labels(bench: Bench, study: KeptStudy, definition: str) -> Labels:
    if definition and definition != "all" and definition not in DEFINITIONS:
        raise Refused(404, f"There is no such definition; there are {', '.join(DEFINITIONS)}.")
    looked = look(bench, study)
    if looked.cohort is not None and looked.study is not None:
        return label_cohort(looked.cohort, looked.study, definition)
    return label_all(
        snapshot_folder(bench.data, study.id, study.snapshot), definition
    )  # says why they cannot be read


@router.get("/definitions")
def list_definitions() -> list[model_shapes.KnownDefinition]:
    """The definitions of refractory disease."""
    return [
        model_shapes.KnownDefinition(
            name=name, title=one.title, source=one.source, version=str(one.version)
        )
        for name, one in DEFINITIONS.items()
    ]


@router.get("/definitions/{name}")
def show_definition(name: str) -> dict[str, Any]:
    """A definition with its criteria, switches, source and example patients."""
    if name not in DEFINITIONS:
        raise Refused(404, f"There is no such definition; there are {', '.join(DEFINITIONS)}.")
    return dict(describe(find(name)))
