"""The whole way, once: from the files to every result, and the warnings that go with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from math import isinf

from avidity import __version__
from avidity.errors import AnalysisError
from avidity.steps.agreement import compare_definitions, judge_under_all
from avidity.steps.basis import basis
from avidity.steps.capacity import Capacity, capacity
from avidity.steps.cautions import cautions
from avidity.steps.check import Cohort, check
from avidity.steps.cutoffs import Cutoffs, find_cutoffs
from avidity.steps.definitions import under_each_definition
from avidity.steps.describe import compare_included, describe
from avidity.steps.finding import stop_on_errors
from avidity.steps.label import Labelled, label
from avidity.steps.left_out import other_ways
from avidity.steps.log import LOG, log_checked
from avidity.steps.missing import fill
from avidity.steps.model import Effect, Modelling, candidates, fit_models
from avidity.steps.overlap import overlaps
from avidity.steps.penalised import penalised
from avidity.steps.points import Begun, begin_points
from avidity.steps.read import read
from avidity.steps.results import CheckCount, CohortSummary, Facts, Results, Sound
from avidity.steps.score import score
from avidity.steps.sound import fit_sound, parameters_of, shapes, shrink, sound_terms
from avidity.steps.validate import NotValidated, Validation, validate_sound, validate_usual
from avidity.steps.validate_imputed import validate_imputed
from avidity.study import Study

STEPS = 11

Progress = Callable[[str], None]


def run(
    study: Study,
    progress: Progress = lambda _: None,
    *,
    quick: bool = False,
    hand: Executor | None = None,
    chunks: Executor | None = None,
) -> Results:
    """Read, check, label, describe, find cut-offs, fit, validate.

    progress  called with the words of each step as it begins
    quick     leave out what resamples
    hand      a second process that resamples the points meanwhile
    chunks    works on the chunks of the validation's resamples; here when None
    raises    AvidityError of the step that cannot go on
    """
    progress("reading the tables")
    raw = read(study)
    progress("checking every cell")
    cohort = check(raw, study)
    log_checked(cohort)
    stop_on_errors(cohort.findings)
    progress("deciding the outcome")
    labelled = label(cohort, study)
    flow = labelled.flow
    LOG.info(
        "flow: %d screened, %d left, %d undecided, %d included, %d yes, %d no",
        *(flow.screened, flow.screened - flow.eligible, flow.undecided),
        *(flow.included, flow.yes, flow.no),
    )
    progress("comparing the definitions")
    judged = judge_under_all(cohort, study)
    agreement = compare_definitions(cohort, labelled, judged)
    progress("describing the groups")
    table1 = describe(labelled)
    included = compare_included(labelled)
    progress("finding cut-offs")
    cutoffs = find_cutoffs(labelled)
    progress("asking what these patients can carry")
    terms = sound_terms(labelled)
    carried = carried_by(labelled, terms)
    if carried:
        LOG.info("capacity: %s", carried.verdict)
    progress("fitting the models")
    model = fit_models(labelled, table1)
    sound = _sound(labelled, terms, cutoffs)
    resampled = not quick and bool(study.sound.resamples)
    begun = _begun(sound, labelled, resampled, hand)
    progress("repeating the model under each definition")
    final = tuple(dict.fromkeys(e.term.variable for e in _effects(model)))
    definitions = under_each_definition(cohort, labelled, agreement, final, judged[0])
    progress("repeating the whole path in resamples")
    validation = () if quick else _validated(labelled, terms, chunks)
    if sound and sound.model:
        shrunken = shrink(sound.model, labelled, _slope(validation))
        progress("making points and a nomogram")
        made = score(sound.model, labelled, shrunken, begun)
        others = other_ways(sound.model, labelled) if validation else ()
        predicts = shrunken.coefficients if shrunken else sound.model.coefficients
        rests_on = basis(sound.model.kept, labelled, predicts, sound.model.knots)
        sound = replace(sound, shrunken=shrunken, score=made, other_ways=others, basis=rests_on)
    if study.sound.penalised:
        sound = sound or Sound(None, "no term was declared", ())
        sound = replace(sound, penalised=penalised(labelled, quick=not validation))
    results = Results(
        program=f"avidity {__version__}",
        study=Facts(**study.about.model_dump()),
        study_sha256=study.sha256,
        outcome_words=_outcome_words(study),
        cohort=_summary(cohort),
        flow=labelled.flow,
        outcome=labelled.outcome,
        agreement=agreement,
        characteristics=labelled.characteristics,
        table1=table1,
        included=included,
        cutoffs=cutoffs,
        capacity=carried,
        model=model,
        sound=sound,
        definitions=definitions,
        validation=validation,
        overlaps=overlaps(labelled, model),
    )
    return replace(results, cautions=cautions(results))


def _effects(model: Modelling) -> tuple[Effect, ...]:
    return tuple(model.multivariable.effects.values()) if model.multivariable else ()


def carried_by(labelled: Labelled, terms: tuple[str, ...]) -> Capacity | None:
    """What these patients can carry against what both tracks look at; None without either."""
    looked_at = candidates(labelled)
    if not looked_at and not terms:
        return None
    return capacity(
        labelled, parameters_of(looked_at, labelled, usual=True), parameters_of(terms, labelled)
    )


def _sound(labelled: Labelled, terms: tuple[str, ...], cutoffs: Cutoffs) -> Sound | None:
    cuts = {
        name: ((cut.fixed or cut.cutoff).value, cut.fixed is None, cut.lower_means_case)
        for name, cut in cutoffs.predictors.items()
        if not isinf((cut.fixed or cut.cutoff).value)
    }
    found = shapes(labelled, cuts)
    if not terms:
        return Sound(None, "no term was declared", found) if found else None
    model, why = None, ""
    try:
        model = fit_sound(terms, labelled)
    except AnalysisError as error:
        why = str(error)
    return Sound(model, why, found, fill(terms, labelled, model))


def _begun(
    sound: Sound | None, labelled: Labelled, resampled: bool, hand: Executor | None
) -> Begun | str:
    if sound is None or sound.model is None:
        return "there is no model"
    return begin_points(sound.model, labelled, resampled=resampled, hand=hand)


def _slope(validation: tuple[Validation | NotValidated, ...]) -> float | None:
    """How much the declared model's risks must be drawn in, as the resamples tell."""
    found = [one for one in validation if isinstance(one, Validation)]
    return next((one.slope for one in found if one.track == "as it should be done"), None)


def _validated(
    labelled: Labelled, terms: tuple[str, ...], chunks: Executor | None
) -> tuple[Validation | NotValidated, ...]:
    """Both tracks, from the same resamples of their own patients."""
    wishes = labelled.study.model
    usual = wishes.screen.candidates if wishes.screen else wishes.terms
    if not labelled.study.sound.resamples:
        return ()
    found: list[Validation | NotValidated] = []
    if usual:
        found.append(validate_usual(labelled, usual, chunks))
    if terms:
        found.append(validate_sound(labelled, terms, chunks))
        imputed = validate_imputed(labelled, terms, chunks)
        found += [imputed] if imputed else []
    return tuple(found)


def _outcome_words(study: Study) -> dict[str, str]:
    said = study.outcome
    return {"label": said.label, "yes": said.yes_label, "no": said.no_label}


def _summary(cohort: Cohort) -> CohortSummary:
    spoken = Counter(
        (found.rule, found.severity, found.table, found.column, found.problem, found.must)
        for found in cohort.findings
    )
    checks = tuple(CheckCount(*key, count) for key, count in spoken.items())
    return CohortSummary(cohort.sha256, cohort.sources, cohort.n_patients, checks)
