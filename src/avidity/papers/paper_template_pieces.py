"""The headings of the paper template and an example for every key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avidity.papers.paper import (
    About,
    Cross,
    Flow,
    Group,
    Left,
    Methods,
    Model,
    Roc,
    Row,
    Statement,
    Term,
    Variable,
)
from avidity.papers.paper_numbers import PaperPart


@dataclass(frozen=True, slots=True)
class Piece:
    """One heading of the template with its keys and example values, as typed in TOML.

    asked  stands in the file without a comment sign
    """

    head: str
    part: type[PaperPart]
    keys: Mapping[str, str]
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled stretch of the template."""

    title: str
    words: str
    pieces: tuple[Piece, ...]


GROUPS = '{ refractory = "18", other = "4", all = "22" }'
SHARES = '{ refractory = "56.3", other = "6.9" }'
ROW = {
    "variable": '"age"',
    "where": '"Table 1"',
    "n": '{ refractory = "32", other = "58" }',
    "missing": '{ refractory = "0", other = "2" }',
    "mean": '{ refractory = "53.06", other = "44.43" }',
    "sd": '{ refractory = "14.13", other = "13.09" }',
    "se": '{ refractory = "2.50", other = "1.72" }',
    "median": '{ refractory = "54", other = "43" }',
    "q1": '{ refractory = "44", other = "35" }',
    "q3": '{ refractory = "63", other = "54" }',
    "iqr": '{ refractory = "19", other = "19" }',
    "minimum": '{ all = "17" }',
    "maximum": '{ all = "77" }',
    "p": '"0.005"',
    "test": '"welch t"',
    "statistic": '"2.847"',
    "df": '"60.0"',
    "note": '""',
}
COUNTED = {
    "variable": '"metastasis"',
    "count.yes": GROUPS,
    "count.no": '{ refractory = "14", other = "54" }',
    "percent.yes": SHARES,
    "percent_of": '"group"',
    "p": '"<0.001"',
    "test": '"fisher"',
}
ROC = {
    "name": '"age_roc"',
    "variable": '"age"',
    "where": '"Fig. 1"',
    "positive": '"high"',
    "auc": '"0.681"',
    "low": '"0.562"',
    "high": '"0.800"',
    "confidence": '"95"',
    "se": '"0.061"',
    "p": '"0.004"',
    "cutoff": '"54"',
    "comparison": '"at_least"',
    "scale": '"percent"',
    "sensitivity": '"59.4"',
    "specificity": '"75.9"',
    "ppv": '"57.6"',
    "npv": '"77.2"',
    "accuracy": '"70.0"',
    "youden": '"0.353"',
    "note": '""',
}
MODEL = {
    "name": '"multivariable"',
    "kind": '"multivariable"',
    "where": '"Table 2"',
    "method": '"logistic"',
    "entry": '"enter"',
    "confidence": '"95"',
    "n": '"90"',
    "events": '"32"',
    "intercept": '"-3.085"',
    "intercept_se": '"0.641"',
    "auc": '"0.882"',
    "auc_low": '"0.81"',
    "auc_high": '"0.95"',
    "nagelkerke": '"0.558"',
    "cox_snell": '"0.406"',
    "minus_2ll": '"70.232"',
    "lr_chi2": '"46.916"',
    "lr_df": '"3"',
    "lr_p": '"<0.001"',
    "aic": '"78.2"',
    "brier": '"0.118"',
    "hosmer_lemeshow": '"4.1"',
    "hosmer_lemeshow_df": '"8"',
    "hosmer_lemeshow_p": '"0.85"',
    "accuracy": '"84.4"',
    "note": '""',
}
TERM = {
    "variable": '"stage"',
    "level": '"ii"',
    "reference": '"i"',
    "odds_ratio": '"6.502"',
    "low": '"1.832"',
    "high": '"23.080"',
    "p": '"0.004"',
    "beta": '"1.872"',
    "se": '"0.646"',
    "wald": '"8.39"',
    "n": '"90"',
    "note": '""',
}
METHODS = {
    "numbers": '"t or mann-whitney"',
    "counts": '"chi-square or fisher"',
    "alpha": '"0.05"',
    "screen_p": '"0.05"',
    "candidates": '["age_54", "metastasis", "stage"]',
    "cutoffs": '"found in these data"',
    "cutoffs_by": '"Youden\'s index"',
    "software": '"SPSS 23"',
    "missing": '"complete cases only"',
    "validation": '"none"',
    "calibration": '"Hosmer-Lemeshow"',
    "follow_up": '"median 31 months from thyroidectomy"',
    "outcome": '"ATA 2015"',
    "outcome_uses": '["metastasis"]',
    "design": '"retrospective, one centre"',
    "note": '""',
}

