"""Calculator: choose models, type a patient, read the risk; a model's file; the page to take away.

What is typed of a patient is posted, never in an address, and is kept nowhere.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from avidity.errors import RiskModelError
from avidity.report.risk_page import risk_page
from avidity.riskmodel.file import from_json, to_json
from avidity.riskmodel.model import RiskModel
from avidity.said import say
from avidity.web.bench import Bench
from avidity.web.given_file import attachment
from avidity.web.models import choices, drop_model, find_model, find_models, keep_model
from avidity.web.pages.asked import Typed
from avidity.web.pages.calculator import CalculatorPage, calculator_page
from avidity.web.render import language, path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, Person, TheBench
from avidity.web.store.sessions import Session
from avidity.web.uploads import shown_name

router = APIRouter()
MOST = 6  # models side by side
LONGEST = 24  # characters of a typed value
LARGEST_MODEL = 2_000_000  # bytes


@router.get("/calculator", name="calculator")
def calculator(request: Request, bench: TheBench, who: Person) -> Response:
    """An empty form; the address may name models, and never a value."""
    page = _page(bench, who, request.query_params.getlist("model"), {})
    return render(request, "calculator", page)


@router.post("/calculator", name="calculator_asked")
def calculator_asked(request: Request, bench: TheBench, who: Person, form: Posted) -> Response:
    """The whole page with what was typed: other models, or a browser without scripts."""
    return render(request, "calculator", _posted(bench, who, form))


@router.post("/calculator/risk", name="calculator_risk")
def calculator_risk(request: Request, bench: TheBench, who: Person, form: Posted) -> Response:
    """The answers alone, while somebody types."""
    return render(request, "risk", _posted(bench, who, form))


@router.post("/calculator/models", name="add_model")
def add_model(request: Request, bench: TheBench, who: Analyst, form: Posted) -> Response:
    """Keep a model's file for this person."""
    given = form.get("file")
    try:
        name, model = _read(given if isinstance(given, UploadFile) else None)
    except RiskModelError as error:
        chosen = [str(one) for one in form.getlist("model")]
        page = _page(bench, who, chosen, {}, trouble=str(error))
        return render(request, "calculator", page, status=422)
    kept = keep_model(bench, who, model, f"{model.title} ({name})")
    return RedirectResponse(f"{path_to(request, 'calculator')}?model=own.{kept}", 303)


@router.post("/calculator/models/{draft_id}/remove", name="remove_model")
def remove_model(
    request: Request,
    bench: TheBench,
    who: Analyst,
    draft_id: str,
    form: Posted,  # noqa: ARG001  # its token is checked
) -> Response:
    """Throw a model's file away."""
    drop_model(bench, who, draft_id)
    return RedirectResponse(path_to(request, "calculator"), 303)


@router.get("/calculator/page", name="calculator_page")
def calculator_file(request: Request, bench: TheBench, who: Person, model: str) -> Response:
    """The model as one page that works without a network."""
    asked = find_model(bench, who, model)
    content = risk_page(asked, language(request))
    return attachment(content, f"{asked.name}.html", "text/html; charset=utf-8")


@router.get("/calculator/model.json", name="calculator_model")
def calculator_model(bench: TheBench, who: Person, model: str) -> Response:
    """The model's own file."""
    asked = find_model(bench, who, model)
    return attachment(to_json(asked), f"{asked.name}.json", "application/json")


def _read(given: UploadFile | None) -> tuple[str, RiskModel]:
    if given is None or not given.filename:
        raise RiskModelError("choose a file first: the JSON file of a risk model")
    name = shown_name(given.filename)
    raw = given.file.read(LARGEST_MODEL + 1)
    if len(raw) > LARGEST_MODEL:
        raise RiskModelError(
            say("{name} must be a risk model's file; it is larger than any", name=name)
        )
    return name, from_json(raw, name)


def _posted(bench: Bench, who: Session, form: FormData) -> CalculatorPage:
    keys = [str(one) for one in form.getlist("model") if isinstance(one, str)]
    typed: dict[str, tuple[str, str]] = {}
    for name in form:
        if name.startswith("x-"):
            key = name.removeprefix("x-")
            typed[key] = (text_of(form, name, LONGEST), text_of(form, f"u-{key}", LONGEST))
    return _page(bench, who, keys, typed, text_of(form, "prevalence", LONGEST))


def _page(
    bench: Bench,
    who: Session,
    keys: list[str],
    typed: Typed,
    prevalence: str = "",
    trouble: str = "",
) -> CalculatorPage:
    models, unread = find_models(bench, who, list(dict.fromkeys(keys))[:MOST])
    return calculator_page(choices(bench, who, keys), models, typed, prevalence, trouble or unread)
