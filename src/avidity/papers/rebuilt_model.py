"""A rebuilt model as a risk model that can be applied, exported and validated like any other."""

from __future__ import annotations

import re

from avidity import __version__
from avidity.errors import AnalysisError
from avidity.papers.paper import Paper, Variable
from avidity.papers.rebuild import RebuiltPaper
from avidity.riskmodel.equation import INTERCEPT, Equation
from avidity.riskmodel.model import Input, Pattern, RiskModel
from avidity.riskmodel.source import Outcome, Population, Provenance
from avidity.riskmodel.terms import Category, Cut, Term, YesNo
from avidity.riskmodel.vectors import with_vectors
from avidity.stats.rebuild.result import Solution
from avidity.wording import counted

SIGNS = {"at_least": ">=", "above": ">"}


def risk_model(paper: Paper, found: RebuiltPaper) -> RiskModel:
    """The one model a paper's figures allow, with status "reconstructed".

    raises  AnalysisError where the figures allow none, or more than one
    """
    rebuilt = found.rebuilt
    if rebuilt.answer != "one":
        what = {"none": "none", "several": f"{rebuilt.found:,}", "bounds": "an unknown number"}
        raise AnalysisError(
            f"a risk model is written where the printed figures allow exactly one, and they allow"
            f" {what[rebuilt.answer]}; ask the authors for {found.questions[0]}"
        )
    only = rebuilt.only
    levels = [_levels(rebuilt.terms, name) for name in rebuilt.predictors]
    made = [_term(paper, name, of) for name, of in zip(rebuilt.predictors, levels, strict=True)]
    inputs = {one.name: one for one, _ in made}
    model = RiskModel(
        name=_slug(f"{paper.folder.resolve().name}-{found.model}"),
        title=f"{found.outcome}, rebuilt from: {found.title}",
        status="reconstructed",
        outcome=Outcome(
            words=paper.methods.outcome or "as the paper defines it", label=found.outcome
        ),
        population=Population(words=_whose(found)),
        n=rebuilt.n,
        events=rebuilt.n_events,
        provenance=_provenance(found),
        inputs=tuple(inputs.values()),
        terms=tuple(term for _, term in made),
        equation=_equation(tuple(term for _, term in made), only),
        patterns=_patterns(found, only),
        notes=(
            "rebuilt from printed tables; the patients were never seen",
            f"assumed: {'; '.join(rebuilt.assumptions)}",
        ),
    )
    return with_vectors(model, rebuilt.level)


def _levels(terms: tuple[str, ...], predictor: str) -> tuple[str, ...]:
    """The levels with a coefficient."""
    return tuple(
        term.removeprefix(f"{predictor} = ") for term in terms if term.startswith(f"{predictor} = ")
    )


def _term(paper: Paper, name: str, levels: tuple[str, ...]) -> tuple[Input, Term]:
    """How a predictor is asked for and enters: a number where the paper cut one."""
    variable = paper.variable(name)
    if levels != ("yes",):
        reference = next(one for one in variable.answers if one not in levels)
        label = variable.label or name
        asked = Input(name=name, label=label, kind="category", levels=(reference, *levels))
        return asked, Category(name=name, input=name, reference=reference, levels=levels)
    cut = variable.cut
    if cut is not None and cut[0] in SIGNS:
        return _cut(paper, variable, SIGNS[cut[0]], float(cut[1].value))
    asked = Input(name=name, label=variable.label or name, kind="yes/no")
    return asked, YesNo(name=name, input=name)


def _cut(paper: Paper, variable: Variable, sign: str, value: float) -> tuple[Input, Term]:
    source = paper.variable(variable.from_)
    asked = Input(
        name=source.name, label=source.label or source.name, kind="number", unit=source.unit
    )
    term = Cut.model_validate(
        {"name": variable.name, "input": source.name, "sign": sign, "value": value}
    )
    return asked, term


def _equation(terms: tuple[Term, ...], only: Solution) -> Equation:
    columns = (INTERCEPT, *(column for term in terms for column in term.columns))
    return Equation(
        columns=columns,
        apparent=tuple(only.fit.coef.tolist()),
        covariance=tuple(tuple(row) for row in only.fit.covariance.tolist()),
        estimator="maximum likelihood",
    )


def _patterns(found: RebuiltPaper, only: Solution) -> tuple[Pattern, ...]:
    """How many patients of the source had each pattern; who had the outcome stays open."""
    rows = []
    for pattern, n in zip(found.rebuilt.patterns, only.totals, strict=True):
        held = {
            f"{name} = {level}"
            for name, level in zip(found.rebuilt.predictors, pattern.levels, strict=True)
        }
        values = tuple(int(term in held) for term in found.rebuilt.terms[1:])
        rows.append(Pattern.model_validate({"values": values, "n": n}))
    return tuple(rows)


def _whose(found: RebuiltPaper) -> str:
    rebuilt = found.rebuilt
    share = 100 * rebuilt.n_events / rebuilt.n
    return (
        f"the {counted(rebuilt.n, 'patient')} of the paper; {rebuilt.n_events:,} of them"
        f" ({share:.1f}%) had the outcome"
    )


def _provenance(found: RebuiltPaper) -> Provenance:
    work = found.rebuilt.work
    where = f" of {found.where}" if found.where else ""
    return Provenance(
        citation=found.citation or found.title,
        doi=found.doi,
        how=(
            f"reconstructed from the printed counts by outcome and the printed figures{where}:"
            f" exactly one table of whole patients gives them all ({work.method};"
            f" {work.looked_at:,} looked at)"
        ),
        sha256=found.sha256,
        licence=found.licence,
        sources=("the paper file typed in from the paper",),
        program=f"avidity {__version__}",
    )


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-")
