"""The plan: read, tried on the patients, kept; and study.toml, which says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import create_model

from avidity.errors import WorkbenchError
from avidity.web import try_plan
from avidity.web.api import shapes
from avidity.web.api.answers import TOML, gives, gives_file, result, takes
from avidity.web.api.bodies import LONGEST_TEXT, SentText
from avidity.web.api.trouble import Refused
from avidity.web.bench import Bench
from avidity.web.changes import keep_study_text
from avidity.web.cohorts import look
from avidity.web.folders import snapshot_folder
from avidity.web.given_file import attachment
from avidity.web.plan_rows import RULE, VARIABLE, Row
from avidity.web.plan_settings import SETTINGS
from avidity.web.plans import ROLES, Plan, plan_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy, find_study

router = APIRouter(tags=["plan"])
STUDY = '[study]\ntitle = "Our study"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'
GONE = "gone"
KEYS = {"roles": ROLES, "settings": tuple(one.name for one in SETTINGS)}  # those left out stay
ROWS = {"variables": ("name", *VARIABLE), "rules": RULE}
Seen = Annotated[
    str,
    Query(max_length=64, description="The snapshot you looked at: refused where it is another."),
]

if TYPE_CHECKING:
    PlanAsked = shapes.PlanChoice
else:  # what a plan holds stands once, in `Plan`
    PlanAsked = create_model(
        "PlanAsked",
        __base__=shapes.PlanChoice,
        __doc__=shapes.PlanChoice.__doc__,
        **{
            name: (kind | None, None)
            for name, kind in get_type_hints(Plan).items()
            if name in {one.name for one in fields(Plan)}
        },
    )


@router.get("/studies/{study_id}/plan", responses=gives("Plan", "The plan."))
def show_plan(bench: TheBench, study: OwnStudy) -> Response:
    """The plan as study.toml has it, what may be named in it, and what so many patients carry."""
    return result(try_plan.try_plan(bench, study, None).page)


@router.post("/studies/{study_id}/plan/look", responses=gives("Plan", "What would come of it."))
def look_at_plan(bench: TheBench, study: OwnStudy, asked: PlanAsked) -> Response:
    """What a plan would say: its study.toml, the verdict on its size, its doubts. Nothing is kept.

    `refused` says in the steps' own words why it could not be kept.
    """
    tried = try_plan.try_plan(bench, study, _wanted(bench, study, asked))
    if tried.page.trouble or tried.page.errors:
        try_plan.keep_plan(bench, study, "", tried)  # raises why there is no plan to look at
    return result(tried.page)


@router.put("/studies/{study_id}/plan", responses=gives("Plan", "The plan that is kept now."))
def keep_plan(
    bench: TheBench, study: OwnStudy, who: Analyst, asked: PlanAsked, snapshot: Seen = ""
) -> Response:
    """Write the plan into study.toml; 422 with the step's sentence where it cannot be."""
    wanted = _wanted(bench, study, asked)
    tried = try_plan.try_plan(bench, study, wanted, snapshot or None)
    try_plan.keep_plan(bench, study, who.account, tried)
    with bench.store.reading() as connection:
        changed = find_study(connection, study.id) or study
    return result(try_plan.try_plan(bench, changed, None).page)


@router.get(
    "/studies/{study_id}/study.toml", responses=gives_file("The study file as it is.", TOML)
)
def show_study_file(bench: TheBench, study: OwnStudy) -> Response:
    """study.toml."""
    file = snapshot_folder(bench.data, study.id, study.snapshot) / "study.toml"
    return attachment(file.read_bytes(), file.name, TOML)


@router.put(
    "/studies/{study_id}/study.toml",
    status_code=204,
    openapi_extra=takes("The text of a study.toml.", STUDY),
)
def replace_study_file(
    bench: TheBench, study: OwnStudy, who: Analyst, text: SentText, snapshot: Seen = ""
) -> Response:
    """Another study.toml; 422 with every fault and its line, and then the old one stays."""
    keep_study_text(bench, study, who.account, text, snapshot)
    return Response(status_code=204)


def _wanted(bench: Bench, study: KeptStudy, asked: shapes.PlanChoice) -> Plan | None:
    """The plan there is with what is asked in it; None where the study file cannot be read."""
    read = look(bench, study).study
    if read is None:
        return None
    before = plan_of(read)
    said: dict[str, Any] = {
        name: getattr(asked, name)
        for name in asked.model_fields_set
        if getattr(asked, name) is not None
    }
    for name, known in KEYS.items():
        _known_only(name, said.get(name, ()), known)
    if len(str(said)) > LONGEST_TEXT:
        raise Refused(413, f"A plan must have at most {LONGEST_TEXT:,} signs.")
    for name in KEYS.keys() & said.keys():
        said[name] = {**getattr(before, name), **said[name]}
    for name, keys in ROWS.items():
        if name in said:
            said[name] = tuple(_row(name, row, keys) for row in said[name])
    for name, several in (("new_variable", "variables"), ("new_rule", "rules")):
        if name in said:
            said[name] = _row(name, said[name], ROWS[several])
    return replace(before, **said)


def _row(name: str, row: Mapping[str, str], keys: Sequence[str]) -> Row:
    """A row with every key it may have; ``gone`` stays away where nobody asks for it."""
    _known_only(name, row, (*keys, GONE))
    return {key: row.get(key, "") for key in keys} | ({GONE: "yes"} if row.get(GONE) else {})


def _known_only(name: str, given: Iterable[str], known: Sequence[str]) -> None:
    if unknown := set(given) - set(known):
        raise WorkbenchError(
            f"a key of {name} must be one of {', '.join(known)}; {len(unknown)} of yours are not"
        )
