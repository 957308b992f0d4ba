"""Risk models: the library's, those of runs, one's own; a patient's risk; a model to take away."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from avidity.errors import RiskModelError
from avidity.papers import library
from avidity.report.risk_export import ENDINGS, Format, export
from avidity.report.risk_page import risk_page
from avidity.riskmodel.file import from_json, to_json
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import predict
from avidity.web.api import model_shapes
from avidity.web.api.answers import (
    JSON,
    XLSX,
    Answered,
    SideBySide,
    gives,
    gives_file,
    result,
)
from avidity.web.api.bodies import SentText
from avidity.web.api.trouble import Refused
from avidity.web.given_file import attachment
from avidity.web.models import Home, choices, drop_model, find_model, keep_model, seek_model
from avidity.web.pages.asked import form_of
from avidity.web.security.people import Analyst, Person, TheBench

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
MODEL_FILE: dict[str, Any] = {
    "requestBody": {
        "description": "A risk model's file, as `avidity export --as json` writes it.",
        "required": True,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/RiskModel"}}},
    }
}


LANGUAGE = "The page's language when it opens; for html alone."


def the_model(name: str, bench: TheBench, who: Person) -> RiskModel:
    """A model by its id: of the library, of a run one may see, or of one's own."""
    known = f"library.{name}" if name in library.names() else name
    found = seek_model(bench, who, known)
    if found is None:
        raise Refused(404, f"There is no such model; the library has {', '.join(library.names())}.")
    return found


TheModel = Annotated[RiskModel, Depends(the_model)]


@router.get("/models")
def list_models(bench: TheBench, who: Person) -> list[model_shapes.KnownModel]:
    """Every model you may ask: the library's, those of finished runs, your own.

    A partial one cannot compute.
    """
    shipped = [known_model(name, "library", library.find(name)) for name in library.names()]
    others = [one for one in choices(bench, who) if one.home != "library"]
    return [
        *shipped,
        *(
            known_model(one.id, one.home, find_model(bench, who, one.id), one.about)
            for one in others
        ),
    ]


def known_model(
    name: str, home: Home, model: RiskModel, study: str = ""
) -> model_shapes.KnownModel:
    """A model as it is listed."""
    return model_shapes.KnownModel(
        id=name,
        home=home,
        name=model.name,
        title=model.title,
        study=study,
        status=model.status,
        n=model.n,
        events=model.events,
    )


@router.post("/models", status_code=201, openapi_extra=MODEL_FILE)
def bring_model(bench: TheBench, who: Analyst, text: SentText) -> model_shapes.KnownModel:
    """Keep a model's file for yourself: the body is the file.

    422 with exit code 18 where it is none, or its test vectors do not hold.
    """
    model = from_json(text, "the model")
    kept = keep_model(bench, who, model, model.title)
    return known_model(f"own.{kept}", "own", model)


@router.delete("/models/{name}", status_code=204)
def remove_model(bench: TheBench, who: Analyst, name: str) -> Response:
    """Throw a model of your own away."""
    home, _, draft = name.partition(".")
    if home != "own" or seek_model(bench, who, name) is None:
        raise Refused(404, "You have no such model.")
    drop_model(bench, who, draft)
    return Response(status_code=204)


@router.get("/models/{name}", responses={200: {"model": RiskModel}})
def show_model(model: TheModel) -> Response:
    """A model whole: where it comes from, its inputs, terms, coefficients, and what is missing."""
    return Response(to_json(model), media_type=JSON)


@router.post("/models/{name}/risk", responses=gives("Prediction", "The risk."))
def answer_risk(model: TheModel, asked: model_shapes.RiskAsked) -> Response:
    """One patient's risk with its interval, what each term adds, and how far to believe it.

    422 with exit code 18 when the model must not answer: a missing input, an unknown unit, a
    value it has not seen. Nothing of the patient is kept.
    """
    found = predict(model, asked.inputs, prevalence=asked.prevalence, beyond=asked.beyond)
    return result(found)


@router.post("/risk", responses=gives("SideBySide", "Each model's answer, in the order asked."))
def answer_risks(bench: TheBench, who: Person, asked: model_shapes.RisksAsked) -> Response:
    """One patient under several models: what they have in common is asked once.

    A model that must not answer says why. Nothing of the patient is kept.
    """
    models = {name: the_model(name, bench, who) for name in dict.fromkeys(asked.models)}
    keys = form_of(models, {}).keys
    used: set[str] = set()
    answers = []
    for name, model in models.items():
        values = {}
        for one in model.inputs:
            known = (keys[name][one.name], *one.names)
            told = next((other for other in known if other in asked.inputs), None)
            if told is not None:
                values[one.name] = asked.inputs[told]
                used.add(told)
        answers.append(_answered(name, model, values, asked))
    if len(used) < len(asked.inputs):
        raise RiskModelError(
            "every input must be one of a model that is asked; of yours"
            f" {len(asked.inputs) - len(used)} are of none"
        )
    return result(SideBySide(tuple(answers)))


def _answered(
    name: str,
    model: RiskModel,
    values: Mapping[str, bool | float | str],
    asked: model_shapes.RisksAsked,
) -> Answered:
    try:
        found = predict(model, values, prevalence=asked.prevalence, beyond=asked.beyond)
    except RiskModelError as error:
        return Answered(name, model.title, None, str(error))
    return Answered(name, model.title, found, "")


@router.get(
    "/models/{name}/export",
    responses=gives_file("The model's file.", *dict.fromkeys(KINDS.values())),
)
def export_model(
    bench: TheBench,
    model: TheModel,
    kind: Annotated[Format, Query(alias="as", description="The format; card is a PDF.")],
    language: Annotated[Literal["en", "fr"], Query(description=LANGUAGE)] = "en",
) -> Response:
    """The model as a workbook, syntax, PMML, its own file, a page, or a printable card."""
    name = f"{model.name}{ENDINGS[kind][0]}"
    if kind == "html":
        return attachment(risk_page(model, language), name, KINDS[kind])
    with tempfile.TemporaryDirectory(dir=bench.data) as folder:
        out = Path(folder) / name
        export(model, kind, out)
        content = out.read_bytes()
    return attachment(content, name, KINDS[kind])
