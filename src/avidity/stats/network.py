"""The network of all ways to fill a table whose margins are fixed, row by row.

All that matters of the rows already filled is how much of each column is left (a node) and
how likely they are (a value): the product of 1/cell!, kept as its logarithm. Every way to
fill the next row is an edge to a node of the next stage.

The idea of the network: Mehta & Patel, J Am Stat Assoc 1983;78:427-434.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

Counts = NDArray[np.int64]
Places = NDArray[np.int64]
Numbers = NDArray[np.float64]

SAME = 1e-9  # logarithms closer than this are one value; far above rounding, far below a tie
MOST_EDGES = 4_000_000
MOST_PAIRS = 60_000_000  # nodes times fillings that may be looked at for one row
BLOCK = 2_000_000


class TooLargeError(Exception):
    """The network would not fit; caught where a Monte Carlo estimate takes over."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The ways to fill one row: edges from the nodes before it to the nodes after it.

    source, target  places of the nodes, shape (e,); sorted by source
    value           logarithm of the product of 1/cell! of this row, shape (e,)
    chance          of this filling, given the node before it, shape (e,)
    first           shape (m + 1,): the edges of node i are first[i] to first[i + 1]
    cut             per node before it, the probability of the fillings cut away
    targets         number of nodes after it
    """

    source: Places
    target: Places
    value: Numbers
    chance: Numbers
    first: Places
    cut: Numbers
    targets: int


@dataclass(frozen=True, slots=True)
class Frontier:
    """The nodes a stage begins with, one per line, and the highest value of any way to each."""

    nodes: Counts
    highest: Numbers


@dataclass(frozen=True, slots=True)
class Task:
    """Rows to fill, columns to fill them from, and the value that splits the tables in two.

    trimmed  cut away fillings after which every table stays at or below the limit, however
             it began and however it goes on; their probability is known without walking them
    """

    rows: Counts
    columns: Counts
    limit: float
    trimmed: bool


def stages(task: Task) -> list[Stage]:
    """The whole network, row after row.

    raises  TooLargeError beyond MOST_EDGES edges
    """
    front = Frontier(task.columns[np.newaxis, :], np.zeros(1))
    built: list[Stage] = []
    for place in range(len(task.rows)):
        stage, front = _stage(task, place, front)
        built.append(stage)
        if sum(one.source.size for one in built) > MOST_EDGES:
            raise TooLargeError
    return built


def _stage(task: Task, place: int, front: Frontier) -> tuple[Stage, Frontier]:
    fillings = _fillings(int(task.rows[place]), front.nodes.max(axis=0, initial=0))
    own = -gammaln(fillings + 1).sum(axis=1)
    if task.trimmed:
        others = np.delete(task.rows, place)
        room = task.columns - fillings
        fits = np.asarray((room >= 0).all(axis=1))
        fits[fits] = own[fits] + highest_possible(others, room[fits]) > task.limit
        fillings, own = fillings[fits], own[fits]
    source, way = _edges(task, place, front, (fillings, own))
    left = front.nodes[source] - fillings[way]
    if not task.trimmed:
        left = np.sort(left, axis=1)  # which column is which no longer matters
    after, target = _distinct(left)
    chance = np.exp(_log_chance(task.rows[place:], front.nodes[source], left) + own[way])
    highest = np.full(len(after), -np.inf)
    np.maximum.at(highest, target, front.highest[source] + own[way])
    keys, value, weight = merged((source, target), own[way], chance)
    size = len(front.nodes)
    first = np.searchsorted(keys[0], np.arange(size + 1))
    kept = np.bincount(source, chance, minlength=size)
    cut = np.maximum(0.0, 1.0 - kept) if task.trimmed else np.zeros(size)
    stage = Stage(keys[0], keys[1], value, weight, first, cut, len(after))
    return stage, Frontier(after, highest)


def _log_chance(rows: Counts, nodes: Counts, left: Counts) -> Numbers:
    """Log probability of what the first row leaves, but for the product of 1/cell! of that row."""
    n, total = rows.sum(), rows[0]
    all_ways = float(gammaln(n + 1) - gammaln(total + 1) - gammaln(n - total + 1))
    log_chance: Numbers = gammaln(nodes + 1).sum(axis=1) - gammaln(left + 1).sum(axis=1) - all_ways
    return log_chance


def _fillings(total: int, room: Counts) -> Counts:
    """All rows of this total with no cell above its room, one per line."""
    lines = np.zeros((1, 0), dtype=np.int64)
    left = np.array([total])
    for place, most in enumerate(room[:-1]):
        later = int(room[place + 1 :].sum())
        low, high = np.maximum(0, left - later), np.minimum(left, most)
        count = np.maximum(0, high - low + 1)
        if count.sum() > MOST_EDGES:
            raise TooLargeError
        parent = np.repeat(np.arange(len(lines)), count)
        cell = ranges(low, count)
        lines = np.column_stack([lines[parent], cell])
        left = left[parent] - cell
    return np.column_stack([lines, left])


def _edges(
    task: Task, place: int, front: Frontier, fillings: tuple[Counts, Numbers]
) -> tuple[Places, Places]:
    """Which filling fits into which node and is not cut away."""
    rows, own = fillings
    if len(rows) * len(front.nodes) > MOST_PAIRS:
        raise TooLargeError
    sources, ways = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for start, source, way in _fitting(front.nodes, rows):
        if task.trimmed:
            left = front.nodes[start + source] - rows[way]
            after, target = _distinct(left)
            best = highest_possible(task.rows[place + 1 :], after)
            open_ = front.highest[start + source] + own[way] + best[target] > task.limit
            source, way = source[open_], way[open_]  # noqa: PLW2901
        sources.append(start + source)
        ways.append(way)
        if sum(part.size for part in ways) > MOST_EDGES:
            raise TooLargeError
    return np.concatenate(sources), np.concatenate(ways)


def _fitting(nodes: Counts, fillings: Counts) -> Iterator[tuple[int, Places, Places]]:
    """Pairs of node and filling that fit, block by block so that memory stays small."""
    block = max(1, BLOCK // max(1, len(fillings)))
    for start in range(0, len(nodes), block):
        here = nodes[start : start + block]
        fits = np.ones((len(here), len(fillings)), dtype=bool)
        for column in range(nodes.shape[1]):
            fits &= fillings[:, column] <= here[:, column, np.newaxis]
        source, way = np.nonzero(fits)
        yield start, source, way


def highest_possible(rows: Counts, columns: Counts) -> Numbers:
    """A value no filling of these rows from these columns exceeds, shape (m,).

    rows     totals, shape (r,); columns  totals, shape (m, c), each line with the same sum

    The bound is the dual of the problem at the multipliers of independence: with
    x = row × column / n in a cell, -log k! + k log x is highest at the whole part of x.
    """
    n = int(rows.sum())
    column = np.arange(int(columns.max(initial=0)) + 1)
    hoped = np.outer(rows, column) / max(1, n)
    whole = np.floor(hoped)
    share = (xlogy(whole, hoped) - gammaln(whole + 1)).sum(axis=0) - xlogy(column, column)
    # a hair above, so that rounding can never cut away a table exactly at the bound
    own = float(xlogy(n, n) - xlogy(rows, rows).sum()) + SAME
    bound: Numbers = own + share[columns].sum(axis=1)
    return bound


def _distinct(left: Counts) -> tuple[Counts, Places]:
    """The different lines, and which of them each line is."""
    base = int(left.max(initial=0)) + 1
    code = np.zeros(len(left), dtype=np.int64)
    for column in range(left.shape[1] - 1):  # the last follows from the sum
        code = code * base + left[:, column]
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    return left[first], inverse.astype(np.int64)


def merged(
    keys: tuple[Places, Places], value: Numbers, weight: Numbers
) -> tuple[tuple[Places, Places], Numbers, Numbers]:
    """Equal keys of equal value become one, their weights added; sorted by key, then value."""
    order = np.lexsort((value, keys[1], keys[0]))
    one, two, rising = keys[0][order], keys[1][order], value[order]
    new = np.ones(order.size, dtype=bool)
    new[1:] = (np.diff(one) != 0) | (np.diff(two) != 0) | (np.diff(rising) > SAME)
    start = np.flatnonzero(new)
    total = np.add.reduceat(weight[order], start) if start.size else weight
    return (one[start], two[start]), rising[start], total


def ranges(start: Places, count: Places) -> Places:
    """start, start + 1, … (count of them), one after the other.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    offset = np.cumsum(count) - count
    flat: Places = np.arange(count.sum()) + np.repeat(start - offset, count)
    return flat
