"""STROBE and TRIPOD+AI, answered as far as the run knows; the rest stays visibly blank.

Item numbers and topics: STROBE (von Elm et al., 2007, cohort studies), TRIPOD+AI (Collins et
al., BMJ 2024). The wording of the topics is ours.
"""

from __future__ import annotations

from avidity import wording
from avidity.papers.printed import Comparison
from avidity.report.document import Block, Checklist, Heading, Item, Ref, Text, said
from avidity.steps.results import Results
from avidity.steps.validate import Validation

Answer = tuple[Text, tuple[str, ...]]


def checklists(results: Results, comparison: Comparison | None) -> list[Block]:
    """Both checklists; places are those that exist in this report."""
    answers = _answers(results)
    here = _anchors(results, comparison)
    return [
        Heading(1, "Reporting checklists", "checklists"),
        Checklist(
            "checklist-strobe",
            "STROBE, cohort studies: items a run can answer are filled",
            tuple(_item(line, answers, here) for line in STROBE),
            said("Blank: for the authors. Nothing is filled that the run does not know."),
        ),
        Checklist(
            "checklist-tripod",
            "TRIPOD+AI, development of a model: items a run can answer are filled",
            tuple(_item(line, answers, here) for line in TRIPOD),
            said("Blank: for the authors. Items on evaluation in other data (E) do not apply."),
        ),
    ]


def _item(line: tuple[str, str, str, str], answers: dict[str, Answer], here: set[str]) -> Item:
    number, topic, text, key = line
    if key not in answers:
        return Item(number, topic, text)
    answer, places = answers[key]
    return Item(number, topic, text, answer, tuple(Ref(a) for a in places if a in here))


def _anchors(results: Results, comparison: Comparison | None) -> set[str]:
    found = {"methods", "patients", "outcome", "groups", "table-baseline", "figure-flow"}
    found |= {"table-sources", "conventions", "appendix", "in-short"}
    if results.flow.left:
        found.add("table-flow")
    if results.included:
        found.add("table-included")
    if results.outcome.criteria:
        found.add("table-criteria")
    if results.cutoffs.predictors:
        found |= {"cut-offs", "table-cutoffs", "figure-roc"}
    if results.model.univariable or results.model.multivariable:
        found |= {"factors", "table-factors"}
    if results.model.multivariable:
        found |= {"table-equation", "table-model"}
    if results.agreement:
        found.add("table-definitions")
    if comparison:
        found.add("table-paper")
    return found | _trust_anchors(results)


def _trust_anchors(results: Results) -> set[str]:
    found = set()
    if results.capacity:
        found |= {"capacity", "table-capacity"}
    if results.sound and results.sound.model:
        found |= {"sound", "table-sound"}
    if results.sound and results.sound.shapes:
        found.add("table-shapes")
    if _validated(results):
        found |= {"trust", "table-validation", "table-calibration"}
    return found


def _validated(results: Results) -> list[Validation]:
    return [one for one in results.validation if isinstance(one, Validation)]


