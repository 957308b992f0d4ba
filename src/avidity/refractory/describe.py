"""A definition as plain data, for the manual and the report: what it says, whence, how surely."""

from __future__ import annotations

from avidity.refractory.answers import Answer
from avidity.refractory.definition import Criterion, Definition
from avidity.refractory.switches import Switches

ANSWER_WORDS: dict[Answer, str] = {True: "yes", False: "no", None: "cannot say"}


def describe(definition: Definition) -> dict[str, object]:
    """Everything a reader needs to check or quote a definition; fit for JSON."""
    return {
        "name": definition.name,
        "version": definition.version,
        "digest": definition.digest,
        "title": definition.title,
        "source": definition.source,
        "where": definition.where,
        "preconditions": [each.wording for each in definition.preconditions],
        "criteria": [_criterion(each, definition.switches) for each in definition.criteria],
        "switches": definition.switches.as_mapping(),
        "notes": list(definition.notes),
        "not_shipped": list(definition.not_shipped),
        "reads": sorted(definition.reads),
        "entangled": dict(definition.entangled),
        "examples": [
            {
                "why": each.why,
                "answer": ANSWER_WORDS[each.expected],
                "criteria_met": list(each.met),
                "missing": each.missing,
            }
            for each in definition.examples
        ],
    }


def _criterion(criterion: Criterion, switches: Switches) -> dict[str, object]:
    weight = criterion.weight(switches)
    return {
        "code": criterion.code,
        "wording": criterion.wording,
        "certainty": criterion.certainty,
        "makes_refractory": ANSWER_WORDS[weight],
        "open_because": criterion.open_because if weight is None else "",
    }
