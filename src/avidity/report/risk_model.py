"""A study's own models as risk models: the declared one, and the one made in the usual way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avidity import wording
from avidity.report.write import MODELS
from avidity.riskmodel.equation import Equation
from avidity.riskmodel.model import Band, Input, Pattern, RiskModel
from avidity.riskmodel.source import Outcome, Population, Provenance
from avidity.riskmodel.terms import Category, Cut, Linear, Spline, YesNo
from avidity.riskmodel.terms import Term as Piece
from avidity.riskmodel.vectors import with_vectors
from avidity.steps.basis import Basis
from avidity.steps.cautions import FEW_EVENTS
from avidity.steps.design import Term
from avidity.steps.model import Fit
from avidity.steps.results import Results
from avidity.steps.sound import Shrunken, SoundModel
from avidity.steps.validate import Validation
from avidity.steps.variables import Characteristic

SIGNS = {"≥": ">=", ">": ">"}
DECLARED, USUAL = MODELS
SHORT = {"age_at_diagnosis": "age"}
TRACKS = {DECLARED: "as it should be done", USUAL: "as usually done"}


def risk_models(results: Results) -> dict[str, RiskModel]:
    """By the name of the file: the declared model and the usual one, as far as they were fitted."""
    made = {}
    sound, model = results.sound, results.model
    if sound and sound.model and sound.basis:
        equation = _declared(sound.model, sound.shrunken)
        whole = (sound.model.n, sound.model.events)
        made[DECLARED] = _made(results, DECLARED, equation, sound.basis, whole)
    fitted = model.multivariable
    if fitted and model.basis:
        whole = (fitted.n, fitted.events)
        made[USUAL] = _made(results, USUAL, _usual(fitted), model.basis, whole)
    return made


def _declared(model: SoundModel, drawn: Shrunken | None) -> Equation:
    """The intercept of a Firth fit is FLIC's already, so that the mean risk is right."""
    corrected = ", intercept corrected (FLIC)" if model.estimator.startswith("Firth") else ""
    return Equation(
        columns=model.names,
        apparent=model.coefficients,
        shrunken=drawn.coefficients if drawn else None,
        predicts="shrunken" if drawn else "apparent",
        covariance=model.covariance,
        estimator=model.estimator + corrected,
        factor=drawn.factor if drawn else None,
        shrinkage=f"shrunken by {drawn.factor:.3f}, {drawn.method}" if drawn else "",
    )


def _usual(fitted: Fit) -> Equation:
    return Equation(
        columns=fitted.names,
        apparent=fitted.coefficients,
        covariance=fitted.covariance,
        estimator=fitted.estimator,
    )


def _made(
    results: Results, file: str, equation: Equation, basis: Basis, whole: tuple[int, int]
) -> RiskModel:
    study, words = results.study, "declared" if file == DECLARED else "usual"
    names = _names(results, basis)
    n, events = whole
    model = RiskModel(
        name=f"{_slug(study.title, '-')[:48].strip('-')}-{words}",
        title=f"{study.title} ({words} model)",
        status="complete",
        outcome=_outcome(results),
        population=Population(
            words=f"{n} patients with complete records of {results.flow.included} analysed and"
            f" {results.flow.screened} screened",
            setting=study.setting,
            period=study.period,
        ),
        n=n,
        events=events,
        provenance=Provenance(
            citation=". ".join(part for part in (study.authors, study.title) if part),
            how=f"fitted: {equation.estimator}; modelling {TRACKS[file]}",
            sha256=results.study_sha256,
            sources=(f"cohort {results.cohort.sha256}",),
            program=results.program,
        ),
        inputs=_inputs(results, basis, names),
        terms=_terms(results, basis, names),
        equation=equation,
        patterns=tuple(
            Pattern.model_validate({"values": one.values, "n": one.n, "events": one.events})
            for one in basis.patterns
        ),
        bands=tuple(
            Band(low=one.low, high=one.high, n=one.n, events=one.events) for one in basis.bands
        ),
        notes=tuple(_notes(results, TRACKS[file])),
    )
    return with_vectors(model, study.confidence)


def _outcome(results: Results) -> Outcome:
    decided = results.outcome
    computed = bool(decided.version)
    said = f"{decided.title}, version {decided.version}, digest {decided.digest}"
    return Outcome(
        definition=decided.by.split(" ")[0] if computed else "",
        words=f"{said} ({decided.by})" if computed else decided.by,
        label=results.outcome_words["label"],
    )


