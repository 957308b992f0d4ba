"""What a paper prints of its models, and what its Methods say."""

from __future__ import annotations

from typing import Literal

from avidity.papers.paper_numbers import Count, Name, Number, PaperPart, TestName


class Term(PaperPart):
    """[[model.term]]: one line of a model's table."""

    variable: str
    """Which variable."""
    level: str = ""
    """Of a category: the level this line is for."""
    reference: str = ""
    """Of a category: the level it is compared with; of a yes/no "no" if empty."""
    per: Number | None = None
    """Of a number: the step the odds ratio is for; 1 unit if left out."""
    odds_ratio: Number | None = None
    """The odds ratio."""
    low: Number | None = None
    """Lower end of its interval."""
    high: Number | None = None
    """Upper end of its interval."""
    p: Number | None = None
    """Its p value."""
    beta: Number | None = None
    """The coefficient, on the log-odds scale."""
    se: Number | None = None
    """The coefficient's standard error."""
    wald: Number | None = None
    """The Wald chi-square."""
    n: Count | None = None
    """Patients in this fit, where lines of a univariable table differ."""
    note: str = ""
    """Anything worth remembering."""

    @property
    def key(self) -> str:
        """What facts and statements call it: ``age_54``, or ``stage=iii`` for a level."""
        return f"{self.variable}={self.level}" if self.level else self.variable


class Model(PaperPart):
    """[[model]]: one table of odds ratios."""

    name: Name
    """What the rest of the file calls it."""
    kind: Literal["univariable", "multivariable"] = "multivariable"
    """One fit for each variable, or one fit with all of them."""
    where: str = ""
    """Where it is printed."""
    method: Literal["logistic", "firth", "other"] = "logistic"
    """How it was fitted."""
    entry: str = ""
    """How variables got in, in the paper's words (enter, backward, ...); empty: not said."""
    confidence: Number | None = None
    """Level of the intervals in percent, 95."""
    n: Count | None = None
    """Patients in the fit."""
    events: Count | None = None
    """Of them with the outcome."""
    intercept: Number | None = None
    """The intercept, on the log-odds scale."""
    intercept_se: Number | None = None
    """Its standard error."""
    term: tuple[Term, ...]
    """Its lines, each one [[model.term]]."""
    auc: Number | None = None
    """The area under the ROC curve of the model."""
    auc_low: Number | None = None
    """Lower end of the area's interval."""
    auc_high: Number | None = None
    """Upper end of the area's interval."""
    nagelkerke: Number | None = None
    """Nagelkerke's R², as a proportion."""
    cox_snell: Number | None = None
    """Cox and Snell's R², as a proportion."""
    minus_2ll: Number | None = None
    """−2 log likelihood of the model."""
    lr_chi2: Number | None = None
    """Likelihood-ratio chi-square of the model (SPSS: omnibus test)."""
    lr_df: Number | None = None
    """Its degrees of freedom."""
    lr_p: Number | None = None
    """Its p value."""
    aic: Number | None = None
    """Akaike's information criterion."""
    brier: Number | None = None
    """The Brier score."""
    hosmer_lemeshow: Number | None = None
    """The Hosmer-Lemeshow chi-square."""
    hosmer_lemeshow_df: Number | None = None
    """Its degrees of freedom."""
    hosmer_lemeshow_p: Number | None = None
    """Its p value."""
    accuracy: Number | None = None
    """Percent classified rightly at a risk of one half."""
    note: str = ""
    """Anything worth remembering."""


class Methods(PaperPart):
    """[methods]: what the paper says it did. Empty: it does not say."""

    numbers: TestName = ""
    """The test named for numbers."""
    counts: TestName = ""
    """The test named for counts."""
    alpha: Number | None = None
    """The level of significance, 0.05."""
    screen_p: Number | None = None
    """Below which univariable p a variable entered the multivariable model."""
    candidates: tuple[str, ...] = ()
    """Every variable that was tried for the model."""
    cutoffs: Literal["", "found in these data", "fixed beforehand"] = ""
    """Where the cut-offs come from."""
    cutoffs_by: str = ""
    """How they were found: Youden's index, the point nearest the corner."""
    software: str = ""
    """As named, with its version."""
    missing: str = ""
    """What is said of missing data."""
    validation: str = ""
    """What is said of internal or external validation."""
    calibration: str = ""
    """What is said of calibration."""
    follow_up: str = ""
    """What is said of the length of follow-up and of when time begins."""
    outcome: str = ""
    """How the outcome is defined, in short."""
    outcome_uses: tuple[str, ...] = ()
    """The variables of this file that the outcome's own definition rests on."""
    design: str = ""
    """Retrospective, prospective, case-control, ..."""
    note: str = ""
    """Anything worth remembering."""
