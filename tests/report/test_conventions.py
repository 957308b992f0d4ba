"""Where programs differ, the report says which way was taken: read off one whole report."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest

from avidity.report.build import build
from avidity.report.html import to_html
from avidity.steps.run import run
from avidity.study import read_study

STUDY = """
[study]
title = "A study in which everything happens"
[outcome]
column = "rair"
yes = "yes"
no = "no"
[[variable]]
name = "large"
from = "diameter"
at_least = 30
[cutoffs]
fields = ["diameter"]
[model]
terms = ["large", "metastasis"]
[sound]
terms = ["age_at_diagnosis", "diameter"]
knots = { age_at_diagnosis = 3 }
imputations = 3
resamples = 40
[report]
formats = ["html"]
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The words of the whole report: a spline, missing values, and a finding that separates."""
    folder, chance = tmp_path_factory.mktemp("study"), np.random.default_rng(5)
    lines = ["patient_id,rair,age_at_diagnosis,diameter,metastasis"]
    for at in range(120):
        age, size = int(chance.integers(20, 80)), int(chance.integers(3, 70))
        ill = chance.random() < 1 / (1 + np.exp(-(size - 35) / 15))
        spread = "yes" if ill and at % 9 == 0 else "no"
        lines.append(
            f"P{at},{'yes' if ill else 'no'},{'' if at % 17 == 0 else age},{size},{spread}"
        )
    (folder / "patients.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "study.toml").write_text(STUDY, "utf-8")
    page = to_html(build(run(read_study(folder)))).decode("utf-8")
    words = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", page))
    return re.sub(r"\s+", " ", unescape(words))


@pytest.mark.parametrize(
    "words",
    [
        "standard errors from the inverse information at the estimate, for Firth too",  # E1
        "keeps the penalty of the whole model while coefficients are held at 0",  # E2
        "positive is ≥ the cut-off, an observed value",  # E8
        "The mid-point convention is shown beside it",  # E8
        "all ties are shown",  # E8
        "Hosmer–Lemeshow with 10 groups by quantile cut-points of the predicted risk",  # E9
        "is that beside the estimated slope, not calibration in the large",  # E10
        "Wald intervals stand with Wald p values, profile intervals with likelihood-ratio p",  # E11
        "treated if risk >= threshold",  # E12
        "A patient is treated at a risk at or above the threshold",  # E12
        "restricted cubic spline with knots at",  # E13
        "(Harrell's quantiles); curved columns divided by the squared distance of the outer",  # E13
        "Barnard–Rubin degrees of freedom",  # E14
        "not within outcome groups, unless the words say otherwise",  # E19
        "resamples by bootstrap of all patients together, NumPy PCG64 seed 20240101",  # E19
    ],
)
def test_the_report_says_which_way_was_taken(told, words):
    assert words in told
