"""Risk models: the library, one patient's risk, and the model for another program."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from avidity.papers import library
from avidity.report.risk_export import ENDINGS, Format, export
from avidity.riskmodel.file import to_json
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import predict
from avidity.web.api import shapes
from avidity.web.api.answers import JSON, XLSX, gives, gives_file, result
from avidity.web.api.trouble import Refused
from avidity.web.routes.data import attachment
from avidity.web.security.people import TheBench

router = APIRouter(tags=["models"])
KINDS: dict[Format, str] = {
    "xlsx": XLSX,
    "r": "text/plain",
    "spss": "text/plain",
    "stata": "text/plain",
    "pmml": "application/xml",
    "json": JSON,
    "card": "application/pdf",
    "html": "text/html",
}


def of_library(name: str) -> RiskModel:
    """A model by its name."""
    if name not in library.names():
        raise Refused(404, f"There is no such model; there are {', '.join(library.names())}.")
    return library.find(name)


TheModel = Annotated[RiskModel, Depends(of_library)]


@router.get("/models")
def list_models() -> list[shapes.KnownModel]:
    """The library of published models; a partial one cannot compute."""
    known = [library.find(name) for name in library.names()]
    return [
        shapes.KnownModel(
            name=one.name, title=one.title, status=one.status, n=one.n, events=one.events
        )
        for one in known
    ]


@router.get("/models/{name}", responses={200: {"model": RiskModel}})
def show_model(model: TheModel) -> Response:
    """A model whole: where it comes from, its inputs, terms, coefficients, and what is missing."""
    return Response(to_json(model), media_type=JSON)


@router.post("/models/{name}/risk", responses=gives("Prediction", "The risk."))
def answer_risk(model: TheModel, asked: shapes.RiskAsked) -> Response:
    """One patient's risk with its interval, what each term adds, and how far to believe it.

    422 with exit code 18 when the model must not answer: a missing input, an unknown unit, a
    value it has not seen. Nothing of the patient is kept.
    """
    found = predict(model, asked.inputs, prevalence=asked.prevalence, beyond=asked.beyond)
    return result(found)


@router.get(
    "/models/{name}/export",
    responses=gives_file("The model's file.", *dict.fromkeys(KINDS.values())),
)
def export_model(
    bench: TheBench,
    model: TheModel,
    kind: Annotated[Format, Query(alias="as", description="The format; card is a PDF.")],
) -> Response:
    """The model as a workbook, syntax, PMML, its own file, a page, or a printable card."""
    name = f"{model.name}{ENDINGS[kind][0]}"
    with tempfile.TemporaryDirectory(dir=bench.data) as folder:
        out = Path(folder) / name
        export(model, kind, out)
        content = out.read_bytes()
    return attachment(content, name, KINDS[kind])
