"""Rows for small studies."""

from __future__ import annotations


def rows_of(header, *groups):
    """Rows from (count, values...) groups, with an id each."""
    rows, number = [("patient_id", *header)], 0
    for count, *values in groups:
        for _ in range(count):
            number += 1
            rows.append((f"P{number:03d}", *values))
    return rows


def with_few_resamples(study_toml, count=40):
    """The same study file with so many resamples: every part of the report, in a second."""
    assert "[sound]" not in study_toml
    return f"{study_toml}\n[sound]\nresamples = {count}\n"
