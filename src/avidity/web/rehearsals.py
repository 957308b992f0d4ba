"""What comes of a plan, worked out once: the same plan on the same files gives the same."""

from __future__ import annotations

import threading
from collections import OrderedDict

from avidity.steps.check import Cohort
from avidity.steps.rehearse import Rehearsal, rehearse
from avidity.study import Study

KEPT = 200  # each holds a few numbers and sentences

_cache: OrderedDict[tuple[str, str], Rehearsal] = OrderedDict()
_lock = threading.Lock()


def rehearsed(snapshot: str, text: str, cohort: Cohort, study: Study) -> Rehearsal:
    """Label, describe, cut and fit once under a study.toml, unless that was done before.

    snapshot       the files
    text           of study.toml, as it would be
    cohort, study  the files read under that text
    raises         as `rehearse` does
    """
    key = (snapshot, text)
    with _lock:
        known = _cache.get(key)
        if known is not None:
            _cache.move_to_end(key)
            return known
    found = rehearse(cohort, study)
    with _lock:
        _cache[key] = found
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return found
