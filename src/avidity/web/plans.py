"""The plan's form turned into changes of study.toml, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from avidity.steps.rewrite import rewrite, with_block
from avidity.study import Study
from avidity.web.security.forms import text_of

ROLES = ("terms", "candidates", "univariable", "sound", "search", "lower")
WAYS = ("at_least", "above", "one_of")
_WHOLE = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:[eE]-?\d+)?")


@dataclass(frozen=True, slots=True)
class Made:
    """A yes/no variable to be added, as typed."""

    name: str = ""
    label: str = ""
    source: str = ""
    way: str = "at_least"
    value: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person has chosen; text as typed, so that nothing is lost.

    roles   role -> the variables that have it
    fixed   variable -> its cut-off chosen beforehand
    knots   variable -> how many knots, "" for a straight line
    """

    definition: str = ""
    cannot_say: str = "exclude"
    policy: str = "modern"
    principle: str = "wald"
    p_below: str = "0.05"
    selection: str = "declared"
    resamples: str = "1000"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    knots: Mapping[str, str] = field(default_factory=dict)
    made: Made = field(default_factory=Made)


def plan_of(study: Study) -> Plan:
    """The plan a study file holds."""
    screen = study.model.screen
    return Plan(
        definition=study.outcome.definition,
        cannot_say=study.outcome.cannot_say,
        policy=study.table1.policy,
        principle=study.model.principle,
        p_below=f"{screen.p_below if screen else 0.05:g}",
        selection=study.sound.selection,
        resamples=str(study.sound.resamples),
        roles={
            "terms": study.model.terms,
            "candidates": screen.candidates if screen else (),
            "univariable": study.model.univariable,
            "sound": study.sound.terms,
            "search": study.cutoffs.fields,
            "lower": study.cutoffs.lower_means_case,
        },
        fixed={name: f"{value:g}" for name, value in study.cutoffs.fixed.items()},
        knots={name: str(count) for name, count in study.sound.knots.items()},
    )


def typed_plan(form: FormData, before: Plan) -> Plan:
    """The plan as the form was left."""

    def listed(role: str) -> tuple[str, ...]:
        chosen = [one for one in form.getlist(role) if isinstance(one, str)]
        known = [one for one in before.roles[role] if one in chosen]  # in the order of the file
        return tuple(dict.fromkeys([*known, *chosen]))

    def by_name(prefix: str) -> dict[str, str]:
        found = {key[len(prefix) :]: text_of(form, key) for key in form if key.startswith(prefix)}
        return {name: text for name, text in found.items() if text}

    parts = ("name", "label", "source", "way", "value")
    return Plan(
        definition=text_of(form, "definition"),
        cannot_say=text_of(form, "cannot_say"),
        policy=text_of(form, "policy"),
        principle=text_of(form, "principle"),
        p_below=text_of(form, "p_below"),
        selection=text_of(form, "selection"),
        resamples=text_of(form, "resamples"),
        roles={role: listed(role) for role in ROLES},
        fixed=by_name("fixed:"),
        knots=by_name("knots:"),
        made=Made(*(text_of(form, f"made:{part}") for part in parts)),
    )


def planned(text: str, before: Plan, wanted: Plan) -> str:
    """study.toml with the plan in it; what was not changed stays as it was typed.

    raises  StudyFileError when the file cannot be changed without touching more
    """
    if wanted.made.name or wanted.made.source:
        text = with_block(text, "variable", _variable(wanted.made))
    return rewrite(text, dict(_changes(before, wanted)))


def _variable(made: Made) -> dict[str, object]:
    value: object = _number(made.value)
    if made.way == "one_of":
        value = [part.strip() for part in made.value.split(",") if part.strip()]
    found: dict[str, object] = {"name": made.name}
    if made.label:
        found["label"] = made.label
    return found | {"from": made.source, made.way: value}


def _changes(before: Plan, wanted: Plan) -> Iterable[tuple[tuple[str, ...], object]]:
    """Only what differs, so that a default nobody chose is not written down."""
    if wanted.definition and wanted.definition != before.definition:
        yield ("outcome", "definition"), wanted.definition
        for key in ("switches", "column", "yes", "no"):  # they belong to the other way
            yield ("outcome", key), None
    for path, name in (
        (("outcome", "cannot_say"), "cannot_say"),
        (("table1", "policy"), "policy"),
        (("model", "principle"), "principle"),
        (("sound", "selection"), "selection"),
    ):
        if getattr(wanted, name) != getattr(before, name):
            yield path, getattr(wanted, name)
    if wanted.resamples != before.resamples:
        yield ("sound", "resamples"), _number(wanted.resamples)
    for path, role in (
        (("model", "terms"), "terms"),
        (("model", "univariable"), "univariable"),
        (("sound", "terms"), "sound"),
        (("cutoffs", "fields"), "search"),
        (("cutoffs", "lower_means_case"), "lower"),
    ):
        if wanted.roles[role] != before.roles[role]:
            yield path, list(wanted.roles[role]) or None
    yield from _tables(before, wanted)


def _tables(before: Plan, wanted: Plan) -> Iterable[tuple[tuple[str, ...], object]]:
    if wanted.fixed != before.fixed:
        yield ("cutoffs", "fixed"), _numbers(wanted.fixed)
    if wanted.knots != before.knots:
        yield ("sound", "knots"), _numbers(wanted.knots)
    chosen = wanted.roles["candidates"]
    if (chosen, wanted.p_below) != (before.roles["candidates"], before.p_below):
        screen = {"candidates": list(chosen), "p_below": _number(wanted.p_below)}
        yield ("model", "screen"), screen if chosen else None


def _numbers(typed: Mapping[str, str]) -> dict[str, object] | None:
    return {name: _number(text) for name, text in typed.items()} or None


def _number(text: str) -> object:
    """A number as typed, with a comma or a point; what is none stays text and is refused later."""
    plain = "".join(text.split())
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else text


def in_order(names: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    """Names with those that are used before the others."""
    return tuple(dict.fromkeys([*(one for one in first if one in names), *names]))
