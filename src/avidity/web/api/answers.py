"""Results of the package as answers, and as parts of the description: their own types say both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from avidity.report.results_json import to_json
from avidity.riskmodel.predict import Prediction
from avidity.steps.agreement import Agreement
from avidity.steps.overrides import Override
from avidity.web.pages.patient import RecordSeen, VerdictSeen

JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
BYTES = "application/octet-stream"
TOML = "application/toml"


@dataclass(frozen=True, slots=True)
class LabelSummary:
    """How many patients each definition calls refractory, and how far the definitions agree."""

    cohort_sha256: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: the records along the years, and what each definition makes of them.

    row            in the table patients, as a person counts; before and after: its neighbours
    computed       the study's own answer, from ``source``; ``answer`` is what counts
    by             the definition whose deciding records are marked
    """

    row: int
    patient_id: str
    snapshot: str
    answer: str
    computed: str
    source: str
    override: Override | None
    by: str
    records: tuple[RecordSeen, ...]
    verdicts: tuple[VerdictSeen, ...]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What one model says of a patient, or why it must not answer.

    model   its id
    """

    model: str
    title: str
    prediction: Prediction | None
    refused: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One patient under several models."""

    answers: tuple[Answered, ...]


def result(thing: object) -> Response:
    """A result of the package as it stands in a file: all digits, nothing rounded."""
    return Response(to_json(thing), media_type=JSON)


def gives(name: str, words: str) -> dict[int | str, dict[str, Any]]:
    """The description of an answer that is one of `kinds`, by its name."""
    content = {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {200: {"description": words, "content": content}}


def gives_file(words: str, *kinds: str) -> dict[int | str, dict[str, Any]]:
    """The description of an answer that is a file."""
    shape = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": words, "content": dict.fromkeys(kinds, shape)}}


def takes(words: str, example: str = "") -> dict[str, Any]:
    """The description of a body that is a TOML file."""
    shape: dict[str, Any] = {"schema": {"type": "string"}}
    if example:
        shape["example"] = example
    return {
        "requestBody": {"description": words, "required": True, "content": {TOML: shape}},
    }


def kinds() -> dict[str, type]:
    """The results that are answers, by their name in the description."""
    from avidity.papers.audit import Audit
    from avidity.papers.pooled import PooledEvidence
    from avidity.papers.rebuild import RebuiltPaper
    from avidity.steps.agreement import Labels
    from avidity.steps.results import Results
    from avidity.web.pages.plan import PlanPage

    return {
        "Audit": Audit,
        "PooledEvidence": PooledEvidence,
        "RebuiltPaper": RebuiltPaper,
        "Prediction": Prediction,
        "SideBySide": SideBySide,
        "Labels": Labels,
        "LabelSummary": LabelSummary,
        "Results": Results,
        "Patient": Patient,
        "Plan": PlanPage,
    }


def components() -> dict[str, Any]:
    """The shapes of `kinds`: the parts of each under its own name, as ``Audit.Finding``."""
    from avidity.report.schema import schema

    found: dict[str, Any] = {}
    for name, kind in kinds().items():
        shape = schema(kind, name)
        parts = shape.pop("$defs")
        shape.pop("$schema")
        for part, content in {"": shape, **parts}.items():
            found[f"{name}.{part}" if part else name] = _moved(content, name)
    return found


def _moved(content: Any, name: str) -> Any:  # noqa: ANN401  # any part of a schema
    """The same with every reference to a part's new place."""
    if isinstance(content, dict):
        return {
            key: f"#/components/schemas/{name}.{value.removeprefix('#/$defs/')}"
            if key == "$ref"
            else _moved(value, name)
            for key, value in content.items()
        }
    if isinstance(content, list):
        return [_moved(one, name) for one in content]
    return content
