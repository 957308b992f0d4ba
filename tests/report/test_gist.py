"""The main numbers of a run are those the report prints."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from avidity.report.build import build
from avidity.report.document import Bullets, Heading, plain
from avidity.report.gist import from_json, gist, to_json
from avidity.steps.run import run
from avidity.study import read_study
from small_studies import with_few_resamples

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "bellakhdar-2024"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "example"
    shutil.copytree(EXAMPLE, folder)
    study = folder / "study.toml"
    study.write_text(with_few_resamples(study.read_text("utf-8")), "utf-8")
    return run(read_study(folder), lambda words: None)


@pytest.fixture(scope="module")
def in_short(results):
    """The first page of the report in words."""
    blocks = build(results).blocks
    at = next(at for at, one in enumerate(blocks) if getattr(one, "anchor", "") == "in-short")
    assert isinstance(blocks[at], Heading)
    assert isinstance(blocks[at + 1], Bullets)
    return "\n".join(plain(one) for one in blocks[at + 1].items)


def test_counts_are_those_of_the_flow(results):
    told = gist(results)

    assert (300, 90, 32, 58, 0) == (
        *(told.screened, told.included, told.yes, told.no, told.cannot_say),
    )
    assert ("Refractory", "Not refractory") == (told.yes_word, told.no_word)


def test_odds_ratios_and_areas_are_printed_in_the_report_as_they_are_here(results, in_short):
    told = gist(results)

    assert ["usual", "sound"] == [one.track for one in told.tracks]
    for ratio in told.tracks[0].ratios:
        assert f"{ratio.label} OR {ratio.odds_ratio} ({ratio.low} to {ratio.high})" in in_short
    for track in told.tracks:
        ends = f"{track.corrected_low} to {track.corrected_high}"
        told_there = (
            f"AUC {track.apparent} as it looks, {track.corrected} (95% CI {ends}) corrected"
        )
        assert told_there in in_short


def test_the_area_of_the_model_itself_is_that_of_its_own_table(results):
    told = gist(results)

    assert f"{results.model.multivariable.auc:.3f}" == told.tracks[0].auc
    assert f"{results.sound.model.auc:.3f}" == told.tracks[1].auc


def test_every_warning_is_there_and_made_data_stand_alone(results):
    told = gist(results)

    assert len(told.warnings) > 3
    assert told.made_data
    assert told.made_data not in told.warnings


def test_it_comes_back_from_its_file(results):
    assert gist(results) == from_json(to_json(gist(results)))


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"tracks": [{}]}', b"no JSON"])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError):  # noqa: PT011  # any words: nobody is shown them
        from_json(data)
