"""Both tracks in resamples: everything the study did is done again, and every resample counted."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.steps.sound import sound_terms
from avidity.steps.validate import NotValidated, validate_sound, validate_usual
from small_studies import rows_of

CHANCE = np.random.default_rng(11)


def made(n=120):
    rows = [
        ("patient_id", "rair", "age_at_diagnosis", "diameter", "multifocal", "vascular_invasion")
    ]
    for at in range(n):
        age, size = int(CHANCE.integers(20, 80)), int(CHANCE.integers(3, 70))
        risk = 1 / (1 + np.exp(-(size - 35) / 15))
        ill = CHANCE.random() < risk
        coin, other = (("yes", "no")[int(CHANCE.integers(2))] for _ in range(2))
        rows.append((f"P{at:03d}", "yes" if ill else "no", age, size, coin, other))
    return rows


ROWS = made()
SETTINGS = """
[[variable]]
name = "large"
from = "diameter"
at_least = 30
[model.screen]
candidates = ["large", "multifocal", "vascular_invasion"]
[sound]
resamples = 200
"""
NAMES = ("large", "multifocal", "vascular_invasion")


def test_the_cut_off_and_the_screen_are_repeated(labelled):
    found = validate_usual(labelled(ROWS, SETTINGS), NAMES)

    assert ["large"] == [spread.variable for spread in found.cutoffs]
    assert found.cutoffs[0].interval.low < found.cutoffs[0].interval.high
    assert 1.0 == found.inclusion["large"]
    assert found.inclusion["multifocal"] < 1
    assert sum(share for _, share in found.models) == pytest.approx(1)
    assert "searched" in found.words
    assert "screened at p < 0.05" in found.words


def test_a_searched_cut_off_is_worth_less_than_it_looks(labelled):
    (spread,) = validate_usual(labelled(ROWS, SETTINGS), NAMES).cutoffs

    assert spread.youden.corrected < spread.youden.apparent


def test_a_cut_off_fixed_beforehand_is_not_searched(labelled):
    fixed = SETTINGS.replace("at_least = 30", "at_least = 30\nfixed_beforehand = true")

    assert () == validate_usual(labelled(ROWS, fixed), NAMES).cutoffs


def test_every_resample_is_counted(labelled):
    found = validate_usual(labelled(ROWS, SETTINGS), NAMES)

    assert (200, 200) == (found.resamples, found.used)
    assert found.came_in == found.n + found.left
    assert found.n == sum(band.n for band in found.bands)
    assert found.n == sum(found.calibration.yes) + sum(found.calibration.no)


def test_noise_is_unmasked(labelled):
    rows = rows_of(("rair", "age_at_diagnosis"), (0, "yes", 1))[:1] + [
        (f"P{at}", ("yes", "no")[int(CHANCE.integers(2))], int(CHANCE.integers(20, 80)))
        for at in range(60)
    ]
    settings = (
        '[[variable]]\nname = "old"\nfrom = "age_at_diagnosis"\nat_least = 50\n'
        '[model]\nterms = ["old"]\n[sound]\nresamples = 300\n'
    )
    found = validate_usual(labelled(rows, settings), ("old",))

    assert found.measures["auc"].optimism > 0.02
    assert found.measures["slope"].corrected < 0.9


def test_the_same_seed_gives_the_same_numbers_and_another_others(labelled):
    other = '\n[study]\ntitle = "t"\nseed = 5\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'

    first, again = (validate_usual(labelled(ROWS, SETTINGS), NAMES) for _ in range(2))
    turned = validate_usual(labelled(ROWS, SETTINGS, head=other), NAMES)

    assert first.measures == again.measures
    assert first.measures != turned.measures


def test_the_sound_track_keeps_numbers_and_splines_whole(labelled):
    settings = (
        '[sound]\nterms = ["age_at_diagnosis", "diameter"]\nknots = { diameter = 3 }\n'
        "resamples = 100\n"
    )
    study = labelled(ROWS, settings)

    found = validate_sound(study, sound_terms(study))

    assert () == found.cutoffs
    assert {"age_at_diagnosis": 1.0, "diameter": 1.0} == found.inclusion
    assert found.measures["auc"].corrected <= found.measures["auc"].apparent


def test_elimination_is_repeated(labelled):
    settings = (
        '[sound]\nterms = ["age_at_diagnosis", "diameter"]\nselection = "backward aic"\n'
        "resamples = 100\n"
    )
    study = labelled(ROWS, settings)

    found = validate_sound(study, sound_terms(study))

    assert found.inclusion["diameter"] > found.inclusion["age_at_diagnosis"]


def test_who_lacks_a_value_is_left_out_and_counted(labelled):
    rows = [*ROWS, *[(f"Q{at}", "yes", "", 20, "yes", "no") for at in range(4)]]
    settings = '[sound]\nterms = ["age_at_diagnosis", "diameter"]\nresamples = 50\n'
    study = labelled(rows, settings)

    found = validate_sound(study, sound_terms(study))

    assert (4, 124) == (found.left, found.came_in)


def test_what_is_not_asked_of_everybody_is_said_to_be_left_out(labelled):
    settings = SETTINGS.replace(
        "[model.screen]",
        '[[variable]]\nname = "v"\nfrom = "diameter"\nat_least = 20\n'
        'among = { field = "multifocal", is = true }\n[model.screen]',
    )

    found = validate_usual(labelled(ROWS, settings), (*NAMES, "v"))

    assert 1 == len(found.not_walked)
    assert "v" not in found.inclusion


def test_a_path_without_an_end_says_why(labelled):
    rows = [(*row[:2], 40, *row[3:]) if at else row for at, row in enumerate(ROWS)]
    settings = '[sound]\nterms = ["diameter"]\nresamples = 20\nseparated = "drop"\n'
    perfect = [
        (row[0], "yes" if row[3] > 30 else "no", *row[2:]) if at else row
        for at, row in enumerate(rows)
    ]

    found = validate_sound(labelled(perfect, settings), ("diameter",))

    assert isinstance(found, NotValidated)
    assert found.why


def test_net_benefit_of_the_corrected_model_is_no_larger_on_the_whole(labelled):
    benefit = validate_usual(labelled(ROWS, SETTINGS), NAMES).benefit

    assert np.mean(benefit.corrected) < np.mean(benefit.model)
    assert benefit.treat_all[0] == pytest.approx(_all(benefit.thresholds[0], ROWS), abs=1e-12)


def _all(threshold, rows):
    share = sum(row[1] == "yes" for row in rows[1:]) / (len(rows) - 1)
    return share - (1 - share) * threshold / (1 - threshold)


@pytest.mark.filterwarnings("default")  # what a cluster warns of is not ours
def test_a_cluster_of_processes_gives_the_same_validation(labelled):
    distributed = pytest.importorskip("distributed")
    study = labelled(ROWS, SETTINGS.replace("200", "800"))
    here = validate_usual(study, NAMES)

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = validate_usual(study, NAMES, client.get_executor())

    assert repr(here) == repr(there)  # a missing number is not equal to itself
