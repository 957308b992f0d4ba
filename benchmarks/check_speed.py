"""How long does it take to read and check 10,000 patients?

Run: python benchmarks/check_speed.py

Two cases, on one core: one table of 10,000 patients with 40 columns, and the whole set of ten
tables (10,000 patients, about three rows each in every table of records). The aim for the check
is 2 seconds. The data are made with a fixed seed.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import tempfile
import time
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from avidity.steps.check import check
from avidity.steps.read import read
from avidity.study import read_study

PATIENTS = 10_000
STUDY = '[study]\ntitle = "Speed"\n[outcome]\ndefinition = "bellakhdar-2024"\n'
START = dt.date(2010, 1, 1)
PATIENT = [
    *("patient_id", "sex", "age_at_diagnosis (years)", "diagnosis_date", "surgery_extent"),
    *("surgery_date", "histology", "histology_subtype", "diameter (mm)", "multifocal"),
    *("extrathyroidal_extension", "vascular_invasion", "nodes_removed", "nodes_positive"),
    *("nodal_metastasis", "distant_metastasis", "t_category", "n_category", "m_category"),
    *("ata_risk", "cumulative_activity (MBq)", "received_rai", "follow_up_complete"),
    *("number_of_courses", "number_of_lesions"),
]
EXTRA = [f"measure_{i}" for i in range(8)] + [f"word_{i}" for i in range(7)]


def day(chance: random.Random, low: int, high: int) -> str:
    return (START + dt.timedelta(days=chance.randint(low, high))).isoformat()


def patient(chance: random.Random, n: int) -> list[object]:
    yes = ("yes", "no", "")
    return [
        f"P{n:05d}",
        chance.choice(("F", "M")),
        chance.randint(18, 85),
        day(chance, 0, 300),
        "total thyroidectomy",
        day(chance, 300, 400),
        chance.choice(("PTC", "FTC", "Hürthle cell")),
        "",
        round(chance.uniform(5, 80), 1),
        *(chance.choice(yes) for _ in range(3)),
        20,
        chance.randint(0, 20),
        "",
        chance.choice(yes),
        "",
        "",
        "",
        chance.choice(("low", "intermediate", "high")),
        11100,
        "yes",
        "yes",
        3,
        3,
        *(round(chance.gauss(50, 10), 3) for _ in range(8)),
        *(chance.choice(("a", "b", "c", "")) for _ in range(7)),
    ]


def records(chance: random.Random) -> dict[str, list[list[object]]]:
    """Header and rows of each table but patients: three rows per patient where it has several."""
    tables: dict[str, list[list[object]]] = {
        "rai_courses": [["patient_id", "course", "date", "activity (MBq)", "intent", "tsh"]],
        "lesions": [["patient_id", "lesion_id", "site", "first_seen", "diameter (mm)"]],
        "scans": [["patient_id", "scan_id", "date", "kind", "course", "adequate"]],
        "lesion_uptake": [["patient_id", "lesion_id", "scan_id", "uptake"]],
        "structural_assessments": [["patient_id", "date", "lesion_id", "diameter (mm)", "verdict"]],
        "labs": [["patient_id", "date", "tg (ng/mL)", "tsh", "tsh_condition", "tgab_positive"]],
        "fdg_pet": [["patient_id", "date", "lesion_id", "positive", "suvmax"]],
        "molecular": [["patient_id", "date", "tissue", "braf_v600e", "tert_promoter", "ras"]],
        "follow_up": [["patient_id", "last_date", "vital_status", "remission", "response"]],
    }
    for n in range(PATIENTS):
        p = f"P{n:05d}"
        for k in (1, 2, 3):
            given = day(chance, 400 * k + 50, 400 * k + 300)
            scan = (dt.date.fromisoformat(given) + dt.timedelta(days=3)).isoformat()
            rows = {
                "rai_courses": [p, k, given, 3700, "adjuvant", round(chance.uniform(30, 90), 1)],
                "lesions": [p, f"L{k}", "lung", day(chance, 400, 440), chance.randint(5, 40)],
                "scans": [p, f"S{k}", scan, "post-therapy", k, "yes"],
                "lesion_uptake": [p, f"L{k}", f"S{k}", chance.choice(("avid", "not avid"))],
                "structural_assessments": [p, day(chance, 500, 2500), f"L{k}", 12, "SD"],
                "labs": [p, scan, chance.choice(("<0.1", 5.2)), 45.0, "stimulated", "no"],
                "fdg_pet": [p, day(chance, 500, 2500), f"L{k}", "yes", 7.5],
                "molecular": [p, day(chance, 500, 2500), "node", "wt", "mutated", "wt"],
            }
            for table, row in rows.items():
                tables[table].append(row)
        tables["follow_up"].append([p, day(chance, 2600, 3000), "alive", "no", "excellent"])
    return tables


def write(folder: Path, name: str, rows: list[list[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def timed(folder: Path, what: str) -> None:
    study = read_study(folder)
    start, busy = time.perf_counter(), time.process_time()
    raw = read(study)
    opened, read_busy = time.perf_counter(), time.process_time()
    cohort = check(raw, study)
    done, check_busy = time.perf_counter(), time.process_time()
    cells = sum(len(table.rows) * len(table.headers) for table in raw.tables.values())
    print(
        f"{what}, {cells:,} cells: read {opened - start:.2f} s, check {done - opened:.2f} s"
        f" (of the processor {read_busy - busy:.2f} and {check_busy - read_busy:.2f} s);"
        f" {cohort.n_errors} errors, {cohort.n_warnings} warnings"
    )


def main() -> None:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "study.toml").write_text(STUDY, encoding="utf-8")
        write(folder, "patients", [PATIENT + EXTRA, *(patient(chance, n) for n in range(PATIENTS))])
        timed(folder, f"{PATIENTS:,} patients, 40 columns")
        for name, rows in records(chance).items():
            write(folder, name, rows)
        timed(folder, f"{PATIENTS:,} patients with all ten tables")


if __name__ == "__main__":
    main()