def _answers(results: Results) -> dict[str, Answer]:
    flow, outcome, model = results.flow, results.outcome, results.model
    events = min(flow.yes, flow.no)
    found: dict[str, Answer] = {
        "eligibility": (
            said(
                f"{wording.counted(len(flow.left), 'rule')} in a declared order"
                if flow.left
                else "no rule of exclusion was set"
            ),
            ("table-flow", "methods"),
        ),
        "outcome": (said(f"{outcome.by} {outcome.version}".strip()), ("table-criteria", "methods")),
        "variables": (
            said(
                f"{wording.counted(len(results.table1.rows), 'characteristic')} with their origin"
            ),
            ("methods", "table-baseline"),
        ),
        "sources": (
            said(f"{wording.counted(len(results.cohort.sources), 'table')}, named by digest"),
            ("table-sources",),
        ),
        "checks": (said("every cell against the data dictionary"), ("methods", "appendix")),
        "size": (
            said(
                f"{flow.included} patients, {events} events, {model.candidates} candidate"
                " parameters; what they can carry is worked out, but no calculation made"
                " beforehand is known to the run"
                if results.capacity
                else f"{flow.included} patients, {events} events; no calculation made beforehand"
                " is known to the run"
            ),
            ("table-capacity", "methods"),
        ),
        "statistics": (said("each method with its exact variant"), ("methods", "conventions")),
        "missing": (_missing(results), ("methods", "table-baseline")),
        "flow": (
            said(f"{flow.screened} screened, {flow.included} analysed, reasons counted"),
            ("figure-flow", "table-flow"),
        ),
        "characteristics": (said("by outcome, with missing counts"), ("table-baseline",)),
        "events": (said(f"{flow.yes} with, {flow.no} without"), ("patients",)),
        "conventions": (said("named with each result"), ("conventions",)),
        "code": (said(f"{results.program}, open source (MIT)"), ("appendix",)),
        "validation": _validation(results),
    }
    if results.included:
        found["selection"] = (said("included beside excluded"), ("table-included",))
    if results.cutoffs.predictors:
        found["cut"] = (
            said("cut-offs, how they were chosen, by which rule, and what cutting costs"),
            ("table-cutoffs", "table-shapes"),
        )
    if model.univariable or model.multivariable:
        found["estimates"] = (
            said("unadjusted and adjusted odds ratios with intervals"),
            ("table-factors",),
        )
        found["building"] = (said(f"variables by {model.chosen_by}"), ("methods", "table-factors"))
    if model.multivariable:
        found["equation"] = (
            said(
                "all coefficients, the intercept and the covariance; as files with ranges and test"
                " vectors too (risk-model.json, risk-model-usual.json)"
            ),
            ("table-equation",),
        )
        found["input"] = (
            said(
                "the models' files refuse a missing or unreadable input and a number outside the"
                " range of these patients"
            ),
            ("table-equation",),
        )
        found["performance"] = (
            said(
                "discrimination, calibration and net benefit, apparent and corrected for optimism"
                if _validated(results)
                else "apparent only; no calibration"
            ),
            ("table-validation", "table-calibration", "table-model"),
        )
    if results.agreement:
        found["definitions"] = (said("the outcome under other definitions"), ("table-definitions",))
    if results.study.setting or results.study.period:
        found["setting"] = (
            said(wording.listed([p for p in (results.study.setting, results.study.period) if p])),
            ("methods",),
        )
    return found


def _missing(results: Results) -> Text:
    filled = results.sound.missing if results.sound else None
    if filled and filled.imputed:
        return said(
            "complete cases per analysis, counted; the declared model also with"
            f" {filled.imputed.sets} imputed sets"
        )
    return said("complete cases per analysis, counted")


def _validation(results: Results) -> Answer:
    found = _validated(results)
    if not found:
        return said("none: no validation, internal or external, in this run"), ("in-short",)
    return (
        said(
            f"internal, by bootstrap of the whole path ({found[0].resamples:,} resamples); all"
            " patients develop the model; no external validation"
        ),
        ("table-validation", "trust"),
    )


# number, section, topic in our own words, key of the answer ("" or unknown: blank)
STROBE: tuple[tuple[str, str, str, str], ...] = (
    ("1", "Title and abstract", "Design in the title or abstract; a balanced summary", ""),
    ("2", "Introduction", "Background and reason", ""),
    ("3", "Introduction", "Aims and hypotheses stated beforehand", ""),
    ("4", "Methods", "Key elements of the design, early", ""),
    ("5", "Methods", "Setting, places, dates", "setting"),
    ("6", "Methods", "Who was eligible, how found, how followed", "eligibility"),
    ("7", "Methods", "Outcome, exposures, predictors, confounders defined", "outcome"),
    ("8", "Methods", "Sources of data and how each variable was measured", "sources"),
    ("9", "Methods", "What was done against bias", "selection"),
    ("10", "Methods", "How the size of the study came about", "size"),
    ("11", "Methods", "How numbers were handled, which groupings and why", "cut"),
    ("12a", "Methods", "All statistical methods", "statistics"),
    ("12b", "Methods", "Subgroups and interactions", ""),
    ("12c", "Methods", "Missing data", "missing"),
    ("12d", "Methods", "Loss to follow-up", ""),
    ("12e", "Methods", "Sensitivity analyses", "definitions"),
    ("13", "Results", "Numbers at each stage, reasons, a flow diagram", "flow"),
    ("14", "Results", "Characteristics, missing values, follow-up time", "characteristics"),
    ("15", "Results", "Numbers of outcome events", "events"),
    ("16a", "Results", "Unadjusted and adjusted estimates with precision", "estimates"),
    ("16b", "Results", "Boundaries of categories made from numbers", "cut"),
    ("16c", "Results", "Absolute risk where relevant", ""),
    ("17", "Results", "Other analyses", "definitions"),
    ("18", "Discussion", "Key results against the aims", ""),
    ("19", "Discussion", "Limitations, size and direction of bias", ""),
    ("20", "Discussion", "A cautious interpretation", ""),
    ("21", "Discussion", "Generalisability", ""),
    ("22", "Other", "Funding and the funders' role", ""),
)

