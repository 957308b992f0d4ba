"""The workbook of a study with every bad cell marked."""

from __future__ import annotations

import tempfile
from pathlib import Path

from avidity.steps.mark import mark
from avidity.web.bench import Bench
from avidity.web.cohorts import Looked


def marked_workbook(bench: Bench, looked: Looked) -> bytes | None:
    """Its bytes; None where the files cannot be read."""
    if looked.raw is None or looked.cohort is None:
        return None
    with tempfile.TemporaryDirectory(dir=bench.data) as folder:
        out = mark(looked.raw, looked.cohort.findings, Path(folder) / "problems.xlsx")
        return out.read_bytes()
