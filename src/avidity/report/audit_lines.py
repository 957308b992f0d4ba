"""What the command line says of an audit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from avidity.papers.audit import Audit
from avidity.papers.checks.finding import MEANING, SEVERITIES, Finding
from avidity.said import joined, say, term
from avidity.stats.forensic.policy import Policy


def audit_lines(audit: Audit, written: tuple[Path, ...] = ()) -> list[str]:
    """The findings by severity, the tests that explain the table, and what was not checked."""
    lines = [audit.title]
    if audit.made_up:
        lines.append(audit.made_up)
    for severity in SEVERITIES:
        found = [one for one in audit.findings if one.severity == severity]
        lines += ["", f"{severity}: {len(found)} ({MEANING[severity]})"]
        for one in found:
            lines += finding_lines(one)
    if audit.policies:
        lines += ["", "Which tests explain the printed p values:"]
        lines += [f"  {policy_words(one)}" for one in audit.policies]
    open_questions = [words for one in audit.checked for words in one.unanswered]
    if open_questions:
        lines += ["", "Not checked:"]
        lines += [f"  - {words}" for words in open_questions]
    if written:
        lines += ["", f"report: {written[0]}", f"in {written[0].parent}: {_names(written)}"]
    return lines


def finding_lines(one: Finding) -> list[str]:
    """One finding: where and what, its arithmetic, what would explain it."""
    place = f"{one.where + ', ' if one.where else ''}line {one.line}"
    lines = [f"  - {one.what} [{place}]"]
    lines += [f"      {step}" for step in one.arithmetic]
    word = "perhaps" if one.severity in ("impossible", "inconsistent") else "to note"
    lines += [f"      {word}: {words}" for words in one.explanations]
    return lines


def policy_words(policy: Policy) -> str:
    """One kind of row and its tests in a sentence.

    >>> policy_words(Policy("numbers", (("Welch",),), ("age",), (), "Welch", ("age",)))
    'numbers: Welch explains every row (1 row).'
    """
    total = len(policy.explained) + len(policy.unexplained)
    kind, rows = term(policy.kind), _rows(total)
    if not policy.choices:
        return say("{kind}: no test explains any of {rows}.", kind=kind, rows=rows)
    if len(policy.choices[0]) == 1:
        told = _single(policy, rows, total)
    else:
        told = say(
            "{kind}: {best} explains {n} of {rows}; for {explained} it takes {sets}.",
            kind=kind,
            best=term(policy.best),
            n=len(policy.best_rows),
            rows=rows,
            explained=len(policy.explained),
            sets=_sets(policy),
        )
    if policy.unexplained:
        names = joined(policy.unexplained)
        return say("{told} Explained by none: {names}.", told=told, names=names)
    return told


def _single(policy: Policy, rows: str, total: int) -> str:
    kind = term(policy.kind)
    names = _or(term(choice[0]) for choice in policy.choices)
    if total == len(policy.explained):
        return say(
            "{kind}: {names} explains every row ({rows}).", kind=kind, names=names, rows=rows
        )
    return say(
        "{kind}: {names} explains {explained} rows ({rows}).",
        kind=kind,
        names=names,
        explained=len(policy.explained),
        rows=rows,
    )


def _rows(n: int) -> str:
    return say("{n:,} row", n=n) if n == 1 else say("{n:,} rows", n=n)


def _or(words: Iterable[str]) -> str:
    first, *more = words
    for one in more:
        first = say("{words}; or {last}", words=first, last=one)
    return first


def _with(words: Iterable[str]) -> str:
    first, *more = map(term, words)
    for one in more:
        first = say("{name} with {switches}", name=first, switches=one)
    return first


def _sets(policy: Policy) -> str:
    """The smallest sets, what they share said once: ``Fisher, and Wald or mid-p``."""
    shared = [test for test in policy.choices[0] if all(test in one for one in policy.choices)]
    rest = _or(_with(test for test in one if test not in shared) for one in policy.choices)
    if not shared:
        return rest
    return say("{shared}, together with {rest}", shared=_with(shared), rest=rest)


def _names(written: tuple[Path, ...]) -> str:
    return ", ".join(path.name for path in written)
