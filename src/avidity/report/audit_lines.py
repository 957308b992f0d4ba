"""What the command line says of an audit."""

from __future__ import annotations

from pathlib import Path

from avidity.papers.audit import Audit
from avidity.papers.checks.finding import MEANING, SEVERITIES, Finding
from avidity.stats.forensic.policy import Policy
from avidity.wording import counted


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
    if not policy.choices:
        return f"{policy.kind}: no test explains any of {counted(total, 'row')}."
    told = f"{policy.kind}: "
    if len(policy.choices[0]) == 1:
        names = "; or ".join(choice[0] for choice in policy.choices)
        every = "every row" if total == len(policy.explained) else f"{len(policy.explained)} rows"
        told += f"{names} explains {every} ({counted(total, 'row')})."
    else:
        told += f"{policy.best} explains {len(policy.best_rows)} of {counted(total, 'row')};"
        told += f" for {len(policy.explained)} it takes {_sets(policy)}."
    if policy.unexplained:
        told += f" Explained by none: {', '.join(policy.unexplained)}."
    return told


def _sets(policy: Policy) -> str:
    """The smallest sets, what they share said once: ``Fisher, and Wald or mid-p``."""
    shared = [test for test in policy.choices[0] if all(test in one for one in policy.choices)]
    rest = [" with ".join(test for test in one if test not in shared) for one in policy.choices]
    joined = "; or ".join(rest)
    return f"{' with '.join(shared)}, together with {joined}" if shared else joined


def _names(written: tuple[Path, ...]) -> str:
    return ", ".join(path.name for path in written)
