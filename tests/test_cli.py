"""The command line: what is said, to whom, and with which exit code."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from avidity import errors
from avidity.cli.main import main
from avidity.cli.speak import Steps

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "bellakhdar-2024"
STUDY = '[study]\ntitle = "t"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def small(folder, rows, study=STUDY):
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(study, "utf-8")
    (folder / "patients.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


GOOD = [
    "patient_id,rair,age_at_diagnosis",
    *[f"P{i},{'yes' if i % 2 else 'no'},{30 + i}" for i in range(20)],
]


@pytest.mark.parametrize(
    "command", ["init", "check", "label", "definitions", "study", "pool", "validate", "update"]
)
def test_every_command_has_a_help_with_an_example_and_json(command):
    told = run(command, "--help")

    assert 0 == told.exit_code
    assert "Example" in told.output
    assert f"avidity {command}" in told.output
    assert "--json" in told.output


def test_exit_codes_are_told_and_differ():
    told = run("--help").output
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = [kind.exit_code for kind in kinds if issubclass(kind, errors.AvidityError)]

    assert len(codes) == len(set(codes))
    for code in codes:
        assert f"\n    {code}  " in told


def test_check_lists_every_error_and_exits_13(tmp_path):
    rows = [*GOOD, "P99,yes,two hundred", "P99,yes,400"]

    told = run("check", small(tmp_path / "s", rows))

    assert 13 == told.exit_code
    assert 3 <= told.output.count("error")
    assert "22" in told.output


def test_check_for_machines_is_one_object(tmp_path):
    told = run("check", small(tmp_path / "s", [*GOOD, "P99,yes,two hundred"]), "--json")
    said = json.loads(told.stdout)

    assert 13 == told.exit_code
    assert 1 == said["errors"]
    assert {"must", "do", "row", "column", "rule"} <= set(said["findings"][0])


def test_good_data_pass(tmp_path):
    told = run("check", small(tmp_path / "s", GOOD))

    assert 0 == told.exit_code
    assert "20 patients: 0 errors" in told.output


def test_errors_stop_the_study_and_leave_no_report(tmp_path):
    folder = small(tmp_path / "s", [*GOOD, "P99,yes,two hundred"])

    told = run("study", folder, "--out", tmp_path / "report")

    assert 13 == told.exit_code
    assert not (tmp_path / "report").exists()
    assert "Traceback" not in told.output


def test_an_error_never_shows_a_patients_value(tmp_path):
    folder = small(tmp_path / "s", [*GOOD, "P99,yes,secretvalue"])

    told = run("study", folder, "--out", tmp_path / "report")

    assert "secretvalue" not in told.output


@pytest.mark.parametrize(
    ("study", "rows", "code"),
    [
        ("nonsense", GOOD, 11),
        (STUDY + '[tables]\npatients = "absent.csv"\n', GOOD, 12),
        (
            STUDY.replace('column = "rair"\nyes = "yes"\nno = "no"', 'definition = "ata-1999"'),
            GOOD,
            14,
        ),
        (
            STUDY.replace('column = "rair"\nyes = "yes"\nno = "no"', 'definition = "ata-2015"'),
            GOOD,
            14,
        ),
        (STUDY, [row.replace(",no,", ",yes,") for row in GOOD], 15),
    ],
)
def test_each_kind_of_trouble_has_its_exit_code_and_one_sentence(tmp_path, study, rows, code):
    told = run("study", small(tmp_path / "s", rows, study), "--out", tmp_path / "report")

    assert code == told.exit_code
    assert told.stderr.startswith("avidity: ")
    assert 1 == told.stderr.count("\n")
    assert not (tmp_path / "report").exists()


def test_trouble_for_machines_is_an_object(tmp_path):
    process = subprocess.run(
        [sys.executable, "-m", "avidity", "study", str(tmp_path), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 11 == process.returncode
    assert "study file" == json.loads(process.stdout)["error"]["kind"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    blocked = tmp_path / "report"
    blocked.write_text("a file, no folder")

    told = run("study", small(tmp_path / "s", GOOD), "--out", blocked)

    assert 16 == told.exit_code
    assert "a file, no folder" == blocked.read_text()


def test_label_says_who_why_and_since_when():
    told = run("label", EXAMPLE)

    assert 0 == told.exit_code
    assert "TWIN-063: yes since 2020-07-08" in told.output
    assert "not avid on the post-therapy scan of course 2" in told.output


def test_label_under_all_definitions_writes_the_evidence(tmp_path):
    out = tmp_path / "labels.csv"

    told = run("label", EXAMPLE, "--definition", "all", "--out", out)

    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert 0 == told.exit_code
    assert 300 * 7 == len(rows)
    unsaid = [row for row in rows if row["answer"] == "cannot say"]
    assert unsaid
    assert all(row["missing"] for row in unsaid)
    assert "Cohen's kappa" in told.output


def test_label_of_an_unknown_definition_names_the_known():
    told = run("label", EXAMPLE, "--definition", "ata-2016")

    assert 14 == told.exit_code
    assert "ata-2015" in told.stderr


def test_definitions_are_listed_and_shown():
    assert "ata-2025" in run("definitions").output
    assert "22.2 GBq" in run("definitions", "bellakhdar-2024").output
    assert json.loads(run("definitions", "ata-2025", "--json").stdout)["name"] == "ata-2025"


@pytest.mark.parametrize(
    ("switch", "word"),
    [
        ('progression_window_months = "12"', "must be a whole number"),
        ('decline_counts_as_loss = "no"', "must be true or false"),
        ("activity_threshold_mbq = 22.2", "must be a whole number"),
        ('scans_for_no_uptake = "diagnostic"', "must be a list of texts"),
        ("no_such_switch = true", "no switch is called"),
    ],
)
def test_a_switch_that_cannot_be_turned_so_is_told(tmp_path, switch, word):
    folder = tmp_path / "twin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("*.py"))
    text = (folder / "study.toml").read_text("utf-8")
    turned = text.replace("[outcome]", f"[outcome]\nswitches.{switch}")
    (folder / "study.toml").write_text(turned, "utf-8")

    told = run("label", folder)

    assert 14 == told.exit_code
    assert word in told.stderr


def test_a_switch_is_turned(tmp_path):
    folder = tmp_path / "twin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("*.py"))
    text = (folder / "study.toml").read_text("utf-8")
    turned = (
        "[outcome]\nswitches = { decline_counts_as_loss = false, doubtful_scans = ['diagnostic'] }"
    )
    (folder / "study.toml").write_text(text.replace("[outcome]", turned), "utf-8")

    before, after = (json.loads(run("label", f, "--json").stdout) for f in (EXAMPLE, folder))

    yes = [said["agreement"]["answers"]["bellakhdar-2024"]["yes"] for said in (before, after)]
    assert yes[1] < yes[0]


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """The example carried out by two processes: each one's folder and what it said."""
    folder, told = tmp_path_factory.mktemp("twice"), []
    for name, words in (("one", ()), ("two", ("--json",))):
        out = folder / name
        command = [
            sys.executable,
            "-m",
            "avidity",
            "study",
            str(EXAMPLE),
            "--out",
            str(out),
            *words,
        ]
        process = subprocess.run(command, capture_output=True, text=True, check=False)
        assert 0 == process.returncode, process.stderr
        told.append((out, process.stdout))
    return told


