"""A printed model as the rebuilding asks for it: counts by outcome, and effects."""

from __future__ import annotations

from avidity.errors import AnalysisError
from avidity.papers.paper import Model, Paper, Term
from avidity.papers.printed_counts import PrintedCounts
from avidity.stats.rebuild.problem import (
    Count,
    Effect,
    Level,
    Overall,
    Predictor,
    Problem,
    problem,
)


def model_problem(paper: Paper, model: Model) -> Problem:
    """A printed model as the rebuilding asks for it.

    raises  AnalysisError where a predictor is a number, or its counts are not printed
    """
    known = PrintedCounts(paper)
    if paper.event is None or len(paper.groups) != 2:
        raise AnalysisError("its predictors are not counted by outcome in two groups")
    terms: dict[str, list[Term]] = {}
    for term in model.term:
        terms.setdefault(term.variable, []).append(term)
    predictors = [_predictor(known, name, some) for name, some in terms.items()]
    whole = Overall(
        intercept=model.intercept,
        deviance=model.minus_2ll,
        cox_snell=model.cox_snell,
        nagelkerke=model.nagelkerke,
        auc=model.auc,
    )
    level = float(model.confidence.value) / 100 if model.confidence else 0.95
    return problem(predictors, level, None, whole, _crossed(paper, set(terms)))


def _predictor(known: PrintedCounts, name: str, terms: list[Term]) -> Predictor:
    variable, event = known.paper.variable(name), known.paper.event
    if variable.kind == "number":
        raise AnalysisError(f"its predictor {name} is a number, and numbers are not searched")
    levels = []
    for answer in variable.answers:
        term = next((one for one in terms if (one.level or "yes") == answer), None)
        counts = {
            group.name: known.count(variable, answer, group.name) for group in known.paper.groups
        }
        yes = counts.pop(event.name) if event else None
        no = next(iter(counts.values()))
        if yes is None or no is None:
            raise AnalysisError(f"the counts of {name} = {answer} by outcome are not printed")
        levels.append(Level(answer, yes, no, _effect(term)))
    return Predictor(name, tuple(levels))


def _effect(term: Term | None) -> Effect | None:
    if term is None:
        return None
    return Effect(term.odds_ratio, term.low, term.high, term.p, term.beta, term.se)


def _crossed(paper: Paper, names: set[str]) -> list[Count]:
    """Cells of cross tables whose variables are both predictors."""
    event = paper.event.name if paper.event else ""
    counts = []
    for cross in paper.crosses:
        if {cross.rows, cross.columns} <= names:
            for row, by_column in cross.count.items():
                for column, number in by_column.items():
                    where = ((cross.rows, row), (cross.columns, column))
                    n = int(number.value)
                    kind = {"all": "total", event: "yes"}.get(cross.group, "no")
                    counts.append(Count(where, **{kind: n}))
    return counts
