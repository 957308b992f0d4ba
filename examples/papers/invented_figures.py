"""The figures a paper would print of a made cohort, as text with the digits its authors chose."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avidity.stats import contingency
from avidity.stats.cutpoint import best_cutpoints, performance
from avidity.stats.fisher import fisher
from avidity.stats.goodness_of_fit import brier, hosmer_lemeshow
from avidity.stats.logistic import fit
from avidity.stats.means import pooled_t, welch_t
from avidity.stats.ranks import mann_whitney
from avidity.stats.roc import delong_interval, roc
from avidity.stats.summary import summarise
from avidity.wording import fixed

GROUPS = ("rair", "other")
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Cohort:
    """Made patients: columns, and who has the outcome."""

    columns: dict[str, list[object]]
    sick: list[bool]

    def numbers(self, name: str) -> np.ndarray:
        """A column of numbers."""
        return np.array(self.columns[name], dtype=float)

    def groups(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of those with the outcome, and of those without."""
        sick = np.array(self.sick)
        return self.numbers(name)[sick], self.numbers(name)[~sick]

    def yes(self, name: str) -> list[bool]:
        """A column of yes and no."""
        return [value is True for value in self.columns[name]]

    def at(self, name: str, level: str) -> list[bool]:
        """Who is at a level of a category."""
        return [value == level for value in self.columns[name]]

    def count(self, chosen: list[bool]) -> dict[str, int]:
        """How many of each group."""
        pairs = list(zip(chosen, self.sick, strict=True))
        return {"rair": sum(a and s for a, s in pairs), "other": sum(a and not s for a, s in pairs)}


def p_text(p: float, digits: int) -> str:
    """A p value, or below what."""
    least = 10.0**-digits
    return f"<{least:.{digits}f}" if p < least else fixed(p, digits)


@dataclass(frozen=True)
class Printer:
    """How one paper's authors print their tables."""

    cohort: Cohort
    numbers: str
    counts: str
    p_digits: int
    percent_digits: int

    def means(self, name: str, digits: int) -> dict[str, object]:
        """Mean and SD by group, and the t test."""
        groups = self.cohort.groups(name)
        told = [summarise(group) for group in groups]
        test = {"welch t": welch_t, "pooled t": pooled_t}[self.numbers](*groups)
        return {
            "mean": _by_group([fixed(one.mean, digits) for one in told]),
            "sd": _by_group([fixed(one.sd, digits) for one in told]),
            "p": p_text(test.p_value, self.p_digits),
        }

    def medians(self, name: str) -> dict[str, object]:
        """Median, quartiles and ends by group, and the rank test."""
        groups = self.cohort.groups(name)
        told = [summarise(group, quantile_type=6) for group in groups]
        test = mann_whitney(*groups, "asymptotic", continuity=False)
        named = {"median": "median", "q1": "lower_quartile", "q3": "upper_quartile"}
        named |= {"minimum": "minimum", "maximum": "maximum"}
        return {
            key: _by_group([fixed(getattr(one, part), 1) for one in told])
            for key, part in named.items()
        } | {"p": p_text(test.p_value, self.p_digits)}

    def yes_no(self, name: str) -> dict[str, object]:
        """Counts and percentages of yes, counts of no, and the test."""
        yes = self.cohort.yes(name)
        has, lacks = self.cohort.count(yes), self.cohort.count([not one for one in yes])
        told: dict[str, object] = {"count__yes": _texts(has), "count__no": _texts(lacks)}
        told["percent__yes"] = self._shares(has)
        return told | {"p": self._p([list(has.values()), list(lacks.values())])}

    def levels(self, name: str, levels: tuple[str, ...]) -> dict[str, object]:
        """Counts and percentages of each level, and the test of the whole table."""
        seen = {level: self.cohort.count(self.cohort.at(name, level)) for level in levels}
        told: dict[str, object] = {f"count__{level}": _texts(seen[level]) for level in levels}
        told |= {f"percent__{level}": self._shares(seen[level]) for level in levels}
        return told | {"p": self._p([list(one.values()) for one in seen.values()])}

    def cross(self, rows: str, columns: str) -> dict[str, object]:
        """Two yes/no variables against each other, in everybody."""
        pairs = list(zip(self.cohort.yes(rows), self.cohort.yes(columns), strict=True))
        seen = {a: {b: pairs.count((ANSWERS[a], ANSWERS[b])) for b in ANSWERS} for a in ANSWERS}
        told = {f"count__{a}": _texts(seen[a]) for a in ANSWERS}
        return told | {"p": self._p([list(one.values()) for one in seen.values()])}

    def curve(self, name: str, digits: int, share_digits: int) -> dict[str, object]:
        """The area with its interval, and Youden's cut-off with what it gives."""
        score, sick = self.cohort.numbers(name), self.cohort.sick
        area = roc(score, sick)
        ends = delong_interval(area)
        best = best_cutpoints(score, sick)[0]
        at = performance(best.table)
        shares = {"sensitivity": at.sensitivity, "specificity": at.specificity}
        shares |= {"ppv": at.ppv, "npv": at.npv, "accuracy": at.accuracy}
        told = {"auc": fixed(area.auc, digits), "confidence": "95"}
        told |= {"low": fixed(ends.low, digits), "high": fixed(ends.high, digits)}
        told["cutoff"] = f"{best.value:g}"
        return told | {
            key: fixed(100 * one.estimate, share_digits) for key, one in shares.items() if one
        }

    def _shares(self, seen: dict[str, int]) -> dict[str, str]:
        sizes = self.cohort.count([True] * len(self.cohort.sick))
        digits = self.percent_digits
        return {group: fixed(100 * n / sizes[group], digits) for group, n in seen.items()}

    def _p(self, table: list[list[int]]) -> str:
        test = {"fisher": fisher, "pearson": contingency.pearson}[self.counts]
        return p_text(test(np.array(table)).p_value, self.p_digits)


