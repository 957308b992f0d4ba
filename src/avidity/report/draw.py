"""All figures of a document at once, by two hands where there are two processors.

Drawing is most of a report's time, and no figure needs another. A second process warms up while
the study is computed, resamples the points meanwhile, and then draws; figures it has not begun are
drawn here. It also writes the formats that take long.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import ParamSpec, TypeGuard, TypeVar

from avidity.report.document import Block, Document, Figure, Picture, Sketch

Given = ParamSpec("Given")
Made = TypeVar("Made")
RARELY = (
    100_000  # new objects before unused ones are looked for; a run of seconds makes few of them
)


def draw(kind: str, plan: object) -> Picture:
    """One figure by its kind."""
    module = importlib.import_module(f"avidity.report.figures.{kind}")
    picture: Picture = getattr(module, kind)(plan)
    return picture


def warm_up() -> None:
    """What the second process does while it waits: load the drawing library."""
    gc.set_threshold(RARELY)
    importlib.import_module("avidity.report.figures.forest")


class Hand(Executor):
    """One process; what is given to it after it has died ends as what was given before.

    A pool would refuse that at once, in the middle of the work of whoever asks.
    """

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    def submit(
        self, fn: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Made]:
        """The result of a task, or the `BrokenExecutor` it met with."""
        try:
            return self.pool.submit(fn, *args, **kwargs)
        except BrokenExecutor as died:
            none: Future[Made] = Future()
            none.set_exception(died)
            return none


@contextmanager
def second_hand(*, wanted: bool = True) -> Iterator[Executor | None]:
    """A second process; None on a single processor. Both look for unused objects rarely.

    wanted  whether there is work for it: to begin one takes a second of a processor
    """
    gc.set_threshold(RARELY)
    if not wanted or (os.cpu_count() or 1) < 2:
        yield None
        return
    # "spawn": a copy of a process that runs threads (the frame library's) may never come to life
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        pool.submit(warm_up)
        yield Hand(pool)
        # Waiting matters: a pool that is left while it still shuts down may fail at the very end.
        pool.shutdown(wait=True, cancel_futures=True)


def drawn(document: Document, executor: Executor | None = None) -> Document:
    """The same document with every sketch drawn; the pictures do not depend on who draws them."""
    waiting = [block for block in document.blocks if _planned(block)]
    pictures = iter(_pictures([block.picture for block in waiting], executor))
    blocks = tuple(
        replace(block, picture=next(pictures)) if _planned(block) else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


def _planned(block: Block) -> TypeGuard[Figure]:
    """Whether this is a figure that waits for its picture."""
    return isinstance(block, Figure) and isinstance(block.picture, Sketch)


def _pictures(planned: list[Picture], executor: Executor | None) -> list[Picture]:
    sketches = [one for one in planned if isinstance(one, Sketch)]
    if executor is None:
        return [draw(one.kind, one.plan) for one in sketches]
    asked = [executor.submit(draw, one.kind, one.plan) for one in sketches]
    done: dict[int, Picture] = {}
    for at in reversed(range(len(asked))):  # the other hand begins at the front
        if asked[at].cancel():
            done[at] = draw(sketches[at].kind, sketches[at].plan)
    return [
        done[at] if at in done else _received(asked[at], sketches[at]) for at in range(len(asked))
    ]


def _received(future: Future[Picture], one: Sketch) -> Picture:
    """What the second process drew; should it have died, the figure is drawn here."""
    try:
        return future.result()
    except BrokenExecutor:
        return draw(one.kind, one.plan)
