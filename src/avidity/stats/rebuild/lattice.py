"""Every whole-number point of a polytope, in a basis in which there are few dead ends.

Tables with the same margins differ by a lattice of whole-number moves. In the basis of the moves
nearest to nothing happening (no count changed by much, no score equation moved), a table is a
list of whole numbers that can be fixed one after the other, each between narrow ends.

source  Lenstra, Lenstra & Lovász, Math Ann 1982;261:515-534 (the basis); Fincke & Pohst, Math Comp
        1985;44:463-471 (the search); Aardal, Hurkens & Lenstra, Math Oper Res 2000;25:427-442 (the
        use for equations in whole numbers)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.rebuild.patterns import Patterns, Whole

SWAP = 0.99  # Lovász's constant
AT_ONCE = 20_000  # partial points in one stride


class TooFarError(Exception):
    """The search took more steps than it may."""


def moves(made: Patterns) -> Whole:
    """A basis of the whole-number changes that keep all margins, shape (d, C).

    For each pattern with two or more levels off reference: one patient more there, one less in
    each pattern with one of these levels alone, and the reference pattern makes up.
    """
    off = made.X[:, 1:].sum(axis=1).astype(int)
    reference = int(np.flatnonzero(off == 0)[0])
    rows = []
    for pattern in np.flatnonzero(off >= 2):
        move = np.zeros(len(made.X), dtype=np.int64)
        move[pattern] = 1
        for column in np.flatnonzero(made.X[pattern, 1:]) + 1:
            alone = np.flatnonzero((off == 1) & (made.X[:, column] == 1))[0]
            move[alone] -= 1
        move[reference] += off[pattern] - 1
        rows.append(move)
    return np.array(rows, dtype=np.int64).reshape(-1, len(made.X))


def some_table(made: Patterns) -> Whole:
    """One whole-number table with the margins, perhaps with negative counts."""
    off = made.X[:, 1:].sum(axis=1)
    table = np.zeros(len(made.X), dtype=np.int64)
    for column in range(1, made.X.shape[1]):
        alone = np.flatnonzero((off == 1) & (made.X[:, column] == 1))[0]
        table[alone] = made.margins[column]
    table[np.flatnonzero(off == 0)[0]] = made.margins[0] - made.margins[1:].sum()
    return table


def reduced(basis: Whole, metric: Floats) -> Whole:
    """The basis reduced in the length of its rows times metric, shape (C, m)."""
    rows, long = basis.copy(), basis @ metric
    d = len(rows)
    if d < 2:
        return rows
    mu, norm = _orthogonal(long)
    k = 1
    while k < d:
        for j in range(k - 1, -1, -1):
            times = round(float(mu[k, j]))
            if times:
                rows[k] -= times * rows[j]
                mu[k, :j] -= times * mu[j, :j]
                mu[k, j] -= times
        if norm[k] >= (SWAP - mu[k, k - 1] ** 2) * norm[k - 1]:
            k += 1
            continue
        rows[[k - 1, k]] = rows[[k, k - 1]]
        _swap(mu, norm, k)
        k = max(k - 1, 1)
    return rows


def _orthogonal(long: Floats) -> tuple[Floats, Floats]:
    """Gram-Schmidt: how much of each earlier row is in each row, and the squared lengths left."""
    lower: Floats = np.linalg.qr(long.T).R.T
    diagonal = lower.diagonal()
    return lower / diagonal, diagonal**2


def _swap(mu: Floats, norm: Floats, k: int) -> None:
    """Rows k - 1 and k change places."""
    m = mu[k, k - 1]
    new = norm[k] + m * m * norm[k - 1]
    mu[k, k - 1] = m * norm[k - 1] / new
    norm[k] *= norm[k - 1] / new
    norm[k - 1] = new
    mu[[k - 1, k], : k - 1] = mu[[k, k - 1], : k - 1]
    after = mu[k + 1 :, k].copy()
    mu[k + 1 :, k] = mu[k + 1 :, k - 1] - m * after
    mu[k + 1 :, k - 1] = after + mu[k, k - 1] * mu[k + 1 :, k]


@dataclass(frozen=True, slots=True, eq=False)
class Polytope:
    """Points start + basis' z with left @ N <= right, searched along orthogonal directions.

    basis      shape (d, C), reduced
    upper      shape (d, d), of the basis in the metric: its row k is the step of direction k
    direction  shape (d, C): direction @ (N - start) are the coordinates; coordinate k depends on
               z_k, z_k+1 … alone
    low, high  shape (d,): each coordinate's ends in the polytope
    """

    start: Whole
    basis: Whole
    upper: Floats
    low: Floats
    high: Floats
    left: Floats
    right: Floats


def directions(basis: Whole, metric: Floats) -> tuple[Floats, Floats]:
    """The triangle of the basis in the metric, shape (d, d), and the coordinates of N, (d, C)."""
    q, upper = np.linalg.qr((basis @ metric).T)
    return upper, (metric @ q).T


def points(of: Polytope, most: int) -> Iterator[Whole]:
    """The whole-number points, in pieces of shape (C, T); negative counts are left out.

    raises  TooFarError after `most` partial points
    """
    d = len(of.basis)
    through = of.left @ of.basis.T @ np.linalg.inv(of.upper)  # inequality per unit of coordinate
    least = np.minimum(through * of.low, through * of.high)
    rest = np.column_stack([np.zeros(len(least)), np.cumsum(least, axis=1)])[:, :d]
    spare = (of.right - of.left @ of.start)[:, np.newaxis] - rest
    waiting = [_Partial(d, np.zeros((1, d)), np.zeros((1, d)), np.zeros((1, d), dtype=np.int64))]
    steps = 0
    while waiting:
        now = waiting.pop()
        if now.level == 0:
            found = of.start[:, np.newaxis] + of.basis.T @ now.z.T
            yield found[:, (found >= 0).all(axis=0)]
            continue
        grown = _grown(now, of, through, spare[:, now.level - 1])
        steps += len(grown.z)
        if steps > most:
            raise TooFarError
        waiting += grown.pieces()


@dataclass(frozen=True, slots=True, eq=False)
class _Partial:
    """Points fixed from the last coordinate down to `level`.

    offset  shape (S, d), what the fixed numbers give to each coordinate
    at      shape (S, d), the coordinates fixed
    z       shape (S, d), the whole numbers fixed
    """

    level: int
    offset: Floats
    at: Floats
    z: Whole

    def pieces(self) -> Iterator[_Partial]:
        for start in range(0, len(self.z), AT_ONCE):
            few = slice(start, start + AT_ONCE)
            yield _Partial(self.level, self.offset[few], self.at[few], self.z[few])


def _grown(now: _Partial, of: Polytope, through: Floats, spare: Floats) -> _Partial:
    """Every value of the next coordinate that no inequality excludes, of every partial point."""
    k = now.level - 1
    low, high = _between(spare - now.at[:, k + 1 :] @ through[:, k + 1 :].T, through[:, k])
    low, high = np.maximum(low, of.low[k]), np.minimum(high, of.high[k])
    step = of.upper[k, k]
    ends = np.sort([(low - now.offset[:, k]) / step, (high - now.offset[:, k]) / step], axis=0)
    first = np.ceil(ends[0] - 1e-9).astype(np.int64)
    count = np.where(low <= high, np.floor(ends[1] + 1e-9).astype(np.int64) - first + 1, 0)
    count = np.maximum(count, 0)
    parent = np.repeat(np.arange(len(count)), count)
    begun = np.concatenate([[0], np.cumsum(count)[:-1]])
    value = first[parent] + np.arange(len(parent)) - begun[parent]
    offset, at, z = now.offset[parent], now.at[parent], now.z[parent]
    at[:, k] = offset[:, k] + step * value
    offset[:, :k] += value[:, np.newaxis] * of.upper[:k, k]
    z[:, k] = value
    return _Partial(k, offset, at, z)


def _between(spare: Floats, through: Floats) -> tuple[Floats, Floats]:
    """Between which values of the coordinate every inequality, through * value <= spare, holds.

    spare  shape (S, m); -inf and inf where nothing bounds it
    """
    up, down = through > 1e-12, through < -1e-12
    flat = ~up & ~down
    high = (spare[:, up] / through[up]).min(axis=1, initial=np.inf)
    low = (spare[:, down] / through[down]).max(axis=1, initial=-np.inf)
    if flat.any():
        high = np.where((spare[:, flat] < -1e-9).any(axis=1), -np.inf, high)
    return low - 1e-9, high + 1e-9
