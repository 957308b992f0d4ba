"""Resamples from a file: the same run again, from another program's draws."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from avidity.errors import ReadError, StudyFileError
from avidity.stats.resampling import bootstrap
from avidity.steps.resamples import resamples_of
from avidity.steps.sound import sound_terms
from avidity.steps.validate import validate_sound, validate_usual

SETTINGS = """
[[variable]]
name = "large"
from = "diameter"
at_least = 30
[model]
terms = ["large"]
[sound]
terms = ["diameter"]
"""


def made(n=60):
    chance = np.random.default_rng(7)
    rows = [("patient_id", "rair", "diameter", "age_at_diagnosis")]
    for at in range(n):
        size = int(chance.integers(3, 70))
        ill = chance.random() < 1 / (1 + np.exp(-(size - 35) / 15))
        rows.append((f"P{at:03d}", "yes" if ill else "no", size, int(chance.integers(20, 80))))
    return rows


ROWS = made()
IDS = [row[0] for row in ROWS[1:]]
DRAWN = bootstrap(len(IDS), 40, 20240101)  # 20240101: the seed a study has by itself


def written(folder, name, lines):
    text = "\n".join(",".join(str(cell) for cell in line) for line in lines) + "\n"
    (folder / name).write_text(text, "utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def as_weights(order=tuple(range(60))):
    return [[IDS[at] for at in order]] + [[line[at] for at in order] for line in DRAWN.weights]


def both(study):
    return validate_usual(study, ["large"]), validate_sound(study, sound_terms(study))


def test_a_run_is_repeated_from_its_weights(labelled, tmp_path):
    drawn = both(labelled(ROWS, SETTINGS + "resamples = 40\n"))
    digest = written(tmp_path, "weights.csv", as_weights())

    read = both(labelled(ROWS, SETTINGS + 'weights = "weights.csv"\n'))

    for expected, found in zip(drawn, read, strict=True):
        assert 40 == found.resamples
        assert expected.measures == found.measures
        assert expected.benefit.corrected == found.benefit.corrected
        assert f"weights read from weights.csv, sha256 {digest[:12]}" == found.drawn
        assert found.drawn in found.words
    assert "bootstrap of all patients together, NumPy PCG64 seed 20240101" == drawn[0].drawn


def test_the_columns_may_stand_in_any_order(labelled, tmp_path):
    written(tmp_path, "weights.csv", as_weights(np.random.default_rng(1).permutation(len(IDS))))
    study = labelled(ROWS, SETTINGS + 'weights = "weights.csv"\n')

    assert DRAWN.weights.tolist() == resamples_of(study, study.patients).weights.tolist()


def test_drawn_patients_say_the_same_as_weights(labelled, tmp_path):
    lines = [[IDS[at] for at in DRAWN.rows(resample)] for resample in range(len(DRAWN))]
    digest = written(tmp_path, "draws.csv", lines)
    study = labelled(ROWS, SETTINGS + 'draws = "draws.csv"\n')

    read = resamples_of(study, study.patients)

    assert DRAWN.weights.tolist() == read.weights.tolist()
    assert f"draws read from draws.csv, sha256 {digest[:12]}" == read.method


def test_who_lacks_a_value_is_taken_out_of_every_resample(labelled, tmp_path):
    written(tmp_path, "weights.csv", as_weights())
    rows = [(*row[:2], "", row[3]) if row[0] in ("P003", "P050") else row for row in ROWS]
    study = labelled(rows, SETTINGS + 'weights = "weights.csv"\n')

    read = resamples_of(study, study.patients.drop_nulls("diameter"))

    assert np.delete(DRAWN.weights, [3, 50], axis=1).tolist() == read.weights.tolist()
    assert read.method.endswith(", those lacking a value taken out")
    assert (58, 2) == (
        validate_sound(study, ("diameter",)).n,
        validate_usual(study, ["large"]).left,
    )


def test_a_file_of_resamples_is_not_taken_for_a_table(labelled, tmp_path):
    written(tmp_path, "patients.csv", ROWS)
    written(tmp_path, "weights.csv", as_weights())

    assert 60 == labelled(ROWS, SETTINGS + 'weights = "weights.csv"\n').patients.height


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            [IDS[:-1], [1] * 59],
            "id of each of the 60 patients .* 1 are not there, 0 are no such id",
        ),
        ([[*IDS, "P999"], [1] * 61], "0 are not there, 1 are no such id"),
        ([[*IDS, IDS[0]], [1] * 61], "1 stand there more than once"),
        ([IDS], "a line for each resample below the ids; it has none"),
        ([IDS, [1] * 59], "line 2: there must be 60 weights, as many as ids; there are 59"),
        ([IDS, [1] * 60, [-1] + [1] * 59], "line 3, column 1: .* 0 or more; it is a negative one"),
        ([IDS, [1] * 59 + [0.5]], "line 2, column 60: a weight must be a whole number"),
        ([IDS, [1] * 59 + ["two"]], "it is no number"),
        ([IDS, [0] * 60], "resample 1 holds none"),
        ([], "weights.csv must hold resamples; it is empty"),
    ],
)
def test_weights_that_do_not_fit_get_a_sentence(labelled, tmp_path, lines, said):
    written(tmp_path, "weights.csv", lines)
    study = labelled(ROWS, SETTINGS + 'weights = "weights.csv"\n')

    with pytest.raises(ReadError, match=said):
        resamples_of(study, study.patients)


def test_drawn_strangers_are_counted_and_not_named(labelled, tmp_path):
    written(tmp_path, "draws.csv", [IDS, [*IDS[:-2], "V1", "V2"]])
    study = labelled(ROWS, SETTINGS + 'draws = "draws.csv"\n')

    with pytest.raises(ReadError, match=r"line 2: .* 2 of 60 are not") as caught:
        validate_usual(study, ["large"])

    assert "V1" not in str(caught.value)


def test_a_file_that_is_not_there_is_asked_for(labelled):
    study = labelled(ROWS, SETTINGS + 'weights = "weights.csv"\n')

    with pytest.raises(ReadError, match=r"names weights\.csv, which cannot be read"):
        resamples_of(study, study.patients)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('weights = "a.csv"\ndraws = "b.csv"\n', "and not both"),
        ('weights = "a.csv"\nresamples = 0\n', "asks for no validation"),
    ],
)
def test_resamples_come_from_one_place(labelled, lines, said):
    with pytest.raises(StudyFileError, match=said):
        labelled(ROWS, SETTINGS + lines)
