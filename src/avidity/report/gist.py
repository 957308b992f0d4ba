"""The main numbers of a study as its report prints them: counts, odds ratios, areas.

For whoever shows a run in short or puts two runs side by side; rounded by `wording`, like the
report itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from avidity import wording
from avidity.stats.interval import Interval
from avidity.steps.model import Effect, Fit
from avidity.steps.results import Results
from avidity.steps.sound import Contrast, SoundModel
from avidity.steps.validate import Validation

Track = Literal["usual", "sound"]
TRACKS: dict[Track, str] = {"usual": "as usually done", "sound": "as it should be done"}


@dataclass(frozen=True, slots=True)
class Ratio:
    """An odds ratio as printed; ends and level are "" where there is no interval."""

    label: str
    against: str
    odds_ratio: str
    low: str = ""
    high: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class TrackGist:
    """One way of modelling.

    separated  why no ordinary estimate exists, or ""
    why_none   why there is no model, or ""
    auc        of this model in the very patients of its fit
    apparent, corrected  of the whole path that led to it, as it looks and corrected for optimism by
               resampling; "" where it was not repeated
    unchecked  why it was not validated; "" also for a quick run, which leaves that out
    """

    track: Track
    n: int
    events: int
    estimator: str
    separated: str
    why_none: str
    ratios: tuple[Ratio, ...]
    auc: str
    apparent: str = ""
    corrected: str = ""
    corrected_low: str = ""
    corrected_high: str = ""
    slope: str = ""
    resamples: int = 0
    unchecked: str = ""


@dataclass(frozen=True, slots=True)
class Gist:
    """The study in short.

    label         the outcome; yes_word and no_word are its two answers
    by            the definition, or the column
    yes, no       among the patients analysed; ``cannot_say`` among the eligible, before the
                  study's own ``rule`` for them
    """

    made_data: str
    label: str
    yes_word: str
    no_word: str
    by: str
    rule: str
    screened: int
    included: int
    yes: int
    no: int
    cannot_say: int
    warnings: tuple[str, ...]
    tracks: tuple[TrackGist, ...]


def gist(results: Results) -> Gist:
    """The main numbers of these results."""
    flow, words, made = results.flow, results.outcome_words, results.study.made_data
    tracks = [
        _usual(results.model.multivariable, results) if results.model.multivariable else None,
        _sound(results) if results.sound else None,
    ]
    return Gist(
        made_data=made,
        label=words["label"],
        yes_word=words["yes"],
        no_word=words["no"],
        by=results.outcome.by,
        rule=results.outcome.rule_for_cannot_say,
        screened=flow.screened,
        included=flow.included,
        yes=flow.yes,
        no=flow.no,
        cannot_say=results.outcome.cannot_say,
        warnings=tuple(
            one.text for one in results.cautions if one.weight == "warning" and one.text != made
        ),
        tracks=tuple(one for one in tracks if one),
    )


def to_json(one: Gist) -> bytes:
    """The gist in UTF-8."""
    return json.dumps(asdict(one), ensure_ascii=False).encode()


def from_json(data: bytes) -> Gist:
    """What `to_json` wrote. Raises ValueError for anything else."""
    try:
        told = json.loads(data)
        tracks = tuple(
            TrackGist(**{**one, "ratios": tuple(Ratio(**ratio) for ratio in one["ratios"])})
            for one in told["tracks"]
        )
        return Gist(**{**told, "warnings": tuple(told["warnings"]), "tracks": tracks})
    except (KeyError, TypeError) as error:
        raise ValueError("these are no main numbers of a study") from error


def _usual(fit: Fit, results: Results) -> TrackGist:
    ratios = tuple(_of_effect(effect) for effect in fit.effects.values())
    return _track("usual", fit, ratios, results)


def _sound(results: Results) -> TrackGist:
    sound = results.sound
    if sound is None or sound.model is None:
        why = sound.why_none if sound else ""
        return TrackGist("sound", 0, 0, "", "", why, (), "")
    ratios = tuple(_of_contrast(one) for one in sound.model.contrasts)
    return _track("sound", sound.model, ratios, results)


def _track(
    track: Track, fit: Fit | SoundModel, ratios: tuple[Ratio, ...], results: Results
) -> TrackGist:
    found = next((one for one in results.validation if one.track == TRACKS[track]), None)
    own = wording.fixed(fit.auc, 3)
    about = (track, fit.n, fit.events, fit.estimator, fit.separated, "", ratios, own)
    if not isinstance(found, Validation):
        return TrackGist(*about, unchecked=found.why if found else "")
    auc = found.measures["auc"]
    return TrackGist(
        *about,
        apparent=wording.fixed(auc.apparent, 3),
        corrected=wording.fixed(auc.corrected, 3),
        corrected_low=wording.fixed(auc.interval.low, 3) if auc.interval else "",
        corrected_high=wording.fixed(auc.interval.high, 3) if auc.interval else "",
        slope=wording.fixed(found.measures["slope"].corrected),
        resamples=found.used,
    )


def _of_effect(effect: Effect) -> Ratio:
    term = effect.term
    told = term.level and term.reference and term.level != "yes"  # a yes/no says it by its name
    against = f"{term.level} against {term.reference}" if told else ""
    return _ratio(term.label, against, effect.odds_ratio, effect.interval)


def _of_contrast(one: Contrast) -> Ratio:
    against = "" if one.form == "yes/no" else one.against
    return _ratio(one.label, against, one.odds_ratio, one.interval)


def _ratio(label: str, against: str, value: float, ends: Interval | None) -> Ratio:
    told = wording.ratio_digits(value)
    if ends is None:
        return Ratio(label, against, told)
    low, high = wording.ratio_digits(ends.low), wording.ratio_digits(ends.high)
    return Ratio(label, against, told, low, high, wording.level(ends))
