"""The definitions we ship, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from avidity.errors import LabelError
from avidity.refractory import (
    ata_2015,
    ata_2025,
    bellakhdar_2024,
    esmo_2019,
    hellenic_2023,
    martinique_2019,
    snmmi_eanm_2022,
)
from avidity.refractory.chart import chart_of
from avidity.refractory.definition import Definition, Verdict
from avidity.refractory.records import History
from avidity.said import say

DEFINITIONS: Mapping[str, Definition] = {
    each.DEFINITION.name: each.DEFINITION
    for each in (
        bellakhdar_2024,
        ata_2015,
        martinique_2019,
        esmo_2019,
        hellenic_2023,
        snmmi_eanm_2022,
        ata_2025,
    )
}


def find(name: str) -> Definition:
    """The definition of that name.

    raises   LabelError with the known names, and the nearest one
    """
    if name in DEFINITIONS:
        return DEFINITIONS[name]
    near = get_close_matches(name.lower(), DEFINITIONS, n=1, cutoff=0.4)
    hint = say(" Did you mean {near}?", near=near[0]) if near else ""
    raise LabelError(
        say(
            "no definition is called {name!r}; there are {names}.{hint}",
            name=name,
            names=", ".join(DEFINITIONS),
            hint=hint,
        )
    )


def judge_all(
    history: History, definitions: Iterable[Definition] = tuple(DEFINITIONS.values())
) -> dict[str, Verdict]:
    """One patient under several definitions, by name."""
    chart = chart_of(history)
    return {each.name: each.judge_chart(chart) for each in definitions}
