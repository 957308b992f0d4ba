"""What a log may hold: counts, names of tables and of rules. It may be sent to anybody."""

from __future__ import annotations

import logging

from avidity.steps.check import Cohort
from avidity.steps.finding import counts

LOG = logging.getLogger("avidity")


def log_checked(cohort: Cohort) -> None:
    """Rows per table, and how often each rule of the check spoke."""
    LOG.info("cohort %s: %d patients", cohort.sha256[:12], cohort.n_patients)
    for source in cohort.sources:
        LOG.info("table %s: %d rows", source.table, source.rows)
    for count in counts(cohort.findings):
        LOG.info("%s %s in %s: %d", count.severity, count.rule, count.table, count.n)
