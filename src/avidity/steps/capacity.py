"""Before the model: how many candidate parameters these patients can carry."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.errors import AnalysisError
from avidity.said import joined, say, term
from avidity.stats.sample_size import DevelopmentSize, Support, development_size, supports
from avidity.stats.validation_size import ValidationSize, validation_size
from avidity.steps.label import Labelled

EXPECTED_AUC = 0.8  # of a model that would be worth validating elsewhere


@dataclass(frozen=True, slots=True)
class Track:
    """One way of modelling: what it looks at, and what that asks of the cohort."""

    name: str
    candidates: int
    events_per_candidate: float
    shrinkage: float
    needed: DevelopmentSize
    carried: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """What n and events can carry, told before any fit.

    support     by Riley's criteria, with the R² expected where nothing is known
    tracks      the usual way and the sound way, by the parameters each looks at
    elsewhere   patients that an external validation would need at this prevalence
    """

    n: int
    events: int
    support: Support
    tracks: tuple[Track, ...]
    elsewhere: ValidationSize | None
    verdict: str


def capacity(labelled: Labelled, usual: int, sound: int) -> Capacity:
    """Riley's criteria for this cohort.

    usual, sound   candidate parameters of each track: every coefficient that was looked at
    """
    flow = labelled.flow
    n, events = flow.included, min(flow.yes, flow.no)
    support = supports(n, flow.yes)
    tracks = tuple(
        _track(name, candidates, support, flow.yes / n, events)
        for name, candidates in (("as usually done", usual), ("as it should be done", sound))
        if candidates
    )
    return Capacity(n, events, support, tracks, _elsewhere(flow.yes / n), _verdict(support, tracks))


def _track(name: str, candidates: int, support: Support, prevalence: float, events: int) -> Track:
    return Track(
        name,
        candidates,
        events / candidates,
        support.shrinkage(candidates),
        development_size(candidates, prevalence),
        candidates <= support.parameters and support.enough_for_risk,
    )


def _elsewhere(prevalence: float) -> ValidationSize | None:
    try:
        return validation_size(prevalence, EXPECTED_AUC)
    except AnalysisError:
        return None


def _verdict(support: Support, tracks: tuple[Track, ...]) -> str:
    able = support.parameters
    carried = say("can carry {n} candidate parameters", n=able)
    if able < 2:
        carried = (
            say("can carry 1 candidate parameter")
            if able
            else say("cannot carry even one candidate parameter")
        )
    sure = (
        say("the mean risk can be told to within 0.05")
        if support.enough_for_risk
        else say(
            "the mean risk alone cannot be told to better than ± {margin:.2f}",
            margin=support.risk_margin,
        )
    )
    whole = say(
        "{n} patients with {events} events {carried} by Riley's criteria ({assumption}); {sure}",
        n=support.n,
        events=support.n_events,
        carried=carried,
        assumption=support.assumption,
        sure=sure,
    )
    if not tracks:
        return joined([whole, "."], "")
    return say("{whole}; {asked} patients.", whole=whole, asked=joined(map(_asks, tracks), "; "))


def _asks(track: Track) -> str:
    return say(
        "{track} looks at {candidates} and would need {n:,}",
        track=term(track.name),
        candidates=track.candidates,
        n=track.needed.n,
    )
