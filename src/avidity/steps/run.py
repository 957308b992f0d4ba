"""The whole way, once: from the files to every result, and the warnings that go with them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from avidity import __version__
from avidity.steps.agreement import compare_definitions
from avidity.steps.cautions import cautions
from avidity.steps.check import Cohort, check
from avidity.steps.cutoffs import find_cutoffs
from avidity.steps.describe import compare_included, describe
from avidity.steps.finding import counts, stop_on_errors
from avidity.steps.label import label
from avidity.steps.model import fit_models
from avidity.steps.overlap import overlaps
from avidity.steps.read import read
from avidity.steps.results import CheckCount, CohortSummary, Facts, Results
from avidity.study import Study

LOG = logging.getLogger("avidity")
STEPS = 7

Progress = Callable[[str], None]


def run(study: Study, progress: Progress = lambda _: None) -> Results:
    """Read, check, label, describe, find cut-offs, fit.

    progress  called with the words of each step as it begins
    raises    AvidityError of the step that cannot go on
    """
    progress("reading the tables")
    raw = read(study)
    progress("checking every cell")
    cohort = check(raw, study)
    _log_checked(cohort)
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
    agreement = compare_definitions(cohort, labelled)
    progress("describing the groups")
    table1 = describe(labelled)
    included = compare_included(labelled)
    progress("finding cut-offs")
    cutoffs = find_cutoffs(labelled)
    progress("fitting the models")
    model = fit_models(labelled, table1)
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
        model=model,
        overlaps=overlaps(labelled, model),
    )
    return replace(results, cautions=cautions(results))


def _log_checked(cohort: Cohort) -> None:
    """Counts and rule names only: a log may be sent to anybody."""
    LOG.info("cohort %s: %d patients", cohort.sha256[:12], cohort.n_patients)
    for source in cohort.sources:
        LOG.info("table %s: %d rows", source.table, source.rows)
    for count in counts(cohort.findings):
        LOG.info("%s %s in %s: %d", count.severity, count.rule, count.table, count.n)


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
