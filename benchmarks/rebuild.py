"""How the time to rebuild a printed model grows with its predictors, patients and decimals.

    PYTHONPATH=src:tests python benchmarks/rebuild.py [--long]

Made cohorts (tests/made_prints.py) are fitted, printed and rebuilt. Each line says whether the one
true table was found, or how narrow the proven bounds are and that they hold.
"""

from __future__ import annotations

import sys
import time

from avidity.errors import AnalysisError
from avidity.stats.rebuild.solve import rebuild
from made_prints import bel_lakhdar, cohort, fitted_to, patterns_of, printed

SHORT = [
    ((2, 2, 2), 200, 3),
    ((2, 2, 2), 500, 3),
    ((3, 2, 2), 200, 3),
    ((2, 2, 2, 2), 100, 3),
    ((2, 2, 2, 2), 200, 3),
    ((2, 2, 2, 2), 200, 2),
    ((2,) * 5, 300, 3),
    ((2,) * 6, 300, 3),
]
LONG = [
    ((2, 2, 2, 2), 90, 2),
    ((2, 2, 2, 2), 300, 3),
    ((2, 2, 2, 2), 400, 3),
    ((3, 2, 2, 2), 200, 3),
    ((3, 3, 2), 300, 3),
    ((2,) * 5, 100, 3),
    ((2,) * 5, 1000, 2),
    ((2,) * 6, 1000, 2),
]


def posed(sizes, n, decimals):
    for seed in range(1, 100):
        totals, cases = cohort(sizes, n, seed)
        try:
            return printed(sizes, totals, cases, decimals), totals, cases
        except AnalysisError:  # separated: take the next
            continue
    raise RuntimeError("no cohort without separation")


def report(name, problem, truth=None):
    began = time.perf_counter()
    found = rebuild(problem)
    spent = time.perf_counter() - began
    width = max(one.risk.width for one in found.patterns)
    held = ""
    if truth is not None:
        totals, risks = truth
        inside = all(
            one.n[0] <= n <= one.n[1] and one.risk.low - 1e-9 <= risk <= one.risk.high + 1e-9
            for one, n, risk in zip(found.patterns, totals, risks, strict=True)
        )
        held = "truth inside" if inside else "TRUTH OUTSIDE"
    print(
        f"{name:<34}{spent:8.1f} s  {found.answer:<8}{found.found:>4} found"
        f"  intercept ±{found.intercept.width / 2:.4f}  risk at most ±{100 * width / 2:.2f} points"
        f"  {held}  {found.work.stopped}",
        flush=True,
    )


def main():
    rebuild(bel_lakhdar())  # what is imported late is imported now
    report("Bel Lakhdar 2024, n 90", bel_lakhdar())
    for sizes, n, decimals in SHORT + (LONG if "--long" in sys.argv else []):
        problem, totals, cases = posed(sizes, n, decimals)
        _, X = patterns_of(sizes)
        risks = fitted_to(X, totals, cases).risk(X)
        levels = "x".join(map(str, sizes))
        report(f"{levels}, n {n}, {decimals} decimals", problem, (totals, risks))


if __name__ == "__main__":
    main()
