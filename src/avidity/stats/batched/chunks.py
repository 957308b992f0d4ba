"""The resamples cut into chunks, worked on here or by whatever executor is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from avidity.stats.resampling import Weights

Given = TypeVar("Given")
Done = TypeVar("Done")

CELLS = 45_000  # patients times resamples in a chunk: its arrays then stay in a core's own cache
LEAST = 16


def spread(
    work: Callable[[Given], Done], tasks: Sequence[Given], executor: Executor | None = None
) -> list[Done]:
    """The results of work on each task, in the order of the tasks.

    work      for processes it must be importable there: a function of a module, or a partial
              of one, whose result depends on the task alone
    executor  None: here, one after the other; else any `concurrent.futures.Executor`
    """
    if executor is None:
        return [work(task) for task in tasks]
    promised = [executor.submit(work, task) for task in tasks]
    return [each.result() for each in promised]


def in_chunks(
    work: Callable[[Weights], Done], weights: Weights, executor: Executor | None = None
) -> list[Done]:
    """Work on chunks of the resamples, weights of shape (b, n), in their order.

    The chunks are the same with and without an executor, and so are the numbers.
    """
    size = max(LEAST, CELLS // weights.shape[1])
    chunks = [weights[start : start + size] for start in range(0, len(weights), size)]
    return spread(work, chunks, executor)
