"""How probable are all tables no more likely than the seen one, the margins being fixed?

The network of fillings is walked from both ends at once. Walks that stand at the same node
with the same value are one. What is already decided (every ending keeps the table at or
below the seen one, or none does) is counted or dropped on the way. Where the two fronts
meet, every beginning finds its endings by their value alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log1p, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from avidity.stats.network import (
    BLOCK,
    Counts,
    Numbers,
    Places,
    Stage,
    Task,
    TooLargeError,
    merged,
    ranges,
    stages,
)

TIE = 1e-7  # tables as likely as the seen one within this share count as ties (R's choice)
MOST_STEPS = 40_000_000  # some seconds
SMALL = 1e-6  # below this, probabilities known only as 1 less the rest lose too many digits

Parts = list[tuple[Places, Numbers, Numbers]]


@dataclass(frozen=True, slots=True)
class Walks:
    """Half-filled tables, merged: at which node, of which value, with which probability.

    Sorted by node, then value.
    """

    node: Places
    value: Numbers
    weight: Numbers


@dataclass(frozen=True, slots=True)
class Reach:
    """Per node, the extreme values of the ways to it or from it; and what was cut from them.

    cut  probability, from this node on, of running into a filling that was cut away
    """

    highest: Numbers
    lowest: Numbers
    cut: Numbers


def exact_p(seen: Counts, most_steps: int = MOST_STEPS) -> float | None:
    """Probability of all tables no more likely than the seen one; None if it would take too long.

    seen        r × c counts without empty rows or columns, r, c ≥ 2
    most_steps  walks that may be continued by one row before giving up
    returns     good to about 1e-9 relative; where the table was too large for that and p is
                below 1e-6, to 1e-14 absolute
    """
    table = seen if seen.shape[0] >= seen.shape[1] else seen.T
    rows, columns = np.sort(table.sum(axis=1))[::-1], np.sort(table.sum(axis=0))
    limit = -float(gammaln(table + 1).sum()) + log1p(TIE)
    quick = _walked(Task(rows, columns, limit, trimmed=True), most_steps)
    if quick is None or quick >= SMALL:
        return quick
    full = _walked(Task(rows, columns, limit, trimmed=False), most_steps)
    return full if full is not None else max(quick, _probability(table))


def monte_carlo_p(seen: Counts, generator: np.random.Generator, draws: int) -> tuple[float, float]:
    """The same probability from tables drawn at random with the seen margins.

    returns  (hits + 1) / (draws + 1), and its standard error
    source   the added one keeps the test valid: Phipson & Smyth, Stat Appl Genet Mol Biol
             2010;9:39
    """
    limit = -float(gammaln(seen + 1).sum()) + log1p(TIE)
    hits, done = 0, 0
    while done < draws:
        size = min(100_000, draws - done)
        hits += int((_random_values(seen, generator, size) <= limit).sum())
        done += size
    p = (hits + 1) / (draws + 1)
    return p, sqrt(p * (1 - p) / draws)


def _probability(table: Counts) -> float:
    """Of this table alone."""
    margins = gammaln(table.sum(axis=0) + 1).sum() + gammaln(table.sum(axis=1) + 1).sum()
    return exp(float(margins - gammaln(table.sum() + 1) - gammaln(table + 1).sum()))


def _random_values(seen: Counts, generator: np.random.Generator, size: int) -> Numbers:
    """Logarithms of the product of 1/cell! of random tables, drawn cell by cell."""
    value = np.zeros(size)
    log_factorial = gammaln(np.arange(int(seen.sum()) + 1) + 1.0)
    left = np.tile(seen.sum(axis=0), (size, 1))
    for total in seen.sum(axis=1):
        to_place = np.full(size, total)
        others = left.sum(axis=1)
        for column in range(left.shape[1]):
            others -= left[:, column]
            cell = generator.hypergeometric(left[:, column], others, to_place)
            to_place -= cell
            left[:, column] -= cell
            value -= log_factorial[cell]
    return value


def _walked(task: Task, most_steps: int) -> float | None:
    try:
        network = stages(task)
        return _meet(network, task.limit, most_steps)
    except TooLargeError:
        return None


def _meet(network: list[Stage], limit: float, most_steps: int) -> float:
    """Walk from whichever end is cheaper until both meet, then join."""
    past, future = _from_start(network), _to_end(network)
    fore = back = Walks(np.zeros(1, dtype=np.int64), np.zeros(1), np.ones(1))
    sure = np.zeros(1)  # per node, probability of endings that count whatever came before
    start, end, counted, steps = 0, len(network), 0.0, 0
    while start < end:
        ahead, behind = network[start], network[end - 1]
        forward = int(np.diff(ahead.first)[fore.node].sum())
        backward = int(np.bincount(back.node, minlength=behind.targets)[behind.target].sum())
        steps += min(forward, backward)
        if steps > most_steps:
            raise TooLargeError
        if forward <= backward:
            start += 1
            fore, decided = _step_forward(ahead, fore, future[start], limit)
            counted += decided
        else:
            end -= 1
            back, sure = _step_backward(behind, (back, sure), past[end], limit)
    return min(1.0, counted + _join(fore, back, sure, limit))


def _to_end(network: list[Stage]) -> list[Reach]:
    """Per stage and node before it, what lies between it and the end."""
    reaches = [Reach(np.zeros(1), np.zeros(1), np.zeros(1))]
    for stage in reversed(network):
        later, size = reaches[-1], stage.cut.size
        high, low = np.full(size, -np.inf), np.full(size, np.inf)
        np.maximum.at(high, stage.source, stage.value + later.highest[stage.target])
        np.minimum.at(low, stage.source, stage.value + later.lowest[stage.target])
        onward = np.bincount(stage.source, stage.chance * later.cut[stage.target], minlength=size)
        reaches.append(Reach(high, low, stage.cut + onward))
    return reaches[::-1]


def _from_start(network: list[Stage]) -> list[Reach]:
    """Per stage and node before it, what lies between the start and it."""
    reaches = [Reach(np.zeros(1), np.zeros(1), np.zeros(1))]
    for stage in network:
        earlier = reaches[-1]
        high, low = np.full(stage.targets, -np.inf), np.full(stage.targets, np.inf)
        np.maximum.at(high, stage.target, stage.value + earlier.highest[stage.source])
        np.minimum.at(low, stage.target, stage.value + earlier.lowest[stage.source])
        reaches.append(Reach(high, low, np.zeros(stage.targets)))
    return reaches


def _step_forward(stage: Stage, walks: Walks, future: Reach, limit: float) -> tuple[Walks, float]:
    """Every walk goes every way; those already decided are counted or dropped."""
    ways = np.diff(stage.first)[walks.node]
    decided = float((walks.weight * stage.cut[walks.node]).sum())
    kept: Parts = []
    for part in _blocks(ways):
        walk = np.repeat(np.arange(part.start, part.stop), ways[part])
        edge = ranges(stage.first[walks.node[part]], ways[part])
        node = stage.target[edge]
        value = walks.value[walk] + stage.value[edge]
        weight = walks.weight[walk] * stage.chance[edge]
        all_count = value + future.highest[node] <= limit
        none_counts = value + future.lowest[node] > limit
        decided += float(weight[all_count].sum())
        dropped = none_counts & ~all_count
        decided += float((weight[dropped] * future.cut[node[dropped]]).sum())
        kept.append(_chosen(~(all_count | none_counts), node, value, weight))
    return _gathered(kept), decided


def _step_backward(
    stage: Stage, ending: tuple[Walks, Numbers], past: Reach, limit: float
) -> tuple[Walks, Numbers]:
    """Every ending gets every row before it; what every beginning would count is sure."""
    walks, sure_after = ending
    size = stage.cut.size
    begin = np.searchsorted(walks.node, np.arange(stage.targets + 1))
    ways = np.diff(begin)[stage.target]
    sure = stage.cut + np.bincount(
        stage.source, stage.chance * sure_after[stage.target], minlength=size
    )
    kept: Parts = []
    for part in _blocks(ways):
        edge = np.repeat(np.arange(part.start, part.stop), ways[part])
        walk = ranges(begin[stage.target[part]], ways[part])
        node = stage.source[edge]
        value = walks.value[walk] + stage.value[edge]
        weight = walks.weight[walk] * stage.chance[edge]
        all_count = value + past.highest[node] <= limit
        none_counts = value + past.lowest[node] > limit
        sure += np.bincount(node[all_count], weight[all_count], minlength=size)
        kept.append(_chosen(~(all_count | none_counts), node, value, weight))
    return _gathered(kept), sure


def _chosen(
    mask: NDArray[np.bool_], node: Places, value: Numbers, weight: Numbers
) -> tuple[Places, Numbers, Numbers]:
    return node[mask], value[mask], weight[mask]


def _blocks(ways: Places) -> list[slice]:
    """Slices of about BLOCK steps, so that memory stays small."""
    total = np.cumsum(ways)
    marks = np.searchsorted(total, np.arange(BLOCK, total[-1] if total.size else 0, BLOCK)) + 1
    edges = np.unique(np.concatenate([[0], marks, [ways.size]])).tolist()
    return [slice(low, high) for low, high in pairwise(edges)]


def _gathered(kept: Parts) -> Walks:
    if not any(part[0].size for part in kept):
        return Walks(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    node, value, weight = (np.concatenate(column) for column in zip(*kept, strict=True))
    keys, value, weight = merged((node, np.zeros_like(node)), value, weight)
    return Walks(keys[0], value, weight)


def _join(fore: Walks, back: Walks, sure: Numbers, limit: float) -> float:
    """Every beginning with all endings at its node that keep the table at or below the limit."""
    total = float((fore.weight * sure[fore.node]).sum())
    begin = np.searchsorted(back.node, np.arange(sure.size + 1))
    mine = np.searchsorted(fore.node, np.arange(sure.size + 1))
    for node in np.unique(fore.node):
        endings = slice(begin[node], begin[node + 1])
        beginnings = slice(mine[node], mine[node + 1])
        room = limit - fore.value[beginnings]
        upto = np.searchsorted(back.value[endings], room, side="right")
        heaped = np.concatenate([[0.0], np.cumsum(back.weight[endings])])
        total += float((fore.weight[beginnings] * heaped[upto]).sum())
    return total
