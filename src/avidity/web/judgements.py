"""Every patient of a snapshot under every definition, kept in memory as the snapshot is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from avidity.errors import AvidityError
from avidity.steps.judged import Judged, judge_everybody
from avidity.web.bench import Bench
from avidity.web.cohorts import look
from avidity.web.store.studies import KeptStudy

KEPT = 3


@dataclass(frozen=True, slots=True)
class Judgements:
    """Who is refractory; or why nobody can be judged, and how many errors stop it."""

    judged: Judged | None
    error: AvidityError | None = None
    errors: int = 0

    @property
    def trouble(self) -> str:
        """The sentence why nobody can be judged; "" where only errors in the data stop it."""
        return "" if self.error is None or self.errors else str(self.error)


_cache: OrderedDict[str, Judgements] = OrderedDict()
_lock = threading.Lock()


def judgements(bench: Bench, study: KeptStudy) -> Judgements:
    """The patients of the study's current snapshot, judged once."""
    with _lock:
        if study.snapshot in _cache:
            _cache.move_to_end(study.snapshot)
            return _cache[study.snapshot]
    found = _judge(bench, study)
    with _lock:
        _cache[study.snapshot] = found
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return found


def _judge(bench: Bench, study: KeptStudy) -> Judgements:
    looked = look(bench, study)
    if looked.cohort is None or looked.study is None:
        return Judgements(None, looked.error)
    try:
        return Judgements(judge_everybody(looked.cohort, looked.study))
    except AvidityError as error:  # without its traceback, which would keep everybody in memory
        return Judgements(None, error.with_traceback(None), looked.cohort.n_errors)
