"""Calculator: one patient's risk under the chosen models, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from avidity.errors import RiskModelError
from avidity.report.risk_picture import Picture, picture
from avidity.riskmodel.guard import Guarded, guard
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import Prediction, predict, source_prevalence
from avidity.riskmodel.terms import Term
from avidity.said import joined, term
from avidity.web.models import ModelChoice
from avidity.web.pages.asked import Asked, Form, Typed, form_of

State = Literal["partial", "waiting", "refused", "answered"]


@dataclass(frozen=True, slots=True)
class Line:
    """What one term adds."""

    term: Term
    asked: Input
    value: str
    log_odds: float

    @property
    def label(self) -> str:
        """The label of what it reads."""
        return term(self.asked.label)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was told of the patient, as typed."""

    label: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's answer, or why it gives none.

    missing, wrong  what is still to be filled in or to be looked at: key and label of the field
    drawn, local    pictures of the risk as in the source, and under the declared prevalence
    """

    key: str
    model: RiskModel
    state: State
    missing: tuple[tuple[str, str], ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    guards: tuple[tuple[str, str, str, Guarded], ...] = ()
    found: Prediction | None = None
    drawn: Picture | None = None
    local: Picture | None = None
    lines: tuple[Line, ...] = ()

    @property
    def title(self) -> str:
        """The model's; one somebody gave it stays as it was given."""
        return term(self.model.title)

    @property
    def shown(self) -> float | None:
        """The risk as it is drawn: where the outcome is as common as was declared, if it was."""
        if self.found is None:
            return None
        return self.found.local.risk if self.found.local else self.found.risk

    @staticmethod
    def figure(text: str) -> str:
        """A printed figure, which each language writes its own way."""
        return term(text)

    @property
    def missing_names(self) -> str:
        """The labels of what is still to be filled in."""
        return joined(label for _, label in self.missing)

    @property
    def wrong_names(self) -> str:
        """The labels of what is to be looked at."""
        return joined(label for _, label in self.wrong)


@dataclass(frozen=True, slots=True)
class CalculatorPage:
    """The form and the answers."""

    choices: tuple[ModelChoice, ...]
    chosen: tuple[str, ...]
    fields: tuple[Asked, ...]
    told: tuple[Told, ...]
    answers: tuple[Answer, ...]
    prevalence: str
    prevalence_wrong: bool
    source: float | None
    trouble: str

    @property
    def differ(self) -> tuple[float, float] | None:
        """The lowest and the highest risk, where several models answer."""
        risks = [one.shown for one in self.answers if one.shown is not None]
        return (min(risks), max(risks)) if len(risks) > 1 else None


def calculator_page(
    choices: Sequence[ModelChoice],
    models: Mapping[str, RiskModel],
    typed: Typed,
    prevalence: str = "",
    trouble: str = "",
) -> CalculatorPage:
    """The page.

    models      the chosen ones by id, in the order they are shown
    typed       by field
    prevalence  in per cent, as typed
    """
    form = form_of(models, typed)
    declared, wrong = share_of(prevalence)
    answers = tuple(_answer(key, model, form, declared) for key, model in models.items())
    told = tuple(Told(term(one.label), one.value, one.unit) for one in form.fields if one.value)
    only = next(iter(models.values())) if len(models) == 1 else None
    return CalculatorPage(
        tuple(choices),
        tuple(models),
        form.fields,
        told,
        answers,
        prevalence,
        wrong,
        source_prevalence(only) if only and only.computes else None,
        trouble,
    )


def share_of(text: str) -> tuple[float | None, bool]:
    """A typed percentage as a share; and whether it is no percentage between 0 and 100."""
    plain = text.strip().removesuffix("%").rstrip()
    if not plain:
        return None, False
    number = guard(PER_CENT, plain).value
    if not isinstance(number, float) or not 0 < number < 100:
        return None, True
    return number / 100, False


PER_CENT = Input(name="prevalence", label="prevalence", kind="number")


def _answer(key: str, model: RiskModel, form: Form, prevalence: float | None) -> Answer:
    if not model.computes:
        return Answer(key, model, "partial")
    fields = {one.key: one for one in form.fields}
    asked = [(one, fields[form.keys[key][one.name]]) for one in model.inputs]
    looked = [(one, field, guard(one, field.value, field.unit)) for one, field in asked]
    missing = [(field.key, term(one.label)) for one, field, at in looked if at.state == "missing"]
    wrong = [(field.key, term(one.label)) for one, field, at in looked if at.refused]
    guards = tuple((field.key, term(one.label), one.unit, at) for one, field, at in looked)
    if missing or wrong:
        state: State = "refused" if wrong else "waiting"
        return Answer(key, model, state, tuple(missing), tuple(wrong), guards)
    values = {one.name: at.value for one, _, at in looked if at.value is not None}
    try:
        found = predict(model, values, prevalence=prevalence)
    except RiskModelError:  # numbers so large that no finite answer exists
        return Answer(key, model, "refused", guards=guards)
    local = found.local
    return Answer(
        key,
        model,
        "answered",
        guards=guards,
        found=found,
        drawn=picture(found.risk, found.interval, source_prevalence(model)),
        local=picture(local.risk, local.interval, local.prevalence) if local else None,
        lines=_lines(model, found, {name: str(value) for name, value in values.items()}),
    )


def _lines(model: RiskModel, found: Prediction, values: Mapping[str, str]) -> tuple[Line, ...]:
    asked = {one.name: one for one in model.inputs}
    return tuple(
        Line(term, asked[term.input], values[term.input], added.log_odds)
        for term, added in zip(model.terms, found.contributions, strict=True)
    )
