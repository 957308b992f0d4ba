"""How fast single statistics are on large data, beside their peers in the same run.

    python benchmarks/large.py [rows]

DeLong's interval of a million scores: one numpy.sort of the same numbers is the floor, pROC the
peer. A logistic fit of a million rows and six columns beside statsmodels and R's lrm and glm,
and its growth from ten thousand rows to ten million. Firth's method with profile intervals on
separated data (made like logistf's sex2, which is used if it is given by SEX2=path) beside
firthmodels, and the estimates alone beside R's brglm2. R is timed inside R and left out where
it, or a package, is not there. The fastest of several runs counts: other work on the machine
only ever adds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from avidity.stats.firth import fit_firth, profile_firth
from avidity.stats.logistic import fit
from avidity.stats.roc import roc

R = Path(__file__).resolve().parent / "r"
COEF = np.array([-1.0, 0.5, 0.3, 0.0, 0.2, -0.4])
NAMES = tuple("abcdef")


def fastest(work: Callable[[], object], runs: int = 5) -> float:
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def race(runs: int, *works: Callable[[], object]) -> list[float]:
    """The fastest of each, run by turns, so that a busy minute hits all alike."""
    best = [float("inf")] * len(works)
    for _ in range(runs):
        for place, work in enumerate(works):
            best[place] = min(best[place], fastest(work, 1))
    return best


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


def line(what: str, seconds: float, remark: str = "") -> None:
    print(f"  {what:34} {seconds * 1e3:10.1f} ms  {remark}")


def judged(times: float, aim: float) -> str:
    return f"{times:.1f} x, aim {aim:g} x: {'met' if times >= aim else 'MISSED'}"


def delong(rows: int, folder: Path) -> None:
    print(f"DeLong's interval, {rows:,} scores")
    chance = np.random.default_rng(1)
    outcome = (chance.random(rows) < 0.3).astype(np.int64)
    score = chance.normal(size=rows) + 0.5 * outcome
    floor, ours = race(9, lambda: np.sort(score), lambda: roc(score, outcome).interval())
    tied = np.round(score, 2)
    line("numpy.sort", floor)
    verdict = "met" if ours <= 4 * floor else "MISSED"
    line("ours", ours, f"{ours / floor:.1f} sorts, aim 4 at most: {verdict}")
    line("ours, with the whole curve", fastest(lambda: roc(score, outcome).curve, 3))
    line("ours, scores of two decimals", fastest(lambda: roc(tied, outcome).interval()))
    np.savetxt(folder / "scores.csv", np.column_stack([outcome, score]), delimiter=",")
    if peer := in_r("delong.R", str(folder / "scores.csv")):
        line("pROC", peer[0], judged(peer[0] / ours, 3))
        found = roc(score, outcome)
        ends = found.interval()
        print(f"  {ends.low:.12f} {found.auc:.12f} {ends.high:.12f}")
        print(f"  {peer[1]:.12f} {peer[2]:.12f} {peer[3]:.12f} in R")


def made(rows: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(2)
    X = np.column_stack([np.ones(rows), chance.normal(size=(rows, 5))])
    return X, (chance.random(rows) < 1 / (1 + np.exp(-X @ COEF))).astype(float)


def logistic(rows: int, folder: Path) -> None:
    import statsmodels.api as sm

    print(f"logistic fit, {rows:,} x 6")
    X, y = made(rows)
    found = fit(X, y, NAMES)
    ours, peer = race(7, lambda: fit(X, y, NAMES), lambda: sm.Logit(y, X).fit(disp=0))
    line("ours", ours)
    other = sm.Logit(y, X).fit(disp=0)
    gap = np.abs(found.coef - other.params).max()
    line("statsmodels Logit", peer, f"{judged(peer / ours, 2)}; coefficients within {gap:.0e}")
    np.savetxt(folder / "rows.csv", np.column_stack([y, X[:, 1:]]), delimiter=",")
    if from_r := in_r("lrm.R", str(folder / "rows.csv")):
        line("R lrm", from_r[0], judged(from_r[0] / ours, 2))
        line("R glm", from_r[1], judged(from_r[1] / ours, 2))
        print(f"  second coefficient {found.coef[1]:.10f}, in R {from_r[2]:.10f} {from_r[3]:.10f}")


def growth(most: int) -> None:
    print("its growth with the rows")
    rows, before = 10_000, None
    while rows <= most:
        X, y = made(rows)
        spent = fastest(lambda X=X, y=y: fit(X, y, NAMES), 5 if rows < 10**7 else 2)
        remark = f"{spent / rows * 1e9:.0f} ns a row"
        if before:
            remark += f", {spent / before:.1f} times the last"
        line(f"{rows:,} rows", spent, remark)
        rows, before = 10 * rows, spent


def separated() -> tuple[np.ndarray, np.ndarray, tuple[str, ...], str]:
    names = ("intercept", "age", "oc", "vic", "vicl", "vis", "dia")
    if path := os.environ.get("SEX2"):
        table = np.genfromtxt(path, delimiter=",", names=True)
        X = np.column_stack([np.ones(len(table)), *(table[name] for name in names[1:])])
        return X, table["case"], names, "sex2"
    chance = np.random.default_rng(3)
    X = np.column_stack([np.ones(239), chance.integers(0, 2, (239, 6))]).astype(float)
    X[:, 6] = chance.random(239) < 0.03
    y = (chance.random(239) < 1 / (1 + np.exp(-X[:, 1:6] @ [-1.1, 0, 2, -2, 0.8]))).astype(float)
    y[X[:, 6] == 1] = 1
    return X, y, names, "data made like sex2"


def firth(folder: Path) -> None:
    from firthmodels import FirthLogisticRegression

    X, y, names, told = separated()
    print(f"Firth with profile intervals, {told}: {len(y)} x {len(names)}")

    def ours() -> object:
        return profile_firth(X, y, fit_firth(X, y, names))

    def theirs(tolerance: float) -> object:
        warnings.simplefilter("ignore")  # one of its tests stops short at the default tolerance
        model = FirthLogisticRegression(
            backend="numpy", max_iter=500, gtol=tolerance, xtol=tolerance
        ).fit(X[:, 1:], y)
        return model.conf_int(method="pl", max_iter=500, tol=tolerance), model.lrt()

    spent, *peers = race(15, ours, lambda: theirs(1e-4), lambda: theirs(1e-8))
    line("ours", spent)
    for tolerance, peer in zip((1e-4, 1e-8), peers, strict=True):
        words = "its default: digits to 4e-6" if tolerance == 1e-4 else "ours is 1e-10"
        line(f"firthmodels, tolerance {tolerance:g}", peer, f"{judged(peer / spent, 1)} ({words})")
    estimates = fastest(lambda: fit_firth(X, y, names), 20)
    line("ours, estimates alone", estimates)
    np.savetxt(folder / "firth.csv", np.column_stack([y, X[:, 1:]]), delimiter=",")
    if peer := in_r("firth.R", str(folder / "firth.csv"), "50"):
        line("R brglm2, estimates alone", peer[0], judged(peer[0] / estimates, 1))
        print(f"  last coefficient {fit_firth(X, y, names).coef[6]:.10f}, in R {peer[1]:.10f}")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        delong(rows, folder)
        logistic(rows, folder)
        growth(10 * rows)
        firth(folder)


if __name__ == "__main__":
    main()