SECTIONS = (
    Section(
        "Which paper",
        "",
        (
            Piece(
                "[paper]",
                About,
                {
                    "title": '"Title of the paper"',
                    "citation": '""',
                    "doi": '""',
                    "licence": '""',
                    "outcome": '"radioiodine-refractory"',
                    "made_up": '""',
                },
                asked=True,
            ),
        ),
    ),
    Section(
        "The groups that are compared",
        "",
        (
            Piece(
                "[[group]]",
                Group,
                {
                    "name": '"refractory"',
                    "label": '"Refractory"',
                    "n": '"0"',
                    "event": "true",
                    "where": '"Table 1"',
                },
                asked=True,
            ),
            Piece("[[group]]", Group, {"name": '"other"', "n": '"0"'}, asked=True),
        ),
    ),
    Section(
        "Who was screened, who was left out, who was analysed",
        "",
        (
            Piece("[flow]", Flow, {"screened": '"300"', "included": '"90"', "where": '"Methods"'}),
            Piece("[[flow.left]]", Left, {"reason": '"incomplete follow-up"', "n": '"178"'}),
        ),
    ),
    Section(
        "What is known of each patient",
        "Everything the rows, curves and models below are about, named once.",
        (
            Piece(
                "[[variable]]",
                Variable,
                {
                    "name": '"age"',
                    "label": '"Age at diagnosis"',
                    "kind": '"number"',
                    "unit": '"years"',
                    "step": '"1"',
                },
            ),
            Piece(
                "[[variable]]",
                Variable,
                {
                    "name": '"age_54"',
                    "from": '"age"',
                    "at_least": '"54"',
                    "# above": '"54"',
                    "# at_most": '"54"',
                    "# below": '"54"',
                },
            ),
            Piece("[[variable]]", Variable, {"name": '"metastasis"'}),
            Piece(
                "[[variable]]",
                Variable,
                {
                    "name": '"stage"',
                    "kind": '"category"',
                    "levels": '["i", "ii", "iii"]',
                    "ordered": "true",
                },
            ),
            Piece(
                "[[variable]]",
                Variable,
                {"name": '"late_stage"', "from": '"stage"', "one_of": '["ii", "iii"]'},
            ),
            Piece("[[variable]]", Variable, {"name": '"lung_metastasis"', "among": '"metastasis"'}),
        ),
    ),
    Section(
        "The table of groups",
        "One row for each variable; what another place says of it again is a statement, below.",
        (Piece("[[row]]", Row, ROW), Piece("[[row]]", Row, COUNTED)),
    ),
    Section(
        "Two variables against each other",
        "",
        (
            Piece(
                "[[cross]]",
                Cross,
                {
                    "name": '"age_and_metastasis"',
                    "rows": '"age_54"',
                    "columns": '"metastasis"',
                    "group": '"all"',
                    "where": '"Table 3"',
                    "count.yes": '{ yes = "10", no = "25" }',
                    "count.no": '{ yes = "12", no = "43" }',
                    "p": '"0.464"',
                    "test": '"pearson"',
                },
            ),
        ),
    ),
    Section("ROC curves and cut-offs", "", (Piece("[[roc]]", Roc, ROC),)),
    Section(
        "Tables of odds ratios",
        "",
        (
            Piece("[[model]]", Model, MODEL),
            Piece("[[model.term]]", Term, TERM),
            Piece(
                "[[model.term]]",
                Term,
                {"variable": '"age"', "per": '"10"', "odds_ratio": '"1.62"'},
            ),
        ),
    ),
    Section(
        "The same figure in another place",
        "Abstract, text, figure, discussion: what is stated twice can be held against itself.",
        (
            Piece(
                "[[statement]]",
                Statement,
                {
                    "fact": '"row.age.mean.refractory"',
                    "printed": '"53"',
                    "where": '"Abstract"',
                    "note": '""',
                },
            ),
        ),
    ),
    Section("What the Methods say", "", (Piece("[methods]", Methods, METHODS),)),
)
