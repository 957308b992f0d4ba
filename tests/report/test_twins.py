"""Twins as files, and the command that makes them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from avidity.cli.main import main

PAPER = Path(__file__).resolve().parents[2] / "examples" / "papers" / "invented-b"


def run(*words):
    return CliRunner().invoke(main, ["paper", "twin", *map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins") / "out"
    return run(PAPER, "--out", folder, "--count", 2, "--seed", 4), folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_twin_is_a_plain_table_with_a_row_for_each_patient(made):
    told, folder = made
    first = rows(folder / "twin-1.csv")

    assert 0 == told.exit_code
    assert 90 == len(first)
    assert ["patient", "group", "age", "diameter", "female", "extension", "stage"] == list(first[0])
    assert 30 == sum(row["group"] == "rair" for row in first)
    assert {"yes", "no"} == {row["female"] for row in first}
    assert {"i", "ii", "iii"} == {row["stage"] for row in first}


def test_every_printed_figure_stands_beside_the_twins_own(made):
    _, folder = made
    figures = rows(folder / "twin-2-figures.csv")

    assert 67 == len(figures)
    assert {"figure", "where", "printed", "twin", "verdict", "because"} == set(figures[0])
    assert {"same", "not computed"} == {row["verdict"] for row in figures}


def test_what_stays_open_is_told_with_its_ends(made):
    _, folder = made
    found = {row["figure not printed"]: row for row in rows(folder / "open.csv")}

    auc = found["model.final.auc"]
    assert float(auc["least"]) <= float(auc["greatest"])
    assert "yes" == found["model.final.intercept"]["the same in every twin"]
    assert "no" == found["row.age.median.rair"]["the same in every twin"]


def test_it_is_said_that_nobody_exists_and_how_many_figures_agree(made):
    told, folder = made
    about = (folder / "about.txt").read_text("utf-8")

    assert about.startswith("These patients are made by a program. None of them exists.")
    assert "twin 2: of 67 printed figures 65 are the same, 0 differ, 2 are not computed" in about
    assert about.strip() in told.output


def test_the_same_as_one_object(tmp_path):
    told = run(PAPER, "--out", tmp_path / "out", "--json")
    said = json.loads(told.stdout)

    assert 4 == len(said["written"])
    assert (65, 0) == (said["twins"][0]["same"], said["twins"][0]["differs"])
    assert "row.age.mean.rair" in {line["path"] for line in said["twins"][0]["figures"]}


def test_a_wrong_file_is_told_with_its_line_and_nothing_is_written(tmp_path):
    file = tmp_path / "paper.toml"
    file.write_text('[paper]\ntitle = "t"\n[[group]]\nname = "a"\nn = 5\n')

    told = run(file, "--out", tmp_path / "out")

    assert 17 == told.exit_code
    assert "paper.toml, line 5: group.n must be text" in told.output
    assert not (tmp_path / "out").exists()