TRIPOD: tuple[tuple[str, str, str, str], ...] = (
    ("1", "Title", "Model, population and outcome named", ""),
    ("2", "Abstract", "Structured abstract", ""),
    ("3a", "Introduction", "Health context and existing models", ""),
    ("3b", "Introduction", "Target population, place in the pathway, users", ""),
    ("3c", "Introduction", "Known inequalities", ""),
    ("4", "Introduction", "Objectives", ""),
    ("5a", "Methods", "Source of the data and how representative", "sources"),
    ("5b", "Methods", "Dates", "setting"),
    ("6a", "Methods", "Setting and centres", "setting"),
    ("6b", "Methods", "Eligibility", "eligibility"),
    ("6c", "Methods", "Treatments received", ""),
    ("7", "Methods", "Preparation and quality checks of the data", "checks"),
    ("8a", "Methods", "Outcome, horizon, how assessed", "outcome"),
    ("8b", "Methods", "Who assessed the outcome", ""),
    ("8c", "Methods", "Blinding of the outcome's assessors", ""),
    ("9a", "Methods", "Why these predictors", ""),
    ("9b", "Methods", "Predictors defined and timed", "variables"),
    ("9c", "Methods", "Who assessed the predictors", ""),
    ("10", "Methods", "Sample size and its reason", "size"),
    ("11", "Methods", "Missing data", "missing"),
    ("12a", "Methods", "Use and partition of the data", "validation"),
    ("12b", "Methods", "Functional form of the predictors", "cut"),
    ("12c", "Methods", "Type of model, building, internal validation", "building"),
    ("12d", "Methods", "Differences between clusters", ""),
    ("12e", "Methods", "Measures of performance", "performance"),
    ("12f", "Methods", "Updating (E)", ""),
    ("12g", "Methods", "How predictions were made (E)", ""),
    ("13", "Methods", "Class imbalance", ""),
    ("14", "Methods", "Fairness", ""),
    ("15", "Methods", "Output of the model and thresholds", "equation"),
    ("16", "Methods", "Differences between development and evaluation", ""),
    ("17", "Methods", "Ethical approval", ""),
    ("18a", "Open science", "Funding", ""),
    ("18b", "Open science", "Conflicts of interest", ""),
    ("18c", "Open science", "Protocol", ""),
    ("18d", "Open science", "Registration", ""),
    ("18e", "Open science", "Sharing of data", ""),
    ("18f", "Open science", "Sharing of code", "code"),
    ("19", "Involvement", "Patients and public", ""),
    ("20a", "Results", "Flow, events, follow-up", "flow"),
    ("20b", "Results", "Characteristics with missing values", "characteristics"),
    ("20c", "Results", "Comparison with the development data (E)", ""),
    ("21", "Results", "Participants and events of each analysis", "events"),
    ("22", "Results", "The full model: all coefficients and the intercept", "equation"),
    ("23a", "Results", "Performance with intervals, calibration", "performance"),
    ("23b", "Results", "Heterogeneity of the performance", ""),
    ("24", "Results", "Results of updating (E)", ""),
    ("25", "Discussion", "Interpretation", ""),
    ("26", "Discussion", "Limitations", ""),
    ("27a", "Discussion", "Poor or missing input at the time of use", "input"),
    ("27b", "Discussion", "Interaction with users and their expertise", ""),
    ("27c", "Discussion", "Next steps", ""),
)
