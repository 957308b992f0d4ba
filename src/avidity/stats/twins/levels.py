"""How many patients have each level of a category, where only some counts are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def level_counts(
    n: int,
    printed: Mapping[str, int | None],
    together: Sequence[tuple[tuple[str, ...], int]],
    generator: np.random.Generator,
) -> dict[str, int] | None:
    """Counts of the levels that add up to n, or None: none do, or nothing is printed.

    printed   level → its count, None where it is not printed
    together  levels taken together and how many they hold
    Where several counts fit, one table is drawn by a wish drawn at random: a corner of what is
    possible, not each table as likely.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, seldom needed

    levels = list(printed)
    if all(one is None for one in printed.values()) and not together:
        return None
    rows, right = [[1.0] * len(levels)], [float(n)]
    for level, count in printed.items():
        if count is not None:
            rows.append([float(level == one) for one in levels])
            right.append(float(count))
    for some, count in together:
        rows.append([float(one in some) for one in levels])
        right.append(float(count))
    found = milp(
        generator.normal(size=len(levels)),
        integrality=np.ones(len(levels)),
        bounds=Bounds(0, n),
        constraints=LinearConstraint(np.array(rows), right, right),
    )
    if found.x is None:
        return None
    return {level: round(float(count)) for level, count in zip(levels, found.x, strict=True)}
