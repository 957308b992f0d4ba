"""A page object and its template become HTML: whole, or the part that htmx asks for."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import NoMatchFound

from avidity import __version__
from avidity.report.risk_speech import Speech
from avidity.web import sentences, words
from avidity.web.pages.frame import Frame, Stage
from avidity.web.security.forms import FIELD, form_token
from avidity.web.store.sessions import Session
from avidity.web.store.studies import KeptStudy

STAGES = ("data", "problems", "refractory", "plan", "run", "results")
STAGE_OF = {
    "patient": "refractory",
    "compare": "results",
}  # pages that belong to a stage of another name
LANGUAGE_COOKIE = "avidity-language"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates: escaped, and strict about what they are given."""
    return Environment(
        loader=ChoiceLoader([PackageLoader("avidity.web"), PackageLoader("avidity.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def static_files() -> Mapping[str, bytes]:
    """Every asset by its name; what is not here cannot be asked for."""
    folder = resources.files("avidity.web").joinpath("static")
    risk = resources.files("avidity.report").joinpath("templates", "risk.css")  # its pictures
    files = [*folder.iterdir(), risk]
    return {file.name: file.read_bytes() for file in files if file.is_file()}


@lru_cache(maxsize=64)
def static(name: str) -> str:
    """An asset's address, which changes with its content."""
    return f"/static/{name}?v={hashlib.sha256(static_files()[name]).hexdigest()[:12]}"


def language(request: Request) -> str:
    """The language of this request."""
    accepted = request.headers.get("accept-language", "")
    return words.language_of(request.cookies.get(LANGUAGE_COOKIE), accepted)


def path_to(request: Request, name: str, /, **parameters: str) -> str:
    """The path of a route by its name."""
    return str(request.app.url_path_for(name, **parameters))


def render(
    request: Request,
    name: str,
    page: object,
    study: KeptStudy | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A page by its template's name; htmx gets ``name_part`` alone.

    study  the study whose stages stand above the page
    """
    whole = request.headers.get("hx-request") != "true"
    template = environment().get_template(f"{name}{'' if whole else '_part'}.html.j2")
    spoken = language(request)
    session: Session | None = request.state.session
    text = template.render(
        page=page,
        frame=_frame(request, name, spoken, session, study),
        study=study,
        t=lambda key, **values: words.words(spoken, key, **values),
        said=lambda text: sentences.said(spoken, text),
        spoken=lambda text: sentences.spoken(spoken, text),
        foreign=lambda text: sentences.foreign(spoken, text),
        risk=Speech(spoken),
        to=lambda route, **parameters: path_to(request, route, **parameters),
        printed=lambda text: words.printed(spoken, text),
        static=static,
        when=when,
        size=lambda count: size(spoken, count),
        csrf=lambda: _hidden(session),
        known=lambda route: _known(request, route),
        largest=request.state.bench.settings.largest,
    )
    return HTMLResponse(text, status)


def _frame(
    request: Request, name: str, spoken: str, session: Session | None, study: KeptStudy | None
) -> Frame:
    said = request.query_params.get("said", "")
    return Frame(
        name=name,
        language=spoken,
        languages=words.LANGUAGES,
        here=request.url.path,
        stages=_stages(request, name, study) if study and _owns(session, study) else (),
        said=f"said.{said}" if words.has(f"said.{said}") else "",
        account=session.account if session and request.state.bench.settings.accounts else "",
        role=session.role if session else "",
        token=form_token(session) if session else "",
        version=__version__,
    )


def _owns(session: Session | None, study: KeptStudy) -> bool:
    return session is not None and session.account == study.owner


def _stages(request: Request, name: str, study: KeptStudy) -> tuple[Stage, ...]:
    """The stages that have a route named like them, each ``/studies/{study_id}/...``."""
    found = []
    for stage in STAGES:
        try:
            path = path_to(request, stage, study_id=study.id)
        except NoMatchFound:
            continue
        found.append(Stage(stage, path, current=stage == STAGE_OF.get(name, name)))
    return tuple(found)


def _hidden(session: Session | None) -> Markup:
    """The field that proves a form is ours."""
    token = form_token(session) if session else ""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)


def _known(request: Request, name: str) -> bool:
    try:
        path_to(request, name)
    except NoMatchFound:
        return False
    return True


def when(moment: str) -> str:
    """A time of the store as the clock on the wall shows it."""
    return dt.datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def size(spoken: str, count: int) -> str:
    """Bytes in words."""
    for unit, worth in (("megabytes", 1_000_000), ("kilobytes", 1000)):
        if count >= worth:
            return words.words(spoken, f"size.{unit}", count=f"{count / worth:.1f}")
    return words.words(spoken, "size.bytes", count=count)