def test_the_example_study_ends_with_the_comparison(twice):
    out, told = twice[0]

    assert "84 of 90 printed figures are the same" in told
    assert "differs, because" in told
    assert (out / "report.html").exists()


def test_the_same_input_gives_the_same_bytes(twice):
    first, second = (
        {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        for out, _ in twice
    )

    assert set(first) == set(second)
    assert {Path("report.docx"), Path("figures/age-at-diagnosis.svg")} <= set(first)
    assert [] == [str(name) for name in first if first[name] != second[name]]


def test_what_machines_read_holds_the_comparison(twice):
    told = json.loads(twice[1][1])

    assert 90 == len(told["results"]["comparison"]["lines"])


def test_no_patient_leaves_with_the_report(twice):
    for name in ("report.html", "results.json"):
        assert "TWIN-0" not in (twice[0][0] / name).read_text("utf-8")


def test_a_log_holds_counts_and_no_value(tmp_path):
    folder = small(tmp_path / "s", [*GOOD, "P99,yes,secretvalue"])

    process = subprocess.run(
        [sys.executable, "-m", "avidity", "-v", "study", str(folder), "--out", str(tmp_path / "r")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "table patients: 21 rows" in process.stderr
    assert "secretvalue" not in process.stderr + process.stdout
    assert "P99" not in process.stderr + process.stdout


def test_a_bar_is_drawn_only_once_the_work_takes_long(monkeypatch, capfd):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("avidity.cli.speak.PATIENCE", 0.05)

    with Steps(total=2) as quick:
        quick("reading")
    with Steps(total=2) as slow:
        slow("reading")
        time.sleep(0.6)

    assert quick.bar is None
    assert slow.bar is not None
    assert capfd.readouterr().out == ""


MADE_UP = EXAMPLE.parent / "evidence" / "made-up.toml"


def test_pool_says_the_pool_and_writes_a_report_when_asked(tmp_path):
    told = run("pool", MADE_UP, "--out", tmp_path / "pooled")

    assert 0 == told.exit_code
    assert "6 studies: 2.18 (1.29 to 3.69)" in told.output
    names = {path.name for path in (tmp_path / "pooled").iterdir()}
    assert {"report.html", "report.docx", "report.pdf", "tables.xlsx", "results.json"} <= names
    results = json.loads((tmp_path / "pooled" / "results.json").read_text("utf-8"))
    assert 3 == len(results["factors"])


def test_pool_answers_machines_and_tells_faults_with_their_line(tmp_path):
    told = json.loads(run("pool", "luo-2020", "--json").output)
    assert 2.28 == pytest.approx(told["factors"][0]["published"][0]["estimate"])

    (tmp_path / "evidence.toml").write_text('title = "t"\n[[factor]]\nname = "a"\n', "utf-8")
    told = run("pool", tmp_path)
    assert errors.PaperError.exit_code == told.exit_code
    assert "evidence.toml, line 2: factor.label must be there" in told.stderr


def test_validate_says_first_that_the_twin_is_no_external_validation(tmp_path):
    told = run("validate", "bellakhdar-2024", EXAMPLE, "--out", tmp_path / "report")

    assert 0 == told.exit_code, told.output
    assert "90 of 90 patients, 32 with the outcome, 32.0 expected" in told.output
    assert "no external validation" in told.output
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert {"report.html", "report.docx", "report.pdf", "tables.xlsx", "results.json"} <= names
    page = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert page.index("This is no external validation") < page.index("What the risks were worth")


def test_validate_answers_machines_and_refuses_what_cannot_compute(tmp_path):
    told = json.loads(run("validate", "bellakhdar-2024", EXAMPLE, "--json").output)
    assert 1 == pytest.approx(told["models"][0]["performance"]["slope"]["estimate"])

    partial = run("validate", "li-2018", EXAMPLE)
    assert errors.RiskModelError.exit_code == partial.exit_code
    unknown = run("validate", "bellakhdar-2024", EXAMPLE, "--map", "age=height")
    assert errors.RiskModelError.exit_code == unknown.exit_code
    assert "no variable 'height'" in unknown.stderr
    assert 2 == run("validate", "bellakhdar-2024", EXAMPLE, "--map", "age").exit_code


def test_update_keeps_a_model_that_fits_and_writes_one_that_was_asked_for(tmp_path):
    kept = run("update", "bellakhdar-2024", EXAMPLE, "--out", tmp_path / "local.json")
    assert 0 == kept.exit_code
    assert "nothing was written" in kept.output
    assert not (tmp_path / "local.json").exists()

    words = ("--method", "logistic", "--name", "local", "--out", tmp_path / "local.json")
    made = run("update", "bellakhdar-2024", EXAMPLE, *words, "--report", tmp_path / "told")
    assert 0 == made.exit_code
    page = (tmp_path / "told" / "report.html").read_text("utf-8")
    assert "The updates side by side" in page
    assert "has to be validated in other patients" in page
    kept = json.loads((tmp_path / "told" / "results.json").read_text("utf-8"))
    assert json.loads((tmp_path / "local.json").read_text("utf-8")) == kept["made"]
    told = run("validate", tmp_path / "local.json", EXAMPLE)
    assert "made from this very cohort" in told.output
    shown = run("models", tmp_path / "local.json", "--json")
    assert "bellakhdar-2024" == json.loads(shown.output)["lineage"][0]["name"]


def test_update_answers_machines_and_refuses_what_lacks_a_variable():
    told = json.loads(
        run("update", "bellakhdar-2024", EXAMPLE, "--method", "refit", "--json").output
    )
    assert ["as it is", "in the large", "logistic", "refit"] == [
        row["method"] for row in told["rows"]
    ]
    assert "bellakhdar-2024-updated" == told["made"]["name"]
    assert errors.RiskModelError.exit_code == run("update", "li-2018", EXAMPLE).exit_code


def test_a_model_of_an_earlier_run_does_not_outlive_it(tmp_path):
    folder, report = small(tmp_path / "s", GOOD), tmp_path / "report"
    report.mkdir()
    for name in ("risk-model.json", "risk-model-usual.json"):
        (report / name).write_text("{}", "utf-8")

    assert 0 == run("study", folder, "--out", report).exit_code

    assert not (report / "risk-model.json").exists()
    assert not (report / "risk-model-usual.json").exists()


def with_override(folder, line="TWIN-063,no,Thymus on CT,Dr A,2024-05-31"):
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("report"))
    text = (folder / "study.toml").read_text("utf-8")
    named = text.replace("[outcome]", '[outcome]\noverrides = "overrides.csv"', 1)
    (folder / "study.toml").write_text(named, "utf-8")
    (folder / "overrides.csv").write_text(f"patient_id,answer,reason,who,when\n{line}\n", "utf-8")
    return folder


def test_label_puts_a_physicians_answer_beside_the_definitions(tmp_path):
    out = tmp_path / "labels.csv"

    told = run("label", with_override(tmp_path / "s"), "--out", out)

    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["patient_id"]: row for row in csv.DictReader(file)}
    assert "TWIN-063: no\n    overridden by Dr A, 2024-05-31: Thymus on CT" in told.output
    assert "the definition says: yes since 2020-07-08" in told.output
    assert ("no", "yes") == (rows["TWIN-063"]["answer"], rows["TWIN-063"]["by_definition"])
    assert "Thymus on CT" == rows["TWIN-063"]["override_reason"]
    assert rows["TWIN-064"]["answer"] == rows["TWIN-064"]["by_definition"]


def test_the_report_counts_a_physicians_answers_and_names_nobody(tmp_path):
    out = tmp_path / "report"

    told = run("study", with_override(tmp_path / "s"), "--quick", "--out", out)

    page = (out / "report.html").read_text("utf-8")
    results = json.loads((out / "results.json").read_text("utf-8"))
    given = results["outcome"]["overrides"]
    assert 0 == told.exit_code
    assert ("yes", "no", 1) == tuple(
        given["changes"][0][k] for k in ("before", "after", "patients")
    )
    assert "Thymus on CT" in page
    assert not [path for path in out.rglob("*.*") if b"TWIN-063" in path.read_bytes()]


def test_a_wrong_override_stops_the_study(tmp_path):
    folder = with_override(tmp_path / "s", "TWIN-063,no,,Dr A,2024-05-31")

    assert 14 == run("label", folder).exit_code
    assert "a reason must be given" in run("study", folder, "--quick").stderr


def test_check_asks_what_an_unknown_header_means(tmp_path):
    rows = [f"{GOOD[0]},Taille tumeur max (cm)", *(f"{row},2" for row in GOOD[1:])]

    told = run("check", small(tmp_path, rows))
    as_json = json.loads(run("check", tmp_path, "--json").stdout)

    assert "'Taille tumeur max (cm)': did you mean diameter?" in told.output
    assert ["diameter"] == [one["field"] for one in as_json["suggestions"]]
