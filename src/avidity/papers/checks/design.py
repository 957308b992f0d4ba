"""Remarks on the design that can be computed from what is printed, in the sense of PROBAST.

source  Wolff et al., Ann Intern Med 2019;170:51-58 (the questions in brackets)
"""

from __future__ import annotations

from collections.abc import Iterator

from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import NO, YES, Sheet, exact
from avidity.papers.checks.words import fixed, listed, percent
from avidity.papers.paper import Model
from avidity.papers.paper_numbers import OVERALL
from avidity.said import say, term
from avidity.stats.forensic.printed_p import p_range

SUBJECT = "design"
EVENTS_PER_PARAMETER = 10
SHARE_LOST = 0.20
SHARE_WITHOUT = 0.80


def check_design(sheet: Sheet) -> Checked:
    """Who was left out, how much was tried on how few events, what is missing from the models."""
    found = [
        *_left_out(sheet),
        *_inside_outcome(sheet),
        *_candidates(sheet),
        *_cutoffs(sheet),
        *_screened(sheet),
        *_empty_cells(sheet),
        *_models(sheet),
        *_unsaid(sheet),
    ]
    unanswered = [] if sheet.paper.event else ["no group is marked as the one with the outcome"]
    return Checked(SUBJECT, 8, tuple(found), tuple(unanswered))


def _left_out(sheet: Sheet) -> Iterator[Finding]:
    """[4.3, 1.2] A large share left out after screening."""
    flow = sheet.paper.flow
    if flow.screened is None or not flow.left or flow.screened.value == 0:
        return
    screened = exact(flow.screened)
    at, largest = max(enumerate(flow.left, start=1), key=lambda one: one[1].n.value)
    share = exact(largest.n) / screened
    if share < SHARE_LOST:
        return
    total = sum(exact(one.n) for one in flow.left)
    step = say(
        "{n} / {screened} = {share}", n=exact(largest.n), screened=screened, share=percent(share)
    )
    if len(flow.left) > 1:
        step = say(
            "{step}; all reasons {total} / {screened} = {share}",
            step=step,
            total=total,
            screened=screened,
            share=percent(total / screened),
        )
    yield sheet.finding(
        "remark",
        SUBJECT,
        f"flow.left.{at}",
        say(
            "{share} of those screened were left out for {reason}; those analysed may be"
            " others than those meant.",
            share=percent(share, 0),
            reason=largest.reason,
        ),
        (step,),
        ("a comparison of those left out and those kept would show it",),
    )


def _inside_outcome(sheet: Sheet) -> Iterator[Finding]:
    """[3.3] Predictors that the outcome's own definition rests on."""
    methods, event = sheet.paper.methods, sheet.paper.event
    used = [
        name
        for name in methods.outcome_uses
        if name in methods.candidates or any(_in(model, name) for model in sheet.paper.models)
    ]
    for name in used:
        steps = []
        for group in sheet.groups:
            row = sheet.paper.row(name)
            no, n = sheet.count(name, NO, group), sheet.patients(row, group) if row else None
            if no is not None and n:
                steps.append(
                    say(
                        "{group}: {no} of {n} without it",
                        group=sheet.group_label(group),
                        no=no,
                        n=n,
                    )
                )
                if event and group != event.name and no / n >= SHARE_WITHOUT:
                    steps.append(
                        say(
                            "so {share} of the controls could hardly become cases (spectrum)",
                            share=percent(no / n, 0),
                        )
                    )
        yield sheet.finding(
            "remark",
            SUBJECT,
            f"row.{name}.count.yes.{event.name if event else sheet.groups[0]}",
            say(
                "{label} is a predictor and part of the outcome's own definition.",
                label=sheet.label(name),
            ),
            tuple(steps),
            ("its odds ratio is too large by construction",),
        )


def _in(model: Model, name: str) -> bool:
    return any(term.variable == name for term in model.term)


def tried(sheet: Sheet) -> tuple[int, int]:
    """Candidate variables and candidate parameters: those named, or every row with a p."""
    names = sheet.paper.methods.candidates or tuple(
        row.variable for row in sheet.paper.rows if row.p is not None
    )
    parameters = sum(max(1, len(sheet.paper.variable(name).levels) - 1) for name in names)
    return len(names), parameters


def _candidates(sheet: Sheet) -> Iterator[Finding]:
    """[4.1] Events per candidate parameter, not per term that was kept."""
    event = sheet.paper.event
    final = [one for one in sheet.paper.models if one.kind == "multivariable"]
    if event is None or not final:
        return
    fewer = min(sheet.size(event.name), sheet.size(OVERALL) - sheet.size(event.name))
    names, parameters = tried(sheet)
    terms = len(final[-1].term)
    if not parameters or fewer / parameters >= EVENTS_PER_PARAMETER:
        return
    named = "named" if sheet.paper.methods.candidates else "with a p in the tables"
    each = fixed(fewer / parameters, 1)
    looked = say(
        "{counted} {named}, {counted_2}",
        counted=words_of.candidates(names),
        named=term(named),
        counted_2=words_of.parameters(parameters),
    )
    yield sheet.finding(
        "remark",
        SUBJECT,
        f"model.{final[-1].name}",
        say("{each} events for each candidate parameter.", each=each),
        (
            say(
                "{looked}: {fewer} / {parameters} = {each}",
                looked=looked,
                fewer=fewer,
                parameters=parameters,
                each=each,
            ),
            say(
                "{counted} kept: {fewer} / {terms} = {value}",
                counted=words_of.terms(terms),
                fewer=fewer,
                terms=terms,
                value=fixed(fewer / terms, 1),
            ),
        ),
        ("the kept terms look better than they are; penalise, or declare few terms beforehand",),
    )


