"""The interface for programs: the pages' actions under ``/api/v1``, with their description."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import Depends, FastAPI

from avidity import __version__
from avidity.web.api import (
    accounts,
    columns,
    drafts,
    findings,
    history,
    labels,
    models,
    papers,
    plan,
    rebuilds,
    refractory,
    runs,
    session,
    studies,
)
from avidity.web.api.answers import JSON, components
from avidity.web.api.bodies import described_query, known
from avidity.web.api.trouble import PREFIX, answer_troubles, documented

ABOUT = """\
What the workbench's pages do, for programs. The description is an OpenAPI document.

Begin a session with the one-time token of the address that `avidity serve --no-browser` prints
(`POST /session`), and send its bearer token with every request.
Whoever asks sees what the pages would show them: records and findings are the owner's alone,
results also those of a shared study.

Every error is one object: `kind`, `message`, `exit_code`. The code is that of the command line.
With `Accept-Language: fr` the message of a 422 is French where that is known, else English.
Answers that are results of avidity follow the conventions of results.json.
"""

MODULES = (
    *(studies, columns, findings, refractory, plan, runs),
    *(labels, models, papers, drafts, rebuilds, history, accounts, session),
)
ENTRANCES = {
    "OneTimeToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token in the address that avidity serve printed; it opens once.",
    },
    "Password": {
        "type": "http",
        "scheme": "basic",
        "description": "Name and password, where people have accounts.",
    },
}


@cache
def create_api() -> FastAPI:
    """The interface as an application to be mounted at `PREFIX`: one for all workbenches.

    Each request carries what its workbench is made of. Made once, as that takes half a second.
    """
    api = FastAPI(
        title="avidity",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        responses=documented(),
        generate_unique_id_function=lambda route: route.name,
    )
    for module in MODULES:
        api.include_router(module.router, dependencies=[Depends(known), Depends(described_query)])
    api.include_router(session.entry)
    answer_troubles(api)
    plain = api.openapi

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            _complete(plain())
        return plain()

    api.openapi = described  # type: ignore[method-assign]  # the framework's own way to extend it
    return api


def _complete(made: dict[str, Any]) -> None:
    """Add the shapes of results, and the ways to come in."""
    for operations in made["paths"].values():
        for one in operations.values():
            _only_files(one["responses"].get("200", {}).get("content", {}))
    parts = made.setdefault("components", {})
    parts.setdefault("schemas", {}).update(components())
    parts.setdefault("securitySchemes", {}).update(ENTRANCES)


def _only_files(content: dict[str, Any]) -> None:
    """Take away the JSON of any shape that the framework adds where a file is given."""
    if len(content) > 1 and not content.get(JSON, {}).get("schema", True):
        del content[JSON]


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document as a running workbench gives it; made once, not to be changed."""
    return {**create_api().openapi(), "servers": [{"url": PREFIX}]}
