"""The plan's form turned into changes of study.toml, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from avidity.steps.rewrite import rewrite
from avidity.steps.rewrite_blocks import rewrite_blocks
from avidity.study import Study
from avidity.web.plan_outcome import Decided, decided_of, outcome_changed, typed_outcome
from avidity.web.plan_rows import (
    RULE,
    VARIABLE,
    Row,
    blocks,
    forgotten,
    names_gone,
    number_of,
    rule_content,
    rule_row,
    typed_new,
    typed_rows,
    variable_content,
    variable_row,
    without,
)
from avidity.web.plan_settings import settings_changed, settings_of, typed_settings
from avidity.web.security.forms import text_of

ROLES = ("terms", "candidates", "univariable", "sound", "search", "lower", "table1")
BY_NAME = ("fixed", "knots", "tests", "per")  # one value for each variable


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person has chosen; text as typed, so that nothing is lost.

    definition  "" where a column decides
    decided     that column and its words; the definition's switches that are turned
    roles       role -> the variables that have it
    fixed       variable -> its cut-off chosen beforehand
    knots       variable -> how many knots, "" for a straight line
    tests       variable -> a test of its own in Table 1
    per         variable -> the step its odds ratio is for
    settings    the plain settings, by section.key
    variables   those made from fields, a row each, and the empty one; rules likewise
    """

    definition: str = ""
    decided: Decided = field(default_factory=Decided)
    cannot_say: str = "exclude"
    policy: str = "modern"
    principle: str = "wald"
    p_below: str = "0.05"
    selection: str = "declared"
    resamples: str = "1000"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    knots: Mapping[str, str] = field(default_factory=dict)
    tests: Mapping[str, str] = field(default_factory=dict)
    per: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    variables: tuple[Row, ...] = ()
    new_variable: Row = field(default_factory=dict)
    rules: tuple[Row, ...] = ()
    new_rule: Row = field(default_factory=dict)


def plan_of(study: Study) -> Plan:
    """The plan a study file holds."""
    screen = study.model.screen
    return Plan(
        definition=study.outcome.definition,
        decided=decided_of(study.outcome),
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
            "table1": study.table1.variables,
        },
        fixed={name: f"{value:g}" for name, value in study.cutoffs.fixed.items()},
        knots={name: str(count) for name, count in study.sound.knots.items()},
        tests=dict(study.table1.tests),
        per={name: f"{value:g}" for name, value in study.model.per.items()},
        settings=settings_of(study),
        variables=tuple(variable_row(one) for one in study.variables),
        rules=tuple(rule_row(one) for one in study.eligibility),
    )


def typed_plan(form: FormData, before: Plan) -> Plan:
    """The plan as the form was left; a variable that is taken out is named nowhere any more."""
    variables = typed_rows(form, "variable", VARIABLE, before.variables)
    gone = names_gone(variables) | forgotten(form)

    def listed(role: str) -> tuple[str, ...]:
        if role == "table1" and not text_of(form, "table1:here"):
            return before.roles[role]
        chosen = [one for one in form.getlist(role) if isinstance(one, str) and one not in gone]
        known = [one for one in before.roles[role] if one in chosen]  # in the order of the file
        return tuple(dict.fromkeys([*known, *chosen]))

    def by_name(kind: str) -> dict[str, str]:
        shown = {key.partition(":")[2] for key in form if key.startswith(f"{kind}:")}
        left = {} if kind in ("fixed", "knots") else dict(getattr(before, kind))
        found = left | {name: text_of(form, f"{kind}:{name}") for name in shown}
        return {name: text for name, text in found.items() if text and name not in gone}

    plain = ("cannot_say", "policy", "principle", "p_below", "selection", "resamples")
    definition, decided = typed_outcome(form, before.decided)
    return Plan(
        definition=definition,
        decided=decided,
        **{name: text_of(form, name) for name in plain},  # type: ignore[arg-type]  # each is a text
        roles={role: listed(role) for role in ROLES},
        **{kind: by_name(kind) for kind in BY_NAME},  # type: ignore[arg-type]  # each is a mapping
        settings=typed_settings(form, before.settings),
        variables=variables,
        new_variable=typed_new(form, "variable", ("name", *VARIABLE)),
        rules=without(typed_rows(form, "rule", RULE, before.rules), forgotten(form)),
        new_rule=typed_new(form, "rule", RULE),
    )


def planned(text: str, before: Plan, wanted: Plan) -> str:
    """study.toml with the plan in it; what was not changed stays as it was typed.

    raises  StudyFileError when the file cannot be changed without touching more
    """
    new = wanted.new_variable
    made = variable_content(new) if any(new.get(key) for key in ("name", "source", "value")) else {}
    asked = wanted.new_rule
    rule = (
        rule_content(asked) if any(asked.get(key) for key in ("reason", "field", "value")) else {}
    )
    if made or wanted.variables != before.variables:
        wished = blocks(before.variables, wanted.variables, made, "variable")
        text = rewrite_blocks(text, "variable", wished)
    if rule or wanted.rules != before.rules:
        text = rewrite_blocks(
            text, "eligibility", blocks(before.rules, wanted.rules, rule, "eligibility")
        )
    return rewrite(text, dict(_changes(before, wanted)))


def _changes(before: Plan, wanted: Plan) -> Iterable[tuple[tuple[str, ...], object]]:
    """Only what differs, so that a default nobody chose is not written down."""
    yield from outcome_changed(
        (before.definition, before.decided), (wanted.definition, wanted.decided)
    )
    for path, name in (
        (("outcome", "cannot_say"), "cannot_say"),
        (("table1", "policy"), "policy"),
        (("model", "principle"), "principle"),
        (("sound", "selection"), "selection"),
    ):
        if getattr(wanted, name) != getattr(before, name):
            yield path, getattr(wanted, name)
    if wanted.resamples != before.resamples:
        yield ("sound", "resamples"), number_of(wanted.resamples)
    for path, role in (
        (("model", "terms"), "terms"),
        (("model", "univariable"), "univariable"),
        (("sound", "terms"), "sound"),
        (("cutoffs", "fields"), "search"),
        (("cutoffs", "lower_means_case"), "lower"),
        (("table1", "variables"), "table1"),
    ):
        if wanted.roles[role] != before.roles[role]:
            yield path, list(wanted.roles[role]) or None
    yield from _tables(before, wanted)
    yield from settings_changed(before.settings, wanted.settings)


def _tables(before: Plan, wanted: Plan) -> Iterable[tuple[tuple[str, ...], object]]:
    if wanted.fixed != before.fixed:
        yield ("cutoffs", "fixed"), _numbers(wanted.fixed)
    if wanted.knots != before.knots:
        yield ("sound", "knots"), _numbers(wanted.knots)
    if wanted.per != before.per:
        yield ("model", "per"), _numbers(wanted.per)
    if wanted.tests != before.tests:
        yield ("table1", "tests"), dict(wanted.tests) or None
    chosen = wanted.roles["candidates"]
    if (chosen, wanted.p_below) != (before.roles["candidates"], before.p_below):
        screen = {"candidates": list(chosen), "p_below": number_of(wanted.p_below)}
        yield ("model", "screen"), screen if chosen else None


def _numbers(typed: Mapping[str, str]) -> dict[str, object] | None:
    return {name: number_of(text) for name, text in typed.items()} or None


def in_order(names: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    """Names with those that are used before the others."""
    return tuple(dict.fromkeys([*(one for one in first if one in names), *names]))
