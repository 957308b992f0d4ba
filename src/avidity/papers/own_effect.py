"""Your own cohort's odds ratio for a factor, read from the results.json of its study."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any, Literal, cast

from avidity.errors import PaperError
from avidity.papers.evidence_studies import Factor
from avidity.stats.interval import Interval


@dataclass(frozen=True, slots=True)
class OwnEffect:
    """One odds ratio of one's own cohort, alone or in the model, as the study found it.

    estimator  of the fit; an interval of another kind than the papers' is named there
    """

    title: str
    term: str
    kind: Literal["alone", "in the model"]
    odds_ratio: float
    interval: Interval
    n: int
    events: int
    estimator: str


def read_results(path: Path) -> Mapping[str, Any]:
    """The results.json of a study, or of the folder it stands in.

    raises  PaperError when it cannot be read or is not what `avidity study` writes
    """
    file = path / "results.json" if path.is_dir() else path
    must = f"{file} must be the results.json that 'avidity study' writes"
    try:
        content = json.loads(file.read_bytes())
    except OSError as error:
        raise PaperError(f"{must}; it cannot be read: {error.strerror}") from None
    except ValueError:
        raise PaperError(f"{must}; it is no JSON") from None
    if not isinstance(content, dict) or not {"schema_version", "study", "model"} <= set(content):
        raise PaperError(f"{must}; it holds something else")
    return cast(Mapping[str, Any], content)


def own_effects(results: Mapping[str, Any], factor: Factor) -> tuple[OwnEffect, ...]:
    """The factor's odds ratios in these results: alone, then in the model, where they are there.

    raises  PaperError when the variable has several levels and own_level does not choose one
    """
    if factor.measure != "odds ratio":
        return ()
    name, model = factor.own or factor.name, results["model"]
    fits = (
        ("alone", (model.get("univariable") or {}).get(name)),
        ("in the model", model.get("multivariable")),
    )
    title = str(results["study"].get("title", ""))
    found = []
    for kind, fit in fits:
        effect = _chosen(fit, factor, name) if fit else None
        if fit and effect and effect["odds_ratio"] is not None:
            found.append(_effect(title, cast(Any, kind), effect, fit))
    return tuple(found)


def _chosen(fit: Mapping[str, Any], factor: Factor, name: str) -> Mapping[str, Any] | None:
    effects = [one for one in fit["effects"].values() if one["term"]["variable"] == name]
    if factor.own_level:
        effects = [one for one in effects if one["term"]["level"] == factor.own_level]
    if len(effects) > 1:
        levels = ", ".join(str(one["term"]["level"]) for one in effects)
        raise PaperError(
            f"{factor.name}: {name} has several levels in your results ({levels});"
            " own_level must name one"
        )
    return effects[0] if effects else None


def _effect(
    title: str,
    kind: Literal["alone", "in the model"],
    effect: Mapping[str, Any],
    fit: Mapping[str, Any],
) -> OwnEffect:
    ends = effect["interval"] or {"low": None, "high": None, "level": 0.95, "method": "none"}
    return OwnEffect(
        title,
        str(effect["term"]["label"]),
        kind,
        float(effect["odds_ratio"]),
        Interval(_number(ends["low"]), _number(ends["high"]), float(ends["level"]), ends["method"]),
        int(fit["n"]),
        int(fit["events"]),
        f"{effect['estimator']}, {effect['principle']}",
    )


def _number(told: float | str | None) -> float:
    """As results.json has it: null is not a number, "Infinity" is infinite."""
    return nan if told is None else float(told)