def _cutoffs(sheet: Sheet) -> Iterator[Finding]:
    """[4.2] Cut-offs found in these data and then tested on them."""
    if sheet.paper.methods.cutoffs != "found in these data":
        return
    cuts = {one.name for roc in sheet.paper.rocs if (one := sheet.cut_of(roc)) is not None}
    cuts |= {one.name for one in sheet.paper.variables if one.cut}
    tested = [row.variable for row in sheet.paper.rows if row.variable in cuts and row.p]
    kept = {
        term.variable
        for model in sheet.paper.models
        for term in model.term
        if term.variable in cuts
    }
    if not tested and not kept:
        return
    names = listed([sheet.label(name) for name in (*tested, *sorted(kept - set(tested)))])
    first = f"row.{tested[0]}.p" if tested else f"model.{sheet.paper.models[0].name}"
    yield sheet.finding(
        "remark",
        SUBJECT,
        first,
        say(
            "{names}: cut where these data separate best, and then tested on the same data.",
            names=names,
        ),
        (
            say(
                "{n} p values and {n_2} odds ratios rest on such a cut-off",
                n=len(tested),
                n_2=len(kept),
            ),
        ),
        ("their p values are too small and their odds ratios too large",),
    )


def _screened(sheet: Sheet) -> Iterator[Finding]:
    """[4.5] Selection by univariable p."""
    limit = sheet.paper.methods.screen_p
    final = [one for one in sheet.paper.models if one.kind == "multivariable"]
    if limit is None or not final:
        return
    yield sheet.finding(
        "remark",
        SUBJECT,
        f"model.{final[-1].name}",
        say("Predictors entered by a univariable p below {limit}.", limit=term(limit.text)),
        (
            say(
                "{counted}, {n} kept",
                counted=words_of.candidates(tried(sheet)[0]),
                n=len(final[-1].term),
            ),
        ),
        ("screening keeps chance findings and drops what matters only together",),
    )


def _empty_cells(sheet: Sheet) -> Iterator[Finding]:
    """Significant rows with an empty cell that the model leaves out instead of penalising."""
    final = [one for one in sheet.paper.models if one.kind == "multivariable"]
    limit = sheet.paper.methods.screen_p
    for row in sheet.paper.rows:
        table = sheet.table(row)
        if not final or table is None or row.p is None or _in(final[-1], row.variable):
            continue
        below = float(limit.value) if limit else 0.05
        empty = any(0 in line for line in table)
        if empty and p_range(row.p)[1] < below and final[-1].method == "logistic":
            counts = listed(
                say(
                    "{count} of {n}",
                    count=sheet.count(row.variable, YES, group),
                    n=sheet.patients(row, group),
                )
                for group in sheet.groups
            )
            yield sheet.finding(
                "remark",
                SUBJECT,
                f"row.{row.variable}.p",
                say(
                    "{label}: p {p} would enter the model; its empty cell kept it out.",
                    label=sheet.label(row.variable),
                    p=term(row.p.text),
                ),
                (
                    say(
                        "{counts}; the odds ratio of plain logistic regression is not finite",
                        counts=counts,
                    ),
                ),
                ("Firth's penalty gives an estimate and an interval",),
            )


def _models(sheet: Sheet) -> Iterator[Finding]:
    """[4.7, 4.8] What a model needs to be used and judged, and does not print."""
    methods = sheet.paper.methods
    for model in sheet.paper.models:
        if model.kind != "multivariable":
            continue
        path = f"model.{model.name}"
        if model.intercept is None:
            yield sheet.finding(
                "remark",
                SUBJECT,
                path,
                "The model is printed without its intercept: no risk can be computed from it.",
            )
        lacking = [
            words
            for words, there in (
                ("no area under the curve", model.auc is not None),
                ("no calibration", bool(methods.calibration or model.hosmer_lemeshow_p)),
                ("no validation", bool(methods.validation)),
            )
            if not there
        ]
        if lacking:
            words = say("The paper prints {names} of the model.", names=listed(map(term, lacking)))
            yield sheet.finding("remark", SUBJECT, path, words)


def _unsaid(sheet: Sheet) -> Iterator[Finding]:
    """[4.4, 3.6, 3.2] What the Methods do not say."""
    methods = sheet.paper.methods
    lacking = [
        words
        for words, there in (
            ("missing values", methods.missing),
            ("the length of follow-up (and from when)", methods.follow_up),
            ("how the outcome is defined", methods.outcome),
            ("which tests were used", methods.numbers or methods.counts),
        )
        if not there
    ]
    if lacking:
        what = say("Nothing is said of {names}.", names=listed(map(term, lacking)))
        line = sheet.paper.line(("methods",))
        yield Finding("remark", SUBJECT, what, "", "Methods", line)
