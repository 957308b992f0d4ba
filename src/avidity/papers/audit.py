"""The audit of a printed paper: every check, its findings by severity, and what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from avidity.papers.checks.counts import check_counts
from avidity.papers.checks.crosses import check_crosses
from avidity.papers.checks.curves import check_curves
from avidity.papers.checks.design import check_design
from avidity.papers.checks.finding import SEVERITIES, Checked, Finding, Severity
from avidity.papers.checks.fingerprints import fingerprints
from avidity.papers.checks.flow import check_flow
from avidity.papers.checks.moments import check_moments
from avidity.papers.checks.p_values import check_p_values
from avidity.papers.checks.practice import check_practice
from avidity.papers.checks.repeated import check_repeated
from avidity.papers.checks.sheet import Sheet
from avidity.papers.checks.statistics import check_statistics
from avidity.papers.checks.triangles import check_triangles
from avidity.papers.paper import Paper
from avidity.stats.forensic.fingerprint import Fingerprint
from avidity.stats.forensic.policy import Policy


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit of one paper found.

    made_up       says so when nobody published the paper; else empty
    sha256        of paper.toml
    counts        findings of each severity
    findings      the most severe first, then in the order of the file
    checked       per check: how many figures it looked at, its findings, what it left unanswered
    fingerprints  every printed p against every test
    policies      per kind of row, the fewest tests that explain all
    """

    title: str
    citation: str
    made_up: str
    sha256: str
    counts: Mapping[Severity, int]
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]
    fingerprints: tuple[Fingerprint, ...]
    policies: tuple[Policy, ...]


def audit(paper: Paper) -> Audit:
    """Check everything that a printed paper lets a reader check. Nothing is corrected.

    A finding is no verdict on the authors: it says which figures do not go together and what
    would explain it.
    """
    sheet = Sheet.of(paper)
    prints = fingerprints(sheet)
    checked = (
        check_flow(sheet),
        check_counts(sheet),
        check_crosses(sheet),
        check_repeated(sheet),
        check_moments(sheet),
        check_p_values(sheet, prints),
        check_statistics(sheet),
        check_triangles(sheet),
        check_curves(sheet),
        check_practice(sheet, prints),
        check_design(sheet),
    )
    findings = [finding for check in checked for finding in check.findings]
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    findings.sort(key=lambda finding: (rank[finding.severity], finding.line))
    counted = Counter(finding.severity for finding in findings)
    about = paper.about
    return Audit(
        about.title,
        about.citation,
        about.made_up,
        paper.sha256,
        {severity: counted[severity] for severity in SEVERITIES},
        tuple(findings),
        checked,
        prints.rows,
        prints.policies,
    )
