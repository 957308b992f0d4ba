"""Small studies as a person would drop them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "bellakhdar-2024"
STUDY = '[study]\ntitle = "Small"\n[outcome]\ncolumn = "rair"\nyes = "yes"\nno = "no"\n'
ROWS = [
    "patient_id,rair,age_at_diagnosis,diameter (mm)",
    *[f"P{i},{'yes' if i % 3 == 0 else 'no'},{30 + i},{10 + (7 * i) % 31}" for i in range(40)],
]


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def small_study(rows=ROWS, study=STUDY, home=""):
    return zipped({f"{home}study.toml": study, f"{home}patients.csv": "\n".join(rows) + "\n"})


def example_zip(changed=lambda study_toml: study_toml):
    kept = [path for path in EXAMPLE.iterdir() if path.suffix in (".toml", ".csv")]
    files = {f"study/{path.name}": path.read_bytes() for path in sorted(kept)}
    files["study/study.toml"] = changed(files["study/study.toml"].decode()).encode()
    return zipped(files)
