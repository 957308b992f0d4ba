"""One patient: the records along the years, what each definition makes of them, the override."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from avidity.refractory.answers import Judgement
from avidity.refractory.definition import Criterion, Definition, Verdict
from avidity.said import say, term
from avidity.steps.agreement import told
from avidity.steps.judged import Judged, JudgedPatient
from avidity.steps.overrides import Override
from avidity.steps.timeline import Event, timeline
from avidity.web.pages.refractory import key_of
from avidity.web.pages.timeline import Picture, picture

SHAPES = (  # the legend: what is drawn how
    ("rai_courses", ""),
    ("scans", ""),
    ("lesion_uptake", "avid"),
    ("lesion_uptake", "declined"),
    ("lesion_uptake", "not avid"),
    ("lesion_uptake", "equivocal"),
    ("lesions", "seen"),
    ("lesions", "treated"),
    ("structural_assessments", "progression"),
    ("structural_assessments", "stable"),
    ("fdg_pet", "positive"),
    ("fdg_pet", "negative"),
    ("labs", ""),
    ("follow_up", ""),
)


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """A record in words: a day, its lane, what it says, where it stands, whether it decided."""

    day: str
    lane: str
    lesion: str
    facts: tuple[tuple[str, str, bool], ...]
    place: str
    decided: bool


@dataclass(frozen=True, slots=True)
class CriterionSeen:
    """One criterion: met, not met, or open; since when, by which records, for want of what."""

    code: str
    wording: str
    certainty: str
    state: str
    since: str
    records: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerdictSeen:
    """What one definition makes of the patient."""

    name: str
    title: str
    source: str
    own: bool
    answer: str
    since: str
    records: tuple[str, ...]
    missing: tuple[str, ...]
    criteria: tuple[CriterionSeen, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of the override as it was left."""

    answer: str = ""
    reason: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class PatientPage:
    """The page of one patient; ``by`` is the definition whose deciding records are ringed."""

    number: int
    patient_id: str
    answer: str
    computed: str
    source: str
    override: Override | None
    by: str
    definitions: tuple[str, ...]
    picture: Picture | None
    records: tuple[RecordSeen, ...]
    shapes: tuple[tuple[str, str], ...]
    verdicts: tuple[VerdictSeen, ...]
    before: int | None
    after: int | None
    snapshot: str
    typed: Typed
    trouble: str = ""


def patient_page(
    judged: Judged,
    patient: JudgedPatient,
    by: str,
    snapshot: str,
    typed: Typed | None = None,
    trouble: str = "",
) -> PatientPage:
    """The page of a patient."""
    names = tuple(judged.definitions)
    by = by if by in names else judged.own or next(iter(names), "")
    verdict = patient.verdicts.get(by)
    events = timeline(patient.chart)
    drawn = picture(events, verdict)
    present = {(mark.shape, mark.state) for mark in drawn.marks} if drawn else set()
    numbers = [one.number for one in judged.patients]
    at = numbers.index(patient.number)
    return PatientPage(
        number=patient.number,
        patient_id=patient.patient_id,
        answer=key_of(patient.answer),
        computed=key_of(patient.computed),
        source=judged.by,
        override=patient.override,
        by=by,
        definitions=names,
        picture=drawn,
        records=tuple(_record(one, verdict) for one in events),
        shapes=tuple(shape for shape in SHAPES if shape in present),
        verdicts=tuple(
            _verdict(definition, patient.verdicts[name], name == judged.own)
            for name, definition in judged.definitions.items()
        ),
        before=numbers[at - 1] if at else None,
        after=numbers[at + 1] if at + 1 < len(numbers) else None,
        snapshot=snapshot,
        typed=typed or _left(judged, patient),
        trouble=trouble,
    )


def _left(judged: Judged, patient: JudgedPatient) -> Typed:
    """The form before anybody typed: what was given, or the name that was given last."""
    if given := patient.override:
        return Typed(key_of(given.answer), given.reason, given.who)
    names = [one.override for one in judged.patients if one.override]
    return Typed(who=max(names, key=lambda one: one.when).who if names else "")


def _record(event: Event, verdict: Verdict | None) -> RecordSeen:
    row = "" if event.row is None else f" {event.row}"
    return RecordSeen(
        event.date.isoformat() if event.date else "",
        event.table,
        event.lesion,
        tuple((name, *_shown(value)) for name, value in event.facts),
        f"{event.table}{row}",
        verdict is not None and event.decided(verdict),
    )


def _shown(value: object) -> tuple[str, bool]:
    """A value as text, and whether it is the key of an answer."""
    if isinstance(value, bool):
        return key_of(value), True
    if isinstance(value, dt.date):
        return value.isoformat(), False
    if isinstance(value, float):
        return say("{value:,.6g}", value=value), False
    return term(str(value)), False


def _verdict(definition: Definition, verdict: Verdict, own: bool) -> VerdictSeen:
    return VerdictSeen(
        _named(verdict.definition),
        definition.title,
        definition.source,
        own,
        key_of(verdict.answer),
        verdict.date.isoformat() if verdict.date else "",
        tuple(map(told, verdict.records)),
        verdict.missing,
        tuple(_criterion(one, verdict.per_criterion[one.code]) for one in definition.criteria),
    )


def _named(definition: str) -> str:
    """A definition's name, which stays; and the switches that were turned."""
    name, turned, switches = definition.partition(" with ")
    return say("{name} with {switches}", name=name, switches=switches) if turned else term(name)


def _criterion(criterion: Criterion, said: Judgement) -> CriterionSeen:
    return CriterionSeen(
        term(criterion.code),
        criterion.wording,
        criterion.certainty,
        {True: "met", False: "not-met", None: "open"}[said.answer],
        said.date_first_held.isoformat() if said.date_first_held else "",
        tuple(map(told, said.records)),
        said.missing,
    )
