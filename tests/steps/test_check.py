"""The whole of check: real tables, hashes, counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from avidity.steps.check import Cohort, check, counts, stop_on_errors
from avidity.steps.read import read
from avidity.study import read_study

STUDY = """
[study]
title = "A study"
[outcome]
column = "{column}"
yes = "{yes}"
no = "{no}"
"""


def checked(folder: Path, study: str) -> Cohort:
    (folder / "study.toml").write_text(study, encoding="utf-8")
    read_in = read_study(folder)
    return check(read(read_in), read_in)


def test_the_siraj_table_is_read_whole_with_activity_in_whole_mbq(shared: Path, tmp_path: Path):
    shutil.copy(shared / "data" / "siraj2022_rair.csv", tmp_path / "patients.csv")
    study = STUDY.format(column="rai_classification", yes="Refractory", no="Avid")
    cohort = checked(tmp_path, study)
    assert cohort.n_patients == 158
    assert cohort.n_errors == 0
    assert cohort.patients["tg_6m_post_rai_ug_l"].null_count() == 84
    assert cohort.patients["rai_classification"].to_list().count("Refractory") == 66
    activity = cohort.patients["cumulative_activity"]
    assert activity.dtype == pl.Int64
    assert activity[0] == 5446  # 147.2 mCi x 37 = 5446.4
    stop_on_errors(cohort.findings)


def test_the_uci_table_is_read_whole_with_old_names_understood(shared: Path, tmp_path: Path):
    shutil.copy(shared / "data" / "uci_dtc_recurrence.csv", tmp_path / "patients.csv")
    cohort = checked(tmp_path, STUDY.format(column="Recurred", yes="Yes", no="No"))
    assert cohort.n_patients == 383
    assert cohort.n_errors == 0
    assert cohort.patients["Recurred"].sum() == 108
    assert cohort.made_ids
    histology = dict(cohort.patients["histology"].value_counts().iter_rows())
    assert histology == {"PTC": 287 + 48, "FTC": 28, "OCA": 20}
    by_rule = {count.rule: count.n for count in counts(cohort.findings)}
    assert by_rule["word with two meanings"] == 48
