"""Net benefit of a model over the thresholds at which one might act, beside all and none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.interval import error_rate
from avidity.stats.net_benefit import (
    HUNDREDTHS,
    USUAL,
    Decisions,
    Practice,
    decisions,
    net_benefits,
    rates,
)
from avidity.stats.newton import Floats, locked
from avidity.stats.normal import z_of


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One strategy at one threshold, in the columns of dcurves.

    test_pos_rate     share that is treated
    tp_rate, fp_rate  those rightly and wrongly treated, over all patients
    net_intervention_avoided  against treating all, per patient; nan at threshold 0
    """

    model: str
    threshold: float
    n: int
    prevalence: float
    harm: float
    test_pos_rate: float
    tp_rate: float
    fp_rate: float
    net_benefit: float
    net_intervention_avoided: float


@dataclass(frozen=True, slots=True, eq=False)
class DecisionCurve:
    """One strategy over all thresholds; all arrays have shape (k,).

    prevalence  of the cohort, or the one given for a case-control study
    low, high   interval of the net benefit, each threshold by itself
    """

    model: str
    threshold: Floats
    tp_rate: Floats
    fp_rate: Floats
    net_benefit: Floats
    low: Floats
    high: Floats
    level: float
    prevalence: float
    harm: float
    n: int
    method: str

    @property
    def interventions_avoided(self) -> Floats:
        """Interventions avoided per 100 patients without missing a case, against treating all.

        nan at threshold 0, where an intervention costs nothing.
        """
        weight = self.threshold / (1 - self.threshold)
        everybody = self.prevalence - (1 - self.prevalence) * weight
        avoided = np.full(len(weight), np.nan)
        np.divide(self.net_benefit - everybody, weight, out=avoided, where=weight > 0)
        return 100 * avoided

    def rows(self) -> tuple[DecisionRow, ...]:
        """The curve as a table."""
        avoided = self.interventions_avoided / 100
        columns = (self.threshold, self.tp_rate, self.fp_rate, self.net_benefit, avoided)
        return tuple(
            DecisionRow(
                model=self.model,
                threshold=threshold,
                n=self.n,
                prevalence=self.prevalence,
                harm=self.harm,
                test_pos_rate=tp + fp,
                tp_rate=tp,
                fp_rate=fp,
                net_benefit=benefit,
                net_intervention_avoided=less,
            )
            for threshold, tp, fp, benefit, less in np.column_stack(columns).tolist()
        )


def decision_curve(
    risk: npt.ArrayLike,
    outcome: npt.ArrayLike,
    thresholds: npt.ArrayLike = HUNDREDTHS,
    *,
    practice: Practice = USUAL,
    weights: npt.ArrayLike | None = None,
    level: float = 0.95,
    model: str = "model",
) -> DecisionCurve:
    """Net benefit of treating everybody whose risk reaches the threshold.

    risk        shape (n,), probabilities, none missing; outcome shape (n,), 0 or 1
    thresholds  shape (k,), rising, 0 or more and below 1
    practice    who is treated at the threshold itself, and the population's prevalence
    weights     shape (b, n), how often each patient stands in each bootstrap sample: the
                interval is then their percentiles, the model being as it is; None gives the
                normal interval (delta method)
    raises      as `net_benefit.decisions` and `net_benefit.net_benefits`
    source      Vickers & Elkin, Med Decis Making 2006;26:565-574; Vickers and others, BMC Med
                Inform Decis Mak 2008;8:53

    >>> decision_curve([0.9, 0.8, 0.2, 0.1], [1, 0, 1, 0], [0.2]).net_benefit.tolist()
    [0.4375]
    """
    asked = decisions(risk, outcome, thresholds, practice)
    tp, fp = (rate[0] for rate in rates(asked, np.ones((1, len(asked.risk)))))
    benefit = tp - asked.odds * fp - practice.harm
    if weights is None:
        half = z_of(level) * _std_error(tp, fp, asked)
        low, high, way = benefit - half, benefit + half, "normal interval"
    else:
        drawn = net_benefits(asked, weights)
        tail = error_rate(level) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
        way = f"percentiles of {len(drawn)} bootstrap samples, the model as it is"
    share = float(asked.case.mean()) if practice.prevalence is None else practice.prevalence
    return DecisionCurve(
        model=model,
        threshold=locked(asked.threshold),
        tp_rate=locked(tp),
        fp_rate=locked(fp),
        net_benefit=locked(benefit),
        low=locked(low),
        high=locked(high),
        level=level,
        prevalence=share,
        harm=practice.harm,
        n=len(asked.risk),
        method=f"treated if risk {practice.rule} threshold; {way}, each threshold by itself",
    )


def treat_all(
    outcome: npt.ArrayLike,
    thresholds: npt.ArrayLike = HUNDREDTHS,
    *,
    prevalence: float | None = None,
    level: float = 0.95,
) -> DecisionCurve:
    """Treating everybody; arguments and errors as `decision_curve`."""
    everybody = np.ones(np.shape(outcome))
    practice = Practice(prevalence=prevalence)
    return decision_curve(
        everybody, outcome, thresholds, practice=practice, level=level, model="all"
    )


def treat_none(
    outcome: npt.ArrayLike,
    thresholds: npt.ArrayLike = HUNDREDTHS,
    *,
    prevalence: float | None = None,
    level: float = 0.95,
) -> DecisionCurve:
    """Treating nobody: neither benefit nor harm; arguments and errors as `decision_curve`."""
    nobody = np.zeros(np.shape(outcome))
    practice = Practice(rule=">", prevalence=prevalence)
    return decision_curve(nobody, outcome, thresholds, practice=practice, level=level, model="none")


def _std_error(tp: Floats, fp: Floats, asked: Decisions) -> Floats:
    """Of the net benefit: a mean over patients, or the shares of two separate groups."""
    n, cases, share = len(asked.case), int(asked.case.sum()), asked.practice.prevalence
    if share is None:
        variance = (tp + asked.odds**2 * fp - (tp - asked.odds * fp) ** 2) / n
    else:
        variance = tp * (share - tp) / cases
        variance = variance + asked.odds**2 * fp * (1 - share - fp) / (n - cases)
    error: Floats = np.sqrt(np.maximum(variance, 0.0))
    return error
