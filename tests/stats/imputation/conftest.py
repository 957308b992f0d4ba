"""One made-up cohort for the tests of imputation."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.stats.imputation.variables import category, number, yes_no

NAN = np.nan


def made_up(seed, n=90, share=0.2):
    """A number, a yes/no, a category and a laboratory value, all with gaps, and one complete."""
    rng = np.random.default_rng(seed)
    age = np.round(rng.normal(48, 14, n))
    metastasis = (rng.random(n) < 0.25).astype(float)
    histology = rng.choice([0.0, 1.0, 2.0], n, p=[0.7, 0.2, 0.1])
    tg = np.round(np.exp(rng.normal(1, 1.5, n) + metastasis), 2) + 0.01
    diameter = np.round(rng.gamma(4, 6, n) + 5 * metastasis)
    risk = 1 / (1 + np.exp(-(0.05 * (age - 48) + 1.5 * metastasis - 0.8)))
    outcome = (rng.random(n) < risk).astype(float)
    gone = rng.random((4, n)) < share
    below = (tg < 0.5) & ~gone[3]
    return {
        "age": number("age", np.where(gone[0], NAN, age)),
        "metastasis": yes_no("metastasis", np.where(gone[1], NAN, metastasis)),
        "histology": category(
            "histology", np.where(gone[2], NAN, histology), ("PTC", "FTC", "OCA")
        ),
        "tg": number(
            "tg", np.where(gone[3] | below, NAN, tg), high=np.where(below, 0.5, NAN), log=True
        ),
        "diameter": number("diameter", diameter),
    }, outcome


@pytest.fixture(scope="session")
def cohort():
    """The maker of cohorts: seed to variables by name, and the outcome."""
    return made_up