@dataclass(frozen=True)
class ModelFigures:
    """A fitted model as printed: what it says as a whole, and each line."""

    whole: dict[str, str]
    lines: dict[str, dict[str, str]]


def coefficients(
    cohort: Cohort, terms: dict[str, list[bool]], *, digits: int, p_digits: int
) -> ModelFigures:
    """The logistic model of these terms, by maximum likelihood, with Wald's intervals."""
    y = np.array(cohort.sick, dtype=float)
    X = np.column_stack([np.ones(len(y)), *(np.array(one, dtype=float) for one in terms.values())])
    model = fit(X, y, ("intercept", *terms))
    risk = model.risk(X)
    whole = {
        "confidence": "95",
        "n": str(model.n),
        "events": str(model.n_events),
        "intercept": fixed(model.coef[0], 3).replace("−", "-"),
        "auc": fixed(roc(risk, y).auc, 3),
        "nagelkerke": fixed(model.nagelkerke, 3),
        "cox_snell": fixed(model.cox_snell, 3),
        "minus_2ll": fixed(model.deviance, 2),
        "brier": fixed(brier(risk, y), 3),
    }
    if len(terms) > 1:  # one sign makes two risks, too few to group
        fitting = hosmer_lemeshow(risk, y)
        whole["hosmer_lemeshow"] = fixed(fitting.test.statistic, 2)
        whole["hosmer_lemeshow_df"] = str(len(fitting.groups) - 2)
        whole["hosmer_lemeshow_p"] = fixed(fitting.test.p_value, 3)
    lines = {}
    for one in model.wald()[1:]:
        ratio = {"odds_ratio": one.estimate, "low": one.interval.low, "high": one.interval.high}
        told = {key: fixed(float(np.exp(value)), digits) for key, value in ratio.items()}
        lines[one.term] = told | {"p": p_text(one.test.p_value, p_digits)}
    return ModelFigures(whole, lines)


def write_cohort(cohort: Cohort, path: Path) -> None:
    """The made patients as a table, one row each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["group", *cohort.columns])
        for number, sick in enumerate(cohort.sick):
            values = [column[number] for column in cohort.columns.values()]
            writer.writerow([GROUPS[0 if sick else 1], *(_cell(value) for value in values)])


def _cell(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _by_group(texts: list[str]) -> dict[str, str]:
    return dict(zip(GROUPS, texts, strict=True))


def _texts(seen: dict[str, int]) -> dict[str, str]:
    return {key: str(n) for key, n in seen.items()}
