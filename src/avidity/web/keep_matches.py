"""Columns matched by hand are kept: written into study.toml, and remembered for the next table."""

from __future__ import annotations

from collections.abc import Mapping

from avidity.errors import CheckError, WorkbenchError
from avidity.said import say, sentence
from avidity.steps.check import check
from avidity.steps.rewrite import rewrite
from avidity.study import study_of
from avidity.web.bench import Bench
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import Looked
from avidity.web.matches import Typed, matched_by_hand
from avidity.web.store.studies import KeptStudy

STALE = say(
    "the files of this study were changed since this page was opened; look through the columns"
    " and keep them again"
)


def keep_matches(
    bench: Bench, study: KeptStudy, actor: str, looked: Looked, typed: Typed, seen: str
) -> int:
    """Write what was chosen into study.toml; how many columns changed.

    looked  the study as it is read now
    seen    the snapshot the person looked at
    raises  AvidityError where the files are others meanwhile, a choice cannot be, or a column
            would be in trouble that was not; then nothing is kept
    """
    if seen != study.snapshot:
        raise WorkbenchError(STALE)
    if looked.raw is None or looked.study is None:
        raise WorkbenchError(looked.trouble)
    text = study_text_of(bench, study)
    changes, notes = matched_by_hand(typed, looked.raw, looked.study, text)
    made = _tried(text, changes, looked)
    if changes:
        files = {"study.toml": made.encode()}
        change(bench, study, actor, files, f"columns matched: {len(changes)}", notes)
    return len(changes)


def _tried(text: str, changes: Mapping[tuple[str, ...], object], looked: Looked) -> str:
    """study.toml with the changes, once no column of it is in trouble that was not before."""
    made = rewrite(text, changes)
    asked = study_of(made.encode(), looked.folder)
    if looked.raw is None or not changes:
        return made
    before = looked.cohort.findings if looked.cohort else ()
    known = {(one.rule, one.table, one.column) for one in before}
    for one in check(looked.raw, asked).findings:
        new = (one.rule, one.table, one.column) not in known
        if one.severity == "error" and one.row is None and new:
            place = f"{one.table}, '{one.column}'" if one.column else one.table
            parts = {"problem": one.problem, "must": one.must, "do": one.do}
            told = {name: sentence(part) for name, part in parts.items()}
            raise CheckError(say("{place}: {problem}; {must}. {do}", place=place, **told))
    return made
