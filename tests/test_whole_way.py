"""From a real file to the finished report, through every step of the house."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from avidity.cli.main import main

SIRAJ = """
[study]
title = "Radioiodine-refractory papillary carcinoma, Siraj et al. 2022"
setting = "King Faisal Specialist Hospital, Riyadh"

[tables]
patients = "siraj2022_rair.csv"

[columns.patients]
"sample" = { field = "patient_id" }
"cumulative_rai_mci" = { field = "cumulative_activity", unit = "mCi" }

[columns.patients."tg_6m_post_rai_ug_l"]
field = "tg_6m"
label = "Tg 6 months after RAI"
unit = "ug/L"
type = "number"
measured = "after"

[columns.patients."pfs_months"]
label = "Progression-free survival"
type = "number"
unit = "months"
measured = "after"

[columns.patients."pfs_event"]
label = "Progression"
type = "yes/no"
measured = "after"

[outcome]
column = "rai_classification"
yes = "Refractory"
no = "Avid"

[cutoffs]
fields = ["cumulative_activity"]

[model]
terms = ["cumulative_activity"]
"""

UCI = """
[study]
title = "Recurrence of differentiated thyroid cancer (UCI 915)"

[tables]
patients = "uci_dtc_recurrence.csv"

[columns.patients]
"Response" = { measured = "after" }
"Risk" = { type = "category", field = "risk" }

[outcome]
column = "Recurred"
yes = "Yes"
no = "No"
label = "recurrence"
yes_label = "Recurred"
no_label = "Did not recur"

[cutoffs]
fields = ["age_at_diagnosis"]

[model]
terms = ["age_at_diagnosis", "risk"]
"""


def run(*words):
    return CliRunner().invoke(main, [*words], catch_exceptions=False)


@pytest.fixture(scope="module")
def siraj(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("siraj")
    shutil.copy(shared / "data" / "siraj2022_rair.csv", folder)
    (folder / "study.toml").write_text(SIRAJ, "utf-8")
    told = run("study", str(folder), "--out", str(folder / "report"))
    assert 0 == told.exit_code, told.output
    return folder, json.loads((folder / "report" / "results.json").read_text("utf-8"))


def test_158_real_patients_are_counted_through(siraj):
    _, results = siraj

    assert 158 == results["flow"]["screened"]
    assert (66, 92) == (results["flow"]["yes"], results["flow"]["no"])


def test_the_area_of_the_activity_is_that_of_proc(siraj):
    # R 4.2.2, pROC 1.18.0: Siraj dose AUC 0.7909256, DeLong 0.7198374 to 0.8620137
    _, results = siraj
    found = results["cutoffs"]["predictors"]["cumulative_activity"]

    assert found["auc"] == pytest.approx(0.7909256, abs=5e-8)
    assert found["interval"]["low"] == pytest.approx(0.7198374, abs=5e-8)
    assert found["interval"]["high"] == pytest.approx(0.8620137, abs=5e-8)


def test_84_missing_values_are_counted_not_dropped(siraj):
    _, results = siraj

    assert 84 == results["table1"]["rows"]["tg_6m"]["overall"]["missing"]


def test_what_was_measured_after_the_outcome_is_flagged(siraj):
    _, results = siraj

    said = " ".join(caution["text"] for caution in results["cautions"])
    assert "leakage" in said
    assert "Progression-free survival" in said


def test_every_format_is_written(siraj):
    folder, _ = siraj
    names = {path.name for path in (folder / "report").iterdir()}

    assert {"report.html", "report.docx", "report.pdf", "tables.xlsx", "results.json"} <= names
    assert {"risk-model.json", "risk-model-usual.json"} & names
    assert any((folder / "report" / "figures").glob("*.svg"))


@pytest.fixture(scope="module")
def uci(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("uci")
    shutil.copy(shared / "data" / "uci_dtc_recurrence.csv", folder)
    (folder / "study.toml").write_text(UCI, "utf-8")
    told = run("study", str(folder), "--out", str(folder / "report"))
    assert 0 == told.exit_code, told.output
    return folder, json.loads((folder / "report" / "results.json").read_text("utf-8"))


def test_any_binary_outcome_is_a_study(uci):
    _, results = uci

    assert (383, 108, 275) == tuple(results["flow"][key] for key in ("screened", "yes", "no"))


def test_duplicate_rows_are_warned_of(uci):
    _, results = uci
    checks = results["cohort"]["checks"]
    duplicates = [check for check in checks if "same as an earlier row" in check["problem"]]

    assert 19 == sum(check["count"] for check in duplicates)


def test_the_level_that_separates_is_named(uci):
    _, results = uci

    assert "High" in results["model"]["multivariable"]["separated"]
    assert results["model"]["multivariable"]["estimator"].startswith("Firth")


def test_a_field_declared_measured_after_is_leakage(uci):
    _, results = uci

    assert any("leakage" in c["text"] and "Response" in c["text"] for c in results["cautions"])
