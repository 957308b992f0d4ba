"""Reference data and fitted reference models that several tests of statistics need."""

from __future__ import annotations

import csv
import shutil
import subprocess

import numpy as np
import pytest

from avidity.stats.logistic import fit


def as_column(cells):
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        return np.array(cells)


@pytest.fixture(scope="session")
def columns(shared):
    """A reader of reference tables: file name to columns, numbers where all cells are numbers."""

    def read(name):
        with (shared / "data" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {key: as_column([row[key] for row in rows]) for key in rows[0]}

    return read


@pytest.fixture(scope="session")
def from_r():
    """A reader of what R knows: R code that ends in a table to columns.

    R's packages of data are under the GPL and stay where they are; without R, or without a
    package, the test is skipped.
    """
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")

    def read(code):
        asked = f"{{ {code} }} |> write.csv(row.names = FALSE)"
        done = subprocess.run(
            [program, "--vanilla", "-e", asked], capture_output=True, text=True, check=False
        )
        if "there is no package called" in done.stderr:
            pytest.skip("R lacks a package the data come from")
        assert 0 == done.returncode, done.stderr
        rows = list(csv.DictReader(done.stdout.splitlines()))
        return {key: as_column([row[key] for row in rows]) for key in rows[0]}

    return read


@pytest.fixture(scope="session")
def birthwt(columns):
    """low ~ age + lwt + factor(race) + smoke + ptl + ht + ui, as design matrix and fit."""
    data = columns("birthwt.csv")
    terms = {
        "intercept": np.ones(len(data["low"])),
        "age": data["age"],
        "lwt": data["lwt"],
        "race = 2": (data["race"] == 2).astype(float),
        "race = 3": (data["race"] == 3).astype(float),
        "smoke": data["smoke"],
        "ptl": data["ptl"],
        "ht": data["ht"],
        "ui": data["ui"],
    }
    X, names = np.column_stack(list(terms.values())), tuple(terms)
    return X, data["low"], names, fit(X, data["low"], names)


@pytest.fixture(scope="session")
def sex2(columns):
    """case ~ age + oc + vic + vicl + vis + dia; dia separates."""
    data = columns("sex2.csv")
    names = ("intercept", "age", "oc", "vic", "vicl", "vis", "dia")
    X = np.column_stack([np.ones(len(data["case"])), *(data[name] for name in names[1:])])
    return X, data["case"], names


@pytest.fixture(scope="session")
def endometrial(columns):
    """HG ~ NV + PI + EH; NV separates."""
    data = columns("endometrial.csv")
    names = ("intercept", "NV", "PI", "EH")
    X = np.column_stack([np.ones(len(data["HG"])), *(data[name] for name in names[1:])])
    return X, data["HG"], names
