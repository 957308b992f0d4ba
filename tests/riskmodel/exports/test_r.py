"""The R script, run by R where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from avidity.errors import RiskModelError
from avidity.papers.library import find
from avidity.riskmodel.exports.r import to_r
from avidity.riskmodel.model import RiskModel
from made_models import answer

needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")


def run(script, folder):
    (folder / "model.R").write_text(script, "utf-8")
    words = ["Rscript", "--vanilla", "model.R"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def r_value(value):
    if value is None:
        return "NA"
    return json.dumps(value) if isinstance(value, str) else str(value).upper()


@needs_r
def test_r_gives_the_model_s_own_answers_and_none_where_it_refuses(model, patients, tmp_path):
    columns = [
        f"{name} = c({', '.join(r_value(patient[name]) for patient in patients)})"
        for name in patients[0]
    ]
    call = f"risk_{model.name.replace('-', '_')}({', '.join(columns)})"
    script = f"{to_r(model)}\nwrite.csv(format({call}, digits = 17), row.names = FALSE)\n"

    told = run(script, tmp_path)

    assert "" == told.stderr
    rows = [line.replace('"', "").split(",") for line in told.stdout.splitlines()[1:]]
    for patient, row in zip(patients, rows, strict=True):
        expected = answer(model, patient)
        found = None if row[0].strip() == "NA" else [float(cell) for cell in row]
        assert (expected is None) == (found is None)
        assert expected is None or pytest.approx(expected, rel=1e-12) == found


@needs_r
def test_a_changed_coefficient_stops_the_script(model, tmp_path):
    script = to_r(model)
    first = repr(float(model.equation.coef[1]))
    assert first in script

    told = run(script.replace(first, "0.5", 1), tmp_path)

    assert 0 != told.returncode
    assert "found$risk - told" in told.stderr


def test_without_a_covariance_there_is_no_interval(spec):
    spec["equation"]["covariance"] = None

    script = to_r(RiskModel.model_validate(spec))

    assert "low" not in script
    assert "plogis(eta)" in script


def test_a_partial_model_is_not_exported():
    with pytest.raises(RiskModelError, match="is partial"):
        to_r(find("li-2018"))
