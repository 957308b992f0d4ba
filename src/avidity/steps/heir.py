"""The file of an updated model: its numbers, its patients, and whom it comes from."""

from __future__ import annotations

import numpy as np

from avidity import __version__
from avidity.errors import RiskModelError
from avidity.riskmodel.equation import Equation
from avidity.riskmodel.file import digest
from avidity.riskmodel.model import Band, Input, Pattern, RiskModel
from avidity.riskmodel.source import Ancestor, Outcome, Population, Provenance
from avidity.riskmodel.vectors import with_vectors
from avidity.stats.newton import Floats
from avidity.stats.updating import Update
from avidity.steps.applied import Applied
from avidity.steps.label import Labelled
from avidity.steps.mapped import values_of

DONE = {
    "in the large": "intercept found anew",
    "logistic": "intercept and common factor of the slopes found anew",
    "refit": "all coefficients found anew, the same predictors",
}
BANDS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def heir(
    model: RiskModel, applied: Applied, labelled: Labelled, found: Update, name: str = ""
) -> RiskModel:
    """The updated model with lineage and test vectors of its own.

    model    the ancestor, as it was read; applied: put to the cohort, a partial one as outlined
    name     of the new model; empty takes the old one's with "-updated"
    raises   RiskModelError on a name that cannot be one
    """
    study = labelled.study
    refit = found.method == "refit"
    n, events = len(applied.y), int(applied.y.sum())
    made = RiskModel.model_validate(
        {
            "name": _name(model, name),
            "title": f"{model.title}, updated in: {study.about.title}",
            "status": "complete" if refit else model.status,
            "outcome": _outcome(labelled),
            "population": _population(labelled, n, events),
            "n": n,
            "events": events,
            "provenance": _provenance(model, labelled, found, n, events),
            "lineage": (*model.lineage, _ancestor(model, found)),
            "inputs": tuple(
                _input(one, at, applied, labelled, refit=refit)
                for at, one in enumerate(applied.model.inputs)
            ),
            "terms": applied.model.terms,
            "equation": _equation(found, applied),
            **_patients(applied, found),
            "notes": _notes(model, study.about.made_data, refit=refit),
        }
    )
    return with_vectors(made, study.about.confidence)


def _name(model: RiskModel, name: str) -> str:
    chosen = name or f"{model.name}-updated"
    if not chosen.replace("-", "").isalnum() or chosen != chosen.lower() or chosen[0] == "-":
        raise RiskModelError(
            f"a model's name is small letters, digits and hyphens, found {chosen!r}"
        )
    return chosen


def _outcome(labelled: Labelled) -> Outcome:
    decided = labelled.outcome
    computed = bool(decided.version)
    words = f"{decided.title}, version {decided.version}, digest {decided.digest}"
    return Outcome(
        definition=decided.by.split(" ")[0] if computed else "",
        words=f"{words} ({decided.by})" if computed else decided.by,
        label=labelled.study.outcome.label,
    )


def _population(labelled: Labelled, n: int, events: int) -> Population:
    about, flow = labelled.study.about, labelled.flow
    return Population(
        words=f"{n} patients with {events} events, who have all inputs, of {flow.included} analysed"
        f" and {flow.screened} screened",
        setting=about.setting,
        period=about.period,
    )


def _provenance(
    model: RiskModel, labelled: Labelled, found: Update, n: int, events: int
) -> Provenance:
    old = model.provenance
    refit = found.method == "refit"
    own = ". ".join(
        part for part in (labelled.study.about.authors, labelled.study.about.title) if part
    )
    return Provenance(
        citation=f"{own}, from {model.name} ({old.citation})",
        doi="" if refit else old.doi,
        how=f"fitted: {DONE[found.method]} in {n} patients with {events} events"
        f" ({found.estimator})",
        sha256=labelled.study.sha256,
        licence=old.licence,
        sources=(f"cohort {labelled.cohort_sha256}",),
        program=f"avidity {__version__}",
    )


def _ancestor(model: RiskModel, found: Update) -> Ancestor:
    return Ancestor(
        name=model.name,
        version=model.version,
        sha256=digest(model),
        update=DONE[found.method],
        kind="refit" if found.method == "refit" else "update",
    )


def _input(one: Input, at: int, applied: Applied, labelled: Labelled, *, refit: bool) -> Input:
    """The input with the range of these patients; of a recalibrated model, of both sources."""
    if one.kind != "number":
        return one
    rows = labelled.patients[applied.place.tolist()]
    values = values_of(applied.mapped[at], one, rows).astype(float)
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return one
    low, high = float(known.min()), float(known.max())
    if not refit and one.seen:
        low, high = min(low, one.seen[0]), max(high, one.seen[1])
    elif not refit and one.seen is None:
        return one  # the slopes' source is not known: neither is the range they were seen in
    return one.model_copy(update={"seen": (low, high)})


def _equation(found: Update, applied: Applied) -> Equation:
    covariance = None
    if found.covariance is not None:
        covariance = tuple(tuple(row) for row in found.covariance.tolist())
    return Equation(
        columns=applied.model.columns,
        apparent=tuple(found.coef.tolist()),
        covariance=covariance,
        estimator=found.estimator,
    )


def _patients(applied: Applied, found: Update) -> dict[str, object]:
    """Patterns where all columns are yes or no, else bands of risk."""
    X = applied.sets[0]
    if np.isin(X, (0.0, 1.0)).all():
        return {"patterns": _patterns(X[:, 1:], applied.y)}
    risk: Floats = 1 / (1 + np.exp(-(X @ found.coef)))
    place = np.searchsorted(BANDS[1:-1], risk, side="right")
    return {
        "bands": tuple(
            Band(
                low=BANDS[at],
                high=BANDS[at + 1],
                n=int((place == at).sum()),
                events=int(applied.y[place == at].sum()),
            )
            for at in range(len(BANDS) - 1)
        )
    }


def _patterns(columns: Floats, y: Floats) -> tuple[Pattern, ...]:
    different, place = np.unique(columns, axis=0, return_inverse=True)
    place = place.reshape(-1)
    return tuple(
        Pattern.model_validate(
            {
                "values": tuple(int(value) for value in values),
                "n": int((place == at).sum()),
                "events": int(y[place == at].sum()),
            }
        )
        for at, values in enumerate(different)
    )


def _notes(model: RiskModel, made_data: str, *, refit: bool) -> tuple[str, ...]:
    told = [made_data] if made_data else []
    told.append("It was not validated in patients other than those of the update.")
    if refit:
        told.append(f"Of {model.name} only the predictors are left; no coefficient is its own.")
    elif model.status == "reconstructed":
        told.append(f"The slopes of {model.name} were reconstructed from print.")
    return (*told, *(model.notes if not refit else ()))
