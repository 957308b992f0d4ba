"""The model behind a paper's table of odds ratios, rebuilt from what the paper prints."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.errors import AnalysisError
from avidity.papers.model_problem import ASK, WHOLE_MODEL, model_problem
from avidity.papers.paper import Model, Paper
from avidity.stats.rebuild.result import Rebuilt
from avidity.stats.rebuild.search import Progress, quiet
from avidity.stats.rebuild.solve import Effort, rebuild


@dataclass(frozen=True, slots=True, eq=False)
class RebuiltPaper:
    """A paper's model, rebuilt.

    model, where  its name in the file, and where the paper prints it
    outcome       what the risk is of
    labels        of the predictors, as the paper writes them, in the order of rebuilt.predictors
    questions     what to ask the authors for, where something stays open
    """

    title: str
    citation: str
    doi: str
    licence: str
    made_up: str
    sha256: str
    model: str
    where: str
    outcome: str
    labels: tuple[str, ...]
    rebuilt: Rebuilt
    questions: tuple[str, ...]


def rebuild_paper(
    paper: Paper, name: str = "", effort: Effort | None = None, progress: Progress = quiet
) -> RebuiltPaper:
    """Rebuild a model of a paper.

    name    of the model; empty: the first multivariable one
    raises  AnalysisError where the paper prints too little, with what is missing
    """
    model = chosen(paper, name)
    found = rebuild(model_problem(paper, model), effort, progress)
    about = paper.about
    return RebuiltPaper(
        title=about.title,
        citation=about.citation,
        doi=about.doi,
        licence=about.licence,
        made_up=about.made_up,
        sha256=paper.sha256,
        model=model.name,
        where=model.where,
        outcome=about.outcome,
        labels=tuple(paper.variable(one).label or one for one in found.predictors),
        rebuilt=found,
        questions=_questions(found),
    )


def chosen(paper: Paper, name: str = "") -> Model:
    """The model to rebuild.

    raises  AnalysisError where there is none of this name, or it was not fitted by maximum
            likelihood
    """
    known = [one for one in paper.models if one.kind == "multivariable"]
    names = ", ".join(one.name for one in known) or "none"
    model = next((one for one in known if name in ("", one.name)), None)
    if model is None:
        raise AnalysisError(
            f"rebuilding needs a multivariable model; the paper file has {names}"
            + (f", and none called {name}" if name and known else "")
        )
    if model.method != "logistic":
        raise AnalysisError(
            f"{model.name} was fitted by another method ({model.method}); only plain maximum"
            f" likelihood depends on the counts alone; {ASK} {WHOLE_MODEL}"
        )
    return model


def _questions(found: Rebuilt) -> tuple[str, ...]:
    if found.answer == "one":
        return (
            (
                "how the patients with the outcome fall into the patterns of the predictors, for"
                " the model's area under the curve and its calibration"
            ),
        )
    if found.answer == "none":
        return (
            "the figures named above, to more digits",
            "the counts among the patients of the model",
            f"{WHOLE_MODEL}",
        )
    return (
        "the intercept of the model, or one predicted risk",
        "the odds ratios and their intervals to more digits",
        "how many patients have each combination of the predictors",
    )
