"""How fast a study is validated: ours, and the same work in R in the same run.

    python benchmarks/bootstrap.py [resamples]

Three pieces of work on 90 made patients, 1,000 resamples each: the whole path (two cut-offs
searched, a screen by t, rank and Fisher's test, a logistic model, the area in the resample and
in all patients), the optimism of a fixed model of three terms, and a bootstrapped Youden
cut-off. Ours runs on one core, drawing included: median and range over the runs. R, with pROC,
rms and cutpointr, is timed inside R, so that its start does not count; it is left out where
Rscript is not there.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from avidity.stats.batched.cutoff_validation import Search, validate_cutpoint
from avidity.stats.batched.optimism import optimism
from avidity.stats.batched.path import whole_path
from avidity.stats.batched.plan import Candidate, Plan, path_data
from avidity.stats.resampling import Resamples, bootstrap

R = Path(__file__).resolve().parent / "r"
N = 90
YES_NO = ("metastasis", "sex", "extension", "multifocal", "oncocytic")
NUMBERS = {
    "age": Candidate("age", cut=Search(at="midpoint"), test="Welch t"),
    "diameter": Candidate("diameter", cut=Search(at="midpoint"), test="Mann–Whitney"),
}
PLAN = Plan((*NUMBERS.values(), *(Candidate(name, test="Fisher") for name in YES_NO)), p_below=0.05)
AIMS = {"path": 100, "optimism": 50, "cut-off": 500}


def patients() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(5)
    made = {
        "age": chance.normal(52, 15, N).round(),
        "diameter": np.exp(chance.normal(3.3, 0.5, N)).round(),
        **{name: (chance.random(N) < 0.4).astype(float) for name in YES_NO},
    }
    line = -4.6 + 0.04 * made["age"] + 0.03 * made["diameter"] + 1.5 * made["metastasis"]
    made["y"] = (chance.random(N) < 1 / (1 + np.exp(-line))).astype(float)
    return made


def timed(work: Callable[[], object], runs: int = 21) -> float:
    work()
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    low, middle, high = min(spent), statistics.median(spent), max(spent)
    print(f"  ours      {middle * 1e3:9.1f} ms  (range {low * 1e3:.1f} to {high * 1e3:.1f})")
    return middle


def in_r(script: str, *words: str) -> list[float]:
    """The numbers a script prints, the seconds first; nothing where R is not there."""
    if not shutil.which("Rscript"):
        return []
    done = subprocess.run(
        ["Rscript", str(R / script), *words], check=False, capture_output=True, text=True
    )
    if done.returncode:
        print("  R cannot:", done.stderr.strip().splitlines()[-1])
        return []
    return [float(word) for word in done.stdout.split()]


def compare(name: str, ours: float, peer: str, found: list[float]) -> None:
    if found:
        times = found[0] / ours
        verdict = "met" if times >= AIMS[name] else "MISSED"
        print(f"  {peer:9} {found[0] * 1e3:9.1f} ms  {times:.0f} x  aim {AIMS[name]} x: {verdict}")


def whole(data: dict[str, np.ndarray], drawn: Resamples, folder: Path, resamples: int) -> None:
    print("whole path")
    checked = path_data(data, data["y"], PLAN)
    ours = timed(lambda: whole_path(PLAN, checked, bootstrap(N, resamples, 1)))
    with ProcessPoolExecutor(2) as executor:
        many = bootstrap(N, 10 * resamples, 1)
        for name, spread in (("one core", None), ("two processes", executor)):
            start = time.perf_counter()
            whole_path(PLAN, checked, many, executor=spread)
            print(f"  {len(many):,} resamples, {name}: {time.perf_counter() - start:.2f} s")
    rows = np.array([drawn.rows(place) for place in range(len(drawn))])
    np.savetxt(folder / "indices.csv", rows, fmt="%d", delimiter=",")
    files = [str(folder / name) for name in ("patients.csv", "indices.csv", "results.csv")]
    peer = in_r("path.R", *files)
    compare("path", ours, "pROC, glm", peer)
    if peer:
        agree(whole_path(PLAN, checked, drawn), np.loadtxt(files[2], delimiter=","))


def agree(found: object, theirs: np.ndarray) -> None:
    """Resample by resample: the same cut-offs, and the same areas where glm has an answer."""
    done, cut = found.optimism.replicates, found.cutoffs
    cuts = np.column_stack([cut["age"].values, cut["diameter"].values])
    same = np.isclose(cuts, theirs[:, :2]).all(axis=1)
    fitted = done.state == 0
    areas = np.column_stack([done.trained.auc, done.tested.auc])
    close = np.isclose(areas, theirs[:, 3:5], atol=1e-9).all(axis=1)
    print(
        f"  agreement: cut-offs in {same.sum()} of {len(same)} resamples; both areas in"
        f" {(close & fitted).sum()} of {fitted.sum()} that are not separated;"
        f" {(~fitted).sum()} separated, refitted by Firth here, left as glm ends in R"
    )


def main() -> None:
    resamples = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    data, drawn = patients(), bootstrap(N, resamples, seed=1)
    print(f"{N} patients, {int(data['y'].sum())} with the outcome; {resamples:,} resamples")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        table, header = np.column_stack(list(data.values())), ",".join(data)
        np.savetxt(folder / "patients.csv", table, delimiter=",", header=header, comments="")
        file = str(folder / "patients.csv")
        whole(data, drawn, folder, resamples)

        print("optimism of a fixed model, 3 terms")
        columns = [np.ones(N), data["age"], data["diameter"], data["metastasis"]]
        X, names = np.column_stack(columns), ("intercept", "age", "diameter", "metastasis")
        ours = timed(lambda: optimism(X, data["y"], names, bootstrap(N, resamples, 1)))
        peer = in_r("validate.R", file, str(resamples))
        compare("optimism", ours, "rms", peer)
        found = optimism(X, data["y"], names, drawn).measures
        print(f"  optimism of Dxy {found['dxy'].optimism:.4f}, slope {found['slope'].tested:.4f}")
        if peer:
            print(f"  in R            {peer[1]:.4f}, slope {peer[2]:.4f} (its own resamples)")

        print("bootstrapped Youden cut-off")
        score, y = data["diameter"], data["y"]
        ours = timed(lambda: validate_cutpoint(score, y, bootstrap(N, resamples, 1)))
        peer = in_r("cutpointr.R", file, str(resamples))
        compare("cut-off", ours, "cutpointr", peer)
        cut = validate_cutpoint(score, y, drawn)
        print(
            f"  cut-off {cut.value:g}; sensitivity in the resamples"
            f" {cut.sensitivity.trained:.4f}, in those left out {cut.left_out[0]:.4f}"
        )
        if peer:
            print(f"  in R    {peer[1]:g}; {peer[2]:.4f}, {peer[3]:.4f} (its own resamples)")


if __name__ == "__main__":
    main()
