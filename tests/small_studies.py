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
