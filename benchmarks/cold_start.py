"""How long a person waits: `avidity --help`, and the whole example study, each in a new process.

    python benchmarks/cold_start.py [runs]

Aims: --help within 0.2 s; the example study with every report written within 4 s without
resampling and within 7 s with all of it; on 2 cores.
Prints minimum, median and maximum of wall seconds over the runs, after one warm-up that
compiles bytecode and builds the font cache (a fresh installation pays both once).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "bellakhdar-2024"


def seconds(*words: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "avidity", *words], check=True, capture_output=True)
    return time.perf_counter() - start


def measure(name: str, aim: float, runs: int, *words: str) -> None:
    seconds(*words)
    found = sorted(seconds(*words) for _ in range(runs))
    middle = statistics.median(found)
    verdict = "within" if middle <= aim else "OVER"
    print(
        f"{name:32} min {found[0]:.3f}  median {middle:.3f}  max {found[-1]:.3f} s"
        f"   aim {aim} s: {verdict}"
    )


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    floor = [sys.executable, "-c", "pass"]
    start = time.perf_counter()
    subprocess.run(floor, check=True)
    print(f"{'an empty Python process':32} {time.perf_counter() - start:.3f} s")
    measure("avidity --help", 0.2, runs, "--help")
    with tempfile.TemporaryDirectory() as out:
        study = ("study", str(EXAMPLE), "--out", out)
        measure("the example, --quick", 4.0, runs, *study, "--quick")
        measure("the example, 1,000 resamples", 7.0, runs, *study)


if __name__ == "__main__":
    main()