def _slug(text: str, joint: str = "_") -> str:
    plain = re.sub(r"[^a-z0-9]+", joint, text.lower()).strip(joint)
    return plain if plain[:1].isalpha() else f"x{joint}{plain}".strip(joint)


def _reads(variable: Characteristic) -> str:
    """The field a person is asked for: of a cut, the number that is cut."""
    return variable.cut[0] if variable.cut else variable.name


def _names(results: Results, basis: Basis) -> dict[str, str]:
    """Field to the input's name: small letters and digits, each once."""
    names: dict[str, str] = {}
    for column in basis.columns:
        field = _reads(results.characteristics[column.variable])
        if field in names:
            continue
        name, again = _slug(field), 2
        while name in names.values():
            name, again = f"{_slug(field)}_{again}", again + 1
        names[field] = name
    return names


def _inputs(results: Results, basis: Basis, names: dict[str, str]) -> tuple[Input, ...]:
    made: dict[str, Input] = {}
    for column in basis.columns:
        variable = results.characteristics[column.variable]
        field = _reads(variable)
        asked = results.characteristics.get(field, variable)
        number = field in basis.ranges
        if names[field] in made:
            continue
        levels = [one for one in basis.columns if one.variable == column.variable]
        category = not number and variable.kind == "category"
        made[names[field]] = Input(
            name=names[field],
            label=asked.label,
            kind="number" if number else variable.kind,
            unit=asked.unit if number else "",
            levels=(levels[0].reference, *(one.level for one in levels)) if category else (),
            seen=basis.ranges.get(field),
            also=_also(field, names),
            meaning="; ".join(part for part in (_among(variable), asked.how) if part),
        )
    return tuple(made.values())


def _also(field: str, names: dict[str, str]) -> tuple[str, ...]:
    """The field's own name, where it is another, and the short one people type."""
    own = (field,) if field != names[field] else ()
    short = SHORT.get(field, "")
    return (*own, short) if short and short not in names.values() else own


def _among(variable: Characteristic) -> str:
    return f"asked of {variable.among} only" if variable.among else ""


def _terms(results: Results, basis: Basis, names: dict[str, str]) -> tuple[Piece, ...]:
    made: dict[str, Piece] = {}
    for column in basis.columns:
        variable = results.characteristics[column.variable]
        if variable.name not in made:
            made[variable.name] = _term(variable, column, basis, names[_reads(variable)])
    return tuple(made.values())


def _term(variable: Characteristic, column: Term, basis: Basis, asked: str) -> Piece:
    if variable.cut:
        _, sign, value = variable.cut
        return Cut.model_validate(
            {"name": column.name, "input": asked, "sign": SIGNS[sign], "value": value}
        )
    if column.knots:
        return Spline(name=variable.name, input=asked, knots=column.knots)
    if variable.kind == "number":
        return Linear(name=column.name, input=asked, per=column.per)
    if variable.kind == "yes/no":
        return YesNo(name=column.name, input=asked)
    levels = tuple(one.level for one in basis.columns if one.variable == variable.name)
    return Category(name=variable.name, input=asked, reference=column.reference, levels=levels)


def _notes(results: Results, track: str) -> Iterator[str]:
    """What must be read before use: made data, selection, circularity, too few events."""
    if results.study.made_data:
        yield results.study.made_data
    for caution in results.cautions:
        if caution.weight == "warning" and caution.topic in ("selection", "outcome"):
            yield caution.text
    fitted = results.model.multivariable if track == TRACKS[USUAL] else None
    declared = results.sound.model if results.sound and track == TRACKS[DECLARED] else None
    separated = [one.separated for one in (fitted, declared) if one and one.separated]
    yield from separated
    tried = declared.candidates if declared else results.model.candidates
    events = min(results.flow.yes, results.flow.no)
    if events < FEW_EVENTS * tried:
        yield (
            f"{wording.counted(events, 'event')} for {wording.counted(tried, 'candidate')}: the"
            " coefficients are unstable."
        )
    yield _validated(results, track)


def _validated(results: Results, track: str) -> str:
    for one in results.validation:
        if isinstance(one, Validation) and one.track == track:
            auc, slope = one.measures["auc"], one.measures["slope"]
            return (
                f"In resamples of the same patients the area under the curve is"
                f" {wording.fixed(auc.corrected, 3)} ({wording.fixed(auc.apparent, 3)} as it"
                f" looks) and the calibration slope {wording.fixed(slope.corrected)}; in other"
                " patients it was not validated."
            )
    return "It was not validated, not even in resamples of the same patients."
