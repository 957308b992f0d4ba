"""Two runs of a study side by side: their main numbers, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from avidity.report.gist import TRACKS, Gist, Ratio, Track, TrackGist
from avidity.web.store.runs import Run


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed, with the ends of its interval; "" where there is none."""

    told: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: named by the catalogue or, for a term of a model, by the report's own words."""

    key: str
    label: str
    first: Number
    second: Number

    @property
    def same(self) -> bool:
        """Whether both runs print the same."""
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together."""

    key: str
    lines: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """The page; ``groups`` is empty when the main numbers of a run were not kept.

    only_first, only_second  warnings that stand in one of the reports alone
    """

    first: Run
    second: Run
    same_data: bool
    groups: tuple[Group, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare_page(first: Run, second: Run, told: tuple[Gist | None, Gist | None]) -> ComparePage:
    """The main numbers of two runs, line by line."""
    one, other = told
    same_data = first.snapshot == second.snapshot
    if one is None or other is None:
        return ComparePage(first, second, same_data, (), (), ())
    return ComparePage(
        first,
        second,
        same_data,
        (_counts(one, other), *_tracks(one, other)),
        tuple(text for text in one.warnings if text not in other.warnings),
        tuple(text for text in other.warnings if text not in one.warnings),
    )


def _counts(one: Gist, other: Gist) -> Group:
    names = ("screened", "included", "yes", "no", "cannot_say")
    lines = [
        Compared(
            f"results.count.{name}",
            "",
            Number(f"{getattr(one, name):,}"),
            Number(f"{getattr(other, name):,}"),
        )
        for name in names
    ]
    by = Compared("results.by", "", Number(one.by), Number(other.by))
    return Group("results.counts", (*lines, by))


def _tracks(one: Gist, other: Gist) -> Iterator[Group]:
    for track in TRACKS:
        pair = _of(one, track), _of(other, track)
        if any(pair):
            yield Group(f"results.track.{track}", tuple(_lines(*pair)))


def _of(told: Gist, track: Track) -> TrackGist | None:
    return next((one for one in told.tracks if one.track == track), None)


def _lines(one: TrackGist | None, other: TrackGist | None) -> Iterator[Compared]:
    both = [each for each in (one, other) if each]
    for at in dict.fromkeys((ratio.label, ratio.against) for each in both for ratio in each.ratios):
        told = ", ".join(part for part in at if part)
        yield Compared("", told, _ratio(one, at), _ratio(other, at))
    for key, number in NUMBERS.items():
        pair = (number(each) if each else Number() for each in (one, other))
        yield Compared(key, "", *pair)


NUMBERS: dict[str, Callable[[TrackGist], Number]] = {
    "compare.auc": lambda one: Number(one.auc),
    "compare.apparent": lambda one: Number(one.apparent),
    "results.corrected": lambda one: Number(one.corrected, one.corrected_low, one.corrected_high),
    "results.slope": lambda one: Number(one.slope),
    "results.estimator": lambda one: Number(one.estimator),
}


def _ratio(track: TrackGist | None, at: tuple[str, str]) -> Number:
    ratios: tuple[Ratio, ...] = track.ratios if track else ()
    found = next((one for one in ratios if (one.label, one.against) == at), None)
    return Number(found.odds_ratio, found.low, found.high) if found else Number()
